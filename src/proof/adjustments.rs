//! Claims about adjustments after scoring: what the points become stays within 0 and the points possible.

use super::algebra::{Constraint, Quotient, Relation};
use super::claim::{Claim, Doubt, Outcome, Property, Verdict};
use super::decide::Hints;
use super::explore::{Branches, Domain, Explorer, Facts, Key, Opaque, Sym, Ways};
use super::input::Maker;
use super::methods::{construct, never_fails, numbers};
use super::trial::{Attempt, Effort, Settled, Trial};
use crate::formula::Value;
use crate::ruleset::{Adjustment, AdjustmentScope};

/// Work for one adjustment in one period of the parameters, in cells of tableaus.
const WORK: usize = 400_000;

/// [`Property::WithinPossible`] and [`Property::Defined`] of an adjustment in one period.
pub(super) fn claims(rule: &Adjustment, domain: &Domain, constants: &[Value]) -> [Claim; 2] {
    let claim = |property, verdict| Claim {
        property,
        rule: format!("adjustments.{}", rule.id),
        entry: String::new(),
        place: rule.place.clone(),
        verdict,
        stepwise: false,
    };
    let trees = (rule.points.tree(), rule.when.as_ref().map(|when| when.tree()));
    let (Some(tree), None | Some(Some(_))) = trees else {
        let doubt = || Verdict::NotProven(Doubt::Interpreted(String::new()));
        return [Property::WithinPossible, Property::Defined].map(|property| claim(property, doubt()));
    };
    let (mut opaque, mut branches, mut effort) = (Opaque::default(), Branches::default(), Effort::of(WORK));
    let mut explorer = Explorer::new(domain, constants, &mut opaque, &mut branches, &mut effort.work);
    let mut failing: Vec<Facts> = Vec::new();
    let mut ways = Ways::new();
    for (facts, applies) in applying(rule, &mut explorer) {
        match applies {
            Sym::Fault(_) => failing.push(facts),
            Sym::Truth(true) | Sym::Unknown => ways.extend(explorer.explore(tree, facts)),
            _ => {}
        }
    }
    let doubt = explorer.blocked().map(construct);
    failing.extend(ways.iter().filter(|(_, value)| matches!(value, Sym::Fault(_))).map(|(facts, _)| facts.clone()));
    let mut found = Vec::new();
    numbers(tree, &mut found);
    found.extend(constants.iter().filter_map(|value| value.as_number().cloned()));
    let hints = Hints::of(found);
    let maker = Maker { domain, constants, moving: &[], word: None };
    let shown = possible(rule, domain).into_iter().chain([rule.slot]).collect();
    let trial = Trial { maker, hints: &hints, formula: &rule.points, shown };
    let within = within(rule, domain, &ways, doubt.clone(), &trial, &mut effort);
    let defined = never_fails(&trial, failing.iter(), &|values, _| applies(rule, values), doubt, &mut effort);
    [claim(Property::WithinPossible, within), claim(Property::Defined, defined)]
}

/// The slot of the points possible, where the scope has them.
fn possible(rule: &Adjustment, domain: &Domain) -> Option<usize> {
    match rule.scope {
        AdjustmentScope::Indicator => domain.slot("points_possible"),
        AdjustmentScope::Execution => domain.slot("execution_points_possible"),
        AdjustmentScope::Form => None,
    }
}

/// The ways through the condition, with points so far between 0 and what is possible.
fn applying(rule: &Adjustment, explorer: &mut Explorer<'_>) -> Ways {
    let mut known = vec![Facts::default()];
    let mut most: Option<Quotient> = None;
    for slot in possible(rule, explorer.domain).into_iter().chain([rule.slot]) {
        let ways: Ways = known.iter().flat_map(|facts| explorer.name(slot, facts)).collect();
        known = Vec::new();
        let own = Quotient::unknown(explorer.key(slot));
        let room = most.as_ref().and_then(|most| most.difference(&own));
        for (facts, value) in ways {
            let Sym::Number(points) = value else { continue };
            let facts = facts.suppose(Constraint::new(points.numerator, Relation::NonNegative));
            known.extend(match &room {
                Some(room) => {
                    facts.and_then(|facts| facts.suppose(Constraint::new(room.clone(), Relation::NonNegative)))
                }
                None => facts,
            });
        }
        most = Some(own);
    }
    match rule.when.as_ref().and_then(|when| when.tree()) {
        Some(tree) => known.into_iter().flat_map(|facts| explorer.explore(tree, facts)).collect(),
        None => known.into_iter().map(|facts| (facts, Sym::Truth(true))).collect(),
    }
}

fn applies(rule: &Adjustment, values: &[Value]) -> bool {
    rule.when.as_ref().is_none_or(|when| when.evaluate(values).is_ok_and(|value| value.holds()))
}

/// The whole form has no cell of its points possible: there the points may not rise.
fn within(
    rule: &Adjustment,
    domain: &Domain,
    ways: &Ways,
    mut doubt: Option<Doubt>,
    trial: &Trial<'_>,
    effort: &mut Effort,
) -> Verdict {
    let limit = possible(rule, domain);
    let most = Quotient::unknown(Key::try_from(limit.unwrap_or(rule.slot)).unwrap_or(0));
    let breaks = |outcomes: &[Outcome], values: &[Vec<Value>]| {
        let most = limit.and_then(|slot| values.first()?.get(slot)?.as_number());
        match outcomes {
            [Outcome::Value(Value::Number(points))] => points.is_negative() || most.is_some_and(|most| points > most),
            _ => false,
        }
    };
    let admits = |values: &[Value], _: &Facts| applies(rule, values);
    for (facts, value) in ways {
        let Sym::Number(points) = value else { continue };
        for (side, rises) in [(Some(points.numerator.neg()), false), (points.difference(&most), true)] {
            let Some(side) = side else {
                doubt = doubt.or(Some(Doubt::Undecided));
                continue;
            };
            let supposed = Some(Constraint::new(side, Relation::Positive));
            match trial.settle(&Attempt { facts, supposed, inputs: 1, admits: &admits, breaks: &breaks }, effort) {
                Settled::Impossible => {}
                Settled::Broken(found) => return Verdict::Refuted(found),
                Settled::Open if rises && limit.is_none() => doubt = doubt.or(Some(Doubt::Unbounded)),
                Settled::Open => doubt = doubt.or(Some(Doubt::Undecided)),
            }
        }
    }
    doubt.map_or(Verdict::Proven, Verdict::NotProven)
}
