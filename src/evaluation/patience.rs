//! One form's patience with formulas that do not come to an end.
//!
//! A single run of a formula is bounded by its own budget; a form with thousands of rows would pay that budget
//! in every row. A formula that used its budget up [`ATTEMPTS`] times is not run again for the same form: its
//! other rows fail at once, the same way each time.
//!
//! Whoever asked may stop waiting: then no formula is run any more, and what comes out is thrown away.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::witness::Witness;
use crate::formula::{EvalError, Formula, Frame};

const ATTEMPTS: u8 = 2;

pub(super) struct Patience<'w> {
    /// Formulas that used up their budget, by their text, and how often.
    exhausted: RefCell<BTreeMap<String, u8>>,
    /// Sees what runs, where somebody asked for it.
    witness: Option<Witness>,
    /// Whether somebody still waits for the answer.
    wanted: &'w dyn Fn() -> bool,
}

impl<'w> Patience<'w> {
    pub fn while_wanted(wanted: &'w dyn Fn() -> bool) -> Self {
        Patience { exhausted: RefCell::default(), witness: None, wanted }
    }

    /// To the end, whoever waits.
    pub fn to_the_end() -> Self {
        Patience::while_wanted(&|| true)
    }

    pub fn watched() -> Self {
        Patience { witness: Some(Witness::default()), ..Patience::to_the_end() }
    }

    pub fn is_wanted(&self) -> bool {
        (self.wanted)()
    }

    /// What was seen.
    pub fn into_witness(self) -> Witness {
        self.witness.unwrap_or_default()
    }

    /// Tells a witness by which division of points a form is measured.
    pub fn note_weights(&self, id: &str) {
        if let Some(witness) = &self.witness {
            witness.note_weights(id);
        }
    }

    /// Lets a witness see formulas that run by themselves.
    pub fn note<'f>(&self, formulas: impl Iterator<Item = &'f Formula>, values: Frame<'_>) {
        if let Some(witness) = &self.witness {
            formulas.for_each(|formula| witness.note(formula, values));
        }
    }

    /// Runs the formula for these values, unless it has shown that it does not come to an end.
    pub fn run<'v, T>(
        &self,
        formula: &Formula,
        values: impl Into<Frame<'v>>,
        run: impl FnOnce() -> Result<T, EvalError>,
    ) -> Result<T, EvalError> {
        if !self.is_wanted() || self.is_spent(formula) {
            return Err(EvalError::TooMuchWork);
        }
        if let Some(witness) = &self.witness {
            witness.note(formula, values.into());
        }
        let outcome = run();
        if matches!(outcome, Err(EvalError::TooMuchWork)) {
            *self.exhausted.borrow_mut().entry(formula.text().to_owned()).or_default() += 1;
        }
        outcome
    }

    /// Whether every formula may run, as often as anybody likes, and nobody looks on: then it does not matter in which
    /// order they do, nor how often.
    pub fn is_free(&self) -> bool {
        self.witness.is_none() && self.exhausted.borrow().is_empty()
    }

    fn is_spent(&self, formula: &Formula) -> bool {
        let exhausted = self.exhausted.borrow();
        !exhausted.is_empty() && exhausted.get(formula.text()).is_some_and(|times| *times >= ATTEMPTS)
    }
}
