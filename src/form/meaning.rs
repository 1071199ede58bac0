//! What a numeral means in its cell: points, money or a rate.

pub mod regional;

use super::numeral::{Fault, MAX_DIGITS, Numeral};
use super::text::shown;
use crate::diagnostic::Bilingual;
use crate::quantity::{Exact, Money, MoneyUnit, Points, Ratio};

/// `9`, `25.00`, `10分`.
pub(super) fn points(numeral: &Numeral) -> Result<Points, Fault> {
    match numeral.suffix.as_str() {
        "" | "分" => Points::parse(&numeral.plain).ok_or(Fault::OutOfRange),
        _ => Err(Fault::NotANumber),
    }
}

/// `5262824.65` in the unit of the block; `4753.66万元`, `5.8万` and `¥100` in their own.
pub(super) fn money(numeral: &Numeral, silent: MoneyUnit) -> Result<Money, Fault> {
    let unit = match numeral.suffix.as_str() {
        "" => silent,
        suffix => money_unit(suffix).ok_or(Fault::NotANumber)?,
    };
    Exact::parse(&numeral.plain).map(|amount| Money::from_unit(&amount, unit)).ok_or(Fault::NotANumber)
}

/// `91.76%` is a share of 0.9176. Without a sign, more than 1.5 is per cent: nobody reports having spent half as
/// much again as the budget, and nobody writes a rate of 1.5 % without its sign.
pub(super) fn rate(numeral: &Numeral) -> Result<Ratio, Fault> {
    let number = Exact::parse(&numeral.plain).ok_or(Fault::NotANumber)?;
    let two = Exact::from_i64(2);
    let is_per_cent = number.mul(&two).is_ok_and(|twice| twice > Exact::from_i64(3));
    let whole = match numeral.suffix.as_str() {
        "%" => 100,
        "‰" => 1_000,
        "" if is_per_cent => 100,
        "" => 1,
        _ => return Err(Fault::NotANumber),
    };
    number.div(&Exact::from_i64(whole)).map(Ratio::new).map_err(|_| Fault::OutOfRange)
}

/// Reads a unit of money as forms print it: 万元, （万元）, 单位：万元, 万.
pub(super) fn money_unit(text: &str) -> Option<MoneyUnit> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '（' | '）'));
    let bare = bare.strip_prefix("单位").map_or(bare, |rest| rest.trim_start_matches([':', '：', ' ']));
    match bare {
        "万" => Some(MoneyUnit::TenThousandYuan),
        "亿" => Some(MoneyUnit::HundredMillionYuan),
        _ => MoneyUnit::from_name(bare),
    }
}

/// What to tell whoever wrote `text`; `example` is how it could look.
pub(super) fn fault_message(fault: Fault, text: &str, example: &str) -> Bilingual {
    let text = shown(text.trim());
    match fault {
        Fault::NotANumber => Bilingual::new(
            format!("`{text}` 不是数字；请写普通小数，如 `{example}`"),
            format!("`{text}` is not a number: write a plain decimal such as `{example}`"),
        ),
        Fault::Grouping => Bilingual::new(
            format!("`{text}` 的千位分隔不正确：应三位一组，或不加分隔"),
            format!("`{text}` is not grouped in thousands: three digits to a group, or no separators"),
        ),
        Fault::TooLong => Bilingual::new(
            format!("`{text}` 的数字超过 {MAX_DIGITS} 位"),
            format!("`{text}` has more than {MAX_DIGITS} digits"),
        ),
        Fault::OutOfRange => Bilingual::new(
            format!("`{text}` 超出范围：小数点前、后最多各 9 位"),
            format!("`{text}` is out of range: at most 9 digits before and 9 after the point"),
        ),
    }
}
