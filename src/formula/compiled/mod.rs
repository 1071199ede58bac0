//! The compiled form: a typed tree over exact numbers, evaluated without the interpreter.

mod machine;
mod prospect;
mod watch;

use std::sync::Arc;

pub(super) use machine::{Machine, truth};
pub use prospect::{Comparison, Live};
pub(super) use prospect::{comparisons, live};
pub(super) use watch::Recorder;
pub use watch::{Compared, Fork, ForkKind, LookedUp, Watched};

use super::Value;
use super::function::Function;
use super::operator::{Binary, Unary};

/// Where a construct stands in the text it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// In characters of the text, from 0.
    pub offset: usize,
    /// In characters, at least 1.
    pub length: usize,
    /// Both from 1.
    pub line: usize,
    pub column: usize,
}

/// What a formula computes, as a tree. [`Formula::evaluate`](super::Formula::evaluate) runs it; proofs look
/// into it.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Constant(Value),
    /// A name of the formula, by slot.
    Name(usize),
    /// A variable of the text, by its place in the frame: parameters first, then `let`s outside in.
    Local(usize),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<(Node, Node)>),
    /// `&&`, with where its operands stand.
    All(Vec<Node>, Vec<Spot>),
    /// `||`, with where its operands stand.
    Any(Vec<Node>, Vec<Spot>),
    /// `??`, with where its operands stand.
    FirstPresent(Vec<Node>, Vec<Spot>),
    /// Condition, then, else, and where the condition stands.
    If(Box<(Node, Node, Node)>, Spot),
    /// Value, and the rest in which it is the innermost local.
    Let(Box<(Node, Node)>),
    /// A function of the language, and where the call stands.
    Call(Function, Vec<Node>, Spot),
    /// A call of a pack's function; without a body only the interpreter can run it.
    Script {
        name: Arc<str>,
        arguments: Vec<Node>,
        body: Option<Arc<Body>>,
    },
}

/// The body of a script function; its arguments are the first locals of its frame.
#[derive(Debug, PartialEq)]
pub struct Body {
    pub node: Node,
    /// The script file it is written in.
    pub file: Arc<str>,
}

impl Node {
    /// Whether it is made of conditions that are forks of their own.
    fn is_logic(&self) -> bool {
        matches!(self, Node::All(..) | Node::Any(..))
    }

    /// Whether the machine runs all of it.
    pub(super) fn is_complete(&self) -> bool {
        match self {
            Node::Constant(_) | Node::Name(_) | Node::Local(_) => true,
            Node::Unary(_, operand) => operand.is_complete(),
            Node::Binary(_, pair) | Node::Let(pair) => pair.0.is_complete() && pair.1.is_complete(),
            Node::If(parts, _) => parts.0.is_complete() && parts.1.is_complete() && parts.2.is_complete(),
            Node::All(nodes, _) | Node::Any(nodes, _) | Node::FirstPresent(nodes, _) | Node::Call(_, nodes, _) => {
                nodes.iter().all(Node::is_complete)
            }
            Node::Script { arguments, body, .. } => body.is_some() && arguments.iter().all(Node::is_complete),
        }
    }
}
