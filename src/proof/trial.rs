//! Looking for an input that breaks a claim, and running it: what is refuted was seen to fail.

use std::collections::BTreeSet;

use super::algebra::{Constraint, Unknown};
use super::claim::{Input, Outcome, Refutation};
use super::decide::{Hints, Search, Work, impossible, simply_impossible};
use super::explore::{Domain, Facts, slot_of};
use super::input::{Maker, Point};
use crate::formula::{Formula, Value};

/// The most values tried for one way of breaking a claim: at first, and when no proof was found.
const FIRST_TRIES: usize = 80;
const MORE_TRIES: usize = 1_000;
/// The most values tried for one claim.
const ALL_TRIES: usize = 6_000;

/// The effort that may still go into one claim.
pub(super) struct Effort {
    pub work: Work,
    tries: usize,
}

impl Effort {
    pub fn of(work: usize) -> Self {
        Effort { work: Work::of(work), tries: ALL_TRIES }
    }
}

/// What came of one way to break a claim.
pub(super) enum Settled {
    Impossible,
    Broken(Box<Refutation>),
    Open,
}

/// Whether what some inputs gave breaks a claim.
pub(super) type Breaks<'a> = dyn Fn(&[Outcome], &[Vec<Value>]) -> bool + 'a;

/// A way to break a claim.
pub(super) struct Attempt<'a> {
    pub facts: &'a Facts,
    /// What breaks it, besides the facts.
    pub supposed: Option<Constraint>,
    /// One input, or two.
    pub inputs: usize,
    /// Whether an input gets to the rule.
    pub admits: &'a dyn Fn(&[Value], &Facts) -> bool,
    /// Whether what was run breaks the claim.
    pub breaks: &'a Breaks<'a>,
}

/// What is run, and what of it is shown.
pub(super) struct Trial<'a> {
    pub maker: Maker<'a>,
    pub hints: &'a Hints,
    pub formula: &'a Formula,
    /// Slots to show with an input, besides those of the formula.
    pub shown: Vec<usize>,
}

impl Trial<'_> {
    /// Proves that the attempt must fail, or finds an input that makes it succeed.
    pub fn settle(&self, attempt: &Attempt<'_>, effort: &mut Effort) -> Settled {
        let constraints: Vec<Constraint> =
            attempt.facts.reals.iter().cloned().chain(attempt.supposed.clone()).collect();
        if simply_impossible(constraints.iter().cloned(), &mut effort.work) {
            return Settled::Impossible;
        }
        if let Some(found) = self.search(attempt, &constraints, FIRST_TRIES, effort) {
            return Settled::Broken(Box::new(found));
        }
        if impossible(constraints.iter().cloned(), &mut effort.work) {
            return Settled::Impossible;
        }
        match self.search(attempt, &constraints, MORE_TRIES, effort) {
            Some(found) => Settled::Broken(Box::new(found)),
            None => Settled::Open,
        }
    }

    /// One input, or two, that satisfy the constraints and break the claim when they are run.
    fn search(
        &self,
        attempt: &Attempt<'_>,
        constraints: &[Constraint],
        tries: usize,
        effort: &mut Effort,
    ) -> Option<Refutation> {
        let tries = tries.min(effort.tries);
        let unknowns = unknowns_in_order(constraints, self.maker.domain);
        let mut accept = |point: &Point| {
            let mut values = Vec::new();
            for twin in [false, true].into_iter().take(attempt.inputs) {
                let input = self.maker.input(attempt.facts, point, twin)?;
                if !(attempt.admits)(&input, attempt.facts) {
                    return None;
                }
                values.push(input);
            }
            let outcomes: Vec<Outcome> = values.iter().map(|values| outcome(self.formula, values)).collect();
            if !(attempt.breaks)(&outcomes, &values) {
                return None;
            }
            let inputs = values.into_iter().map(|values| self.show(values)).zip(outcomes).collect();
            Some(Refutation { inputs })
        };
        let mut search = Search::new(constraints, self.hints, tries);
        let found = search.find(&unknowns, &mut accept);
        effort.tries = effort.tries.saturating_sub(tries.saturating_sub(search.left()));
        found
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
