//! Script files compared line by line.

use std::sync::Arc;

use super::leaves::detail;
use super::{Detail, What};
use crate::diagnostic::Place;

/// Lines that are shown of a file.
const MOST_LINES: usize = 24;
/// Longer stretches between what both begin and end with are told as a whole.
const MOST_MATCHED: usize = 600;

pub(super) fn compare(file: &Arc<str>, old: &str, new: &str) -> Vec<Detail> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let begin = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let (old, new) = (old.get(begin..).unwrap_or_default(), new.get(begin..).unwrap_or_default());
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let old = old.get(..old.len() - end).unwrap_or_default();
    let new = new.get(..new.len() - end).unwrap_or_default();
    let kept = if old.len().max(new.len()) <= MOST_MATCHED { common(old, new) } else { Vec::new() };
    let said = |line: &str, at: usize| Some((line.trim_end().to_owned(), place(file, begin + at)));
    let mut found = Vec::new();
    let (mut left, mut right) = (0, 0);
    for (one, other) in kept.into_iter().chain([(old.len(), new.len())]) {
        for (at, line) in old.iter().enumerate().take(one).skip(left) {
            found.push(detail(What::Line, said(line, at), None));
        }
        for (at, line) in new.iter().enumerate().take(other).skip(right) {
            found.push(detail(What::Line, None, said(line, at)));
        }
        (left, right) = (one + 1, other + 1);
    }
    found.retain(|detail| [&detail.old, &detail.new].into_iter().flatten().any(|line| !line.trim().is_empty()));
    found.truncate(MOST_LINES);
    found
}

/// The places of a longest common subsequence.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // How long the longest one is from each pair of places on.
    let width = new.len() + 1;
    let mut longest = vec![0_usize; (old.len() + 1) * width];
    let at = |longest: &[usize], one: usize, other: usize| longest.get(one * width + other).copied().unwrap_or(0);
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let length = if old.get(one) == new.get(other) {
                at(&longest, one + 1, other + 1) + 1
            } else {
                at(&longest, one + 1, other).max(at(&longest, one, other + 1))
            };
            if let Some(cell) = longest.get_mut(one * width + other) {
                *cell = length;
            }
        }
    }
    let (mut one, mut other, mut places) = (0, 0, Vec::new());
    while one < old.len() && other < new.len() {
        if old.get(one) == new.get(other) {
            places.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if at(&longest, one + 1, other) >= at(&longest, one, other + 1) {
            one += 1;
        } else {
            other += 1;
        }
    }
    places
}

fn place(file: &Arc<str>, line: usize) -> Place {
    Place::new(Arc::clone(file), u32::try_from(line + 1).unwrap_or(u32::MAX), 1, 1)
}
