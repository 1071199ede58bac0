//! Polynomials with exact coefficients, bounded in size.

use std::collections::{BTreeMap, BTreeSet};

use crate::quantity::Exact;

/// An unknown real, by number.
pub(in crate::proof) type Unknown = u32;

/// Beyond this an expression is left undecided.
const MAX_TERMS: usize = 40;
const MAX_DEGREE: u32 = 8;

/// A product of unknowns: `x²y`. Ascending by unknown, no power is zero.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::proof) struct Monomial(Vec<(Unknown, u32)>);

impl Monomial {
    pub fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    pub fn factors(&self) -> &[(Unknown, u32)] {
        &self.0
    }

    pub fn degree(&self) -> u32 {
        self.0.iter().map(|(_, power)| power).sum()
    }

    pub fn power_of(&self, unknown: Unknown) -> u32 {
        self.0.iter().find(|(own, _)| *own == unknown).map_or(0, |(_, power)| *power)
    }

    fn times(&self, other: &Monomial) -> Monomial {
        if self.is_one() {
            return other.clone();
        }
        let mut factors: Vec<(Unknown, u32)> = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
            match one.0.cmp(&two.0) {
                std::cmp::Ordering::Less => factors.extend(left.next()),
                std::cmp::Ordering::Greater => factors.extend(right.next()),
                std::cmp::Ordering::Equal => {
                    factors.push((one.0, one.1 + two.1));
                    left.next();
                    right.next();
                }
            }
        }
        factors.extend(left.chain(right));
        Monomial(factors)
    }

    /// Without this unknown.
    fn without(&self, unknown: Unknown) -> Monomial {
        Monomial(self.0.iter().filter(|(own, _)| *own != unknown).copied().collect())
    }

    /// The largest square in it: never negative.
    pub fn largest_square(&self) -> Monomial {
        let halved = self.0.iter().map(|(unknown, power)| (*unknown, power - power % 2));
        Monomial(halved.filter(|(_, power)| *power > 0).collect())
    }

    /// What both have.
    pub fn shared(&self, other: &Monomial) -> Monomial {
        let least = |(unknown, power): &(Unknown, u32)| (*unknown, (*power).min(other.power_of(*unknown)));
        Monomial(self.0.iter().map(least).filter(|(_, power)| *power > 0).collect())
    }

    fn divided_by(&self, other: &Monomial) -> Monomial {
        let rest = |(unknown, power): &(Unknown, u32)| (*unknown, power.saturating_sub(other.power_of(*unknown)));
        Monomial(self.0.iter().map(rest).filter(|(_, power)| *power > 0).collect())
    }
}

/// Ascending by monomial, no coefficient is zero. Operations give nothing where the result would be too large.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::proof) struct Polynomial(Vec<(Monomial, Exact)>);

impl Polynomial {
    pub fn of(value: Exact) -> Self {
        if value.is_zero() { Polynomial::default() } else { Polynomial(vec![(Monomial::default(), value)]) }
    }

    pub fn unknown(unknown: Unknown) -> Self {
        Polynomial(vec![(Monomial(vec![(unknown, 1)]), Exact::ONE)])
    }

    pub fn terms(&self) -> &[(Monomial, Exact)] {
        &self.0
    }

    pub fn constant(&self) -> Option<Exact> {
        match self.0.as_slice() {
            [] => Some(Exact::ZERO),
            [(monomial, value)] if monomial.is_one() => Some(value.clone()),
            _ => None,
        }
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub fn unknowns(&self) -> BTreeSet<Unknown> {
        self.0.iter().flat_map(|(monomial, _)| monomial.0.iter().map(|(unknown, _)| *unknown)).collect()
    }

    pub fn degree(&self) -> u32 {
        self.0.iter().map(|(monomial, _)| monomial.degree()).max().unwrap_or(0)
    }

    pub fn degree_in(&self, unknown: Unknown) -> u32 {
        self.0.iter().map(|(monomial, _)| monomial.power_of(unknown)).max().unwrap_or(0)
    }

    pub fn add(&self, other: &Polynomial) -> Option<Polynomial> {
        self.combine(other, &Exact::ONE)
    }

    pub fn sub(&self, other: &Polynomial) -> Option<Polynomial> {
        self.combine(other, &Exact::ONE.neg())
    }

    /// This plus `factor` times the other.
    pub fn combine(&self, other: &Polynomial, factor: &Exact) -> Option<Polynomial> {
        let mut terms = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            match (left.peek(), right.peek()) {
                (Some(one), Some(two)) if one.0 == two.0 => {
                    let sum = one.1.add(&two.1.mul(factor).ok()?).ok()?;
                    if !sum.is_zero() {
                        terms.push((one.0.clone(), sum));
                    }
                    left.next();
                    right.next();
                }
                (Some(one), two) if two.is_none_or(|two| one.0 < two.0) => terms.extend(left.next().cloned()),
                (_, Some(two)) => {
                    terms.push((two.0.clone(), two.1.mul(factor).ok()?));
                    right.next();
                }
                _ => break,
            }
        }
        terms.retain(|(_, coefficient)| !coefficient.is_zero());
        (terms.len() <= MAX_TERMS).then_some(Polynomial(terms))
    }

    pub fn scale(&self, factor: &Exact) -> Option<Polynomial> {
        Polynomial::default().combine(self, factor)
    }

    pub fn neg(&self) -> Polynomial {
        Polynomial(self.0.iter().map(|(monomial, coefficient)| (monomial.clone(), coefficient.neg())).collect())
    }

    pub fn mul(&self, other: &Polynomial) -> Option<Polynomial> {
        if let Some(factor) = other.constant() {
            return self.scale(&factor);
        }
        if let Some(factor) = self.constant() {
            return other.scale(&factor);
        }
        if self.degree() + other.degree() > MAX_DEGREE {
            return None;
        }
        let mut sums: BTreeMap<Monomial, Exact> = BTreeMap::new();
        for (one, a) in &self.0 {
            for (two, b) in &other.0 {
                let product = a.mul(b).ok()?;
                let sum = sums.entry(one.times(two)).or_insert(Exact::ZERO);
                *sum = sum.add(&product).ok()?;
            }
        }
        let terms: Vec<_> = sums.into_iter().filter(|(_, coefficient)| !coefficient.is_zero()).collect();
        (terms.len() <= MAX_TERMS).then_some(Polynomial(terms))
    }

    /// `a·x + b` as (a, b), where x has no higher power.
    pub fn linear_in(&self, unknown: Unknown) -> Option<(Polynomial, Polynomial)> {
        let (mut slope, mut rest) = (Vec::new(), Vec::new());
        for (monomial, coefficient) in &self.0 {
            match monomial.power_of(unknown) {
                0 => rest.push((monomial.clone(), coefficient.clone())),
                1 => slope.push((monomial.without(unknown), coefficient.clone())),
                _ => return None,
            }
        }
        slope.sort();
        Some((Polynomial(slope), Polynomial(rest)))
    }

    /// With `value` in the place of the unknown.
    pub fn with(&self, unknown: Unknown, value: &Polynomial) -> Option<Polynomial> {
        if self.degree_in(unknown) == 0 {
            return Some(self.clone());
        }
        let mut sum = Polynomial::default();
        for (monomial, coefficient) in &self.0 {
            let mut term = Polynomial(vec![(monomial.without(unknown), coefficient.clone())]);
            for _ in 0..monomial.power_of(unknown) {
                term = term.mul(value)?;
            }
            sum = sum.add(&term)?;
        }
        Some(sum)
    }

    /// The value at a point; nothing where the point leaves an unknown open.
    pub fn at(&self, point: &BTreeMap<Unknown, Exact>) -> Option<Exact> {
        let mut sum = Exact::ZERO;
        for (monomial, coefficient) in &self.0 {
            let mut term = coefficient.clone();
            for (unknown, power) in &monomial.0 {
                let factor = point.get(unknown)?.pow(i32::try_from(*power).ok()?).ok()?;
                term = term.mul(&factor).ok()?;
            }
            sum = sum.add(&term).ok()?;
        }
        Some(sum)
    }

    /// The largest monomial that divides every term.
    pub fn common_monomial(&self) -> Monomial {
        let mut monomials = self.0.iter().map(|(monomial, _)| monomial);
        let Some(first) = monomials.next() else { return Monomial::default() };
        monomials.fold(first.clone(), |shared, monomial| shared.shared(monomial))
    }

    /// Exact only for a monomial that divides every term.
    pub fn divided_by_monomial(&self, divisor: &Monomial) -> Polynomial {
        let mut terms: Vec<_> = self.0.iter().map(|(one, value)| (one.divided_by(divisor), value.clone())).collect();
        terms.sort();
        Polynomial(terms)
    }

    /// `factor` where this is `factor` times the other.
    pub fn multiple_of(&self, other: &Polynomial) -> Option<Exact> {
        let ((_, own), (_, others)) = (self.0.first()?, other.0.first()?);
        let factor = own.div(others).ok()?;
        (other.scale(&factor)? == *self).then_some(factor)
    }

    /// Scaled so that the last coefficient is 1 or −1: equal claims become equal polynomials.
    pub fn normal(&self) -> Polynomial {
        let Some((_, last)) = self.0.last() else { return Polynomial::default() };
        let scaled = Exact::ONE.div(&last.abs()).ok().and_then(|factor| self.scale(&factor));
        scaled.unwrap_or_else(|| self.clone())
    }
}
