//! Days and periods: `2022年12月31日`, `2021.1.1-12.31`, `1-12月`, `12月底`, `2022年第三季度`.

use std::ops::RangeInclusive;

use winnow::Parser;
use winnow::combinator::{alt, opt, peek, preceded, terminated};
use winnow::error::EmptyError;
use winnow::token::{one_of, take_while};

use super::super::calendar::{Day, Period};
use super::super::kind::Comparison;
use super::super::lexicon::{Lexicon, Sense, YearPart};
use super::{Cell, Parsed};

/// A date or a stretch of time, as far as it is written in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) struct Dated {
    pub period: Period,
    /// Both ends are written: `2021.1.1-12.31`.
    pub ends: bool,
    /// A day, or the end of something (底): its 前 means up to its last day. 12月前 may mean before its first.
    pub closing: bool,
}

impl Dated {
    pub fn one(period: Period) -> Self {
        Dated { period, ends: false, closing: period.first == period.last }
    }

    /// A named part of a month or a year closes where it lies within one month: 年底, 下旬.
    pub fn part(period: Period) -> Self {
        let whole_year = (period.first.month, period.last.month) == (1, 12);
        Dated { ends: whole_year, closing: period.first.month == period.last.month, ..Dated::one(period) }
    }

    fn range(first: Day, last: Day) -> Parsed<Self> {
        if first <= last { Ok(Dated { ends: true, ..Dated::one(Period { first, last }) }) } else { Err(EmptyError) }
    }
}

pub(super) fn date(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let whole = input.input;
    let dated = if begins_with_year(whole) {
        alt((months_of_year, years, days_in_words)).parse_next(input)?
    } else {
        let figures = alt((month_in_dashes, american, eight_digits)).map(Dated::one);
        let ranges = alt((months_of_year, days_in_figures, months_in_figures, years));
        alt((ranges, days_in_words, figures, month_and_day)).parse_next(input)?
    };
    if dated.closing {
        opt(clock).parse_next(input)?;
    }
    let read = whole.get(..whole.len() - input.input.len()).unwrap_or_default();
    // 12月3190人 is a month and a number, 2022-12-311 is neither.
    let runs_on = read.ends_with(|c: char| c.is_ascii_digit()) && input.input.starts_with(|c: char| c.is_ascii_digit());
    if runs_on { Err(EmptyError) } else { Ok(dated) }
}

/// `2021-2023`, where the row is about time.
pub(super) fn years_alone(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let (from, to) = (year, preceded(between, year)).parse_next(input)?;
    if !input.input.is_empty() {
        return Err(EmptyError);
    }
    Dated::range(Day::new(Some(from), 1, 1).ok_or(EmptyError)?, Day::new(Some(to), 12, 31).ok_or(EmptyError)?)
}

/// `2023.3`: a month, where the row is about time and nothing measures it.
pub(super) fn month_alone(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let (year, month) = (year, preceded('.', small)).parse_next(input)?;
    let measures = |sense| matches!(sense, Sense::Unit(_) | Sense::Scale(_)).then_some(());
    let is_measured = input.state.longest(input.input).is_some_and(|(_, word)| word.find(measures).is_some());
    if is_measured || input.input.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.') {
        return Err(EmptyError);
    }
    let first = Day::new(Some(year), month, 1).ok_or(EmptyError)?;
    let last = Day::end_of_month(Some(year), month).ok_or(EmptyError)?;
    Ok(Dated::one(Period { first, last }))
}

/// A named stretch of a year, once the year is known or known to be left out.
pub(super) fn stretch(year: Option<i32>, part: YearPart) -> Option<Period> {
    let first = Day::new(year, part.first.0, part.first.1)?;
    let last = Day::new(year, part.last.0, part.last.1).or_else(|| Day::end_of_month(year, part.last.0))?;
    Some(Period { first, last })
}

fn number(input: &mut Cell<'_, '_>, most: usize) -> Parsed<i32> {
    take_while(1..=most, |c: char| c.is_ascii_digit()).parse_next(input)?.parse().map_err(|_| EmptyError)
}

fn year(input: &mut Cell<'_, '_>) -> Parsed<i32> {
    let digits = take_while(4..=4, |c: char| c.is_ascii_digit()).parse_next(input)?;
    digits.parse().ok().filter(|year| (1900..=2199).contains(year)).ok_or(EmptyError)
}

/// A month or a day: `12`, 十二.
fn small(input: &mut Cell<'_, '_>) -> Parsed<u8> {
    let figures = |input: &mut Cell<'_, '_>| number(input, 2);
    let words = |input: &mut Cell<'_, '_>| chinese_number(input, 1..=3, "一二三四五六七八九十");
    u8::try_from(alt((figures, words)).parse_next(input)?).map_err(|_| EmptyError)
}

fn chinese_number(input: &mut Cell<'_, '_>, length: RangeInclusive<usize>, signs: &str) -> Parsed<i32> {
    let run = take_while(length, |c: char| signs.contains(c)).parse_next(input)?;
    let value = super::numeral::chinese_value(run).and_then(|value| value.to_i64());
    value.and_then(|value| i32::try_from(value).ok()).ok_or(EmptyError)
}

/// A word that stands between two bounds.
fn between(input: &mut Cell<'_, '_>) -> Parsed<()> {
    sense(input, |sense| (sense == Sense::Between).then_some(()))
}

fn sense<T>(input: &mut Cell<'_, '_>, pick: impl Fn(Sense) -> Option<T>) -> Parsed<T> {
    let lexicon: &Lexicon = input.state;
    let (length, word) = lexicon.longest(input.input).ok_or(EmptyError)?;
    let picked = word.find(pick).ok_or(EmptyError)?;
    input.input = input.input.get(length..).ok_or(EmptyError)?;
    Ok(picked)
}

/// `1-12月`, `2021年1-12月`: whole months.
fn months_of_year(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let year = opt(terminated(year, '年')).parse_next(input)?;
    let (from, to) = (small, preceded((opt('月'), between), terminated(small, '月'))).parse_next(input)?;
    let names_day: Parsed<char> = peek(preceded(small, one_of(['日', '号']))).parse_next(input);
    if names_day.is_ok() {
        return Err(EmptyError);
    }
    let first = Day::new(year, from, 1).ok_or(EmptyError)?;
    let last = Day::end_of_month(year, to).ok_or(EmptyError)?;
    Dated::range(first, last)
}

/// `2021.1.1-12.31`, `2021-01-01`.
fn days_in_figures(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let first = day_in_figures.parse_next(input)?;
    let same_year = |input: &mut Cell<'_, '_>| same_year_day(input, first.year);
    match opt(preceded(between, alt((day_in_figures, same_year)))).parse_next(input)? {
        Some(last) => Dated::range(first, last),
        None => Ok(Dated::one(Period::day(first))),
    }
}

fn day_in_figures(input: &mut Cell<'_, '_>) -> Parsed<Day> {
    let year = year.parse_next(input)?;
    let sign = one_of(['.', '-', '/']).parse_next(input)?;
    let (month, _, day) = (small, sign, small).parse_next(input)?;
    opt(one_of(['日', '号'])).parse_next(input)?;
    Day::new(Some(year), month, day).ok_or(EmptyError)
}

fn same_year_day(input: &mut Cell<'_, '_>, year: Option<i32>) -> Parsed<Day> {
    let (month, _, day) = (small, one_of(['.', '-', '/']), small).parse_next(input)?;
    Day::new(year, month, day).ok_or(EmptyError)
}

/// `2023.07-2024.01`; only as a pair, `2023.07` alone is a number.
fn months_in_figures(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let from = month_in_figures.parse_next(input)?;
    let same_year = |input: &mut Cell<'_, '_>| small.map(|month| (from.0, month)).parse_next(input);
    let to = preceded(between, alt((month_in_figures, same_year))).parse_next(input)?;
    let first = Day::new(Some(from.0), from.1, 1).ok_or(EmptyError)?;
    let last = Day::end_of_month(Some(to.0), to.1).ok_or(EmptyError)?;
    Dated::range(first, last)
}

fn month_in_figures(input: &mut Cell<'_, '_>) -> Parsed<(i32, u8)> {
    let (year, _, month) = (year, one_of(['.', '/']), small).parse_next(input)?;
    Ok((year, month))
}

/// `2021-12` and `2021/12`: no number is written so.
fn month_in_dashes(input: &mut Cell<'_, '_>) -> Parsed<Period> {
    let (year, _, month) = (year, one_of(['-', '/']), small).parse_next(input)?;
    if input.input.starts_with(['-', '/', '.', '年']) {
        return Err(EmptyError);
    }
    let first = Day::new(Some(year), month, 1).ok_or(EmptyError)?;
    let last = Day::end_of_month(Some(year), month).ok_or(EmptyError)?;
    Ok(Period { first, last })
}

/// `2021-2023年`
fn years(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let (from, to) = (terminated(year, opt('年')), preceded(between, terminated(year, '年'))).parse_next(input)?;
    if input.input.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(EmptyError);
    }
    Dated::range(Day::new(Some(from), 1, 1).ok_or(EmptyError)?, Day::new(Some(to), 12, 31).ok_or(EmptyError)?)
}

/// `2022年`: no date in figures goes on so.
fn begins_with_year(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.get(digits..).is_some_and(|rest| rest.starts_with('年'))
}

/// `1月1日至12月31日`, `2019年1月-2019年12月`, or the first of the two alone.
fn days_in_words(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let from = day_in_words.parse_next(input)?;
    let alone = input.input;
    let range = dated_range(from.period, input);
    if range.is_err() {
        input.input = alone;
    }
    Ok(range.unwrap_or(from))
}

/// What follows the first of two days.
fn dated_range(from: Period, input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let to = preceded(between, day_in_words).parse_next(input)?.period;
    let year = from.first.year.or(to.first.year);
    Dated::range(from.first.in_year(year), to.last.in_year(year))
}

/// `2022年`, `2022年12月`, `12月31日`, `2022年上半年`, `12月底`.
fn day_in_words(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let (year, month) = match year_and_month(input) {
        Some((year, month)) => (Some(year), month),
        None => {
            let year = opt(year_in_words).parse_next(input)?;
            if year.is_some()
                && let Some(index) = opt(year_part).parse_next(input)?
            {
                let part = input.state.period(index).and_then(|part| stretch(year, part));
                return part.map(Dated::part).ok_or(EmptyError);
            }
            let Some(month) = opt(terminated(small, ('月', opt('份')))).parse_next(input)? else {
                let whole = YearPart { first: (1, 1), last: (12, 31) };
                return year.and_then(|year| stretch(Some(year), whole)).map(Dated::one).ok_or(EmptyError);
            };
            (year, month)
        }
    };
    if let Some(day) = opt(terminated(small, (one_of(['日', '号']), opt(hour)))).parse_next(input)? {
        return Day::new(year, month, day).map(|day| Dated::one(Period::day(day))).ok_or(EmptyError);
    }
    if let Some(day) = opt(unsigned_day).parse_next(input)? {
        return Day::new(year, month, day).map(|day| Dated::one(Period::day(day))).ok_or(EmptyError);
    }
    let last = Day::end_of_month(year, month).ok_or(EmptyError)?;
    let part = opt(month_part).parse_next(input)?.and_then(|index| input.state.month_part(index));
    let (from, to) = part.unwrap_or((1, 31));
    let first = Day::new(year, month, from).ok_or(EmptyError)?;
    let period = Period { first, last: Day { day: last.day.min(to), ..last } };
    Ok(if part.is_some() { Dated::part(period) } else { Dated::one(period) })
}

/// `2022年12月` in figures, as nearly every date begins: read at once where no word of the lexicon has a part in it.
/// Nothing is taken where it is not so.
fn year_and_month(input: &mut Cell<'_, '_>) -> Option<(i32, u8)> {
    let (year, rest) = figures(input.input, 4)?;
    let names_period = |text| input.state.longest(text).is_some_and(|(_, word)| word.period().is_some());
    if !(1900..=2199).contains(&year) || names_period(rest) {
        return None;
    }
    let rest = rest.strip_prefix('年')?;
    let length = if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) { 2 } else { 1 };
    let (month, behind) = figures(rest, length)?;
    let behind = behind.strip_prefix('月')?;
    if names_period(rest) {
        return None;
    }
    input.input = behind.strip_prefix('份').unwrap_or(behind);
    Some((year, u8::try_from(month).ok()?))
}

/// The number of so many digits, and what stands behind it.
fn figures(text: &str, length: usize) -> Option<(i32, &str)> {
    let (digits, rest) = text.split_at_checked(length)?;
    let digit = |value, byte: u8| byte.is_ascii_digit().then(|| value * 10 + i32::from(byte - b'0'));
    Some((digits.bytes().try_fold(0, digit)?, rest))
}

/// A spreadsheet's `2022-12-31 00:00:00`, 12月31日12:00前.
fn clock(input: &mut Cell<'_, '_>) -> Parsed<()> {
    let two = |input: &mut Cell<'_, '_>| number(input, 2);
    let seconds = (':', two, opt(('.', two)));
    (opt(' '), two, one_of([':']), two, opt(seconds)).void().parse_next(input)
}

/// `12.31前`: a number is before nothing.
fn month_and_day(input: &mut Cell<'_, '_>) -> Parsed<Dated> {
    let (month, _, day) = (small, '.', small).parse_next(input)?;
    let (_, word) = input.state.longest(input.input).ok_or(EmptyError)?;
    if word.after_date() != Some(Comparison::AtMost) || word.after().is_some() {
        return Err(EmptyError);
    }
    Day::new(None, month, day).map(|day| Dated::one(Period::day(day))).ok_or(EmptyError)
}

/// The 24时 of 12月31日24时前
fn hour(input: &mut Cell<'_, '_>) -> Parsed<()> {
    (small, one_of(['时', '点'])).void().parse_next(input)
}

/// The `31` of 12月31前, its 日 forgotten.
fn unsigned_day(input: &mut Cell<'_, '_>) -> Parsed<u8> {
    let day = number(input, 2)?;
    let is_deadline = input.state.longest(input.input).is_some_and(|(_, word)| word.after_date().is_some());
    if input.input.is_empty() || is_deadline { u8::try_from(day).map_err(|_| EmptyError) } else { Err(EmptyError) }
}

/// `2022年`, or `2022` right before 年底; `2022年度` and the `22年` of `22年12月` alike.
fn year_in_words(input: &mut Cell<'_, '_>) -> Parsed<i32> {
    if let Some(year) = opt(short_year).parse_next(input)? {
        return Ok(year);
    }
    let year = alt((year, chinese_year)).parse_next(input)?;
    let names_part = input
        .state
        .longest(input.input)
        .is_some_and(|(_, word)| word.find(|sense| matches!(sense, Sense::Period(_)).then_some(())).is_some());
    if !names_part {
        ('年', opt('度'), opt('的')).void().parse_next(input)?;
    }
    Ok(year)
}

/// `22年` before a month is no duration.
fn short_year(input: &mut Cell<'_, '_>) -> Parsed<i32> {
    let two = take_while(2..=2, |c: char| c.is_ascii_digit());
    let year: i32 = terminated(two, '年').parse_next(input)?.parse().map_err(|_| EmptyError)?;
    peek((small, '月')).parse_next(input)?;
    Ok(2000 + year)
}

/// 二〇二二
fn chinese_year(input: &mut Cell<'_, '_>) -> Parsed<i32> {
    let year = chinese_number(input, 4..=4, "零〇一二三四五六七八九")?;
    if (1900..=2199).contains(&year) { Ok(year) } else { Err(EmptyError) }
}

fn year_part(input: &mut Cell<'_, '_>) -> Parsed<usize> {
    sense(input, |sense| if let Sense::Period(index) = sense { Some(index) } else { None })
}

fn month_part(input: &mut Cell<'_, '_>) -> Parsed<usize> {
    sense(input, |sense| if let Sense::MonthPart(index) = sense { Some(index) } else { None })
}

/// `20221231`, unless a unit makes a number of it.
fn eight_digits(input: &mut Cell<'_, '_>) -> Parsed<Period> {
    let two = |input: &mut Cell<'_, '_>| {
        take_while(2..=2, |c: char| c.is_ascii_digit()).parse_next(input)?.parse().map_err(|_| EmptyError)
    };
    let (year, month, day): (i32, u8, u8) = (year, two, two).parse_next(input)?;
    let measures = |sense| matches!(sense, Sense::Unit(_) | Sense::Scale(_)).then_some(());
    let counted = input.state.longest(input.input).is_some_and(|(_, word)| word.find(measures).is_some());
    if counted || input.input.starts_with(['.', ',']) || year < 2000 {
        return Err(EmptyError);
    }
    Day::new(Some(year), month, day).map(Period::day).ok_or(EmptyError)
}

/// `12/31/2021`; the day first when the first number is no month.
fn american(input: &mut Cell<'_, '_>) -> Parsed<Period> {
    let (a, _, b, _, year) = (small, '/', small, '/', year).parse_next(input)?;
    let day = Day::new(Some(year), a, b).or_else(|| Day::new(Some(year), b, a)).ok_or(EmptyError)?;
    Ok(Period::day(day))
}
