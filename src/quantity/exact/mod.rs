//! A rational number without rounding, small in the usual case and bounded in every case.

mod rounding;
mod text;
mod wide;

use std::cmp::Ordering;

use rust_decimal::Decimal;

use wide::Wide;

/// The widest numerator or denominator a result may have, in bits. Scores need fewer than 100; the bound
/// keeps a formula that squares its own result from eating the machine.
const MAX_BITS: u64 = 4_096;

/// A rational number of any sign, always in lowest terms, so that equal numbers are equal values with
/// equal hashes. Nothing rounds unless a method says so by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

/// `Wide` only where `Narrow` cannot hold the number: one number, one representation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// `numerator` is never `i128::MIN` (its negation must exist); `denominator` is at least 1.
    Narrow {
        numerator: i128,
        denominator: i128,
    },
    Wide(Box<Wide>),
}

/// Why an operation has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ArithmeticError {
    #[error("division by zero")]
    DivisionByZero,
    #[error("the exact result has more than {MAX_BITS} bits")]
    TooLarge,
}

impl Exact {
    pub const ZERO: Exact = Exact::integer(0);
    pub const ONE: Exact = Exact::integer(1);

    const fn integer(value: i64) -> Self {
        Exact(Repr::Narrow { numerator: value as i128, denominator: 1 })
    }

    pub fn from_i64(value: i64) -> Self {
        Exact::integer(value)
    }

    pub fn from_decimal(value: Decimal) -> Self {
        // A Decimal is a 96-bit mantissa over 10^0..=10^28: both parts fit.
        let denominator = 10_i128.checked_pow(value.scale()).unwrap_or(1);
        narrow_reduced(value.mantissa(), denominator)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ArithmeticError::TooLarge`] when the result exceeds the bound.
    pub fn add(&self, other: &Exact) -> Result<Exact, ArithmeticError> {
        if let (Repr::Narrow { numerator: a, denominator: b }, Repr::Narrow { numerator: c, denominator: d }) =
            (&self.0, &other.0)
            && let Some(sum) = narrow_sum(*a, *b, *c, *d)
        {
            return Ok(sum);
        }
        self.widened().add(&other.widened()).try_into()
    }

    /// The difference; errors as [`Exact::add`].
    pub fn sub(&self, other: &Exact) -> Result<Exact, ArithmeticError> {
        self.add(&other.neg())
    }

    /// The product; errors as [`Exact::add`].
    pub fn mul(&self, other: &Exact) -> Result<Exact, ArithmeticError> {
        if let (Repr::Narrow { numerator: a, denominator: b }, Repr::Narrow { numerator: c, denominator: d }) =
            (&self.0, &other.0)
            && let Some(product) = narrow_product(*a, *b, *c, *d)
        {
            return Ok(product);
        }
        self.widened().mul(&other.widened()).try_into()
    }

    /// The quotient, unrounded: 1 ÷ 3 stays a third.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`], or [`ArithmeticError::TooLarge`].
    pub fn div(&self, other: &Exact) -> Result<Exact, ArithmeticError> {
        self.mul(&other.reciprocal()?)
    }

    /// What is left after dividing towards zero, so with the dividend's sign: −7 rem 3 is −1.
    ///
    /// # Errors
    /// As [`Exact::div`].
    pub fn rem(&self, other: &Exact) -> Result<Exact, ArithmeticError> {
        let quotient = self.div(other)?;
        let whole = if quotient.is_negative() { quotient.ceil() } else { quotient.floor() };
        self.sub(&other.mul(&whole)?)
    }

    /// The number multiplied by itself `exponent` times; a negative exponent takes the reciprocal, and
    /// anything to the zeroth power is 1.
    ///
    /// # Errors
    /// As [`Exact::div`]; zero has no negative power.
    pub fn pow(&self, exponent: i32) -> Result<Exact, ArithmeticError> {
        let mut base = if exponent < 0 { self.reciprocal()? } else { self.clone() };
        let mut left = exponent.unsigned_abs();
        let mut result = Exact::ONE;
        loop {
            if left & 1 == 1 {
                result = result.mul(&base)?;
            }
            left >>= 1;
            if left == 0 {
                return Ok(result);
            }
            base = base.mul(&base)?;
        }
    }

    #[must_use]
    pub fn neg(&self) -> Exact {
        match &self.0 {
            Repr::Narrow { numerator, denominator } => {
                Exact(Repr::Narrow { numerator: -numerator, denominator: *denominator })
            }
            Repr::Wide(wide) => Exact(Repr::Wide(Box::new(wide.neg()))),
        }
    }

    #[must_use]
    pub fn abs(&self) -> Exact {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Narrow { numerator: 0, .. })
    }

    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Narrow { numerator, .. } => *numerator < 0,
            Repr::Wide(wide) => wide.is_negative(),
        }
    }

    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Narrow { denominator, .. } => *denominator == 1,
            Repr::Wide(wide) => wide.is_integer(),
        }
    }

    /// The number as an integer, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Narrow { numerator, denominator: 1 } => i64::try_from(*numerator).ok(),
            _ => None,
        }
    }

    /// How wide the number is, in bits of numerator and denominator together: the cost of computing with it.
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Narrow { .. } => 128,
            Repr::Wide(wide) => wide.bits(),
        }
    }

    fn reciprocal(&self) -> Result<Exact, ArithmeticError> {
        match &self.0 {
            Repr::Narrow { numerator: 0, .. } => Err(ArithmeticError::DivisionByZero),
            Repr::Narrow { numerator, denominator } => {
                Ok(Exact(Repr::Narrow { numerator: denominator * numerator.signum(), denominator: numerator.abs() }))
            }
            Repr::Wide(wide) => wide.reciprocal().try_into(),
        }
    }

    fn widened(&self) -> Wide {
        match &self.0 {
            Repr::Narrow { numerator, denominator } => Wide::from_parts((*numerator).into(), (*denominator).into()),
            Repr::Wide(wide) => Wide::clone(wide),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Narrow { numerator: a, denominator: b }, Repr::Narrow { numerator: c, denominator: d }) =
            (&self.0, &other.0)
        {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        self.widened().cmp(&other.widened())
    }
}

impl TryFrom<Wide> for Exact {
    type Error = ArithmeticError;

    /// Admits a reduced result of the wide path: narrow where it fits, refused where it is out of bounds.
    fn try_from(wide: Wide) -> Result<Exact, ArithmeticError> {
        if wide.widest_part() > MAX_BITS { Err(ArithmeticError::TooLarge) } else { Ok(Exact::from_wide(wide)) }
    }
}

impl Exact {
    /// As `try_from`, for results that are bounded by their operand, so need no check of their own.
    fn from_wide(wide: Wide) -> Exact {
        match wide.to_narrow() {
            Some((numerator, denominator)) => Exact(Repr::Narrow { numerator, denominator }),
            None => Exact(Repr::Wide(Box::new(wide))),
        }
    }
}

fn narrow_sum(a: i128, b: i128, c: i128, d: i128) -> Option<Exact> {
    if b == d {
        let numerator = in_range(a.checked_add(c)?)?;
        return Some(narrow_reduced(numerator, b));
    }
    let shared = gcd(b, d);
    let (b_part, d_part) = (b / shared, d / shared);
    let numerator = in_range(a.checked_mul(d_part)?.checked_add(c.checked_mul(b_part)?)?)?;
    let denominator = b.checked_mul(d_part)?;
    Some(narrow_reduced(numerator, denominator))
}

fn narrow_product(a: i128, b: i128, c: i128, d: i128) -> Option<Exact> {
    let (ad, cb) = (gcd(a, d), gcd(c, b));
    let numerator = in_range((a / ad).checked_mul(c / cb)?)?;
    let denominator = (b / cb).checked_mul(d / ad)?;
    Some(Exact(Repr::Narrow { numerator, denominator }))
}

fn in_range(numerator: i128) -> Option<i128> {
    (numerator != i128::MIN).then_some(numerator)
}

fn narrow_reduced(numerator: i128, denominator: i128) -> Exact {
    if denominator == 1 {
        return Exact(Repr::Narrow { numerator, denominator });
    }
    let shared = gcd(numerator, denominator);
    Exact(Repr::Narrow { numerator: numerator / shared, denominator: denominator / shared })
}

/// The greatest common divisor, at least 1. `denominator` is positive.
fn gcd(numerator: i128, denominator: i128) -> i128 {
    if denominator == 1 {
        return 1;
    }
    let (numerator, denominator) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let shared = match (u64::try_from(numerator), u64::try_from(denominator)) {
        (Ok(numerator), Ok(denominator)) => u128::from(num_integer::gcd(numerator, denominator)),
        _ => num_integer::gcd(numerator, denominator),
    };
    // No larger than `denominator`, which came from an i128.
    i128::try_from(shared).unwrap_or(1).max(1)
}
