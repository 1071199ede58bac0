//! Which ways a run takes through a formula.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Node, Spot};
use crate::formula::function::Function;
use crate::formula::operator::Binary;
use crate::formula::{Table, Value};
use crate::quantity::{Exact, Interval};

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
    /// What was looked up.
    pub x: Exact,
}

/// Two numbers that a run compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The [`Comparison`] that it was.
    pub identity: usize,
    pub left: Exact,
    pub right: Exact,
}

/// What was seen of runs of one formula.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// The forks that were passed, with the ways that were taken.
    pub forks: BTreeMap<Fork, BTreeSet<usize>>,
    pub rows: Vec<LookedUp>,
    /// In the order of the runs.
    pub compared: Vec<Compared>,
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
        self.compared.extend(other.compared);
        self.names.extend(other.names);
        self.scripts.extend(other.scripts);
    }
}

/// Sees a run go by. Whoever watches nothing costs nothing.
pub(in crate::formula) trait Watch {
    fn name(&mut self, _slot: usize) {}
    fn fork(&mut self, _spot: &Spot, _kind: ForkKind, _way: usize) {}
    fn compared(&mut self, _node: &Node, _operator: Binary, _left: &Value, _right: &Value) {}
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

    fn compared(&mut self, node: &Node, operator: Binary, left: &Value, right: &Value) {
        if let (true, Value::Number(left), Value::Number(right)) = (operator.orders(), left, right) {
            let (identity, left, right) = (identity(node), left.clone(), right.clone());
            self.watched.compared.push(Compared { identity, left, right });
        }
    }

    fn called(&mut self, function: Function, arguments: &[&Value], value: &Value, spot: &Spot) {
        match (function, arguments) {
            (Function::Lookup, [Value::Table(table), Value::Number(x)]) => {
                if let Some((row, _)) = table.row_of(x) {
                    let found = LookedUp { table: Arc::clone(table), row: row.clone(), x: (*x).clone() };
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

/// Tells a node from every other, for as long as its formula lives.
pub(super) fn identity(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}
