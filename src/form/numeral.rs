//! How a number is written in a cell of a form.
//!
//! Digits, sign, point and separators may be full-width. Thousands may be grouped by commas or by spaces, all
//! groups properly of three; a leading group of "0" is refused, because `0,918` may as well be a decimal comma.
//! There is no exponent, no superscript, no 一二三: whatever could be read in two ways is refused, since a wrong
//! number is worse than a question.

use smol_str::{SmolStr, SmolStrBuilder};

use super::Cell;
use super::text::has_no_width;

/// The most digits a number may have, before and after the point together.
pub(super) const MAX_DIGITS: usize = 24;

/// A number's parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Plain decimal notation: `-1234.50`.
    pub plain: SmolStr,
    /// What follows the number, without spaces, full-width forms narrowed: `万元`, `%`.
    pub suffix: SmolStr,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotANumber,
    /// Digits are separated, but not in groups of three.
    Grouping,
    /// More than [`MAX_DIGITS`].
    TooLong,
    /// A number, but larger or finer than its cell can hold.
    OutOfRange,
}

/// Reads one cell.
pub(super) fn read(text: &str) -> Result<Cell<Numeral>, Fault> {
    if text.is_empty() {
        return Ok(Cell::Blank);
    }
    if is_plain(text) {
        return Ok(Cell::Value(Numeral { plain: SmolStr::new(text), suffix: SmolStr::default() }));
    }
    let narrow: String = text.chars().filter_map(narrowed).collect();
    let narrow = narrow.trim();
    if narrow.is_empty() {
        return Ok(Cell::Blank);
    }
    if says_not_applicable(narrow) {
        return Ok(Cell::NotApplicable);
    }
    number(narrow).map(Cell::Value)
}

/// Whether a text is plain decimal notation already: digits, with or without more behind a point.
fn is_plain(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= MAX_DIGITS && digits(whole) && digits(fraction)
}

/// The ASCII form of a full-width character; every kind of space is one, every minus is one, and zero-width
/// characters vanish. Deliberately not NFKC: that would read `10²` as 102 and ① as 1.
fn narrowed(character: char) -> Option<char> {
    match character {
        _ if has_no_width(character) => None,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0),
        '\u{FE50}' => Some(','),
        '\u{FE52}' => Some('.'),
        '\u{FE63}' | '\u{2212}' => Some('-'),
        '\u{FE6A}' => Some('%'),
        '\u{FFE5}' => Some('¥'),
        _ if character.is_whitespace() => Some(' '),
        _ => Some(character),
    }
}

fn says_not_applicable(narrow: &str) -> bool {
    let word: String = narrow.chars().filter(|c| *c != ' ').collect();
    matches!(word.as_str(), "/" | "\\" | "不适用" | "不涉及" | "无")
        || ["n/a", "na", "n.a."].iter().any(|known| word.eq_ignore_ascii_case(known))
        || (word.chars().count() <= 6 && word.chars().all(is_dash))
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2500}' | '\u{2501}' | '\u{2E3A}' | '\u{30FC}')
}

fn number(narrow: &str) -> Result<Numeral, Fault> {
    let unpriced = narrow.strip_prefix('¥').map_or(narrow, str::trim_start);
    let (negative, unsigned) = match unpriced.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, unpriced.strip_prefix('+').map_or(unpriced, str::trim_start)),
    };
    let unpriced = unsigned.strip_prefix('¥').map_or(unsigned, str::trim_start);
    let body = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ');
    let end = unpriced.find(|c| !body(c)).unwrap_or(unpriced.len());
    let (written, suffix) = unpriced.split_at_checked(end).ok_or(Fault::NotANumber)?;
    let (whole, fraction) = parts(written.trim_end())?;
    if whole.len() + fraction.len() > MAX_DIGITS {
        return Err(Fault::TooLong);
    }
    let mut plain = SmolStrBuilder::new();
    plain.push_str(if negative { "-" } else { "" });
    plain.push_str(if whole.is_empty() { "0" } else { &whole });
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    Ok(Numeral { plain: plain.finish(), suffix: suffix.chars().filter(|c| *c != ' ').collect() })
}

/// The digits before the point, without separators, and those after it.
fn parts(written: &str) -> Result<(String, &str), Fault> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(fraction) {
        return Err(Fault::NotANumber);
    }
    let separator = if whole.contains(',') { ',' } else { ' ' };
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut joined = first.to_owned();
    let mut grouped = false;
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return Err(Fault::Grouping);
        }
        joined.push_str(group);
        grouped = true;
    }
    if !digits(first) || (grouped && (first.is_empty() || first.len() > 3 || first.starts_with('0'))) {
        return Err(Fault::Grouping);
    }
    Ok((joined, fraction))
}
