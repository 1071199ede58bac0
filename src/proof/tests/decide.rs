//! Deciding constraints.

use crate::proof::algebra::{Constraint, Polynomial, Relation};
use crate::proof::decide::{Work, impossible};
use crate::quantity::Exact;

/// `[(coefficient, unknowns)]`, compared with zero.
fn constraint(terms: &[(&str, &[u32])], relation: Relation) -> Constraint {
    let mut sum = Polynomial::default();
    for (coefficient, unknowns) in terms {
        let mut term = Polynomial::of(Exact::parse(coefficient).unwrap());
        for unknown in *unknowns {
            term = term.mul(&Polynomial::unknown(*unknown)).unwrap();
        }
        sum = sum.add(&term).unwrap();
    }
    Constraint::new(sum, relation)
}

fn is_impossible(constraints: &[Constraint]) -> bool {
    impossible(constraints.iter().cloned(), &mut Work::of(1_000_000))
}

const P: u32 = 0;
const T: u32 = 1;
const A: u32 = 2;
const B: u32 = 3;

#[test]
fn what_contradicts_itself_is_impossible() {
    use Relation::{NonNegative, Positive, Zero};
    let positive_target = || constraint(&[("1", &[T])], Positive);
    let next = || constraint(&[("1", &[B]), ("-1", &[A]), ("-0.0001", &[T])], Zero);
    let points = || [constraint(&[("1", &[P])], NonNegative), constraint(&[("100", &[]), ("-1", &[P])], NonNegative)];
    let linear = [
        positive_target(),
        next(),
        constraint(&[("1", &[A]), ("-1", &[T])], Positive),
        constraint(&[("1", &[T]), ("-1", &[B])], NonNegative),
    ];
    assert!(is_impossible(&linear));
    let [low, high] = points();
    let step = [
        low,
        high,
        positive_target(),
        next(),
        constraint(&[("1", &[A])], NonNegative),
        constraint(&[("1", &[T]), ("-1", &[A])], NonNegative),
        constraint(&[("1", &[B]), ("-1", &[T])], Positive),
        constraint(&[("1", &[P, T]), ("-1", &[P, A]), ("-1", &[T])], Positive),
    ];
    assert!(is_impossible(&step));
}
