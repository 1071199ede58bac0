//! Two ways to cut a line into stretches, compared where they say different things.

use crate::quantity::{Exact, Interval};

/// A stretch with what holds on it.
pub(super) type Stretch = (Interval, String);

/// The stretches on which the two differ, in order, as long as they can be: what holds there on either side.
pub(super) fn differing(old: &[Stretch], new: &[Stretch]) -> Vec<(Interval, Option<String>, Option<String>)> {
    let mut edges: Vec<&Exact> = old.iter().chain(new).flat_map(|(at, _)| [&at.low, &at.high]).collect();
    edges.sort();
    edges.dedup();
    let mut found: Vec<(Interval, Option<String>, Option<String>)> = Vec::new();
    // Whether the piece before differed too: only neighbours grow together.
    let mut grows = false;
    for piece in pieces(&edges) {
        let Some(inside) = inside(&piece) else { continue };
        let on = |side: &[Stretch]| side.iter().find(|(at, _)| at.contains(&inside)).map(|(_, told)| told.clone());
        let (before, after) = (on(old), on(new));
        if before == after {
            grows = false;
            continue;
        }
        match found.last_mut() {
            Some((run, one, other)) if grows && *one == before && *other == after => {
                (run.high, run.high_closed) = (piece.high, piece.high_closed);
            }
            _ => found.push((piece, before, after)),
        }
        grows = true;
    }
    found
}

/// Every edge by itself, and what lies between two of them.
fn pieces(edges: &[&Exact]) -> Vec<Interval> {
    let mut all = Vec::with_capacity(edges.len() * 2);
    for (at, edge) in edges.iter().enumerate() {
        let point =
            |closed| Interval { low: (*edge).clone(), low_closed: closed, high: (*edge).clone(), high_closed: closed };
        all.push(point(true));
        if let Some(next) = edges.get(at + 1) {
            all.push(Interval { high: (*next).clone(), ..point(false) });
        }
    }
    all
}

/// The edge, or the middle.
fn inside(piece: &Interval) -> Option<Exact> {
    piece.low.add(&piece.high).ok()?.div(&Exact::from_i64(2)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(texts: &[(&str, &str)]) -> Vec<Stretch> {
        texts.iter().map(|(at, told)| (Interval::parse(at).unwrap(), (*told).to_owned())).collect()
    }

    fn told(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
        let side = |told: Option<String>| told.unwrap_or_else(|| "—".to_owned());
        let found = differing(&stretches(old), &stretches(new)).into_iter();
        found.map(|(at, old, new)| format!("{at}: {} → {}", side(old), side(new))).collect()
    }

    #[test]
    fn a_moved_edge_is_the_stretch_that_changes_hands() {
        let old = [("[0, 80)", "中"), ("[80, 90)", "良"), ("[90, 100]", "优")];
        let new = [("[0, 82]", "中"), ("(82, 90)", "良"), ("[90, 100]", "优")];
        assert_eq!(told(&old, &new), ["[80, 82]: 良 → 中"]);
        assert_eq!(told(&new, &old), ["[80, 82]: 中 → 良"]);
        assert_eq!(told(&old, &old), [""; 0]);
    }

    #[test]
    fn a_row_cut_in_two_changes_nothing_and_an_end_that_closes_changes_a_point() {
        assert_eq!(told(&[("[0, 10]", "1")], &[("[0, 4)", "1"), ("[4, 10]", "1")]), [""; 0]);
        let (old, new) = ([("[0, 60]", "差"), ("(60, 100]", "中")], [("[0, 60)", "差"), ("[60, 100]", "中")]);
        assert_eq!(told(&old, &new), ["[60, 60]: 差 → 中"]);
    }

    #[test]
    fn what_one_side_leaves_out_is_told_and_neighbours_with_other_values_stay_apart() {
        let old = [("[90, 95)", "7"), ("[95, 100]", "8")];
        let new = [("[90, 95)", "6.5"), ("[95, 100]", "7.5"), ("(100, 120]", "8")];
        assert_eq!(told(&old, &new), ["[90, 95): 7 → 6.5", "[95, 100]: 8 → 7.5", "(100, 120]: — → 8"]);
        let apart = [("[0, 1)", "a"), ("[1, 2)", "b"), ("[2, 3]", "a")];
        assert_eq!(
            told(&apart, &[("[0, 1)", "c"), ("[1, 2)", "b"), ("[2, 3]", "c")]),
            ["[0, 1): a → c", "[2, 3]: a → c"]
        );
    }
}
