//! In which order the parts of conditions are asked. It shows in the time they take and in nothing else.

use std::collections::BTreeMap;

use super::{Group, Id, Memory, Node, Part, Step, place};
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
    let costs = costs(nodes);
    let mut parts: Vec<(u32, Part)> = asked
        .into_iter()
        .map(|(node, conditions)| {
            let cost = of(&costs, node).saturating_add(nodes.get(place(node)).map_or(0, |node| luck(&node.step)));
            // What decides for many is worth as much more.
            (cost.saturating_mul(8) / conditions.count_ones().max(1), Part { node, conditions })
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

/// What each node costs with all that it asks, in roughly the time of a comparison.
fn costs(nodes: &[Node]) -> Vec<u32> {
    let mut costs: Vec<u32> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let operands = node.step.operands().fold(0_u32, |sum, operand| sum.saturating_add(of(&costs, operand)));
        let own = match &node.step {
            Step::Call(function, _) => call(*function),
            _ => 1,
        };
        costs.push(if matches!(node.memory, Memory::Form(_)) { 1 } else { operands.saturating_add(own) });
    }
    costs
}

fn call(function: Function) -> u32 {
    match function {
        Function::Has | Function::Blank => 2,
        Function::EqualsAny | Function::StartsWith | Function::EndsWith => 6,
        Function::Abs | Function::Min | Function::Max | Function::Clamp => 6,
        Function::Contains | Function::Length | Function::ContainsAny => 50,
        _ => 200,
    }
}

/// What mostly holds decides little: that a cell is filled in, that two things differ, that something is not so.
fn luck(step: &Step) -> u32 {
    match step {
        Step::Unary(Unary::Not, _) | Step::Binary(Binary::Unequal, ..) => 10,
        Step::Call(Function::Has, _) => 4,
        _ => 0,
    }
}

fn of(costs: &[u32], node: Id) -> u32 {
    costs.get(place(node)).copied().unwrap_or(0)
}
