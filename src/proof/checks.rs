//! Claims about checks: each can find something, and can find nothing.

use std::sync::Arc;

use super::claim::{Claim, Doubt, Property, Verdict};
use super::decide::{Hints, Search, Work, impossible, simply_impossible};
use super::explore::{Branches, Domain, Explorer, Facts, Key, Opaque, Sym, Texts};
use super::input::{Maker, Point};
use super::methods::{construct, never_fails};
use super::trial::{Effort, Trial, unknowns_in_order};
use crate::diagnostic::Bilingual;
use crate::formula::{Node, Type, Value};
use crate::ruleset::{Check, RuleSet};

/// Work for one check in one period of the parameters, in cells of tableaus.
const WORK: usize = 100_000;
/// The most values that are tried for one way of a check, and the most inputs that are run for the whole of it.
const POINTS: usize = 120;
const RUNS: usize = 5_000;

/// What a check can do in one period.
#[derive(Default)]
struct Seen {
    holds: bool,
    fails: bool,
    /// There may be an input of that kind, but none was found.
    perhaps: [bool; 2],
    doubt: Option<Doubt>,
}

/// [`Property::CanFire`] and [`Property::Defined`] of one check over all periods.
pub(super) fn claims(
    check: &Check,
    rules: &RuleSet,
    domain: &Domain,
    periods: &[Vec<Value>],
    branches: &mut Branches,
) -> Vec<Claim> {
    let mut seen = Seen::default();
    let mut defined = Verdict::Proven;
    for constants in periods {
        let verdict = look(check, rules, domain, constants, branches, &mut seen);
        if !matches!(defined, Verdict::Refuted(_)) && verdict != Verdict::Proven {
            defined = verdict;
        }
    }
    let fires = match seen {
        Seen { holds: true, fails: true, .. } => Verdict::Proven,
        Seen { doubt: Some(_), fails: true, .. } => Verdict::NotProven(Doubt::Unseen),
        Seen { doubt: Some(doubt), .. } => Verdict::NotProven(doubt),
        Seen { holds: false, perhaps: [_, false], .. } => {
            Verdict::Dead(Bilingual::new("永远不会成立", "can never hold"))
        }
        Seen { fails: false, perhaps: [false, _], .. } => Verdict::Dead(Bilingual::new("永远成立", "always holds")),
        Seen { fails: true, .. } => Verdict::NotProven(Doubt::Unseen),
        Seen { .. } => Verdict::NotProven(Doubt::Undecided),
    };
    let claim = |property, verdict| Claim {
        property,
        rule: format!("checks.{}", check.code),
        entry: String::new(),
        place: check.when_at.as_ref().map_or_else(|| check.place.clone(), |node| node.place.clone()),
        verdict,
        stepwise: false,
    };
    vec![claim(Property::CanFire, fires), claim(Property::Defined, defined)]
}

/// Looks at a check in one period; gives whether its condition is always defined.
fn look(
    check: &Check,
    rules: &RuleSet,
    domain: &Domain,
    constants: &[Value],
    branches: &mut Branches,
    seen: &mut Seen,
) -> Verdict {
    let Some(tree) = check.when.tree() else {
        seen.doubt = Some(Doubt::Interpreted(String::new()));
        return Verdict::NotProven(Doubt::Interpreted(String::new()));
    };
    let (mut opaque, mut work) = (Opaque::default(), Work::of(WORK));
    let mut explorer = Explorer::new(domain, constants, &mut opaque, branches, &mut work);
    let ways = explorer.explore(tree, Facts::default());
    let doubt = explorer.blocked().map(construct);
    let mut numbers = Vec::new();
    super::methods::numbers(tree, &mut numbers);
    numbers.extend(constants.iter().filter_map(|value| value.as_number().cloned()));
    let maker = || Maker { domain, constants, moving: &[], word: None };
    let (hints, texts) = (Hints::of(numbers), texts(tree, rules));
    let mut finder = Finder { check, maker: maker(), hints: hints.clone(), texts, left: RUNS };
    let blank = finder.maker.input(&Facts::default(), &Point::new(), false);
    seen.fails |= blank.is_some_and(|values| finder.is_wanted(&values, false));
    for (facts, value) in &ways {
        let Some(side) = side(value) else { continue };
        let found = if side { &mut seen.holds } else { &mut seen.fails };
        if *found || simply_impossible(facts.reals.iter().cloned(), &mut work) {
            continue;
        }
        if finder.finds(facts, side) {
            *found = true;
        } else if let Some(perhaps) = seen.perhaps.get_mut(usize::from(side)) {
            *perhaps |= !impossible(facts.reals.iter().cloned(), &mut work);
        }
    }
    seen.doubt = seen.doubt.take().or(doubt.clone());
    let failing = ways.iter().filter(|(_, value)| matches!(value, Sym::Fault(_))).map(|(facts, _)| facts);
    let trial = Trial { maker: maker(), hints: &hints, formula: &check.when, shown: Vec::new() };
    never_fails(&trial, failing, &|_, _| true, doubt, &mut Effort::of(WORK))
}

/// Whether a value makes the check hold; nothing for a failure, in which it does not.
fn side(value: &Sym) -> Option<bool> {
    match value {
        Sym::Truth(truth) => Some(*truth),
        Sym::Fault(_) | Sym::Unknown => None,
        _ => Some(false),
    }
}

/// Finds inputs for one check.
struct Finder<'a> {
    check: &'a Check,
    maker: Maker<'a>,
    hints: Hints,
    texts: Vec<Arc<str>>,
    /// How many inputs may still be run.
    left: usize,
}

impl Finder<'_> {
    /// Whether an input was found that makes the check hold, or not hold.
    fn finds(&mut self, facts: &Facts, side: bool) -> bool {
        let unknowns = unknowns_in_order(&facts.reals, self.maker.domain);
        let hints = self.hints.clone();
        let mut accept = |point: &Point| {
            let values = self.maker.input(facts, point, false)?;
            self.finds_texts(facts, values, side).then_some(())
        };
        Search::new(&facts.reals, &hints, POINTS).find(&unknowns, &mut accept).is_some()
    }

    /// Tries the texts of the rules for names of which nothing else is asked, one after the other.
    fn finds_texts(&mut self, facts: &Facts, mut values: Vec<Value>, side: bool) -> bool {
        let domain = self.maker.domain;
        let used = self.check.when.names_used().filter(|slot| *slot >= domain.constants);
        let open = used.filter(|slot| {
            let is_text = domain.names.get(*slot).is_some_and(|(_, kind)| *kind == Type::Text);
            let asked = Key::try_from(*slot).is_ok_and(|key| facts.texts.contains_key(&key));
            is_text && !asked && domain.get(*slot).is_some_and(|known| known.texts == Texts::any())
        });
        let slots: Vec<usize> = open.collect();
        self.is_wanted(&values, side) || self.vary(&slots, &mut values, side)
    }

    fn is_wanted(&mut self, values: &[Value], side: bool) -> bool {
        self.left = self.left.saturating_sub(1);
        self.check.when.evaluate(values).is_ok_and(|value| value.holds() == side)
    }

    fn vary(&mut self, slots: &[usize], values: &mut Vec<Value>, side: bool) -> bool {
        let Some((slot, later)) = slots.split_first() else { return self.is_wanted(values, side) };
        for index in 0..self.texts.len() {
            let (Some(text), 1..) = (self.texts.get(index).cloned(), self.left) else { return false };
            if let Some(value) = values.get_mut(*slot).filter(|value| !value.is_absent()) {
                *value = Value::Text(text);
            }
            if self.vary(later, values, side) {
                return true;
            }
        }
        false
    }
}

/// Texts to try: plain ones, and those that the formula and its word lists speak of.
fn texts(tree: &Node, rules: &RuleSet) -> Vec<Arc<str>> {
    let long = "甲乙丙丁戊己庚辛壬癸".repeat(3);
    let mut found: Vec<Arc<str>> = vec!["".into(), "甲".into(), long.as_str().into()];
    literals(tree, rules, &mut found);
    found.truncate(16);
    found
}

fn literals(node: &Node, rules: &RuleSet, found: &mut Vec<Arc<str>>) {
    match node {
        Node::Constant(Value::Text(text)) => found.push(text.clone()),
        Node::Name(slot) => {
            let list = slot.checked_sub(rules.parameters.len()).and_then(|index| rules.words.get(index));
            found.extend(list.into_iter().flat_map(|(_, words)| words.iter().take(2).cloned()));
        }
        Node::Constant(_) | Node::Local(_) => {}
        Node::Unary(_, operand) => literals(operand, rules, found),
        Node::Binary(_, pair) | Node::Let(pair) => {
            [&pair.0, &pair.1].into_iter().for_each(|node| literals(node, rules, found));
        }
        Node::If(parts, _) => [&parts.0, &parts.1, &parts.2].into_iter().for_each(|node| literals(node, rules, found)),
        Node::All(nodes, _) | Node::Any(nodes, _) | Node::FirstPresent(nodes, _) | Node::Call(_, nodes, _) => {
            nodes.iter().for_each(|node| literals(node, rules, found));
        }
        Node::Script { arguments, .. } => arguments.iter().for_each(|node| literals(node, rules, found)),
    }
}
