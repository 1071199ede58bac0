//! Every way through a formula: what must hold of the inputs to take it, and what it computes then.
//!
//! The ways of [`Explorer::explore`] cover all inputs; they may cover inputs that no form can have. A construct
//! that is not looked into gives [`Sym::Unknown`] and says which it was.

mod domain;
mod facts;
mod function;
mod name;
mod operator;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use domain::{DIRECTION, Domain, NameFacts, Origin, years};
pub(super) use facts::{Facts, Texts};

use super::algebra::{Quotient, Unknown};
use super::decide::{Work, simply_impossible};
use crate::formula::{Node, Spot, Table, Value};

/// A name, or its twin: the same name in a second input.
pub(super) type Key = Unknown;

/// Keys from here on belong to twins, to what is no name, and to numbers that are not computed here.
const TWIN: Key = 1 << 20;
pub(super) const TWIN_OFFSET: Key = TWIN;
pub(super) const PSEUDO: Key = 1 << 22;
const OPAQUE: Key = 1 << 23;

/// The most steps over one formula, and the most ways it may have.
const MAX_STEPS: usize = 6_000;
const MAX_WAYS: usize = 400;
/// The most ways to one outcome of a condition that are told apart.
const MAX_APART: usize = 16;
const KEPT_APART: usize = 6;

/// A value on one way.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sym {
    Number(Quotient),
    Truth(bool),
    Text(TextSym),
    /// A word list, by what it prints.
    Words(Arc<str>),
    Table(Arc<Table>),
    Absent,
    /// The formula fails.
    Fault(Failure),
    /// Not looked into: any value, absent or a failure.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextSym {
    Known(Arc<str>),
    Named(Key),
}

/// Why a formula has no value for an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Failure {
    DivisionByZero,
    /// A function does not take this argument.
    BadArgument(&'static str),
}

pub(super) type Ways = Vec<(Facts, Sym)>;

/// Numbers that are named here but not computed, such as the length of a text: shared by all formulas over one
/// input, so that the same question has the same answer.
#[derive(Debug, Default)]
pub(super) struct Opaque {
    known: BTreeMap<String, Unknown>,
}

impl Opaque {
    fn number(&mut self, what: String) -> Unknown {
        let next = OPAQUE + Unknown::try_from(self.known.len()).unwrap_or(0);
        *self.known.entry(what).or_insert(next)
    }
}

/// A branch: the file of a script, or nothing for the formula itself, and where the condition stands.
type Branch = (Option<Arc<str>>, usize);

/// Whether a branch was ever taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Branches {
    /// With whether the condition was ever false, and ever true.
    pub taken: BTreeMap<Branch, (Spot, [bool; 2])>,
    /// Not all ways were walked: that a branch was not taken tells nothing.
    pub partial: bool,
}

impl Branches {
    fn note(&mut self, at: &Spot, file: Option<&Arc<str>>) -> &mut [bool; 2] {
        &mut self.taken.entry((file.cloned(), at.offset)).or_insert((*at, [false, false])).1
    }
}

/// Walks formulas over one input.
pub(super) struct Explorer<'a> {
    pub domain: &'a Domain,
    /// Values of the rules' constants, by slot.
    pub constants: &'a [Value],
    /// Slots that this input has to itself, if it is the second of two.
    pub twin: Option<&'a [usize]>,
    pub opaque: &'a mut Opaque,
    pub branches: &'a mut Branches,
    pub work: &'a mut Work,
    /// Whose formula is walked, where it is not the one that branches are noted for.
    pub root: Option<Arc<str>>,
    steps: usize,
    /// The first construct that was not looked into.
    blocked: Option<String>,
}

/// The variables of the text that is walked.
#[derive(Clone, Default)]
struct Frame {
    locals: Vec<Sym>,
    file: Option<Arc<str>>,
}

impl<'a> Explorer<'a> {
    pub fn new(
        domain: &'a Domain,
        constants: &'a [Value],
        opaque: &'a mut Opaque,
        branches: &'a mut Branches,
        work: &'a mut Work,
    ) -> Self {
        Explorer { domain, constants, twin: None, opaque, branches, work, root: None, steps: 0, blocked: None }
    }

    /// All ways through a formula that these facts leave open.
    pub fn explore(&mut self, node: &Node, facts: Facts) -> Ways {
        self.steps = MAX_STEPS;
        let frame = Frame { locals: Vec::new(), file: self.root.clone() };
        self.walk(node, facts, &frame)
    }

    /// What was not looked into, if anything.
    pub fn blocked(&mut self) -> Option<String> {
        self.blocked.take()
    }

    fn block(&mut self, what: impl Into<String>) -> Sym {
        let what = what.into();
        self.branches.partial |= what.is_empty();
        self.blocked.get_or_insert(what);
        Sym::Unknown
    }

    /// The key of a name in this input.
    pub fn key(&self, slot: usize) -> Key {
        let own = self.twin.is_some_and(|own| own.contains(&slot));
        let key = Key::try_from(slot).unwrap_or(TWIN - 1);
        if own { key + TWIN } else { key }
    }

    fn walk(&mut self, node: &Node, facts: Facts, frame: &Frame) -> Ways {
        let Some(left) = self.steps.checked_sub(1) else {
            let unknown = self.block("");
            return vec![(facts, unknown)];
        };
        self.steps = left;
        let ways = self.ways(node, facts.clone(), frame);
        if ways.len() > MAX_WAYS {
            let unknown = self.block("");
            return vec![(facts, unknown)];
        }
        ways
    }

    fn ways(&mut self, node: &Node, facts: Facts, frame: &Frame) -> Ways {
        match node {
            Node::Constant(value) => vec![(facts, Sym::of(value))],
            Node::Name(slot) => self.name(*slot, &facts),
            Node::Local(index) => vec![(facts, frame.locals.get(*index).cloned().unwrap_or(Sym::Absent))],
            Node::Unary(operator, operand) => {
                let ways = self.walk(operand, facts, frame);
                ways.into_iter().map(|(facts, value)| (facts, operator::unary(*operator, value))).collect()
            }
            Node::Binary(operator, operands) => {
                let pairs = self.walk_all([&operands.0, &operands.1], facts, frame);
                pairs.into_iter().flat_map(|(facts, values)| self.binary(*operator, facts, &values)).collect()
            }
            Node::All(operands, _) => self.logic(operands, true, &facts, frame),
            Node::Any(operands, _) => self.logic(operands, false, &facts, frame),
            Node::FirstPresent(operands, _) => self.first_present(operands, facts, frame),
            Node::If(parts, spot) => self.branch(parts, spot, &facts, frame),
            Node::Let(parts) => {
                let bound = self.walk(&parts.0, facts, frame);
                let mut all = Ways::new();
                for (facts, value) in bound {
                    if let Sym::Fault(_) = value {
                        all.push((facts, value));
                        continue;
                    }
                    let mut inner = frame.clone();
                    inner.locals.push(value);
                    all.extend(self.walk(&parts.1, facts, &inner));
                }
                all
            }
            Node::Call(function, arguments, _) => {
                let ways = self.walk_all(arguments, facts, frame);
                ways.into_iter().flat_map(|(facts, values)| self.call(*function, facts, &values)).collect()
            }
            Node::Script { name, arguments, body } => {
                let Some(body) = body else {
                    let unknown = self.block(name.to_string());
                    return vec![(facts, unknown)];
                };
                let ways = self.walk_all(arguments, facts, frame);
                let mut all = Ways::new();
                for (facts, values) in ways {
                    if let Some(fault) = values.iter().find(|value| matches!(value, Sym::Fault(_))) {
                        all.push((facts, fault.clone()));
                        continue;
                    }
                    let inner = Frame { locals: values, file: Some(body.file.clone()) };
                    all.extend(self.walk(&body.node, facts, &inner));
                }
                all
            }
        }
    }

    /// The operands one after the other, in every combination.
    fn walk_all<'n>(
        &mut self,
        nodes: impl IntoIterator<Item = &'n Node>,
        facts: Facts,
        frame: &Frame,
    ) -> Vec<(Facts, Vec<Sym>)> {
        let mut all = vec![(facts, Vec::new())];
        for node in nodes {
            let mut next = Vec::new();
            for (facts, values) in all {
                for (facts, value) in self.walk(node, facts, frame) {
                    let values = values.iter().cloned().chain([value]).collect();
                    next.push((facts, values));
                }
            }
            all = next;
        }
        all
    }

    /// `&&` and `||` stop at the first operand that decides.
    fn logic(&mut self, operands: &[Node], until_fails: bool, facts: &Facts, frame: &Frame) -> Ways {
        let (mut stopped, mut failed, mut going) = (Vec::new(), Ways::new(), vec![facts.clone()]);
        let mut unknown = false;
        for operand in operands {
            let mut next = Vec::new();
            for (facts, value) in
                going.into_iter().flat_map(|facts| self.walk(operand, facts, frame)).collect::<Vec<_>>()
            {
                match value {
                    Sym::Fault(_) => failed.push((facts, value)),
                    Sym::Unknown => {
                        unknown = true;
                        stopped.push(facts.clone());
                        next.push(facts);
                    }
                    value if (value == Sym::Truth(true)) != until_fails => stopped.push(facts),
                    _ => next.push(facts),
                }
            }
            going = joined(next, facts);
        }
        let stopped = joined(stopped, facts).into_iter().map(|facts| (facts, Sym::Truth(!until_fails)));
        let going = joined(going, facts).into_iter().map(|facts| (facts, Sym::Truth(until_fails)));
        let unknown = unknown.then_some((facts.clone(), Sym::Unknown));
        failed.into_iter().chain(stopped).chain(going).chain(unknown).collect()
    }

    fn first_present(&mut self, operands: &[Node], facts: Facts, frame: &Frame) -> Ways {
        let Some((first, rest)) = operands.split_first() else { return vec![(facts, Sym::Absent)] };
        let mut all = Ways::new();
        for (facts, value) in self.walk(first, facts, frame) {
            match value {
                Sym::Absent => all.extend(self.first_present(rest, facts, frame)),
                value => all.push((facts, value)),
            }
        }
        all
    }

    fn branch(&mut self, parts: &(Node, Node, Node), spot: &Spot, facts: &Facts, frame: &Frame) -> Ways {
        let mut all = Ways::new();
        let (mut holding, mut failing) = (Vec::new(), Vec::new());
        for (facts, value) in self.walk(&parts.0, facts.clone(), frame) {
            match value {
                Sym::Fault(_) => all.push((facts, value)),
                Sym::Unknown => {
                    all.push((facts.clone(), Sym::Unknown));
                    holding.push(facts.clone());
                    failing.push(facts);
                }
                Sym::Truth(true) => holding.push(facts),
                _ => failing.push(facts),
            }
        }
        for (side, ways) in [(true, joined(holding, facts)), (false, joined(failing, facts))] {
            for facts in ways {
                if self.taken(spot, frame, side, &facts) {
                    let chosen = if side { &parts.1 } else { &parts.2 };
                    all.extend(self.walk(chosen, facts, frame));
                }
            }
        }
        all
    }

    /// Notes that a branch can be taken; false where it is proven that it cannot be, on this way.
    fn taken(&mut self, spot: &Spot, frame: &Frame, side: bool, facts: &Facts) -> bool {
        let [on_false, on_true] = *self.branches.note(spot, frame.file.as_ref());
        if if side { on_true } else { on_false } {
            return true;
        }
        if simply_impossible(facts.reals.iter().cloned(), self.work) {
            return false;
        }
        if let Some(taken) = self.branches.note(spot, frame.file.as_ref()).get_mut(usize::from(side)) {
            *taken = true;
        }
        true
    }
}

impl Sym {
    pub fn of(value: &Value) -> Sym {
        match value {
            Value::Absent => Sym::Absent,
            Value::Number(number) => Sym::Number(Quotient::of(number.clone())),
            Value::Boolean(truth) => Sym::Truth(*truth),
            Value::Text(text) => Sym::Text(TextSym::Known(text.clone())),
            Value::Table(table) => Sym::Table(table.clone()),
            Value::Words(words) => Sym::Words(words.join("\u{0}").into()),
        }
    }
}

/// The ways to one outcome; where there are many, a few of them and what held before they parted: more inputs, never
/// fewer.
fn joined(mut ways: Vec<Facts>, before: &Facts) -> Vec<Facts> {
    if ways.len() > MAX_APART {
        ways.truncate(KEPT_APART);
        ways.push(before.clone());
    }
    ways
}

/// The slot of a key that is a name, or a name's twin.
pub(super) fn slot_of(key: Key) -> Option<usize> {
    (key < PSEUDO).then_some(key % TWIN).and_then(|slot| usize::try_from(slot).ok())
}

pub(super) fn is_twin(key: Key) -> bool {
    (TWIN..PSEUDO).contains(&key)
}
