//! What cases can reach of a rule set, thing by thing.

use std::collections::BTreeSet;

use crate::diagnostic::Place;
use crate::document::Node;
use crate::formula::{Fork, ForkKind, Value};
use crate::ruleset::{MethodKind, OwnedFormula, RuleSet};

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
    /// Where the condition of a check stands: a pack that keeps it and changes the words reaches it, too.
    pub condition: Option<Place>,
    pub ways: Vec<Way>,
}

/// Everything that cases can reach, in the order of the sections; what formulas share is there once. What the
/// parameters switch off in every year is left out.
pub fn items(rules: &RuleSet) -> Vec<Item> {
    let mut list = List { all: Vec::new() };
    for (section, entries) in [("scoring", &*rules.scoring), ("execution", &*rules.execution)] {
        entries.iter().for_each(|entry| list.add(Kind::Entry, section, &entry.id, &entry.place));
    }
    rules.adjustments.iter().for_each(|rule| list.add(Kind::Entry, "adjustments", &rule.id, &rule.place));
    let others = &rules.structure.alternatives;
    others.iter().for_each(|other| list.add(Kind::Entry, "alternatives", &other.id, &other.place));
    for method in rules.methods.iter() {
        list.add(Kind::Method, "methods", &method.id, &method.place);
        if let MethodKind::Tiers(tiers) = &method.kind {
            for tier in tiers {
                list.add(Kind::Band, "methods", &format!("{} {}", method.id, tier.tier), &tier.place);
            }
        }
    }
    rules.bands.iter().for_each(|band| list.add(Kind::Band, "bands", &band.id, &band.place));
    for (section, checks) in [("coverage", &rules.coverage), ("checks", &rules.checks)] {
        for check in checks {
            let (id, place) = (check.id.clone(), check.place.clone());
            let condition = check.when_at.as_ref().map(|at| at.place.clone());
            list.all.push(Item {
                kind: Kind::Check,
                section,
                id,
                place,
                condition,
                ways: vec![Way::Fires, Way::Silent],
            });
        }
    }
    let words = rules.word_index().entries();
    words.iter().for_each(|entry| list.add(Kind::Lexicon, "lexicon", &entry.id, &entry.place));
    let names = list.branches(rules);
    list.constants(rules, &names);
    list.all
}

struct List {
    all: Vec<Item>,
}

impl List {
    fn add(&mut self, kind: Kind, section: &'static str, id: &str, place: &Place) {
        let (id, place, condition) = (id.to_owned(), place.clone(), None);
        self.all.push(Item { kind, section, id, place, condition, ways: vec![Way::Used] });
    }

    /// The ways of formulas; gives the names that some formula can ask for.
    fn branches(&mut self, rules: &RuleSet) -> BTreeSet<usize> {
        let periods = periods(rules);
        let mut seen: BTreeSet<(Place, Vec<Way>)> = BTreeSet::new();
        let mut names = BTreeSet::new();
        for OwnedFormula { section, id, formula, at } in rules.formulas() {
            let live = formula.live(&periods);
            names.extend(live.names);
            for fork in live.forks {
                let (place, ways) = (place_of(&fork, at), ways_of(&fork));
                if seen.insert((place.clone(), ways.clone())) {
                    let (section, id) = if fork.file.is_some() { ("scripts", "") } else { (section, id) };
                    let (id, condition) = (id.to_owned(), None);
                    self.all.push(Item { kind: Kind::Branch, section, id, place, condition, ways });
                }
            }
        }
        names
    }

    /// Parameters, those that only messages or the structure mention included, and tables that some formula can ask.
    fn constants(&mut self, rules: &RuleSet, names: &BTreeSet<usize>) {
        for parameter in &rules.parameters {
            for value in &parameter.values {
                self.add(Kind::Parameter, "parameters", &format!("{} {}", parameter.id, value.since), &value.place);
            }
        }
        let tables_at = rules.parameters.len() + rules.words.len();
        for (_, table) in (tables_at..).zip(&rules.tables).filter(|(slot, _)| names.contains(slot)) {
            for (row, place) in &table.rows_at {
                self.add(Kind::Band, "tables", &format!("{} {row}", table.id), place);
            }
        }
    }
}

/// The constants of each stretch of years in which no parameter changes.
fn periods(rules: &RuleSet) -> Vec<Vec<Value>> {
    let years: BTreeSet<i32> =
        rules.parameters.iter().flat_map(|parameter| &parameter.values).map(|value| value.since).collect();
    years.into_iter().map(|year| rules.constants(year)).collect()
}

/// Where a fork of the formula in the scalar `at` stands.
pub(in crate::regress) fn place_of(fork: &Fork, at: &Node) -> Place {
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
