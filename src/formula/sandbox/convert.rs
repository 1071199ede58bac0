//! Values between heng and the interpreter.
//!
//! In the interpreter a number is an `i64` where it is one (indexes and ranges need that), else an
//! [`Exact`]; a decimal literal comes as a `Decimal`. Absent is `()`.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult};

use crate::formula::{EvalError, Table, Value, Words};
use crate::quantity::Exact;

/// A word list as a custom type of the interpreter; cheap to copy.
#[derive(Debug, Clone)]
pub(super) struct WordList(pub(super) Arc<Words>);

pub(super) fn to_dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Absent => Dynamic::UNIT,
        Value::Number(number) => number.to_i64().map_or_else(|| Dynamic::from(number.clone()), Dynamic::from),
        Value::Boolean(boolean) => Dynamic::from(*boolean),
        Value::Text(text) => Dynamic::from(rhai::ImmutableString::from(&**text)),
        Value::Words(words) => Dynamic::from(WordList(Arc::clone(words))),
        Value::Table(table) => Dynamic::from(Arc::clone(table)),
    }
}

pub(super) fn to_value(dynamic: &Dynamic) -> Result<Value, EvalError> {
    if dynamic.is_unit() {
        return Ok(Value::Absent);
    }
    if let Ok(integer) = dynamic.as_int() {
        return Ok(Value::Number(Exact::from_i64(integer)));
    }
    if let Ok(boolean) = dynamic.as_bool() {
        return Ok(Value::Boolean(boolean));
    }
    if let Ok(decimal) = dynamic.as_decimal() {
        return Ok(Value::Number(Exact::from_decimal(decimal)));
    }
    if let Some(number) = dynamic.read_lock::<Exact>() {
        return Ok(Value::Number(number.clone()));
    }
    if let Ok(text) = dynamic.as_immutable_string_ref() {
        return Ok(Value::Text(Arc::from(text.as_str())));
    }
    if let Some(table) = dynamic.read_lock::<Arc<Table>>() {
        return Ok(Value::Table(Arc::clone(&table)));
    }
    match dynamic.read_lock::<WordList>() {
        Some(words) => Ok(Value::Words(Arc::clone(&words.0))),
        None => Err(EvalError::WrongType { place: "list" }),
    }
}

/// Carries an error of ours through the interpreter.
#[expect(clippy::unnecessary_box_returns, reason = "the interpreter's functions fail with a boxed error")]
pub(super) fn to_interpreter(error: EvalError) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorSystem(String::new(), Box::new(error)))
}

/// What the interpreter's error means to us; one of ours comes back as it went in.
pub(super) fn from_interpreter(error: &EvalAltResult) -> EvalError {
    match error.unwrap_inner() {
        EvalAltResult::ErrorSystem(_, inner) => match inner.downcast_ref::<EvalError>() {
            Some(error) => error.clone(),
            None => EvalError::Script(inner.to_string()),
        },
        EvalAltResult::ErrorTooManyOperations(..)
        | EvalAltResult::ErrorTerminated(..)
        | EvalAltResult::ErrorStackOverflow(..)
        | EvalAltResult::ErrorTooManyVariables(..) => EvalError::TooMuchWork,
        EvalAltResult::ErrorDataTooLarge(..) => EvalError::TooLarge,
        EvalAltResult::ErrorArrayBounds(..) | EvalAltResult::ErrorIndexNotFound(..) => EvalError::NoSuchElement,
        other => EvalError::Script(other.to_string()),
    }
}
