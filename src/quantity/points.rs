//! Points: what a row is worth, what was claimed and what is awarded.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::Exact;
use super::exact::push_digits;

/// The most digits before the point, and the most after it. A form's points have at most three and two;
/// the room above keeps every sum of a form exact.
const MAX_DIGITS: u32 = 9;

/// A number of points that remembers how many decimals it was written with: `25.00` prints `25.00` and
/// equals `25`. Between ±999,999,999.999999999; negative points are findings, not impossibilities.
#[derive(Debug, Clone, Copy)]
pub struct Points {
    /// The digits, without the point.
    mantissa: i64,
    /// How many of them stand behind the point; at most nine.
    scale: u32,
}

impl Points {
    pub const ZERO: Points = Points { mantissa: 0, scale: 0 };
    /// The most decimals that points are fixed to.
    pub const DECIMALS: u32 = 2;
    /// The most that a score is fixed to, in hundredths.
    const MOST: i64 = 99_999_999_999;

    /// Reads plain decimal notation (see [`Exact::parse`]) with at most nine digits before and nine after
    /// the point.
    pub fn parse(text: &str) -> Option<Points> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let fits = |digits: &str| u32::try_from(digits.len()).is_ok_and(|count| count <= MAX_DIGITS);
        if whole.is_empty() || !fits(whole) || !fits(fraction) {
            return None;
        }
        let mut magnitude: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            magnitude = magnitude * 10 + i64::from(byte - b'0');
        }
        let mantissa = if unsigned.len() < text.len() { -magnitude } else { magnitude };
        Some(Points { mantissa, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// The one rounding of a score: half-up to two decimals, printed without trailing zeros. A score beyond
    /// ±999,999,999.99 is fixed there; no row is worth that much, so the evaluation has refused it before.
    pub fn fix(score: &Exact) -> Points {
        Points::fix_to(score, Points::DECIMALS)
    }

    /// [`Points::fix`] for rules that keep fewer decimals, 0 or 1.
    pub fn fix_to(score: &Exact, decimals: u32) -> Points {
        let places = decimals.min(Points::DECIMALS);
        let most = Points::MOST;
        let rounded = score.scaled_half_up(places);
        let hundredths = rounded.and_then(|rounded| rounded.checked_mul(10_i64.pow(Points::DECIMALS - places)));
        let bounded = hundredths.map_or(if score.is_negative() { -most } else { most }, |it| it.clamp(-most, most));
        Points { mantissa: bounded, scale: Points::DECIMALS }.trimmed()
    }

    /// The same number without trailing zeros: `25.00` as `25`.
    #[must_use]
    pub fn trimmed(self) -> Points {
        let Points { mut mantissa, mut scale } = self;
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Points { mantissa, scale }
    }

    pub fn to_exact(self) -> Exact {
        // Nine places are within what is offered.
        Exact::from_scaled(self.mantissa, self.scale).unwrap_or(Exact::ZERO)
    }

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// How many decimals it was written with.
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// The exact sum, `None` beyond the range; it has as many decimals as the term that has most, zero aside.
    pub fn checked_add(self, other: Points) -> Option<Points> {
        if self.is_zero() {
            return Some(other);
        }
        if other.is_zero() {
            return Some(self);
        }
        let scale = self.scale.max(other.scale);
        // Both are below 10^18, so their sum fits.
        Points { mantissa: self.at(scale) + other.at(scale), scale }.bounded()
    }

    /// The exact difference; as [`Points::checked_add`].
    pub fn checked_sub(self, other: Points) -> Option<Points> {
        self.checked_add(Points { mantissa: -other.mantissa, scale: other.scale })
    }

    /// The exact sum of all, `None` beyond the range; zero for none.
    pub fn checked_sum(points: impl IntoIterator<Item = Points>) -> Option<Points> {
        points.into_iter().try_fold(Points::ZERO, Points::checked_add)
    }

    /// The digits with so many of them behind the point; no fewer than it has, and at most nine.
    fn at(self, scale: u32) -> i64 {
        if scale == self.scale { self.mantissa } else { self.mantissa * 10_i64.pow(scale.saturating_sub(self.scale)) }
    }

    fn bounded(self) -> Option<Points> {
        (self.mantissa.unsigned_abs() < 10_u64.pow(MAX_DIGITS + self.scale)).then_some(self)
    }
}

impl PartialEq for Points {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Points {}

impl PartialOrd for Points {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Points {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at(scale).cmp(&other.at(scale))
    }
}

impl Hash for Points {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Points { mantissa, scale } = self.trimmed();
        (mantissa, scale).hash(state);
    }
}

impl Points {
    /// Appends what [`fmt::Display`] writes.
    pub fn push_to(self, out: &mut String) {
        let scale = 10_u64.pow(self.scale);
        let magnitude = self.mantissa.unsigned_abs();
        out.push_str(if self.is_negative() { "-" } else { "" });
        push_digits(magnitude / scale, 1, out);
        if self.scale > 0 {
            out.push('.');
            push_digits(magnitude % scale, usize::try_from(self.scale).unwrap_or(0), out);
        }
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_to(&mut text);
        let digits = text.strip_prefix('-').unwrap_or(&text);
        f.pad_integral(!self.is_negative(), "", digits)
    }
}
