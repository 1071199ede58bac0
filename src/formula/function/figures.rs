//! Numbers and dates in running text: what `first_number`, `percentages_sum`, `day` and their like see.
//!
//! One walk from left to right, linear in the text. Numbers are written in figures, half or full width, perhaps
//! in groups of three, with a point, and with 万, 亿 or a percent sign behind them. Figures that count nothing
//! are passed over: dates and years, 第3, `A4` and `GB50300`, `1.2.3`, and the numbering of items (`1.` `2、` `（3）`).

use std::ops::Range;

use super::dates::{self, Date};
use crate::quantity::Exact;

/// The most digits of a number; longer runs are codes.
const MAX_DIGITS: usize = 24;
/// No text numbers more items than this: `（20）` may be one, `（96）` is a number in brackets.
const MAX_ITEMS: u32 = 20;

/// Something the walk found, and where it stands, in bytes.
#[derive(Debug, PartialEq)]
pub(super) struct Figure {
    pub at: Range<usize>,
    pub what: What,
}

#[derive(Debug, PartialEq)]
pub(super) enum What {
    /// `percent`: it was written as one; its value is the share, 0.95 for 95%.
    Number {
        value: Exact,
        percent: bool,
    },
    Date(Date),
}

/// The numbers and dates of a text, in its order; the walk goes as far as somebody asks.
pub(super) fn figures(text: &str) -> impl Iterator<Item = Figure> {
    // A number has a digit, a date has one or its 年.
    let mut walk = text.chars().any(|c| c == '年' || narrowed(c).is_ascii_digit()).then(|| Walk::new(text));
    std::iter::from_fn(move || walk.as_mut()?.next())
}

/// Half-width for the full-width signs that occur in numbers and dates. A full-width comma stays what it is:
/// `10，120人` are two numbers.
fn narrowed(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '．' | '（' | '）' | '－' | '／' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '−' => '-',
        _ => c,
    }
}

/// What may follow the end of a sentence: the numbering of an item stands there.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '；' | ';' | '！' | '!' | '？' | '?' | '\n' | '\r')
}

/// The characters of a text and the place reached in them.
pub(super) struct Walk {
    chars: Vec<(usize, char)>,
    at: usize,
    length: usize,
    /// How often a character was looked at: the tests bound it.
    #[cfg(test)]
    looked: std::cell::Cell<usize>,
}

impl Walk {
    fn new(text: &str) -> Self {
        Walk {
            chars: text.char_indices().map(|(at, c)| (at, narrowed(c))).collect(),
            at: 0,
            length: text.len(),
            #[cfg(test)]
            looked: std::cell::Cell::new(0),
        }
    }

    pub(super) fn char_at(&self, index: usize) -> Option<char> {
        #[cfg(test)]
        self.looked.set(self.looked.get() + 1);
        self.chars.get(index).map(|(_, c)| *c)
    }

    /// The first place from `index` on where no blank stands.
    pub(super) fn past_blanks(&self, mut index: usize) -> usize {
        while self.char_at(index).is_some_and(|c| matches!(c, ' ' | '\u{3000}' | '\u{A0}' | '\t')) {
            index += 1;
        }
        index
    }

    /// The place after the digits that stand at `index`.
    pub(super) fn past_digits(&self, mut index: usize) -> usize {
        while self.char_at(index).is_some_and(|c| c.is_ascii_digit()) {
            index += 1;
        }
        index
    }

    /// The digits between two places as a number; `None` for none, and for more than nine.
    pub(super) fn integer(&self, digits: Range<usize>) -> Option<u32> {
        if !(1..=9).contains(&digits.len()) {
            return None;
        }
        digits.map(|index| self.char_at(index)?.to_digit(10)).try_fold(0, |sum, digit| Some(sum * 10 + digit?))
    }

    pub(super) fn before(&self, index: usize) -> Option<char> {
        index.checked_sub(1).and_then(|index| self.char_at(index))
    }

    fn next(&mut self) -> Option<Figure> {
        loop {
            let start = self.at;
            let c = self.char_at(start)?;
            if let Some((end, date)) = dates::date_at(self, start, c) {
                self.at = end;
                return Some(self.figure(start, What::Date(date)));
            }
            self.at = start + 1;
            if c.is_ascii_alphabetic() {
                self.at = self.past_name(start);
            } else if c.is_ascii_digit()
                && let Some(number) = self.number(start)
            {
                return Some(self.figure(start, number));
            }
        }
    }

    fn figure(&self, start: usize, what: What) -> Figure {
        let byte = |index: usize| self.chars.get(index).map_or(self.length, |(at, _)| *at);
        Figure { at: byte(start)..byte(self.at), what }
    }

    /// `A4`, `GB50300-2013`: figures in a name count nothing.
    fn past_name(&self, mut index: usize) -> usize {
        while self.char_at(index).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')) {
            index += 1;
        }
        index
    }

    /// The number that begins at `start`, unless its figures count nothing; the walk goes on behind it.
    fn number(&mut self, start: usize) -> Option<What> {
        let whole_end = self.past_groups(start);
        let mut end = whole_end;
        let mut points = 0_u32;
        while self.char_at(end) == Some('.') && self.char_at(end + 1).is_some_and(|c| c.is_ascii_digit()) {
            points += 1;
            end = self.past_digits(end + 1);
        }
        self.at = end;
        let written: String =
            (start..end).filter_map(|index| self.char_at(index)).filter(|c| *c != ',').take(MAX_DIGITS + 2).collect();
        if points > 1 || written.len() > MAX_DIGITS + 1 || self.is_ordinal(start) || self.is_numbering(start, end) {
            return None;
        }
        let magnitude = Exact::parse(&written)?;
        let value = if self.is_negative(start) { magnitude.neg() } else { magnitude };
        self.scaled(value, start)
    }

    /// The place after `1,050` or `1050`.
    fn past_groups(&self, start: usize) -> usize {
        let mut end = self.past_digits(start);
        if end - start > 3 {
            return end;
        }
        while self.char_at(end) == Some(',') && self.past_digits(end + 1) == end + 4 {
            end += 4;
        }
        end
    }

    /// Applies 万, 亿 and the percent sign that follow.
    fn scaled(&mut self, mut value: Exact, start: usize) -> Option<What> {
        let times = |value: &Exact, power: i32| value.mul(&Exact::from_i64(10).pow(power).ok()?).ok();
        let tens = |c| match c {
            '十' => Some(1),
            '百' => Some(2),
            '千' => Some(3),
            _ => None,
        };
        let myriads = |c| match c {
            '万' => Some(4),
            '亿' => Some(8),
            _ => None,
        };
        // 3千万 is thirty million, 3千米 is three.
        if let (Some(small), Some(_)) =
            (self.char_at(self.at).and_then(tens), self.char_at(self.at + 1).and_then(myriads))
        {
            value = times(&value, small)?;
            self.at += 1;
        }
        for _ in 0..2 {
            let Some(power) = self.char_at(self.at).and_then(myriads) else { break };
            value = times(&value, power)?;
            self.at += 1;
        }
        let sign = self.past_blanks(self.at);
        let named = start >= 3 && (start - 3..start).map(|index| self.char_at(index)).eq("百分之".chars().map(Some));
        let power = match self.char_at(sign) {
            Some('%') => -2,
            Some('‰') => -3,
            _ if named => -2,
            _ => return Some(What::Number { value, percent: false }),
        };
        if !named {
            self.at = sign + 1;
        }
        Some(What::Number { value: times(&value, power)?, percent: power == -2 })
    }

    /// A minus stands before a number, not between two: `10-20` is no `-20`.
    fn is_negative(&self, start: usize) -> bool {
        let before_sign = || self.before(start - 1);
        self.before(start) == Some('-')
            && before_sign().is_none_or(|c| c.is_whitespace() || "（(：:，,；;。、=≥≤<>＝＜＞".contains(c))
    }

    /// 第3
    fn is_ordinal(&self, start: usize) -> bool {
        let mut index = start;
        while self.before(index).is_some_and(|c| c == ' ') {
            index -= 1;
        }
        self.before(index) == Some('第')
    }

    /// `1.` `2、` `3)` at the beginning of a sentence, and `（4）` anywhere.
    fn is_numbering(&self, start: usize, end: usize) -> bool {
        if self.integer(start..end).is_none_or(|number| number > MAX_ITEMS) {
            return false;
        }
        let follower = self.char_at(end);
        if self.before(start) == Some('(') {
            return follower == Some(')');
        }
        let mut index = start;
        while self.before(index).is_some_and(|c| matches!(c, ' ' | '\u{3000}')) {
            index -= 1;
        }
        self.before(index).is_none_or(ends_sentence) && follower.is_some_and(|c| matches!(c, '.' | '、' | ')'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_looks_at_each_character_a_bounded_number_of_times() {
        let patterns = [
            "1",
            "1,",
            "1,111,",
            "1.",
            "12.",
            "年",
            "2022年",
            "2022 年 12 月 ",
            "二〇二二年",
            "一",
            "-1",
            "第 1",
            "1 ",
            " ",
            "95 % ",
            "百分之9",
            "A1-",
            "20221231",
            "2022-12-",
            "2022-2023",
            "（1）",
            "3千万亿",
            "1万",
            "12月",
            "二〇",
        ];
        for pattern in patterns {
            let text = pattern.repeat(20_000 / pattern.chars().count());
            let mut walk = Walk::new(&text);
            while walk.next().is_some() {}
            let per_character = walk.looked.get() / text.chars().count().max(1);
            assert!(per_character < 60, "{pattern}: {per_character} looks for each character");
        }
    }
}
