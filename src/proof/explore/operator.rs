//! Operators on values that are not known yet.

use super::name::truth;
use super::{Explorer, Facts, Failure, Sym, TextSym, Texts, Ways};
use crate::formula::{Binary, Unary};
use crate::proof::algebra::{Constraint, Quotient, Relation};
use crate::proof::decide::{End, Range};
use crate::quantity::Exact;

/// The highest power that is multiplied out.
const MAX_POWER: i64 = 4;

pub(super) fn unary(operator: Unary, operand: Sym) -> Sym {
    match (operator, operand) {
        (Unary::Minus, Sym::Number(number)) => Sym::Number(number.neg()),
        (Unary::Not, Sym::Truth(truth)) => Sym::Truth(!truth),
        (_, operand) => operand,
    }
}

impl Explorer<'_> {
    /// A failing operand fails the whole; an absent one makes it absent.
    pub(super) fn binary(&mut self, operator: Binary, facts: Facts, operands: &[Sym]) -> Ways {
        if let Some(fault) = operands.iter().find(|value| matches!(value, Sym::Fault(_))) {
            return vec![(facts, fault.clone())];
        }
        if operands.contains(&Sym::Absent) {
            return vec![(facts, Sym::Absent)];
        }
        match operands {
            [Sym::Number(left), Sym::Number(right)] => self.numbers(operator, facts, left, right),
            [Sym::Truth(left), Sym::Truth(right)] => {
                vec![(facts, Sym::Truth((left == right) == (operator == Binary::Equal)))]
            }
            [Sym::Text(left), Sym::Text(right)] => self.texts(operator == Binary::Equal, &facts, left, right),
            _ => vec![(facts, Sym::Unknown)],
        }
    }

    fn numbers(&mut self, operator: Binary, facts: Facts, left: &Quotient, right: &Quotient) -> Ways {
        let whole = |value: Option<Quotient>| value.map(Sym::Number);
        let value = match operator {
            Binary::Add => whole(left.add(right)),
            Binary::Sub => whole(left.sub(right)),
            Binary::Mul => whole(left.mul(right)),
            Binary::Div => return self.quotient(&facts, left, right),
            Binary::Rem => return self.remainder(&facts, left, right),
            Binary::Pow => return self.power(&facts, left, right),
            comparison => return self.compare(comparison, &facts, left, right),
        };
        let value = value.unwrap_or_else(|| self.block(operator.symbol()));
        vec![(facts, value)]
    }

    /// By the sign of the divisor.
    pub(super) fn quotient(&mut self, facts: &Facts, left: &Quotient, right: &Quotient) -> Ways {
        let mut ways = Ways::new();
        let sign = &right.numerator;
        if let Some(facts) = facts.suppose(Constraint::new(sign.clone(), Relation::Positive)) {
            let value = left.over_positive(right).map(Sym::Number);
            ways.push((facts, value.unwrap_or_else(|| self.block("/"))));
        }
        if let Some(facts) = facts.suppose(Constraint::new(sign.neg(), Relation::Positive)) {
            let value = left.neg().over_positive(&right.neg()).map(Sym::Number);
            ways.push((facts, value.unwrap_or_else(|| self.block("/"))));
        }
        if let Some(facts) = facts.suppose(Constraint::new(sign.clone(), Relation::Zero)) {
            ways.push((facts, Sym::Fault(Failure::DivisionByZero)));
        }
        ways
    }

    /// What is left after dividing towards zero: of the dividend's sign, and smaller than the divisor.
    fn remainder(&mut self, facts: &Facts, left: &Quotient, right: &Quotient) -> Ways {
        if let (Some(left), Some(right)) = (left.constant(), right.constant()) {
            let value =
                left.rem(&right).map_or(Sym::Fault(Failure::DivisionByZero), |rest| Sym::Number(Quotient::of(rest)));
            return vec![(facts.clone(), value)];
        }
        let rest = Quotient::unknown(self.opaque.number(format!("{left:?} % {right:?}")));
        let mut ways = Ways::new();
        let zero = facts.suppose(Constraint::new(right.numerator.clone(), Relation::Zero));
        ways.extend(zero.map(|facts| (facts, Sym::Fault(Failure::DivisionByZero))));
        for size in [right.clone(), right.neg()] {
            for (sign, own) in [(left.clone(), rest.clone()), (left.neg(), rest.neg())] {
                let Some(smaller) = size.difference(&own) else {
                    let unknown = self.block("%");
                    return vec![(facts.clone(), unknown)];
                };
                let told = [
                    (size.numerator.clone(), Relation::Positive),
                    (sign.numerator, Relation::NonNegative),
                    (own.numerator, Relation::NonNegative),
                    (smaller, Relation::Positive),
                ];
                let known = told.into_iter().try_fold(facts.clone(), |facts, (polynomial, relation)| {
                    facts.suppose(Constraint::new(polynomial, relation))
                });
                ways.extend(known.map(|facts| (facts, Sym::Number(rest.clone()))));
            }
        }
        ways
    }

    fn power(&mut self, facts: &Facts, base: &Quotient, exponent: &Quotient) -> Ways {
        let exponent = exponent.constant().and_then(|value| value.to_i64());
        let Some(exponent) = exponent.filter(|exponent| (-MAX_POWER..=MAX_POWER).contains(exponent)) else {
            let unknown = self.block("**");
            return vec![(facts.clone(), unknown)];
        };
        let mut product = Some(Quotient::of(Exact::ONE));
        for _ in 0..exponent.abs() {
            product = product.and_then(|product| product.mul(base));
        }
        let Some(product) = product else {
            let unknown = self.block("**");
            return vec![(facts.clone(), unknown)];
        };
        if exponent < 0 {
            return self.quotient(facts, &Quotient::of(Exact::ONE), &product);
        }
        vec![(facts.clone(), Sym::Number(product))]
    }

    fn compare(&mut self, operator: Binary, facts: &Facts, left: &Quotient, right: &Quotient) -> Ways {
        let Some(gap) = left.difference(right) else {
            let unknown = self.block(operator.symbol());
            return vec![(facts.clone(), unknown)];
        };
        let (above, below) = (gap.clone(), gap.neg());
        let (polynomial, relation, otherwise, opposite) = match operator {
            Binary::Less => (below, Relation::Positive, above, Relation::NonNegative),
            Binary::LessOrEqual => (below, Relation::NonNegative, above, Relation::Positive),
            Binary::Greater => (above, Relation::Positive, below, Relation::NonNegative),
            Binary::GreaterOrEqual => (above, Relation::NonNegative, below, Relation::Positive),
            Binary::Equal => (above.clone(), Relation::Zero, above, Relation::NonZero),
            _ => (above.clone(), Relation::NonZero, above, Relation::Zero),
        };
        let holds = facts.suppose(Constraint::new(polynomial, relation));
        let fails = facts.suppose(Constraint::new(otherwise, opposite));
        let holds = holds.map(|facts| (facts, Sym::Truth(true)));
        holds.into_iter().chain(fails.map(|facts| (facts, Sym::Truth(false)))).collect()
    }

    fn texts(&mut self, equal: bool, facts: &Facts, left: &TextSym, right: &TextSym) -> Ways {
        match (left, right) {
            _ if left == right => vec![(facts.clone(), Sym::Truth(equal))],
            (TextSym::Known(_), TextSym::Known(_)) => vec![(facts.clone(), Sym::Truth(!equal))],
            (TextSym::Named(key), TextSym::Known(text)) | (TextSym::Known(text), TextSym::Named(key)) => {
                let only = Texts::among([text]);
                let others = self.domain.texts(*key).without(&only);
                let own = self.domain.texts(*key).both(&only);
                let sides = [(own, equal), (others, !equal)];
                let ways = sides.into_iter().filter(|(texts, _)| !texts.is_empty());
                ways.filter_map(|(texts, holds)| Some((facts.suppose_text(*key, &texts)?, Sym::Truth(holds)))).collect()
            }
            (TextSym::Named(one), TextSym::Named(two)) => {
                let ways = truth(facts, &format!("{} == {}", one.min(two), one.max(two)));
                ways.into_iter()
                    .map(|(facts, value)| (facts, Sym::Truth((value == Sym::Truth(true)) == equal)))
                    .collect()
            }
        }
    }

    /// A number within bounds of which nothing more is known.
    pub(super) fn opaque_within(&mut self, what: String, facts: &Facts, low: i64, high: Option<i64>) -> Ways {
        let key = self.opaque.number(what);
        let end = |at: i64| End { at: Exact::from_i64(at), open: false };
        let range = Range { low: Some(end(low)), high: high.map(end) };
        let mut known = Some(facts.clone());
        for constraint in super::name::within(key, &range) {
            known = known.and_then(|facts| facts.suppose(constraint));
        }
        known.into_iter().map(|facts| (facts, Sym::Number(Quotient::unknown(key)))).collect()
    }
}
