//! Exact numbers as people write and read them.

use std::fmt::{self, Write};

use num_bigint::BigInt;
use rust_decimal::Decimal;

use super::wide::Wide;
use super::{Exact, Repr, narrow_reduced};

/// The most digits a written number may have.
const MAX_DIGITS: usize = 100;
/// How many digits of a number without an end are shown, counted from the first that is not zero.
const SHOWN_DIGITS: usize = 12;

impl Exact {
    /// Reads plain decimal notation, `-12.50`: an optional minus, digits, and optionally a point with more
    /// digits; ASCII, at most 100 digits, no exponent, no separators, no blanks.
    pub fn parse(text: &str) -> Option<Exact> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if unsigned.len() > MAX_DIGITS + 1 || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let places = if unsigned.contains('.') { fraction.len() } else { 0 };
        if whole.len() + places > MAX_DIGITS {
            return None;
        }
        if let Some(short) = short(whole, if places == 0 { "" } else { fraction }) {
            return Some(if negative { short.neg() } else { short });
        }
        let digits = if places == 0 { whole.to_owned() } else { format!("{whole}{fraction}") };
        let places = u32::try_from(places).ok()?;
        let magnitude = match (digits.parse::<i128>(), 10_i128.checked_pow(places)) {
            (Ok(numerator), Some(denominator)) => narrow_reduced(numerator, denominator),
            _ => Exact::from_wide(Wide::reduced(digits.parse().ok()?, BigInt::from(10).pow(places))),
        };
        Some(if negative { magnitude.neg() } else { magnitude })
    }

    /// Numerator and denominator in lowest terms, `-1/3`; the numerator alone for an integer.
    pub fn to_fraction(&self) -> String {
        let wide = self.widened();
        let sign = if wide.is_negative() { "-" } else { "" };
        let magnitude = wide.numerator().magnitude();
        if self.is_integer() {
            format!("{sign}{magnitude}")
        } else {
            format!("{sign}{magnitude}/{}", wide.denominator())
        }
    }

    /// The number as a [`Decimal`], if it has an end within 28 places and 28 digits in all.
    pub fn to_decimal(&self) -> Option<Decimal> {
        let (numerator, denominator) = self.parts()?;
        if denominator == 1 {
            return Decimal::try_from_i128_with_scale(numerator, 0).ok();
        }
        let places = decimal_places(&denominator.into()).filter(|places| *places <= Exact::MAX_PLACES)?;
        let scale = 10_i128.checked_pow(places)?;
        let mantissa = numerator.checked_mul(scale / denominator)?;
        Decimal::try_from_i128_with_scale(mantissa, places).ok()
    }
}

/// The number of digits that a machine word holds.
fn short(whole: &str, fraction: &str) -> Option<Exact> {
    /// Digits that are below 2^63, whatever they are.
    const MOST: usize = 18;
    if whole.len() + fraction.len() > MOST {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let mantissa = digits.fold(0, |sum: i64, digit| sum * 10 + i64::from(digit.saturating_sub(b'0')));
    Exact::from_scaled(mantissa, u32::try_from(fraction.len()).ok()?)
}

impl Exact {
    /// Appends what [`fmt::Display`] writes; nearly every number without the machinery of formatting.
    pub fn push_to(&self, out: &mut String) {
        if let Repr::Small { numerator, denominator } = self.0 {
            let short = Short::of(numerator.into(), denominator.into());
            if let Some(Short { negative, whole, fraction, places }) = short {
                out.push_str(if negative { "-" } else { "" });
                push_digits(whole, 1, out);
                if places > 0 {
                    out.push('.');
                    push_digits(fraction, places, out);
                }
                return;
            }
        }
        // Writing to a string does not fail.
        let _ = write!(out, "{self}");
    }
}

/// Appends the digits of a number, at least so many.
pub(in crate::quantity) fn push_digits(number: u64, least: usize, out: &mut String) {
    /// As many as the widest number has.
    const ROOM: usize = 20;
    let mut text = [b'0'; ROOM];
    let (mut left, mut begin) = (number, ROOM);
    while left > 0 || ROOM - begin < least.min(ROOM) {
        begin -= 1;
        if let Some(place) = text.get_mut(begin) {
            *place = b'0' + u8::try_from(left % 10).unwrap_or(0);
        }
        left /= 10;
    }
    out.push_str(text.get(begin..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default());
}

impl fmt::Display for Exact {
    /// A number with an end prints in full, without trailing zeros; any other prints `≈` and twelve
    /// significant digits, half-up, but never fewer than its whole part has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Repr::Small { numerator, denominator: 1 } = self.0 {
            return write!(f, "{numerator}");
        }
        if let Some((numerator, denominator)) = self.parts() {
            if denominator == 1 {
                return write!(f, "{numerator}");
            }
            if let Some(short) = Short::of(numerator, denominator) {
                return short.fmt(f);
            }
        }
        let wide = self.widened();
        let sign = if wide.is_negative() { "-" } else { "" };
        match decimal_places(wide.denominator()) {
            Some(places) => write!(f, "{sign}{}", with_point(&scaled(&wide, places), places)),
            None => {
                let places = shown_places(&wide);
                let digits = scaled(&wide, places);
                let text = with_point(&digits, places);
                write!(
                    f,
                    "≈{sign}{}",
                    if places == 0 { &text } else { text.trim_end_matches('0').trim_end_matches('.') }
                )
            }
        }
    }
}

/// A number with an end whose digits fit a machine word: nearly every one that is printed.
struct Short {
    negative: bool,
    whole: u64,
    fraction: u64,
    places: usize,
}

impl Short {
    fn of(numerator: i128, denominator: i128) -> Option<Short> {
        let denominator = u64::try_from(denominator).ok().filter(|denominator| *denominator != 0)?;
        let twos = denominator.trailing_zeros();
        let (mut odd, mut fives) = (denominator >> twos, 0);
        while odd % 5 == 0 {
            odd /= 5;
            fives += 1;
        }
        let places = twos.max(fives);
        let scale = 10_u64.checked_pow(places).filter(|_| odd == 1)?;
        let digits = u64::try_from(numerator.unsigned_abs()).ok()?.checked_mul(scale / denominator)?;
        let (whole, fraction) = (digits / scale, digits % scale);
        Some(Short { negative: numerator < 0, whole, fraction, places: usize::try_from(places).ok()? })
    }

    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Short { negative, whole, fraction, places } = self;
        if *negative {
            f.write_str("-")?;
        }
        write!(f, "{whole}.{fraction:0places$}")
    }
}

/// How many decimals the number with this denominator has, if it has an end.
fn decimal_places(denominator: &BigInt) -> Option<u32> {
    let twos = denominator.trailing_zeros().unwrap_or(0);
    let mut odd = denominator >> twos;
    let five = BigInt::from(5);
    let mut fives = 0_u64;
    while (&odd % &five) == BigInt::ZERO {
        odd /= &five;
        fives += 1;
    }
    if odd == BigInt::from(1) { u32::try_from(twos.max(fives)).ok() } else { None }
}

/// The magnitude times 10^`places`, rounded half-up to an integer, in digits.
fn scaled(wide: &Wide, places: u32) -> String {
    let denominator = wide.denominator().magnitude();
    let twice = wide.numerator().magnitude() * num_bigint::BigUint::from(10_u32).pow(places) * 2_u32;
    ((twice + denominator) / (denominator * 2_u32)).to_string()
}

fn shown_places(wide: &Wide) -> u32 {
    let whole = wide.numerator().magnitude() / wide.denominator().magnitude();
    let leading = if whole == num_bigint::BigUint::ZERO {
        let inverse = wide.denominator().magnitude() / wide.numerator().magnitude();
        // 1/3 has an inverse of one digit and no zero after the point; 1/30 two digits and one zero.
        return u32::try_from(SHOWN_DIGITS + inverse.to_string().len() - 1).unwrap_or(0);
    } else {
        whole.to_string().len()
    };
    u32::try_from(SHOWN_DIGITS.saturating_sub(leading)).unwrap_or(0)
}

fn with_point(digits: &str, places: u32) -> String {
    let places = usize::try_from(places).unwrap_or(0);
    if places == 0 {
        return digits.to_owned();
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{whole}.{fraction}")
}
