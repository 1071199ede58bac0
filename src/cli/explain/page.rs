//! The page of a code as a person reads it.

use super::Meant;
use super::example::Example;
use crate::cli::layout::{Ink, Screen, visible, wrap};
use crate::cli::rules::entry::{self, line};
use crate::diagnostic::Severity;
use crate::reference::{Entry, section_title};

/// Cells before the lines of an example.
const QUOTED: &str = "      ";

pub(super) fn page(code: &str, meant: &Meant, screen: Screen) -> String {
    match meant {
        Meant::Entry { entry, pack, used_by, example } => {
            let mut out = entry_page(entry, pack, screen);
            if !used_by.is_empty() {
                out.push_str(&line(screen.pick("用于", "used by"), &used_by.join(", "), Ink::Plain, screen));
            }
            out.extend(example.iter().map(|example| example_text(example, screen)));
            out
        }
        Meant::Pack(pack) => {
            let mut out = head(screen.pick("规则包", "Rule pack"), code, Ink::Plain, &pack.title, screen);
            out.push_str(&line(screen.pick("说明", "about"), &pack.description, Ink::Plain, screen));
            let all = format!("heng rules {code}");
            out.push_str(&line(screen.pick("全部规则", "all rules"), &all, Ink::Place, screen));
            out
        }
        Meant::Diagnostic(text) => {
            format!(
                "{}\n{}",
                head(screen.pick("诊断", "Diagnostic"), code, Ink::Plain, "", screen),
                markdown(text, screen)
            )
        }
        Meant::Function { signature, doc } => {
            let mut out = head(screen.pick("函数", "Function"), signature, Ink::Plain, "", screen);
            out.push_str(&line("", doc.get(screen.lang), Ink::Plain, screen));
            out
        }
        Meant::Name { about, kind, doc } => {
            let what = format!("{} · {}", screen.pick("公式里的名字", "Name in formulas"), about.get(screen.lang));
            let mut out = head(&what, code, Ink::Plain, "", screen);
            out.push_str(&line("", doc.get(screen.lang), Ink::Plain, screen));
            out.push_str(&line(screen.pick("类型", "type"), kind.get(screen.lang), Ink::Plain, screen));
            out
        }
    }
}

fn entry_page(one: &Entry, pack: &str, screen: Screen) -> String {
    let severity = one.detail("severity").and_then(|detail| Severity::from_name(detail.node.as_text()?));
    let (word, ink) = match severity {
        Some(Severity::Error) => (screen.pick("错误", "error"), Ink::Bad),
        Some(Severity::Warning) => (screen.pick("提醒", "warning"), Ink::Warn),
        Some(Severity::Info) => (screen.pick("提示", "note"), Ink::Place),
        None => ("", Ink::Plain),
    };
    let what = format!("{} · {pack}", section_title(one.section).get(screen.lang));
    let mut out = head(&what, &one.code, ink, word, screen);
    for line in wrap(entry::title(&one.title, screen.lang), screen.width) {
        out.push_str(&format!("{}\n", Ink::Strong.paint(&line)));
    }
    out.push('\n');
    for detail in one.details.iter().filter(|detail| detail.key != "severity") {
        out.push_str(&line(detail.label.get(screen.lang), detail.text.get(screen.lang), Ink::Plain, screen));
    }
    out.push_str(&entry::grounds(one, screen));
    out
}

fn example_text(example: &Example, screen: Screen) -> String {
    let place = format!("{}:{}", example.place.file, example.place.line);
    let mut out = format!("\n{}  {}\n", Ink::Strong.paint(screen.pick("例", "Example")), Ink::Place.paint(&place));
    out.push_str(&quoted(&example.fragment, screen));
    let result = format!("{}  {}", visible(&example.field), example.result.get(screen.lang));
    for (at, line) in wrap(&result, screen.width.saturating_sub(QUOTED.len())).iter().enumerate() {
        let sign = if at == 0 { "    → " } else { QUOTED };
        out.push_str(&format!("{sign}{}\n", Ink::Strong.paint(line)));
    }
    out
}

/// Kind, code, and a word beside it; then a line.
fn head(what: &str, code: &str, ink: Ink, word: &str, screen: Screen) -> String {
    let code = Ink::Strong.paint(&visible(code));
    let first = format!("{code}  {}  {}", ink.paint(word), Ink::Faint.paint(what));
    let first = if word.is_empty() { format!("{code}  {}", Ink::Faint.paint(what)) } else { first };
    format!("{first}\n{}\n", Ink::Faint.paint(&"━".repeat(screen.width)))
}

/// The page of a diagnostic: paragraphs wrapped, code as it stands.
fn markdown(text: &str, screen: Screen) -> String {
    let mut out = String::new();
    for (at, part) in text.split("```").enumerate() {
        if at % 2 == 1 {
            let code = part.split_once('\n').map_or(part, |(_, code)| code);
            out.push_str(&format!("\n{}\n", quoted(code.trim_end(), screen)));
            continue;
        }
        for paragraph in part.trim().split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
            for line in wrap(&paragraph.replace('\n', ""), screen.width) {
                out.push_str(&format!("{line}\n"));
            }
        }
    }
    out
}

/// Lines of a file, indented; a longer one is wrapped.
fn quoted(text: &str, screen: Screen) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let space = screen.width.saturating_sub(QUOTED.len() + indent.len());
        for piece in wrap(line.trim_start(), space) {
            out.push_str(format!("{QUOTED}{indent}{}", Ink::Faint.paint(&piece)).trim_end());
            out.push('\n');
        }
    }
    out
}
