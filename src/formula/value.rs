//! What a formula computes with, and how it can fail.

use std::fmt;
use std::sync::Arc;

use super::lookup::Table;
use super::words::Words;
use crate::diagnostic::Bilingual;
use crate::quantity::{ArithmeticError, Exact};

/// The type of a name, of an argument and of a formula's result. Every type also admits
/// [`Value::Absent`]: a cell of the form may be blank wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    Number,
    Boolean,
    Text,
    /// A list of texts; it comes from a pack's parameters and word lists only, never from formula text.
    Words,
    /// A table of the rules, for `lookup` only.
    Table,
}

impl Type {
    /// As messages call it.
    pub fn title(self) -> Bilingual {
        match self {
            Type::Number => Bilingual::new("数", "a number"),
            Type::Boolean => Bilingual::new("是非值", "a boolean"),
            Type::Text => Bilingual::new("文本", "a text"),
            Type::Words => Bilingual::new("词表", "a word list"),
            Type::Table => Bilingual::new("分档表", "a table"),
        }
    }
}

/// A value of a formula. `Absent` is a blank cell: it is not zero, not the empty text and not 不适用.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Absent,
    Number(Exact),
    Boolean(bool),
    Text(Arc<str>),
    Words(Arc<Words>),
    Table(Arc<Table>),
}

impl Value {
    /// `None` for [`Value::Absent`], which belongs to every type.
    pub fn value_type(&self) -> Option<Type> {
        match self {
            Value::Absent => None,
            Value::Number(_) => Some(Type::Number),
            Value::Boolean(_) => Some(Type::Boolean),
            Value::Text(_) => Some(Type::Text),
            Value::Words(_) => Some(Type::Words),
            Value::Table(_) => Some(Type::Table),
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Value::Absent)
    }

    /// Whether a condition holds: an absent one does not.
    pub fn holds(&self) -> bool {
        matches!(self, Value::Boolean(true))
    }

    pub fn as_number(&self) -> Option<&Exact> {
        match self {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    /// A number as [`Exact`] prints it, a text in corner brackets, an absent value as a dash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Absent => f.write_str("—"),
            Value::Number(number) => number.fmt(f),
            Value::Boolean(boolean) => boolean.fmt(f),
            Value::Text(text) => write!(f, "「{text}」"),
            Value::Words(words) => write!(f, "「{}」", words.join("／")),
            Value::Table(table) => write!(f, "「{}」", table.title()),
        }
    }
}

/// Why a formula has no value for these inputs. The row that asked for it is FAILED; nothing else is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    #[error("division by zero")]
    DivisionByZero,
    #[error("a number, text or list grew beyond its limit")]
    TooLarge,
    #[error("the formula used up its budget of operations")]
    TooMuchWork,
    #[error("`{place}` cannot take a value of this type")]
    WrongType { place: &'static str },
    #[error("`{function}` cannot take this argument: {reason}")]
    BadArgument { function: &'static str, reason: &'static str },
    #[error("the script has no element at this index")]
    NoSuchElement,
    /// Something of the interpreter that has no name of its own here.
    #[error("the script failed: {0}")]
    Script(String),
}

impl EvalError {
    /// The sentence of the finding.
    pub fn message(&self) -> Bilingual {
        let zh = match self {
            EvalError::DivisionByZero => "除数为零".to_owned(),
            EvalError::TooLarge => "数、文本或列表超出大小上限".to_owned(),
            EvalError::TooMuchWork => "运算量超出上限".to_owned(),
            EvalError::WrongType { place } => format!("`{place}` 不接受这种类型的值"),
            EvalError::BadArgument { function, .. } => format!("`{function}` 的参数超出允许范围"),
            EvalError::NoSuchElement => "脚本中的下标超出列表范围".to_owned(),
            EvalError::Script(_) => "脚本运行出错".to_owned(),
        };
        Bilingual::new(zh, self.to_string())
    }
}

impl From<ArithmeticError> for EvalError {
    fn from(error: ArithmeticError) -> Self {
        match error {
            ArithmeticError::DivisionByZero => EvalError::DivisionByZero,
            ArithmeticError::TooLarge => EvalError::TooLarge,
        }
    }
}
