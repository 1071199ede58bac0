//! Whether some real values satisfy a set of constraints.
//!
//! [`impossible`] answers yes only with a proof: intervals that are empty, or a certificate that was added up
//! again. What it cannot decide within its work is no proof of anything. [`Search`] looks for values.

mod certificate;
mod range;
mod search;
mod system;

pub(super) use range::{End, Range};
pub(super) use search::{Hints, Search};

use super::algebra::{Constraint, Polynomial, Relation, Unknown};
use crate::quantity::Exact;
use system::System;

/// How deep cases are told apart.
const MAX_DEPTH: u32 = 7;
/// The most constraints that are multiplied with each other, and the highest degree of a product.
const MAX_FACTORS: usize = 14;
const MAX_PRODUCT_DEGREE: u32 = 4;

/// The work that may still be done, in cells of tableaus: counted and not timed, so that the same rules give the
/// same answer on every machine.
#[derive(Debug, Clone)]
pub(super) struct Work {
    left: usize,
}

impl Work {
    pub fn of(cells: usize) -> Self {
        Work { left: cells }
    }

    pub fn spend(&mut self, cells: usize) -> Option<()> {
        let left = self.left.checked_sub(cells);
        self.left = left.unwrap_or(0);
        left.map(|_| ())
    }
}

/// Whether it is proven that no values satisfy all constraints.
pub(super) fn impossible(constraints: impl IntoIterator<Item = Constraint>, work: &mut Work) -> bool {
    decide(constraints.into_iter().collect(), Effort::Full, work, 0)
}

/// [`impossible`] without products and without cutting bounds into pieces: for what is probably possible.
pub(super) fn simply_impossible(constraints: impl IntoIterator<Item = Constraint>, work: &mut Work) -> bool {
    decide(constraints.into_iter().collect(), Effort::Light, work, 0)
}

/// [`impossible`] by intervals alone: quick, and enough for what plainly contradicts itself.
pub(super) fn plainly_impossible(constraints: impl IntoIterator<Item = Constraint>) -> bool {
    System::of(constraints).is_err()
}

/// The same in plainer words, where it can be said so.
pub(super) fn plain(constraints: &[Constraint]) -> Vec<Constraint> {
    System::of(constraints.iter().cloned()).map_or_else(|_| constraints.to_vec(), |system| system.constraints())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    Light,
    Full,
}

fn decide(constraints: Vec<Constraint>, effort: Effort, work: &mut Work, depth: u32) -> bool {
    let Ok(system) = System::of(constraints) else { return true };
    if work.spend(1 + 4 * system.rest.len()).is_none() || system.rest.is_empty() {
        return false;
    }
    let linear = system.rest.iter().all(|one| one.polynomial.degree() <= 1);
    if let Some((without, cases)) = (!linear && depth < MAX_DEPTH).then(|| eliminated(&system)).flatten() {
        return cases.into_iter().all(|case| decide([without.clone(), case].concat(), effort, work, depth + 1));
    }
    let all = system.constraints();
    if certificate::refuted(&all, work) {
        return true;
    }
    let split = |parts: Vec<Constraint>, without: Option<&Constraint>, work: &mut Work| {
        let kept = || all.iter().filter(|one| Some(*one) != without).cloned();
        depth < MAX_DEPTH
            && parts.into_iter().all(|part| decide(kept().chain([part]).collect(), effort, work, depth + 1))
    };
    if let Some(unequal) = system.rest.iter().find(|constraint| constraint.relation == Relation::NonZero) {
        let sides = [unequal.polynomial.clone(), unequal.polynomial.neg()];
        let sides = sides.map(|side| Constraint::new(side, Relation::Positive)).to_vec();
        return split(sides, Some(unequal), work);
    }
    if linear || depth >= MAX_DEPTH || effort == Effort::Light {
        return false;
    }
    if certificate::refuted(&with_products(&all), work) {
        return true;
    }
    halves(&system).is_some_and(|halves| split(halves, None, work))
}

/// An unknown that stands, linear, in one constraint besides its bounds: whether there is a value for it is told
/// by its ends. Gives the other constraints, and the cases of which one must be possible.
fn eliminated(system: &System) -> Option<(Vec<Constraint>, Vec<Vec<Constraint>>)> {
    let mut unknowns: Vec<Unknown> = system.rest.iter().flat_map(|one| one.polynomial.unknowns()).collect();
    unknowns.sort_unstable();
    unknowns.dedup();
    unknowns.into_iter().find_map(|unknown| {
        let mut speaking = system.rest.iter().filter(|one| one.polynomial.degree_in(unknown) > 0);
        let (only, None) = (speaking.next()?, speaking.next()) else { return None };
        if !matches!(only.relation, Relation::Positive | Relation::NonNegative) {
            return None;
        }
        let (slope, rest) = only.polynomial.linear_in(unknown)?;
        let range = system.bounds.get(&unknown).cloned().unwrap_or_default();
        let mut cases = Vec::new();
        for end in [&range.low, &range.high] {
            let Some(End { at, .. }) = end else { continue };
            let value = slope.scale(at)?.add(&rest)?;
            cases.push(vec![Constraint::new(value, only.relation)]);
        }
        if range.low.is_none() && range.high.is_none() {
            cases.push(vec![Constraint::new(rest, only.relation)]);
        }
        if range.high.is_none() {
            cases.push(vec![Constraint::new(slope.clone(), Relation::Positive)]);
        }
        if range.low.is_none() {
            cases.push(vec![Constraint::new(slope.neg(), Relation::Positive)]);
        }
        let others = system.rest.iter().filter(|one| *one != only).cloned();
        let bounds = system.bounds.iter().filter(|(own, _)| **own != unknown);
        let bounds = bounds.flat_map(|(own, range)| system::bounds_of(*own, range));
        Some((others.chain(bounds).collect(), cases))
    })
}

/// What is known, and the products of each two of it.
fn with_products(known: &[Constraint]) -> Vec<Constraint> {
    let mut all = known.to_vec();
    let factors: Vec<&Constraint> =
        known.iter().filter(|one| matches!(one.relation, Relation::Positive | Relation::NonNegative)).collect();
    for (index, one) in factors.iter().enumerate().take(MAX_FACTORS) {
        for two in factors.iter().take(index + 1) {
            if one.polynomial.degree() + two.polynomial.degree() > MAX_PRODUCT_DEGREE {
                continue;
            }
            let strict = one.relation == Relation::Positive && two.relation == Relation::Positive;
            let relation = if strict { Relation::Positive } else { Relation::NonNegative };
            all.extend(one.polynomial.mul(&two.polynomial).map(|product| Constraint::new(product, relation)));
        }
    }
    all
}

/// Two parts of the bounds that cover them: about zero where the sign is open, else about the middle.
fn halves(system: &System) -> Option<Vec<Constraint>> {
    let nonlinear = system.rest.iter().flat_map(|one| one.polynomial.terms());
    let mut unknowns: Vec<Unknown> = nonlinear
        .filter(|(monomial, _)| monomial.degree() > 1)
        .flat_map(|(monomial, _)| monomial.factors().iter().map(|(unknown, _)| *unknown))
        .collect();
    unknowns.sort_unstable();
    unknowns.dedup();
    let range_of = |unknown: &Unknown| system.bounds.get(unknown).cloned().unwrap_or_default();
    let straddles = |unknown: &&Unknown| {
        let range = range_of(unknown);
        range.low.is_none_or(|low| low.at.is_negative()) && range.high.is_none_or(|high| high.at > Exact::ZERO)
    };
    let (unknown, at) = match unknowns.iter().find(straddles) {
        Some(unknown) => (*unknown, Exact::ZERO),
        None => unknowns.iter().find_map(|unknown| Some((*unknown, middle(&range_of(unknown))?)))?,
    };
    let above = Polynomial::unknown(unknown).sub(&Polynomial::of(at))?;
    Some(vec![Constraint::new(above.neg(), Relation::NonNegative), Constraint::new(above, Relation::NonNegative)])
}

fn middle(range: &Range) -> Option<Exact> {
    let (low, high) = (range.low.as_ref()?, range.high.as_ref()?);
    let middle = low.at.add(&high.at).ok()?.div(&Exact::from_i64(2)).ok()?;
    (low.at < middle && middle < high.at).then_some(middle)
}
