//! Evaluation of the compiled tree.

use std::borrow::Cow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::watch::{ForkKind, Watch};
use super::{Body, Node, Spot};
use crate::formula::function::Function;
use crate::formula::meter::Meter;
use crate::formula::operator::{Binary, Unary};
use crate::formula::{EvalError, Frame, Value};

/// One evaluation: the values of the names, the frames of locals, and the work still allowed.
pub(in crate::formula) struct Machine<'a, W = ()> {
    values: Frame<'a>,
    locals: Vec<Value>,
    /// Where the current frame begins in `locals`.
    frame: usize,
    meter: Meter,
    /// Sees which way the run takes; `()` sees nothing and costs nothing.
    watch: W,
}

impl<'a> Machine<'a> {
    pub(in crate::formula) fn new(values: impl Into<Frame<'a>>) -> Self {
        Machine::watched(values.into(), ())
    }
}

impl<'a, W: Watch> Machine<'a, W> {
    pub(in crate::formula) fn watched(values: Frame<'a>, watch: W) -> Self {
        Machine { values, locals: Vec::new(), frame: 0, meter: Meter::new(), watch }
    }

    /// What was seen.
    pub(in crate::formula) fn seen(self) -> W {
        self.watch
    }

    /// One arm a method: a frame of this recursion stays small.
    pub(in crate::formula) fn evaluate(&mut self, node: &'a Node) -> Result<Cow<'a, Value>, EvalError> {
        self.meter.step()?;
        match node {
            Node::Constant(value) => Ok(Cow::Borrowed(value)),
            Node::Name(slot) => {
                self.watch.name(*slot);
                Ok(self.values.get(*slot).map_or(Cow::Owned(Value::Absent), Cow::Borrowed))
            }
            Node::Local(index) => Ok(self.local(*index)),
            Node::Unary(operator, operand) => self.unary(*operator, operand),
            Node::Binary(operator, operands) => self.binary(node, *operator, operands),
            Node::All(operands, spots) => self.logic(operands, spots, true),
            Node::Any(operands, spots) => self.logic(operands, spots, false),
            Node::FirstPresent(operands, spots) => self.first_present(operands, spots),
            Node::If(parts, spot) => {
                let chosen = if self.condition(&parts.0, Some(spot))? { &parts.1 } else { &parts.2 };
                self.evaluate(chosen)
            }
            Node::Let(parts) => {
                self.bind(&parts.0)?;
                let result = self.evaluate(&parts.1);
                self.locals.pop();
                result
            }
            Node::Call(function, arguments, spot) => self.call(*function, arguments, spot),
            Node::Script { name, arguments, body } => self.script(name, arguments, body.as_deref()),
        }
    }

    /// The truth of a condition, `None` where it is absent: as [`Machine::evaluate`], for the same work, without
    /// making a value.
    pub(in crate::formula) fn test(&mut self, node: &'a Node) -> Result<Option<bool>, EvalError> {
        match node {
            Node::All(operands, spots) => self.decided(operands, spots, true),
            Node::Any(operands, spots) => self.decided(operands, spots, false),
            Node::Binary(operator, operands) => self.compare(node, *operator, operands),
            Node::Unary(Unary::Not, operand) => {
                self.meter.step()?;
                Ok(self.test(operand)?.map(|truth| !truth))
            }
            Node::Constant(_) | Node::Name(_) => match self.at_hand(node)? {
                Some(value) => truth_of(value),
                None => Ok(None),
            },
            _ => truth_of(&*self.evaluate(node)?),
        }
    }

    fn compare(
        &mut self,
        node: &'a Node,
        operator: Binary,
        operands: &'a (Node, Node),
    ) -> Result<Option<bool>, EvalError> {
        self.meter.step()?;
        let (left, right) = (self.operand(&operands.0)?, self.operand(&operands.1)?);
        self.meter.charge(&[&left, &right])?;
        self.watch.compared(node, operator, &left, &right);
        truth_of(&operator.apply(&left, &right)?)
    }

    /// As [`Machine::evaluate`], at once where the value is at hand.
    fn operand(&mut self, node: &'a Node) -> Result<Cow<'a, Value>, EvalError> {
        match self.at_hand(node)? {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.evaluate(node),
        }
    }

    /// The value of a constant or a name, for its step of work; nothing, and no work, for any other node.
    fn at_hand(&mut self, node: &'a Node) -> Result<Option<&'a Value>, EvalError> {
        let value = match node {
            Node::Constant(value) => value,
            Node::Name(slot) => {
                self.watch.name(*slot);
                self.values.get(*slot).unwrap_or(&ABSENT)
            }
            _ => return Ok(None),
        };
        self.meter.step()?;
        Ok(Some(value))
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

    fn binary(
        &mut self,
        node: &'a Node,
        operator: Binary,
        operands: &'a (Node, Node),
    ) -> Result<Cow<'a, Value>, EvalError> {
        let (left, right) = (self.operand(&operands.0)?, self.operand(&operands.1)?);
        self.meter.charge(&[&left, &right])?;
        self.watch.compared(node, operator, &left, &right);
        operator.apply(&left, &right).map(Cow::Owned)
    }

    fn condition(&mut self, node: &'a Node, spot: Option<&'a Spot>) -> Result<bool, EvalError> {
        let holds = self.test(node)?.unwrap_or(false);
        if let Some(spot) = spot.filter(|_| !node.is_logic()) {
            self.watch.fork(spot, ForkKind::Condition, usize::from(!holds));
        }
        Ok(holds)
    }

    /// `&&` looks for the first operand that does not hold, `||` for the first that does.
    fn logic(
        &mut self,
        operands: &'a [Node],
        spots: &'a [Spot],
        until_fails: bool,
    ) -> Result<Cow<'a, Value>, EvalError> {
        self.decide(operands, spots, until_fails).map(|truth| Cow::Owned(Value::Boolean(truth)))
    }

    fn decided(
        &mut self,
        operands: &'a [Node],
        spots: &'a [Spot],
        until_fails: bool,
    ) -> Result<Option<bool>, EvalError> {
        self.meter.step()?;
        self.decide(operands, spots, until_fails).map(Some)
    }

    fn decide(&mut self, operands: &'a [Node], spots: &'a [Spot], until_fails: bool) -> Result<bool, EvalError> {
        for (index, operand) in operands.iter().enumerate() {
            if self.condition(operand, spots.get(index))? != until_fails {
                return Ok(!until_fails);
            }
        }
        Ok(until_fails)
    }

    fn first_present(&mut self, operands: &'a [Node], spots: &'a [Spot]) -> Result<Cow<'a, Value>, EvalError> {
        for (index, operand) in operands.iter().enumerate() {
            let value = self.evaluate(operand)?;
            if let Some(spot) = spots.get(index).filter(|_| index + 1 < operands.len()) {
                self.watch.fork(spot, ForkKind::Fallback, usize::from(value.is_absent()));
            }
            if !value.is_absent() {
                return Ok(value);
            }
        }
        Ok(Cow::Owned(Value::Absent))
    }

    fn call(&mut self, function: Function, arguments: &'a [Node], spot: &'a Spot) -> Result<Cow<'a, Value>, EvalError> {
        match arguments {
            [one] => {
                let one = self.operand(one)?;
                self.apply(function, &[&one], spot)
            }
            [one, two] => {
                let (one, two) = (self.operand(one)?, self.operand(two)?);
                self.apply(function, &[&one, &two], spot)
            }
            _ => {
                let arguments = self.evaluate_all(arguments)?;
                let arguments: SmallVec<[&Value; FEW]> = arguments.iter().map(|argument| &**argument).collect();
                self.apply(function, &arguments, spot)
            }
        }
    }

    fn apply(&mut self, function: Function, arguments: &[&Value], spot: &'a Spot) -> Result<Cow<'a, Value>, EvalError> {
        self.meter.charge(arguments)?;
        let value = function.apply(arguments)?;
        self.watch.called(function, arguments, &value, spot);
        Ok(Cow::Owned(value))
    }

    fn script(
        &mut self,
        name: &'a Arc<str>,
        arguments: &'a [Node],
        body: Option<&'a Body>,
    ) -> Result<Cow<'a, Value>, EvalError> {
        let arguments = self.evaluate_all(arguments)?;
        let body = body.ok_or_else(|| EvalError::Script("the function is not compiled".to_owned()))?;
        let (caller, height) = (self.frame, self.locals.len());
        self.frame = height;
        self.locals.extend(arguments.into_iter().map(Cow::into_owned));
        self.watch.enter(name, &body.file);
        let result = self.evaluate(&body.node);
        self.watch.leave();
        self.locals.truncate(height);
        self.frame = caller;
        result
    }

    fn evaluate_all(&mut self, nodes: &'a [Node]) -> Result<SmallVec<[Cow<'a, Value>; FEW]>, EvalError> {
        nodes.iter().map(|node| self.operand(node)).collect()
    }
}

/// Nearly every call has no more arguments.
const FEW: usize = 4;

/// What a name has whose slot nobody filled.
static ABSENT: Value = Value::Absent;

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
