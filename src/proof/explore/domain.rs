//! What is known of a name before anything is known of a form: what `evaluation` can put there at all.
//!
//! Whatever is not told here may be anything: a name that is missing from these tables costs proofs, never truth.

use std::collections::BTreeMap;

use super::facts::Texts;
use super::{Key, PSEUDO};
use crate::formula::{Names, Type, Value};
use crate::proof::decide::{End, Range};
use crate::quantity::{Exact, FiscalYear};
use crate::reading::{Comparison, Direction, Kind, Met};
use crate::ruleset::RuleSet;

/// Stands for the good side of the target, which `when` asks for and formulas see as `lower_is_better`.
pub(in crate::proof) const DIRECTION: Key = PSEUDO;

/// How a name comes to its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::proof) enum Origin {
    /// From the form.
    Form,
    /// Fixed by the rules, whatever the form says.
    Fixed(Value),
    /// Told by the verdict on the row.
    Met,
    Judged,
    LowerIsBetter,
    /// `quantified`: scored, floor equal to ceiling.
    Quantified,
    /// Executed ÷ annual.
    ExecutionRate,
}

#[derive(Debug, Clone)]
pub(in crate::proof) struct NameFacts {
    pub origin: Origin,
    /// Never absent.
    pub always: bool,
    pub range: Range,
    pub texts: Texts,
    /// Keys of names that are never greater.
    pub at_least: Vec<Key>,
}

/// The names of one scope, by slot.
#[derive(Debug)]
pub(in crate::proof) struct Domain {
    pub names: Vec<(std::sync::Arc<str>, Type)>,
    facts: Vec<NameFacts>,
    slots: BTreeMap<String, usize>,
    /// The first so many slots are the constants of the rules.
    pub constants: usize,
}

/// Always there, whatever the form leaves blank.
const ALWAYS: &[&str] = &[
    "fiscal_year",
    "project_code",
    "project_name",
    "implementing_unit",
    "primary_budget_unit",
    "source_count",
    "indicator_count",
    "form_points_floor",
    "form_points_ceiling",
    "form_points_awarded",
    "shortfall_count",
    "judged_count",
    "review_count",
    "name",
    "dimension",
    "category",
    "target_text",
    "actual_text",
    "deviation_reason",
    "target_kind",
    "actual_kind",
    "target_comparison",
    "target_unit",
    "actual_unit",
    "meeting",
    "judged",
    "tier",
    "not_applicable",
    "lower_is_better",
    "factor_slip",
    "target_contradicts",
    "actual_contradicts",
    "points_floor",
    "points_ceiling",
    "points_awarded",
    "status",
    "method",
    "quantified",
    "goal_period",
    "goal_expected",
    "goal_achieved",
    "source_name",
    "dimension_title",
    "dimension_row_count",
    "field_title",
    "field_text",
    "field_required",
    "field_row_not_applicable",
    "field_row_excused",
    "row_number",
    "category_title",
    "dimension_known",
    "category_known",
    "group_size",
    "group_met_count",
    "group_missed_count",
    "in_group",
    "unreadable_columns",
    "unreadable_attributes",
    "weights",
    "source_names",
    "blank_target_count",
    "blank_actual_count",
    "blank_points_count",
    "blank_claimed_count",
    "full_marks_count",
    "distinct_points_count",
    "numeric_target_count",
    "actual_same_as_target_count",
    "dimension_count",
    "unknown_dimension_count",
    "unknown_dimensions",
    "unknown_category_count",
    "goal_count",
    "goals_expected",
    "goals_achieved",
    "grade_awarded",
    "category_dimension_title",
    "category_row_count",
];

/// Never below zero.
const COUNTS: &[&str] = &[
    "source_count",
    "shortfall_count",
    "judged_count",
    "review_count",
    "dimension_row_count",
    "execution_points_floor",
    "execution_points_ceiling",
    "execution_points_awarded",
    "form_points_floor",
    "form_points_ceiling",
    "form_points_awarded",
    "points_floor",
    "points_ceiling",
    "points_awarded",
    "group_met_count",
    "group_missed_count",
    "blank_target_count",
    "blank_actual_count",
    "blank_points_count",
    "blank_claimed_count",
    "full_marks_count",
    "distinct_points_count",
    "numeric_target_count",
    "actual_same_as_target_count",
    "dimension_count",
    "unknown_dimension_count",
    "unknown_category_count",
    "goal_count",
    "category_row_count",
];

/// A form has at least one row, and a limit of length is at least one.
const FROM_ONE: &[&str] = &["indicator_count", "field_max_length", "row_number", "group_size"];

/// Cells of points: at most nine digits before and after the point.
const POINTS: &[&str] = &[
    "points_possible",
    "points_claimed",
    "execution_points_possible",
    "execution_points_claimed",
    "stated_points_possible",
    "stated_points_claimed",
];

/// The first is never above the second.
const ORDERED: &[(&str, &str)] = &[
    ("points_floor", "points_ceiling"),
    ("points_awarded", "points_ceiling"),
    ("execution_points_floor", "execution_points_ceiling"),
    ("execution_points_awarded", "execution_points_ceiling"),
    ("form_points_floor", "form_points_ceiling"),
    ("form_points_awarded", "form_points_ceiling"),
    ("target_low", "target_high"),
];

impl Domain {
    pub fn of(rules: &RuleSet, names: &Names) -> Self {
        let entries: Vec<_> = names.iter().map(|entry| (entry.name.clone(), entry.value_type)).collect();
        let slots: BTreeMap<String, usize> =
            entries.iter().enumerate().map(|(slot, (name, _))| (name.to_string(), slot)).collect();
        let mut domain = Domain { facts: Vec::new(), names: entries, slots, constants: names.constants() };
        domain.facts = domain.names.iter().map(|(name, _)| domain.facts_of(name, rules)).collect();
        domain
    }

    pub fn get(&self, slot: usize) -> Option<&NameFacts> {
        self.facts.get(slot)
    }

    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get(name).copied()
    }

    pub fn name(&self, slot: usize) -> &str {
        self.names.get(slot).map_or("", |(name, _)| name)
    }

    /// What is known of a name, in words that are the same in every set of rules.
    pub fn told(&self, slot: usize) -> String {
        let (Some((name, kind)), Some(facts)) = (self.names.get(slot), self.facts.get(slot)) else {
            return String::new();
        };
        let NameFacts { origin, always, range, texts, at_least } = facts;
        let least = at_least.iter().filter_map(|key| super::slot_of(*key)).map(|slot| self.name(slot));
        let least = least.collect::<Vec<_>>();
        format!("{name} {kind:?} {origin:?} {always} {range:?} {texts:?} {least:?}")
    }

    /// The texts of a key, those of keys that are no names included.
    pub fn texts(&self, key: Key) -> Texts {
        if key == DIRECTION {
            return Texts::among(Direction::ALL.map(Direction::name));
        }
        let slot = super::slot_of(key);
        slot.and_then(|slot| self.facts.get(slot)).map_or_else(Texts::any, |facts| facts.texts.clone())
    }

    fn facts_of(&self, name: &str, rules: &RuleSet) -> NameFacts {
        NameFacts {
            origin: origin(name, rules),
            always: ALWAYS.contains(&name) || (name == "execution_points_possible" && rules.structure.totals.is_some()),
            range: range(name, rules),
            texts: texts(name, rules),
            at_least: ORDERED
                .iter()
                .filter(|(_, greater)| *greater == name)
                .filter_map(|(least, _)| Key::try_from(self.slot(least)?).ok())
                .collect(),
        }
    }
}

fn origin(name: &str, rules: &RuleSet) -> Origin {
    let totals = rules.structure.totals.as_ref();
    let fixed = |value: Option<&Exact>| Origin::Fixed(value.cloned().map_or(Value::Absent, Value::Number));
    match name {
        "met" => Origin::Met,
        "judged" => Origin::Judged,
        "lower_is_better" => Origin::LowerIsBetter,
        "quantified" => Origin::Quantified,
        "execution_rate" => Origin::ExecutionRate,
        "rule_points_total" => fixed(totals.map(|totals| &totals.form)),
        "rule_points_execution" => fixed(totals.map(|totals| &totals.execution)),
        _ => Origin::Form,
    }
}

fn range(name: &str, rules: &RuleSet) -> Range {
    let end = |at: i64| Some(End { at: Exact::from_i64(at), open: false });
    if name == "fiscal_year" {
        let (first, last) = years(rules);
        return Range { low: end(first.into()), high: end(last.into()) };
    }
    if COUNTS.contains(&name) {
        return Range { low: end(0), high: None };
    }
    if FROM_ONE.contains(&name) {
        return Range { low: end(1), high: None };
    }
    if POINTS.contains(&name) {
        return Range { low: end(-1_000_000_000), high: end(1_000_000_000) };
    }
    if name == "dimension_rule_points" {
        let points = || rules.structure.dimensions.iter().filter_map(|dimension| dimension.points.clone());
        let closed = |at| End { at, open: false };
        return Range { low: points().min().map(closed), high: points().max().map(closed) };
    }
    Range::default()
}

fn texts(name: &str, rules: &RuleSet) -> Texts {
    match name {
        "target_kind" | "actual_kind" => Texts::among(Kind::ALL.map(Kind::name)),
        "target_comparison" => Texts::among(Comparison::ALL.map(Comparison::name).into_iter().chain([""])),
        "meeting" => Texts::among(Met::ALL.map(Met::name)),
        "tier" => Texts::among(rules.lexicon.tiers().chain([""])),
        "status" => Texts::among(["SCORED", "NOT_APPLICABLE", "NEEDS_REVIEW", "FAILED"]),
        _ => Texts::any(),
    }
}

/// The fiscal years of forms that the rules score: from the first year that every parameter has a value for.
pub(in crate::proof) fn years(rules: &RuleSet) -> (i32, i32) {
    let applies = rules.applies_to.as_ref().map(|applies| applies.years);
    let told = rules.parameters.iter().filter_map(|parameter| Some(parameter.values.first()?.since)).max();
    let first = applies.and_then(|years| years.from).or(told).unwrap_or(FiscalYear::FIRST.get());
    let last = applies.and_then(|years| years.to).unwrap_or(FiscalYear::LAST.get());
    (first, last.max(first))
}
