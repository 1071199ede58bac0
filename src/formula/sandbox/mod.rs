//! Rhai, locked up: the parser of formulas, and the interpreter that runs what the compiled form does not
//! cover and checks what it does.
//!
//! The interpreter runs a *normal form* of the checked text (see [`normal`]) in which Rhai's own meaning of
//! numbers, conditions and absent values cannot show through: every operator and function is the same Rust
//! function that the compiled form calls.

mod convert;
mod engine;
mod normal;
mod parse;

use rhai::{AST, Scope};

pub(super) use engine::compile_normal;
pub(super) use normal::{normal_formula, normal_function};
pub(super) use parse::{Parsed, parse};

use super::{EvalError, Value};

/// Runs the statements of `program` with these names.
///
/// # Errors
/// Whatever the text runs into: arithmetic, types, limits.
pub(super) fn run<'a>(program: &AST, names: impl Iterator<Item = (&'a str, &'a Value)>) -> Result<Value, EvalError> {
    let mut scope = Scope::new();
    for (name, value) in names {
        scope.push_dynamic(name, convert::to_dynamic(value));
    }
    let result = engine::metered(|engine| engine.eval_ast_with_scope::<rhai::Dynamic>(&mut scope, program));
    result.and_then(|value| convert::to_value(&value))
}

/// Calls one function of `program`.
///
/// # Errors
/// As [`run`].
pub(super) fn call(program: &AST, function: &str, arguments: &[&Value]) -> Result<Value, EvalError> {
    let arguments: Vec<rhai::Dynamic> = arguments.iter().map(|argument| convert::to_dynamic(argument)).collect();
    let mut scope = Scope::new();
    let result = engine::metered(|engine| engine.call_fn::<rhai::Dynamic>(&mut scope, program, function, arguments));
    result.and_then(|value| convert::to_value(&value))
}
