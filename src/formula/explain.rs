//! The derivation of a result in the numbers that led to it: `8 × 91.76% ÷ 95%`.
//!
//! Names stand as their printed values. Of a choice only what was chosen is shown: the branch taken, the
//! least argument of `min`; but where a bare limit was chosen the whole choice is, since `1` alone would
//! not tell that a limit applied.

use std::sync::Arc;

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

/// A value and how it came about.
#[derive(Clone)]
struct Shown {
    value: Value,
    text: String,
    level: Level,
    /// Made of literals only: nothing of the form is in it.
    literal: bool,
}

impl Shown {
    fn atom(value: Value, text: String, literal: bool) -> Self {
        Shown { value, text, level: Level::Atom, literal }
    }

    fn new(value: Value, text: String, level: Level, literal: bool) -> Self {
        if text.len() > MAX_SHOWN {
            let text = printed(&value);
            return Shown::atom(value, text, literal);
        }
        Shown { value, text, level, literal }
    }

    /// As an operand that must bind at least so tightly, where a leading minus would be misread.
    fn operand(&self, least: Level) -> String {
        if self.level < least || self.text.starts_with('-') { format!("({})", self.text) } else { self.text.clone() }
    }

    /// As the leftmost operand.
    fn first(&self, least: Level) -> String {
        if self.level < least { format!("({})", self.text) } else { self.text.clone() }
    }
}

pub(super) struct Explainer<'a> {
    values: Frame<'a>,
    print: &'a dyn Fn(usize, &Value) -> Option<String>,
    library: &'a Library,
    /// The first so many names are limits and other constants of the rules, not values of the form.
    constants: usize,
    locals: Vec<Shown>,
    frame: usize,
    meter: Meter,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(
        values: Frame<'a>,
        print: &'a dyn Fn(usize, &Value) -> Option<String>,
        library: &'a Library,
        constants: usize,
    ) -> Self {
        Explainer { values, print, library, constants, locals: Vec::new(), frame: 0, meter: Meter::new() }
    }

    pub(super) fn explain(&mut self, node: &Node) -> Result<(Value, String), EvalError> {
        let shown = self.show(node)?;
        Ok((shown.value, shown.text))
    }

    fn show(&mut self, node: &Node) -> Result<Shown, EvalError> {
        self.meter.step()?;
        let shown = self.derive(node)?;
        self.meter.write(shown.text.len())?;
        Ok(shown)
    }

    /// One arm a method: a frame of this recursion stays small.
    fn derive(&mut self, node: &Node) -> Result<Shown, EvalError> {
        match node {
            Node::Constant(value) => Ok(Shown::atom(value.clone(), printed(value), true)),
            Node::Name(slot) => Ok(self.name(*slot)),
            Node::Local(index) => Ok(self.local(*index)),
            Node::Unary(operator, operand) => self.show(operand).and_then(|operand| unary(*operator, operand)),
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

    fn name(&self, slot: usize) -> Shown {
        let value = self.values.get(slot).cloned().unwrap_or(Value::Absent);
        let text = (self.print)(slot, &value).unwrap_or_else(|| printed(&value));
        Shown::atom(value, text, slot < self.constants)
    }

    fn local(&self, index: usize) -> Shown {
        let absent = || Shown::atom(Value::Absent, printed(&Value::Absent), true);
        self.locals.get(self.frame + index).cloned().unwrap_or_else(absent)
    }

    fn bind(&mut self, node: &Node) -> Result<(), EvalError> {
        let bound = self.show(node)?;
        self.locals.push(bound);
        Ok(())
    }

    fn condition(&mut self, node: &Node) -> Result<bool, EvalError> {
        self.show(node).and_then(|shown| truth(&shown.value))
    }

    fn binary(&mut self, operator: Binary, left: &Node, right: &Node) -> Result<Shown, EvalError> {
        let (left, right) = (self.show(left)?, self.show(right)?);
        self.meter.charge(&[&left.value, &right.value])?;
        binary(operator, &left, &right)
    }

    fn first_present(&mut self, operands: &[Node]) -> Result<Shown, EvalError> {
        for operand in operands {
            let shown = self.show(operand)?;
            if !shown.value.is_absent() {
                return Ok(shown);
            }
        }
        Ok(Shown::atom(Value::Absent, printed(&Value::Absent), false))
    }

    fn show_all(&mut self, nodes: &[Node]) -> Result<Vec<Shown>, EvalError> {
        nodes.iter().map(|node| self.show(node)).collect()
    }

    /// `&&` and `||` show the operand that decided, or all where none did.
    fn logic(&mut self, operands: &[Node], until_fails: bool) -> Result<Shown, EvalError> {
        let (level, sign) = if until_fails { (Level::And, " && ") } else { (Level::Or, " || ") };
        let mut parts = Vec::with_capacity(operands.len());
        let mut literal = true;
        for operand in operands {
            let shown = self.show(operand)?;
            if truth(&shown.value)? != until_fails {
                return Ok(Shown { value: Value::Boolean(!until_fails), ..shown });
            }
            literal &= shown.literal;
            parts.push(shown.operand(Level::Comparison));
        }
        Ok(Shown::new(Value::Boolean(until_fails), parts.join(sign), level, literal))
    }

    fn call(&mut self, function: Function, arguments: &[Node]) -> Result<Shown, EvalError> {
        let arguments = self.show_all(arguments)?;
        let values: Vec<&Value> = arguments.iter().map(|argument| &argument.value).collect();
        self.meter.charge(&values)?;
        let value = function.apply(&values)?;
        if matches!(function, Function::Min | Function::Max | Function::Clamp)
            && let Some(chosen) = arguments.iter().find(|argument| argument.value == value && !argument.literal)
            && !value.is_absent()
        {
            return Ok(chosen.clone());
        }
        Ok(looked_up(function, &value, &arguments).unwrap_or_else(|| in_full(function.name(), value, &arguments)))
    }

    fn enter(&mut self, arguments: &[Node], body: &Node) -> Result<Shown, EvalError> {
        let arguments = self.show_all(arguments)?;
        let (caller, height) = (self.frame, self.locals.len());
        self.frame = height;
        self.locals.extend(arguments);
        let result = self.show(body);
        self.locals.truncate(height);
        self.frame = caller;
        result
    }

    fn interpreted(&mut self, name: &Arc<str>, arguments: &[Node]) -> Result<Shown, EvalError> {
        let arguments = self.show_all(arguments)?;
        let values: Vec<&Value> = arguments.iter().map(|argument| &argument.value).collect();
        let value = self.library.call(name, &values)?;
        Ok(in_full(name, value, &arguments))
    }
}

/// `79〔总分上限：0.65 ∈ [0.6, 0.7)〕`
fn looked_up(function: Function, value: &Value, arguments: &[Shown]) -> Option<Shown> {
    let (Function::Lookup, [table, argument]) = (function, arguments) else { return None };
    let (Value::Table(rows), Value::Number(x)) = (&table.value, &argument.value) else { return None };
    let (interval, _) = rows.row_of(x)?;
    let text = format!("{value}〔{}：{} ∈ {interval}〕", rows.title(), argument.text);
    Some(Shown::new(value.clone(), text, Level::Atom, argument.literal))
}

fn in_full(name: &str, value: Value, arguments: &[Shown]) -> Shown {
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
    let literal = arguments.iter().all(|argument| argument.literal);
    Shown::new(value, format!("{name}({})", texts.join(", ")), Level::Atom, literal)
}

fn unary(operator: Unary, operand: Shown) -> Result<Shown, EvalError> {
    let value = operator.apply(&operand.value)?;
    let text = match operator {
        Unary::Plus => return Ok(Shown { value, ..operand }),
        Unary::Minus => format!("-{}", operand.operand(Level::Sign)),
        Unary::Not => format!("!{}", operand.operand(Level::Sign)),
    };
    Ok(Shown::new(value, text, Level::Sign, operand.literal))
}

fn binary(operator: Binary, left: &Shown, right: &Shown) -> Result<Shown, EvalError> {
    let value = operator.apply(&left.value, &right.value)?;
    // The level of the whole, the sign, and how tightly each side must bind.
    let (level, sign, on_left, on_right) = match operator {
        Binary::Add => (Level::Sum, "+", Level::Sum, Level::Sum),
        Binary::Sub => (Level::Sum, "−", Level::Sum, Level::Product),
        // a × (b ÷ c) is a × b ÷ c, but a ÷ (b × c) is not a ÷ b × c.
        Binary::Mul => (Level::Product, "×", Level::Product, Level::Product),
        Binary::Div => (Level::Product, "÷", Level::Product, Level::Sign),
        Binary::Rem => (Level::Sum, "mod", Level::Sign, Level::Sign),
        Binary::Pow => (Level::Power, "^", Level::Atom, Level::Atom),
        Binary::Equal => (Level::Comparison, "=", Level::Sum, Level::Sum),
        Binary::Unequal => (Level::Comparison, "≠", Level::Sum, Level::Sum),
        Binary::Less => (Level::Comparison, "<", Level::Sum, Level::Sum),
        Binary::LessOrEqual => (Level::Comparison, "≤", Level::Sum, Level::Sum),
        Binary::Greater => (Level::Comparison, ">", Level::Sum, Level::Sum),
        Binary::GreaterOrEqual => (Level::Comparison, "≥", Level::Sum, Level::Sum),
    };
    let before = if operator == Binary::Pow { left.operand(on_left) } else { left.first(on_left) };
    let text = format!("{before} {sign} {}", right.operand(on_right));
    Ok(Shown::new(value, text, level, left.literal && right.literal))
}

/// A value without a print of its own; long texts are cut.
fn printed(value: &Value) -> String {
    match value {
        Value::Text(text) if text.chars().count() > MAX_QUOTED => {
            format!("「{}…」", text.chars().take(MAX_QUOTED).collect::<String>())
        }
        Value::Words(words) => {
            let first: String = words.iter().take(3).map(|word| &**word).collect::<Vec<_>>().join("／");
            format!("「{first}{}」", if words.len() > 3 { "…" } else { "" })
        }
        other => other.to_string(),
    }
}
