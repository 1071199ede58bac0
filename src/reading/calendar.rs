//! Days and periods as forms print them: often without a year, often coarser than a day.

use std::fmt;

/// A day of the calendar; the year is absent where the form leaves it out (`12月底前`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// 1900 to 2199.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Day {
    /// `None` when the calendar has no such day; 29 February stands when the year is not told.
    pub fn new(year: Option<i32>, month: u8, day: u8) -> Option<Self> {
        if year.is_some_and(|year| !(1900..=2199).contains(&year)) {
            return None;
        }
        (1..=last_of_month(year, month)?).contains(&day).then_some(Day { year, month, day })
    }

    /// The last day of a month.
    pub fn end_of_month(year: Option<i32>, month: u8) -> Option<Self> {
        Day::new(year, month, last_of_month(year, month)?)
    }

    /// The same day in `year` if it names none of its own.
    #[must_use]
    pub fn in_year(self, year: Option<i32>) -> Self {
        Day { year: self.year.or(year), ..self }
    }
}

fn last_of_month(year: Option<i32>, month: u8) -> Option<u8> {
    let leap = year.is_none_or(|y| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

impl fmt::Display for Day {
    /// ISO 8601: `2022-12-31`, or `--12-31` without a year.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

/// From the first day to the last, both included; one day when they are equal. `2022年12月` is the whole
/// month, `年底` the last month of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub first: Day,
    pub last: Day,
}

impl Period {
    pub fn day(day: Day) -> Self {
        Period { first: day, last: day }
    }

    /// The period with the year filled in where it names none.
    #[must_use]
    pub fn in_year(self, year: Option<i32>) -> Self {
        Period { first: self.first.in_year(year), last: self.last.in_year(year) }
    }
}

impl fmt::Display for Period {
    /// `2022-12-31`, or `2022-12-01/2022-12-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{}/{}", self.first, self.last) }
    }
}
