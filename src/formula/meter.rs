//! The work one evaluation may do, counted and not timed, so that the same inputs always end the same way.

use super::{EvalError, Value};
use crate::quantity::Exact;

/// In units of roughly a small step of the machine: a formula takes about a hundred, and all of it well
/// under a second.
pub(super) const BUDGET: u64 = 500_000;

#[derive(Debug, Clone)]
pub(super) struct Meter {
    left: u64,
}

impl Meter {
    pub(super) fn new() -> Self {
        Meter { left: BUDGET }
    }

    /// One step of either evaluator.
    pub(super) fn step(&mut self) -> Result<(), EvalError> {
        self.spend(1)
    }

    /// The work of an operator or function on these arguments, beyond its step.
    #[inline]
    pub(super) fn charge(&mut self, arguments: &[&Value]) -> Result<(), EvalError> {
        if arguments.iter().all(|argument| costs_nothing(argument)) { Ok(()) } else { self.charge_for(arguments) }
    }

    fn charge_for(&mut self, arguments: &[&Value]) -> Result<(), EvalError> {
        let (mut work, mut text, mut words) = (0_u64, 0_u64, 0_u64);
        for argument in arguments {
            match argument {
                Value::Absent | Value::Boolean(_) => {}
                Value::Number(number) => {
                    // Reducing a fraction is quadratic in its width.
                    let limbs = number.bits() / LIMB;
                    work += limbs.saturating_mul(limbs).saturating_sub(1);
                }
                Value::Text(value) => text += width(value.len()),
                Value::Words(value) => words += width(value.len()),
                Value::Table(table) => work += u64::from(table.rows().len().max(1).ilog2()),
            }
        }
        // Each word of a list is looked for in the whole text.
        self.spend(work + text / 4 + words + text.saturating_mul(words) / 512)
    }

    /// The work of writing a derivation of so many bytes.
    pub(super) fn write(&mut self, bytes: usize) -> Result<(), EvalError> {
        self.spend(width(bytes) / 8)
    }

    fn spend(&mut self, work: u64) -> Result<(), EvalError> {
        match self.left.checked_sub(work) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(EvalError::TooMuchWork)
            }
        }
    }
}

/// Bits of a number that cost one unit.
const LIMB: u64 = 128;

/// Beside others as by itself: nothing is spent on it.
fn costs_nothing(argument: &Value) -> bool {
    match argument {
        Value::Absent | Value::Boolean(_) => true,
        Value::Number(number) => !is_wide(number),
        Value::Text(_) | Value::Words(_) | Value::Table(_) => false,
    }
}

/// Whether computing with a number costs work beyond the step.
pub(super) fn is_wide(number: &Exact) -> bool {
    number.bits() >= 2 * LIMB
}

fn width(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX / 2)
}
