//! What cases can reach of a rule set, thing by thing.

use std::collections::BTreeSet;

use crate::diagnostic::Place;
use crate::document::Node;
use crate::formula::{Fork, ForkKind, Formula};
use crate::ruleset::{MethodKind, RuleSet};

/// What coverage counts apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Entries of scoring, execution, adjustments and coverage, and the other divisions of points.
    Entry,
    Method,
    /// Grade bands, rows of tables, tiers of methods.
    Band,
    /// The ways of formulas and scripts.
    Branch,
    Check,
    Parameter,
    /// Entries of the lexicon: a text that some case reads has one of their words.
    Lexicon,
}

/// How something can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// It took part.
    Used,
    /// A check found something.
    Fires,
    /// A check looked and found nothing.
    Silent,
    /// A condition held, or did not.
    Holds,
    Fails,
    /// What stands before `??` was there, or absent.
    Present,
    Absent,
    /// The argument of `min`, `max` or `clamp`, from 0, was the result.
    Argument(usize),
}

/// One thing of the rules, with all ways in which it can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    /// Section and id of the entry that it is or stands in: `methods`, `proportional`.
    pub section: &'static str,
    pub id: String,
    pub place: Place,
    pub ways: Vec<Way>,
}

/// A formula of the rules, and the entry that it stands in.
pub(super) struct Owned<'r> {
    pub section: &'static str,
    pub id: &'r str,
    pub formula: &'r Formula,
    /// The scalar that it stands in.
    pub at: &'r Node,
}

/// The formulas that decide something: conditions, methods and adjustments. Those of messages only tell.
pub(super) fn formulas<'r>(rules: &'r RuleSet) -> Vec<Owned<'r>> {
    let mut all = Vec::new();
    let mut add = |section, id: &'r str, formula: &'r Formula, at: Option<&'r Node>| {
        all.extend(at.map(|at| Owned { section, id, formula, at }));
    };
    for method in &rules.methods {
        if let MethodKind::Formula(formula) = &method.kind {
            add("methods", method.id.as_str(), formula, method.formula_at.as_ref());
        }
    }
    for (section, entries) in [("scoring", &rules.scoring), ("execution", &rules.execution)] {
        for entry in entries {
            if let Some(condition) = &entry.when.condition {
                add(section, entry.id.as_str(), condition, entry.condition_at.as_ref());
            }
        }
    }
    for rule in &rules.adjustments {
        if let Some(when) = &rule.when {
            add("adjustments", rule.id.as_str(), when, rule.when_at.as_ref());
        }
        add("adjustments", rule.id.as_str(), &rule.points, rule.points_at.as_ref());
    }
    for (section, checks) in [("coverage", &rules.coverage), ("checks", &rules.checks)] {
        for check in checks {
            add(section, check.id.as_str(), &check.when, check.when_at.as_ref());
        }
    }
    all
}

/// Everything that cases can reach, in the order of the sections; what formulas share is there once.
pub fn items(rules: &RuleSet) -> Vec<Item> {
    let mut all = Vec::new();
    let mut add = |kind, section, id: &str, place: &Place, ways: &[Way]| {
        all.push(Item { kind, section, id: id.to_owned(), place: place.clone(), ways: ways.to_vec() });
    };
    for (section, entries) in [("scoring", &rules.scoring), ("execution", &rules.execution)] {
        entries.iter().for_each(|entry| add(Kind::Entry, section, &entry.id, &entry.place, &[Way::Used]));
    }
    for rule in &rules.adjustments {
        add(Kind::Entry, "adjustments", &rule.id, &rule.place, &[Way::Used]);
    }
    for other in &rules.structure.alternatives {
        add(Kind::Entry, "alternatives", &other.id, &other.place, &[Way::Used]);
    }
    for method in &rules.methods {
        add(Kind::Method, "methods", &method.id, &method.place, &[Way::Used]);
        if let MethodKind::Tiers(tiers) = &method.kind {
            for tier in tiers {
                add(Kind::Band, "methods", &format!("{} {}", method.id, tier.tier), &tier.place, &[Way::Used]);
            }
        }
    }
    for table in &rules.tables {
        for (row, place) in &table.rows_at {
            add(Kind::Band, "tables", &format!("{} {row}", table.id), place, &[Way::Used]);
        }
    }
    rules.bands.iter().for_each(|band| add(Kind::Band, "bands", &band.id, &band.place, &[Way::Used]));
    for (section, checks) in [("coverage", &rules.coverage), ("checks", &rules.checks)] {
        for check in checks {
            add(Kind::Check, section, &check.id, &check.place, &[Way::Fires, Way::Silent]);
        }
    }
    for parameter in &rules.parameters {
        for value in &parameter.values {
            let id = format!("{} {}", parameter.id, value.since);
            add(Kind::Parameter, "parameters", &id, &value.place, &[Way::Used]);
        }
    }
    for entry in rules.word_index().entries() {
        let (id, place) = (entry.id.clone(), entry.place.clone());
        all.push(Item { kind: Kind::Lexicon, section: "lexicon", id, place, ways: vec![Way::Used] });
    }
    branches(rules, &mut all);
    all
}

fn branches(rules: &RuleSet, all: &mut Vec<Item>) {
    let mut seen: BTreeSet<(Place, Vec<Way>)> = BTreeSet::new();
    for Owned { section, id, formula, at } in formulas(rules) {
        for fork in formula.forks() {
            let (place, ways) = (place_of(&fork, at), ways_of(&fork));
            if seen.insert((place.clone(), ways.clone())) {
                let (section, id) = if fork.file.is_some() { ("scripts", "") } else { (section, id) };
                all.push(Item { kind: Kind::Branch, section, id: id.to_owned(), place, ways });
            }
        }
    }
}

/// Where a fork of the formula in the scalar `at` stands.
pub(super) fn place_of(fork: &Fork, at: &Node) -> Place {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let spot = &fork.spot;
    match &fork.file {
        Some(file) => Place::new(file.clone(), number(spot.line), number(spot.column), number(spot.length)),
        None => at.place_at(spot.offset, spot.length),
    }
}

fn ways_of(fork: &Fork) -> Vec<Way> {
    (0..fork.ways).map(|way| way_of(fork.kind, way)).collect()
}

pub(super) fn way_of(kind: ForkKind, way: usize) -> Way {
    match (kind, way) {
        (ForkKind::Condition, 0) => Way::Holds,
        (ForkKind::Condition, _) => Way::Fails,
        (ForkKind::Fallback, 0) => Way::Present,
        (ForkKind::Fallback, _) => Way::Absent,
        (ForkKind::Choice, argument) => Way::Argument(argument),
    }
}
