//! The year a form reports on.

use std::fmt;

/// A calendar year from 1949 to 2199; Chinese fiscal years are calendar years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(i32);

impl FiscalYear {
    pub const FIRST: FiscalYear = FiscalYear(1949);
    pub const LAST: FiscalYear = FiscalYear(2199);

    /// `None` outside 1949..=2199: a typing slip, not a year.
    pub fn new(year: i32) -> Option<Self> {
        (FiscalYear::FIRST.0..=FiscalYear::LAST.0).contains(&year).then_some(FiscalYear(year))
    }

    pub fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
