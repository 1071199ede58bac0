//! What a name may stand for.

use super::domain::DIRECTION;
use super::{Explorer, Facts, Key, NameFacts, Origin, Sym, TextSym, Texts, Ways};
use crate::formula::{Type, Value};
use crate::proof::algebra::{Constraint, Polynomial, Quotient, Relation};
use crate::proof::decide::{End, Range};

impl Explorer<'_> {
    pub(in crate::proof) fn name(&mut self, slot: usize, facts: &Facts) -> Ways {
        if slot < self.domain.constants {
            let value = self.constants.get(slot).unwrap_or(&Value::Absent);
            return vec![(facts.clone(), Sym::of(value))];
        }
        let domain = self.domain;
        let (Some(known), Some((_, kind))) = (domain.get(slot), domain.names.get(slot)) else {
            return vec![(facts.clone(), Sym::Absent)];
        };
        match &known.origin {
            Origin::Fixed(value) => vec![(facts.clone(), Sym::of(value))],
            Origin::Met => self.by_text(
                facts,
                "meeting",
                &[
                    (&["MET", "EXCEEDED"], Sym::Truth(true)),
                    (&["NOT_MET"], Sym::Truth(false)),
                    (&["JUDGED", "UNKNOWN"], Sym::Absent),
                ],
            ),
            Origin::Judged => self.by_text(
                facts,
                "meeting",
                &[(&["JUDGED"], Sym::Truth(true)), (&["MET", "EXCEEDED", "NOT_MET", "UNKNOWN"], Sym::Truth(false))],
            ),
            Origin::LowerIsBetter => {
                let lower = Texts::among(["LOWER_IS_BETTER"]);
                let others = self.domain.texts(DIRECTION).without(&lower);
                let sides = [(lower, true), (others, false)];
                let ways = sides
                    .into_iter()
                    .filter_map(|(texts, truth)| Some((facts.suppose_text(DIRECTION, &texts)?, Sym::Truth(truth))));
                ways.collect()
            }
            Origin::Quantified => self.quantified(facts),
            Origin::ExecutionRate => self.execution_rate(facts),
            Origin::Form => self.form(slot, *kind, known, facts),
        }
    }

    fn form(&mut self, slot: usize, kind: Type, known: &NameFacts, facts: &Facts) -> Ways {
        let key = self.key(slot);
        let mut ways = Ways::new();
        if !known.always
            && let Some(facts) = facts.suppose_present(key, false)
        {
            ways.push((facts, Sym::Absent));
        }
        let Some(there) = facts.suppose_present(key, true) else { return ways };
        match kind {
            Type::Number => ways.extend(self.real(key, known, facts, there)),
            Type::Boolean => ways.extend(truth(&there, &format!("#{key}"))),
            Type::Text => ways.push((there, Sym::Text(TextSym::Named(key)))),
            Type::Words => ways.push((there, Sym::Words(format!("#{key}").into()))),
            // Tables are constants of the rules.
            Type::Table => ways.push((there, Sym::Unknown)),
        }
        ways
    }

    /// A number of the form: the first time it is met, what is known of it is supposed.
    fn real(&mut self, key: Key, known: &NameFacts, before: &Facts, there: Facts) -> Option<(Facts, Sym)> {
        let value = Sym::Number(Quotient::unknown(key));
        if before.present.get(&key) == Some(&true) {
            return Some((there, value));
        }
        let mut facts = there;
        for constraint in within(key, &known.range) {
            facts = facts.suppose(constraint)?;
        }
        for least in &known.at_least {
            let least = usize::try_from(*least).map_or(*least, |slot| self.key(slot));
            if least != key {
                let gap = Polynomial::unknown(key).sub(&Polynomial::unknown(least));
                facts = match gap {
                    Some(gap) => facts.suppose(Constraint::new(gap, Relation::NonNegative))?,
                    None => facts,
                };
            }
        }
        Some((facts, value))
    }

    /// What a text that is always there decides.
    fn by_text(&mut self, facts: &Facts, name: &str, cases: &[(&[&str], Sym)]) -> Ways {
        let Some(slot) = self.domain.slot(name) else {
            return vec![(facts.clone(), Sym::Unknown)];
        };
        let key = self.key(slot);
        let cases = cases.iter().filter_map(|(texts, value)| {
            let texts = Texts::among(texts.iter().copied());
            Some((facts.suppose_text(key, &texts)?, value.clone()))
        });
        cases.collect()
    }

    /// Scored, with floor and ceiling equal.
    fn quantified(&mut self, facts: &Facts) -> Ways {
        let (Some(status), Some(floor), Some(ceiling)) =
            (self.domain.slot("status"), self.domain.slot("points_floor"), self.domain.slot("points_ceiling"))
        else {
            return vec![(facts.clone(), Sym::Unknown)];
        };
        let status = self.key(status);
        let scored = Texts::among(["SCORED"]);
        let mut ways = Ways::new();
        if let Some(facts) = facts.suppose_text(status, &self.domain.texts(status).without(&scored)) {
            ways.push((facts, Sym::Truth(false)));
        }
        let Some(facts) = facts.suppose_text(status, &scored) else { return ways };
        for (facts, _) in self.name(floor, &facts) {
            for (facts, _) in self.name(ceiling, &facts) {
                let keys = [self.key(ceiling), self.key(floor)].map(Polynomial::unknown);
                let Some(gap) = keys.first().zip(keys.last()).and_then(|(high, low)| high.sub(low)) else { continue };
                for (relation, truth) in [(Relation::Zero, true), (Relation::Positive, false)] {
                    let facts = facts.suppose(Constraint::new(gap.clone(), relation));
                    ways.extend(facts.map(|facts| (facts, Sym::Truth(truth))));
                }
            }
        }
        ways
    }

    /// Executed ÷ annual; absent where either is, or annual is zero.
    fn execution_rate(&mut self, facts: &Facts) -> Ways {
        let (Some(executed), Some(annual)) = (self.domain.slot("budget_executed"), self.domain.slot("budget_annual"))
        else {
            return vec![(facts.clone(), Sym::Unknown)];
        };
        let mut ways = Ways::new();
        for (facts, annual) in self.name(annual, facts) {
            for (facts, executed) in self.name(executed, &facts) {
                let values = [executed, annual.clone()];
                let quotients = self.binary(crate::formula::Binary::Div, facts, &values);
                ways.extend(quotients.into_iter().map(|(facts, value)| match value {
                    Sym::Fault(_) => (facts, Sym::Absent),
                    value => (facts, value),
                }));
            }
        }
        ways
    }
}

/// Both answers to a question that is not looked into.
pub(super) fn truth(facts: &Facts, atom: &str) -> Ways {
    let sides = [true, false].into_iter();
    sides.filter_map(|truth| Some((facts.suppose_truth(atom, truth)?, Sym::Truth(truth)))).collect()
}

/// A range as what it says of an unknown.
pub(super) fn within(key: Key, range: &Range) -> Vec<Constraint> {
    let gap = |end: &End, up: bool| {
        let relation = if end.open { Relation::Positive } else { Relation::NonNegative };
        let gap = Polynomial::unknown(key).sub(&Polynomial::of(end.at.clone()))?;
        Some(Constraint::new(if up { gap } else { gap.neg() }, relation))
    };
    let low = range.low.as_ref().and_then(|end| gap(end, true));
    let high = range.high.as_ref().and_then(|end| gap(end, false));
    low.into_iter().chain(high).collect()
}
