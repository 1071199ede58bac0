//! From the trees of conditions to the nodes of a network: what is equal is one node, functions of scripts are written
//! out where they are called.

use std::collections::{BTreeSet, HashMap};

use super::work::{Width, Work};
use super::{Id, Memory, Node, Step, place};
use crate::formula::compiled::Node as Tree;
use crate::formula::function::Function;

pub(super) struct Lowering {
    /// The first slot that belongs to the thing.
    of_form: usize,
    steps: Vec<Step>,
    nodes: Vec<Traits>,
    known: HashMap<Step, Id>,
    /// Of the condition at hand.
    work: Work,
}

/// What is known of a node beside what it does.
#[derive(Clone, Copy)]
struct Traits {
    width: Width,
    /// It asks for nothing of the thing.
    is_of_form: bool,
}

impl Lowering {
    pub(super) fn new(of_form: usize) -> Self {
        Lowering { of_form, steps: Vec::new(), known: HashMap::new(), nodes: Vec::new(), work: Work::default() }
    }

    /// What must hold for a condition to hold, and what all of it costs at most; `None` where it is too large.
    pub(super) fn parts(&mut self, tree: &Tree) -> Option<(Vec<Id>, Work)> {
        self.work = Work::default();
        let mut parts = Vec::new();
        self.split(tree, &mut parts)?;
        parts.sort_unstable();
        parts.dedup();
        Some((parts, self.work))
    }

    fn split(&mut self, tree: &Tree, parts: &mut Vec<Id>) -> Option<()> {
        match tree {
            Tree::All(operands, _) => {
                self.work.step()?;
                operands.iter().try_for_each(|operand| self.split(operand, parts))
            }
            _ => {
                parts.push(self.lower(tree, &[])?);
                Some(())
            }
        }
    }

    /// `locals` are the nodes that the variables of the frame stand for.
    fn lower(&mut self, tree: &Tree, locals: &[Id]) -> Option<Id> {
        self.work.step()?;
        let step = match tree {
            Tree::Constant(value) => {
                self.work.constant(value)?;
                Step::Constant(value.clone())
            }
            Tree::Name(slot) => match slot.checked_sub(self.of_form) {
                None => Step::Form(*slot),
                Some(own) => Step::Own(own),
            },
            Tree::Local(index) => return locals.get(*index).copied(),
            Tree::Unary(operator, operand) => Step::Unary(*operator, self.lower(operand, locals)?),
            Tree::Binary(operator, pair) => {
                let (left, right) = (self.lower(&pair.0, locals)?, self.lower(&pair.1, locals)?);
                self.work.take([left, right].into_iter().map(|id| of(&self.nodes, id).width));
                Step::Binary(*operator, left, right)
            }
            Tree::All(operands, _) => Step::All(self.lower_all(operands, locals)?),
            Tree::Any(operands, _) => Step::Any(self.lower_all(operands, locals)?),
            Tree::FirstPresent(operands, _) => Step::FirstPresent(self.lower_all(operands, locals)?),
            Tree::If(parts, _) => {
                Step::If(self.lower(&parts.0, locals)?, self.lower(&parts.1, locals)?, self.lower(&parts.2, locals)?)
            }
            Tree::Let(parts) => {
                let bound = self.lower(&parts.0, locals)?;
                let rest = self.lower(&parts.1, &[locals, &[bound]].concat())?;
                return Some(self.after(&[bound], rest));
            }
            Tree::Call(function, arguments, _) => {
                let arguments = self.lower_all(arguments, locals)?;
                self.work.take(arguments.iter().map(|id| of(&self.nodes, *id).width));
                if *function == Function::Lookup {
                    self.work.search();
                }
                Step::Call(*function, arguments)
            }
            Tree::Script { arguments, body, .. } => {
                let arguments = self.lower_all(arguments, locals)?;
                let body = self.lower(&body.as_ref()?.node, &arguments)?;
                return Some(self.after(&arguments, body));
            }
        };
        Some(self.intern(step))
    }

    fn lower_all(&mut self, trees: &[Tree], locals: &[Id]) -> Option<Box<[Id]>> {
        trees.iter().map(|tree| self.lower(tree, locals)).collect()
    }

    /// What is bound to a variable has a value, or there is none of the rest. A value at hand is always there.
    fn after(&mut self, bound: &[Id], rest: Id) -> Id {
        let can_fail = |id: &Id| self.step(*id).is_some_and(|step| !step.is_at_hand());
        let bound: Box<[Id]> = bound.iter().copied().filter(can_fail).collect();
        if bound.is_empty() { rest } else { self.intern(Step::After(bound, rest)) }
    }

    fn step(&self, id: Id) -> Option<&Step> {
        self.steps.get(place(id))
    }

    fn intern(&mut self, step: Step) -> Id {
        if let Some(known) = self.known.get(&step) {
            return *known;
        }
        let id = Id::try_from(self.steps.len()).unwrap_or(Id::MAX);
        self.nodes.push(self.traits(&step));
        self.steps.push(step.clone());
        self.known.insert(step, id);
        id
    }

    fn traits(&self, step: &Step) -> Traits {
        let operands = || step.operands().map(|operand| of(&self.nodes, operand));
        let widest = operands().map(|operand| operand.width).max().unwrap_or(Width::NARROW);
        let width = match step {
            Step::Binary(operator, left, right) => {
                Width::of_operator(*operator, of(&self.nodes, *left).width, of(&self.nodes, *right).width)
            }
            Step::Call(function, _) => Width::of_call(*function, widest),
            _ => widest,
        };
        let is_of_form = !matches!(step, Step::Own(_)) && operands().all(|operand| operand.is_of_form);
        Traits { width, is_of_form }
    }

    /// The nodes, and how many answers are remembered for a form and for a thing. `parts` are those of all conditions.
    pub(super) fn finish(self, parts: impl Iterator<Item = Id>) -> (Vec<Node>, (usize, usize)) {
        let mut asked = vec![0_u32; self.steps.len()];
        // A part of several conditions is asked once for all of them.
        let parts: BTreeSet<Id> = parts.collect();
        for id in self.steps.iter().flat_map(Step::operands).chain(parts) {
            if let Some(times) = asked.get_mut(place(id)) {
                *times += 1;
            }
        }
        let (mut for_form, mut for_thing) = (0_u32, 0_u32);
        let next = |count: &mut u32| {
            *count += 1;
            *count - 1
        };
        let all = self.steps.into_iter().zip(self.nodes).zip(asked);
        let node = |((step, traits), asked): ((Step, Traits), u32)| {
            let memory = match (step.is_at_hand(), traits.is_of_form, asked) {
                (true, ..) => Memory::None,
                (_, true, _) => Memory::Form(next(&mut for_form)),
                (_, false, 2..) => Memory::Thing(next(&mut for_thing)),
                _ => Memory::None,
            };
            Node { step, memory }
        };
        let nodes = all.map(node).collect();
        let wide = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        (nodes, (wide(for_form), wide(for_thing)))
    }
}

fn of(nodes: &[Traits], id: Id) -> Traits {
    nodes.get(place(id)).copied().unwrap_or(Traits { width: Width::WIDEST, is_of_form: false })
}
