//! An evaluated form as a person reads it: in the form's own layout, with what the rules make of it beside
//! what was claimed.

mod adjustments;
mod findings;
mod funds;
mod goals;
mod head;
mod readings;
mod regional;
mod rows;
mod scores;

use crate::cli::layout::{Ink, Screen};
use crate::evaluation::Evaluation;
use crate::form::Form;
use crate::ruleset::RuleSet;

/// Fewer cells than this are too few for the form's table with a column of derivations.
const NARROW: usize = 110;

/// Everything that is shown of one form.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub form: &'a Form,
    pub evaluation: &'a Evaluation,
    /// Under which it is stored; empty when it is not.
    pub id: &'a str,
    /// Absent where another heng evaluated.
    pub rules: Option<&'a RuleSet>,
    /// Show how every text was read.
    pub readings: bool,
    pub screen: Screen,
}

impl View<'_> {
    /// The page, from the title to the verdict.
    pub fn text(&self) -> String {
        let parts = [
            head::head(self),
            head::scores(self),
            adjustments::adjustments(self),
            funds::funds(self),
            goals::goals(self),
            rows::indicators(self),
            regional::columns(self),
            regional::subtotals(self),
            readings::readings(self),
            findings::findings(self),
            head::verdict(self),
        ];
        let mut page = String::new();
        for part in parts.iter().filter(|part| !part.is_empty()) {
            page.push_str(part);
            page.push('\n');
        }
        page
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.screen.pick(zh, en)
    }

    /// Whether tables have to do without a column for derivations, which then stand below their rows.
    fn is_narrow(&self) -> bool {
        self.screen.width < NARROW
    }

    /// The heading of a part of the form.
    fn title(&self, zh: &str, en: &str) -> String {
        format!("{}\n", Ink::Strong.paint(self.pick(zh, en)))
    }

    /// A line across the page.
    fn line(&self, drawn_with: char) -> String {
        let line: String = std::iter::repeat_n(drawn_with, self.screen.width).collect();
        format!("{}\n", Ink::Faint.paint(&line))
    }
}
