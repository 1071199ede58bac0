//! What happened in the formulas while a form was scored.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::formula::{Formula, Frame, Watched};

/// The runs of one formula over a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    /// As a condition it held in some run, and did not in some.
    pub held: bool,
    pub did_not_hold: bool,
    pub watched: Watched,
}

/// Sees every formula that runs. An evaluation without one pays nothing for it.
#[derive(Debug, Default)]
pub struct Witness {
    /// By the formula's identity.
    runs: RefCell<BTreeMap<usize, Runs>>,
    /// Id of the division of points that the form was measured by.
    weights: RefCell<String>,
}

impl Witness {
    /// How a formula of the rules ran; `None` when it did not.
    pub fn runs(&self, formula: &Formula) -> Option<Runs> {
        self.runs.borrow().get(&formula.identity()).cloned()
    }

    /// Id of the division of points that the form was measured by, or `usual`.
    pub fn weights(&self) -> String {
        self.weights.borrow().clone()
    }

    pub(super) fn note_weights(&self, id: &str) {
        id.clone_into(&mut self.weights.borrow_mut());
    }

    pub(super) fn note(&self, formula: &Formula, values: Frame<'_>) {
        let (watched, holds) = formula.watch(values);
        let mut all = self.runs.borrow_mut();
        let runs = all.entry(formula.identity()).or_default();
        runs.held |= holds;
        runs.did_not_hold |= !holds;
        runs.watched.join(watched);
    }
}
