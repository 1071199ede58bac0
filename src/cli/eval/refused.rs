//! A text becomes a form, or is refused with every reason and its place.

use std::sync::Arc;

use serde::Serialize;

use super::sources::{FormText, Unreadable};
use crate::cli::either;
use crate::cli::layout::visible;
use crate::diagnostic::{Bilingual, Diagnostic, Lang, Place, render};
use crate::document::{self, Limits, Node, Problems};
use crate::form::{Draft, Form, place_of};

/// The most reasons that are shown to people, each with its line of the file.
const SHOWN: usize = 10;

/// A file, or a line of one, that gives no evaluation.
pub struct Refused {
    file: String,
    /// What it comes down to.
    message: Bilingual,
    reasons: Vec<Reason>,
    /// The text behind the places, and the lines of the file before it.
    source: Option<Arc<str>>,
    lines_before: u32,
}

struct Reason {
    /// Path of the cell; empty where the text is no form at all.
    field: String,
    diagnostic: Diagnostic,
}

/// Reads and admits the form of a text.
pub fn admit(text: &FormText) -> Result<Form, Refused> {
    let file: Arc<str> = text.file.as_str().into();
    let unread = |problems: Problems, source: Option<Arc<str>>| {
        let reasons = problems.into_iter().map(|diagnostic| Reason { field: String::new(), diagnostic });
        Refused::new(text, reasons.collect(), source)
    };
    let node = document::parse(Arc::clone(&file), &text.text, &Limits::FORM)
        .map_err(|problems| unread(problems, Some(text.text.as_str().into())))?;
    let mut problems = Problems::new();
    let draft = Draft::from_node(&node, &mut problems);
    problems.retain(Diagnostic::is_error);
    if !problems.is_empty() {
        return Err(unread(problems, Some(Arc::clone(&node.source))));
    }
    Form::admit(draft).map_err(|violations| {
        let reasons = violations.into_iter().map(|violation| {
            let place = place_in(&node, &violation.field);
            let code = "form_refused";
            Reason { field: violation.field, diagnostic: Diagnostic::error(code, place, violation.message) }
        });
        Refused::new(text, reasons.collect(), Some(Arc::clone(&node.source)))
    })
}

fn place_in(form: &Node, field: &str) -> Place {
    if field.is_empty() { form.place.clone() } else { place_of(form, field).clone() }
}

impl Refused {
    fn new(text: &FormText, mut reasons: Vec<Reason>, source: Option<Arc<str>>) -> Self {
        let moved = |place: &mut Place| place.line = place.line.saturating_add(text.lines_before);
        for reason in &mut reasons {
            reason.diagnostic.place.iter_mut().for_each(moved);
            reason.diagnostic.related.iter_mut().for_each(|related| moved(&mut related.place));
        }
        reasons.sort_by(|one, other| one.diagnostic.place.cmp(&other.diagnostic.place));
        let message = match reasons.as_slice() {
            [Reason { field, diagnostic }] if field.is_empty() => diagnostic.message.clone(),
            [Reason { field, diagnostic: Diagnostic { message, .. } }] => {
                Bilingual::new(format!("{field}：{}", message.zh), format!("{field}: {}", message.en))
            }
            all => Bilingual::new(
                format!("有 {} 处无法接受的内容", all.len()),
                format!("{} problems keep it from being a form", all.len()),
            ),
        };
        Refused { file: text.file.clone(), message, reasons, source, lines_before: text.lines_before }
    }

    /// No rules score the form, say.
    pub fn because(text: &FormText, message: Bilingual) -> Self {
        Refused { file: text.file.clone(), message, reasons: Vec::new(), source: None, lines_before: text.lines_before }
    }

    pub fn unreadable(unreadable: Unreadable) -> Self {
        let Unreadable { file, line, why } = unreadable;
        let file = line.map_or(file.clone(), |line| format!("{file}:{line}"));
        Refused { file, message: why, reasons: Vec::new(), source: None, lines_before: 0 }
    }

    /// For people: what it comes down to, then the reasons with their places.
    pub fn text(&self, lang: Lang) -> String {
        let source = |_: &str| self.source_of_file();
        let shown: Vec<Diagnostic> = self.reasons.iter().take(SHOWN).map(Reason::with_field).collect();
        let left_out = self.reasons.len().saturating_sub(SHOWN);
        let mut text = match (self.reasons.as_slice(), lang) {
            ([], Lang::Zh) => format!("{}：{}\n", self.file, self.message.zh),
            ([], Lang::En) => format!("{}: {}\n", self.file, self.message.en),
            (_, Lang::Zh) => format!("{} 不能作为自评表接受\n", self.file),
            (_, Lang::En) => format!("{} is not accepted as a form\n", self.file),
        };
        text.push_str(&render::text(&shown, lang, &source, true));
        if left_out > 0 {
            text.push_str(&match lang {
                Lang::Zh => format!("……另有 {left_out} 处，用 --json 可全部列出\n"),
                Lang::En => format!("… and {left_out} more; --json lists all\n"),
            });
        }
        text
    }

    /// In one line: the file, the first reason with its place, and how many more there are.
    pub fn line(&self, lang: Lang) -> String {
        let colon = either(lang, "：", ": ");
        let Some(first) = self.reasons.first() else {
            return format!("{}{colon}{}", visible(&self.file), visible(self.message.get(lang)));
        };
        let place = first.diagnostic.place.as_ref();
        let place = place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
        let more = match (self.reasons.len() - 1, lang) {
            (0, _) => String::new(),
            (more, Lang::Zh) => format!("（另有 {more} 处）"),
            (more, Lang::En) => format!(" (and {more} more)"),
        };
        let said = first.with_field();
        format!("{}{place}{colon}{}{more}", visible(&self.file), visible(said.message.get(lang)))
    }

    /// The text with its places in the file kept: a line of many has empty lines before it.
    fn source_of_file(&self) -> Option<Arc<str>> {
        match self.lines_before {
            0 => self.source.clone(),
            lines => self.source.as_ref().map(|text| Arc::from("\n".repeat(lines as usize) + text.as_ref())),
        }
    }

    /// For tools: one object on one line.
    pub fn json(&self, lang: Lang) -> String {
        let violations = self.reasons.iter().map(|reason| {
            let place = reason.diagnostic.place.as_ref();
            ViolationJson {
                field: &reason.field,
                message: reason.diagnostic.message.get(lang),
                line: place.map(|place| place.line),
                column: place.map(|place| place.column),
            }
        });
        let error = ErrorJson { message: self.message.get(lang), violations: violations.collect() };
        serde_json::to_string(&RefusedJson { file: &self.file, error }).unwrap_or_default()
    }
}

impl Reason {
    /// The diagnostic with the cell's path in its sentence.
    fn with_field(&self) -> Diagnostic {
        let mut diagnostic = self.diagnostic.clone();
        if !self.field.is_empty() {
            let Bilingual { zh, en } = &diagnostic.message;
            diagnostic.message = Bilingual::new(format!("{}：{zh}", self.field), format!("{}: {en}", self.field));
        }
        diagnostic
    }
}

#[derive(Serialize)]
struct RefusedJson<'a> {
    file: &'a str,
    error: ErrorJson<'a>,
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    message: &'a str,
    violations: Vec<ViolationJson<'a>>,
}

#[derive(Serialize)]
struct ViolationJson<'a> {
    field: &'a str,
    message: &'a str,
    line: Option<u32>,
    column: Option<u32>,
}
