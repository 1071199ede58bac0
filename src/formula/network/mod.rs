//! The conditions of many checks as one network.
//!
//! What several conditions ask is asked once: equal parts of their trees are one node, whose answer is remembered for
//! as long as the thing that is looked at; a node that asks for nothing of that thing, once for all things of a form.
//! Each condition is a list of parts that all must hold, so a part that does not hold settles every condition it
//! belongs to. Parts are asked in the order of their promise: what costs little and decides much comes first.
//!
//! A condition that fails does not hold, whichever of its parts fails, so the order of the parts shows in nothing. But
//! it shows in the work that is done, and a run that works too much is told from one that fails. So a network answers
//! only where no condition could come near its budget: where texts are so short, and numbers so narrow, that all of
//! its nodes together cost less. Everything else is for [`Formula::holds`], and so is a formula with loops.

mod answer;
mod look;
mod lower;
mod order;
mod run;
mod work;

use std::fmt;

pub use run::{Outlook, Session};

use super::function::Function;
use super::operator::{Binary, Unary};
use super::{Formula, Value};
use lower::Lowering;
use work::Work;

/// The place of a node in its network: after all nodes that it asks.
type Id = u32;

/// Conditions, compiled together. They are told by their places in the list that it was made of.
#[derive(Clone)]
pub struct Network {
    nodes: Vec<Node>,
    groups: Vec<Group>,
    /// Conditions that it cannot run.
    others: Vec<usize>,
    /// The dearest of its conditions.
    work: Work,
    /// The names of the form that it asks, and those of the thing: what they cost depends on how long they are.
    of_form: Vec<usize>,
    own: Vec<usize>,
    /// How many answers are remembered for a form, and for each thing.
    remembered: (usize, usize),
}

#[derive(Clone)]
struct Node {
    step: Step,
    memory: Memory,
}

/// How long the answer of a node is remembered, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// It is at hand, or nobody asks twice.
    None,
    Form(u32),
    Thing(u32),
}

fn place(id: Id) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

/// What a node does. The operands stand before it.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Step {
    Constant(Value),
    /// A name of the form, by its slot.
    Form(usize),
    /// A name of the thing, by its slot behind those of the form.
    Own(usize),
    Unary(Unary, Id),
    Binary(Binary, Id, Id),
    All(Box<[Id]>),
    Any(Box<[Id]>),
    FirstPresent(Box<[Id]>),
    If(Id, Id, Id),
    /// The last, where those before it have a value.
    After(Box<[Id]>, Id),
    Call(Function, Box<[Id]>),
}

/// Up to 64 conditions that are settled together.
#[derive(Clone)]
struct Group {
    /// The places of its conditions, by their bits.
    conditions: Vec<usize>,
    /// Asked once for a form.
    of_form: Vec<Part>,
    /// Asked of each thing.
    of_thing: Vec<Part>,
}

/// What must hold for all conditions whose bits are set.
#[derive(Debug, Clone, Copy)]
struct Part {
    node: Id,
    /// What it asks, where it asks no more than one name of the thing.
    quick: Option<Quick>,
    conditions: u64,
}

/// A question about a name of the thing, by its slot.
#[derive(Debug, Clone, Copy)]
enum Quick {
    /// Whether it is true.
    True(usize),
    False(usize),
    Has(usize),
    Blank(usize),
    NotBlank(usize),
    /// Whether it is the constant text of a node.
    Same(usize, Id),
}

impl Network {
    /// Of conditions whose first `of_form` names, constants included, are the same for all things of a form.
    pub fn of(conditions: &[&Formula], of_form: usize) -> Self {
        let mut lowering = Lowering::new(of_form);
        let mut roots: Vec<(usize, Vec<Id>)> = Vec::new();
        let mut others = Vec::new();
        let mut work = Work::default();
        for (place, condition) in conditions.iter().enumerate() {
            match condition.tree().and_then(|tree| lowering.parts(tree)) {
                Some((parts, most)) => {
                    work = work.dearer(most);
                    roots.push((place, parts));
                }
                None => others.push(place),
            }
        }
        let (nodes, remembered) = lowering.finish(roots.iter().flat_map(|(_, parts)| parts.iter().copied()));
        let groups = roots.chunks(64).map(|roots| order::group(roots, &nodes)).collect();
        let names = |pick: fn(&Step) -> Option<usize>| nodes.iter().filter_map(|node| pick(&node.step)).collect();
        let of_form = names(|step| if let Step::Form(slot) = step { Some(*slot) } else { None });
        let own = names(|step| if let Step::Own(slot) = step { Some(*slot) } else { None });
        Network { nodes, groups, others, work, of_form, own, remembered }
    }

    /// The conditions that it cannot run: those with a loop, or too large.
    pub fn others(&self) -> &[usize] {
        &self.others
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("nodes", &self.nodes.len())
            .field("others", &self.others)
            .finish_non_exhaustive()
    }
}

impl Step {
    /// The nodes it asks.
    fn operands(&self) -> impl Iterator<Item = Id> + '_ {
        let (listed, single): (&[Id], [Option<Id>; 3]) = match self {
            Step::Constant(_) | Step::Form(_) | Step::Own(_) => (&[], [None; 3]),
            Step::Unary(_, one) => (&[], [Some(*one), None, None]),
            Step::Binary(_, one, two) => (&[], [Some(*one), Some(*two), None]),
            Step::If(one, two, three) => (&[], [Some(*one), Some(*two), Some(*three)]),
            Step::All(list) | Step::Any(list) | Step::FirstPresent(list) | Step::Call(_, list) => (list, [None; 3]),
            Step::After(list, last) => (list, [Some(*last), None, None]),
        };
        listed.iter().copied().chain(single.into_iter().flatten())
    }

    /// Whether its value stands somewhere already.
    fn is_at_hand(&self) -> bool {
        matches!(self, Step::Constant(_) | Step::Form(_) | Step::Own(_))
    }
}
