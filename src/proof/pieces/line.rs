//! Constraints and values reduced to one unknown.

use crate::proof::algebra::{Constraint, Polynomial, Quotient, Relation, Unknown};
use crate::quantity::Exact;

/// A stretch of numbers; an end that is absent is not bounded. With each end whether it belongs to the stretch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stretch {
    pub low: Option<(Exact, bool)>,
    pub high: Option<(Exact, bool)>,
}

impl Stretch {
    pub fn contains(&self, x: &Exact) -> bool {
        let above = self.low.as_ref().is_none_or(|(at, closed)| if *closed { x >= at } else { x > at });
        above && self.high.as_ref().is_none_or(|(at, closed)| if *closed { x <= at } else { x < at })
    }

    fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, from)), Some((high, to))) => low > high || (low == high && !(*from && *to)),
            _ => false,
        }
    }

    fn from(mut self, at: Exact, closed: bool) -> Self {
        let tighter = self.low.as_ref().is_none_or(|(low, own)| at > *low || (at == *low && *own && !closed));
        if tighter {
            self.low = Some((at, closed));
        }
        self
    }

    fn up_to(mut self, at: Exact, closed: bool) -> Self {
        let tighter = self.high.as_ref().is_none_or(|(high, own)| at < *high || (at == *high && *own && !closed));
        if tighter {
            self.high = Some((at, closed));
        }
        self
    }
}

/// A quotient of two polynomials in one unknown, by ascending powers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    pub numerator: Vec<Exact>,
    pub denominator: Vec<Exact>,
}

impl Curve {
    /// A constant denominator becomes one.
    fn of(numerator: Vec<Exact>, denominator: Vec<Exact>) -> Self {
        let scaled = |by: &Exact| numerator.iter().map(|value| value.div(by).ok()).collect::<Option<Vec<_>>>();
        if let [by] = denominator.as_slice()
            && let Some(numerator) = scaled(by)
        {
            return Curve { numerator, denominator: vec![Exact::ONE] };
        }
        Curve { numerator, denominator }
    }

    pub fn is_zero(&self) -> bool {
        self.numerator.is_empty()
    }

    /// The value at a number; nothing where the denominator is zero there.
    pub fn at(&self, x: &Exact) -> Option<Exact> {
        let value = |coefficients: &[Exact]| {
            // Horner, from the highest power down.
            coefficients.iter().rev().try_fold(Exact::ZERO, |sum, next| sum.mul(x).ok()?.add(next).ok())
        };
        value(&self.numerator)?.div(&value(&self.denominator)?).ok()
    }

    /// Whether both are the same function wherever both are defined.
    pub fn is_same(&self, other: &Curve) -> bool {
        product(&self.numerator, &other.denominator) == product(&other.numerator, &self.denominator)
    }
}

fn product(one: &[Exact], other: &[Exact]) -> Option<Vec<Exact>> {
    let mut sums = vec![Exact::ZERO; (one.len() + other.len()).saturating_sub(1)];
    for (at, a) in one.iter().enumerate() {
        for (by, b) in other.iter().enumerate() {
            let sum = sums.get_mut(at + by)?;
            *sum = sum.add(&a.mul(b).ok()?).ok()?;
        }
    }
    Some(trimmed(sums))
}

/// Without zeros for the highest powers.
fn trimmed(mut coefficients: Vec<Exact>) -> Vec<Exact> {
    while coefficients.last().is_some_and(Exact::is_zero) {
        coefficients.pop();
    }
    coefficients
}

/// How several unknowns become one.
pub(super) struct Reduction {
    /// The points possible, positive: a factor of values.
    pub stake: Option<Unknown>,
    pub moving: Unknown,
    /// Positive, and only a unit for the moving one: both count together.
    pub unit: Option<Unknown>,
}

impl Reduction {
    /// The stretches on which all constraints hold; nothing where they do not reduce.
    pub fn stretches(&self, constraints: &[Constraint]) -> Option<Vec<Stretch>> {
        let mut all = vec![Stretch::default()];
        for constraint in constraints {
            let polynomial = self.scaled(&constraint.polynomial)?.0;
            let coefficients = self.coefficients(&polynomial)?;
            let next: Option<Vec<Vec<Stretch>>> =
                all.into_iter().map(|stretch| narrowed(stretch, &coefficients, constraint)).collect();
            all = next?.concat();
        }
        all.retain(|stretch| !stretch.is_empty());
        Some(all)
    }

    /// The value, and whether it is a share of the points possible.
    pub fn curve(&self, value: &Quotient) -> Option<(Curve, bool)> {
        let (numerator, above) = self.scaled(&value.numerator)?;
        let (denominator, below) = self.scaled(&value.denominator)?;
        let curve = Curve::of(self.coefficients(&numerator)?, self.coefficients(&denominator)?);
        if curve.is_zero() {
            return Some((curve, true));
        }
        let of_possible = match above.stake.checked_sub(below.stake)? {
            0 => false,
            1 => true,
            _ => return None,
        };
        // Only their quotient may matter.
        (self.unit.is_none() || above.units == below.units).then_some((curve, of_possible))
    }

    /// With the stake and the unit as one, where every term has as many of each: both are positive, so that the sign
    /// stays.
    fn scaled(&self, polynomial: &Polynomial) -> Option<(Polynomial, Powers)> {
        let powers = |monomial: &crate::proof::algebra::Monomial| Powers {
            stake: self.stake.map_or(0, |stake| monomial.power_of(stake)),
            units: self.unit.map_or(0, |unit| monomial.power_of(unit) + monomial.power_of(self.moving)),
        };
        let mut all = polynomial.terms().iter().map(|(monomial, _)| powers(monomial));
        let first = all.next().unwrap_or_default();
        if !all.all(|powers| powers == first) {
            return None;
        }
        let one = Polynomial::of(Exact::ONE);
        let mut reduced = polynomial.clone();
        for unknown in self.stake.iter().chain(&self.unit) {
            reduced = reduced.with(*unknown, &one)?;
        }
        Some((reduced, first))
    }

    fn coefficients(&self, polynomial: &Polynomial) -> Option<Vec<Exact>> {
        let mut coefficients = Vec::new();
        for (monomial, coefficient) in polynomial.terms() {
            let power = monomial.power_of(self.moving);
            if monomial.degree() != power {
                return None;
            }
            let at = usize::try_from(power).ok()?;
            coefficients.resize(coefficients.len().max(at + 1), Exact::ZERO);
            *coefficients.get_mut(at)? = coefficient.clone();
        }
        Some(trimmed(coefficients))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Powers {
    stake: u32,
    /// Of the moving unknown and its unit together.
    units: u32,
}

/// The part of a stretch on which `b + a·x` is as the constraint wants it; nothing for higher powers.
fn narrowed(stretch: Stretch, coefficients: &[Exact], constraint: &Constraint) -> Option<Vec<Stretch>> {
    let (b, a) = match coefficients {
        [] => (Exact::ZERO, Exact::ZERO),
        [b] => (b.clone(), Exact::ZERO),
        [b, a] => (b.clone(), a.clone()),
        _ => return None,
    };
    if a.is_zero() {
        return Some(if constraint.holds_for(&b) { vec![stretch] } else { Vec::new() });
    }
    let root = b.neg().div(&a).ok()?;
    let beyond = |stretch: Stretch, closed: bool| {
        if a.is_negative() { stretch.up_to(root.clone(), closed) } else { stretch.from(root.clone(), closed) }
    };
    Some(match constraint.relation {
        Relation::Positive => vec![beyond(stretch, false)],
        Relation::NonNegative => vec![beyond(stretch, true)],
        Relation::Zero => vec![stretch.from(root.clone(), true).up_to(root.clone(), true)],
        Relation::NonZero => vec![stretch.clone().up_to(root.clone(), false), stretch.from(root.clone(), false)],
    })
}
