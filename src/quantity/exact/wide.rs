//! The fallback for numbers beyond 128 bits.
//!
//! A pair of big integers of our own rather than `num_rational::BigRational`: that one compares, tests
//! equality and hashes by recursion over the continued fraction, thousands of frames deep for two close
//! numbers of this width.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

/// In lowest terms, `denominator` positive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Wide {
    numerator: BigInt,
    denominator: BigInt,
}

impl Wide {
    /// Takes parts that are in lowest terms already, with a positive denominator.
    pub(super) fn from_parts(numerator: BigInt, denominator: BigInt) -> Self {
        Wide { numerator, denominator }
    }

    /// Takes any parts with a positive denominator and reduces them.
    pub(super) fn reduced(numerator: BigInt, denominator: BigInt) -> Self {
        let one = BigInt::from(1);
        // One step of Euclid evens out the widths, which the binary algorithm behind `gcd` needs to be fast.
        let rest = &numerator % &denominator;
        let shared = if denominator == one { one.clone() } else { rest.gcd(&denominator) };
        if shared == one {
            return Wide { numerator, denominator };
        }
        Wide { numerator: numerator / &shared, denominator: denominator / shared }
    }

    pub(super) fn numerator(&self) -> &BigInt {
        &self.numerator
    }

    pub(super) fn denominator(&self) -> &BigInt {
        &self.denominator
    }

    pub(super) fn to_narrow(&self) -> Option<(i128, i128)> {
        let numerator = i128::try_from(&self.numerator).ok().filter(|n| *n != i128::MIN)?;
        Some((numerator, i128::try_from(&self.denominator).ok()?))
    }

    pub(super) fn add(&self, other: &Wide) -> Wide {
        Wide::reduced(
            &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            &self.denominator * &other.denominator,
        )
    }

    pub(super) fn mul(&self, other: &Wide) -> Wide {
        Wide::reduced(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    pub(super) fn neg(&self) -> Wide {
        Wide::from_parts(-&self.numerator, self.denominator.clone())
    }

    /// Never called on zero, which is narrow.
    pub(super) fn reciprocal(&self) -> Wide {
        if self.is_negative() {
            Wide::from_parts(-&self.denominator, -&self.numerator)
        } else {
            Wide::from_parts(self.denominator.clone(), self.numerator.clone())
        }
    }

    pub(super) fn is_negative(&self) -> bool {
        self.numerator.sign() == Sign::Minus
    }

    pub(super) fn is_integer(&self) -> bool {
        self.denominator == BigInt::from(1)
    }

    pub(super) fn bits(&self) -> u64 {
        self.numerator.bits() + self.denominator.bits()
    }

    pub(super) fn widest_part(&self) -> u64 {
        self.numerator.bits().max(self.denominator.bits())
    }

    pub(super) fn cmp(&self, other: &Wide) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}
