//! What holds for every text.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::super::{Kind, Met, Reading, Row, Side, meet, read};
use super::{NATIONAL, actual, line, meeting, target};

/// Pieces that forms are made of, so that random texts hit the grammar and not only its fallback.
const PIECES: &[&str] = &[
    "不少于",
    "≥",
    "≤",
    "<",
    "=",
    "超过",
    "约",
    "未",
    "不",
    "无",
    "达到",
    "至少",
    "控制在",
    "以上",
    "以内",
    "左右",
    "余",
    "含",
    "1",
    "95",
    "0.5",
    "1,200",
    "３",
    "一百二十",
    "百分之九十",
    "十",
    "万",
    "亿",
    "千",
    "%",
    "‰",
    "元",
    "场",
    "次",
    "人",
    "个",
    "个月",
    "工作日",
    "/",
    "每",
    "亩",
    "-",
    "~",
    "至",
    "—",
    "±",
    ":",
    ".",
    "，",
    "；",
    "。",
    "、",
    " ",
    "\n",
    "（",
    "）",
    "(",
    ")",
    "2022年",
    "12月",
    "31日",
    "底",
    "前",
    "上半年",
    "2022-12-31",
    "第",
    "届",
    "号",
    "完成",
    "圆满完成",
    "基本",
    "延期",
    "投诉",
    "满意度",
    "率",
    "其中",
    "计划",
    "实际",
    "还差",
    "超额",
    "增长",
    "下降",
    "由",
    "到",
    "不适用",
    "/",
    "N/A",
    "**",
    "一致",
    "推广活动",
    "5G",
    "①",
    "㎡",
    "e",
    "O",
    "\u{338}",
    "\u{200b}",
    "ﬁ",
    "é",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..12).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => pieces(), 1 => any::<String>()]
}

/// What a reading says, wherever it stands in the text.
fn content(reading: &Reading) -> (String, Vec<(Kind, Option<String>)>) {
    let others = reading.others.iter().map(|one| (one.kind, one.value.as_ref().map(ToString::to_string)));
    (line(reading), others.collect())
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Blanks and line breaks as a PDF puts them: beside ideographs, never inside a number.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    let mut before = '中';
    let is_ideograph = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for c in text.chars() {
        if is_ideograph(before) || is_ideograph(c) {
            out.push_str("\u{3000}\n ");
        }
        out.push(c);
        before = c;
    }
    out + "\t"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_and_meeting_are_total(a in any_text(), b in any_text(), name in any_text(), category in any_text()) {
        let row = Row { name: &name, category: &category, unit: &a, fiscal_year: Some(2022), ..Row::default() };
        let asked = read(&a, &row, Side::Target, &NATIONAL);
        let given = read(&b, &row, Side::Actual, &NATIONAL);
        let verdict = meet(&asked, &given, &row, &NATIONAL);
        prop_assert!(!verdict.reason().zh.is_empty() && !verdict.reason().en.is_empty());
        for span in &given.spans {
            prop_assert!(b.get(span.start..span.end).is_some(), "span {span:?} of {b:?}");
        }
        for statement in std::iter::once(&given.main).chain(&given.others) {
            prop_assert!(b.get(statement.start..statement.end).is_some(), "statement of {b:?}");
        }
        prop_assert!(given.spans.windows(2).all(|pair| pair[0].start <= pair[1].start));
    }

    #[test]
    fn only_numbers_dates_and_ranges_are_ever_met(a in any_text(), b in any_text()) {
        let (asked, given) = (target(&a), actual(&b));
        let met = meeting(&a, &b, &Row::default()).met;
        if matches!(met, Met::Met | Met::Exceeded) {
            prop_assert!(matches!(asked.kind(), Kind::Number | Kind::Range | Kind::Date));
            prop_assert!(!matches!(given.kind(), Kind::Blank | Kind::NotApplicable | Kind::Unreadable | Kind::Statement));
        }
    }

    #[test]
    fn normalised_full_width_and_spaced_texts_read_alike(text in any_text()) {
        let plain = content(&target(&text));
        let composed: String = text.nfkc().collect();
        let printed = |(line, others): &(String, Vec<_>)| (line.nfkc().collect::<String>(), others.clone());
        // A unit is shown as printed, ㎡ or m2.
        prop_assert_eq!(printed(&content(&target(&composed))), printed(&plain), "NFKC {}", composed);
        let wide = full_width(&text);
        prop_assert_eq!(&content(&target(&wide)), &plain, "full width {}", wide);
    }

    #[test]
    fn printers_blanks_change_nothing(text in pieces()) {
        prop_assert_eq!(content(&target(&spaced(&text))), content(&target(&text)), "{}", spaced(&text));
    }

    #[test]
    fn a_number_reads_equal_in_all_its_notations(n in 1_u32..99_999_999) {
        for printed in [
            format!("{n}人"), full_width(&format!("{n}人")), format!("{}人", grouped(n)), format!("{n}.0人"),
            format!("{}人", chinese(n, false)), format!("{}人", chinese(n, true)), format!("{n} 人"),
        ] {
            let reading = target(&printed);
            prop_assert_eq!(line(&reading), format!("NUMBER EXACTLY {n} 人"), "{}", printed);
        }
    }

    #[test]
    fn raising_an_actual_never_loses_an_at_least_target(
        bound in 0_i32..2_000, low in 0_i32..4_000, more in 0_i32..4_000,
        asked in prop::sample::select(&["≥", "不少于", "超过", ""][..]),
        unit in prop::sample::select(&["%", "个", "人次", "万元", "亩"][..]),
        given in prop::sample::select(&["", "约", "超过", "≥"][..]),
    ) {
        prop_assume!(!asked.is_empty() || bound > 0);
        let category = Row { category: "数量指标", ..Row::default() };
        let verdict = |value: i32| meeting(&format!("{asked}{bound}{unit}"), &format!("{given}{value}{unit}"), &category).met;
        if matches!(verdict(low), Met::Met | Met::Exceeded) {
            prop_assert_ne!(verdict(low + more), Met::NotMet);
        }
        if verdict(low + more) == Met::NotMet {
            prop_assert!(!matches!(verdict(low), Met::Met | Met::Exceeded));
        }
    }

    #[test]
    fn lowering_an_actual_never_loses_an_at_most_target(
        bound in 0_i32..2_000, low in 0_i32..4_000, more in 0_i32..4_000,
        asked in prop::sample::select(&["≤", "不超过", "低于"][..]),
        given in prop::sample::select(&["", "约", "低于", "≤"][..]),
    ) {
        let verdict = |value: i32| meeting(&format!("{asked}{bound}元"), &format!("{given}{value}元"), &Row::default()).met;
        if matches!(verdict(low + more), Met::Met) {
            prop_assert_ne!(verdict(low), Met::NotMet);
        }
    }
}

fn grouped(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The Chinese numeral of `n`, below a hundred million; an oracle written the other way round.
fn chinese(n: u32, formal: bool) -> String {
    let (digits, powers) = if formal {
        ("零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"])
    } else {
        ("零一二三四五六七八九", ["", "十", "百", "千"])
    };
    let digit = |d: u32| digits.chars().nth(d as usize).map(String::from).unwrap_or_default();
    let section = |n: u32| {
        let mut out = String::new();
        let mut gap = false;
        for power in (0..4).rev() {
            let d = n / 10_u32.pow(power) % 10;
            if d == 0 {
                gap |= !out.is_empty();
                continue;
            }
            if std::mem::take(&mut gap) {
                out.push_str(&digit(0));
            }
            out.push_str(&digit(d));
            out.push_str(powers[power as usize]);
        }
        out
    };
    let (high, low) = (n / 10_000, n % 10_000);
    match (high, low) {
        (0, low) => section(low),
        (high, 0) => section(high) + "万",
        (high, low) if low < 1_000 => section(high) + "万" + digit(0).as_str() + section(low).as_str(),
        (high, low) => section(high) + "万" + section(low).as_str(),
    }
}

/// 64 KiB of whatever would hurt a reader that looks back or ahead without bound.
#[test]
fn long_texts_are_read_in_linear_time() {
    for piece in [
        "一",
        "1",
        "约",
        "不少于",
        "（",
        "(1)",
        "1-",
        "2022年",
        "-",
        "，",
        "1，",
        "每",
        "每亩",
        "以上",
        "万",
        "1/",
        "1:",
        "未",
        "第1",
        "百分之",
        "12月",
        "\u{338}",
        "①",
        "元/人、",
        "1,234",
        "e",
        "1e",
        ".",
        "1.",
        "，1",
    ] {
        let text = piece.repeat(65_536 / piece.len());
        let reading = target(&text);
        assert_eq!(&*reading.text, text.as_str());
        meeting(&text, &text, &Row { name: &text, category: &text, ..Row::default() });
    }
}
