//! What the reader looks at.

#![expect(clippy::disallowed_methods, reason = "the rim: asks the terminal how wide it is")]

use crate::diagnostic::Lang;

/// Width in cells, and language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    pub width: usize,
    pub lang: Lang,
}

const NARROWEST: usize = 80;
const WIDEST: usize = 160;
/// Where no terminal says how wide it is.
const USUAL: usize = 120;

impl Screen {
    /// As wide as `COLUMNS` says, or else the terminal; between 80 and 160 cells.
    pub fn of_reader(lang: Lang) -> Self {
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        let measured = || terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
        let width = told.or_else(measured).unwrap_or(USUAL).clamp(NARROWEST, WIDEST);
        Screen { width, lang }
    }

    /// A label in the reader's language.
    pub fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        crate::cli::either(self.lang, zh, en)
    }
}
