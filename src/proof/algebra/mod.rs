//! Exact algebra over unknown reals: what a formula computes before its inputs are known.

mod polynomial;
mod quotient;

pub(super) use polynomial::{Monomial, Polynomial, Unknown};
pub(super) use quotient::Quotient;

use crate::quantity::Exact;

/// How a polynomial compares with zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Relation {
    Positive,
    NonNegative,
    Zero,
    NonZero,
}

/// `polynomial > 0`, `≥ 0`, `= 0` or `≠ 0`: what is known, or supposed, of the unknowns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Constraint {
    pub polynomial: Polynomial,
    pub relation: Relation,
}

impl Constraint {
    pub fn new(polynomial: Polynomial, relation: Relation) -> Self {
        Constraint { polynomial, relation }
    }

    /// Whether it holds, where nothing is unknown in it.
    pub fn settled(&self) -> Option<bool> {
        self.polynomial.constant().map(|value| self.holds_for(&value))
    }

    /// Whether the relation holds for this value of the polynomial.
    pub fn holds_for(&self, value: &Exact) -> bool {
        match self.relation {
            Relation::Positive => *value > Exact::ZERO,
            Relation::NonNegative => !value.is_negative(),
            Relation::Zero => value.is_zero(),
            Relation::NonZero => !value.is_zero(),
        }
    }
}
