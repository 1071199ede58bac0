//! Where the words of a list stand in a text, and what follows them. Time: the length of the text for each word
//! of the list, as the meter charges it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::figures::{Figure, What, ends_sentence, figures};
use crate::quantity::Exact;

/// The places, in bytes, where the words stand, from left to right; of words that begin together or overlap the
/// leftmost and longest.
pub(super) fn occurrences(t: &str, list: &[Arc<str>]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for word in distinct(list) {
        all.extend(t.match_indices(word).map(|(start, found)| start..start + found.len()));
    }
    all.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut end = 0;
    all.retain(|place| {
        let keep = place.start >= end;
        if keep {
            end = place.end;
        }
        keep
    });
    all
}

/// How many of the words occur.
pub(super) fn different(t: &str, list: &[Arc<str>]) -> usize {
    distinct(list).into_iter().filter(|word| t.contains(word)).count()
}

/// The first number that stands behind one of the words in the same clause.
pub(super) fn number_after(t: &str, list: &[Arc<str>]) -> Option<Exact> {
    let words = occurrences(t, list);
    if words.is_empty() {
        return None;
    }
    let numbers: Vec<(usize, Exact)> = figures(t).filter_map(number).collect();
    let clauses: Vec<usize> = t.char_indices().filter(|(_, c)| ends_clause(*c)).map(|(at, _)| at).collect();
    words.into_iter().find_map(|word| {
        let (at, value) = numbers.get(numbers.partition_point(|(at, _)| *at < word.end))?;
        let clause_end = clauses.get(clauses.partition_point(|end| *end < word.end));
        clause_end.is_none_or(|end| end > at).then(|| value.clone())
    })
}

fn number(figure: Figure) -> Option<(usize, Exact)> {
    match figure.what {
        What::Number { value, .. } => Some((figure.at.start, value)),
        What::Date(_) => None,
    }
}

fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, '，' | ',')
}

fn distinct(list: &[Arc<str>]) -> BTreeSet<&str> {
    list.iter().map(|word| &**word).filter(|word| !word.is_empty()).collect()
}
