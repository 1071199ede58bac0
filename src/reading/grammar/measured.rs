//! A number with what belongs to it: sign, scale, unit, second bound, comparison after it.

use winnow::Parser;
use winnow::combinator::{alt, opt};
use winnow::error::EmptyError;
use winnow::token::any;

use super::super::kind::Comparison;
use super::super::lexicon::{Approximation, Lexicon, Sense, Word};
use super::numeral::{Notation, Numeral};
use super::unit::{Scales, UnitParts, sense, unit, word_with};
use super::{Lexeme, Parsed, Token, Tokens};
use crate::quantity::Exact;

/// A measured amount as it stands in the text; what was said before it is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Measured {
    pub amount: Amount,
    pub unit: UnitParts,
    /// Written with a decimal point.
    pub decimals: bool,
    /// Written as a fraction.
    pub fraction: bool,
    /// 百分之, 千分之: the share the value counts.
    pub share: Option<Notation>,
    /// Only a Chinese numeral, without anything that makes it a measure.
    pub wordy: bool,
    /// 以上, 以内.
    pub after: Option<Comparison>,
    pub approximation: Option<Approximation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) enum Amount {
    One(Exact),
    Between(Exact, Exact),
    /// 1:0.8
    Proportion(Exact),
}

impl Measured {
    fn bare(number: Magnitude, unit: UnitParts) -> Self {
        let Magnitude { value, notation, scales: _, approximation } = number;
        Measured {
            decimals: notation == Notation::Decimal,
            fraction: notation == Notation::Fraction,
            share: share_of(notation),
            wordy: notation == Notation::Chinese && unit.is_empty(),
            amount: Amount::One(value),
            unit,
            after: None,
            approximation,
        }
    }
}

/// One number with its scale, e.g. `3万5千`, and an approximation right behind it.
#[derive(Clone)]
struct Magnitude {
    value: Exact,
    notation: Notation,
    scales: Scales,
    approximation: Option<Approximation>,
}

pub(in crate::reading) fn measured(input: &mut Tokens<'_, '_>, lexicon: &Lexicon) -> Parsed<Measured> {
    let first = signed(input, lexicon)?;
    let mut parts = opt(unit).parse_next(input)?.unwrap_or_default();
    parts.scales = first.scales;
    if input.is_empty() {
        // A number and its unit: what nearly every cell ends with.
        return Ok(Measured::bare(first, parts));
    }
    let mut found = Measured::bare(first.clone(), parts);
    if let Amount::One(value) = &found.amount
        && let Some(tenths) =
            opt(|input: &mut Tokens<'_, '_>| half_tenth(input, lexicon, &found.unit)).parse_next(input)?
    {
        found.amount = Amount::One(value.add(&tenths).map_err(|_| EmptyError)?);
    }
    second(input, lexicon, &first, &mut found)?;
    tail(input, &mut found);
    Ok(found)
}

/// The 五 of 九成五, in the unit before it.
fn half_tenth(input: &mut Tokens<'_, '_>, lexicon: &Lexicon, before: &UnitParts) -> Parsed<Exact> {
    let digit = numeral(input)?;
    let tenth = Exact::from_scaled(1, 1).ok_or(EmptyError)?;
    let counts_tenths =
        before.is_word() && before.top.and_then(|id| lexicon.unit(id)).is_some_and(|unit| unit.factor == tenth);
    let single = digit.notation == Notation::Chinese && digit.value < Exact::from_i64(10);
    if counts_tenths && single { digit.value.mul(&tenth).map_err(|_| EmptyError) } else { Err(EmptyError) }
}

fn share_of(notation: Notation) -> Option<Notation> {
    matches!(notation, Notation::Percent | Notation::Permille).then_some(notation)
}

fn signed(input: &mut Tokens<'_, '_>, lexicon: &Lexicon) -> Parsed<Magnitude> {
    let minus = opt(|input: &mut Tokens<'_, '_>| sense(input, Sense::Minus)).parse_next(input)?;
    let magnitude = magnitude(input, lexicon)?;
    Ok(match minus {
        Some(()) => Magnitude { value: magnitude.value.neg(), ..magnitude },
        None => magnitude,
    })
}

fn numeral(input: &mut Tokens<'_, '_>) -> Parsed<Numeral> {
    any.verify_map(|token: &Token<'_>| match &token.lexeme {
        Lexeme::Numeral(numeral) => Some(numeral.clone()),
        _ => None,
    })
    .parse_next(input)
}

fn magnitude(input: &mut Tokens<'_, '_>, lexicon: &Lexicon) -> Parsed<Magnitude> {
    let first = numeral(input)?;
    let mut notation = first.notation;
    let mut value = first.value;
    let goes_on =
        |word: &Word| word.has_any([Sense::Per, Sense::Scale(0), Sense::Approximate(Approximation::AboutAfter)]);
    if !input.first().and_then(|next| next.lexeme.word()).is_some_and(goes_on) {
        return Ok(Magnitude { value, notation, scales: Scales::default(), approximation: None });
    }
    let of_many =
        |input: &mut Tokens<'_, '_>| fraction_bottom.verify(|bottom| *bottom >= Exact::from_i64(100)).parse_next(input);
    let bottom = match notation {
        Notation::Whole => opt(fraction_bottom).parse_next(input)?,
        // 0.3/10000
        Notation::Decimal => opt(of_many).parse_next(input)?,
        _ => None,
    };
    if let Some(bottom) = bottom {
        value = value.div(&bottom).map_err(|_| EmptyError)?;
        notation = Notation::Fraction;
    }
    let mut scales = Scales::parse(input)?;
    if !scales.is_empty()
        && let Some(added) =
            opt(move |input: &mut Tokens<'_, '_>| smaller_part(input, lexicon, scales)).parse_next(input)?
    {
        let larger = value.mul(&factor(scales, lexicon)?).map_err(|_| EmptyError)?;
        value = larger.add(&added).map_err(|_| EmptyError)?;
        scales = Scales::default();
    }
    let approximation = opt(approximation_after).parse_next(input)?;
    if approximation.is_some() && scales.is_empty() {
        scales = Scales::parse(input)?;
    }
    Ok(Magnitude { value, notation, scales, approximation })
}

/// `3/4`: a proper fraction.
fn fraction_bottom(input: &mut Tokens<'_, '_>) -> Parsed<Exact> {
    let slash = |input: &mut Tokens<'_, '_>| sense(input, Sense::Per);
    let (_, bottom) = (slash, numeral).parse_next(input)?;
    if bottom.notation == Notation::Whole && !bottom.value.is_zero() { Ok(bottom.value) } else { Err(EmptyError) }
}

fn factor(scales: Scales, lexicon: &Lexicon) -> Parsed<Exact> {
    scales.iter().try_fold(Exact::ONE, |product, index| {
        lexicon.scale(index).and_then(|scale| product.mul(scale).ok()).ok_or(EmptyError)
    })
}

/// The `5千` of `3万5千`, in ones; the whole number then has no scale left.
fn smaller_part(input: &mut Tokens<'_, '_>, lexicon: &Lexicon, scales: Scales) -> Parsed<Exact> {
    let part = numeral(input)?;
    let inner = Scales::parse(input)?;
    if inner.is_empty() {
        return Err(EmptyError);
    }
    let (outer, inner) = (factor(scales, lexicon)?, factor(inner, lexicon)?);
    let added = part.value.mul(&inner).map_err(|_| EmptyError)?;
    if added < outer { Ok(added) } else { Err(EmptyError) }
}

fn approximation_after(input: &mut Tokens<'_, '_>) -> Parsed<Approximation> {
    word_with(input, |sense| match sense {
        Sense::Approximate(how @ (Approximation::AboutAfter | Approximation::OverAfter)) => Some(how),
        _ => None,
    })
}

/// The other bound of a range, the tolerance, or the other side of a proportion.
fn second(input: &mut Tokens<'_, '_>, lexicon: &Lexicon, first: &Magnitude, found: &mut Measured) -> Parsed<()> {
    let range = |input: &mut Tokens<'_, '_>| other_bound(input, lexicon, first, &found.unit);
    let spread = |input: &mut Tokens<'_, '_>| tolerance(input, lexicon, first, &found.unit);
    let against = |input: &mut Tokens<'_, '_>| proportion(input, first);
    let Some((amount, unit)) = opt(alt((range, spread, against))).parse_next(input)? else { return Ok(()) };
    found.amount = amount;
    found.wordy = false;
    if let Some(unit) = unit.filter(|unit| !unit.is_empty()) {
        found.unit = unit;
    }
    Ok(())
}

type Second = (Amount, Option<UnitParts>);

fn other_bound(
    input: &mut Tokens<'_, '_>,
    lexicon: &Lexicon,
    first: &Magnitude,
    first_unit: &UnitParts,
) -> Parsed<Second> {
    // 90（含）-100分
    opt(|input: &mut Tokens<'_, '_>| sense(input, Sense::Inclusive)).parse_next(input)?;
    sense(input, Sense::Between)?;
    let other = magnitude(input, lexicon)?;
    let mut parts = opt(unit).parse_next(input)?.unwrap_or_default();
    parts.scales = other.scales;
    let only_scaled = *first_unit == UnitParts { scales: parts.scales, ..UnitParts::default() };
    let alike = parts.is_empty() || first_unit.is_empty() || only_scaled || parts == *first_unit;
    if !alike || first.value > other.value {
        return Err(EmptyError);
    }
    Ok((Amount::Between(first.value.clone(), other.value), Some(parts)))
}

/// `5±0.5`; a tolerance in percent is a share of the number.
fn tolerance(
    input: &mut Tokens<'_, '_>,
    lexicon: &Lexicon,
    first: &Magnitude,
    first_unit: &UnitParts,
) -> Parsed<Second> {
    sense(input, Sense::Tolerance)?;
    let mut spread = magnitude(input, lexicon)?.value;
    let mut parts = opt(unit).parse_next(input)?;
    let entry = |parts: &UnitParts| {
        parts.measure("", lexicon).map(|m| (lexicon.measure_entry(&m).is_some_and(|e| e.share), m.factor))
    };
    if !first_unit.is_empty()
        && let (Some((false, _)), Some((true, factor))) = (entry(first_unit), parts.as_ref().and_then(entry))
    {
        spread = spread.mul(&factor).and_then(|share| share.mul(&first.value)).map_err(|_| EmptyError)?;
        parts = None;
    }
    let low = first.value.sub(&spread).map_err(|_| EmptyError)?;
    let high = first.value.add(&spread).map_err(|_| EmptyError)?;
    Ok((Amount::Between(low, high), parts))
}

fn proportion(input: &mut Tokens<'_, '_>, first: &Magnitude) -> Parsed<Second> {
    let colon = any.verify(|token: &&Token<'_>| token.lexeme == Lexeme::Mark(':'));
    let (_, bottom) = (colon, numeral).parse_next(input)?;
    let value = first.value.div(&bottom.value).map_err(|_| EmptyError)?;
    Ok((Amount::Proportion(value), None))
}

/// Comparisons and approximations behind the unit: 95%左右, 90%（含）以上.
fn tail(input: &mut Tokens<'_, '_>, found: &mut Measured) {
    let mut inclusive = None;
    while let Some(word) = input.first().and_then(|token| token.lexeme.word()) {
        if let Some(comparison) = word.after() {
            found.after = Some(comparison);
            found.wordy = false;
        } else if let Some(how @ (Approximation::AboutAfter | Approximation::OverAfter)) = word.approximation() {
            found.approximation = Some(how);
            found.wordy = false;
        } else if word.has(Sense::Exclusive) || word.has(Sense::Inclusive) {
            inclusive = Some(word.has(Sense::Inclusive));
        } else {
            break;
        }
        let skipped: Parsed<&Token<'_>> = any.parse_next(input);
        if skipped.is_err() {
            break;
        }
    }
    if let Some(inclusive) = inclusive {
        found.after = found.after.map(|comparison| bound(comparison, inclusive));
    }
}

/// The comparison with its bound taken in or left out.
fn bound(comparison: Comparison, inclusive: bool) -> Comparison {
    match (comparison, inclusive) {
        (Comparison::AtLeast | Comparison::MoreThan, true) => Comparison::AtLeast,
        (Comparison::AtLeast | Comparison::MoreThan, false) => Comparison::MoreThan,
        (Comparison::AtMost | Comparison::LessThan, true) => Comparison::AtMost,
        (Comparison::AtMost | Comparison::LessThan, false) => Comparison::LessThan,
        (Comparison::Exactly | Comparison::Within, _) => comparison,
    }
}
