//! What each function does.

use smallvec::SmallVec;

use super::{Function, text};
use crate::formula::{EvalError, Value};
use crate::quantity::Exact;

pub(super) fn apply(function: Function, arguments: &[&Value]) -> Result<Value, EvalError> {
    match (function, arguments) {
        (Function::Has, [value]) => return Ok(Value::Boolean(!value.is_absent())),
        (Function::Blank, [Value::Absent]) => return Ok(Value::Boolean(true)),
        _ if arguments.iter().any(|value| value.is_absent()) => return Ok(Value::Absent),
        _ => {}
    }
    match (function, arguments) {
        (Function::Abs, [Value::Number(x)]) => Ok(Value::Number(x.abs())),
        (Function::Floor, [Value::Number(x)]) => Ok(Value::Number(x.floor())),
        (Function::Ceil, [Value::Number(x)]) => Ok(Value::Number(x.ceil())),
        (Function::RoundHalfUp, [Value::Number(x)]) => Ok(Value::Number(x.round_half_up(0))),
        (Function::RoundHalfUp, [Value::Number(x), Value::Number(places)]) => {
            Ok(Value::Number(x.round_half_up(decimal_places(places)?)))
        }
        (Function::Min, [_, _, ..]) => {
            Ok(Value::Number(numbers(function, arguments)?.min().cloned().unwrap_or(Exact::ZERO)))
        }
        (Function::Max, [_, _, ..]) => {
            Ok(Value::Number(numbers(function, arguments)?.max().cloned().unwrap_or(Exact::ZERO)))
        }
        (Function::Clamp, [Value::Number(x), Value::Number(low), Value::Number(high)]) => clamp(x, low, high),
        (Function::Lookup, [Value::Table(table), Value::Number(x)]) => {
            Ok(table.row_of(x).map_or(Value::Absent, |(_, number)| Value::Number(number.clone())))
        }
        (Function::Contains, [Value::Words(words), Value::Text(part)]) => Ok(Value::Boolean(words.has(part))),
        _ => text::apply(function, arguments),
    }
}

fn numbers<'a>(function: Function, arguments: &[&'a Value]) -> Result<impl Iterator<Item = &'a Exact>, EvalError> {
    let numbers: Option<SmallVec<[&Exact; 4]>> = arguments.iter().map(|value| value.as_number()).collect();
    numbers.map(SmallVec::into_iter).ok_or(EvalError::WrongType { place: function.name() })
}

fn clamp(x: &Exact, low: &Exact, high: &Exact) -> Result<Value, EvalError> {
    if low > high {
        return Err(EvalError::BadArgument { function: "clamp", reason: "low exceeds high" });
    }
    Ok(Value::Number(x.max(low).min(high).clone()))
}

fn decimal_places(places: &Exact) -> Result<u32, EvalError> {
    places
        .to_i64()
        .and_then(|places| u32::try_from(places).ok())
        .filter(|places| *places <= Exact::MAX_PLACES)
        .ok_or(EvalError::BadArgument { function: "round_half_up", reason: "places is an integer from 0 to 28" })
}
