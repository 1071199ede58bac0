//! Linear reasoning over products of unknowns: a sum of what is known, each part taken a number of times that is
//! not negative, that can be read off as `0 > 0`.
//!
//! The simplex method finds the multipliers (Farkas); [`Certificate::holds`] adds them up again, exactly and
//! without trusting how they were found.

use std::collections::BTreeMap;

use super::Work;
use crate::proof::algebra::{Constraint, Monomial, Polynomial, Relation};
use crate::quantity::Exact;

/// The most steps of the simplex method.
const MAX_PIVOTS: usize = 150;

/// What is known: a polynomial that is not negative, or is positive.
struct Known {
    polynomial: Polynomial,
    strict: bool,
}

/// How often each of what is known is taken.
struct Certificate(Vec<Exact>);

/// Whether a certificate was found that no real values satisfy all constraints. `≠` is passed over.
pub(super) fn refuted(constraints: &[Constraint], work: &mut Work) -> bool {
    let known: Vec<Known> = constraints.iter().flat_map(known).collect();
    Tableau::of(&known).and_then(|tableau| tableau.solve(work)).is_some_and(|certificate| certificate.holds(&known))
}

fn known(constraint: &Constraint) -> Vec<Known> {
    let Constraint { polynomial, relation } = constraint;
    let one = |strict| vec![Known { polynomial: polynomial.clone(), strict }];
    match relation {
        Relation::Positive => one(true),
        Relation::NonNegative => one(false),
        Relation::Zero => {
            let negated = Known { polynomial: polynomial.neg(), strict: false };
            one(false).into_iter().chain([negated]).collect()
        }
        Relation::NonZero => Vec::new(),
    }
}

impl Certificate {
    /// Whether the sum has no unknown left and is negative, or is zero with something strict in it.
    fn holds(&self, known: &[Known]) -> bool {
        let mut sum = Polynomial::default();
        let mut strict = false;
        for (known, times) in known.iter().zip(&self.0) {
            if times.is_negative() {
                return false;
            }
            if times.is_zero() {
                continue;
            }
            let Some(next) = sum.combine(&known.polynomial, times) else { return false };
            sum = next;
            strict |= known.strict;
        }
        sum.constant().is_some_and(|left| left.is_negative() || (left.is_zero() && strict))
    }
}

/// One row for each product of unknowns, which must cancel; one that keeps the rest from being positive; one that
/// asks for a contradiction of size 1. The last column of a row is what it must come to.
struct Tableau {
    rows: Vec<Vec<Exact>>,
    /// The column that a row determines; none while the row is not met.
    basis: Vec<Option<usize>>,
    columns: usize,
}

impl Tableau {
    fn of(known: &[Known]) -> Option<Tableau> {
        let mut products: BTreeMap<&Monomial, usize> = BTreeMap::new();
        for (monomial, _) in known.iter().flat_map(|known| known.polynomial.terms()) {
            let next = products.len();
            if !monomial.is_one() {
                products.entry(monomial).or_insert(next);
            }
        }
        let columns = known.len() + 1;
        let (rest, size) = (products.len(), products.len() + 1);
        let mut rows = vec![vec![Exact::ZERO; columns + 1]; products.len() + 2];
        for (column, known) in known.iter().enumerate() {
            for (monomial, coefficient) in known.polynomial.terms() {
                let row = products.get(monomial).copied().unwrap_or(rest);
                *rows.get_mut(row)?.get_mut(column)? = coefficient.clone();
            }
            if known.strict {
                *rows.get_mut(size)?.get_mut(column)? = Exact::ONE;
            }
        }
        // The slack: how far below zero the rest comes.
        *rows.get_mut(rest)?.get_mut(columns - 1)? = Exact::ONE;
        *rows.get_mut(size)?.get_mut(columns - 1)? = Exact::ONE;
        *rows.get_mut(size)?.get_mut(columns)? = Exact::ONE;
        let basis = vec![None; rows.len()];
        Some(Tableau { rows, basis, columns })
    }

    fn solve(mut self, work: &mut Work) -> Option<Certificate> {
        let cells = self.rows.len() * (self.columns + 1);
        for _ in 0..MAX_PIVOTS {
            work.spend(cells)?;
            let Some(column) = self.entering() else { break };
            let row = self.leaving(column)?;
            self.pivot(row, column)?;
        }
        let unmet = self
            .rows
            .iter()
            .zip(&self.basis)
            .any(|(row, basis)| basis.is_none() && row.last().is_some_and(|value| !value.is_zero()));
        if unmet {
            return None;
        }
        let mut times = vec![Exact::ZERO; self.columns];
        for (row, basis) in self.rows.iter().zip(&self.basis) {
            if let Some(column) = basis {
                *times.get_mut(*column)? = row.last()?.clone();
            }
        }
        times.pop();
        Some(Certificate(times))
    }

    /// The first column that brings the unmet rows nearer to what they must come to.
    fn entering(&self) -> Option<usize> {
        (0..self.columns).find(|column| {
            let unmet = self.rows.iter().zip(&self.basis).filter(|(_, basis)| basis.is_none());
            let mut gain = Exact::ZERO;
            for (row, _) in unmet {
                let Some(next) = row.get(*column).and_then(|cell| gain.add(cell).ok()) else { return false };
                gain = next;
            }
            gain > Exact::ZERO
        })
    }

    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(Exact, usize, usize)> = None;
        for (at, (row, basis)) in self.rows.iter().zip(&self.basis).enumerate() {
            let cell = row.get(column)?;
            if *cell <= Exact::ZERO {
                continue;
            }
            let ratio = row.last()?.div(cell).ok()?;
            // An unmet row leaves first; among equals the first column does, so that no circle is run.
            let rank = basis.map_or(0, |column| column + 1);
            if best.as_ref().is_none_or(|(least, order, _)| ratio < *least || (ratio == *least && rank < *order)) {
                best = Some((ratio, rank, at));
            }
        }
        best.map(|(_, _, row)| row)
    }

    fn pivot(&mut self, at: usize, column: usize) -> Option<()> {
        let factor = Exact::ONE.div(self.rows.get(at)?.get(column)?).ok()?;
        let row = self.rows.get_mut(at)?;
        for cell in row.iter_mut().filter(|cell| !cell.is_zero()) {
            *cell = cell.mul(&factor).ok()?;
        }
        let pivot = row.clone();
        for (index, row) in self.rows.iter_mut().enumerate() {
            let Some(times) = row.get(column).filter(|times| index != at && !times.is_zero()).map(Exact::neg) else {
                continue;
            };
            for (cell, own) in row.iter_mut().zip(&pivot).filter(|(_, own)| !own.is_zero()) {
                *cell = cell.add(&own.mul(&times).ok()?).ok()?;
            }
        }
        *self.basis.get_mut(at)? = Some(column);
        Some(())
    }
}
