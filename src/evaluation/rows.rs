//! An indicator row with its texts read.

use super::facts::says_not_applicable;
use crate::form::{Form, Indicator};
use crate::reading::{Kind, Meeting, Reading, Row, Side, meet, read, structured};
use crate::ruleset::RuleSet;

/// What is known of a row before it is scored.
pub(super) struct ReadRow<'f> {
    pub indicator: &'f Indicator,
    /// Ids of the pack, or the printed titles where it knows none.
    pub dimension: String,
    pub category: String,
    pub target: Reading,
    pub actual: Reading,
    /// The printed text says another value than the structure beside it.
    pub target_contradicts: bool,
    pub actual_contradicts: bool,
    pub meeting: Meeting,
    /// The target, the actual or, where both are blank, the name says 不适用.
    pub not_applicable: bool,
}

pub(super) fn read_row<'f>(rules: &RuleSet, form: &Form, indicator: &'f Indicator) -> ReadRow<'f> {
    let dimension = rules.structure.dimension(indicator.dimension());
    let category = rules.structure.category(dimension, indicator.category());
    let row = Row {
        dimension: indicator.dimension(),
        category: indicator.category(),
        name: indicator.name(),
        unit: "",
        fiscal_year: Some(form.fiscal_year().get()),
    };
    let target = structured(indicator.target(), indicator.target_structured(), &row, Side::Target, &rules.lexicon);
    let actual = structured(indicator.actual(), indicator.actual_structured(), &row, Side::Actual, &rules.lexicon);
    let meeting = meet(target.compared(), actual.compared(), &row, &rules.lexicon);
    let (target_contradicts, actual_contradicts) = (target.contradicts, actual.contradicts);
    let (target, actual) = (target.reading, actual.reading);
    let nothing_said = target.kind() == Kind::Blank && actual.kind() == Kind::Blank;
    let named = || says_not_applicable(&read(indicator.name(), &row, Side::Target, &rules.lexicon));
    let not_applicable = says_not_applicable(&target) || says_not_applicable(&actual) || (nothing_said && named());
    ReadRow {
        indicator,
        dimension: dimension.map_or_else(|| indicator.dimension().to_owned(), |found| found.id.clone()),
        category: category.map_or_else(|| indicator.category().to_owned(), |found| found.id.clone()),
        target,
        actual,
        target_contradicts,
        actual_contradicts,
        meeting,
        not_applicable,
    }
}
