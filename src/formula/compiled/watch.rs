//! Which ways a run takes through a formula.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Machine, Node, Spot};
use crate::formula::function::Function;
use crate::formula::{Table, Value};
use crate::quantity::Interval;

/// What a fork decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForkKind {
    /// Way 0 where a condition holds, way 1 where it does not: the condition of an `if`, or an operand of `&&` and
    /// `||`.
    Condition,
    /// Way 0 where the operand of `??` is there, way 1 where it is absent.
    Fallback,
    /// The argument of `min`, `max` or `clamp` that is the result.
    Choice,
}

/// A place where a run goes one of several ways.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fork {
    /// The script file it stands in; `None` in the formula's own text.
    pub file: Option<Arc<str>>,
    pub spot: Spot,
    pub kind: ForkKind,
    /// How many ways there are, at least 2.
    pub ways: usize,
}

/// A row of a table that a run found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp {
    pub table: Arc<Table>,
    pub row: Interval,
}

/// What was seen of runs of one formula.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// The forks that were passed, with the ways that were taken.
    pub forks: BTreeMap<Fork, BTreeSet<usize>>,
    pub rows: Vec<LookedUp>,
    /// The names whose values were asked for, by slot.
    pub names: BTreeSet<usize>,
    /// The script functions that ran, with their files.
    pub scripts: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Watched {
    /// Adds what was seen of other runs.
    pub fn join(&mut self, other: Watched) {
        for (fork, ways) in other.forks {
            self.forks.entry(fork).or_default().extend(ways);
        }
        for row in other.rows {
            if !self.rows.contains(&row) {
                self.rows.push(row);
            }
        }
        self.names.extend(other.names);
        self.scripts.extend(other.scripts);
    }
}

/// Sees a run go by. Whoever watches nothing costs nothing.
pub(in crate::formula) trait Watch {
    fn name(&mut self, _slot: usize) {}
    fn fork(&mut self, _spot: &Spot, _kind: ForkKind, _way: usize) {}
    fn called(&mut self, _function: Function, _arguments: &[&Value], _value: &Value, _spot: &Spot) {}
    fn enter(&mut self, _name: &Arc<str>, _file: &Arc<str>) {}
    fn leave(&mut self) {}
}

impl Watch for () {}

/// Writes down what it sees.
#[derive(Default)]
pub(in crate::formula) struct Recorder {
    pub(in crate::formula) watched: Watched,
    /// The files of the functions that are running, the innermost last.
    files: Vec<Arc<str>>,
}

impl Recorder {
    fn take(&mut self, spot: &Spot, kind: ForkKind, ways: usize, way: usize) {
        let fork = Fork { file: self.files.last().cloned(), spot: *spot, kind, ways };
        self.watched.forks.entry(fork).or_default().insert(way);
    }
}

impl Watch for Recorder {
    fn name(&mut self, slot: usize) {
        self.watched.names.insert(slot);
    }

    fn fork(&mut self, spot: &Spot, kind: ForkKind, way: usize) {
        self.take(spot, kind, 2, way);
    }

    fn called(&mut self, function: Function, arguments: &[&Value], value: &Value, spot: &Spot) {
        match (function, arguments) {
            (Function::Lookup, [Value::Table(table), Value::Number(x)]) => {
                if let Some((row, _)) = table.row_of(x) {
                    let found = LookedUp { table: Arc::clone(table), row: row.clone() };
                    if !self.watched.rows.contains(&found) {
                        self.watched.rows.push(found);
                    }
                }
            }
            (Function::Min | Function::Max | Function::Clamp, _) if !value.is_absent() => {
                for (way, _) in arguments.iter().enumerate().filter(|(_, argument)| **argument == value) {
                    self.take(spot, ForkKind::Choice, arguments.len(), way);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, name: &Arc<str>, file: &Arc<str>) {
        self.watched.scripts.insert((Arc::clone(name), Arc::clone(file)));
        self.files.push(Arc::clone(file));
    }

    fn leave(&mut self) {
        self.files.pop();
    }
}

/// What a run can come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    pub forks: BTreeSet<Fork>,
    /// Names, by slot.
    pub names: BTreeSet<usize>,
}

/// All that a tree can come to, the functions it calls included. Of an `if` that the constants settle in each of
/// `periods` the same way, the other side is out, and it is no fork.
pub(in crate::formula) fn live(node: &Node, periods: &[Vec<Value>], file: Option<&Arc<str>>, found: &mut Live) {
    let add = |spot: &Spot, kind: ForkKind, ways: usize, found: &mut Live| {
        found.forks.insert(Fork { file: file.cloned(), spot: *spot, kind, ways });
    };
    match node {
        Node::Constant(_) | Node::Local(_) => {}
        Node::Name(slot) => {
            found.names.insert(*slot);
        }
        Node::Unary(_, operand) => live(operand, periods, file, found),
        Node::Binary(_, pair) | Node::Let(pair) => {
            [&pair.0, &pair.1].into_iter().for_each(|n| live(n, periods, file, found))
        }
        Node::All(operands, spots) | Node::Any(operands, spots) => {
            for (operand, spot) in operands.iter().zip(spots) {
                if !operand.is_logic() {
                    add(spot, ForkKind::Condition, 2, found);
                }
                live(operand, periods, file, found);
            }
        }
        Node::FirstPresent(operands, spots) => {
            spots.iter().rev().skip(1).for_each(|spot| add(spot, ForkKind::Fallback, 2, found));
            operands.iter().for_each(|operand| live(operand, periods, file, found));
        }
        Node::If(parts, spot) => {
            if let Some(holds) = settled(&parts.0, periods) {
                let mut asked = Live::default();
                live(&parts.0, periods, file, &mut asked);
                found.names.extend(asked.names);
                return live(if holds { &parts.1 } else { &parts.2 }, periods, file, found);
            }
            if !parts.0.is_logic() {
                add(spot, ForkKind::Condition, 2, found);
            }
            [&parts.0, &parts.1, &parts.2].into_iter().for_each(|node| live(node, periods, file, found));
        }
        Node::Call(function, arguments, spot) => {
            if matches!(function, Function::Min | Function::Max | Function::Clamp) {
                add(spot, ForkKind::Choice, arguments.len(), found);
            }
            arguments.iter().for_each(|argument| live(argument, periods, file, found));
        }
        Node::Script { arguments, body, .. } => {
            arguments.iter().for_each(|argument| live(argument, periods, file, found));
            if let Some(body) = body {
                live(&body.node, periods, Some(&body.file), found);
            }
        }
    }
}

/// The truth of a condition that nothing but constants decides, in every period alike.
fn settled(condition: &Node, periods: &[Vec<Value>]) -> Option<bool> {
    let (first, others) = periods.split_first()?;
    if !is_constant(condition, first.len()) {
        return None;
    }
    let holds = |values: &Vec<Value>| Machine::new(values).test(condition).ok().map(|truth| truth.unwrap_or(false));
    let truth = holds(first)?;
    others.iter().all(|values| holds(values) == Some(truth)).then_some(truth)
}

/// Whether a tree asks for none but the first `constants` names.
fn is_constant(node: &Node, constants: usize) -> bool {
    match node {
        Node::Constant(_) => true,
        Node::Name(slot) => *slot < constants,
        Node::Local(_) | Node::Let(_) | Node::Script { .. } => false,
        Node::Unary(_, operand) => is_constant(operand, constants),
        Node::Binary(_, pair) => is_constant(&pair.0, constants) && is_constant(&pair.1, constants),
        Node::If(parts, _) => [&parts.0, &parts.1, &parts.2].into_iter().all(|part| is_constant(part, constants)),
        Node::All(nodes, _) | Node::Any(nodes, _) | Node::FirstPresent(nodes, _) | Node::Call(_, nodes, _) => {
            nodes.iter().all(|node| is_constant(node, constants))
        }
    }
}
