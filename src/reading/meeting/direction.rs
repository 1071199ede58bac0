//! The good side of a target.

use super::super::Row;
use super::super::kind::{Comparison, Kind};
use super::super::lexicon::{Counted, Lexicon, Measure};
use super::super::statement::{Change, Statement};
use super::Direction;

/// The good side, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Good {
    pub direction: Direction,
    /// The text or the row says so; otherwise a bare target asks for at least so much.
    pub told: bool,
}

/// The good side of a numeric target: by its comparison; for a bare number by the words of the target, the
/// row's name, the row's category, and last by the rule that a bare target is a lower bound.
pub(super) fn good_side<'t>(
    target: &Statement,
    said: impl FnOnce() -> &'t str,
    row: &Row<'_>,
    lexicon: &Lexicon,
) -> Good {
    let told = |direction| Good { direction, told: true };
    if target.kind == Kind::Range {
        return told(Direction::Exact);
    }
    match target.comparison {
        Some(Comparison::AtLeast | Comparison::MoreThan) => return told(Direction::HigherIsBetter),
        Some(Comparison::AtMost | Comparison::LessThan) => return told(Direction::LowerIsBetter),
        _ => {}
    }
    if target.change.is_some() {
        return told(Direction::HigherIsBetter);
    }
    // 0起, 0: more than nothing is never what a target of nothing wants.
    if target.value.as_ref().is_some_and(crate::quantity::Exact::is_zero) {
        return told(Direction::LowerIsBetter);
    }
    let entry = target.unit.as_ref().and_then(|unit| lexicon.measure_entry(&unit.measure));
    let is_change = |change| lexicon.names_change(row.name, change);
    if entry.is_some_and(|entry| entry.difference) && (is_change(Change::Increase) || is_change(Change::Decrease)) {
        return told(Direction::HigherIsBetter);
    }
    let named = if target.facts.named { lexicon.direction_of_name(said()) } else { None };
    // 补贴农机300台 is no pay-out standard.
    let fits = |direction: &Direction| *direction != Direction::Exact || !is_count(target, lexicon);
    if let Some(direction) = named.or_else(|| lexicon.direction_of_name(row.name)).filter(fits) {
        return told(direction);
    }
    by_category(target, row, lexicon)
}

/// Whether the target counts things: it has a unit, and none that is measured.
fn is_count(target: &Statement, lexicon: &Lexicon) -> bool {
    let is_unit = |measure: &Measure| matches!(measure.of, Counted::Unit(_));
    let measure = target.unit.as_ref().map(|unit| &unit.measure);
    measure.is_some_and(|measure| is_unit(measure) && lexicon.measure_entry(measure).is_none())
}

fn by_category(target: &Statement, row: &Row<'_>, lexicon: &Lexicon) -> Good {
    let measure = target.unit.as_ref().map(|unit| &unit.measure);
    let entry = measure.and_then(|measure| lexicon.measure_entry(measure));
    let is_share = entry.is_some_and(|entry| entry.share);
    let category = lexicon.direction_of_category(row.category);
    // 元/人 may be a price or a pay-out; 3天 a course or a delay; a share of the cost either.
    let is_rate_of_money =
        entry.is_some_and(|entry| entry.more_is_unclear) && measure.is_some_and(|m| !m.over.is_empty());
    let unclear = is_rate_of_money || entry.is_some_and(|entry| entry.unclear);
    match category {
        Some(Direction::LowerIsBetter) if is_share => Good { direction: Direction::Unknown, told: true },
        Some(Direction::LowerIsBetter) => Good { direction: Direction::LowerIsBetter, told: true },
        _ if unclear => Good { direction: Direction::Unknown, told: true },
        Some(direction) => Good { direction, told: true },
        None => Good { direction: Direction::HigherIsBetter, told: false },
    }
}
