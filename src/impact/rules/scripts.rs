//! Script files compared: the lines between what both begin and end with.

use std::sync::Arc;

use super::leaves::detail;
use super::{Detail, What};
use crate::diagnostic::Place;

/// Lines that are shown of either side.
const MOST_LINES: usize = 12;

pub(super) fn compare(file: &Arc<str>, old: &str, new: &str) -> Vec<Detail> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let alike = |(one, other): &(&&str, &&str)| one == other;
    let begin = old.iter().zip(&new).take_while(alike).count();
    let end = old.iter().skip(begin).rev().zip(new.iter().skip(begin).rev()).take_while(alike).count();
    let changed = |lines: &[&str]| -> Vec<(String, Place)> {
        let own = lines.iter().enumerate().take(lines.len() - end).skip(begin);
        own.map(|(at, line)| (line.trim_end().to_owned(), place(file, at))).collect()
    };
    let (old, new) = (changed(&old), changed(&new));
    let told = |lines: &[(String, Place)], is_old: bool| -> Vec<Detail> {
        let shown = lines.iter().filter(|(line, _)| !line.trim().is_empty()).take(MOST_LINES);
        let line = |said: &(String, Place)| {
            let side = Some(said.clone());
            if is_old { detail(What::Line, side, None) } else { detail(What::Line, None, side) }
        };
        shown.map(line).collect()
    };
    [told(&old, true), told(&new, false)].concat()
}

fn place(file: &Arc<str>, line: usize) -> Place {
    Place::new(Arc::clone(file), u32::try_from(line + 1).unwrap_or(u32::MAX), 1, 1)
}
