//! What needs no rules; see `tests/impact.rs` for what is compared over many forms.

use super::{Deltas, deltas::Bin};
use crate::quantity::{Exact, Points};

fn recorded(deltas: &[&str]) -> Deltas {
    let mut all = Deltas::default();
    deltas.iter().for_each(|delta| all.record(Points::parse(delta).unwrap()));
    all
}

#[test]
fn an_edge_belongs_to_the_bin_that_is_farther_from_zero() {
    let bin_of = |delta: &str| -> Bin {
        let bins = recorded(&[delta]).histogram();
        bins.into_iter().find(|bin| bin.forms == 1).unwrap()
    };
    for (delta, near, far, sign) in [
        ("0", 0, Some(0), 0),
        ("0.01", 0, Some(1), 1),
        ("-0.01", 0, Some(-1), -1),
        ("1", 1, Some(2), 1),
        ("-1.99", -1, Some(-2), -1),
        ("-2", -2, Some(-5), -1),
        ("9.99", 5, Some(10), 1),
        ("10", 10, Some(20), 1),
        ("-60", -60, None, -1),
        ("100", 60, None, 1),
    ] {
        assert_eq!(bin_of(delta), Bin { near, far, sign, forms: 1 }, "{delta}");
    }
}

#[test]
fn bins_run_from_the_largest_loss_to_the_largest_gain() {
    let bins = recorded(&[]).histogram();
    let middles: Vec<i64> = bins.iter().map(|bin| bin.near * 2 + bin.sign).collect();
    assert!(middles.is_sorted() && bins.len() == 17, "{middles:?}");
}

#[test]
fn sums_and_ends_are_those_of_the_parts() {
    let (mut one, other) = (recorded(&["-4", "0.5"]), recorded(&["3.25", "0"]));
    one.merge(&other);
    assert_eq!(one, recorded(&["0", "3.25", "-4", "0.5"]));
    assert_eq!(*one.sum(), Exact::parse("-0.25").unwrap());
    assert_eq!((one.largest_loss().to_string(), one.largest_gain().to_string()), ("-4".into(), "3.25".into()));
    assert_eq!(one.largest().to_string(), "4");
}
