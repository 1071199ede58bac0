//! A short cut for what most cells say: one number between a comparison and a unit, `≥95%`, `100`, `12场以上`.
//!
//! It knows no meaning of its own. It takes only words that can mean nothing else in such a cell, leaves every
//! other cell to the grammar, and reads what it takes exactly as the grammar does: a test reads all words of the
//! lexicon both ways.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Row;
use super::grammar::is_chinese_numeral;
use super::kind::{Comparison, Kind};
use super::lexicon::{Lexicon, Measure, Sense, UnitId, Word};
use super::statement::{Reading, Role, Span, Unit};
use crate::quantity::Exact;

/// Digits that a machine word holds.
const MOST_DIGITS: usize = 18;

/// Reads a cell that is one plain number into its empty reading; false, and nothing done, for any other cell.
pub(super) fn plain(text: &str, row: &Row<'_>, lexicon: &Lexicon, reading: &mut Reading) -> bool {
    let Some(plain) = Plain::of(text, row, lexicon) else { return false };
    plain.tell(reading, lexicon);
    true
}

/// A cell of one plain number.
struct Plain {
    /// Where the number begins and ends, in bytes.
    start: usize,
    end: usize,
    unit_length: usize,
    comparison: Comparison,
    value: Exact,
    decimals: bool,
    unit: Option<Arc<Unit>>,
}

impl Plain {
    fn of(text: &str, row: &Row<'_>, lexicon: &Lexicon) -> Option<Self> {
        let first = text.chars().next()?;
        // The cell may begin with the row's name.
        if row.name.starts_with(first) {
            return None;
        }
        let before = if first.is_ascii_digit() { None } else { Some(leading(text, lexicon)?) };
        let start = before.map_or(0, |(length, _)| length);
        let (digits, value) = number(text.get(start..)?)?;
        let end = start + digits.all;
        let trailing = trailing(text.get(end..)?, lexicon)?;
        let is_word = lexicon.longest(text.get(start..)?).is_some_and(|(length, _)| length > digits.whole);
        if is_word || before.is_some() && trailing.after.is_some() {
            return None;
        }
        let comparison = before.map(|(_, comparison)| comparison).or(trailing.after).unwrap_or(Comparison::Exactly);
        let decimals = digits.whole < digits.all;
        Some(Plain { start, end, unit_length: trailing.unit_length, comparison, value, decimals, unit: trailing.unit })
    }

    fn tell(self, reading: &mut Reading, lexicon: &Lexicon) {
        let Plain { start, end, unit_length, comparison, value, decimals, unit } = self;
        let behind = end + unit_length;
        let stretches = [
            (0, start, Role::Comparator),
            (start, end, Role::Number),
            (end, behind, Role::Unit),
            (behind, reading.main.end, Role::Comparator),
        ];
        let spans = stretches.into_iter().filter(|(start, end, _)| end > start);
        spans.for_each(|(start, end, role)| reading.spans.push(Span { start, end, role }));
        let entry = unit.as_ref().and_then(|unit| lexicon.measure_entry(&unit.measure));
        let main = &mut reading.main;
        main.kind = Kind::Number;
        main.comparison = Some(comparison);
        main.value = Some(value);
        main.facts.decimals = decimals;
        main.facts.weak = entry.is_some_and(|entry| entry.describes);
        main.unit = unit;
    }
}

/// A comparison at the beginning, and its length in bytes.
fn leading(text: &str, lexicon: &Lexicon) -> Option<(usize, Comparison)> {
    let (length, word) = lexicon.longest(text)?;
    let bounds = word.has_only([
        Sense::Before(Comparison::Exactly),
        Sense::Adverb(Comparison::Exactly),
        Sense::BeforeDate(Comparison::Exactly),
    ]);
    if bounds && !begins_with_numeral(text) { Some((length, word.before().or_else(|| word.adverb())?)) } else { None }
}

/// How long a number is, in bytes.
#[derive(Clone, Copy)]
struct Digits {
    whole: usize,
    /// With the point and what follows it.
    all: usize,
}

/// The number `text` begins with, where it can be nothing but a number.
fn number(text: &str) -> Option<(Digits, Exact)> {
    let bytes = text.as_bytes();
    let (whole, mantissa) = figures(bytes, 0);
    let (decimals, mantissa) = match bytes.get(whole..) {
        Some([b'.', rest @ ..]) => figures(rest, mantissa),
        _ => (0, mantissa),
    };
    let all = if decimals == 0 { whole } else { whole + 1 + decimals };
    let runs_on = bytes.get(all).is_some_and(|byte| matches!(byte, b'.' | b',' | b'e' | b'E' | b'o' | b'O'));
    let may_be_date = whole == 8 || whole == 4 && decimals > 0;
    if whole == 0 || runs_on || may_be_date || whole + decimals > MOST_DIGITS {
        return None;
    }
    Some((Digits { whole, all }, Exact::from_scaled(mantissa, u32::try_from(decimals).ok()?)?))
}

/// How many digits `bytes` begins with, and the number that they make behind those of `before`; it wraps around
/// beyond [`MOST_DIGITS`].
fn figures(bytes: &[u8], before: i64) -> (usize, i64) {
    let (mut count, mut sum) = (0, before);
    while let Some(digit @ b'0'..=b'9') = bytes.get(count) {
        sum = sum.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        count += 1;
    }
    (count, sum)
}

/// What stands behind the number.
#[derive(Default)]
struct Trailing {
    unit: Option<Arc<Unit>>,
    unit_length: usize,
    after: Option<Comparison>,
}

/// A unit, a comparison, one after the other, or nothing; none where anything else follows.
fn trailing(text: &str, lexicon: &Lexicon) -> Option<Trailing> {
    if text.is_empty() {
        return Some(Trailing::default());
    }
    let first = text.chars().next()?;
    if matches!(first, '年' | '月' | '-' | '/' | '~' | '—' | '至' | '到') {
        return None;
    }
    let (length, found) = lexicon.longest(text)?;
    let (unit, unit_length) = if found.has_only([Sense::Scale(0)]) {
        let (unit, unit_length) = scaled(text.split_at_checked(length)?, found, lexicon)?;
        (Some(unit), length + unit_length)
    } else if is_chinese_numeral(first) {
        return None;
    } else if is_unit(found) {
        (Some(found.alone.clone()?), length)
    } else {
        (None, 0)
    };
    let rest = text.get(unit_length..)?;
    if rest.is_empty() {
        return Some(Trailing { unit, unit_length, after: None });
    }
    let (length, word) = if unit_length == 0 { (length, found) } else { word(rest, lexicon)? };
    let bounds = word.has_only([Sense::After(Comparison::Exactly), Sense::AfterDate(Comparison::Exactly)]);
    if bounds && length == rest.len() { Some(Trailing { unit, unit_length, after: Some(word.after()?) }) } else { None }
}

fn is_unit(word: &Word) -> bool {
    word.has_only([Sense::Unit(UnitId(0))])
}

/// `万元`: one scale, its unit behind it; the length of the unit alone.
fn scaled((sign, rest): (&str, &str), scale: &Word, lexicon: &Lexicon) -> Option<(Arc<Unit>, usize)> {
    // 十 counts by itself, 百分之 is a share.
    if scale.is_numeral || rest.starts_with('分') {
        return None;
    }
    let (length, word) = word(rest, lexicon).filter(|(_, word)| is_unit(word))?;
    let one = word.alone.as_ref()?;
    let factor = one.measure.factor.mul(lexicon.scale(scale.scale()?)?).ok()?;
    let printed = SmolStr::from_iter([sign, &one.printed]);
    let unit = Unit { printed, measure: Measure { factor, ..one.measure.clone() } };
    Some((Arc::new(unit), length))
}

/// The longest word, where no numeral is in its way.
fn word<'l>(text: &str, lexicon: &'l Lexicon) -> Option<(usize, &'l Word)> {
    if begins_with_numeral(text) { None } else { lexicon.longest(text) }
}

fn begins_with_numeral(text: &str) -> bool {
    text.starts_with(is_chinese_numeral)
}
