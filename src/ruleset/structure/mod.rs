//! What the form must look like: dimensions, categories, columns, fields, totals.

mod alternatives;
mod columns;
mod dimensions;
mod fields;
mod groups;
mod totals;

pub use alternatives::{Alternative, Weights};
pub use columns::{Column, ColumnType, Role};
pub use dimensions::{Category, Dimension};
pub use fields::FieldRule;
pub use groups::Group;
pub use totals::Totals;

pub(super) use alternatives::{alternatives_from, check_alternatives};
pub(super) use columns::{Section, columns_from};
pub(super) use dimensions::{check_closure, dimensions_from};
pub(super) use fields::{ATTRIBUTES, fields_from};
pub(super) use groups::groups_from;
pub(super) use totals::{check_rounding, totals_from};

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::{Node, Problems};
use crate::form::Indicator;
use crate::quantity::Exact;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Structure {
    pub dimensions: Vec<Dimension>,
    pub fields: Vec<FieldRule>,
    pub totals: Option<Totals>,
    /// Columns of the table of indicators beside the usual ones; their values follow the row's own names.
    pub columns: Vec<Column>,
    /// Cells of the form beside the usual ones; their values follow the form's own names.
    pub attributes: Vec<Column>,
    /// Other ways to divide the points among the dimensions.
    pub alternatives: Vec<Alternative>,
    /// How rows may share points; empty: they do not.
    pub groups: Vec<Group>,
}

impl Structure {
    /// The dimension with this id or printed title. Spaces and a trailing note in brackets, such as
    /// `产出指标(50分)`, do not matter.
    pub fn dimension(&self, printed: &str) -> Option<&Dimension> {
        let printed = bare(printed);
        self.dimensions
            .iter()
            .find(|dimension| dimension.id == printed || dimension.titles.iter().any(|title| *title == printed))
    }

    /// The category with this id or printed title, within its dimension or, where that is unknown, in any.
    pub fn category<'s>(&'s self, dimension: Option<&'s Dimension>, printed: &str) -> Option<&'s Category> {
        let printed = bare(printed);
        let mut among = match dimension {
            Some(dimension) => std::slice::from_ref(dimension),
            None => self.dimensions.as_slice(),
        }
        .iter()
        .flat_map(|dimension| &dimension.categories);
        among.find(|category| category.id == printed || category.titles.iter().any(|title| *title == printed))
    }

    /// How the points are divided among the dimensions that have rows: the usual way, or the first alternative
    /// that has points for exactly these.
    pub fn weights(&self, present: &BTreeSet<&str>) -> Weights<'_> {
        Weights::choose(self, present)
    }

    /// What a row's column of this role says; absent where the form has no such column.
    pub fn role_of<'f>(&self, role: Role, row: &'f Indicator) -> Option<&'f str> {
        let column = self.columns.iter().find(|column| column.role == Some(role))?;
        column.cell(row.attributes()).map(|(_, text)| text)
    }
}

/// A printed title without spaces and without a note in brackets behind it.
pub(super) fn bare(printed: &str) -> Cow<'_, str> {
    // The bytes tell of nearly every title that there is nothing to take away.
    let may_go = |byte: u8| byte <= b' ' || matches!(byte, b'(' | 0xc2 | 0xe1..=0xe3 | 0xef);
    if !printed.bytes().fold(false, |found, byte| found | may_go(byte)) {
        return Cow::Borrowed(printed);
    }
    let without_note = |text: &str| text.find(['(', '（']).filter(|at| *at > 0).unwrap_or(text.len());
    if !printed.contains(char::is_whitespace) {
        return Cow::Borrowed(printed.get(..without_note(printed)).unwrap_or(printed));
    }
    let mut spaceless: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    spaceless.truncate(without_note(&spaceless));
    Cow::Owned(spaceless)
}

fn texts(found: Vec<(&str, &Node)>) -> Vec<String> {
    found.into_iter().map(|(text, _)| text.to_owned()).collect()
}

/// A decimal, or a diagnostic.
pub(super) fn number(node: &Node, problems: &mut Problems) -> Option<Exact> {
    let parsed = node.as_text().and_then(Exact::parse);
    if parsed.is_none() {
        let message = Bilingual::new("这里应为十进制数", "expected a decimal number here");
        problems.push(Diagnostic::error("bad_number", node.place.clone(), message));
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stands_without_spaces_and_notes() {
        for (printed, expected) in [
            ("产出指标", "产出指标"),
            (" 产出\u{3000}指标 (50分)", "产出指标"),
            ("产出指标（50分）", "产出指标"),
            ("（一）产出", "（一）产出"),
            ("", ""),
        ] {
            assert_eq!(bare(printed), expected);
        }
        for c in ('\0'..=char::MAX).filter(|c| c.is_whitespace()) {
            assert_eq!(bare(&format!("产{c}出{c}")), "产出", "{c:?}");
        }
    }
}
