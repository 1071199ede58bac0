//! One form's patience with formulas that do not come to an end.
//!
//! A single run of a formula is bounded by its own budget; a form with thousands of rows would pay that budget
//! in every row. A formula that used its budget up [`ATTEMPTS`] times is not run again for the same form: its
//! other rows fail at once, the same way each time.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::formula::{EvalError, Formula};

const ATTEMPTS: u8 = 2;

/// Formulas that used up their budget, by their text, and how often.
#[derive(Default)]
pub(super) struct Patience {
    exhausted: RefCell<BTreeMap<String, u8>>,
}

impl Patience {
    /// Runs the formula, unless it has shown that it does not come to an end.
    pub fn run<T>(&self, formula: &Formula, run: impl FnOnce() -> Result<T, EvalError>) -> Result<T, EvalError> {
        if self.is_spent(formula) {
            return Err(EvalError::TooMuchWork);
        }
        let outcome = run();
        if matches!(outcome, Err(EvalError::TooMuchWork)) {
            *self.exhausted.borrow_mut().entry(formula.text().to_owned()).or_default() += 1;
        }
        outcome
    }

    fn is_spent(&self, formula: &Formula) -> bool {
        let exhausted = self.exhausted.borrow();
        !exhausted.is_empty() && exhausted.get(formula.text()).is_some_and(|times| *times >= ATTEMPTS)
    }
}
