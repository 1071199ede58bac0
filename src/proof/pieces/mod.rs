//! What a method gives, piece by piece of the one number that it depends on: exact, and only where that is all.
//!
//! A formula of the actual and the target that only their quotient matters to is a function of the quotient; the points
//! possible may stay a factor. Whatever looks at more, or is not looked into by proofs, has no pieces.

mod line;

use super::algebra::{Polynomial, Unknown};
use super::decide::Work;
use super::explore::{Branches, Domain, Explorer, Facts, Opaque, Sym, slot_of};
use crate::formula::Type;
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
    let (scope, stake) = match method.for_execution {
        true => (Scope::ScoreExecution, "execution_points_possible"),
        false => (Scope::ScoreRow, "points_possible"),
    };
    let domain = Domain::of(rules, &rules.names_in(scope));
    let constants = rules.constants(fiscal_year);
    let (mut opaque, mut branches, mut work) = (Opaque::default(), Branches::default(), Work::of(WORK));
    let mut explorer = Explorer::new(&domain, &constants, &mut opaque, &mut branches, &mut work);
    let mut given = Facts::default();
    for slot in formula.names_used().filter(|slot| *slot >= domain.constants) {
        if domain.names.get(slot).is_some_and(|(_, kind)| *kind == Type::Number) {
            given.present.insert(explorer.key(slot), true);
        }
    }
    let ways = explorer.explore(formula.tree()?, given);
    if explorer.blocked().is_some() {
        return None;
    }
    let mut found = Vec::new();
    for (facts, value) in ways {
        let absent = facts.present.values().any(|present| !present);
        match value {
            _ if !facts.texts.is_empty() || !facts.truths.is_empty() => return None,
            Sym::Fault(_) => {}
            Sym::Absent if absent => {}
            Sym::Number(quotient) => found.push((facts.reals, quotient)),
            _ => return None,
        }
    }
    let key = |name: &str| domain.slot(name).and_then(|slot| Unknown::try_from(slot).ok());
    let stake = key(stake);
    let mut unknowns: Vec<Unknown> = found
        .iter()
        .flat_map(|(reals, value)| {
            let own = reals.iter().map(|constraint| &constraint.polynomial);
            own.chain([&value.numerator, &value.denominator]).flat_map(Polynomial::unknowns)
        })
        .filter(|unknown| Some(*unknown) != stake)
        .collect();
    unknowns.sort_unstable();
    unknowns.dedup();
    let named = |unknown: Unknown| slot_of(unknown).map(|slot| domain.name(slot).to_owned());
    let (over, moving, unit) = match unknowns.as_slice() {
        [only] => (Over::Name(named(*only)?), *only, None),
        [_, _] => QUOTIENTS.iter().find_map(|(above, below)| {
            let (one, other) = (key(above)?, key(below)?);
            let both = unknowns.contains(&one) && unknowns.contains(&other);
            both.then(|| (Over::Quotient((*above).to_owned(), (*below).to_owned()), one, Some(other)))
        })?,
        _ => return None,
    };
    let reduce = line::Reduction { stake, moving, unit };
    let mut pieces = Vec::new();
    let mut shares: Vec<bool> = Vec::new();
    for (reals, value) in found {
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
