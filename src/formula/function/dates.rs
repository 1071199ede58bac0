//! Dates in running text, by the figures of the calendar alone: `2022年12月31日`, `2022-12-31`, 二〇二二年三月五日.

use std::ops::Range;

use super::figures::Walk;
use crate::quantity::day_count;

/// The years that a text may mean; other figures before 年 are durations.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2099;

/// A date as far as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Date {
    pub year: Option<u32>,
    /// The number of the day, where year, month and day are all written.
    pub day: Option<i64>,
}

impl Date {
    fn of_year(year: u32) -> Self {
        Date { year: Some(year), day: None }
    }

    /// `None` when the calendar has no such day.
    fn full(year: u32, month: u32, day: u32) -> Option<Self> {
        let count = day_count(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        Some(Date { year: Some(year), day: Some(count) })
    }
}

/// The date that begins at `start`, where `first` stands, and the place after it.
pub(super) fn date_at(walk: &Walk, start: usize, first: char) -> Option<(usize, Date)> {
    if first.is_ascii_digit() {
        let end = walk.past_digits(start);
        return match end - start {
            8 => eight_digits(walk, start..end),
            4 => {
                let year = walk.integer(start..end).filter(|year| YEARS.contains(year))?;
                after_year(walk, end, year)
            }
            1 | 2 => month(walk, start).map(|(after, _)| (past_day(walk, after).0, Date::default())),
            _ => None,
        };
    }
    let year = chinese_year(walk, start)?;
    in_words(walk, start + 4, year)
}

/// `20221231` that stands by itself.
fn eight_digits(walk: &Walk, digits: Range<usize>) -> Option<(usize, Date)> {
    let (start, end) = (digits.start, digits.end);
    let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if joined(walk.before(start)) || joined(walk.char_at(end)) {
        return None;
    }
    let part = |from: usize, to: usize| walk.integer(start + from..start + to);
    let year = part(0, 4).filter(|year| YEARS.contains(year))?;
    Some((end, Date::full(year, part(4, 6)?, part(6, 8)?)?))
}

fn after_year(walk: &Walk, end: usize, year: u32) -> Option<(usize, Date)> {
    match walk.char_at(end) {
        Some(sign @ ('-' | '/' | '.')) => in_figures(walk, end, sign, year).or_else(|| up_to_year(walk, end, year)),
        Some('—' | '–' | '~' | '～' | '至' | '、') => up_to_year(walk, end, year),
        _ => in_words(walk, end, year),
    }
}

/// `2022年`, `2022年12月`, `2022 年 12 月 31 日`, from behind the year's figures.
fn in_words(walk: &Walk, end: usize, year: u32) -> Option<(usize, Date)> {
    let sign = walk.past_blanks(end);
    if walk.char_at(sign) != Some('年') {
        return None;
    }
    let Some((after, month)) = month(walk, walk.past_blanks(sign + 1)) else {
        return Some((sign + 1, Date::of_year(year)));
    };
    let (after, day) = past_day(walk, after);
    let date = day.and_then(|day| Date::full(year, month, day)).unwrap_or(Date::of_year(year));
    Some((after, date))
}

/// `12月`, and the place behind it.
fn month(walk: &Walk, start: usize) -> Option<(usize, u32)> {
    let (end, month) = small(walk, start)?;
    let sign = walk.past_blanks(end);
    (walk.char_at(sign) == Some('月') && (1..=12).contains(&month)).then_some((sign + 1, month))
}

/// The day that may follow a month, and the place behind it or, without one, behind the month.
fn past_day(walk: &Walk, after_month: usize) -> (usize, Option<u32>) {
    let found = small(walk, walk.past_blanks(after_month)).and_then(|(end, day)| {
        let sign = walk.past_blanks(end);
        matches!(walk.char_at(sign), Some('日' | '号')).then_some((sign + 1, Some(day)))
    });
    found.unwrap_or((after_month, None))
}

/// `2022-12-31`, `2022/12/31`, `2022.12.31` and `2022-12`; `2022.12` is a number.
fn in_figures(walk: &Walk, at: usize, sign: char, year: u32) -> Option<(usize, Date)> {
    let month_end = walk.past_digits(at + 1);
    let month = walk.integer(at + 1..month_end).filter(|month| month_end - at <= 3 && (1..=12).contains(month))?;
    if walk.char_at(month_end) != Some(sign) {
        return (sign != '.').then_some((month_end, Date::of_year(year)));
    }
    let end = walk.past_digits(month_end + 1);
    let day = walk.integer(month_end + 1..end).filter(|_| end - month_end <= 3)?;
    Some((end, Date::full(year, month, day)?))
}

/// The first year of `2021-2023年`.
fn up_to_year(walk: &Walk, at: usize, year: u32) -> Option<(usize, Date)> {
    let mut next = at + 1;
    while matches!(walk.char_at(next), Some('—' | '-')) && next < at + 3 {
        next += 1;
    }
    let end = walk.past_digits(next);
    let other = walk.integer(next..end).filter(|other| end - next == 4 && YEARS.contains(other));
    (other.is_some() && walk.char_at(walk.past_blanks(end)) == Some('年')).then_some((at, Date::of_year(year)))
}

/// A month or a day: `12`, 十二.
fn small(walk: &Walk, start: usize) -> Option<(usize, u32)> {
    let end = walk.past_digits(start);
    if end > start {
        return walk.integer(start..end).filter(|_| end - start <= 2).map(|number| (end, number));
    }
    let unit = |index: usize| walk.char_at(index).and_then(|c| chinese_digit(c).filter(|digit| *digit > 0));
    let tens = unit(start);
    let at_ten = start + usize::from(tens.is_some());
    if walk.char_at(at_ten) != Some('十') {
        return tens.map(|number| (at_ten, number));
    }
    let ones = unit(at_ten + 1);
    Some((at_ten + 1 + usize::from(ones.is_some()), tens.unwrap_or(1) * 10 + ones.unwrap_or(0)))
}

/// 二〇二二
fn chinese_year(walk: &Walk, start: usize) -> Option<u32> {
    let digits = (start..start + 4).map(|index| walk.char_at(index).and_then(chinese_digit));
    let year = digits.into_iter().try_fold(0, |sum, digit| Some(sum * 10 + digit?))?;
    YEARS.contains(&year).then_some(year)
}

fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}
