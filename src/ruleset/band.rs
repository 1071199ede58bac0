//! Bands: intervals that must cover a range without gap or overlap.

use crate::diagnostic::render::lines;
use crate::diagnostic::{Bilingual, Diagnostic, Fix, Place};
use crate::document::{Node, Problems};
use crate::quantity::Exact;
pub use crate::quantity::Interval;

impl Interval {
    /// Like [`Interval::parse`], with a diagnostic for what is none.
    pub fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        let parsed = Interval::from_text(node.as_text().unwrap_or_default(), &node.place, problems);
        if let Some(fix) = without_quotes(node) {
            let told: Vec<Diagnostic> = problems.drain(before..).collect();
            problems.extend(told.into_iter().map(|problem| problem.with_fix(fix.clone())));
        }
        parsed
    }

    /// Like [`Interval::from_node`], for a key.
    pub fn from_text(text: &str, place: &Place, problems: &mut Problems) -> Option<Self> {
        let parsed = Interval::parse(text);
        if parsed.is_none() {
            let message = Bilingual::new(
                "这里应为区间，如 \"[0.6, 0.8)\"（须加引号，左端不大于右端）",
                "expected an interval such as \"[0.6, 0.8)\" (quoted, low end first)",
            );
            problems.push(Diagnostic::error("bad_interval", place.clone(), message));
        }
        parsed
    }

    /// From `low` to `high`, both included.
    pub(super) fn closed(low: Exact, high: Exact) -> Self {
        Interval { low, low_closed: true, high, high_closed: true }
    }
}

/// Quotes for `[0, 60]`, which YAML takes for a list where it has none.
fn without_quotes(node: &Node) -> Option<Fix> {
    node.as_list()?;
    let number = |n: u32| usize::try_from(n).ok();
    let line = lines(&node.source).nth(number(node.place.line)?.checked_sub(1)?)?;
    let rest: String = line.chars().skip(number(node.place.column)?.checked_sub(1)?).collect();
    let (inside, _) = rest.split_once(']')?;
    let written = format!("{inside}]");
    Interval::parse(&written)?;
    Some(Fix::new(&node.place, written.as_str(), format!("\"{written}\"")))
}

/// What a set of bands leaves out of a range, what two of them both cover, and what lies outside, as printed
/// intervals.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cover {
    pub gaps: Vec<String>,
    /// Indexes of the two bands and the interval both hold.
    pub overlaps: Vec<(usize, usize, String)>,
    /// Indexes of bands that begin before the range or end behind it.
    pub outside: Vec<usize>,
}

/// Compares bands with the range they should cover exactly once.
pub fn cover(bands: &[&Interval], whole: &Interval) -> Cover {
    let mut order: Vec<usize> = (0..bands.len()).collect();
    let start = |index: &usize| bands.get(*index).map(|band| (band.low.clone(), !band.low_closed));
    order.sort_by_key(start);
    let mut found = Cover::default();
    let whole_begin = (whole.low.clone(), !whole.low_closed);
    let whole_end = (whole.high.clone(), whole.high_closed);
    let mut edge = whole_begin.clone();
    let mut last = None;
    for index in order {
        let Some(band) = bands.get(index) else { continue };
        let begin = (band.low.clone(), !band.low_closed);
        if begin < whole_begin || (band.high.clone(), band.high_closed) > whole_end {
            found.outside.push(index);
        }
        if begin > edge && edge < whole_end {
            found.gaps.push(piece(&edge, &(band.low.clone(), band.low_closed)));
        } else if let (Some(other), true) = (last, begin < edge) {
            let end = (band.high.clone(), band.high_closed).min((edge.0.clone(), edge.1));
            found.overlaps.push((other, index, piece(&begin, &(end.0, !end.1))));
        }
        let end = (band.high.clone(), band.high_closed);
        if end > edge || last.is_none() {
            edge = end;
            last = Some(index);
        }
    }
    if edge < whole_end {
        found.gaps.push(piece(&edge, &(whole_end.0, !whole_end.1)));
    }
    found
}

/// `from.1` and `to.1` are true where that end is open.
fn piece(from: &(Exact, bool), to: &(Exact, bool)) -> String {
    let open = if from.1 { '(' } else { '[' };
    let close = if to.1 { ')' } else { ']' };
    format!("{open}{}, {}{close}", from.0, to.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(bands: &[&str]) -> Cover {
        covered_within("[0, 100]", bands)
    }

    fn covered_within(whole: &str, bands: &[&str]) -> Cover {
        let bands: Vec<Interval> = bands.iter().map(|text| Interval::parse(text).unwrap()).collect();
        let refs: Vec<&Interval> = bands.iter().collect();
        cover(&refs, &Interval::parse(whole).unwrap())
    }

    #[test]
    fn bands_that_meet_cover_the_range() {
        assert_eq!(covered(&["[90, 100]", "[0, 60)", "[60, 90)"]), Cover::default());
        assert_eq!(covered(&["[0, 60]", "(60, 100]"]), Cover::default());
    }

    #[test]
    fn gaps_are_named_exactly() {
        assert_eq!(covered(&["[90, 100]", "[80, 89]", "[0, 80)"]).gaps, ["(89, 90)"]);
        assert_eq!(covered(&["(0, 100)"]).gaps, ["[0, 0]", "[100, 100]"]);
        assert_eq!(covered(&["[0, 60)", "(60, 100]"]).gaps, ["[60, 60]"]);
        assert_eq!(covered(&[]).gaps, ["[0, 100]"]);
    }

    #[test]
    fn overlaps_are_named_exactly() {
        assert_eq!(covered(&["[0, 60]", "[60, 100]"]).overlaps, [(0, 1, "[60, 60]".to_owned())]);
        assert_eq!(covered(&["[0, 70)", "[60, 100]"]).overlaps, [(0, 1, "[60, 70)".to_owned())]);
        assert_eq!(covered(&["[0, 100]", "[10, 20)"]).overlaps, [(0, 1, "[10, 20)".to_owned())]);
    }

    #[test]
    fn an_open_range_and_what_lies_outside_it() {
        assert_eq!(covered_within("(0, 1)", &["(0, 0.5)", "[0.5, 1)"]), Cover::default());
        assert_eq!(covered_within("(0, 1)", &["(0, 0.5)"]).gaps, ["[0.5, 1)"]);
        assert_eq!(covered_within("(0, 1)", &["[0, 0.5)", "[0.5, 1]"]).outside, [0, 1]);
        assert_eq!(covered_within("[0, 1]", &["[0, 1]", "[2, 3]"]).outside, [1]);
    }
}
