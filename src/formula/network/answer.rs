//! The answers of nodes: truths and values.

use crate::formula::Value;
use crate::formula::function::{Function, is_blank};
use crate::formula::operator::Binary;

/// The value of a name whose slot nobody filled.
pub(super) static ABSENT: Value = Value::Absent;

/// The answer of a node as a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Holds,
    DoesNotHold,
    Absent,
    Failed,
}

/// A node without a value. Why is not told: a condition that fails does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed;

/// A value: where it stands, or made on the way.
pub(super) enum Given<'x> {
    At(&'x Value),
    Made(Value),
}

impl Given<'_> {
    pub(super) fn value(&self) -> &Value {
        match self {
            Given::At(value) => value,
            Given::Made(value) => value,
        }
    }
}

impl Truth {
    pub(super) fn into_value<'x>(self) -> Result<Given<'x>, Failed> {
        match self {
            Truth::Holds => Ok(Given::Made(Value::Boolean(true))),
            Truth::DoesNotHold => Ok(Given::Made(Value::Boolean(false))),
            Truth::Absent => Ok(Given::Made(Value::Absent)),
            Truth::Failed => Err(Failed),
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::Holds } else { Truth::DoesNotHold }
    }
}

/// As the operator gives it.
pub(super) fn compared(operator: Binary, left: &Value, right: &Value) -> Truth {
    Truth::from(match (left, right) {
        (Value::Absent, _) | (_, Value::Absent) => return Truth::Absent,
        (Value::Text(left), Value::Text(right)) => match operator {
            Binary::Equal => left == right,
            Binary::Unequal => left != right,
            _ => return Truth::Failed,
        },
        (Value::Number(left), Value::Number(right)) => match operator {
            Binary::Equal => left == right,
            Binary::Unequal => left != right,
            Binary::Less => left < right,
            Binary::LessOrEqual => left <= right,
            Binary::Greater => left > right,
            Binary::GreaterOrEqual => left >= right,
            _ => return Truth::Failed,
        },
        (left, right) => return operator.apply(left, right).map_or(Truth::Failed, |value| truth_of(&value)),
    })
}

pub(super) fn asked_of_one(function: Function, one: &Value) -> Option<Truth> {
    match (function, one) {
        (Function::Has, one) => Some(Truth::from(!one.is_absent())),
        (Function::Blank, Value::Absent) => Some(Truth::Holds),
        (Function::Blank, Value::Text(text)) => Some(Truth::from(is_blank(text))),
        _ => None,
    }
}

pub(super) fn asked_of_words(function: Function, text: &Value, words: &Value) -> Option<Truth> {
    match (function, text, words) {
        (Function::ContainsAny, Value::Text(text), Value::Words(words)) => Some(Truth::from(words.any_in(text))),
        (Function::EqualsAny, Value::Text(text), Value::Words(words)) => Some(Truth::from(words.has(text))),
        _ => None,
    }
}

pub(super) fn truth_of(value: &Value) -> Truth {
    match value {
        Value::Boolean(true) => Truth::Holds,
        Value::Boolean(false) => Truth::DoesNotHold,
        Value::Absent => Truth::Absent,
        _ => Truth::Failed,
    }
}
