//! Days as systems exchange them.

use jiff::civil;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// 1900 to 2199; absent in `--12-31`.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, and in the month; 29 February stands where the year is not told.
    pub day: u8,
}

/// From the first day to the last, both included; one day when they are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    first: Day,
    last: Day,
    is_pair: bool,
}

impl Dates {
    pub fn first(self) -> Day {
        self.first
    }

    /// Not before [`Dates::first`], and with a year if that has one.
    pub fn last(self) -> Day {
        self.last
    }

    /// Whether both ends were written, as in `2022-12-01/2022-12-31`.
    pub fn is_pair(self) -> bool {
        self.is_pair
    }

    /// Reads `2022-12-31`, `2022-12`, `--12-31`, or two of them with `/` between: digits and marks exactly so.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let Some((from, to)) = text.split_once('/') else {
            let (first, last) = piece(text)?;
            return Some(Dates { first, last, is_pair: false });
        };
        let ((first, _), (_, last)) = (piece(from)?, piece(to)?);
        let alike = first.year.is_some() == last.year.is_some();
        (alike && first <= last).then_some(Dates { first, last, is_pair: true })
    }
}

/// The first and the last day of a day or a month.
fn piece(text: &str) -> Option<(Day, Day)> {
    let (year, rest) = match text.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => {
            let (year, rest) = text.split_once('-')?;
            (Some(digits(year, 4)?), rest)
        }
    };
    // No year: 29 February stands, as in any leap year.
    let calendar_year = i16::try_from(year.unwrap_or(2000)).ok().filter(|year| (1900..=2199).contains(year))?;
    let (month, day) = rest.split_once('-').map_or((rest, None), |(month, day)| (month, Some(day)));
    let month = i8::try_from(digits(month, 2)?).ok()?;
    let Some(day) = day else {
        let first = civil::Date::new(calendar_year, month, 1).ok()?;
        year?;
        return Some((day_of(year, first)?, day_of(year, first.last_of_month())?));
    };
    let day = civil::Date::new(calendar_year, month, i8::try_from(digits(day, 2)?).ok()?).ok()?;
    let day = day_of(year, day)?;
    Some((day, day))
}

fn day_of(year: Option<i32>, date: civil::Date) -> Option<Day> {
    Some(Day { year, month: u8::try_from(date.month()).ok()?, day: u8::try_from(date.day()).ok()? })
}

fn digits(text: &str, count: usize) -> Option<i32> {
    let exactly = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    exactly.then(|| text.parse().ok()).flatten()
}
