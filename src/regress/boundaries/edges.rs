//! The edges of a rule set, where results change, and how near to them an evaluation comes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Place;
use crate::evaluation::{Evaluation, Witness};
use crate::formula::{Fork, ForkKind};
use crate::quantity::Exact;
use crate::regress::reach::place_of;
use crate::ruleset::{OwnedFormula, RuleSet};

/// Where results change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub place: Place,
    /// `bands`, `tables.execution_cap`, `checks.grade_mismatch`
    pub rule: String,
    pub at: Exact,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Grades,
    /// Index of the table.
    Table(usize),
    /// The comparison's identity.
    Comparison(usize),
}

/// For every edge the numbers that an evaluation held against it, in the order of the runs.
pub type Seen = BTreeMap<Edge, Vec<Exact>>;

struct Compares {
    place: Place,
    rule: String,
    constant_on_left: bool,
}

/// The edges of one rule set.
pub struct Edges<'r> {
    rules: &'r RuleSet,
    formulas: Vec<OwnedFormula<'r>>,
    comparisons: BTreeMap<usize, Compares>,
    /// Interior ends of each table's rows, each with the row that begins or ends there.
    tables: Vec<BTreeMap<Exact, Place>>,
    grades: BTreeMap<Exact, Place>,
}

impl<'r> Edges<'r> {
    pub fn of(rules: &'r RuleSet) -> Self {
        let formulas = rules.formulas();
        let mut comparisons = BTreeMap::new();
        for OwnedFormula { section, id, formula, at } in &formulas {
            for comparison in formula.comparisons() {
                let place = match comparison.near {
                    Some(spot) => {
                        let fork = Fork { file: comparison.file.clone(), spot, kind: ForkKind::Condition, ways: 2 };
                        place_of(&fork, at)
                    }
                    None => at.place.clone(),
                };
                let (rule, constant_on_left) = (format!("{section}.{id}"), comparison.constant_on_left);
                // A function that many call is told once.
                let compares = Compares { place, rule, constant_on_left };
                comparisons.entry(comparison.identity).or_insert(compares);
            }
        }
        let tables = rules.tables.iter().map(|table| {
            let ends = table
                .rows_at
                .iter()
                .flat_map(|(row, place)| [(row.low.clone(), place.clone()), (row.high.clone(), place.clone())]);
            ends.filter(|(end, _)| *end > table.covers.low && *end < table.covers.high).collect()
        });
        let ends = rules.bands.iter().flat_map(|band| {
            [(band.points.low.clone(), band.place.clone()), (band.points.high.clone(), band.place.clone())]
        });
        let whole = rules.structure.totals.as_ref().map(|totals| &totals.form);
        let inside = |end: &Exact| *end > Exact::ZERO && whole.is_none_or(|whole| end < whole);
        let grades = ends.filter(|(end, _)| inside(end)).collect();
        let tables = tables.collect();
        Edges { rules, formulas, comparisons, tables, grades }
    }

    /// What an evaluation by these rules held against their edges.
    pub fn seen(&self, evaluation: &Evaluation, witness: &Witness) -> Seen {
        let mut seen = Seen::new();
        let mut note = |edge: Edge, x: &Exact| seen.entry(edge).or_default().push(x.clone());
        if evaluation.complete {
            let points = evaluation.points.awarded.to_exact();
            for (at, place) in &self.grades {
                let (place, rule, at, what) = (place.clone(), "bands".to_owned(), at.clone(), What::Grades);
                note(Edge { place, rule, at, what }, &points);
            }
        }
        for OwnedFormula { formula, .. } in &self.formulas {
            let Some(runs) = witness.runs(formula) else { continue };
            for compared in runs.watched.compared {
                let Some(known) = self.comparisons.get(&compared.identity) else { continue };
                let (left, right) = (compared.left, compared.right);
                let (at, x) = if known.constant_on_left { (left, right) } else { (right, left) };
                let (place, rule) = (known.place.clone(), known.rule.clone());
                note(Edge { place, rule, at, what: What::Comparison(compared.identity) }, &x);
            }
            for found in runs.watched.rows {
                let index = self.rules.tables.iter().position(|table| Arc::ptr_eq(&table.rows, &found.table));
                let Some((index, table)) = index.and_then(|i| Some((i, self.rules.tables.get(i)?))) else { continue };
                for (at, place) in self.tables.get(index).into_iter().flatten() {
                    let (place, rule) = (place.clone(), format!("tables.{}", table.id));
                    note(Edge { place, rule, at: at.clone(), what: What::Table(index) }, &found.x);
                }
            }
        }
        seen
    }
}

impl Edge {
    /// The check that the edge lies in.
    pub fn check(&self) -> Option<&str> {
        self.rule.strip_prefix("checks.").or_else(|| self.rule.strip_prefix("coverage."))
    }
}
