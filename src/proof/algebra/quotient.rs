//! Quotients of polynomials.

use super::{Polynomial, Unknown};
use crate::quantity::Exact;

/// What a formula computes as long as it takes one way: a quotient whose denominator is positive wherever that
/// way is taken. Who divides says so by a constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::proof) struct Quotient {
    pub numerator: Polynomial,
    pub denominator: Polynomial,
}

impl Quotient {
    pub fn of(value: Exact) -> Self {
        Quotient::whole(Polynomial::of(value))
    }

    pub fn unknown(unknown: Unknown) -> Self {
        Quotient::whole(Polynomial::unknown(unknown))
    }

    pub fn whole(numerator: Polynomial) -> Self {
        Quotient { numerator, denominator: Polynomial::of(Exact::ONE) }
    }

    pub fn constant(&self) -> Option<Exact> {
        let (numerator, denominator) = (self.numerator.constant()?, self.denominator.constant()?);
        numerator.div(&denominator).ok()
    }

    pub fn neg(&self) -> Quotient {
        Quotient { numerator: self.numerator.neg(), denominator: self.denominator.clone() }
    }

    pub fn add(&self, other: &Quotient) -> Option<Quotient> {
        if self.denominator == other.denominator {
            return Quotient::reduced(self.numerator.add(&other.numerator)?, self.denominator.clone());
        }
        let left = self.numerator.mul(&other.denominator)?;
        let right = other.numerator.mul(&self.denominator)?;
        Quotient::reduced(left.add(&right)?, self.denominator.mul(&other.denominator)?)
    }

    pub fn sub(&self, other: &Quotient) -> Option<Quotient> {
        self.add(&other.neg())
    }

    pub fn mul(&self, other: &Quotient) -> Option<Quotient> {
        Quotient::reduced(self.numerator.mul(&other.numerator)?, self.denominator.mul(&other.denominator)?)
    }

    /// This ÷ other, where the other is known to be positive.
    pub fn over_positive(&self, other: &Quotient) -> Option<Quotient> {
        Quotient::reduced(self.numerator.mul(&other.denominator)?, self.denominator.mul(&other.numerator)?)
    }

    /// The polynomial whose sign is that of this − other.
    pub fn difference(&self, other: &Quotient) -> Option<Polynomial> {
        if self.denominator == other.denominator {
            return self.numerator.sub(&other.numerator);
        }
        self.numerator.mul(&other.denominator)?.sub(&other.numerator.mul(&self.denominator)?)
    }

    /// Cancels what keeps the denominator positive: numbers, and the whole of it.
    fn reduced(numerator: Polynomial, denominator: Polynomial) -> Option<Quotient> {
        if numerator.is_zero() {
            return Some(Quotient::of(Exact::ZERO));
        }
        if let Some(factor) = numerator.multiple_of(&denominator) {
            return Some(Quotient::of(factor));
        }
        if let Some(value) = denominator.constant() {
            let inverse = Exact::ONE.div(&value).ok()?;
            return Some(Quotient::whole(numerator.scale(&inverse)?));
        }
        let shared = numerator.common_monomial().shared(&denominator.common_monomial());
        let rest = denominator.divided_by_monomial(&shared);
        // x·n ÷ (x·c) is n ÷ c whatever the sign of x; with more left the sign of what is left is unknown.
        if let Some(value) = rest.constant().filter(|_| !shared.is_one()) {
            let inverse = Exact::ONE.div(&value).ok()?;
            return Some(Quotient::whole(numerator.divided_by_monomial(&shared).scale(&inverse)?));
        }
        let square = shared.largest_square();
        if square.is_one() {
            return Some(Quotient { numerator, denominator });
        }
        Some(Quotient {
            numerator: numerator.divided_by_monomial(&square),
            denominator: denominator.divided_by_monomial(&square),
        })
    }
}
