//! Why a draft is no form.

use super::field::Field;
use crate::diagnostic::Bilingual;

/// How many violations are listed; one more line then says how many were left out.
pub const MAX_LISTED: usize = 50;

/// One reason to refuse a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the cell, rows counted from zero: `indicators[3].points_claimed`. Empty for the line that
    /// counts what was left out.
    pub field: String,
    /// One sentence: what is wrong and what would be right.
    pub message: Bilingual,
}

/// Violations in the order they were met, all counted and the first [`MAX_LISTED`] kept.
#[derive(Debug, Default)]
pub(super) struct Violations {
    listed: Vec<Violation>,
    met: usize,
}

impl Violations {
    pub fn push(&mut self, field: Field<'_>, message: Bilingual) {
        self.met += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(Violation { field: field.to_string(), message });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.met == 0
    }

    pub fn into_list(mut self) -> Vec<Violation> {
        let left_out = self.met - self.listed.len();
        if left_out > 0 {
            let message = Bilingual::new(
                format!("另有 {left_out} 处问题未列出"),
                format!("{left_out} more problems are not listed"),
            );
            self.listed.push(Violation { field: String::new(), message });
        }
        self.listed
    }
}
