//! Intervals written as in mathematics: `[0.6, 0.8)`.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::{Node, Problems};
use crate::quantity::Exact;

/// A bounded interval with open or closed ends; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    pub low: Exact,
    pub low_closed: bool,
    pub high: Exact,
    pub high_closed: bool,
}

impl Interval {
    /// Reads `[a, b]`, `[a, b)`, `(a, b]` or `(a, b)` with decimal ends, a ≤ b; full-width signs count.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.trim().chars();
        let low_closed = match chars.next()? {
            '[' | '［' => true,
            '(' | '（' => false,
            _ => return None,
        };
        let high_closed = match chars.next_back()? {
            ']' | '］' => true,
            ')' | '）' => false,
            _ => return None,
        };
        let (low, high) = chars.as_str().split_once([',', '，'])?;
        let (low, high) = (Exact::parse(low.trim())?, Exact::parse(high.trim())?);
        let holds_something = low < high || (low == high && low_closed && high_closed);
        holds_something.then_some(Interval { low, low_closed, high, high_closed })
    }

    /// Like [`Interval::parse`], with a diagnostic for what is none.
    pub fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let parsed = node.as_text().and_then(Interval::parse);
        if parsed.is_none() {
            let message = Bilingual::new(
                "这里应为区间，如 \"[0.6, 0.8)\"（须加引号，左端不大于右端）",
                "expected an interval such as \"[0.6, 0.8)\" (quoted, low end first)",
            );
            problems.push(Diagnostic::error("bad_interval", node.place.clone(), message));
        }
        parsed
    }

    pub fn contains(&self, value: &Exact) -> bool {
        let above = if self.low_closed { *value >= self.low } else { *value > self.low };
        let below = if self.high_closed { *value <= self.high } else { *value < self.high };
        above && below
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = if self.low_closed { '[' } else { '(' };
        let close = if self.high_closed { ']' } else { ')' };
        write!(f, "{open}{}, {}{close}", self.low, self.high)
    }
}

/// What a set of bands leaves out of `[low, high]` and what two of them both cover, as printed intervals.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cover {
    pub gaps: Vec<String>,
    /// Indexes of the two bands and the interval both hold.
    pub overlaps: Vec<(usize, usize, String)>,
}

/// Compares bands with the range they should cover exactly once.
pub fn cover(bands: &[&Interval], low: &Exact, high: &Exact) -> Cover {
    let mut order: Vec<usize> = (0..bands.len()).collect();
    let start = |index: &usize| bands.get(*index).map(|band| (band.low.clone(), !band.low_closed));
    order.sort_by_key(start);
    let mut found = Cover::default();
    let mut edge = (low.clone(), false);
    let mut last = None;
    for index in order {
        let Some(band) = bands.get(index) else { continue };
        let begin = (band.low.clone(), !band.low_closed);
        if begin > edge {
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
    if edge < (high.clone(), true) {
        found.gaps.push(piece(&edge, &(high.clone(), false)));
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
        let bands: Vec<Interval> = bands.iter().map(|text| Interval::parse(text).unwrap()).collect();
        let refs: Vec<&Interval> = bands.iter().collect();
        cover(&refs, &Exact::from_i64(0), &Exact::from_i64(100))
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
    fn what_is_no_interval_is_refused() {
        for text in ["", "[", "[1]", "[2, 1]", "[1, 1)", "1, 2", "[a, b]", "{1, 2}"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
        assert!(Interval::parse("［0.6，0.8）").is_some());
    }
}
