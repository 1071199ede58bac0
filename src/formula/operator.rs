//! The operators of the formula language, with one meaning for the compiled form and the interpreter.

use super::{EvalError, Type, Value};
use crate::quantity::Exact;

/// The largest magnitude of an exponent.
const MAX_EXPONENT: i64 = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pow,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unary {
    Plus,
    Minus,
    Not,
}

impl Binary {
    pub(super) const ALL: [Binary; 12] = [
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Rem,
        Binary::Pow,
        Binary::Equal,
        Binary::Unequal,
        Binary::Less,
        Binary::LessOrEqual,
        Binary::Greater,
        Binary::GreaterOrEqual,
    ];

    /// Whether it asks which of two numbers is greater.
    pub fn orders(self) -> bool {
        matches!(self, Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual)
    }

    /// As written in a formula.
    pub fn symbol(self) -> &'static str {
        match self {
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::Rem => "%",
            Binary::Pow => "**",
            Binary::Equal => "==",
            Binary::Unequal => "!=",
            Binary::Less => "<",
            Binary::LessOrEqual => "<=",
            Binary::Greater => ">",
            Binary::GreaterOrEqual => ">=",
        }
    }

    pub(super) fn from_symbol(symbol: &str) -> Option<Self> {
        Binary::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }

    /// The operand types; both operands have the same one.
    pub(super) fn operands(self) -> &'static [Type] {
        match self {
            Binary::Equal | Binary::Unequal => &[Type::Number, Type::Boolean, Type::Text],
            _ => &[Type::Number],
        }
    }

    pub(super) fn result(self) -> Type {
        match self {
            Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem | Binary::Pow => Type::Number,
            _ => Type::Boolean,
        }
    }

    /// An absent operand makes the result absent, in comparisons too: nothing equals a blank cell.
    pub(super) fn apply(self, left: &Value, right: &Value) -> Result<Value, EvalError> {
        match (left, right) {
            (Value::Absent, _) | (_, Value::Absent) => Ok(Value::Absent),
            (Value::Number(left), Value::Number(right)) => self.apply_to_numbers(left, right),
            (Value::Boolean(_), Value::Boolean(_)) | (Value::Text(_), Value::Text(_)) => match self {
                Binary::Equal => Ok(Value::Boolean(left == right)),
                Binary::Unequal => Ok(Value::Boolean(left != right)),
                _ => Err(EvalError::WrongType { place: self.symbol() }),
            },
            _ => Err(EvalError::WrongType { place: self.symbol() }),
        }
    }

    fn apply_to_numbers(self, left: &Exact, right: &Exact) -> Result<Value, EvalError> {
        Ok(match self {
            Binary::Add => Value::Number(left.add(right)?),
            Binary::Sub => Value::Number(left.sub(right)?),
            Binary::Mul => Value::Number(left.mul(right)?),
            Binary::Div => Value::Number(left.div(right)?),
            Binary::Rem => Value::Number(left.rem(right)?),
            Binary::Pow => Value::Number(left.pow(exponent(right)?)?),
            Binary::Equal => Value::Boolean(left == right),
            Binary::Unequal => Value::Boolean(left != right),
            Binary::Less => Value::Boolean(left < right),
            Binary::LessOrEqual => Value::Boolean(left <= right),
            Binary::Greater => Value::Boolean(left > right),
            Binary::GreaterOrEqual => Value::Boolean(left >= right),
        })
    }
}

impl Unary {
    pub(super) const ALL: [Unary; 3] = [Unary::Plus, Unary::Minus, Unary::Not];

    pub fn symbol(self) -> &'static str {
        match self {
            Unary::Plus => "+",
            Unary::Minus => "-",
            Unary::Not => "!",
        }
    }

    pub(super) fn from_symbol(symbol: &str) -> Option<Self> {
        Unary::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }

    /// The type of operand and result.
    pub(super) fn operand(self) -> Type {
        match self {
            Unary::Plus | Unary::Minus => Type::Number,
            Unary::Not => Type::Boolean,
        }
    }

    /// An absent operand stays absent.
    pub(super) fn apply(self, operand: &Value) -> Result<Value, EvalError> {
        match (self, operand) {
            (_, Value::Absent) => Ok(Value::Absent),
            (Unary::Plus, Value::Number(number)) => Ok(Value::Number(number.clone())),
            (Unary::Minus, Value::Number(number)) => Ok(Value::Number(number.neg())),
            (Unary::Not, Value::Boolean(boolean)) => Ok(Value::Boolean(!boolean)),
            _ => Err(EvalError::WrongType { place: self.symbol() }),
        }
    }
}

fn exponent(value: &Exact) -> Result<i32, EvalError> {
    value
        .to_i64()
        .filter(|exponent| (-MAX_EXPONENT..=MAX_EXPONENT).contains(exponent))
        .and_then(|exponent| i32::try_from(exponent).ok())
        .ok_or(EvalError::BadArgument { function: "**", reason: "an exponent is an integer within ±10000" })
}
