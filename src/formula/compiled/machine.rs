//! Evaluation of the compiled tree.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{Body, Node};
use crate::formula::function::Function;
use crate::formula::meter::Meter;
use crate::formula::operator::{Binary, Unary};
use crate::formula::{EvalError, Value};

/// One evaluation: the values of the names, the frames of locals, and the work still allowed.
pub(in crate::formula) struct Machine<'a> {
    values: &'a [Value],
    locals: Vec<Value>,
    /// Where the current frame begins in `locals`.
    frame: usize,
    meter: Meter,
}

impl<'a> Machine<'a> {
    pub(in crate::formula) fn new(values: &'a [Value]) -> Self {
        Machine { values, locals: Vec::new(), frame: 0, meter: Meter::new() }
    }

    /// One arm a method: a frame of this recursion stays small.
    pub(in crate::formula) fn evaluate(&mut self, node: &'a Node) -> Result<Cow<'a, Value>, EvalError> {
        self.meter.step()?;
        match node {
            Node::Constant(value) => Ok(Cow::Borrowed(value)),
            Node::Name(slot) => Ok(self.values.get(*slot).map_or(Cow::Owned(Value::Absent), Cow::Borrowed)),
            Node::Local(index) => Ok(self.local(*index)),
            Node::Unary(operator, operand) => self.unary(*operator, operand),
            Node::Binary(operator, operands) => self.binary(*operator, &operands.0, &operands.1),
            Node::All(operands) => self.logic(operands, true),
            Node::Any(operands) => self.logic(operands, false),
            Node::FirstPresent(operands) => self.first_present(operands),
            Node::If(parts, _) => {
                let chosen = if self.condition(&parts.0)? { &parts.1 } else { &parts.2 };
                self.evaluate(chosen)
            }
            Node::Let(parts) => {
                self.bind(&parts.0)?;
                let result = self.evaluate(&parts.1);
                self.locals.pop();
                result
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Script { arguments, body, .. } => self.script(arguments, body.as_deref()),
        }
    }

    /// The truth of a condition, `None` where it is absent: as [`Machine::evaluate`], without making a value.
    pub(in crate::formula) fn test(&mut self, node: &'a Node) -> Result<Option<bool>, EvalError> {
        match node {
            Node::All(operands) => self.decided(operands, true),
            Node::Any(operands) => self.decided(operands, false),
            Node::Binary(operator, operands) => {
                self.meter.step()?;
                let (left, right) = (self.evaluate(&operands.0)?, self.evaluate(&operands.1)?);
                self.meter.charge(&[&left, &right])?;
                truth_of(&operator.apply(&left, &right)?)
            }
            _ => truth_of(&*self.evaluate(node)?),
        }
    }

    fn local(&self, index: usize) -> Cow<'a, Value> {
        Cow::Owned(self.locals.get(self.frame + index).cloned().unwrap_or(Value::Absent))
    }

    fn bind(&mut self, node: &'a Node) -> Result<(), EvalError> {
        let value = self.evaluate(node)?.into_owned();
        self.locals.push(value);
        Ok(())
    }

    fn unary(&mut self, operator: Unary, operand: &'a Node) -> Result<Cow<'a, Value>, EvalError> {
        let operand = self.evaluate(operand)?;
        operator.apply(&operand).map(Cow::Owned)
    }

    fn binary(&mut self, operator: Binary, left: &'a Node, right: &'a Node) -> Result<Cow<'a, Value>, EvalError> {
        let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
        self.meter.charge(&[&left, &right])?;
        operator.apply(&left, &right).map(Cow::Owned)
    }

    fn condition(&mut self, node: &'a Node) -> Result<bool, EvalError> {
        Ok(self.test(node)?.unwrap_or(false))
    }

    /// `&&` looks for the first operand that does not hold, `||` for the first that does.
    fn logic(&mut self, operands: &'a [Node], until_fails: bool) -> Result<Cow<'a, Value>, EvalError> {
        self.decide(operands, until_fails).map(|truth| Cow::Owned(Value::Boolean(truth)))
    }

    fn decided(&mut self, operands: &'a [Node], until_fails: bool) -> Result<Option<bool>, EvalError> {
        self.meter.step()?;
        self.decide(operands, until_fails).map(Some)
    }

    fn decide(&mut self, operands: &'a [Node], until_fails: bool) -> Result<bool, EvalError> {
        for operand in operands {
            if self.condition(operand)? != until_fails {
                return Ok(!until_fails);
            }
        }
        Ok(until_fails)
    }

    fn first_present(&mut self, operands: &'a [Node]) -> Result<Cow<'a, Value>, EvalError> {
        for operand in operands {
            let value = self.evaluate(operand)?;
            if !value.is_absent() {
                return Ok(value);
            }
        }
        Ok(Cow::Owned(Value::Absent))
    }

    fn call(&mut self, function: Function, arguments: &'a [Node]) -> Result<Cow<'a, Value>, EvalError> {
        let arguments = self.evaluate_all(arguments)?;
        let arguments: SmallVec<[&Value; FEW]> = arguments.iter().map(|argument| &**argument).collect();
        self.meter.charge(&arguments)?;
        function.apply(&arguments).map(Cow::Owned)
    }

    fn script(&mut self, arguments: &'a [Node], body: Option<&'a Body>) -> Result<Cow<'a, Value>, EvalError> {
        let arguments = self.evaluate_all(arguments)?;
        let body = body.ok_or_else(|| EvalError::Script("the function is not compiled".to_owned()))?;
        let (caller, height) = (self.frame, self.locals.len());
        self.frame = height;
        self.locals.extend(arguments.into_iter().map(Cow::into_owned));
        let result = self.evaluate(&body.node);
        self.locals.truncate(height);
        self.frame = caller;
        result
    }

    fn evaluate_all(&mut self, nodes: &'a [Node]) -> Result<SmallVec<[Cow<'a, Value>; FEW]>, EvalError> {
        nodes.iter().map(|node| self.evaluate(node)).collect()
    }
}

/// Nearly every call has no more arguments.
const FEW: usize = 3;

/// Whether a condition holds; an absent one does not.
pub(in crate::formula) fn truth(value: &Value) -> Result<bool, EvalError> {
    truth_of(value).map(|truth| truth.unwrap_or(false))
}

fn truth_of(value: &Value) -> Result<Option<bool>, EvalError> {
    match value {
        Value::Boolean(boolean) => Ok(Some(*boolean)),
        Value::Absent => Ok(None),
        _ => Err(EvalError::WrongType { place: "if" }),
    }
}
