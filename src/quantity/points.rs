//! Points: what a row is worth, what was claimed and what is awarded.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

use super::Exact;

/// The most digits before the point, and the most after it. A form's points have at most three and two;
/// the room above keeps every sum of a form exact.
const MAX_DIGITS: usize = 9;

/// A number of points that remembers how many decimals it was written with: `25.00` prints `25.00` and
/// equals `25`. Between ±999,999,999.999999999; negative points are findings, not impossibilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(Decimal);

impl Points {
    pub const ZERO: Points = Points(Decimal::ZERO);
    /// The most decimals that points are fixed to.
    pub const DECIMALS: u32 = 2;

    /// Reads plain decimal notation (see [`Exact::parse`]) with at most nine digits before and nine after
    /// the point.
    pub fn parse(text: &str) -> Option<Points> {
        Exact::parse(text)?;
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if whole.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
            return None;
        }
        let mut decimal = Decimal::from_str_exact(text).ok()?;
        if decimal.is_zero() {
            decimal.set_sign_positive(true);
        }
        Some(Points(decimal))
    }

    /// The one rounding of a score: half-up to two decimals, printed without trailing zeros. A score beyond
    /// ±999,999,999.99 is fixed there; no row is worth that much, so the evaluation has refused it before.
    pub fn fix(score: &Exact) -> Points {
        Points::fix_to(score, Points::DECIMALS)
    }

    /// [`Points::fix`] for rules that keep fewer decimals, 0 or 1.
    pub fn fix_to(score: &Exact, decimals: u32) -> Points {
        let most = Exact::from_decimal(Decimal::from_i128_with_scale(99_999_999_999, Points::DECIMALS));
        let bounded = score.round_half_up(decimals.min(Points::DECIMALS)).max(most.neg()).min(most);
        Points(bounded.to_decimal().unwrap_or_default().normalize())
    }

    /// The same number without trailing zeros: `25.00` as `25`.
    #[must_use]
    pub fn trimmed(self) -> Points {
        Points(self.0.normalize())
    }

    pub fn to_exact(self) -> Exact {
        Exact::from_decimal(self.0)
    }

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub fn is_negative(self) -> bool {
        self.cmp(&Points::ZERO) == Ordering::Less
    }

    /// How many decimals it was written with.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// The exact sum, `None` beyond the range; it has as many decimals as the term that has most.
    pub fn checked_add(self, other: Points) -> Option<Points> {
        Points::bounded(self.0.checked_add(other.0)?)
    }

    /// The exact difference; as [`Points::checked_add`].
    pub fn checked_sub(self, other: Points) -> Option<Points> {
        Points::bounded(self.0.checked_sub(other.0)?)
    }

    /// The exact sum of all, `None` beyond the range; zero for none.
    pub fn checked_sum(points: impl IntoIterator<Item = Points>) -> Option<Points> {
        points.into_iter().try_fold(Points::ZERO, Points::checked_add)
    }

    fn bounded(decimal: Decimal) -> Option<Points> {
        (decimal.abs() < Decimal::from_i128_with_scale(1_000_000_000, 0)).then_some(Points(decimal))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
