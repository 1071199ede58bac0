//! A short cut for what most cells say: one number between a comparison and a unit, `≥95%`, `100`, `12场以上`.
//!
//! It knows no meaning of its own. It takes only words that can mean nothing else in such a cell, leaves every
//! other cell to the grammar, and reads what it takes exactly as the grammar does: a test reads all words of the
//! lexicon both ways.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Row;
use super::grammar::{Figures, is_chinese_numeral};
use super::kind::{Comparison, Kind};
use super::lexicon::{Lexicon, Measure, Sense, UnitId, Word};
use super::statement::{Facts, Reading, Role, Span, Spans, Statement, Unit};
use crate::quantity::Exact;

/// A cell of one plain number.
pub(super) struct Plain {
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
    /// Nothing for a cell that says anything else or more.
    pub fn of(text: &str, row: &Row<'_>, lexicon: &Lexicon) -> Option<Self> {
        let first = text.chars().next()?;
        // The cell may begin with the row's name.
        if row.name.starts_with(first) {
            return None;
        }
        let before = if first.is_ascii_digit() { None } else { Some(leading(text, lexicon)?) };
        let start = before.map_or(0, |(length, _)| length);
        let Figures { whole, all, value } = number(text.get(start..)?)?;
        let end = start + all;
        let trailing = trailing(text.get(end..)?, lexicon)?;
        let is_word = lexicon.longest(text.get(start..)?).is_some_and(|(length, _)| length > whole);
        if is_word || before.is_some() && trailing.after.is_some() {
            return None;
        }
        let comparison = before.map(|(_, comparison)| comparison).or(trailing.after).unwrap_or(Comparison::Exactly);
        let decimals = whole < all;
        Some(Plain { start, end, unit_length: trailing.unit_length, comparison, value, decimals, unit: trailing.unit })
    }

    /// The reading of the cell, whose text is `text`.
    #[inline]
    pub fn reading(self, text: &str, lexicon: &Lexicon) -> Reading {
        let Plain { start, end, unit_length, comparison, value, decimals, unit } = self;
        let behind = end + unit_length;
        let stretches = [
            (0, start, Role::Comparator),
            (start, end, Role::Number),
            (end, behind, Role::Unit),
            (behind, text.len(), Role::Comparator),
        ];
        let mut spans = Spans::new();
        let taken = stretches.into_iter().filter(|(start, end, _)| end > start);
        taken.for_each(|(start, end, role)| spans.push(Span { start, end, role }));
        let entry = unit.as_ref().and_then(|unit| lexicon.measure_entry(&unit.measure));
        let facts = Facts { decimals, weak: entry.is_some_and(|entry| entry.describes), ..Facts::default() };
        let empty = Statement::empty(Kind::Number, 0, text.len());
        let text = SmolStr::new(text);
        Reading {
            text,
            main: Statement { comparison: Some(comparison), value: Some(value), unit, facts, ..empty },
            others: Vec::new(),
            spans,
        }
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

/// The number `text` begins with, where it can be nothing but a number.
fn number(text: &str) -> Option<Figures> {
    let figures = Figures::of(text)?;
    let may_be_date = figures.whole == 8 || figures.whole == 4 && figures.all > figures.whole;
    if may_be_date { None } else { Some(figures) }
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
