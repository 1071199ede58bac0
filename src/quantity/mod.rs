//! Exact numbers with their unit.
//!
//! No float touches money or points. A formula computes with [`Exact`], an unrounded rational, and the
//! one rounding of a score happens in [`Points::fix`]. Unlike units are unlike types and do not mix.

mod day_count;
mod exact;
mod fiscal_year;
mod interval;
mod money;
mod points;
mod ratio;

pub use day_count::day_count;
pub use exact::{ArithmeticError, Exact};
pub use fiscal_year::FiscalYear;
pub use interval::Interval;
pub use money::{Money, MoneyUnit};
pub use points::Points;
pub use ratio::Ratio;

#[cfg(test)]
mod tests;
