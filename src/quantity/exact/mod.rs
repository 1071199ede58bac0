//! A rational number without rounding, small in the usual case and bounded in every case.

mod rounding;
mod text;
mod wide;

use std::cmp::Ordering;

use rust_decimal::Decimal;

pub(in crate::quantity) use text::push_digits;
use wide::Wide;

/// The widest numerator or denominator a result may have, in bits. Scores need fewer than 100; the bound
/// keeps a formula that squares its own result from eating the machine.
const MAX_BITS: u64 = 4_096;

/// A rational number of any sign, always in lowest terms, so that equal numbers are equal values with
/// equal hashes. Nothing rounds unless a method says so by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exact(Repr);

/// Each only where those before it cannot hold the number: one number, one representation. What forms print
/// and formulas make of it fits the first, which keeps a number within 24 bytes and off the heap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// `numerator` is never `i64::MIN` (its negation must exist); `denominator` is at least 1.
    Small {
        numerator: i64,
        denominator: i64,
    },
    Narrow(Box<Narrow>),
    Wide(Box<Wide>),
}

/// `numerator` is never `i128::MIN`; `denominator` is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Narrow {
    numerator: i128,
    denominator: i128,
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
        Exact(Repr::Small { numerator: value, denominator: 1 })
    }

    pub fn from_i64(value: i64) -> Self {
        if value == i64::MIN { of_parts(value.into(), 1) } else { Exact::integer(value) }
    }

    /// `mantissa` ÷ 10^`places`, for up to 18 places; nothing beyond.
    pub fn from_scaled(mantissa: i64, places: u32) -> Option<Self> {
        match places {
            0 => Some(Exact::from_i64(mantissa)),
            1..=18 => Some(small_reduced(mantissa, 10_i64.pow(places))),
            _ => None,
        }
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
        if let (Repr::Small { numerator: a, denominator: b }, Repr::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
            && let Some(sum) = small_sum(*a, *b, *c, *d)
        {
            return Ok(sum);
        }
        if let (Some((a, b)), Some((c, d))) = (self.parts(), other.parts())
            && let Some(sum) = narrow_sum(a, b, c, d)
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
        if let (Repr::Small { numerator: a, denominator: b }, Repr::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
        {
            return Ok(small_product(*a, *b, *c, *d));
        }
        if let (Some((a, b)), Some((c, d))) = (self.parts(), other.parts())
            && let Some(product) = narrow_product(a, b, c, d)
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
            Repr::Small { numerator, denominator } => {
                Exact(Repr::Small { numerator: -numerator, denominator: *denominator })
            }
            Repr::Narrow(narrow) => of_parts(-narrow.numerator, narrow.denominator),
            Repr::Wide(wide) => Exact(Repr::Wide(Box::new(wide.neg()))),
        }
    }

    #[must_use]
    pub fn abs(&self) -> Exact {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small { numerator: 0, .. })
    }

    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small { numerator, .. } => *numerator < 0,
            Repr::Narrow(narrow) => narrow.numerator < 0,
            Repr::Wide(wide) => wide.is_negative(),
        }
    }

    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { denominator, .. } => *denominator == 1,
            Repr::Narrow(narrow) => narrow.denominator == 1,
            Repr::Wide(wide) => wide.is_integer(),
        }
    }

    /// The number as an integer, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small { numerator, denominator: 1 } => Some(*numerator),
            Repr::Narrow(narrow) if narrow.denominator == 1 => i64::try_from(narrow.numerator).ok(),
            _ => None,
        }
    }

    /// How wide the number is, in bits of numerator and denominator together: the cost of computing with it.
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Small { .. } | Repr::Narrow(_) => 128,
            Repr::Wide(wide) => wide.bits(),
        }
    }

    fn reciprocal(&self) -> Result<Exact, ArithmeticError> {
        match &self.0 {
            Repr::Small { numerator: 0, .. } => Err(ArithmeticError::DivisionByZero),
            Repr::Small { numerator, denominator } => {
                Ok(Exact(Repr::Small { numerator: denominator * numerator.signum(), denominator: numerator.abs() }))
            }
            Repr::Narrow(narrow) => {
                Ok(of_parts(narrow.denominator * narrow.numerator.signum(), narrow.numerator.abs()))
            }
            Repr::Wide(wide) => wide.reciprocal().try_into(),
        }
    }

    fn widened(&self) -> Wide {
        match &self.0 {
            Repr::Small { numerator, denominator } => Wide::from_parts((*numerator).into(), (*denominator).into()),
            Repr::Narrow(narrow) => Wide::from_parts(narrow.numerator.into(), narrow.denominator.into()),
            Repr::Wide(wide) => Wide::clone(wide),
        }
    }

    /// Numerator and denominator, where 128 bits hold them.
    fn parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { numerator, denominator } => Some(((*numerator).into(), (*denominator).into())),
            Repr::Narrow(narrow) => Some((narrow.numerator, narrow.denominator)),
            Repr::Wide(_) => None,
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
        if let (Repr::Small { numerator: a, denominator: b }, Repr::Small { numerator: c, denominator: d }) =
            (&self.0, &other.0)
        {
            return if b == d { a.cmp(c) } else { product(*a, *d).cmp(&product(*c, *b)) };
        }
        if let (Some((a, b)), Some((c, d))) = (self.parts(), other.parts())
            && let (Some(left), Some(right)) = (a.checked_mul(d), c.checked_mul(b))
        {
            return left.cmp(&right);
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
            Some((numerator, denominator)) => of_parts(numerator, denominator),
            None => Exact(Repr::Wide(Box::new(wide))),
        }
    }
}

/// Nothing where a step goes beyond 64 bits.
fn small_sum(a: i64, b: i64, c: i64, d: i64) -> Option<Exact> {
    if b == d {
        return Some(small_reduced(a.checked_add(c)?, b));
    }
    let shared = small_gcd(b, d);
    let (b_part, d_part) = (b / shared, d / shared);
    let numerator = a.checked_mul(d_part)?.checked_add(c.checked_mul(b_part)?)?;
    Some(small_reduced(numerator, b.checked_mul(d_part)?))
}

/// Crosswise reduced, so that the products are in lowest terms.
fn small_product(a: i64, b: i64, c: i64, d: i64) -> Exact {
    let (ad, cb) = (small_gcd(a, d), small_gcd(c, b));
    let part = |number: i64, shared: i64| if shared == 1 { number } else { number / shared };
    of_parts(product(part(a, ad), part(c, cb)), product(part(b, cb), part(d, ad)))
}

/// `denominator` is positive.
fn small_reduced(numerator: i64, denominator: i64) -> Exact {
    let shared = small_gcd(numerator, denominator);
    let part = |number: i64| if shared == 1 { number } else { number / shared };
    let (numerator, denominator) = (part(numerator), part(denominator));
    if numerator == i64::MIN {
        return of_parts(numerator.into(), denominator.into());
    }
    Exact(Repr::Small { numerator, denominator })
}

/// The greatest common divisor, at least 1. `denominator` is positive.
fn small_gcd(numerator: i64, denominator: i64) -> i64 {
    if denominator == 1 {
        return 1;
    }
    // One division brings both to the smaller width, which the binary steps then take apart.
    let rest = numerator.unsigned_abs() % denominator.unsigned_abs();
    let shared = num_integer::gcd(rest, denominator.unsigned_abs());
    // No larger than `denominator`.
    i64::try_from(shared).unwrap_or(1).max(1)
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
    let part = |number: i128, shared: i128| if shared == 1 { number } else { quotient(number, shared) };
    let numerator = in_range(part(a, ad).checked_mul(part(c, cb))?)?;
    let denominator = part(b, cb).checked_mul(part(d, ad))?;
    Some(of_parts(numerator, denominator))
}

/// `shared` divides `number` and is above 1. Division of 128 bits is slow, and seldom needed.
fn quotient(number: i128, shared: i128) -> i128 {
    match (i64::try_from(number), i64::try_from(shared)) {
        (Ok(number), Ok(shared)) => (number / shared).into(),
        _ => number / shared,
    }
}

/// Cannot overflow.
fn product(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

/// The number whose parts, in lowest terms and within their ranges, are these.
fn of_parts(numerator: i128, denominator: i128) -> Exact {
    match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(numerator), Ok(denominator)) if numerator != i64::MIN => Exact(Repr::Small { numerator, denominator }),
        _ => Exact(Repr::Narrow(Box::new(Narrow { numerator, denominator }))),
    }
}

fn in_range(numerator: i128) -> Option<i128> {
    (numerator != i128::MIN).then_some(numerator)
}

fn narrow_reduced(numerator: i128, denominator: i128) -> Exact {
    if denominator == 1 {
        return of_parts(numerator, denominator);
    }
    let shared = gcd(numerator, denominator);
    if shared == 1 {
        return of_parts(numerator, denominator);
    }
    of_parts(quotient(numerator, shared), quotient(denominator, shared))
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
