//! Claims about scoring: what a method gives to the rows that reach it.

use std::collections::BTreeSet;

use super::algebra::{Constraint, Quotient, Relation};
use super::claim::{Claim, Doubt, Outcome, Property, Verdict};
use super::context::{Reach, Relevant, condensed, matches, reach};
use super::decide::{Hints, Work};
use super::explore::{Branches, DIRECTION, Domain, Explorer, Facts, Key, Opaque, Sym, Ways};
use super::input::Maker;
use super::trial::{Attempt, Effort, Settled, Trial};
use crate::formula::{Formula, Node, Type, Value};
use crate::quantity::Exact;
use crate::ruleset::{Entry, Method, RuleSet};

/// Work for one entry in one period of the parameters, in cells of tableaus.
const WORK: usize = 400_000;

/// One scoring table, with what is known of its names.
pub(super) struct Table<'a> {
    pub rules: &'a RuleSet,
    pub entries: &'a [Entry],
    pub domain: &'a Domain,
    pub hints: &'a Hints,
    pub for_execution: bool,
}

/// A method as an entry uses it, for one set of values of the rules' constants.
pub(super) struct Use<'a> {
    pub table: &'a Table<'a>,
    pub index: usize,
    pub entry: &'a Entry,
    pub method: &'a Method,
    pub formula: &'a Formula,
    pub tree: &'a Node,
    pub constants: &'a [Value],
    /// Slots that another actual changes too.
    pub moving: Vec<usize>,
}

/// A formula's ways from all cases of an entry, and what was not looked into.
pub(super) struct Explored {
    pub ways: Ways,
    pub doubt: Option<Doubt>,
}

impl Use<'_> {
    pub fn possible(&self) -> Option<usize> {
        let name = if self.table.for_execution { "execution_points_possible" } else { "points_possible" };
        self.table.domain.slot(name)
    }

    /// The points possible of a row that is scored: there, and not below zero.
    fn staked(&self, facts: &Facts, explorer: &mut Explorer<'_>) -> Vec<Facts> {
        let Some(slot) = self.possible() else { return vec![facts.clone()] };
        let ways = explorer.name(slot, facts);
        let staked = ways.into_iter().filter_map(|(facts, value)| match value {
            Sym::Number(points) => facts.suppose(Constraint::new(points.numerator, Relation::NonNegative)),
            _ => None,
        });
        staked.collect()
    }

    /// What of a case the formula can see.
    fn relevant(&self, explorer: &Explorer<'_>) -> Relevant {
        relevant(self.formula.names_used().chain(self.possible()), explorer)
    }

    /// Every way through the method's formula; for a second input where `twin` says so.
    pub fn explore(&self, opaque: &mut Opaque, branches: &mut Branches, work: &mut Work, twin: bool) -> Explored {
        let mut explorer = Explorer::new(self.table.domain, self.constants, opaque, branches, work);
        explorer.twin = twin.then_some(self.moving.as_slice());
        let relevant = self.relevant(&explorer);
        let reach = reach(self.table.entries, self.index, &relevant, &mut explorer);
        let mut ways = Ways::new();
        let mut doubt = None;
        let cases = condensed(reach.cases, &self.entry.when, &relevant, &explorer);
        for case in &cases {
            for facts in self.staked(case, &mut explorer) {
                ways.extend(explorer.explore(self.tree, facts));
                doubt = doubt.or_else(|| explorer.blocked().map(construct));
            }
        }
        Explored { ways, doubt }
    }

    pub fn maker(&self) -> Maker<'_> {
        let word = self.entry.when.name.first().map(String::as_str);
        Maker { domain: self.table.domain, constants: self.constants, moving: &self.moving, word }
    }

    pub fn trial(&self) -> Trial<'_> {
        let shown = self.possible().into_iter().collect();
        Trial { maker: self.maker(), hints: self.table.hints, formula: self.formula, shown }
    }

    pub fn claim(&self, property: Property, verdict: Verdict) -> Claim {
        let at = match property {
            Property::Direction => self.method.direction_at.clone(),
            _ => self.method.formula_at.as_ref().map(|node| node.place.clone()),
        };
        Claim {
            property,
            rule: format!("methods.{}", self.method.id),
            entry: self.entry.id.clone(),
            place: at.unwrap_or_else(|| self.method.place.clone()),
            verdict,
            stepwise: false,
        }
    }

    /// Whether values get to this entry.
    pub fn admits(&self, values: &[Value], facts: &Facts) -> bool {
        gets_to(self.table, self.index, values, facts, Some(true))
    }
}

/// Whether values get to an entry: none before it matches, and its own condition comes to `wanted`, or fails.
fn gets_to(table: &Table<'_>, index: usize, values: &[Value], facts: &Facts, wanted: Option<bool>) -> bool {
    let mut entries = table.entries.iter().take(index + 1);
    let own = entries.next_back();
    entries.all(|entry| matches(entry, values, facts, table.domain) == Some(false))
        && own.is_some_and(|entry| matches(entry, values, facts, table.domain) == wanted)
}

/// A construct as a doubt; without a name there were too many cases.
pub(super) fn construct(name: String) -> Doubt {
    if name.is_empty() { Doubt::TooManyCases } else { Doubt::Construct(name) }
}

/// [`Property::WithinPossible`] and [`Property::Defined`] of a method as an entry uses it.
pub(super) fn within_and_defined(of: &Use<'_>, branches: &mut Branches) -> [Claim; 2] {
    let (mut opaque, mut effort) = (Opaque::default(), Effort::of(WORK));
    let Explored { ways, doubt } = of.explore(&mut opaque, branches, &mut effort.work, false);
    let within = within(of, &ways, doubt.clone(), &mut effort);
    let defined = defined(of, &ways, doubt, &mut effort);
    [of.claim(Property::WithinPossible, within), of.claim(Property::Defined, defined)]
}

fn within(of: &Use<'_>, ways: &Ways, mut doubt: Option<Doubt>, effort: &mut Effort) -> Verdict {
    let Some(possible) = of.possible() else { return Verdict::NotProven(Doubt::Undecided) };
    let most = Quotient::unknown(Key::try_from(possible).unwrap_or(0));
    let breaks = |outcomes: &[Outcome], values: &[Vec<Value>]| {
        let most = values.first().and_then(|values| values.get(possible)?.as_number());
        match (outcomes.first(), most) {
            (Some(Outcome::Value(Value::Number(points))), Some(most)) => points.is_negative() || points > most,
            _ => false,
        }
    };
    let admits = |values: &[Value], facts: &Facts| of.admits(values, facts);
    let trial = of.trial();
    for (facts, value) in ways {
        let Sym::Number(points) = value else { continue };
        for side in [Some(points.numerator.neg()), points.difference(&most)] {
            let Some(side) = side else {
                doubt = doubt.or(Some(Doubt::Undecided));
                continue;
            };
            let supposed = Some(Constraint::new(side, Relation::Positive));
            match trial.settle(&Attempt { facts, supposed, inputs: 1, admits: &admits, breaks: &breaks }, effort) {
                Settled::Impossible => {}
                Settled::Broken(found) => return Verdict::Refuted(found),
                Settled::Open => doubt = doubt.or(Some(Doubt::Undecided)),
            }
        }
    }
    doubt.map_or(Verdict::Proven, Verdict::NotProven)
}

fn defined(of: &Use<'_>, ways: &Ways, doubt: Option<Doubt>, effort: &mut Effort) -> Verdict {
    let failing = ways.iter().filter(|(_, value)| std::matches!(value, Sym::Fault(_))).map(|(facts, _)| facts);
    let admits = |values: &[Value], facts: &Facts| of.admits(values, facts);
    never_fails(&of.trial(), failing, &admits, doubt, effort)
}

/// Whether none of these ways, on which a formula fails, is one that an input can take.
pub(super) fn never_fails<'f>(
    trial: &Trial<'_>,
    failing: impl Iterator<Item = &'f Facts>,
    admits: &dyn Fn(&[Value], &Facts) -> bool,
    mut doubt: Option<Doubt>,
    effort: &mut Effort,
) -> Verdict {
    let breaks = |outcomes: &[Outcome], _: &[Vec<Value>]| std::matches!(outcomes, [Outcome::Failure(_)]);
    for facts in failing {
        match trial.settle(&Attempt { facts, supposed: None, inputs: 1, admits, breaks: &breaks }, effort) {
            Settled::Impossible => {}
            Settled::Broken(found) => return Verdict::Refuted(found),
            Settled::Open => doubt = doubt.or(Some(Doubt::Undecided)),
        }
    }
    doubt.map_or(Verdict::Proven, Verdict::NotProven)
}

/// Whether anything gets to an entry, and what its condition does where it fails.
pub(super) fn reached(table: &Table<'_>, index: usize, constants: &[Value]) -> (bool, Option<Claim>) {
    let (mut opaque, mut branches, mut effort) = (Opaque::default(), Branches::default(), Effort::of(WORK));
    let mut explorer = Explorer::new(table.domain, constants, &mut opaque, &mut branches, &mut effort.work);
    let own = table.entries.get(index).and_then(|entry| entry.when.condition.as_ref());
    let relevant = relevant(own.into_iter().flat_map(Formula::names_used), &explorer);
    let Reach { cases, failures, blocked } = reach(table.entries, index, &relevant, &mut explorer);
    let reachable = !cases.is_empty() || !failures.is_empty();
    let claim = || {
        let entry = table.entries.get(index)?;
        let condition = entry.when.condition.as_ref()?;
        let word = entry.when.name.first().map(String::as_str);
        let maker = Maker { domain: table.domain, constants, moving: &[], word };
        let trial = Trial { maker, hints: table.hints, formula: condition, shown: Vec::new() };
        let admits = |values: &[Value], facts: &Facts| gets_to(table, index, values, facts, None);
        let failing = failures.iter().map(|(facts, _)| facts);
        let verdict = never_fails(&trial, failing, &admits, blocked.map(construct), &mut effort);
        let at = entry.condition_at.as_ref().map_or(&entry.place, |node| &node.place);
        Some(Claim {
            property: Property::Defined,
            rule: format!("scoring.{}", entry.id),
            entry: entry.id.clone(),
            place: at.clone(),
            verdict,
            stepwise: false,
        })
    };
    (reachable, claim())
}

/// What of a case a formula with these names can see.
fn relevant(names: impl Iterator<Item = usize>, explorer: &Explorer<'_>) -> Relevant {
    let domain = explorer.domain;
    let from = |name: &str| match name {
        "met" | "judged" => vec!["meeting"],
        "execution_rate" => vec!["budget_executed", "budget_annual"],
        _ => Vec::new(),
    };
    let used: Vec<usize> = names.collect();
    let behind = used.iter().flat_map(|slot| from(domain.name(*slot))).filter_map(|name| domain.slot(name));
    let mut keys: BTreeSet<Key> = used.iter().copied().chain(behind).map(|slot| explorer.key(slot)).collect();
    if used.iter().any(|slot| domain.name(*slot) == "lower_is_better") {
        keys.insert(DIRECTION);
    }
    let words = |slot: &usize| domain.names.get(*slot).is_some_and(|(_, kind)| *kind != Type::Number);
    Relevant { keys, truths: used.iter().any(words) }
}

/// The numbers that stand in a tree: what a boundary may be.
pub(super) fn numbers(node: &Node, found: &mut Vec<Exact>) {
    match node {
        Node::Constant(Value::Number(number)) => found.push(number.clone()),
        Node::Constant(_) | Node::Name(_) | Node::Local(_) => {}
        Node::Unary(_, operand) => numbers(operand, found),
        Node::Binary(_, pair) | Node::Let(pair) => [&pair.0, &pair.1].into_iter().for_each(|node| numbers(node, found)),
        Node::If(parts, _) => [&parts.0, &parts.1, &parts.2].into_iter().for_each(|node| numbers(node, found)),
        Node::All(nodes, _) | Node::Any(nodes, _) | Node::FirstPresent(nodes, _) | Node::Call(_, nodes, _) => {
            nodes.iter().for_each(|node| numbers(node, found));
        }
        Node::Script { arguments, body, .. } => {
            arguments.iter().for_each(|node| numbers(node, found));
            body.iter().for_each(|body| numbers(&body.node, found));
        }
    }
}
