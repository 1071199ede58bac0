//! Constraints made as plain as they get: bounds of single unknowns, and the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::range::{End, Range, Sign};
use crate::proof::algebra::{Constraint, Monomial, Polynomial, Relation, Unknown};
use crate::quantity::Exact;

/// How often what was learnt of one constraint is used for the others.
const ROUNDS: usize = 6;

pub(in crate::proof) type Bounds = BTreeMap<Unknown, Range>;

#[derive(Debug, Clone, Default)]
pub(super) struct System {
    pub bounds: Bounds,
    /// Those that are no bound of one unknown.
    pub rest: BTreeSet<Constraint>,
}

/// Nothing satisfies the constraints.
pub(super) struct Contradiction;

impl System {
    pub fn of(constraints: impl IntoIterator<Item = Constraint>) -> Result<System, Contradiction> {
        let mut system = System::default();
        for constraint in constraints {
            system.take(constraint)?;
        }
        for _ in 0..ROUNDS {
            if !system.refine()? {
                break;
            }
        }
        Ok(system)
    }

    /// All of it as constraints.
    pub fn constraints(&self) -> Vec<Constraint> {
        let mut all = Vec::new();
        for (unknown, range) in &self.bounds {
            all.extend(bounds_of(*unknown, range));
        }
        all.extend(self.rest.iter().cloned());
        all
    }

    /// Keeps a constraint; whether it told something new.
    fn take(&mut self, constraint: Constraint) -> Result<bool, Contradiction> {
        if let Some(holds) = constraint.settled() {
            return if holds { Ok(false) } else { Err(Contradiction) };
        }
        if let Some((unknown, range)) = bound(&constraint) {
            let own = self.bounds.entry(unknown).or_default();
            let before = own.clone();
            range.low.into_iter().for_each(|end| own.raise(end));
            range.high.into_iter().for_each(|end| own.lower(end));
            return if own.is_empty() { Err(Contradiction) } else { Ok(before != *own) };
        }
        let polynomial = match constraint.relation {
            Relation::Zero | Relation::NonZero if leads_negative(&constraint.polynomial) => constraint.polynomial.neg(),
            _ => constraint.polynomial,
        };
        Ok(self.rest.insert(Constraint::new(polynomial.normal(), constraint.relation)))
    }

    /// One round over the rest; whether anything changed.
    fn refine(&mut self) -> Result<bool, Contradiction> {
        if self.substitute()? {
            return Ok(true);
        }
        let mut changed = false;
        for constraint in std::mem::take(&mut self.rest) {
            let Some(constraint) = self.undecided(constraint)? else {
                changed = true;
                continue;
            };
            let simpler = match constraint.relation {
                Relation::NonZero => self.signed(&constraint).or_else(|| self.divided(&constraint)),
                _ => self.divided(&constraint),
            };
            let Some(parts) = simpler else {
                self.rest.insert(constraint);
                continue;
            };
            changed = true;
            for part in parts {
                self.take(part)?;
            }
        }
        Ok(changed)
    }

    /// Nothing for a constraint that the bounds imply.
    fn undecided(&self, constraint: Constraint) -> Result<Option<Constraint>, Contradiction> {
        let range = self.range_of(&constraint.polynomial);
        let sign = range.sign();
        let (implied, impossible) = match constraint.relation {
            Relation::Positive => (sign == Sign::Positive, matches!(sign, Sign::Negative | Sign::NonPositive)),
            Relation::NonNegative => (matches!(sign, Sign::Positive | Sign::NonNegative), sign == Sign::Negative),
            Relation::Zero => (range.only().is_some_and(Exact::is_zero), sign.is_strict()),
            Relation::NonZero => (sign.is_strict(), range.only().is_some_and(Exact::is_zero)),
        };
        if impossible {
            return Err(Contradiction);
        }
        Ok((!implied).then_some(constraint))
    }

    /// The values of a polynomial within the bounds; wider than they are where unknowns recur.
    pub fn range_of(&self, polynomial: &Polynomial) -> Range {
        let mut sum = Range::exactly(Exact::ZERO);
        for (monomial, coefficient) in polynomial.terms() {
            sum = sum.add(&self.range_of_monomial(monomial).scale(coefficient));
            if sum.low.is_none() && sum.high.is_none() {
                break;
            }
        }
        sum
    }

    fn range_of_monomial(&self, monomial: &Monomial) -> Range {
        if let [(unknown, 1)] = monomial.factors() {
            return self.bounds.get(unknown).cloned().unwrap_or_default();
        }
        let mut product = Range::exactly(Exact::ONE);
        for (unknown, power) in monomial.factors() {
            let own = self.bounds.get(unknown).cloned().unwrap_or_default();
            let mut factor = Range::exactly(Exact::ONE);
            for _ in 0..*power {
                factor = factor.mul(&own);
            }
            if power % 2 == 0 {
                factor.raise(End { at: Exact::ZERO, open: false });
            }
            product = product.mul(&factor);
        }
        match self.sign_of(monomial) {
            Sign::Positive => product.raise(End { at: Exact::ZERO, open: true }),
            Sign::Negative => product.lower(End { at: Exact::ZERO, open: true }),
            _ => {}
        }
        product
    }

    fn sign_of(&self, monomial: &Monomial) -> Sign {
        monomial.factors().iter().fold(Sign::Positive, |sign, (unknown, power)| {
            let own = self.bounds.get(unknown).map_or(Sign::Unknown, Range::sign);
            let own = match (power % 2 == 0, own) {
                (false, own) => own,
                (true, own) if own.is_strict() => Sign::Positive,
                (true, _) => Sign::NonNegative,
            };
            sign.times(own)
        })
    }

    /// `m·q ⋈ 0` as what it says of q and of the unknowns of m, where the sign of m is known.
    fn divided(&self, constraint: &Constraint) -> Option<Vec<Constraint>> {
        let shared = constraint.polynomial.common_monomial();
        if shared.is_one() {
            return None;
        }
        let sign = self.sign_of(&shared);
        let quotient = constraint.polynomial.divided_by_monomial(&shared);
        let quotient = if matches!(sign, Sign::Negative | Sign::NonPositive) { quotient.neg() } else { quotient };
        let nonzero = || {
            let factors = shared.factors().iter().map(|(unknown, _)| Polynomial::unknown(*unknown));
            factors.map(|factor| Constraint::new(factor, Relation::NonZero))
        };
        match constraint.relation {
            Relation::Positive if sign != Sign::Unknown => {
                let rest = Constraint::new(quotient, Relation::Positive);
                Some(nonzero().filter_map(|factor| self.stricter(factor)).chain([rest]).collect())
            }
            Relation::NonNegative | Relation::Zero if sign.is_strict() => {
                Some(vec![Constraint::new(quotient, constraint.relation)])
            }
            Relation::NonZero if !quotient.constant().is_some_and(|_| is_single(&shared)) => {
                Some(nonzero().chain([Constraint::new(quotient, Relation::NonZero)]).collect())
            }
            _ => None,
        }
    }

    /// `p ≠ 0` as `p > 0` or `p < 0`, where the bounds tell which.
    fn signed(&self, constraint: &Constraint) -> Option<Vec<Constraint>> {
        let strict = self.stricter(constraint.clone())?;
        (strict.relation == Relation::Positive).then(|| vec![strict])
    }

    /// `x ≠ 0` with the sign that the bounds tell; nothing where they imply it.
    fn stricter(&self, nonzero: Constraint) -> Option<Constraint> {
        match self.range_of(&nonzero.polynomial).sign() {
            Sign::Positive | Sign::Negative => None,
            Sign::NonNegative => Some(Constraint::new(nonzero.polynomial, Relation::Positive)),
            Sign::NonPositive => Some(Constraint::new(nonzero.polynomial.neg(), Relation::Positive)),
            Sign::Unknown => Some(nonzero),
        }
    }

    /// Puts what an equation says of an unknown in its place everywhere; whether there was such an equation.
    fn substitute(&mut self) -> Result<bool, Contradiction> {
        let fixed = self.bounds.iter().find_map(|(unknown, range)| {
            let value = range.only()?;
            let used = self.rest.iter().any(|constraint| constraint.polynomial.degree_in(*unknown) > 0);
            used.then(|| (*unknown, Polynomial::of(value.clone()), None))
        });
        let equation = || {
            let zeros = self.rest.iter().filter(|constraint| constraint.relation == Relation::Zero);
            zeros.clone().find_map(|equation| {
                let (unknown, value) = solved(&equation.polynomial)?;
                Some((unknown, value, Some(equation.clone())))
            })
        };
        let Some((unknown, value, equation)) = fixed.or_else(equation) else { return Ok(false) };
        let mut told = Vec::new();
        for constraint in &self.rest {
            if Some(constraint) == equation.as_ref() {
                continue;
            }
            let Some(replaced) = constraint.polynomial.with(unknown, &value) else { return Ok(false) };
            told.push(Constraint::new(replaced, constraint.relation));
        }
        if equation.is_some()
            && let Some(range) = self.bounds.remove(&unknown)
        {
            let bounds: Vec<Constraint> = bounds_of(unknown, &range).collect();
            for bound in bounds {
                let Some(replaced) = bound.polynomial.with(unknown, &value) else {
                    self.bounds.insert(unknown, range);
                    return Ok(false);
                };
                told.push(Constraint::new(replaced, bound.relation));
            }
        }
        self.rest.clear();
        for constraint in told {
            self.take(constraint)?;
        }
        Ok(true)
    }
}

fn is_single(monomial: &Monomial) -> bool {
    matches!(monomial.factors(), [(_, 1)])
}

fn leads_negative(polynomial: &Polynomial) -> bool {
    polynomial.terms().last().is_some_and(|(_, coefficient)| coefficient.is_negative())
}

/// `x = …` from an equation in which x stands alone with a number before it.
fn solved(equation: &Polynomial) -> Option<(Unknown, Polynomial)> {
    equation.unknowns().into_iter().find_map(|unknown| {
        let (slope, rest) = equation.linear_in(unknown)?;
        let factor = Exact::ONE.div(&slope.constant()?).ok()?.neg();
        Some((unknown, rest.scale(&factor)?))
    })
}

/// What a constraint says where it speaks of one unknown alone, and not in a power.
fn bound(constraint: &Constraint) -> Option<(Unknown, Range)> {
    let ([(first, _)] | [_, (first, _)]) = constraint.polynomial.terms() else { return None };
    let [(unknown, 1)] = first.factors() else { return None };
    let (slope, rest) = constraint.polynomial.linear_in(*unknown)?;
    let (slope, rest) = (slope.constant()?, rest.constant()?);
    let at = rest.neg().div(&slope).ok()?;
    let end = |open| Some(End { at: at.clone(), open });
    let range = match (constraint.relation, slope.is_negative()) {
        (Relation::Positive, false) => Range { low: end(true), high: None },
        (Relation::Positive, true) => Range { low: None, high: end(true) },
        (Relation::NonNegative, false) => Range { low: end(false), high: None },
        (Relation::NonNegative, true) => Range { low: None, high: end(false) },
        (Relation::Zero, _) => Range { low: end(false), high: end(false) },
        (Relation::NonZero, _) => return None,
    };
    Some((*unknown, range))
}

pub(super) fn bounds_of(unknown: Unknown, range: &Range) -> impl Iterator<Item = Constraint> {
    let constraint = |end: &End, up: bool| {
        let relation = if end.open { Relation::Positive } else { Relation::NonNegative };
        let gap = Polynomial::unknown(unknown).sub(&Polynomial::of(end.at.clone()))?;
        Some(Constraint::new(if up { gap } else { gap.neg() }, relation))
    };
    let low = range.low.as_ref().and_then(|end| constraint(end, true));
    let high = range.high.as_ref().and_then(|end| constraint(end, false));
    low.into_iter().chain(high)
}
