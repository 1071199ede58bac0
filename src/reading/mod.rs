//! Printed text → typed value, by a grammar of numbers and the pack's lexicon of words.
//!
//! [`read`] takes a cell as printed (年度指标值 or 实际完成值) and says what it is: a number with its
//! comparison and unit, a range, a date, words with their tier, 不适用, nothing, or nothing readable.
//! [`meet`] compares two readings. Both are total, linear in the length of the text, and never guess:
//! what cannot be told is [`Kind::Unreadable`] or [`Met::Unknown`] and says why.

mod calendar;
mod carried;
mod choose;
mod clause;
mod grammar;
mod kind;
mod lexicon;
mod meeting;
mod notes;
mod origins;
mod plain;
mod read;
mod statement;
mod structured;
mod surface;

pub use calendar::{Day, Period};
pub use carried::Carried;
pub use kind::{Comparison, Kind};
pub use lexicon::{Lexicon, WordEntry, WordIndex};
pub use meeting::{Direction, Meeting, Met, meet};
pub use read::read;
pub use statement::{Change, Reading, Role, Span, Spans, Statement, Unit};
pub use structured::{CellReading, structured};

/// What the reader may know of the row a cell stands in; all empty is allowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'a> {
    /// The three levels as printed: 产出指标, 成本指标, 按年度预算执行.
    pub dimension: &'a str,
    pub category: &'a str,
    pub name: &'a str,
    /// The unit of a separate 度量单位 column; for numbers printed without one. Empty when there is none.
    pub unit: &'a str,
    /// For dates printed without a year.
    pub fiscal_year: Option<i32>,
}

/// Which column a cell stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// 年度指标值
    Target,
    /// 实际完成值
    Actual,
}

#[cfg(test)]
mod tests;
