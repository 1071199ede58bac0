//! What runs of a formula can come to, before any has run.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::watch::{Fork, ForkKind, identity};
use super::{Machine, Node, Spot};
use crate::formula::Value;
use crate::formula::function::Function;

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
            [&pair.0, &pair.1].into_iter().for_each(|n| live(n, periods, file, found));
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

/// A comparison of something with a constant: an edge where results change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Tells it from every other comparison, for as long as the formula lives.
    pub identity: usize,
    pub constant_on_left: bool,
    /// The script file it stands in; `None` in the formula's own text.
    pub file: Option<Arc<str>>,
    /// The condition it stands in, where it stands in one.
    pub near: Option<Spot>,
}

/// Where a walk is.
#[derive(Clone, Copy)]
struct Here<'n> {
    constants: usize,
    file: Option<&'n Arc<str>>,
    near: Option<Spot>,
}

/// The comparisons with constants of a tree whose first `constants` names are constants.
pub(in crate::formula) fn comparisons(tree: &Node, constants: usize) -> Vec<Comparison> {
    let mut found = Vec::new();
    compare(tree, Here { constants, file: None, near: None }, &mut Vec::new(), &mut found);
    let mut seen = BTreeSet::new();
    found.retain(|comparison| seen.insert(comparison.identity));
    found
}

/// Whether the tree is a constant. `locals` says it of the variables of the frame.
fn compare(node: &Node, here: Here<'_>, locals: &mut Vec<bool>, found: &mut Vec<Comparison>) -> bool {
    match node {
        Node::Constant(_) => true,
        Node::Name(slot) => *slot < here.constants,
        Node::Local(index) => locals.get(*index).copied().unwrap_or(false),
        Node::Unary(_, operand) => compare(operand, here, locals, found),
        Node::Binary(operator, pair) => {
            let (left, right) = (compare(&pair.0, here, locals, found), compare(&pair.1, here, locals, found));
            if operator.orders() && left != right {
                let (identity, file) = (identity(node), here.file.cloned());
                found.push(Comparison { identity, constant_on_left: left, file, near: here.near });
            }
            left && right
        }
        Node::All(operands, spots) | Node::Any(operands, spots) | Node::FirstPresent(operands, spots) => {
            let each = operands.iter().zip(spots);
            let constant =
                |(operand, spot): (&Node, &Spot)| compare(operand, Here { near: Some(*spot), ..here }, locals, found);
            // Each is looked into, whatever the others are.
            each.map(constant).filter(|constant| !constant).count() == 0
        }
        Node::If(parts, spot) => {
            let condition = compare(&parts.0, Here { near: Some(*spot), ..here }, locals, found);
            let then = compare(&parts.1, here, locals, found);
            compare(&parts.2, here, locals, found) && then && condition
        }
        Node::Let(parts) => {
            let bound = compare(&parts.0, here, locals, found);
            locals.push(bound);
            let rest = compare(&parts.1, here, locals, found);
            locals.pop();
            rest
        }
        Node::Call(_, arguments, _) => all_constant(arguments, here, locals, found).into_iter().all(|one| one),
        Node::Script { arguments, body, .. } => {
            let mut given = all_constant(arguments, here, locals, found);
            let constant = given.iter().all(|one| *one);
            if let Some(body) = body {
                compare(&body.node, Here { file: Some(&body.file), near: None, ..here }, &mut given, found);
            }
            constant
        }
    }
}

fn all_constant(nodes: &[Node], here: Here<'_>, locals: &mut Vec<bool>, found: &mut Vec<Comparison>) -> Vec<bool> {
    nodes.iter().map(|node| compare(node, here, locals, found)).collect()
}
