//! Evaluation of the compiled tree.

use std::borrow::Cow;

use super::Node;
use crate::formula::meter::Meter;
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

    pub(in crate::formula) fn evaluate(&mut self, node: &'a Node) -> Result<Cow<'a, Value>, EvalError> {
        self.meter.step()?;
        match node {
            Node::Constant(value) => Ok(Cow::Borrowed(value)),
            Node::Name(slot) => Ok(self.values.get(*slot).map_or(Cow::Owned(Value::Absent), Cow::Borrowed)),
            Node::Local(index) => Ok(Cow::Owned(self.locals.get(self.frame + index).cloned().unwrap_or(Value::Absent))),
            Node::Unary(operator, operand) => {
                let operand = self.evaluate(operand)?;
                operator.apply(&operand).map(Cow::Owned)
            }
            Node::Binary(operator, operands) => {
                let (left, right) = (self.evaluate(&operands.0)?, self.evaluate(&operands.1)?);
                self.meter.charge(&[&left, &right])?;
                operator.apply(&left, &right).map(Cow::Owned)
            }
            Node::All(operands) => self.logic(operands, true),
            Node::Any(operands) => self.logic(operands, false),
            Node::FirstPresent(operands) => {
                for operand in operands {
                    let value = self.evaluate(operand)?;
                    if !value.is_absent() {
                        return Ok(value);
                    }
                }
                Ok(Cow::Owned(Value::Absent))
            }
            Node::If(parts) => {
                let holds = truth(&*self.evaluate(&parts.0)?)?;
                self.evaluate(if holds { &parts.1 } else { &parts.2 })
            }
            Node::Let(parts) => {
                let value = self.evaluate(&parts.0)?.into_owned();
                self.locals.push(value);
                let result = self.evaluate(&parts.1);
                self.locals.pop();
                result
            }
            Node::Call(function, arguments) => {
                let arguments = self.evaluate_all(arguments)?;
                let arguments: Vec<&Value> = arguments.iter().map(|argument| &**argument).collect();
                self.meter.charge(&arguments)?;
                function.apply(&arguments).map(Cow::Owned)
            }
            Node::Script { arguments, body, .. } => {
                let arguments = self.evaluate_all(arguments)?;
                let body = body.as_ref().ok_or_else(|| EvalError::Script("the function is not compiled".to_owned()))?;
                let (caller, height) = (self.frame, self.locals.len());
                self.frame = height;
                self.locals.extend(arguments.into_iter().map(Cow::into_owned));
                let result = self.evaluate(&body.node);
                self.locals.truncate(height);
                self.frame = caller;
                result
            }
        }
    }

    fn evaluate_all(&mut self, nodes: &'a [Node]) -> Result<Vec<Cow<'a, Value>>, EvalError> {
        nodes.iter().map(|node| self.evaluate(node)).collect()
    }

    /// `&&` looks for the first operand that does not hold, `||` for the first that does.
    fn logic(&mut self, operands: &'a [Node], until_fails: bool) -> Result<Cow<'a, Value>, EvalError> {
        for operand in operands {
            if truth(&*self.evaluate(operand)?)? != until_fails {
                return Ok(Cow::Owned(Value::Boolean(!until_fails)));
            }
        }
        Ok(Cow::Owned(Value::Boolean(until_fails)))
    }
}

/// Whether a condition holds; an absent one does not.
pub(in crate::formula) fn truth(value: &Value) -> Result<bool, EvalError> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        Value::Absent => Ok(false),
        _ => Err(EvalError::WrongType { place: "if" }),
    }
}
