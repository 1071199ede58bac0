//! Claims about two inputs that differ in what was achieved: direction and jumps.

use super::algebra::{Constraint, Polynomial, Quotient, Relation};
use super::claim::{Claim, Doubt, Outcome, Property, Verdict};
use super::decide::{Work, simply_impossible};
use super::explore::{Branches, Explorer, Facts, Opaque, Sym, TWIN_OFFSET, Ways};
use super::methods::Use;
use super::trial::{Attempt, Effort, Settled};
use crate::formula::Value;
use crate::quantity::Exact;
use crate::ruleset::DeclaredDirection;

/// Work for one claim, in cells of tableaus.
const WORK: usize = 4_000_000;
/// The most pairs of ways.
const MAX_PAIRS: usize = 1_600;
/// A hundredth of a percentage point is the 10,000th part.
const STEPS: i64 = 10_000;
/// A step should move no more points than this.
const MOST: i64 = 1;

/// What another number in the actual cell changes. Its words, and what they tell, count among the inputs that stay.
const BY_ACTUAL: &[&str] = &["actual", "meeting", "factor_slip"];
const BY_EXECUTION: &[&str] = &["budget_executed"];
/// Names that follow from those.
const FOLLOWING: &[&str] = &["met", "judged", "execution_rate"];

/// The slots that change with the actual, or with what was executed.
pub(super) fn moving(domain: &super::explore::Domain, for_execution: bool) -> Vec<usize> {
    let names = if for_execution { BY_EXECUTION } else { BY_ACTUAL };
    names.iter().filter_map(|name| domain.slot(name)).collect()
}

struct Pairs {
    one: Ways,
    two: Ways,
    doubt: Option<Doubt>,
}

fn pairs(of: &Use<'_>, opaque: &mut Opaque, work: &mut Work) -> Pairs {
    let mut branches = Branches::default();
    let one = of.explore(opaque, &mut branches, work, false);
    let two = of.explore(opaque, &mut branches, work, true);
    let doubt = one.doubt.or(two.doubt);
    let mut numbers = |ways: Ways| -> Ways {
        let numbers = ways.into_iter().filter(|(_, value)| matches!(value, Sym::Number(_)));
        numbers.filter(|(facts, _)| !simply_impossible(facts.reals.iter().cloned(), work)).collect()
    };
    let (one, two) = (numbers(one.ways), numbers(two.ways));
    let crowded = (one.len() * two.len() > MAX_PAIRS).then_some(Doubt::TooManyCases);
    Pairs { one, two, doubt: doubt.or(crowded) }
}

/// The actual of both inputs, where the method looks at it at all.
fn actuals(of: &Use<'_>) -> Option<(Polynomial, Polynomial)> {
    let name = if of.table.for_execution { "budget_executed" } else { "actual" };
    let slot = of.table.domain.slot(name)?;
    let follows = |slot: usize| FOLLOWING.contains(&of.table.domain.name(slot));
    of.formula.names_used().find(|used| of.moving.contains(used) || follows(*used))?;
    let key = super::explore::Key::try_from(slot).ok()?;
    Some((Polynomial::unknown(key), Polynomial::unknown(key + TWIN_OFFSET)))
}

/// Both inputs have an actual.
fn with_actuals(of: &Use<'_>, facts: &Facts, opaque: &mut Opaque, work: &mut Work) -> Option<Facts> {
    let name = if of.table.for_execution { "budget_executed" } else { "actual" };
    let slot = of.table.domain.slot(name)?;
    let mut branches = Branches::default();
    let mut explorer = Explorer::new(of.table.domain, of.constants, opaque, &mut branches, work);
    let there = |ways: Ways| ways.into_iter().find(|(_, value)| matches!(value, Sym::Number(_)));
    let (facts, _) = there(explorer.name(slot, facts))?;
    explorer.twin = Some(&of.moving);
    there(explorer.name(slot, &facts)).map(|(facts, _)| facts)
}

/// Whether more of the actual gives points as the method declares.
pub(super) fn direction(of: &Use<'_>) -> Option<Claim> {
    let declared = of.method.direction?;
    Some(of.claim(Property::Direction, moved(of, declared)))
}

fn moved(of: &Use<'_>, declared: DeclaredDirection) -> Verdict {
    let Some((less, more)) = actuals(of) else { return Verdict::Proven };
    let (mut opaque, mut effort) = (Opaque::default(), Effort::of(WORK));
    let Pairs { one, two, mut doubt } = pairs(of, &mut opaque, &mut effort.work);
    let rises = more.sub(&less).map(|gap| Constraint::new(gap, Relation::Positive));
    let (Some(rises), false) = (rises, doubt == Some(Doubt::TooManyCases)) else {
        return Verdict::NotProven(Doubt::TooManyCases);
    };
    let breaks = |outcomes: &[Outcome], _: &[Vec<Value>]| match outcomes {
        [Outcome::Value(Value::Number(before)), Outcome::Value(Value::Number(after))] => match declared {
            DeclaredDirection::HigherIsBetter => after < before,
            DeclaredDirection::LowerIsBetter => after > before,
        },
        _ => false,
    };
    let admits = |values: &[Value], facts: &Facts| of.admits(values, facts);
    let trial = of.trial();
    for (facts, before, after) in combined(&one, &two) {
        let facts = with_actuals(of, &facts, &mut opaque, &mut effort.work).and_then(|f| f.suppose(rises.clone()));
        let Some(facts) = &facts else { continue };
        let wrong = match declared {
            DeclaredDirection::HigherIsBetter => before.difference(after),
            DeclaredDirection::LowerIsBetter => after.difference(before),
        };
        let Some(wrong) = wrong else {
            doubt = doubt.or(Some(Doubt::Undecided));
            continue;
        };
        let supposed = Some(Constraint::new(wrong, Relation::Positive));
        match trial.settle(&Attempt { facts, supposed, inputs: 2, admits: &admits, breaks: &breaks }, &mut effort) {
            Settled::Impossible => {}
            Settled::Broken(found) => return Verdict::Refuted(found),
            Settled::Open => doubt = doubt.or(Some(Doubt::Undecided)),
        }
    }
    doubt.map_or(Verdict::Proven, Verdict::NotProven)
}

/// Every two ways that can be of one row before and after.
fn combined<'w>(one: &'w Ways, two: &'w Ways) -> impl Iterator<Item = (Facts, &'w Quotient, &'w Quotient)> {
    one.iter().flat_map(move |(facts, before)| {
        two.iter().filter_map(move |(others, after)| match (before, after) {
            (Sym::Number(before), Sym::Number(after)) => Some((facts.and(others)?, before, after)),
            _ => None,
        })
    })
}

/// Whether a hundredth of a percentage point moves more than a point.
pub(super) fn jump(of: &Use<'_>) -> Option<Claim> {
    let (less, more) = actuals(of)?;
    if of.method.jump_intended {
        return Some(of.claim(Property::NoJump, Verdict::Intended));
    }
    let (mut opaque, mut effort) = (Opaque::default(), Effort::of(WORK));
    let Pairs { one, two, doubt } = pairs(of, &mut opaque, &mut effort.work);
    let stepwise = one.iter().all(|(_, value)| match value {
        Sym::Number(points) => [&points.numerator, &points.denominator]
            .into_iter()
            .all(|part| less.unknowns().iter().all(|unknown| part.degree_in(*unknown) == 0)),
        _ => true,
    });
    let verdict = if doubt == Some(Doubt::TooManyCases) {
        Verdict::NotProven(Doubt::TooManyCases)
    } else {
        let step = Step { of, less: &less, more: &more };
        step.jumps(&one, &two, doubt, &mut opaque, &mut effort)
    };
    Some(Claim { stepwise, ..of.claim(Property::NoJump, verdict) })
}

struct Step<'a> {
    of: &'a Use<'a>,
    less: &'a Polynomial,
    more: &'a Polynomial,
}

impl Step<'_> {
    fn jumps(
        &self,
        one: &Ways,
        two: &Ways,
        mut doubt: Option<Doubt>,
        opaque: &mut Opaque,
        effort: &mut Effort,
    ) -> Verdict {
        let admits = |values: &[Value], facts: &Facts| self.of.admits(values, facts);
        let trial = self.of.trial();
        let most = Quotient::of(Exact::from_i64(MOST));
        for (facts, before, after) in combined(one, two) {
            for facts in &self.stepped(&facts, opaque, &mut effort.work) {
                for (greater, smaller) in [(after, before), (before, after)] {
                    let Some(moved) = greater.sub(smaller).and_then(|moved| moved.difference(&most)) else {
                        doubt = doubt.or(Some(Doubt::Undecided));
                        continue;
                    };
                    let supposed = Some(Constraint::new(moved, Relation::Positive));
                    let attempt = Attempt { facts, supposed, inputs: 2, admits: &admits, breaks: &leaps };
                    match trial.settle(&attempt, effort) {
                        Settled::Impossible => {}
                        Settled::Broken(found) => return Verdict::Refuted(found),
                        Settled::Open => doubt = doubt.or(Some(Doubt::Undecided)),
                    }
                }
            }
        }
        doubt.map_or(Verdict::Proven, Verdict::NotProven)
    }

    /// The facts with the second actual one step above the first, and no more points possible than a form has.
    fn stepped(&self, facts: &Facts, opaque: &mut Opaque, work: &mut Work) -> Vec<Facts> {
        let of = self.of;
        let Some(facts) = with_actuals(of, facts, opaque, work) else { return Vec::new() };
        let limit = || {
            let totals = of.table.rules.structure.totals.as_ref()?;
            let key = super::explore::Key::try_from(of.possible()?).ok()?;
            let room = Polynomial::of(totals.form.clone()).sub(&Polynomial::unknown(key))?;
            facts.suppose(Constraint::new(room, Relation::NonNegative))
        };
        let Some(facts) = limit() else { return Vec::new() };
        let part = Exact::ONE.div(&Exact::from_i64(STEPS)).unwrap_or(Exact::ONE);
        let equals = |step: Polynomial| {
            let gap = self.more.sub(self.less)?.sub(&step)?;
            Some(Constraint::new(gap, Relation::Zero))
        };
        let units = self.units();
        if units.is_empty() {
            let step = equals(Polynomial::of(part));
            return step.and_then(|step| facts.suppose(step)).into_iter().collect();
        }
        let sizes = signed(facts, &units);
        let stepped = sizes.into_iter().flat_map(|(facts, sizes)| {
            let smallest = sizes.iter().enumerate().filter_map(|(index, size)| {
                let mut facts = facts.clone();
                for other in sizes.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other) {
                    facts = facts.suppose(Constraint::new(other.sub(size)?, Relation::NonNegative))?;
                }
                facts.suppose(equals(size.scale(&part)?)?)
            });
            smallest.collect::<Vec<_>>()
        });
        stepped.collect()
    }

    /// What the actual is measured by, as far as the formula has that: the target, the smaller end of a range, the
    /// budget.
    fn units(&self) -> Vec<Polynomial> {
        let domain = self.of.table.domain;
        let rate = self.of.formula.names_used().any(|slot| domain.name(slot) == "execution_rate");
        let names = ["target", "target_low", "target_high", "budget_annual"];
        let slots = names.into_iter().filter_map(|name| domain.slot(name));
        let used = slots.filter(|slot| {
            let used = self.of.formula.names_used().any(|used| used == *slot);
            used || (rate && domain.name(*slot) == "budget_annual")
        });
        used.filter_map(|slot| Some(Polynomial::unknown(super::explore::Key::try_from(slot).ok()?))).collect()
    }
}

/// The facts by the signs of the units, with the sizes of those that are not zero.
fn signed(facts: Facts, units: &[Polynomial]) -> Vec<(Facts, Vec<Polynomial>)> {
    let mut all = vec![(facts, Vec::new())];
    for unit in units {
        let mut next = Vec::new();
        for (facts, sizes) in all {
            for size in [unit.clone(), unit.neg()] {
                let sized = facts.suppose(Constraint::new(size.clone(), Relation::Positive));
                next.extend(sized.map(|facts| (facts, [sizes.clone(), vec![size]].concat())));
            }
            let zero = facts.suppose(Constraint::new(unit.clone(), Relation::Zero));
            next.extend(zero.map(|facts| (facts, sizes)));
        }
        all = next;
    }
    all
}

fn leaps(outcomes: &[Outcome], _: &[Vec<Value>]) -> bool {
    match outcomes {
        [Outcome::Value(Value::Number(before)), Outcome::Value(Value::Number(after))] => {
            after.sub(before).is_ok_and(|moved| moved.abs() > Exact::from_i64(MOST))
        }
        _ => false,
    }
}
