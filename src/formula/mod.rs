//! Formulas: one line of Rhai, checked before it runs, computed exactly.
//!
//! A text goes through the `sandbox` parser, `check` finds every fault with its place and builds the
//! `compiled` tree, and [`Formula::evaluate`] runs that. What the tree does not cover (loops, assignments,
//! lists) runs in the hardened interpreter with the same meaning; the interpreter can run the rest too and
//! is the oracle of the compiled form in the tests.
//!
//! The language differs from plain Rhai where plain Rhai would mislead an author of rules:
//! - all numbers are exact: `1/2` is 0.5, `0.1 + 0.2 == 0.3`, and nothing rounds but `round_half_up`,
//!   `floor` and `ceil`;
//! - a blank cell is absent, not zero: arithmetic and comparisons with it are absent too, `&&`, `||` and
//!   `if` take it for false, `has(x)` asks for it and `x ?? 0` replaces it;
//! - names, functions, argument counts and types are checked before anything runs.

mod check;
mod compiled;
mod explain;
mod fault;
mod frame;
mod function;
mod lookup;
mod meter;
mod names;
mod network;
mod operator;
mod sandbox;
mod scripts;
mod source;
mod value;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

pub use compiled::{Body, Compared, Comparison, Fork, ForkKind, Live, LookedUp, Node, Spot, Watched};
pub use explain::Inputs;
pub use fault::Fault;
pub use frame::Frame;
pub use function::{Function, FunctionDoc, fold_into, folded, functions};
pub use lookup::Table;
pub use names::{Name, Names};
pub use network::{Network, Outlook, Session};
pub use operator::{Binary, Unary};
pub use scripts::{Script, ScriptDoc, Scripts};
pub use value::{EvalError, Type, Value};
pub use words::Words;

use check::{Checker, Usage};
use compiled::{Machine, Recorder};
use explain::{Explainer, Printed};

#[cfg(test)]
#[expect(clippy::format_collect, reason = "tests build long texts")]
mod tests;

/// A checked formula. Cheap to clone and free to share between threads.
#[derive(Clone)]
pub struct Formula {
    inner: Arc<Inner>,
}

struct Inner {
    text: Arc<str>,
    want: Type,
    /// `None` where the text itself goes beyond the compiled subset.
    tree: Option<Node>,
    complete: bool,
    /// Slot and name of every name used, in order of slots.
    names: Vec<(usize, Arc<str>)>,
    constants: usize,
    functions: BTreeSet<Arc<str>>,
    scripts: Scripts,
    normal: String,
    /// The program in normal form, made when the interpreter is first asked.
    program: OnceLock<Result<rhai::AST, EvalError>>,
}

impl Formula {
    /// Checks `text` against the names and functions it may use; its value must be of the type `want`.
    ///
    /// # Errors
    /// Every fault of the text, in its order; a text that does not parse has one.
    pub fn compile(text: &str, names: &Names, want: Type, scripts: &Scripts) -> Result<Formula, Vec<Fault>> {
        let parsed = sandbox::parse(text).map_err(|fault| vec![*fault])?;
        if parsed.tree.has_functions() {
            return Err(vec![Fault::unsupported(
                parsed.source.whole(),
                "公式内的函数定义",
                "functions inside a formula",
            )]);
        }
        let mut session = check::Session::new(names, scripts.library());
        let checked = Checker::new(&mut session, &parsed.source).check(parsed.statements(), Some(want));
        let Usage { slots, functions } = session.usage;
        if !checked.faults.is_empty() {
            return Err(checked.faults);
        }
        let normal = sandbox::normal_formula(&parsed.source, parsed.statements())
            .ok_or_else(|| vec![Fault::unsupported(parsed.source.whole(), "这种写法", "such constructs")])?;
        let tree = checked.root.node;
        let inner = Inner {
            text: Arc::from(text),
            want,
            complete: tree.as_ref().is_some_and(Node::is_complete),
            tree,
            names: slots.into_iter().filter_map(|slot| Some((slot, Arc::clone(&names.get(slot)?.name)))).collect(),
            constants: names.constants(),
            functions,
            scripts: scripts.clone(),
            normal,
            program: OnceLock::new(),
        };
        Ok(Formula { inner: Arc::new(inner) })
    }

    /// The value for `values`, by slot, in one table or several ([`Frame`]); a slot that is not there counts as absent. Absent is a possible
    /// result of every formula.
    ///
    /// # Errors
    /// Division by zero, an argument out of range, a result or a run beyond the limits.
    pub fn evaluate<'v>(&self, values: impl Into<Frame<'v>>) -> Result<Value, EvalError> {
        let values = values.into();
        match &self.inner.tree {
            Some(tree) if self.inner.complete => {
                Machine::new(values).evaluate(tree).and_then(|value| self.admit(value.into_owned()))
            }
            _ => self.interpret(values),
        }
    }

    /// Whether a condition holds: an absent one does not. The same as asking the value of [`Formula::evaluate`],
    /// without making one.
    ///
    /// # Errors
    /// As [`Formula::evaluate`].
    pub fn holds<'v>(&self, values: impl Into<Frame<'v>>) -> Result<bool, EvalError> {
        let values = values.into();
        match &self.inner.tree {
            Some(tree) if self.inner.complete => Ok(Machine::new(values).test(tree)?.unwrap_or(false)),
            _ => self.interpret(values).map(|value| value.holds()),
        }
    }

    /// Which ways it goes for `values`, up to where it fails, and whether, as a condition, it holds. Where the interpreter
    /// runs it, its names are all that is known of its ways.
    pub fn watch<'v>(&self, values: impl Into<Frame<'v>>) -> (Watched, bool) {
        let values = values.into();
        let Some(tree) = self.tree() else {
            let holds = self.inner.want == Type::Boolean && self.holds(values).unwrap_or(false);
            return (Watched { names: self.names_used().collect(), ..Watched::default() }, holds);
        };
        let mut machine = Machine::watched(values, Recorder::default());
        let holds = machine.evaluate(tree).is_ok_and(|value| value.holds());
        (machine.seen().watched, holds)
    }

    /// Where it can go one way or another and which names it can ask for, the functions it calls included. `periods`
    /// are the constants of each stretch of years: what they settle for all of them is no fork. Where the interpreter
    /// runs it, its names are all that is known.
    pub fn live(&self, periods: &[Vec<Value>]) -> Live {
        let mut found = Live::default();
        match self.tree() {
            Some(tree) => compiled::live(tree, periods, None, &mut found),
            None => found.names.extend(self.names_used()),
        }
        found
    }

    /// Where it compares something with a constant, the functions it calls included; nothing where the interpreter runs
    /// it.
    pub fn comparisons(&self) -> Vec<Comparison> {
        self.tree().map(|tree| compiled::comparisons(tree, self.inner.constants)).unwrap_or_default()
    }

    /// Tells it from every other formula, equal texts at other places of the rules included, for as long as it lives.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.inner).addr()
    }

    /// What it computes, where the text stays in the subset that proofs can look into: no loop, no
    /// assignment, no list, neither in the text nor in a function it calls.
    pub fn tree(&self) -> Option<&Node> {
        self.inner.tree.as_ref().filter(|_| self.inner.complete)
    }

    /// Whether [`Formula::evaluate`] runs without the interpreter.
    pub fn is_compiled(&self) -> bool {
        self.inner.complete
    }

    /// The value of [`Formula::evaluate`] where the formula is no more than a name.
    pub fn name_value<'v>(&self, values: Frame<'v>) -> Option<&'v Value> {
        match self.inner.tree {
            Some(Node::Name(slot)) => values.get(slot),
            _ => None,
        }
        .filter(|value| value.value_type().is_none_or(|kind| kind == self.inner.want))
    }

    /// The value by way of the interpreter: slow, the same in every case, and the oracle of the tests.
    ///
    /// # Errors
    /// As [`Formula::evaluate`].
    pub fn interpret<'v>(&self, values: impl Into<Frame<'v>>) -> Result<Value, EvalError> {
        let values = values.into();
        let inner = &*self.inner;
        let program = inner.program.get_or_init(|| inner.scripts.library().link(&inner.normal));
        let program = program.as_ref().map_err(Clone::clone)?;
        let names = inner.names.iter().map(|(slot, name)| (&**name, values.get(*slot).unwrap_or(&Value::Absent)));
        sandbox::run(program, names).and_then(|value| self.admit(value))
    }

    /// The value, and its derivation in numbers without the result: `8 × 91.76% ÷ 95%`. `print` gives the
    /// text of a name's value as the form has it, or `None` for the plain one.
    ///
    /// # Errors
    /// As [`Formula::evaluate`].
    pub fn explain<'v>(
        &self,
        values: impl Into<Frame<'v>>,
        print: &dyn Fn(usize, &Value) -> Option<String>,
    ) -> Result<(Value, String), EvalError> {
        let values = values.into();
        self.explain_by(values, &Printed { values, print })
    }

    /// As [`Formula::explain`], with the prints of `inputs`, which has the same `values`.
    ///
    /// # Errors
    /// As [`Formula::evaluate`].
    pub fn explain_by<'v>(
        &self,
        values: impl Into<Frame<'v>>,
        inputs: &dyn Inputs,
    ) -> Result<(Value, String), EvalError> {
        let inner = &*self.inner;
        let mut text = String::new();
        let derived = inner.tree.as_ref().map(|tree| {
            let library = inner.scripts.library();
            let value = Explainer::new(inputs, library, inner.constants, &mut text).explain(tree)?;
            self.admit(value)
        });
        match derived {
            Some(Ok(value)) => Ok((value, text)),
            Some(Err(error)) if inner.complete && error != EvalError::TooMuchWork => Err(error),
            _ => {
                let value = self.evaluate(values)?;
                text.clear();
                self.list(inputs, &mut text);
                if text.is_empty() {
                    text = value.to_string();
                }
                Ok((value, text))
            }
        }
    }

    /// Writes the derivation of a compiled formula that has a value for these inputs: the text of
    /// [`Formula::explain_by`].
    pub fn derive(&self, inputs: &dyn Inputs, out: &mut String) {
        let begin = out.len();
        if let Some(tree) = self.tree() {
            let library = self.inner.scripts.library();
            if Explainer::new(inputs, library, self.inner.constants, out).explain(tree).is_ok() {
                return;
            }
            out.truncate(begin);
        }
        self.list(inputs, out);
        if out.len() == begin
            && let Ok(value) = self.evaluate(&[])
        {
            out.push_str(&value.to_string());
        }
    }

    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// The type the formula was compiled for.
    pub fn result_type(&self) -> Type {
        self.inner.want
    }

    /// The slots of the names that the text mentions, ascending.
    pub fn names_used(&self) -> impl ExactSizeIterator<Item = usize> {
        self.inner.names.iter().map(|(slot, _)| *slot)
    }

    /// The names that the text mentions with their slots, ascending.
    pub fn names(&self) -> impl ExactSizeIterator<Item = (usize, &str)> {
        self.inner.names.iter().map(|(slot, name)| (*slot, &**name))
    }

    /// The functions it calls, those of scripts and those called by them included, in alphabetical order.
    pub fn functions_used(&self) -> impl ExactSizeIterator<Item = &str> {
        self.inner.functions.iter().map(|name| &**name)
    }

    /// What stands for a derivation where the interpreter did the work: the names with their values.
    fn list(&self, inputs: &dyn Inputs, out: &mut String) {
        for (index, (slot, name)) in self.inner.names.iter().enumerate() {
            let value = inputs.value(*slot).unwrap_or(&Value::Absent);
            out.push_str(if index > 0 { ", " } else { "" });
            out.push_str(name);
            out.push_str(" = ");
            if !inputs.print(*slot, value, out) {
                out.push_str(&value.to_string());
            }
        }
    }

    /// The check cannot see into lists, so the type is settled here.
    fn admit(&self, value: Value) -> Result<Value, EvalError> {
        match value.value_type() {
            Some(value_type) if value_type != self.inner.want => Err(EvalError::WrongType { place: "=" }),
            _ => Ok(value),
        }
    }
}

impl fmt::Debug for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Formula").field("text", &self.inner.text).field("compiled", &self.inner.complete).finish()
    }
}

impl PartialEq for Formula {
    /// Equal texts against equal names; the same formula compiled twice.
    fn eq(&self, other: &Self) -> bool {
        self.inner.text == other.inner.text
            && self.inner.want == other.inner.want
            && self.inner.names == other.inner.names
            && self.inner.tree == other.inner.tree
    }
}
