//! The derivation of a result in the numbers that led to it: `8 × 91.76% ÷ 95%`.
//!
//! Names stand as their printed values. Of a choice only what was chosen is shown: the branch taken, the
//! least argument of `min`; but where a bare limit was chosen the whole choice is, since `1` alone would
//! not tell that a limit applied.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use super::compiled::{Node, truth};
use super::function::Function;
use super::meter::Meter;
use super::operator::{Binary, Unary};
use super::scripts::Library;
use super::{EvalError, Frame, Value};

/// Longer derivations, in bytes, stand as their value: a `let` used twice doubles what is bound to it.
const MAX_SHOWN: usize = 600;
/// The most characters of a text that are shown.
const MAX_QUOTED: usize = 20;

/// What a derivation is made of: the values of the names, and how a form prints them.
pub trait Inputs {
    /// The value of a slot; what is not there counts as absent.
    fn value(&self, slot: usize) -> Option<&Value>;

    /// Writes a name's value as the form has it. False, and nothing written, where the plain print will do.
    fn print(&self, slot: usize, value: &Value, out: &mut String) -> bool;
}

/// Values by slot, and prints made one by one.
pub(super) struct Printed<'a> {
    pub values: Frame<'a>,
    pub print: &'a dyn Fn(usize, &Value) -> Option<String>,
}

impl Inputs for Printed<'_> {
    fn value(&self, slot: usize) -> Option<&Value> {
        self.values.get(slot)
    }

    fn print(&self, slot: usize, value: &Value, out: &mut String) -> bool {
        (self.print)(slot, value).inspect(|print| out.push_str(print)).is_some()
    }
}

/// How tightly the parts of a derivation bind, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// A value and where its derivation begins; it ends where the next one begins, or with all that is written.
struct Shown {
    value: Value,
    begin: usize,
    level: Level,
    /// Made of literals only: nothing of the form is in it.
    literal: bool,
}

/// What a variable is bound to.
struct Bound {
    value: Value,
    text: String,
    level: Level,
    literal: bool,
}

/// Writes one derivation behind what is written already. Every part is written once, in its place; what turns out
/// not to be shown is taken away again.
pub(super) struct Explainer<'a> {
    inputs: &'a dyn Inputs,
    library: &'a Library,
    /// The first so many names are limits and other constants of the rules, not values of the form.
    constants: usize,
    locals: Vec<Bound>,
    frame: usize,
    meter: Meter,
    out: &'a mut String,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(inputs: &'a dyn Inputs, library: &'a Library, constants: usize, out: &'a mut String) -> Self {
        Explainer { inputs, library, constants, locals: Vec::new(), frame: 0, meter: Meter::new(), out }
    }

    /// The value; its derivation is written.
    pub(super) fn explain(&mut self, node: &Node) -> Result<Value, EvalError> {
        self.show(node).map(|shown| shown.value)
    }

    fn show(&mut self, node: &Node) -> Result<Shown, EvalError> {
        self.meter.step()?;
        let shown = self.derive(node)?;
        self.meter.write(self.out.len() - shown.begin)?;
        Ok(shown)
    }

    /// One arm a method: a frame of this recursion stays small.
    fn derive(&mut self, node: &Node) -> Result<Shown, EvalError> {
        match node {
            Node::Constant(value) => Ok(self.plain(value.clone(), true)),
            Node::Name(slot) => Ok(self.name(*slot)),
            Node::Local(index) => Ok(self.local(*index)),
            Node::Unary(operator, operand) => self.unary(*operator, operand),
            Node::Binary(operator, operands) => self.binary(*operator, &operands.0, &operands.1),
            Node::All(operands, _) => self.logic(operands, true),
            Node::Any(operands, _) => self.logic(operands, false),
            Node::FirstPresent(operands, _) => self.first_present(operands),
            Node::If(parts, _) => {
                let chosen = if self.condition(&parts.0)? { &parts.1 } else { &parts.2 };
                self.show(chosen)
            }
            Node::Let(parts) => {
                self.bind(&parts.0)?;
                let result = self.show(&parts.1);
                self.locals.pop();
                result
            }
            Node::Call(function, arguments, _) => self.call(*function, arguments),
            Node::Script { arguments, body: Some(body), .. } => self.enter(arguments, &body.node),
            Node::Script { name, arguments, body: None } => self.interpreted(name, arguments),
        }
    }

    /// Writes a value as it stands.
    fn plain(&mut self, value: Value, literal: bool) -> Shown {
        let begin = self.out.len();
        write_plain(&value, self.out);
        Shown { value, begin, level: Level::Atom, literal }
    }

    /// What is written from `begin`, or the value alone where that grew too long.
    fn bounded(&mut self, value: Value, begin: usize, level: Level, literal: bool) -> Shown {
        if self.out.len() - begin > MAX_SHOWN {
            self.out.truncate(begin);
            return self.plain(value, literal);
        }
        Shown { value, begin, level, literal }
    }

    fn name(&mut self, slot: usize) -> Shown {
        let value = self.inputs.value(slot).cloned().unwrap_or(Value::Absent);
        let begin = self.out.len();
        if !self.inputs.print(slot, &value, self.out) {
            write_plain(&value, self.out);
        }
        Shown { value, begin, level: Level::Atom, literal: slot < self.constants }
    }

    fn local(&mut self, index: usize) -> Shown {
        let begin = self.out.len();
        match self.locals.get(self.frame + index) {
            Some(bound) => {
                self.out.push_str(&bound.text);
                Shown { value: bound.value.clone(), begin, level: bound.level, literal: bound.literal }
            }
            None => self.plain(Value::Absent, true),
        }
    }

    fn bind(&mut self, node: &Node) -> Result<(), EvalError> {
        let Shown { value, begin, level, literal } = self.show(node)?;
        let text = self.out.split_off(begin);
        self.locals.push(Bound { value, text, level, literal });
        Ok(())
    }

    fn condition(&mut self, node: &Node) -> Result<bool, EvalError> {
        let shown = self.show(node)?;
        self.out.truncate(shown.begin);
        truth(&shown.value)
    }

    fn unary(&mut self, operator: Unary, operand: &Node) -> Result<Shown, EvalError> {
        let begin = self.out.len();
        self.out.push_str(match operator {
            Unary::Plus => "",
            Unary::Minus => "-",
            Unary::Not => "!",
        });
        let operand = self.show(operand)?;
        let value = operator.apply(&operand.value)?;
        if operator == Unary::Plus {
            return Ok(Shown { value, ..operand });
        }
        self.enclose(&operand, Level::Sign);
        Ok(self.bounded(value, begin, Level::Sign, operand.literal))
    }

    fn binary(&mut self, operator: Binary, left: &Node, right: &Node) -> Result<Shown, EvalError> {
        let (level, sign, on_left, on_right) = shape(operator);
        let left = self.show(left)?;
        if operator == Binary::Pow {
            self.enclose(&left, on_left);
        } else if left.level < on_left {
            self.parenthesize(left.begin);
        }
        self.out.push_str(sign);
        let right = self.show(right)?;
        self.meter.charge(&[&left.value, &right.value])?;
        let value = operator.apply(&left.value, &right.value)?;
        self.enclose(&right, on_right);
        Ok(self.bounded(value, left.begin, level, left.literal && right.literal))
    }

    /// Puts the last operand in parentheses where it must bind at least so tightly, or where a leading minus would be
    /// misread.
    fn enclose(&mut self, operand: &Shown, least: Level) {
        let is_signed = self.out.get(operand.begin..).is_some_and(|text| text.starts_with('-'));
        if operand.level < least || is_signed {
            self.parenthesize(operand.begin);
        }
    }

    fn parenthesize(&mut self, begin: usize) {
        self.out.insert(begin, '(');
        self.out.push(')');
    }

    fn first_present(&mut self, operands: &[Node]) -> Result<Shown, EvalError> {
        for operand in operands {
            let shown = self.show(operand)?;
            if !shown.value.is_absent() {
                return Ok(shown);
            }
            self.out.truncate(shown.begin);
        }
        Ok(self.plain(Value::Absent, false))
    }

    /// Keeps of what is written from `begin` one part only.
    fn keep(&mut self, begin: usize, part: Range<usize>) {
        self.out.truncate(part.end);
        self.out.drain(begin..part.start);
    }

    /// `&&` and `||` show the operand that decided, or all where none did.
    fn logic(&mut self, operands: &[Node], until_fails: bool) -> Result<Shown, EvalError> {
        let (level, sign) = if until_fails { (Level::And, " && ") } else { (Level::Or, " || ") };
        let begin = self.out.len();
        let mut literal = true;
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.out.push_str(sign);
            }
            let shown = self.show(operand)?;
            if truth(&shown.value)? != until_fails {
                self.keep(begin, shown.begin..self.out.len());
                return Ok(Shown { value: Value::Boolean(!until_fails), begin, ..shown });
            }
            literal &= shown.literal;
            self.enclose(&shown, Level::Comparison);
        }
        Ok(self.bounded(Value::Boolean(until_fails), begin, level, literal))
    }

    /// Writes the arguments of a call, `name(a, b)`.
    fn arguments(&mut self, name: &str, nodes: &[Node]) -> Result<Arguments, EvalError> {
        let begin = self.out.len();
        self.out.push_str(name);
        self.out.push('(');
        let mut shown = SmallVec::new();
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            let one = self.show(node)?;
            let end = self.out.len();
            shown.push((one, end));
        }
        self.out.push(')');
        Ok(Arguments { begin, shown })
    }

    fn call(&mut self, function: Function, nodes: &[Node]) -> Result<Shown, EvalError> {
        let arguments = self.arguments(function.name(), nodes)?;
        let values = arguments.values();
        self.meter.charge(&values)?;
        let value = function.apply(&values)?;
        if matches!(function, Function::Min | Function::Max | Function::Clamp)
            && !value.is_absent()
            && let Some((chosen, end)) = arguments.shown.iter().find(|(one, _)| one.value == value && !one.literal)
        {
            self.keep(arguments.begin, chosen.begin..*end);
            return Ok(Shown { value, begin: arguments.begin, level: chosen.level, literal: chosen.literal });
        }
        if function == Function::Lookup
            && let Some(shown) = self.looked_up(&value, &arguments)
        {
            return Ok(shown);
        }
        Ok(self.in_full(value, &arguments))
    }

    /// `79〔总分上限：0.65 ∈ [0.6, 0.7)〕`
    fn looked_up(&mut self, value: &Value, arguments: &Arguments) -> Option<Shown> {
        let [(table, _), (argument, end)] = arguments.shown.as_slice() else { return None };
        let (Value::Table(rows), Value::Number(x)) = (&table.value, &argument.value) else { return None };
        let (interval, _) = rows.row_of(x)?;
        let asked = self.out.get(argument.begin..*end).unwrap_or_default().to_owned();
        self.out.truncate(arguments.begin);
        let _ = write!(self.out, "{value}〔{}：{asked} ∈ {interval}〕", rows.title());
        Some(self.bounded(value.clone(), arguments.begin, Level::Atom, argument.literal))
    }

    fn in_full(&mut self, value: Value, arguments: &Arguments) -> Shown {
        let literal = arguments.shown.iter().all(|(one, _)| one.literal);
        self.bounded(value, arguments.begin, Level::Atom, literal)
    }

    fn enter(&mut self, arguments: &[Node], body: &Node) -> Result<Shown, EvalError> {
        let (caller, height) = (self.frame, self.locals.len());
        let mut bound = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let Shown { value, begin, level, literal } = self.show(argument)?;
            bound.push(Bound { value, text: self.out.split_off(begin), level, literal });
        }
        self.frame = height;
        self.locals.extend(bound);
        let result = self.show(body);
        self.locals.truncate(height);
        self.frame = caller;
        result
    }

    fn interpreted(&mut self, name: &Arc<str>, nodes: &[Node]) -> Result<Shown, EvalError> {
        let arguments = self.arguments(name, nodes)?;
        let value = self.library.call(name, &arguments.values())?;
        Ok(self.in_full(value, &arguments))
    }
}

/// Nearly every call has no more arguments.
const FEW: usize = 3;

/// The arguments of a call that is written, each with where it ends.
struct Arguments {
    /// Where the call begins.
    begin: usize,
    shown: SmallVec<[(Shown, usize); FEW]>,
}

impl Arguments {
    fn values(&self) -> SmallVec<[&Value; FEW]> {
        self.shown.iter().map(|(one, _)| &one.value).collect()
    }
}

/// The level of the whole, the sign, and how tightly each side must bind.
fn shape(operator: Binary) -> (Level, &'static str, Level, Level) {
    match operator {
        Binary::Add => (Level::Sum, " + ", Level::Sum, Level::Sum),
        Binary::Sub => (Level::Sum, " − ", Level::Sum, Level::Product),
        // a × (b ÷ c) is a × b ÷ c, but a ÷ (b × c) is not a ÷ b × c.
        Binary::Mul => (Level::Product, " × ", Level::Product, Level::Product),
        Binary::Div => (Level::Product, " ÷ ", Level::Product, Level::Sign),
        Binary::Rem => (Level::Sum, " mod ", Level::Sign, Level::Sign),
        Binary::Pow => (Level::Power, " ^ ", Level::Atom, Level::Atom),
        Binary::Equal => (Level::Comparison, " = ", Level::Sum, Level::Sum),
        Binary::Unequal => (Level::Comparison, " ≠ ", Level::Sum, Level::Sum),
        Binary::Less => (Level::Comparison, " < ", Level::Sum, Level::Sum),
        Binary::LessOrEqual => (Level::Comparison, " ≤ ", Level::Sum, Level::Sum),
        Binary::Greater => (Level::Comparison, " > ", Level::Sum, Level::Sum),
        Binary::GreaterOrEqual => (Level::Comparison, " ≥ ", Level::Sum, Level::Sum),
    }
}

/// Writes a value without a print of its own; long texts are cut.
fn write_plain(value: &Value, out: &mut String) {
    // Writing to a string does not fail.
    let _ = match value {
        Value::Number(number) => {
            number.push_to(out);
            Ok(())
        }
        Value::Text(text) if text.chars().count() > MAX_QUOTED => {
            out.push('「');
            out.extend(text.chars().take(MAX_QUOTED));
            out.write_str("…」")
        }
        Value::Words(words) => {
            let first: String = words.iter().take(3).map(|word| &**word).collect::<Vec<_>>().join("／");
            write!(out, "「{first}{}」", if words.len() > 3 { "…" } else { "" })
        }
        other => write!(out, "{other}"),
    };
}
