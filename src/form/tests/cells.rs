//! Every way a number is and is not written.

use proptest::prelude::*;

use super::{admitted, refusal, smallest};
use crate::form::{Cell, Form};
use crate::quantity::MoneyUnit;

const BLANK: &str = "blank";
const NOT_APPLICABLE: &str = "n/a";

fn said<T: ToString>(cell: &Cell<T>) -> String {
    match cell {
        Cell::Blank => BLANK.into(),
        Cell::NotApplicable => NOT_APPLICABLE.into(),
        Cell::Value(value) => value.to_string(),
    }
}

fn with_claim(text: &str) -> crate::form::Draft {
    let mut draft = smallest();
    draft.indicators[0].points_claimed = text.into();
    draft
}

fn with_money(text: &str, unit: &str) -> crate::form::Draft {
    let mut draft = smallest();
    draft.funds.unit = unit.into();
    draft.funds.total.budget_annual = text.into();
    draft
}

fn with_rate(text: &str) -> crate::form::Draft {
    let mut draft = smallest();
    draft.funds.execution_rate_claimed = text.into();
    draft
}

#[test]
fn a_points_cell_is_blank_or_not_applicable_or_exact_and_keeps_its_print() {
    let cases = [
        ("", BLANK),
        ("  \u{3000}\n", BLANK),
        ("\u{FEFF}\u{200B}", BLANK),
        ("-", NOT_APPLICABLE),
        ("—", NOT_APPLICABLE),
        ("— —", NOT_APPLICABLE),
        ("――", NOT_APPLICABLE),
        ("－", NOT_APPLICABLE),
        ("/", NOT_APPLICABLE),
        ("／", NOT_APPLICABLE),
        ("不适用", NOT_APPLICABLE),
        ("不 适\n用", NOT_APPLICABLE),
        ("无", NOT_APPLICABLE),
        ("N/A", NOT_APPLICABLE),
        ("n/a", NOT_APPLICABLE),
        ("Ｎ／Ａ", NOT_APPLICABLE),
        ("0", "0"),
        ("0.00", "0.00"),
        ("-0", "0"),
        ("9", "9"),
        ("9.180", "9.180"),
        ("25.00", "25.00"),
        (" 9.18 ", "9.18"),
        ("\t9.18\r\n", "9.18"),
        ("９．１８", "9.18"),
        ("9.18分", "9.18"),
        ("9.18 分", "9.18"),
        ("+9", "9"),
        ("-3", "-3"),
        ("－３", "-3"),
        ("−3", "-3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,234.5", "1234.5"),
        ("１，２３４", "1234"),
        ("1 234", "1234"),
        ("999999999.999999999", "999999999.999999999"),
        ("007", "7"),
    ];
    for (text, want) in cases {
        let form = admitted(with_claim(text));
        let claim = form.indicators()[0].points_claimed();
        assert_eq!(said(claim.cell()), want, "{text:?}");
        assert_eq!(claim.text(), text, "the print is kept");
    }
}

#[test]
fn what_is_no_number_is_refused_at_its_cell() {
    let not_a_number = "不是数字";
    let grouping = "千位分隔不正确";
    let cases = [
        ("1e400", not_a_number),
        ("1E5", not_a_number),
        ("１ｅ４００", not_a_number),
        ("abc", not_a_number),
        ("九", not_a_number),
        ("9。18", not_a_number),
        ("一", not_a_number),
        ("½", not_a_number),
        ("①", not_a_number),
        ("10²", not_a_number),
        ("٣", not_a_number),
        ("𝟗", not_a_number),
        ("NaN", not_a_number),
        ("inf", not_a_number),
        ("-inf", not_a_number),
        ("0x10", not_a_number),
        ("1_000", not_a_number),
        ("54.O", not_a_number),
        ("9%", not_a_number),
        ("9元", not_a_number),
        ("9-10", not_a_number),
        ("--9", not_a_number),
        ("-+9", not_a_number),
        ("9-", not_a_number),
        ("1.2.3", not_a_number),
        ("5..2", not_a_number),
        (".", not_a_number),
        ("+", not_a_number),
        ("=9", not_a_number),
        ("9;DROP TABLE", not_a_number),
        ("9 分 8 分", not_a_number),
        ("9.1 8", not_a_number),
        ("1.234,5", not_a_number),
        ("1,23", grouping),
        ("12,34,567", grouping),
        ("1234,567", grouping),
        (",123", grouping),
        ("0,918", grouping),
        ("1,,234", grouping),
        ("1,234 567", grouping),
        ("5262,8246", grouping),
        ("9 18", grouping),
        ("100 0", grouping),
        ("1234567890", "超出范围"),
        ("0.1234567891", "超出范围"),
        ("1234567890123456789012345", "24 位"),
    ];
    for (text, want) in cases {
        let violation = refusal(with_claim(text));
        assert_eq!(violation.field, "indicators[0].points_claimed", "{text:?}");
        assert!(violation.message.zh.contains(want), "{text:?}: {}", violation.message.zh);
        assert!(!violation.message.en.is_empty());
    }
    let hundred_digits = refusal(with_claim(&"9".repeat(100)));
    assert!(hundred_digits.message.zh.contains("24 位"), "{hundred_digits:?}");
    assert!(hundred_digits.message.zh.chars().count() < 80, "shown clipped: {hundred_digits:?}");
}

#[test]
fn money_is_in_its_own_unit_or_in_that_of_the_block() {
    let cases = [
        ("6433500.00", "", "6433500"),
        ("6433500.00", "元", "6433500"),
        ("526.282465", "万元", "5262824.65"),
        ("526.282465", "（万元）", "5262824.65"),
        ("526.282465", "单位：万元", "5262824.65"),
        ("4753.66万元", "元", "47536600"),
        ("5.8万", "元", "58000"),
        ("2.38  万元", "", "23800"),
        ("6.47亿元", "万元", "647000000"),
        ("100元", "万元", "100"),
        ("¥5,262,824.65", "", "5262824.65"),
        ("￥-100", "", "-100"),
        ("-¥100", "", "-100"),
        ("5 262 824.65", "", "5262824.65"),
        ("-100.50", "元", "-100.5"),
        ("0.00", "万元", "0"),
        ("0.0001", "万元", "1"),
        ("123456789012345678901234", "亿元", "12345678901234567890123400000000"),
        ("", "万元", BLANK),
        ("—", "万元", NOT_APPLICABLE),
    ];
    for (text, unit, want) in cases {
        let form = admitted(with_money(text, unit));
        assert_eq!(said(form.funds().total().budget_annual().cell()), want, "{text:?} in {unit:?}");
        assert_eq!(form.funds().unit_text(), unit);
    }
    for text in ["5千元", "3000元/人", "5()", "$5", "5.8美元", "1e400", "5万万元"] {
        assert_eq!(refusal(with_money(text, "元")).field, "funds.total.budget_annual", "{text:?}");
    }
}

#[test]
fn an_unknown_unit_is_refused_and_the_amounts_are_still_looked_at() {
    let violation = refusal(with_money("100", "美元"));
    assert_eq!(violation.field, "funds.unit");
    assert!(violation.message.zh.contains("`美元`"), "{violation:?}");
    assert_eq!(super::refused(with_money("abc", "美元")).len(), 2);
    assert_eq!(admitted(with_money("1", " 亿元 ")).funds().unit(), MoneyUnit::HundredMillionYuan);
}

#[test]
fn a_rate_is_a_share_of_one_however_it_is_printed() {
    let cases = [
        ("91.76%", "0.9176"),
        ("91.76％", "0.9176"),
        ("91.76 %", "0.9176"),
        ("91.76", "0.9176"),
        ("0.9176", "0.9176"),
        ("100.00", "1"),
        ("100%", "1"),
        ("1", "1"),
        ("1.5", "1.5"),
        ("1.51", "0.0151"),
        ("1.5%", "0.015"),
        ("120%", "1.2"),
        ("917.6‰", "0.9176"),
        ("0", "0"),
        ("0.00%", "0"),
        ("-5%", "-0.05"),
        ("", BLANK),
        ("-", NOT_APPLICABLE),
        ("/", NOT_APPLICABLE),
    ];
    for (text, want) in cases {
        let form = admitted(with_rate(text));
        let rate = form.funds().execution_rate_claimed();
        assert_eq!(said(rate.cell()), want, "{text:?}");
        assert_eq!(rate.text(), text);
    }
    for text in ["91.76%%", "九成", "91.76分", "100百分比"] {
        assert_eq!(refusal(with_rate(text)).field, "funds.execution_rate_claimed", "{text:?}");
    }
}

#[test]
fn the_year_is_a_year() {
    let year = |text: &str| {
        let mut draft = smallest();
        draft.fiscal_year = text.into();
        Form::admit(draft).map(|form| form.fiscal_year().get())
    };
    for (text, want) in [("2022", 2022), ("２０２２", 2022), ("2022年", 2022), (" 2022 年度", 2022), ("1949", 1949)]
    {
        assert_eq!(year(text), Ok(want), "{text:?}");
    }
    for text in ["", " ", "1948", "2200", "0", "-2022", "22", "2022.0", "2,022.5", "2022-2023", "二〇二二", "1e3", "—"]
    {
        let violations = year(text).unwrap_err();
        assert_eq!(violations.len(), 1, "{text:?}");
        assert_eq!(violations[0].field, "fiscal_year", "{text:?}");
    }
}

/// Digits with thousands grouped by `separator`.
fn grouped(digits: &str, separator: char) -> String {
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c })
        .collect()
}

proptest! {
    #[test]
    fn every_notation_of_a_number_reads_the_same(whole in 0_u32..1_000_000_000, fraction in "[0-9]{0,9}", minus: bool) {
        let sign = if minus { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        let digits = whole.to_string();
        let plain = format!("{sign}{digits}{point}{fraction}");
        let want = *admitted(with_claim(&plain)).indicators()[0].points_claimed().cell();
        prop_assert!(want.value().is_some());
        let commas = format!("{sign}{}{point}{fraction}", grouped(&digits, ','));
        let spaces = format!("{sign} {}{point}{fraction} 分", grouped(&digits, '\u{A0}'));
        for text in [full_width(&plain), full_width(&commas), commas, spaces, format!("\u{3000}{plain}\n")] {
            let form = admitted(with_claim(&text));
            prop_assert_eq!(form.indicators()[0].points_claimed().cell(), &want, "{:?}", text);
        }
    }

    #[test]
    fn any_text_in_a_numeric_cell_is_kept_or_refused_at_that_cell(
        text in prop_oneof![any::<String>(), "[-—/0-9０-９,，. ．%％‰万亿元分eE+¥￥（）无不适用\u{202E}\0]{0,12}"]
    ) {
        let mut draft = with_money(&text, "万元");
        draft.funds.execution_rate_claimed.clone_from(&text);
        draft.total.points_claimed.clone_from(&text);
        match Form::admit(draft) {
            Ok(form) => prop_assert_eq!(form.total().points_claimed().text(), text),
            Err(violations) => {
                let known = ["funds.total.budget_annual", "funds.execution_rate_claimed", "total.points_claimed"];
                for violation in violations {
                    prop_assert!(known.contains(&violation.field.as_str()), "{:?}", violation);
                }
            }
        }
    }
}
