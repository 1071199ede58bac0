//! What is wrong with a formula's text, and exactly where.

use super::check::Kind;
use crate::diagnostic::Bilingual;

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
}

/// A stretch of text a fault points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) offset: usize,
    pub(super) length: usize,
}

impl Fault {
    pub(super) fn new(code: &'static str, span: Span, message: Bilingual) -> Self {
        Fault { code, offset: span.offset, length: span.length.max(1), message, help: None }
    }

    pub(super) fn with_help(mut self, help: Option<Bilingual>) -> Self {
        self.help = help;
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
