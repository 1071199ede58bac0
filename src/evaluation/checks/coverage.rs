//! Forms that the rules are not for: one finding, and nothing that looks like a score.

use super::super::patience::Patience;
use super::super::score::Stake;
use super::super::{Finding, Score, Status, Told, TraceStep};
use super::render;
use crate::form::Form;
use crate::formula::Value;
use crate::quantity::Points;
use crate::ruleset::{Check, FieldPointer, RuleSet};

/// The first entry of `coverage` that holds. `values` are the constants and what the form says as a whole.
pub(in crate::evaluation) fn uncovered<'r>(
    rules: &'r RuleSet,
    patience: &Patience<'_>,
    values: &[Value],
) -> Option<&'r Check> {
    rules
        .coverage
        .iter()
        .find(|entry| patience.run(&entry.when, values, || entry.when.evaluate(values)).is_ok_and(|v| v.holds()))
}

/// Read and shown, but scored by nobody.
pub(in crate::evaluation) fn unscored(entry: &Check, stake: Stake, values: &[Value]) -> Score {
    let bindings = entry.when.names().filter_map(|(slot, name)| Some((name.to_owned(), values.get(slot)?.to_string())));
    let step = TraceStep {
        rule: format!("coverage.{}", entry.code),
        place: entry.place.to_string(),
        formula: entry.when_text.clone(),
        bindings: bindings.collect(),
        result: Status::NeedsReview.name().to_owned(),
    };
    let told = Told { citation: entry.citation.clone(), trace: vec![step], ..Told::default() };
    Score {
        status: Status::NeedsReview,
        possible: stake.possible,
        claimed: stake.claimed,
        floor: Points::ZERO,
        ceiling: stake.possible.unwrap_or(Points::ZERO).max(Points::ZERO).trimmed(),
        awarded: Points::ZERO,
        account: told.into(),
    }
}

/// The finding of an entry.
pub(in crate::evaluation) fn finding(rules: &RuleSet, form: &Form, entry: &Check, values: &[Value]) -> Finding {
    let field = match &entry.field {
        FieldPointer::Path(path) => path.clone(),
        FieldPointer::Attribute(index) => super::attribute_path(rules, form, *index),
        FieldPointer::Column(_) => String::new(),
    };
    render(entry, field, values.into())
}
