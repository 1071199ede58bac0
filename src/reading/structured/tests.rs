//! Structure beside text: what is used, what is completed, what contradicts.

use std::sync::LazyLock;

use super::structured;
use crate::document::{Limits, parse};
use crate::form::{Draft, Form, IndicatorDraft, StructuredDraft};
use crate::reading::{CellReading, Lexicon, Met, Reading, Row, Side, meet};

static NATIONAL: LazyLock<Lexicon> = LazyLock::new(|| {
    let text = include_str!("../../../rules/mof-2020/lexicon.yaml");
    let node = parse("lexicon.yaml", text, &Limits::RULES).expect("the lexicon is YAML");
    let mut problems = Vec::new();
    let lexicon = Lexicon::from_node(&node, &mut problems);
    assert_eq!(problems, []);
    lexicon
});

const ROW: Row<'_> = Row { dimension: "", category: "", name: "", unit: "", fiscal_year: Some(2022) };

/// The structure of `AT_LEAST 10 场`, `5..8 人`, `AT_MOST 2022-12-31`, `tier=achieved`; nothing for "".
fn form_with(structure: &str) -> Form {
    let mut target_structured = StructuredDraft::default();
    for word in structure.split_whitespace() {
        if let Some(tier) = word.strip_prefix("tier=") {
            target_structured.tier = tier.to_owned();
        } else if word.contains('_') || matches!(word, "EXACTLY" | "WITHIN") {
            target_structured.comparison = word.to_owned();
        } else if let Some((low, high)) = word.split_once("..") {
            (target_structured.low, target_structured.high) = (low.to_owned(), high.to_owned());
        } else if word.len() > 6 && word.contains('-') {
            target_structured.date = word.to_owned();
        } else if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            target_structured.value = word.to_owned();
        } else {
            target_structured.unit = word.to_owned();
        }
    }
    let draft = Draft {
        project_name: "甲".into(),
        fiscal_year: "2022".into(),
        indicators: vec![IndicatorDraft { target_structured, ..IndicatorDraft::default() }],
        ..Draft::default()
    };
    Form::admit(draft).unwrap_or_else(|violations| panic!("{structure}: {violations:?}"))
}

fn cell(text: &str, structure: &str, side: Side) -> CellReading {
    let form = form_with(structure);
    structured(text, form.indicators()[0].target_structured(), &ROW, side, &NATIONAL)
}

fn line(reading: &Reading) -> String {
    let mut parts = vec![reading.kind().name().to_owned()];
    parts.extend(reading.comparison().map(|comparison| comparison.name().to_owned()));
    parts.extend(reading.value().map(ToString::to_string));
    parts.extend(reading.low().zip(reading.high()).map(|(low, high)| format!("{low}..{high}")));
    parts.extend(reading.unit().map(str::to_owned));
    parts.extend(reading.date().map(|date| date.to_string()));
    parts.extend(reading.tier().map(str::to_owned));
    parts.join(" ")
}

#[test]
fn without_structure_the_text_is_read() {
    for text in ["≥10场", "", "不适用", "圆满完成"] {
        for side in [Side::Target, Side::Actual] {
            let read = cell(text, "", side);
            assert_eq!(read.reading, crate::reading::read(text, &ROW, side, &NATIONAL));
            assert_eq!(read.compared(), &read.reading);
            assert!(!read.contradicts);
        }
    }
}

#[test]
fn the_text_is_shown_and_the_structure_is_used() {
    for (text, structure, want) in [
        ("≥8场", "AT_LEAST 10 场", "NUMBER AT_LEAST 10 场"),
        ("按计划开展", "AT_MOST 3 天", "NUMBER AT_MOST 3 天"),
        ("", "10 艘", "NUMBER EXACTLY 10 艘"),
        ("", "5..8 人", "RANGE WITHIN 5..8 人"),
        ("", "1.25 :", "NUMBER EXACTLY 1.25 :"),
        ("", "10 /", "NUMBER EXACTLY 10"),
        ("", "95 ％", "NUMBER EXACTLY 95 %"),
        ("年底前", "AT_MOST 2022-12-31", "DATE AT_MOST 2022-12-31"),
        ("", "2022-12", "DATE EXACTLY 2022-12-01/2022-12-31"),
        ("", "2022-01/2022-06", "DATE WITHIN 2022-01-01/2022-06-30"),
        ("", "--06-30", "DATE EXACTLY --06-30"),
        ("基本完成", "tier=achieved", "STATEMENT achieved"),
        ("基本完成", "tier=unheard_of", "UNREADABLE"),
        // What the structure leaves open the text tells, if it tells the same.
        ("≥10场", "10", "NUMBER AT_LEAST 10 场"),
        ("≥10场", "10 场", "NUMBER AT_LEAST 10 场"),
        ("≥95%", "0.95", "NUMBER AT_LEAST 95 %"),
        ("≥95%", "95", "NUMBER AT_LEAST 95 %"),
        ("不超过50万", "500000", "NUMBER AT_MOST 50 万"),
        ("约93人", "93", "NUMBER EXACTLY 93 人"),
        ("12月底前", "2022-12-31", "DATE AT_MOST 2022-12-31"),
        ("培训10场，参训1000人以上", "1000", "NUMBER AT_LEAST 1000 人"),
        ("≥8场", "10", "NUMBER EXACTLY 10"),
    ] {
        let read = cell(text, structure, Side::Target);
        assert_eq!(line(&read.reading), want, "{text} with {structure}");
        assert_eq!(&*read.reading.text, text);
        assert_eq!((read.reading.spans.len(), read.reading.others.len()), (0, 0));
    }
}

#[test]
fn a_text_that_tells_another_value_contradicts() {
    for (text, structure, target, actual) in [
        ("≥10场", "AT_LEAST 10 场", false, false),
        ("≥10场", "AT_LEAST 12 场", true, true),
        ("≥10场", "AT_MOST 10 场", true, true),
        ("≥10场", "EXACTLY 10 场", true, true),
        ("≥10场", "MORE_THAN 10 场", true, true),
        ("≥10场", "AT_LEAST 10 人", true, true),
        ("≥10场", "AT_LEAST 10 场次", false, false),
        // A bare target leaves its comparison open, a bare actual does not.
        ("10场", "AT_LEAST 10 场", false, true),
        ("50万元", "AT_MOST 50 万元", false, true),
        ("10场", "MORE_THAN 10 场", true, true),
        ("10场", "EXACTLY 10 场", false, false),
        // Units are reconciled.
        ("1万元", "10000 元", false, false),
        ("1.2万亩", "12000 亩", false, false),
        ("10000元", "1 万元", false, false),
        ("1万元", "1 元", true, true),
        ("1万元", "10000", true, true),
        ("95%", "95 %", false, false),
        ("0.95", "95 %", false, false),
        ("95", "95 %", false, false),
        ("百分之九十五", "95 %", false, false),
        ("9.5", "95 %", true, true),
        ("5-10人", "5..10 人", false, false),
        ("5-10人", "5..9 人", true, true),
        ("5-10人", "AT_LEAST 5 人", true, true),
        // 约 and 余 leave room.
        ("90余人", "93 人", false, false),
        ("90余人", "89 人", true, true),
        ("90余人", "500 人", true, true),
        ("约100人", "100 人", false, false),
        ("约100人", "200 人", true, true),
        // Several statements: one that agrees is enough; remarks and plans do not count.
        ("培训10场，参训1000人", "10 场", false, false),
        ("培训10场，参训1000人", "1000 人", false, false),
        ("培训10场，参训1000人", "12 场", true, true),
        ("10场（含线上2场）", "2 场", true, true),
        ("计划10场，实际8场", "10 场", false, true),
        ("计划10场，实际8场", "8 场", false, false),
        // Dates.
        ("2022年12月31日前", "AT_MOST 2022-12-31", false, false),
        ("12月底前", "AT_MOST 2022-12-31", false, false),
        ("12月底前", "AT_MOST --12-31", false, false),
        ("2022年12月底前", "AT_MOST 2022-12-15", true, true),
        ("2022年12月底前", "AT_MOST 2023-12-31", true, true),
        ("2022年12月底前", "AT_LEAST 2022-12-31", true, true),
        ("2022年12月", "2022-12-20", false, false),
        ("2022年11月", "2022-12-20", true, true),
        ("2022年12月31日", "AT_MOST 2022-12-31", false, true),
        ("10个工作日内", "2022-12-31", true, true),
        ("2022年12月底前", "10 场", true, true),
        // No value in the text, none to contradict.
        ("", "10 场", false, false),
        ("圆满完成", "10 场", false, false),
        ("≥场", "10 场", false, false),
        ("未完成", "tier=achieved", false, false),
        ("10场", "tier=achieved", false, false),
        ("10场", "tier=unheard_of", false, false),
        // But 不适用 beside a value is a contradiction.
        ("不适用", "10 场", true, true),
        ("—", "tier=achieved", true, true),
    ] {
        for (side, want) in [(Side::Target, target), (Side::Actual, actual)] {
            assert_eq!(cell(text, structure, side).contradicts, want, "{text} with {structure} as {side:?}");
        }
    }
}

#[test]
fn a_verdict_rests_on_the_structure_and_quotes_no_text_that_was_not_used() {
    for (target, actual, met, reason) in [
        (("≥10场", "AT_LEAST 10 场"), ("10场", "10 场"), Met::Met, "完成值 10场 达到指标值 ≥10场"),
        (("≥10场", "AT_LEAST 10 场"), ("10场", "9 场"), Met::NotMet, "完成值 9场 未达到指标值 ≥10场"),
        (("≥8场", "AT_LEAST 10 场"), ("9场", ""), Met::NotMet, "完成值 9场 未达到指标值 ≥10场"),
        (("", "AT_MOST 2022-12-31"), ("", "2023-01-05"), Met::NotMet, "完成值 2023-01-05 未达到指标值 ≤2022-12-31"),
        (("", "AT_LEAST 90 元"), ("", "100 元"), Met::Exceeded, "完成值 100元 超过指标值 ≥90元"),
    ] {
        let target = cell(target.0, target.1, Side::Target);
        let actual = cell(actual.0, actual.1, Side::Actual);
        let meeting = meet(target.compared(), actual.compared(), &ROW, &NATIONAL);
        assert_eq!((meeting.met, meeting.reason().zh.as_str()), (met, reason));
    }
    // Words that the text adds to the same value are doubted as ever: another grade is another thing.
    let target = cell("1项一等奖", "AT_LEAST 1 项", Side::Target);
    let actual = cell("1项二等奖", "1 项", Side::Actual);
    assert_eq!(meet(target.compared(), actual.compared(), &ROW, &NATIONAL).met, Met::Judged);
}

#[test]
fn any_text_beside_any_structure_is_read() {
    let texts = ["", "\u{0}", "≥", "10", "9".repeat(5_000).as_str(), "１０％~", "1/3", "--", "2022年2月30日", "🎉"]
        .map(str::to_owned);
    let structures = [
        "AT_LEAST 10 场",
        "-5..-1",
        "100000000000000000000000 亿元/人",
        "--02-29",
        "2022-01/2022-12",
        "tier=x",
        "0 万",
    ];
    for text in &texts {
        for structure in structures {
            for side in [Side::Target, Side::Actual] {
                let read = cell(text, structure, side);
                assert_eq!(&*read.reading.text, *text);
                drop(meet(read.compared(), read.compared(), &ROW, &NATIONAL));
            }
        }
    }
}
