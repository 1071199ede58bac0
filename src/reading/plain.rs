//! A short cut for what most cells say: one number between a comparison and a unit, `≥95%`, `100`, `12场以上`.
//!
//! It knows no meaning of its own. It takes only words that can mean nothing else in such a cell, leaves every
//! other cell to the grammar, and reads what it takes exactly as the grammar does: a test reads all words of the
//! lexicon both ways.

use std::sync::Arc;

use super::Row;
use super::grammar::{chinese_value, is_chinese_numeral};
use super::kind::{Comparison, Kind};
use super::lexicon::{Lexicon, Measure, Sense, UnitId, Word};
use super::statement::{Reading, Role, Span, Spans, Statement, Unit};
use crate::quantity::Exact;

/// Digits that a machine word holds.
const MOST_DIGITS: usize = 18;

/// The reading of a cell that is one plain number; nothing for any other cell.
pub(super) fn plain(text: &str, row: &Row<'_>, lexicon: &Lexicon) -> Option<Reading> {
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
    let mut spans = Spans::new();
    let mut span = |start: usize, end: usize, role| {
        if end > start {
            spans.push(Span { start, end, role });
        }
    };
    span(0, start, Role::Comparator);
    span(start, end, Role::Number);
    span(end, end + trailing.unit_length, Role::Unit);
    span(end + trailing.unit_length, text.len(), Role::Comparator);
    let mut main = Statement::empty(Kind::Number, 0, text.len());
    main.comparison = before.map(|(_, comparison)| comparison).or(trailing.after).or(Some(Comparison::Exactly));
    main.value = Some(value);
    main.unit = trailing.unit;
    main.facts.decimals = digits.whole < digits.all;
    let entry = main.unit.as_ref().and_then(|unit| lexicon.measure_entry(&unit.measure));
    main.facts.weak = entry.is_some_and(|entry| entry.describes);
    Some(Reading { text: text.into(), main, others: Vec::new(), spans })
}

/// A comparison at the beginning, and its length in bytes.
fn leading(text: &str, lexicon: &Lexicon) -> Option<(usize, Comparison)> {
    let (length, word) = lexicon.longest(text)?;
    let compares = |sense| match sense {
        Sense::Before(comparison) | Sense::Adverb(comparison) => Some(comparison),
        _ => None,
    };
    let bounds = word.has_only([
        Sense::Before(Comparison::Exactly),
        Sense::Adverb(Comparison::Exactly),
        Sense::BeforeDate(Comparison::Exactly),
    ]);
    if bounds && !begins_with_numeral(text) { Some((length, word.find(compares)?)) } else { None }
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
    let run =
        |from: usize| bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let whole = run(0);
    let decimals = if bytes.get(whole) == Some(&b'.') { run(whole + 1) } else { 0 };
    let all = if decimals == 0 { whole } else { whole + 1 + decimals };
    let runs_on = bytes.get(all).is_some_and(|byte| matches!(byte, b'.' | b',' | b'e' | b'E' | b'o' | b'O'));
    let may_be_date = whole == 8 || whole == 4 && decimals > 0;
    if whole == 0 || runs_on || may_be_date || whole + decimals > MOST_DIGITS {
        return None;
    }
    let figures = bytes.get(..all)?.iter().filter(|byte| byte.is_ascii_digit());
    let mantissa = figures.fold(0_i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some((Digits { whole, all }, Exact::from_scaled(mantissa, u32::try_from(decimals).ok()?)?))
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
    let after = |sense| if let Sense::After(comparison) = sense { Some(comparison) } else { None };
    if bounds && length == rest.len() {
        Some(Trailing { unit, unit_length, after: Some(word.find(after)?) })
    } else {
        None
    }
}

fn is_unit(word: &Word) -> bool {
    word.has_only([Sense::Unit(UnitId(0))])
}

/// `万元`: one scale, its unit behind it; the length of the unit alone.
fn scaled((sign, rest): (&str, &str), scale: &Word, lexicon: &Lexicon) -> Option<(Arc<Unit>, usize)> {
    // 十 counts by itself, 百分之 is a share.
    if chinese_value(sign).is_some() || rest.starts_with('分') {
        return None;
    }
    let (length, word) = word(rest, lexicon).filter(|(_, word)| is_unit(word))?;
    let one = word.alone.as_ref()?;
    let factor = one.measure.factor.mul(lexicon.scale(scale.scale()?)?).ok()?;
    let unit = Unit { printed: [sign, &one.printed].concat(), measure: Measure { factor, ..one.measure.clone() } };
    Some((Arc::new(unit), length))
}

/// The longest word, where no numeral is in its way.
fn word<'l>(text: &str, lexicon: &'l Lexicon) -> Option<(usize, &'l Word)> {
    if begins_with_numeral(text) { None } else { lexicon.longest(text) }
}

fn begins_with_numeral(text: &str) -> bool {
    text.starts_with(is_chinese_numeral)
}
