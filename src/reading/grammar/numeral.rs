//! Numbers in every notation people write: `1,234.5`, `1.2E+05`, 一百二十, 三万五千, 百分之九十五.
//!
//! No value overflows: a number beyond 100 digits, or a Chinese numeral that does not add up, is no number.

use std::borrow::Cow;

use winnow::Parser;
use winnow::ascii::digit1;
use winnow::combinator::{opt, peek, preceded, repeat, terminated};
use winnow::error::EmptyError;
use winnow::token::{literal, one_of, take_while};

use super::Parsed;
use crate::quantity::Exact;

/// The largest power of ten a spreadsheet's `1.2E+05` may carry.
const MAX_EXPONENT: i32 = 30;
/// A run of Chinese numeral characters, in bytes, that is longer is no number but text.
pub(super) const LONGEST_RUN: usize = 120;

/// A number as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Numeral {
    pub value: Exact,
    pub notation: Notation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Notation {
    /// Arabic digits without a point.
    Whole,
    /// Arabic digits with a point.
    Decimal,
    /// `2/3`, 四分之三.
    Fraction,
    /// 一百二十: a number only where a unit or a comparison says so.
    Chinese,
    /// 百分之九十五: the value counts hundredths.
    Percent,
    /// 千分之三: the value counts thousandths.
    Permille,
}

/// Arabic digits: separators in groups of three, a point, an exponent. The letter O stands for a zero
/// beside digits, as in the printed `54.O`; the point of `95.%` has nothing behind it.
pub(super) fn arabic(input: &mut &str) -> Parsed<Numeral> {
    if let Some(Figures { whole, all, value }) = Figures::of(input) {
        *input = input.get(all..).ok_or(EmptyError)?;
        return Ok(Numeral { value, notation: if whole < all { Notation::Decimal } else { Notation::Whole } });
    }
    let stray_point = terminated('.', peek(one_of(['%', '‰'])));
    let (whole, fraction, exponent, _) =
        (whole_part, opt(preceded('.', digits)), opt(exponent), opt(stray_point)).parse_next(input)?;
    let value = decimal(&whole, fraction, exponent.unwrap_or(0)).ok_or(EmptyError)?;
    let notation = if fraction.is_some() { Notation::Decimal } else { Notation::Whole };
    Ok(Numeral { value, notation })
}

/// Nothing but digits, with or without a point in them: nearly every number.
pub(in crate::reading) struct Figures {
    /// How many digits stand before the point.
    pub whole: usize,
    /// How long the number is, in bytes.
    pub all: usize,
    pub value: Exact,
}

impl Figures {
    /// Digits that a machine word holds.
    const MOST: usize = 18;

    /// The figures that `text` begins with; nothing where the number may go on in another notation.
    pub fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (whole, mantissa) = digits_of(bytes, 0);
        let (decimals, mantissa) = match bytes.get(whole..) {
            Some([b'.', rest @ ..]) => digits_of(rest, mantissa),
            _ => (0, mantissa),
        };
        let all = if decimals == 0 { whole } else { whole + 1 + decimals };
        let goes_on = bytes.get(all).is_some_and(|byte| matches!(byte, b'.' | b',' | b'e' | b'E' | b'o' | b'O'));
        if whole == 0 || goes_on || whole + decimals > Figures::MOST {
            return None;
        }
        Some(Figures { whole, all, value: Exact::from_scaled(mantissa, u32::try_from(decimals).ok()?)? })
    }
}

/// How many digits `bytes` begins with, and the number that they make behind those of `before`; it wraps around
/// beyond [`Figures::MOST`].
fn digits_of(bytes: &[u8], before: i64) -> (usize, i64) {
    let (mut count, mut sum) = (0, before);
    while let Some(digit @ b'0'..=b'9') = bytes.get(count) {
        sum = sum.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        count += 1;
    }
    (count, sum)
}

fn whole_part<'i>(input: &mut &'i str) -> Parsed<Cow<'i, str>> {
    let first = digits.parse_next(input)?;
    if first.len() > 3 || !input.starts_with(',') {
        return Ok(Cow::Borrowed(first));
    }
    let mut all = first.to_owned();
    let groups: Vec<&str> = repeat(0.., preceded(',', group_of_three)).parse_next(input)?;
    all.extend(groups);
    Ok(Cow::Owned(all))
}

fn digits<'i>(input: &mut &'i str) -> Parsed<&'i str> {
    let all = *input;
    let length = digit_run(all);
    if length == 0 {
        return Err(EmptyError);
    }
    let (run, rest) = all.split_at_checked(length).ok_or(EmptyError)?;
    *input = rest;
    Ok(run)
}

/// How many bytes of digits `text` starts with; a letter O counts after a digit unless a word begins.
fn digit_run(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_zero_letter = |at: usize| {
        bytes.get(at).is_some_and(|b| matches!(b, b'O' | b'o'))
            && !bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() && !matches!(b, b'O' | b'o'))
    };
    let mut at = 0;
    while is_digit(at) || is_zero_letter(at) {
        at += 1;
    }
    at
}

/// `,234`, and not the beginning of `,2345`.
fn group_of_three<'i>(input: &mut &'i str) -> Parsed<&'i str> {
    let group = take_while(3..=3, |c: char| c.is_ascii_digit()).parse_next(input)?;
    if input.starts_with(|c: char| c.is_ascii_digit()) { Err(EmptyError) } else { Ok(group) }
}

fn exponent(input: &mut &str) -> Parsed<i32> {
    let (negative, digits) = preceded(one_of(['e', 'E']), (opt(one_of(['+', '-'])), digit1)).parse_next(input)?;
    let size: i32 = digits.parse().ok().filter(|size| *size <= MAX_EXPONENT).ok_or(EmptyError)?;
    let is_word = input.starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_word { Err(EmptyError) } else { Ok(if negative == Some('-') { -size } else { size }) }
}

fn decimal(whole: &str, fraction: Option<&str>, exponent: i32) -> Option<Exact> {
    let plain = match fraction {
        _ if whole.len() + fraction.map_or(0, str::len) > 100 => return None,
        Some(fraction) => {
            short_decimal(whole, fraction).or_else(|| Exact::parse(&zeroed(&format!("{whole}.{fraction}"))))
        }
        None => short_decimal(whole, "").or_else(|| Exact::parse(&zeroed(whole))),
    }?;
    if exponent == 0 { Some(plain) } else { plain.mul(&Exact::from_i64(10).pow(exponent).ok()?).ok() }
}

/// Up to 18 digits need no detour over text.
fn short_decimal(whole: &str, fraction: &str) -> Option<Exact> {
    if whole.len() + fraction.len() > 18 {
        return None;
    }
    let mantissa = whole
        .bytes()
        .chain(fraction.bytes())
        .fold(0_i64, |sum, byte| sum * 10 + if byte.is_ascii_digit() { i64::from(byte - b'0') } else { 0 });
    Exact::from_scaled(mantissa, u32::try_from(fraction.len()).ok()?)
}

fn zeroed(text: &str) -> String {
    text.replace(['O', 'o'], "0")
}

/// Chinese numerals, formal ones (壹佰) among them, and fractions (四分之三, 百分之95).
pub(super) fn chinese(input: &mut &str) -> Parsed<Numeral> {
    let run = chinese_run.parse_next(input)?;
    if let Some(top) = opt(preceded(literal("分之"), fraction_top)).parse_next(input)? {
        return fraction_of(run, top).ok_or(EmptyError);
    }
    if run == "百" && opt(literal("分百")).parse_next(input)?.is_some() {
        return Ok(Numeral { value: Exact::from_i64(100), notation: Notation::Percent });
    }
    let value = chinese_value(run).ok_or(EmptyError)?;
    Ok(Numeral { value, notation: Notation::Chinese })
}

/// A whole run of numeral characters; a run that is no number is skipped as one piece of text.
fn chinese_run<'i>(input: &mut &'i str) -> Parsed<&'i str> {
    take_while(1.., is_chinese_numeral).parse_next(input)
}

/// How many bytes of numeral characters `text` starts with.
pub(super) fn chinese_run_length(text: &str) -> usize {
    let mut rest = text.chars();
    loop {
        let length = text.len() - rest.as_str().len();
        if !rest.next().is_some_and(is_chinese_numeral) {
            return length;
        }
    }
}

/// A bit for the low eight bits of each numeral character, by which most others are told.
const NUMERALS: [u128; 2] = {
    let (mut below, mut above) = (0, 0);
    let mut signs = "点零〇一壹二两贰貳三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万萬亿億".as_bytes();
    // Of the three bytes of each, the last two have six bits of the character.
    while let [_, second, third, rest @ ..] = signs {
        let low = (*second & 3) << 6 | *third & 63;
        if low < 128 {
            below |= 1 << low;
        } else {
            above |= 1 << (low - 128);
        }
        signs = rest;
    }
    [below, above]
};

pub(in crate::reading) fn is_chinese_numeral(c: char) -> bool {
    let low = u32::from(c) & 255;
    let [below, above] = NUMERALS;
    let may_be = (if low < 128 { below >> low } else { above >> (low - 128) }) & 1 == 1;
    may_be && (c == '点' || digit_value(c).is_some() || power_value(c).is_some())
}

fn fraction_top(input: &mut &str) -> Parsed<Exact> {
    if let Some(numeral) = opt(arabic).parse_next(input)? {
        return Ok(numeral.value);
    }
    let run = chinese_run.parse_next(input)?;
    if run == "百" { Ok(Exact::from_i64(100)) } else { chinese_value(run).ok_or(EmptyError) }
}

fn fraction_of(bottom: &str, top: Exact) -> Option<Numeral> {
    match bottom {
        "百" | "佰" => Some(Numeral { value: top, notation: Notation::Percent }),
        "千" | "仟" => Some(Numeral { value: top, notation: Notation::Permille }),
        "万" | "萬" => Some(Numeral { value: top.div(&Exact::from_i64(10)).ok()?, notation: Notation::Permille }),
        _ => Some(Numeral { value: top.div(&chinese_value(bottom)?).ok()?, notation: Notation::Fraction }),
    }
}

fn digit_value(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' | '貳' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn power_value(c: char) -> Option<i64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// The value of a run, or nothing where it does not add up (三三十, 万).
pub(in crate::reading) fn chinese_value(run: &str) -> Option<Exact> {
    if run.len() > LONGEST_RUN {
        return None;
    }
    let (whole, fraction) = run.split_once('点').unwrap_or((run, ""));
    let whole = whole_value(whole)?;
    if run.contains('点') {
        let digits =
            fraction.chars().map(digit_value).collect::<Option<Vec<_>>>().filter(|digits| !digits.is_empty())?;
        let digits: String = digits.iter().map(i64::to_string).collect();
        return Exact::parse(&format!("{whole}.{digits}"));
    }
    Some(Exact::from_i64(whole))
}

fn whole_value(text: &str) -> Option<i64> {
    if text.chars().all(|c| digit_value(c).is_some()) {
        return positional(text);
    }
    let mut powers = Powers::default();
    text.chars().try_for_each(|c| powers.take(c))?;
    powers.finish()
}

/// 二〇二二; a short run such as 三五 is no number but a guess (三五个).
fn positional(text: &str) -> Option<i64> {
    let count = text.chars().count();
    if count == 1 || (4..=18).contains(&count) || (2..=18).contains(&count) && text.contains('〇') {
        return text.chars().try_fold(0_i64, |sum, c| Some(sum * 10 + digit_value(c)?));
    }
    None
}

/// 十百千 inside 万 inside 亿, each power smaller than the one before it.
#[derive(Default)]
struct Powers {
    total: i64,
    /// What stands below the last 万 or 亿.
    section: i64,
    digit: Option<i64>,
    /// A 零 was read after the last power.
    zero: bool,
    /// The last of 十百千 in this section, and of 万亿 in all.
    small: Option<i64>,
    large: Option<i64>,
    /// The last power of either kind: 一百二 is 120.
    last: Option<i64>,
}

impl Powers {
    fn take(&mut self, c: char) -> Option<()> {
        match (digit_value(c), power_value(c)) {
            (Some(_), _) if self.digit.is_some() => None,
            (Some(0), _) => {
                self.zero = true;
                Some(())
            }
            (Some(digit), _) => {
                self.digit = Some(digit);
                Some(())
            }
            (None, Some(power)) if power < 10_000 => self.take_small(power),
            (None, Some(power)) => self.take_large(power),
            (None, None) => None,
        }
    }

    fn take_small(&mut self, power: i64) -> Option<()> {
        if self.small.is_some_and(|small| power >= small) {
            return None;
        }
        let digit = self.digit.take().or((power == 10 && self.small.is_none()).then_some(1))?;
        self.section += digit * power;
        (self.small, self.last, self.zero) = (Some(power), Some(power), false);
        Some(())
    }

    fn take_large(&mut self, power: i64) -> Option<()> {
        let section = self.section + self.digit.take().unwrap_or(0);
        if self.large.is_some_and(|large| power >= large) {
            // 一万亿
            if section != 0 || self.large == Some(power) {
                return None;
            }
            self.total = self.total.checked_mul(power)?;
        } else if section == 0 {
            return None;
        } else {
            self.total = self.total.checked_add(section.checked_mul(power)?)?;
        }
        (self.section, self.small, self.zero) = (0, None, false);
        (self.large, self.last) = (Some(power), Some(power));
        Some(())
    }

    fn finish(self) -> Option<i64> {
        let rest = match (self.digit, self.last) {
            (Some(digit), Some(last)) if !self.zero && last > 10 => digit * (last / 10),
            (Some(digit), _) => digit,
            (None, _) if self.zero => return None,
            (None, _) => 0,
        };
        self.total.checked_add(self.section)?.checked_add(rest)
    }
}
