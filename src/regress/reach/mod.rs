//! What one evaluation reached of a rule set.
//!
//! Two questions are kept apart. *Taken* is what decided: the entry that scored a row, the band a grade fell into, the
//! side of a condition; coverage counts it. *Consulted* is what was asked on the way, with whatever answer: every
//! entry tried before the one that matched, every condition that ran. A change of something that no evaluation
//! consulted cannot change any evaluation.

mod items;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Place;
use crate::evaluation::{Evaluation, Score, TraceStep, Witness};
use crate::formula::Fork;
use crate::ruleset::{Entry, MethodKind, OwnedFormula, RuleSet};
pub(super) use items::place_of;
use items::way_of;
pub use items::{Item, Kind, Way, items};

/// What one evaluation reached, or several together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Places of [`Item`]s, with the ways in which they were reached.
    taken: BTreeSet<(Place, Way)>,
    /// Section and id of entries.
    consulted: BTreeSet<(&'static str, String)>,
    /// Script functions that ran, with their files.
    scripts: BTreeSet<(Arc<str>, Arc<str>)>,
}

/// Sections whose entries are consulted one by one. What stands elsewhere (structure, lexicon, word lists) has a part in
/// every evaluation.
const APART: &[&str] =
    &["scoring", "execution", "adjustments", "methods", "coverage", "checks", "parameters", "tables"];

/// A rule set with the places of all its forks: what evaluations are told apart by, found once for all of them.
pub struct Ground<'r> {
    rules: &'r RuleSet,
    formulas: Vec<(OwnedFormula<'r>, BTreeMap<Fork, Place>)>,
}

impl<'r> Ground<'r> {
    pub fn of(rules: &'r RuleSet) -> Self {
        let placed = |owned: OwnedFormula<'r>| {
            let forks = owned.formula.live(&[]).forks.into_iter();
            let placed = forks.map(|fork| (fork.clone(), place_of(&fork, owned.at))).collect();
            (owned, placed)
        };
        Ground { rules, formulas: rules.formulas().into_iter().map(placed).collect() }
    }

    /// What `evaluation`, made by these rules under the eyes of `witness`, reached.
    pub fn reach(&self, evaluation: &Evaluation, witness: &Witness) -> Reach {
        let rules = self.rules;
        let mut reach = Reach::default();
        let execution = evaluation.execution.iter().map(|result| &result.score);
        execution.for_each(|score| reach.score(rules, ("execution", &rules.execution), score));
        for row in &evaluation.indicators {
            reach.score(rules, ("scoring", &rules.scoring), &row.score);
        }
        reach.steps(rules, &evaluation.trace);
        reach.formulas(self, evaluation.fiscal_year, witness);
        reach.checks(rules, evaluation.fiscal_year, witness);
        reach.grade(rules, evaluation);
        reach.words(rules, evaluation);
        let weights = witness.weights();
        let division = rules.structure.alternatives.iter().find(|other| other.id == weights);
        reach.taken.extend(division.map(|other| (other.place.clone(), Way::Used)));
        reach
    }
}

impl Reach {
    /// Whether the thing at `place` was reached in this way.
    pub fn took(&self, place: &Place, way: Way) -> bool {
        self.taken.contains(&(place.clone(), way))
    }

    /// Everything that was taken, in the order of files and lines.
    pub fn taken(&self) -> impl Iterator<Item = &(Place, Way)> {
        self.taken.iter()
    }

    /// Whether a change of this entry could have changed an evaluation: false only where it cannot.
    pub fn consulted(&self, section: &str, id: &str) -> bool {
        !APART.contains(&section) || self.consulted.iter().any(|(one, other)| *one == section && other == id)
    }

    /// Whether a function of a script file ran.
    pub fn ran(&self, file: &str, name: &str) -> bool {
        self.scripts.iter().any(|(known, of)| &**known == name && &**of == file)
    }

    /// Adds what another evaluation reached.
    pub fn join(&mut self, other: Reach) {
        self.taken.extend(other.taken);
        self.consulted.extend(other.consulted);
        self.scripts.extend(other.scripts);
    }

    fn score(&mut self, rules: &RuleSet, (section, entries): (&'static str, &[Entry]), score: &Score) {
        let place = score.trace().first().map(|step| step.place.as_str());
        let taken = entries.iter().position(|entry| Some(entry.place.to_string().as_str()) == place);
        let tried = taken.map_or(entries.len(), |index| index + 1);
        self.consulted.extend(entries.iter().take(tried).map(|entry| (section, entry.id.clone())));
        let taken = taken.and_then(|index| entries.get(index));
        self.taken.extend(taken.map(|entry| (entry.place.clone(), Way::Used)));
        self.steps(rules, score.trace());
    }

    /// Methods and adjustments of a trace.
    fn steps(&mut self, rules: &RuleSet, trace: &[TraceStep]) {
        for step in trace {
            let (section, id) = step.rule.split_once('.').unwrap_or_default();
            match section {
                "methods" => {
                    let Some(method) = rules.methods.iter().find(|method| method.id == id) else { continue };
                    self.consulted.insert(("methods", id.to_owned()));
                    self.taken.insert((method.place.clone(), Way::Used));
                    let tier = step.bindings.iter().find(|(name, _)| name == "tier").map(|(_, tier)| tier);
                    if let (MethodKind::Tiers(tiers), Some(tier)) = (&method.kind, tier) {
                        let row = tiers.iter().find(|known| known.tier == *tier);
                        self.taken.extend(row.map(|row| (row.place.clone(), Way::Used)));
                    }
                }
                "adjustments" => {
                    let rule = rules.adjustments.iter().find(|rule| rule.id == id);
                    self.taken.extend(rule.map(|rule| (rule.place.clone(), Way::Used)));
                }
                _ => {}
            }
        }
    }

    /// What ran: forks, constants, rows of tables, functions.
    fn formulas(&mut self, ground: &Ground<'_>, fiscal_year: i32, witness: &Witness) {
        let rules = ground.rules;
        for (OwnedFormula { section, id, formula, .. }, places) in &ground.formulas {
            let Some(runs) = witness.runs(formula) else { continue };
            self.consulted.insert((section, (*id).to_owned()));
            for (fork, ways) in &runs.watched.forks {
                let Some(place) = places.get(fork) else { continue };
                self.taken.extend(ways.iter().map(|way| (place.clone(), way_of(fork.kind, *way))));
            }
            for found in &runs.watched.rows {
                let table = rules.tables.iter().find(|table| Arc::ptr_eq(&table.rows, &found.table));
                let row = table.and_then(|table| table.rows_at.iter().find(|(row, _)| *row == found.row));
                self.taken.extend(row.map(|(_, place)| (place.clone(), Way::Used)));
            }
            self.constants(rules, fiscal_year, &runs.watched.names);
            self.scripts.extend(runs.watched.scripts);
        }
        let decimals = rules.structure.totals.as_ref().map(|totals| totals.decimals.value.as_str());
        let decimals = rules.parameters.iter().position(|parameter| Some(parameter.id.as_str()) == decimals);
        self.constants(rules, fiscal_year, &decimals.into_iter().collect());
    }

    /// Checks with their outcomes, and what their messages told.
    fn checks(&mut self, rules: &RuleSet, fiscal_year: i32, witness: &Witness) {
        for check in rules.coverage.iter().chain(&rules.checks) {
            let Some(runs) = witness.runs(&check.when) else { continue };
            let condition = check.when_at.as_ref().map(|at| &at.place);
            for (_, way) in [(runs.held, Way::Fires), (runs.did_not_hold, Way::Silent)].iter().filter(|(seen, _)| *seen)
            {
                let places = std::iter::once(&check.place).chain(condition);
                self.taken.extend(places.map(|place| (place.clone(), *way)));
            }
            for told in check.told() {
                let names = witness.runs(told).map(|runs| runs.watched.names).unwrap_or_default();
                self.constants(rules, fiscal_year, &names);
            }
        }
    }

    /// Parameters, and tables after the word lists, stand in the first slots of every formula.
    fn constants(&mut self, rules: &RuleSet, fiscal_year: i32, names: &BTreeSet<usize>) {
        let tables_at = rules.parameters.len() + rules.words.len();
        for slot in names {
            if let Some(parameter) = rules.parameters.get(*slot) {
                self.consulted.insert(("parameters", parameter.id.clone()));
                let value = parameter.value_for(fiscal_year);
                self.taken.extend(value.map(|value| (value.place.clone(), Way::Used)));
            } else if let Some(table) = slot.checked_sub(tables_at).and_then(|index| rules.tables.get(index)) {
                self.consulted.insert(("tables", table.id.clone()));
            }
        }
    }

    /// What texts reach by themselves: entries of the lexicon.
    pub fn of_texts<'t>(rules: &RuleSet, texts: impl Iterator<Item = &'t str>) -> Self {
        let mut reach = Reach::default();
        reach.speak(rules, texts);
        reach
    }

    /// Entries of the lexicon that the texts of the rows speak of.
    fn words(&mut self, rules: &RuleSet, evaluation: &Evaluation) {
        let rows = evaluation.indicators.iter();
        self.speak(rules, rows.flat_map(|row| [&*row.name, &*row.category, &*row.target.text, &*row.actual.text]));
    }

    fn speak<'t>(&mut self, rules: &RuleSet, texts: impl Iterator<Item = &'t str>) {
        let index = rules.word_index();
        let met: BTreeSet<usize> = texts.flat_map(|text| index.met(text)).collect();
        let entries = met.into_iter().filter_map(|entry| index.entries().get(entry));
        self.taken.extend(entries.map(|entry| (entry.place.clone(), Way::Used)));
    }

    /// The band that the points fall into, where they have a grade or fall where the rules leave none on purpose.
    fn grade(&mut self, rules: &RuleSet, evaluation: &Evaluation) {
        let band = rules.band_of(&evaluation.points.awarded.to_exact());
        let told = |id: &str| evaluation.grade.as_ref().is_some_and(|grade| grade.id == id);
        let band = band.filter(|band| told(&band.id) || (!band.graded && evaluation.complete));
        self.taken.extend(band.map(|band| (band.place.clone(), Way::Used)));
    }
}
