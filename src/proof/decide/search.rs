//! Looking for values that satisfy constraints, one unknown after the other, the plainest numbers first.

use std::collections::BTreeMap;

use super::range::{End, Range};
use crate::proof::algebra::{Constraint, Polynomial, Relation, Unknown};
use crate::quantity::Exact;

/// Numbers that people would choose, and those that stand in the rules.
#[derive(Debug, Clone, Default)]
pub(in crate::proof) struct Hints {
    numbers: Vec<Exact>,
}

/// Numbers tried for every unknown, in thousandths.
const PLAIN: [i64; 13] = [10_000, 1_000, 100_000, 0, 12_345, 20_000, 5_000, 2_000, 500, -1_000, -10_000, 15_000, 990];
/// The most values tried for one unknown.
const MAX_TRIED: usize = 12;
/// Decimals of a number made up between two others.
const DECIMALS: u32 = 4;

pub(in crate::proof) struct Search<'a> {
    constraints: &'a [Constraint],
    /// What they say without the unknowns that equations give away: a second actual is a step above the first, so
    /// its limits are limits of the first.
    implied: Vec<Constraint>,
    hints: &'a Hints,
    /// How many values may still be tried.
    left: usize,
}

type Point = BTreeMap<Unknown, Exact>;

impl Hints {
    pub fn of(rules: impl IntoIterator<Item = Exact>) -> Self {
        let thousand = Exact::from_i64(1_000);
        let plain = PLAIN.iter().filter_map(|numerator| Exact::from_i64(*numerator).div(&thousand).ok());
        let mut numbers: Vec<Exact> = Vec::new();
        for number in plain.chain(rules) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        Hints { numbers }
    }

    pub fn numbers(&self) -> &[Exact] {
        &self.numbers
    }
}

/// The constraints with the last unknown of each equation replaced by what the equation makes it.
fn implied(constraints: &[Constraint]) -> Vec<Constraint> {
    let mut found = Vec::new();
    for equation in constraints.iter().filter(|constraint| constraint.relation == Relation::Zero) {
        let Some(unknown) = equation.polynomial.unknowns().into_iter().max() else { continue };
        let Some((slope, rest)) = equation.polynomial.linear_in(unknown) else { continue };
        let part = slope.constant().and_then(|slope| Exact::ONE.neg().div(&slope).ok());
        let Some(value) = part.and_then(|part| rest.scale(&part)) else { continue };
        let others = constraints.iter().filter(|other| other.polynomial.degree_in(unknown) > 0 && *other != equation);
        found.extend(others.filter_map(|other| {
            let polynomial = other.polynomial.with(unknown, &value)?;
            Some(Constraint::new(polynomial, other.relation))
        }));
    }
    found
}

impl<'a> Search<'a> {
    pub fn new(constraints: &'a [Constraint], hints: &'a Hints, tries: usize) -> Self {
        Search { constraints, implied: implied(constraints), hints, left: tries }
    }

    /// How many values may still be tried.
    pub fn left(&self) -> usize {
        self.left
    }

    /// The first point that satisfies the constraints and that `accept` takes. Values are chosen in the order of
    /// `unknowns`.
    pub fn find<T>(&mut self, unknowns: &[Unknown], accept: &mut dyn FnMut(&Point) -> Option<T>) -> Option<T> {
        self.descend(unknowns, &mut Point::new(), accept)
    }

    fn descend<T>(
        &mut self,
        unknowns: &[Unknown],
        point: &mut Point,
        accept: &mut dyn FnMut(&Point) -> Option<T>,
    ) -> Option<T> {
        let Some((unknown, later)) = unknowns.split_first() else {
            return if self.satisfied(point) { accept(point) } else { None };
        };
        let range = self.range(*unknown, point)?;
        for value in self.candidates(&range, point) {
            self.left = self.left.checked_sub(1)?;
            point.insert(*unknown, value);
            if let Some(found) = self.descend(later, point, accept) {
                return Some(found);
            }
            point.remove(unknown);
        }
        None
    }

    fn satisfied(&self, point: &Point) -> bool {
        self.constraints
            .iter()
            .all(|constraint| constraint.polynomial.at(point).is_some_and(|value| constraint.holds_for(&value)))
    }

    /// What the constraints leave for an unknown once the others in them are chosen; nothing where they leave
    /// nothing.
    fn range(&self, unknown: Unknown, point: &Point) -> Option<Range> {
        let mut range = Range::default();
        for constraint in self.constraints.iter().chain(&self.implied) {
            let Some((slope, rest)) = constraint.polynomial.linear_in(unknown) else { continue };
            let (Some(slope), Some(rest)) = (slope.at(point), rest.at(point)) else { continue };
            if slope.is_zero() {
                let settled = Constraint::new(Polynomial::of(rest), constraint.relation);
                if settled.settled() == Some(false) {
                    return None;
                }
                continue;
            }
            let Ok(at) = rest.neg().div(&slope) else { continue };
            let end = End { at, open: constraint.relation == Relation::Positive };
            match constraint.relation {
                Relation::NonZero => {}
                Relation::Zero => {
                    range.raise(end.clone());
                    range.lower(end);
                }
                _ if slope.is_negative() => range.lower(end),
                _ => range.raise(end),
            }
        }
        (!range.is_empty()).then_some(range)
    }

    fn candidates(&self, range: &Range, point: &Point) -> Vec<Exact> {
        let mut found: Vec<Exact> = Vec::new();
        let mut push = |value: Option<Exact>| {
            if let Some(value) = value.filter(|value| range.contains(value) && !found.contains(value)) {
                found.push(value);
            }
        };
        let beside = |end: Option<&End>, step: i64| {
            let step = Exact::from_i64(step).div(&Exact::from_i64(100)).ok()?;
            end?.at.add(&step).ok()
        };
        let (low, high) = (range.low.as_ref(), range.high.as_ref());
        if range.only().is_some() {
            push(range.only().cloned());
        }
        for number in self.hints.numbers().iter().take(5) {
            push(Some(number.clone()));
        }
        push(low.map(|end| end.at.clone()));
        push(high.map(|end| end.at.clone()));
        push(beside(low, 100));
        push(beside(high, -100));
        push(beside(low, 1));
        push(beside(high, -1));
        // A limit is often another input: exactly that, and just below it.
        for value in point.values() {
            push(Some(value.clone()));
            push(Exact::from_i64(10_000).pow(-1).and_then(|part| value.sub(&value.abs().mul(&part)?)).ok());
        }
        let middle = super::middle(range);
        push(middle.as_ref().map(|middle| middle.round_half_up(DECIMALS)));
        push(middle);
        for number in self.hints.numbers() {
            push(Some(number.clone()));
        }
        found.truncate(MAX_TRIED);
        found
    }
}
