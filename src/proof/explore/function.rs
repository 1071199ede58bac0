//! Functions of the language on values that are not known yet.

use super::name::truth;
use super::{Explorer, Facts, Failure, Sym, TextSym, Texts, Ways};
use crate::formula::{Function, Table, Type};
use crate::proof::algebra::{Constraint, Quotient, Relation};
use crate::quantity::Exact;

impl Explorer<'_> {
    /// A failing argument fails the call. An absent one makes it absent, except that `has` and `blank` ask for it.
    pub(super) fn call(&mut self, function: Function, facts: Facts, arguments: &[Sym]) -> Ways {
        if let Some(fault) = arguments.iter().find(|value| matches!(value, Sym::Fault(_))) {
            return vec![(facts, fault.clone())];
        }
        match (function, arguments) {
            (Function::Has, [Sym::Unknown]) => return vec![(facts, Sym::Unknown)],
            (Function::Has, [value]) => return vec![(facts, Sym::Truth(*value != Sym::Absent))],
            (Function::Blank, [Sym::Absent]) => return vec![(facts, Sym::Truth(true))],
            _ if arguments.contains(&Sym::Absent) => return vec![(facts, Sym::Absent)],
            _ if arguments.contains(&Sym::Unknown) => return vec![(facts, Sym::Unknown)],
            _ => {}
        }
        let numbers: Option<Vec<&Quotient>> = arguments.iter().map(as_number).collect();
        match (function, numbers.as_deref(), arguments) {
            (Function::Abs, Some([x]), _) => magnitude(&facts, x),
            (Function::Min, Some(all), _) => self.extreme(&facts, all, false),
            (Function::Max, Some(all), _) => self.extreme(&facts, all, true),
            (Function::Clamp, Some([x, low, high]), _) => self.clamp(&facts, x, low, high),
            (Function::Floor | Function::Ceil | Function::RoundHalfUp, Some([x, rest @ ..]), _) => {
                self.rounded(function, &facts, x, rest)
            }
            (Function::Contains, _, [Sym::Words(words), Sym::Text(part)]) => self.one_of(&facts, words, part),
            (Function::EqualsAny, _, [Sym::Text(text), Sym::Words(words)]) => self.one_of(&facts, words, text),
            (Function::Lookup, _, [Sym::Table(table), Sym::Number(x)]) => self.lookup(&facts, table, x),
            (Function::Length, _, _) => self.opaque_within(question(function, arguments), &facts, 0, None),
            (Function::Similarity | Function::CopiedShare, _, _) => {
                self.opaque_within(question(function, arguments), &facts, 0, Some(1))
            }
            (
                Function::Blank
                | Function::Contains
                | Function::ContainsAny
                | Function::StartsWith
                | Function::EndsWith
                | Function::SameText,
                _,
                _,
            ) => truth(&facts, &question(function, arguments)),
            _ => self.unexplored(function, facts, arguments),
        }
    }

    /// A function that these tables do not know: any value of its type, or none.
    fn unexplored(&mut self, function: Function, facts: Facts, arguments: &[Sym]) -> Ways {
        let what = question(function, arguments);
        let mut ways = match function.result() {
            Type::Boolean => truth(&facts, &what),
            Type::Number => {
                let key = self.opaque.number(what);
                vec![(facts.clone(), Sym::Number(Quotient::unknown(key)))]
            }
            Type::Text | Type::Words | Type::Table => vec![(facts.clone(), Sym::Unknown)],
        };
        ways.push((facts, Sym::Absent));
        ways
    }

    /// The least or greatest of several: each in turn, where none before it is as far and none after it is farther.
    fn extreme(&mut self, facts: &Facts, all: &[&Quotient], greatest: bool) -> Ways {
        let mut ways = Ways::new();
        for (index, chosen) in all.iter().enumerate() {
            let mut known = Some(facts.clone());
            for (other, value) in all.iter().enumerate().filter(|(other, _)| *other != index) {
                let gap = if greatest { chosen.difference(value) } else { value.difference(chosen) };
                let Some(gap) = gap else {
                    let unknown = self.block(if greatest { "max" } else { "min" });
                    return vec![(facts.clone(), unknown)];
                };
                let relation = if other < index { Relation::Positive } else { Relation::NonNegative };
                known = known.and_then(|facts| facts.suppose(Constraint::new(gap, relation)));
            }
            ways.extend(known.map(|facts| (facts, Sym::Number((*chosen).clone()))));
        }
        ways
    }

    fn clamp(&mut self, facts: &Facts, x: &Quotient, low: &Quotient, high: &Quotient) -> Ways {
        let (Some(order), Some(above), Some(below)) = (high.difference(low), x.difference(low), high.difference(x))
        else {
            let unknown = self.block("clamp");
            return vec![(facts.clone(), unknown)];
        };
        let mut ways = Ways::new();
        if let Some(facts) = facts.suppose(Constraint::new(order.neg(), Relation::Positive)) {
            ways.push((facts, Sym::Fault(Failure::BadArgument("clamp"))));
        }
        let Some(facts) = facts.suppose(Constraint::new(order, Relation::NonNegative)) else { return ways };
        let under = facts.suppose(Constraint::new(above.neg(), Relation::Positive));
        ways.extend(under.map(|facts| (facts, Sym::Number(low.clone()))));
        let Some(facts) = facts.suppose(Constraint::new(above, Relation::NonNegative)) else { return ways };
        let over = facts.suppose(Constraint::new(below.neg(), Relation::Positive));
        ways.extend(over.map(|facts| (facts, Sym::Number(high.clone()))));
        let inside = facts.suppose(Constraint::new(below, Relation::NonNegative));
        ways.extend(inside.map(|facts| (facts, Sym::Number(x.clone()))));
        ways
    }

    /// A rounded number lies within a step of the number, and on the same side of zero.
    fn rounded(&mut self, function: Function, facts: &Facts, x: &Quotient, places: &[&Quotient]) -> Ways {
        let places = places.first().map_or(Some(Exact::ZERO), |places| places.constant());
        let Some(places) = places else {
            let unknown = self.block(function.name());
            return vec![(facts.clone(), unknown)];
        };
        let Some(places) =
            places.to_i64().and_then(|places| u32::try_from(places).ok()).filter(|places| *places <= Exact::MAX_PLACES)
        else {
            return vec![(facts.clone(), Sym::Fault(Failure::BadArgument("round_half_up")))];
        };
        if let Some(value) = x.constant() {
            let value = match function {
                Function::Floor => value.floor(),
                Function::Ceil => value.ceil(),
                _ => value.round_half_up(places),
            };
            return vec![(facts.clone(), Sym::Number(Quotient::of(value)))];
        }
        let value = Quotient::unknown(self.opaque.number(format!("{}({x:?}, {places})", function.name())));
        let step = Exact::from_i64(10).pow(-i32::try_from(places).unwrap_or(0)).unwrap_or(Exact::ONE);
        let half = step.div(&Exact::from_i64(2)).unwrap_or(Exact::ONE);
        let (down, up) = match function {
            Function::Floor => (Exact::ONE, Exact::ZERO),
            Function::Ceil => (Exact::ZERO, Exact::ONE),
            _ => (half.clone(), half),
        };
        let floor = x.sub(&Quotient::of(down)).and_then(|least| value.difference(&least));
        let ceiling = x.add(&Quotient::of(up)).and_then(|most| most.difference(&value));
        let (Some(floor), Some(ceiling)) = (floor, ceiling) else {
            let unknown = self.block(function.name());
            return vec![(facts.clone(), unknown)];
        };
        let near = [floor, ceiling]
            .into_iter()
            .try_fold(facts.clone(), |facts, gap| facts.suppose(Constraint::new(gap, Relation::NonNegative)));
        // What is not below zero does not round to below zero, and the other way round.
        let sides = [
            (x.numerator.clone(), Relation::NonNegative, value.numerator.clone()),
            (x.numerator.neg(), Relation::Positive, value.numerator.neg()),
        ];
        let ways = sides.into_iter().filter_map(|(sign, relation, own)| {
            let facts = near.as_ref()?.suppose(Constraint::new(sign, relation))?;
            let facts = facts.suppose(Constraint::new(own, Relation::NonNegative))?;
            Some((facts, Sym::Number(value.clone())))
        });
        ways.collect()
    }

    /// By the rows of a table, and by what its rows leave out, where there is no value.
    fn lookup(&mut self, facts: &Facts, table: &Table, x: &Quotient) -> Ways {
        let mut ways = Ways::new();
        let mut above = Some(facts.clone());
        for (interval, value) in table.rows() {
            let low = x.difference(&Quotient::of(interval.low.clone()));
            let high = x.difference(&Quotient::of(interval.high.clone()));
            let (Some(low), Some(high)) = (low, high) else {
                let unknown = self.block(Function::Lookup.name());
                return vec![(facts.clone(), unknown)];
            };
            let relation = |closed| if closed { Relation::NonNegative } else { Relation::Positive };
            let below = Constraint::new(low.neg(), relation(!interval.low_closed));
            let gap = above.as_ref().and_then(|facts| facts.suppose(below));
            ways.extend(gap.map(|facts| (facts, Sym::Absent)));
            let inside = facts.suppose(Constraint::new(low, relation(interval.low_closed)));
            let inside = inside.and_then(|f| f.suppose(Constraint::new(high.neg(), relation(interval.high_closed))));
            ways.extend(inside.map(|facts| (facts, Sym::Number(Quotient::of(value.clone())))));
            above = facts.suppose(Constraint::new(high, relation(!interval.high_closed)));
        }
        ways.extend(above.map(|facts| (facts, Sym::Absent)));
        ways
    }

    /// Whether a text is one of the words.
    fn one_of(&mut self, facts: &Facts, words: &str, text: &TextSym) -> Ways {
        let known = !words.starts_with('#');
        let listed = Texts::among(words.split('\u{0}').filter(|_| !words.is_empty()));
        match text {
            TextSym::Known(text) if known => {
                vec![(facts.clone(), Sym::Truth(Texts::among([text]).is_within(&listed)))]
            }
            TextSym::Named(key) if known => {
                let all = self.domain.texts(*key);
                let sides = [(all.both(&listed), true), (all.without(&listed), false)];
                let ways = sides.into_iter().filter(|(texts, _)| !texts.is_empty());
                ways.filter_map(|(texts, holds)| Some((facts.suppose_text(*key, &texts)?, Sym::Truth(holds)))).collect()
            }
            _ => truth(facts, &format!("{words} has {text:?}")),
        }
    }
}

fn magnitude(facts: &Facts, x: &Quotient) -> Ways {
    let above = facts.suppose(Constraint::new(x.numerator.clone(), Relation::NonNegative));
    let below = facts.suppose(Constraint::new(x.numerator.neg(), Relation::Positive));
    let above = above.map(|facts| (facts, Sym::Number(x.clone())));
    above.into_iter().chain(below.map(|facts| (facts, Sym::Number(x.neg())))).collect()
}

fn as_number(value: &Sym) -> Option<&Quotient> {
    match value {
        Sym::Number(number) => Some(number),
        _ => None,
    }
}

/// What is asked, so that the same question gets the same answer.
fn question(function: Function, arguments: &[Sym]) -> String {
    format!("{}{arguments:?}", function.name())
}
