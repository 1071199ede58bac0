//! Looking for an input that breaks a claim, and running it: what is refuted was seen to fail.

use std::collections::BTreeSet;

use super::algebra::{Constraint, Unknown};
use super::claim::{Input, Outcome, Refutation};
use super::decide::{Hints, Search};
use super::explore::{Domain, Facts, slot_of};
use super::input::{Maker, Point};
use crate::formula::{Formula, Value};

/// The most values tried for one way of breaking a claim.
const TRIES: usize = 1_500;

/// What is run, and what of it is shown.
pub(super) struct Trial<'a> {
    pub maker: Maker<'a>,
    pub hints: &'a Hints,
    pub formula: &'a Formula,
    /// Slots to show with an input, besides those of the formula.
    pub shown: Vec<usize>,
}

impl Trial<'_> {
    /// One input, or two, that satisfy the facts and for which `breaks` sees the claim broken.
    pub fn run(
        &self,
        facts: &Facts,
        supposed: Option<Constraint>,
        inputs: usize,
        admits: &dyn Fn(&[Value], &Facts) -> bool,
        breaks: &dyn Fn(&[Outcome], &[Vec<Value>]) -> bool,
    ) -> Option<Refutation> {
        let constraints: Vec<Constraint> = facts.reals.iter().cloned().chain(supposed).collect();
        let unknowns = unknowns_in_order(&constraints, self.maker.domain);
        let mut accept = |point: &Point| {
            let mut values = Vec::new();
            for twin in [false, true].into_iter().take(inputs) {
                let input = self.maker.input(facts, point, twin)?;
                if !admits(&input, facts) {
                    return None;
                }
                values.push(input);
            }
            let outcomes: Vec<Outcome> = values.iter().map(|values| outcome(self.formula, values)).collect();
            if !breaks(&outcomes, &values) {
                return None;
            }
            let inputs = values.into_iter().map(|values| self.show(values)).zip(outcomes).collect();
            Some(Refutation { inputs, in_condition: false })
        };
        Search::new(&constraints, self.hints, TRIES).find(&unknowns, &mut accept)
    }

    fn show(&self, values: Vec<Value>) -> Input {
        let constants = self.maker.domain.constants;
        let used = self.formula.names_used().filter(|slot| *slot >= constants);
        let slots: BTreeSet<usize> = used.chain(self.shown.iter().copied()).collect();
        self.maker.shown(values, slots)
    }
}

pub(super) fn outcome(formula: &Formula, values: &[Value]) -> Outcome {
    match formula.evaluate(values) {
        Ok(value) => Outcome::Value(value),
        Err(error) => Outcome::Failure(error.message()),
    }
}

/// The unknowns of some constraints: points first, the actual and what depends on it last.
pub(super) fn unknowns_in_order(constraints: &[Constraint], domain: &Domain) -> Vec<Unknown> {
    let unknowns: BTreeSet<Unknown> =
        constraints.iter().flat_map(|constraint| constraint.polynomial.unknowns()).collect();
    let mut unknowns: Vec<Unknown> = unknowns.into_iter().collect();
    let rank = |unknown: &Unknown| match slot_of(*unknown).map(|slot| domain.name(slot)) {
        _ if super::explore::is_twin(*unknown) => 3,
        Some("points_possible" | "execution_points_possible") => 0,
        Some("actual" | "budget_executed") => 2,
        Some(_) => 1,
        None => 4,
    };
    unknowns.sort_by_key(|unknown| (rank(unknown), *unknown));
    unknowns
}
