//! The functions on texts. All take time linear in their arguments: forms hold texts of 20,000 characters.

use std::collections::HashMap;
use std::sync::Arc;

use super::figures::{What, figures};
use super::fold::folded;
use super::{Function, words};
use crate::formula::{EvalError, Value};
use crate::quantity::Exact;

/// How many characters in a row count as copied.
const COPIED_RUN: usize = 4;

pub(super) fn apply(function: Function, arguments: &[&Value]) -> Result<Value, EvalError> {
    match (function, arguments) {
        (Function::Blank, [Value::Text(t)]) => Ok(Value::Boolean(is_blank(t))),
        (Function::Length, [Value::Text(t)]) => Ok(Value::Number(count(t.chars().count()))),
        (Function::ContainsAny, [Value::Text(t), Value::Words(words)]) => Ok(Value::Boolean(words.any_in(t))),
        (Function::EqualsAny, [Value::Text(t), Value::Words(words)]) => Ok(Value::Boolean(words.has(t))),
        (_, [Value::Text(a), Value::Text(b)]) => compare(function, a, b),
        (_, [Value::Text(t)]) => figures_of(function, t),
        (_, [Value::Text(t), Value::Words(list)]) => among(function, t, list),
        _ => Err(EvalError::WrongType { place: function.name() }),
    }
}

fn compare(function: Function, a: &Arc<str>, b: &Arc<str>) -> Result<Value, EvalError> {
    Ok(match function {
        Function::Contains => Value::Boolean(a.contains(&**b)),
        Function::StartsWith => Value::Boolean(a.starts_with(&**b)),
        Function::EndsWith => Value::Boolean(a.ends_with(&**b)),
        Function::SameText => Value::Boolean(folded(a) == folded(b)),
        Function::Similarity => Value::Number(similarity(&folded(a), &folded(b))?),
        Function::CopiedShare => Value::Number(copied_share(&folded(a), &folded(b))?),
        _ => return Err(EvalError::WrongType { place: function.name() }),
    })
}

/// The functions on the numbers and dates of one text.
fn figures_of(function: Function, t: &str) -> Result<Value, EvalError> {
    let numbers = || {
        figures(t).filter_map(|figure| match figure.what {
            What::Number { value, percent } => Some((value, percent)),
            What::Date(_) => None,
        })
    };
    let dates = || {
        figures(t).filter_map(|figure| match figure.what {
            What::Date(date) => Some(date),
            What::Number { .. } => None,
        })
    };
    let percentages = numbers().filter(|(_, percent)| *percent).map(|(value, _)| value);
    Ok(match function {
        Function::FirstNumber => numbers().next().map_or(Value::Absent, |(value, _)| Value::Number(value)),
        Function::PercentagesCount => Value::Number(count(percentages.count())),
        Function::PercentagesSum => {
            let mut sum: Option<Exact> = None;
            for value in percentages {
                sum = Some(match sum {
                    None => value,
                    Some(sum) => sum.add(&value)?,
                });
            }
            sum.map_or(Value::Absent, Value::Number)
        }
        Function::Day => {
            dates().find_map(|date| date.day).map_or(Value::Absent, |day| Value::Number(Exact::from_i64(day)))
        }
        Function::YearIn => {
            let year = dates().find_map(|date| date.year);
            year.map_or(Value::Absent, |year| Value::Number(Exact::from_i64(i64::from(year))))
        }
        _ => return Err(EvalError::WrongType { place: function.name() }),
    })
}

/// The functions that look for the words of a list.
fn among(function: Function, t: &str, list: &[Arc<str>]) -> Result<Value, EvalError> {
    Ok(match function {
        Function::CountAny => Value::Number(count(words::occurrences(t, list).len())),
        Function::WordsIn => Value::Number(count(words::different(t, list))),
        Function::NumberAfter => words::number_after(t, list).map_or(Value::Absent, Value::Number),
        _ => return Err(EvalError::WrongType { place: function.name() }),
    })
}

/// Twice the shared pairs over all pairs. Texts too short to have a pair are equal or not.
fn similarity(a: &[char], b: &[char]) -> Result<Exact, EvalError> {
    let pairs = |text: &[char]| text.len().saturating_sub(1);
    let all = pairs(a) + pairs(b);
    if a == b || all == 0 {
        return Ok(if a == b { Exact::ONE } else { Exact::ZERO });
    }
    let mut available: HashMap<&[char], usize> = HashMap::new();
    for pair in a.windows(2) {
        *available.entry(pair).or_default() += 1;
    }
    let mut shared = 0_usize;
    for pair in b.windows(2) {
        if let Some(left) = available.get_mut(pair).filter(|left| **left > 0) {
            *left -= 1;
            shared += 1;
        }
    }
    Ok(count(2 * shared).div(&count(all))?)
}

fn copied_share(a: &[char], b: &[char]) -> Result<Exact, EvalError> {
    let run = COPIED_RUN.min(a.len());
    if run == 0 {
        return Ok(Exact::ZERO);
    }
    let mut source: Vec<u128> = b.windows(run).map(packed).collect();
    source.sort_unstable();
    let copied = a.windows(run).filter(|piece| source.binary_search(&packed(piece)).is_ok()).count();
    Ok(count(copied).div(&count(a.len() - run + 1))?)
}

/// A few characters as one number; of one length, equal numbers are equal characters.
fn packed(piece: &[char]) -> u128 {
    piece.iter().fold(0, |number, c| number << 21 | u128::from(u32::from(*c)))
}

/// Whether a text says nothing that anybody could see.
pub(in crate::formula) fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

fn count(number: usize) -> Exact {
    Exact::from_i64(i64::try_from(number).unwrap_or(i64::MAX))
}
