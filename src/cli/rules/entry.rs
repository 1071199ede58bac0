//! One entry of a pack as a person reads it.

use crate::cli::layout::{Ink, Screen, pad, visible, width, wrap};
use crate::diagnostic::{Bilingual, Lang};
use crate::reference::Entry;

/// Cells before a label, and of the label itself.
pub const INDENT: usize = 4;
const LABEL: usize = 14;

/// Code and title on a line, then what it says, on what ground, and where it is written. What `pack` inherits is
/// marked.
pub fn text(entry: &Entry, pack: &str, screen: Screen) -> String {
    let mark = if entry.is_written_by(pack) { " " } else { "↑" };
    let mut out = format!("{} {}", Ink::Faint.paint(mark), Ink::Strong.paint(&visible(&entry.code)));
    let title = visible(title(&entry.title, screen.lang));
    if width(&entry.code) + width(&title) + INDENT <= screen.width {
        out.push_str(format!("  {title}").trim_end());
        out.push('\n');
    } else {
        out.push('\n');
        for line in wrap(&title, screen.width.saturating_sub(INDENT)) {
            out.push_str(&format!("{}{line}\n", pad("", INDENT)));
        }
    }
    let titled = !entry.title.zh.is_empty();
    for detail in entry.details.iter().filter(|detail| !(titled && detail.key == "message")) {
        out.push_str(&line(detail.label.get(screen.lang), detail.text.get(screen.lang), Ink::Plain, screen));
    }
    out.push_str(&grounds(entry, screen));
    out
}

/// The values of the constants it names, its ground, and where packs write it.
pub fn grounds(entry: &Entry, screen: Screen) -> String {
    let mut out = String::new();
    for (at, (name, value)) in entry.constants.iter().enumerate() {
        let label = if at == 0 { screen.pick("其中", "where") } else { "" };
        out.push_str(&line(label, &format!("{name} = {}", value.get(screen.lang)), Ink::Plain, screen));
    }
    for (at, citation) in entry.citations.iter().enumerate() {
        let label = if at == 0 { screen.pick("依据", "ground") } else { "" };
        out.push_str(&line(label, citation.sentence().get(screen.lang), Ink::Faint, screen));
    }
    for (at, definition) in entry.definitions.iter().enumerate() {
        let label =
            if at == 0 { screen.pick("定义于", "defined in") } else { screen.pick("改写于", "changed in") };
        let mut place = format!("{}:{}", definition.place.file, definition.place.line);
        if at > 0 && !definition.keys.is_empty() {
            place.push_str(&format!("  ({})", definition.keys.join(", ")));
        }
        out.push_str(&line(label, &place, Ink::Place, screen));
    }
    out
}

/// A label, and beside it a text in as many lines as it takes.
pub fn line(label: &str, text: &str, ink: Ink, screen: Screen) -> String {
    let space = screen.width.saturating_sub(INDENT + LABEL);
    let mut out = String::new();
    for (at, line) in wrap(text, space).iter().enumerate() {
        let label = if at == 0 { label } else { "" };
        let label = format!("{}{}", Ink::Faint.paint(label), " ".repeat(LABEL.saturating_sub(width(label)).max(1)));
        out.push_str(format!("{}{label}{}", pad("", INDENT), ink.paint(line)).trim_end());
        out.push('\n');
    }
    out
}

/// English where the pack has it.
pub fn title(title: &Bilingual, lang: Lang) -> &str {
    if lang == Lang::En && !title.en.is_empty() { &title.en } else { &title.zh }
}
