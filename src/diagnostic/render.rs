//! Diagnostics as text for people and as JSON for tools.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Bilingual, Diagnostic, Fix, Lang, Place, Severity};

/// The diagnostics one below the other, each with the line it is about and a caret under the place. Lines
/// come from `source_of`, which is asked for a file by the name in its place; without an answer, or for a
/// place outside the file, the place alone is named. Carets stand right under double-width characters and
/// tabs; characters that are invisible or turn the direction of writing are replaced, in messages too.
pub fn text(
    diagnostics: &[Diagnostic],
    lang: Lang,
    source_of: &dyn Fn(&str) -> Option<Arc<str>>,
    color: bool,
) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(CELLS);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let groups = groups(diagnostic, lang, source_of);
        out.push_str(&renderer.render(&groups));
        out.push_str("\n\n");
    }
    out
}

/// One diagnostic as one JSON object on one line; `file`, `line` and `column` are null without a place.
pub fn json_line(d: &Diagnostic, lang: Lang) -> String {
    let place = d.place.as_ref();
    let line = DiagnosticJson {
        code: d.code,
        severity: d.severity.name(),
        message: d.message.get(lang),
        file: place.map(|place| &*place.file),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        help: d.help.as_ref().map(|help| help.get(lang)),
        related: d.related.iter().map(|related| RelatedJson::of(&related.place, &related.message, lang)).collect(),
        fix: d.fix.as_ref().map(FixJson::of),
    };
    serde_json::to_string(&line).unwrap_or_default()
}

/// The lines of a file as places count them: ended by LF, CR LF or CR.
pub fn lines(source: &str) -> impl Iterator<Item = &str> {
    source.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// Width of an excerpt in terminal cells; longer lines are cut on both sides of the caret.
const CELLS: usize = 120;

struct Words {
    error: &'static str,
    warning: &'static str,
    info: &'static str,
    help: &'static str,
    related: &'static str,
}

fn words(lang: Lang) -> Words {
    match lang {
        Lang::Zh => Words { error: "错误", warning: "警告", info: "提示", help: "帮助", related: "参见" },
        Lang::En => Words { error: "error", warning: "warning", info: "info", help: "help", related: "note" },
    }
}

fn groups<'a>(diagnostic: &'a Diagnostic, lang: Lang, source_of: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Group<'a>> {
    let words = words(lang);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR.with_name(words.error),
        Severity::Warning => Level::WARNING.with_name(words.warning),
        Severity::Info => Level::INFO.with_name(words.info),
    };
    let title = level.primary_title(visible(diagnostic.message.get(lang))).id(diagnostic.code);
    let mut main = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        main = main.element(excerpt(place, source_of, AnnotationKind::Primary));
    }
    if let Some(help) = &diagnostic.help {
        main = main.element(Level::HELP.with_name(words.help).message(visible(help.get(lang))));
    }
    let related = diagnostic.related.iter().map(|related| {
        let title = Level::NOTE.with_name(words.related).secondary_title(visible(related.message.get(lang)));
        Group::with_title(title).element(excerpt(&related.place, source_of, AnnotationKind::Context))
    });
    std::iter::once(main).chain(related).collect()
}

/// `--> file:line:column`, with the line when the file has such a place.
fn excerpt<'a>(place: &'a Place, source_of: &dyn Fn(&str) -> Option<Arc<str>>, kind: AnnotationKind) -> Element<'a> {
    let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let (line, column) = (number(place.line), number(place.column));
    let source = source_of(&place.file);
    let text = source.as_deref().map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
    let found = text.and_then(|text| lines(text).nth(line.checked_sub(1)?));
    match found.and_then(|found| cut(found, column.checked_sub(1)?, number(place.length))) {
        Some((line_text, span)) => {
            let snippet = Snippet::source(line_text).path(visible(&place.file)).line_start(line);
            snippet.annotation(kind.span(span)).into()
        }
        None => Origin::path(visible(&place.file)).line(line).char_column(column).into(),
    }
}

/// A line, made visible, and the bytes of it that `length` characters from `start` take; nothing when the
/// line is shorter. Its end is dropped where no excerpt will reach.
fn cut(line: &str, start: usize, length: usize) -> Option<(String, Range<usize>)> {
    let mut chars = line.chars().map(visible_char);
    let mut before = 0;
    let mut text: String = chars.by_ref().take(start).inspect(|_| before += 1).collect();
    if before < start {
        return None;
    }
    let from = text.len();
    text.extend(chars.by_ref().take(length.min(CELLS)));
    let span = from..text.len();
    text.extend(chars.take(CELLS));
    Some((text, span))
}

fn visible(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { ' ' } else { visible_char(c) }).collect()
}

/// A stand-in for what a terminal would not show as it is; a tab is left to the renderer.
fn visible_char(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        _ => c,
    }
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    help: Option<&'a str>,
    related: Vec<RelatedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson<'a>>,
}

#[derive(Serialize)]
struct RelatedJson<'a> {
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

impl<'a> RelatedJson<'a> {
    fn of(place: &'a Place, message: &'a Bilingual, lang: Lang) -> Self {
        RelatedJson { message: message.get(lang), file: &place.file, line: place.line, column: place.column }
    }
}

/// A repair: at this place `from` becomes `to`.
#[derive(Serialize)]
struct FixJson<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    from: &'a str,
    to: &'a str,
}

impl<'a> FixJson<'a> {
    fn of(fix: &'a Fix) -> Self {
        let Fix { place, from, to } = fix;
        FixJson { file: &place.file, line: place.line, column: place.column, from, to }
    }
}
