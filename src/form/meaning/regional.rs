//! What a regional cell means where a rule pack says what it holds. The gate admits such cells as texts, since it
//! knows no pack.

use crate::form::numeral::{self, Fault, Numeral};
use crate::form::{Cell, meaning};
use crate::quantity::{Exact, Money, MoneyUnit, Ratio};

/// A text that is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// `2`, `2.50`, `2分`.
///
/// # Errors
/// For anything else that is written.
pub fn number(text: &str) -> Result<Cell<Exact>, Unreadable> {
    cell(text, |numeral| match numeral.suffix.as_str() {
        "" | "分" => Exact::parse(&numeral.plain).ok_or(Fault::NotANumber),
        _ => Err(Fault::NotANumber),
    })
}

/// An amount in its own unit, or in `silent`.
///
/// # Errors
/// See [`number`].
pub fn money(text: &str, silent: MoneyUnit) -> Result<Cell<Money>, Unreadable> {
    cell(text, |numeral| meaning::money(numeral, silent))
}

/// As [`Funds::execution_rate_claimed`](crate::form::Funds::execution_rate_claimed).
///
/// # Errors
/// See [`number`].
pub fn ratio(text: &str) -> Result<Cell<Ratio>, Unreadable> {
    cell(text, meaning::rate)
}

fn cell<T>(text: &str, meaning: impl FnOnce(&Numeral) -> Result<T, Fault>) -> Result<Cell<T>, Unreadable> {
    match numeral::read(text).map_err(|_| Unreadable)? {
        Cell::Blank => Ok(Cell::Blank),
        Cell::NotApplicable => Ok(Cell::NotApplicable),
        Cell::Value(numeral) => meaning(&numeral).map(Cell::Value).map_err(|_| Unreadable),
    }
}
