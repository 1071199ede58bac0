//! What is wrong with a formula's text, and exactly where.

use std::sync::Arc;

use super::check::Kind;
use crate::diagnostic::{Bilingual, certain_name};

/// One problem of a formula or script. The caller knows the file; a fault knows its characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `formula_syntax`, `unknown_name`, `unknown_function`, `wrong_argument_count`, `type_mismatch`,
    /// `unsupported_construct`, `duplicate_function` or `formula_too_large`.
    pub code: &'static str,
    /// In characters of the text, from 0.
    pub offset: usize,
    /// In characters, at least 1.
    pub length: usize,
    pub message: Bilingual,
    pub help: Option<Bilingual>,
    /// What stands there, and what alone can have been meant.
    pub meant: Option<(String, String)>,
    /// For a call: what is wrong in the function that it calls, and how many calls further that stands.
    pub(super) origin: Option<Origin>,
}

/// Where the mistake behind a call stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) file: Arc<str>,
    pub(super) offset: usize,
    pub(super) calls: usize,
}

/// A stretch of text a fault points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) offset: usize,
    pub(super) length: usize,
}

impl Fault {
    pub(super) fn new(code: &'static str, span: Span, message: Bilingual) -> Self {
        Fault { code, offset: span.offset, length: span.length.max(1), message, help: None, meant: None, origin: None }
    }

    pub(super) fn with_help(mut self, help: Option<Bilingual>) -> Self {
        self.help = help;
        self
    }

    /// Offers the nearest of the known names for a wrong one.
    pub(super) fn with_guess<'a>(mut self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        self.help = Bilingual::did_you_mean(wrong, known.iter().copied()).or(self.help);
        self.meant = certain_name(wrong, known).map(|meant| (wrong.to_owned(), meant));
        self
    }

    pub(super) fn too_large(span: Span, what: Bilingual) -> Self {
        Fault::new("formula_too_large", span, what)
    }

    pub(super) fn unsupported(span: Span, zh: &str, en: &str) -> Self {
        let message = Bilingual::new(format!("公式语言不支持{zh}"), format!("the formula language has no {en}"));
        Fault::new("unsupported_construct", span, message)
    }

    /// `place` is what takes the value: an operator, a function, a condition, the result.
    pub(super) fn type_mismatch(span: Span, place: &Bilingual, want: &Bilingual, got: Kind) -> Self {
        let got = got.title();
        let message = Bilingual::new(
            format!("{}应为{}，这里是{}", place.zh, want.zh, got.zh),
            format!("{} must be {}, but this is {}", place.en, want.en, got.en),
        );
        Fault::new("type_mismatch", span, message)
    }
}
