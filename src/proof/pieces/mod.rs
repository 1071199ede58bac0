//! What a method gives, piece by piece of the one number that it depends on: exact, and only where that is all.
//!
//! A formula of the actual and the target that only their quotient matters to is a function of the quotient; the points
//! possible may stay a factor. Whatever looks at more, or is not looked into by proofs, has no pieces.

mod line;

use std::collections::BTreeSet;

use super::algebra::{Constraint, Polynomial, Quotient, Unknown};
use super::decide::Work;
use super::explore::{Branches, Domain, Explorer, Facts, Opaque, Sym, slot_of};
use crate::formula::{Formula, Type, Value};
use crate::quantity::Exact;
use crate::ruleset::{Method, MethodKind, RuleSet, Scope};
pub use line::{Curve, Stretch};

/// Work for one formula, in cells of tableaus.
const WORK: usize = 200_000;

/// A method as a function of one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    pub over: Over,
    /// The points are this share of those possible; otherwise they are absolute.
    pub of_possible: bool,
    /// In no order; where two hold the same number they agree.
    pub pieces: Vec<(Stretch, Curve)>,
}

/// The number that a method depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// `actual ÷ target`, or `budget_executed ÷ budget_annual`; both positive below.
    Quotient(String, String),
    Name(String),
}

/// The names whose quotient is looked for.
const QUOTIENTS: [(&str, &str); 2] = [("actual", "target"), ("budget_executed", "budget_annual")];

/// The pieces of a method for forms of a fiscal year, whose names are all there and whose points possible are above
/// zero; nothing where it depends on more than one number, or cannot be told.
pub fn pieces(rules: &RuleSet, method: &Method, fiscal_year: i32) -> Option<Pieces> {
    let MethodKind::Formula(formula) = &method.kind else { return None };
    let (scope, stake) = if method.for_execution {
        (Scope::ScoreExecution, "execution_points_possible")
    } else {
        (Scope::ScoreRow, "points_possible")
    };
    let domain = Domain::of(rules, &rules.names_in(scope));
    let ways = ways(&domain, &rules.constants(fiscal_year), formula)?;
    let stake = key(&domain, stake);
    let (over, moving, unit) = only_number(&domain, stake, &ways)?;
    let reduce = line::Reduction { stake, moving, unit };
    let mut pieces = Vec::new();
    let mut shares: Vec<bool> = Vec::new();
    for (reals, value) in ways {
        let stretches = reduce.stretches(&reals)?;
        if stretches.is_empty() {
            continue;
        }
        let (curve, of_possible) = reduce.curve(&value)?;
        // Nothing is nothing, of whatever.
        shares.extend((!curve.is_zero()).then_some(of_possible));
        pieces.extend(stretches.into_iter().map(|stretch| (stretch, curve.clone())));
    }
    let of_possible = shares.first().copied().unwrap_or(true);
    shares.iter().all(|share| *share == of_possible).then_some(Pieces { over, of_possible, pieces })
}

type Way = (Vec<Constraint>, Quotient);

/// Every way through a formula whose numbers are all there, where it looks at nothing but numbers.
fn ways(domain: &Domain, constants: &[Value], formula: &Formula) -> Option<Vec<Way>> {
    let (mut opaque, mut branches, mut work) = (Opaque::default(), Branches::default(), Work::of(WORK));
    let mut explorer = Explorer::new(domain, constants, &mut opaque, &mut branches, &mut work);
    let mut given = Facts::default();
    for slot in formula.names_used().filter(|slot| *slot >= domain.constants) {
        if domain.names.get(slot).is_some_and(|(_, kind)| *kind == Type::Number) {
            given.present.insert(explorer.key(slot), true);
        }
    }
    let explored = explorer.explore(formula.tree()?, given);
    if explorer.blocked().is_some() {
        return None;
    }
    let mut found = Vec::new();
    for (facts, value) in explored {
        let absent = facts.present.values().any(|present| !present);
        match value {
            _ if !facts.texts.is_empty() || !facts.truths.is_empty() => return None,
            // A division by zero: no number is given there.
            Sym::Fault(_) => {}
            Sym::Absent if absent => {}
            Sym::Number(quotient) => found.push((facts.reals, quotient)),
            _ => return None,
        }
    }
    Some(found)
}

fn key(domain: &Domain, name: &str) -> Option<Unknown> {
    domain.slot(name).and_then(|slot| Unknown::try_from(slot).ok())
}

/// The only number that the ways depend on, beside the points possible: by itself, or over another that is its unit.
fn only_number(domain: &Domain, stake: Option<Unknown>, ways: &[Way]) -> Option<(Over, Unknown, Option<Unknown>)> {
    let of_way = |(reals, value): &Way| -> BTreeSet<Unknown> {
        let constraints = reals.iter().map(|constraint| &constraint.polynomial);
        constraints.chain([&value.numerator, &value.denominator]).flat_map(Polynomial::unknowns).collect()
    };
    let mut unknowns: BTreeSet<Unknown> = ways.iter().flat_map(of_way).collect();
    unknowns.retain(|unknown| Some(*unknown) != stake);
    let first = *unknowns.first()?;
    match unknowns.len() {
        1 => Some((Over::Name(domain.name(slot_of(first)?).to_owned()), first, None)),
        2 => QUOTIENTS.iter().find_map(|(above, below)| {
            let (one, other) = (key(domain, above)?, key(domain, below)?);
            let both = unknowns.contains(&one) && unknowns.contains(&other);
            both.then(|| (Over::Quotient((*above).to_owned(), (*below).to_owned()), one, Some(other)))
        }),
        _ => None,
    }
}

impl Pieces {
    /// What holds at a number.
    pub fn at(&self, x: &Exact) -> Option<&Curve> {
        self.pieces.iter().find(|(stretch, _)| stretch.contains(x)).map(|(_, curve)| curve)
    }

    /// Every end of a piece.
    pub fn edges(&self) -> impl Iterator<Item = &Exact> {
        self.pieces.iter().flat_map(|(stretch, _)| [&stretch.low, &stretch.high]).flatten().map(|(at, _)| at)
    }
}
