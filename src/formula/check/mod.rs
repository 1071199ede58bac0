//! The static check: one walk over the syntax tree finds the faults and builds the compiled tree.
//!
//! A construct outside the compiled subset (a loop, an assignment, a list) leaves the tree out and is
//! checked all the same; the interpreter runs it. A script function is checked once for every combination
//! of argument kinds it is called with, so types are found without being written.

mod call;
mod expression;
mod kind;
mod session;
mod statement;

use std::sync::Arc;

use rhai::{Position, Stmt};

pub(super) use kind::Kind;
pub(super) use session::{Session, Usage};

use super::compiled::Node;
use super::fault::{Fault, Span};
use super::source::Source;
use super::{Type, Value};
use crate::diagnostic::Bilingual;

/// The deepest nesting that evaluation may reach, script functions included: well inside a thread's stack.
const MAX_DEPTH: usize = 128;
/// The most faults that one text reports.
const MAX_FAULTS: usize = 50;

/// An expression after its check.
pub(super) struct Lowered {
    pub(super) kind: Kind,
    /// `None` outside the compiled subset, or after a fault.
    pub(super) node: Option<Node>,
    /// How deep evaluating it nests.
    pub(super) depth: usize,
}

impl Lowered {
    fn leaf(kind: Kind, node: Node) -> Self {
        Lowered { kind, node: Some(node), depth: 1 }
    }

    fn constant(value: Value) -> Self {
        Lowered::leaf(value.value_type().map_or(Kind::Absent, Kind::Value), Node::Constant(value))
    }

    /// An expression only the interpreter runs.
    fn interpreted(kind: Kind, depth: usize) -> Self {
        Lowered { kind, node: None, depth }
    }
}

/// A variable of the text itself: a `let`, a loop variable or a function's parameter.
struct Local {
    name: Arc<str>,
    kind: Kind,
    constant: bool,
}

/// Checks one text: a formula, or a function's body for one combination of argument kinds.
pub(super) struct Checker<'session, 'a> {
    session: &'session mut Session<'a>,
    source: &'session Source,
    faults: Vec<Fault>,
    locals: Vec<Local>,
    /// The kind of all `return`s so far.
    returned: Kind,
}

/// What a check leaves.
pub(super) struct Checked {
    pub(super) root: Lowered,
    pub(super) faults: Vec<Fault>,
}

impl<'session, 'a> Checker<'session, 'a> {
    pub(super) fn new(session: &'session mut Session<'a>, source: &'session Source) -> Self {
        Checker { session, source, faults: Vec::new(), locals: Vec::new(), returned: Kind::Never }
    }

    pub(super) fn with_parameters(mut self, parameters: impl Iterator<Item = (Arc<str>, Kind)>) -> Self {
        self.locals.extend(parameters.map(|(name, kind)| Local { name, kind, constant: false }));
        self
    }

    /// Checks the whole text; `want` is the type its value must have, if that is settled.
    pub(super) fn check(mut self, statements: &[Stmt], want: Option<Type>) -> Checked {
        let mut root = self.sequence(statements, true);
        let whole = self.source.whole();
        match root.kind.join(self.returned) {
            Some(kind) => root.kind = kind,
            None => self.branches_differ(whole, self.returned, root.kind),
        }
        if let Some(want) = want
            && !root.kind.fits(&[want])
        {
            let result = Bilingual::new("公式的结果", "the result of the formula");
            self.push(Fault::type_mismatch(whole, &result, &want.title(), root.kind));
        }
        if root.depth > MAX_DEPTH {
            self.too_deep(whole);
        }
        self.faults.sort_by_key(|fault| fault.offset);
        Checked { root, faults: self.faults }
    }

    /// Goes one level down, unless that is too deep to go on.
    fn nested(&mut self, at: Position, check: impl FnOnce(&mut Self) -> Lowered) -> Lowered {
        if self.session.nesting >= MAX_DEPTH {
            let span = self.span(at);
            self.too_deep(span);
            return Lowered::interpreted(Kind::Any, 1);
        }
        self.session.nesting += 1;
        let lowered = check(self);
        self.session.nesting -= 1;
        lowered
    }

    fn too_deep(&mut self, span: Span) {
        let message = Bilingual::new("公式嵌套过深", "the formula is nested too deep");
        self.push(Fault::too_large(span, message));
    }

    fn push(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn span(&self, position: Position) -> Span {
        self.source.span(position)
    }

    /// Reports a construct the language leaves out.
    fn unsupported(&mut self, position: Position, zh: &str, en: &str, help: Option<Bilingual>) -> Lowered {
        let span = self.span(position);
        self.push(Fault::unsupported(span, zh, en).with_help(help));
        Lowered::interpreted(Kind::Any, 1)
    }

    fn branches_differ(&mut self, span: Span, one: Kind, other: Kind) {
        let (one, other) = (one.title(), other.title());
        let message = Bilingual::new(
            format!("各分支的结果类型不一致：{}与{}", one.zh, other.zh),
            format!("the branches give different types: {} and {}", one.en, other.en),
        );
        self.push(Fault::new("type_mismatch", span, message));
    }
}
