//! Rows that say what other rows say already.
//!
//! Linear in the texts, times the logarithm of the rows: every text is folded once and looked up by its hash; texts are
//! compared only where hashes are equal, and never with every other row.

mod alike;
mod texts;

use std::collections::BTreeMap;

use super::rows::ReadRow;
use crate::reading::Kind;
use alike::first_alike;
use texts::{Hashed, Texts, hash_of, repeated};

/// What one row shares with others. Rows are numbered from 1, texts are alike by what they say: spaces,
/// punctuation and width aside. All absent where the text is blank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Echoes {
    /// The first earlier row of the same dimension with the same name.
    pub duplicate_row: Option<usize>,
    /// Where there is none: the first earlier row of the same dimension whose name is the same but for numerals
    /// and signs, or for the order of its characters, or for one character more or less in a long name.
    pub near_duplicate_row: Option<usize>,
    /// The first earlier row of another dimension with the same name.
    pub other_dimension_row: Option<usize>,
    /// How many rows give this reason, this one included.
    pub reason_repeats: Option<usize>,
    /// How many rows have this actual, this one included; absent where it is a number, a range or a date.
    pub actual_repeats: Option<usize>,
}

/// Fills in [`ReadRow::echoes`] of all rows.
pub(super) fn mark(rows: &mut [ReadRow<'_>]) {
    let names = Texts::folded(rows.iter().map(|row| row.indicator.name()));
    let dimensions = numbered(rows.iter().map(|row| row.dimension.as_str()));
    let reasons = how_often(&Texts::folded(rows.iter().map(|row| row.indicator.deviation_reason())));
    let actuals = how_often(&Texts::folded(rows.iter().map(in_words)));
    let found = repeats_of_names(&names, &dimensions).into_iter().zip(reasons.into_iter().zip(actuals));
    for (row, (named, (reason_repeats, actual_repeats))) in rows.iter_mut().zip(found) {
        row.echoes = Echoes { reason_repeats, actual_repeats, ..named };
    }
}

/// The actual where it is words: equal numbers and dates are no repetition.
fn in_words<'f>(row: &ReadRow<'f>) -> &'f str {
    match row.actual.kind() {
        Kind::Statement | Kind::Unreadable => row.indicator.actual(),
        Kind::Number | Kind::Range | Kind::Date | Kind::NotApplicable | Kind::Blank => "",
    }
}

/// A small number for each text, equal for equal texts.
fn numbered<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<usize> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last = ("", None);
    let number = |text| match last {
        // Rows of a dimension stand together.
        (before, Some(number)) if before == text => number,
        _ => {
            let next = known.len();
            let number = *known.entry(text).or_insert(next);
            last = (text, Some(number));
            number
        }
    };
    texts.map(number).collect()
}

/// The rows that have a text, under its hash.
fn hashed(texts: &Texts) -> Vec<Hashed> {
    texts.hashed(|text| !text.is_empty(), |_, text| hash_of(text))
}

/// For each text in how many places it stands; absent for an empty one.
fn how_often(texts: &Texts) -> Vec<Option<usize>> {
    let mut counts: Vec<Option<usize>> = texts.iter().map(|text| (!text.is_empty()).then_some(1)).collect();
    repeated(
        hashed(texts),
        |one, other| texts.get(one) == texts.get(other),
        |row| texts.get(row),
        |same| {
            for Hashed { row, .. } in same {
                if let Some(count) = counts.get_mut(*row) {
                    *count = Some(same.len());
                }
            }
        },
    );
    counts
}

fn repeats_of_names(names: &Texts, dimensions: &[usize]) -> Vec<Echoes> {
    let number_of = |row: usize| row + 1;
    let mut found: Vec<Echoes> = first_alike(names, dimensions)
        .into_iter()
        .map(|near| Echoes { near_duplicate_row: near.map(number_of), ..Echoes::default() })
        .collect();
    repeated(
        hashed(names),
        |one, other| names.get(one) == names.get(other),
        |row| names.get(row),
        |same| {
            let dimension = |one: &Hashed| dimensions.get(one.row).copied();
            let mut within: BTreeMap<Option<usize>, usize> = BTreeMap::new();
            let first = same.first().map(|first| (first, dimension(first)));
            // The first row of another dimension than the first row's.
            let second = first.and_then(|(_, other)| same.iter().find(|one| dimension(one) != other));
            for one in same {
                let own = dimension(one);
                let elsewhere =
                    if first.is_some_and(|(_, other)| other != own) { first.map(|(row, _)| row) } else { second };
                let earlier = elsewhere.filter(|other| other.row < one.row);
                let Some(echoes) = found.get_mut(one.row) else { continue };
                echoes.other_dimension_row = earlier.map(|other| number_of(other.row));
                match within.get(&own) {
                    Some(duplicate) => {
                        echoes.duplicate_row = Some(number_of(*duplicate));
                        echoes.near_duplicate_row = None;
                    }
                    None => {
                        within.insert(own, one.row);
                    }
                }
            }
        },
    );
    found
}

#[cfg(test)]
mod tests;
