//! In which order the parts of conditions are asked. It shows in the time they take and in nothing else.

use std::collections::BTreeMap;

use super::{Group, Id, Memory, Node, Part, Quick, Step, place};
use crate::formula::Value;
use crate::formula::function::Function;
use crate::formula::operator::{Binary, Unary};

/// Of up to 64 conditions, by the parts that must hold for them.
pub(super) fn group(conditions: &[(usize, Vec<Id>)], nodes: &[Node]) -> Group {
    let mut asked: BTreeMap<Id, u64> = BTreeMap::new();
    for (bit, (_, parts)) in conditions.iter().enumerate() {
        for part in parts {
            *asked.entry(*part).or_default() |= 1 << (bit & 63);
        }
    }
    let promises = promises(nodes);
    let mut parts: Vec<(u32, Part)> = asked
        .into_iter()
        .map(|(node, conditions)| {
            (of(&promises, node).rank(conditions.count_ones()), Part { node, quick: quick(nodes, node), conditions })
        })
        .collect();
    parts.sort_by_key(|(rank, part)| (*rank, part.node));
    let is_of_form = |part: &Part| {
        nodes.get(place(part.node)).is_some_and(|node| match node.step {
            Step::Constant(_) | Step::Form(_) => true,
            _ => matches!(node.memory, Memory::Form(_)),
        })
    };
    let (of_form, of_thing) = parts.into_iter().map(|(_, part)| part).partition(is_of_form);
    Group { conditions: conditions.iter().map(|(place, _)| *place).collect(), of_form, of_thing }
}

fn quick(nodes: &[Node], node: Id) -> Option<Quick> {
    let step = |id: Id| nodes.get(place(id)).map(|node| &node.step);
    let own = |id: Id| if let Step::Own(slot) = step(id)? { Some(*slot) } else { None };
    match step(node)? {
        Step::Own(slot) => Some(Quick::True(*slot)),
        Step::Unary(Unary::Not, operand) => match step(*operand)? {
            Step::Own(slot) => Some(Quick::False(*slot)),
            Step::Call(Function::Blank, arguments) => Some(Quick::NotBlank(own(*arguments.first()?)?)),
            _ => None,
        },
        Step::Call(Function::Has, arguments) => Some(Quick::Has(own(*arguments.first()?)?)),
        Step::Call(Function::Blank, arguments) => Some(Quick::Blank(own(*arguments.first()?)?)),
        Step::Binary(Binary::Equal, left, right) => match step(*right)? {
            Step::Constant(Value::Text(_)) => Some(Quick::Same(own(*left)?, *right)),
            _ => None,
        },
        _ => None,
    }
}

/// What a node costs with all that it asks, and how often it holds. Both are guesses: only the order rests on them.
#[derive(Clone, Copy)]
struct Promise {
    /// In roughly the time of a comparison.
    cost: u32,
    /// In percent.
    holds: u32,
}

impl Promise {
    /// What settling one condition costs, where so many ask for the node.
    fn rank(self, conditions: u32) -> u32 {
        self.cost.saturating_mul(1_000) / (100_u32.saturating_sub(self.holds).max(1) * conditions.max(1))
    }
}

/// Of every node; the operands stand before it.
fn promises(nodes: &[Node]) -> Vec<Promise> {
    let mut promises: Vec<Promise> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let operands = || node.step.operands().map(|operand| of(&promises, operand));
        let costs = operands().fold(0_u32, |sum, operand| sum.saturating_add(operand.cost));
        let none = |all: u32, operand: Promise| all * 100_u32.saturating_sub(operand.holds) / 100;
        let (own, holds) = match &node.step {
            Step::Constant(_) | Step::Form(_) | Step::Own(_) => (1, 30),
            Step::Unary(Unary::Not, operand) => (1, 100_u32.saturating_sub(of(&promises, *operand).holds)),
            Step::Binary(Binary::Equal, ..) => (1, 20),
            Step::Binary(Binary::Unequal, ..) => (1, 80),
            Step::All(_) => (1, operands().fold(100, |all, operand| all * operand.holds / 100)),
            Step::Any(_) => (1, 100_u32.saturating_sub(operands().fold(100, none))),
            Step::Call(function, _) => call(*function),
            Step::Unary(..) | Step::Binary(..) | Step::FirstPresent(_) | Step::If(..) | Step::After(..) => (2, 40),
        };
        // What a form answers once is at hand.
        let cost = if matches!(node.memory, Memory::Form(_)) { 1 } else { costs.saturating_add(own) };
        promises.push(Promise { cost, holds: holds.min(99) });
    }
    promises
}

fn call(function: Function) -> (u32, u32) {
    match function {
        Function::Has => (1, 60),
        Function::Blank => (2, 30),
        Function::EqualsAny => (6, 30),
        Function::StartsWith | Function::EndsWith => (6, 10),
        Function::Abs | Function::Min | Function::Max | Function::Clamp => (6, 50),
        Function::Contains | Function::ContainsAny => (30, 15),
        Function::Length => (20, 50),
        _ => (200, 50),
    }
}

fn of(promises: &[Promise], node: Id) -> Promise {
    promises.get(place(node)).copied().unwrap_or(Promise { cost: 0, holds: 50 })
}
