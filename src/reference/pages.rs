//! The pages of diagnostics: what each means, an example, and the repair.

use crate::diagnostic::Lang;

const ZH: &str = include_str!("../../docs/diagnostics.zh.md");
const EN: &str = include_str!("../../docs/diagnostics.md");

/// One diagnostic's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub code: &'static str,
    /// Markdown, without the heading.
    pub text: &'static str,
}

/// All pages, in the order of the document: `## code`, then the text.
pub fn diagnostic_pages(lang: Lang) -> Vec<Page> {
    let document = match lang {
        Lang::Zh => ZH,
        Lang::En => EN,
    };
    let pages = document.split("\n## ").skip(1).filter_map(|page| {
        let (code, text) = page.split_once('\n')?;
        // A chapter's heading ends the page before it.
        let text = text.split("\n\n# ").next().unwrap_or(text);
        Some(Page { code: code.trim().trim_matches('`'), text: text.trim() })
    });
    pages.collect()
}
