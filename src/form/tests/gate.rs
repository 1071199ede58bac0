//! What makes a form, and what keeps a text from one.

use super::{admitted, refusal, refused, smallest};
use crate::form::{
    Draft, FundSourceDraft, GoalDraft, IndicatorDraft, MAX_INDICATORS, MAX_LISTED, SubtotalDraft, TotalDraft, Violation,
};

#[test]
fn the_smallest_form_is_admitted() {
    let form = admitted(smallest());
    assert_eq!(form.project_name(), "投资推广和企业服务");
    assert_eq!(form.indicators().len(), 1);
    assert!(form.total().points_claimed().is_blank());
    assert!(form.funds().total().budget_annual().is_blank());
}

#[test]
fn an_empty_draft_says_everything_that_is_missing() {
    let fields: Vec<String> = refused(Draft::default()).into_iter().map(|violation| violation.field).collect();
    assert_eq!(fields, ["project_name", "fiscal_year", "indicators"]);
}

#[test]
fn a_blank_project_name_is_missing() {
    for name in ["", "   ", "\u{3000}\n", "\u{200B}\u{FEFF}"] {
        let violation = refusal(Draft { project_name: name.into(), ..smallest() });
        assert_eq!(violation.field, "project_name");
    }
}

/// Puts a text into one cell of a draft.
type Put = fn(&mut Draft, String);

/// Every text cell with its limit.
const TEXT_CELLS: [(&str, usize, Put); 18] = [
    ("project_code", 2_000, |draft, text| draft.project_code = text),
    ("project_name", 2_000, |draft, text| draft.project_name = text),
    ("implementing_unit", 2_000, |draft, text| draft.implementing_unit = text),
    ("primary_budget_unit", 2_000, |draft, text| draft.primary_budget_unit = text),
    ("attributes.主管部门", 20_000, |draft, text| drop(draft.attributes.insert("主管部门".into(), text))),
    ("funds.sources[0].name", 2_000, |draft, text| {
        draft.funds.sources.push(FundSourceDraft { name: text, ..FundSourceDraft::default() });
    }),
    ("goals[0].period", 2_000, |draft, text| draft.goals.push(GoalDraft { period: text, ..GoalDraft::default() })),
    ("goals[0].expected", 20_000, |draft, text| {
        draft.goals.push(GoalDraft { expected: text, ..GoalDraft::default() });
    }),
    ("goals[0].achieved", 20_000, |draft, text| {
        draft.goals.push(GoalDraft { achieved: text, ..GoalDraft::default() });
    }),
    ("indicators[0].dimension", 2_000, |draft, text| draft.indicators[0].dimension = text),
    ("indicators[0].category", 2_000, |draft, text| draft.indicators[0].category = text),
    ("indicators[0].name", 2_000, |draft, text| draft.indicators[0].name = text),
    ("indicators[0].target", 2_000, |draft, text| draft.indicators[0].target = text),
    ("indicators[0].actual", 2_000, |draft, text| draft.indicators[0].actual = text),
    ("indicators[0].deviation_reason", 20_000, |draft, text| draft.indicators[0].deviation_reason = text),
    ("indicators[0].attributes.佐证材料", 20_000, |draft, text| {
        draft.indicators[0].attributes.insert("佐证材料".into(), text);
    }),
    ("subtotals[0].dimension", 2_000, |draft, text| {
        draft.subtotals.push(SubtotalDraft { dimension: text, ..SubtotalDraft::default() });
    }),
    ("subtotals[0].category", 2_000, |draft, text| {
        draft.subtotals.push(SubtotalDraft { category: text, ..SubtotalDraft::default() });
    }),
];

fn refusal_of(put: Put, text: String) -> Violation {
    let mut draft = smallest();
    put(&mut draft, text);
    refusal(draft)
}

#[test]
fn every_text_has_a_limit_in_characters_and_says_it() {
    for (field, limit, put) in TEXT_CELLS {
        let mut draft = smallest();
        put(&mut draft, "衡".repeat(limit));
        admitted(draft);
        let violation = refusal_of(put, "衡".repeat(limit + 1));
        assert_eq!(violation.field, field);
        assert!(violation.message.zh.contains(&format!("上限 {limit} 字")), "{violation:?}");
        assert_eq!(refusal_of(put, "衡".repeat(1_000_000)).field, field, "a megabyte and more");
    }
}

#[test]
fn characters_that_hide_or_reorder_are_refused_in_every_text() {
    let unseen = [
        '\0', '\u{1}', '\u{8}', '\u{B}', '\u{1B}', '\u{7F}', '\u{85}', '\u{9B}', '\u{61C}', '\u{200E}', '\u{200F}',
        '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}',
    ];
    for (field, _, put) in TEXT_CELLS {
        for character in unseen {
            let violation = refusal_of(put, format!("企业{character}服务"));
            assert_eq!(violation.field, field);
            let code = format!("U+{:04X}", u32::from(character));
            assert!(violation.message.zh.starts_with(&format!("第 3 个字符 {code} 是")), "{violation:?}");
            assert!(!violation.message.zh.contains(character), "a message never carries the character on");
        }
        let mut draft = smallest();
        put(&mut draft, "企\n业\t服\r\n务 👍🏽 ﷽ é̂ \u{200B}𠮷".into());
        admitted(draft);
    }
}

#[test]
fn numbers_with_unseen_characters_are_refused_as_texts() {
    let mut draft = smallest();
    draft.total = TotalDraft { points_possible: "1\u{202E}00".into(), points_claimed: "9\08".into() };
    let fields: Vec<String> = refused(draft).into_iter().map(|violation| violation.field).collect();
    assert_eq!(fields, ["total.points_possible", "total.points_claimed"]);
}

#[test]
fn attribute_titles_are_texts_too_and_are_shown_escaped() {
    let mut draft = smallest();
    draft.attributes.insert("主管\u{202E}部门".into(), "x".into());
    let violation = refusal(draft);
    assert_eq!(violation.field, "attributes.主管\\u{202e}部门");
    let mut draft = smallest();
    draft.attributes.insert(" ".into(), "x".into());
    assert_eq!(refusal(draft).field, "attributes. ");
}

#[test]
fn lists_have_limits_and_rows_beyond_them_are_not_looked_at() {
    let bad = || IndicatorDraft { points_claimed: "abc".into(), ..IndicatorDraft::default() };
    let mut draft = smallest();
    draft.indicators = (0..=MAX_INDICATORS).map(|_| bad()).collect();
    let violation = refusal(draft);
    assert_eq!(violation.field, "indicators");
    assert!(violation.message.zh.contains("10000"), "{violation:?}");

    let mut draft = smallest();
    draft.indicators = vec![IndicatorDraft::default(); MAX_INDICATORS];
    assert_eq!(admitted(draft).indicators().len(), MAX_INDICATORS);

    let mut draft = smallest();
    draft.goals = vec![GoalDraft::default(); 201];
    draft.funds.sources = vec![FundSourceDraft::default(); 201];
    draft.attributes = (0..201).map(|n| (n.to_string(), String::new())).collect();
    let fields: Vec<String> = refused(draft).into_iter().map(|violation| violation.field).collect();
    assert_eq!(fields, ["attributes", "funds.sources", "goals"]);
}

#[test]
fn every_violation_is_counted_and_fifty_are_listed() {
    let rows = |count: usize| {
        let mut draft = smallest();
        draft.indicators = vec![IndicatorDraft { points_claimed: "1e400".into(), ..IndicatorDraft::default() }; count];
        refused(draft)
    };
    assert_eq!(rows(MAX_LISTED).len(), MAX_LISTED);
    let many = rows(10_000);
    assert_eq!(many.len(), MAX_LISTED + 1);
    assert_eq!(many[49].field, "indicators[49].points_claimed");
    assert_eq!(many[50].field, "");
    assert_eq!(many[50].message.zh, "另有 9950 处问题未列出");
}

#[test]
fn a_negative_amount_is_a_finding_of_the_rules_and_not_of_the_gate() {
    let mut draft = smallest();
    draft.funds.total.budget_executed = "-1".into();
    draft.indicators[0].points_claimed = "-1".into();
    admitted(draft);
}

#[test]
fn a_rows_own_columns_are_bounded_and_named() {
    let many = |count: usize| (0..count).map(|at| (format!("栏{at}"), String::new())).collect();
    let mut draft = smallest();
    draft.indicators[0].attributes = many(200);
    assert_eq!(admitted(draft.clone()).indicators()[0].attributes().len(), 200);
    draft.indicators[0].attributes = many(201);
    assert_eq!(refusal(draft.clone()).field, "indicators[0].attributes");
    draft.indicators[0].attributes = [(" ".into(), "5".into())].into();
    assert_eq!(refusal(draft).field, "indicators[0].attributes. ");
}

#[test]
fn the_numbers_of_sources_and_subtotals_are_numbers() {
    let mut draft = smallest();
    draft.funds.sources =
        vec![FundSourceDraft { execution_rate_claimed: "约九成".into(), ..FundSourceDraft::default() }];
    assert_eq!(refusal(draft.clone()).field, "funds.sources[0].execution_rate_claimed");
    draft.funds.sources[0].execution_rate_claimed = "99.5".into();
    draft.subtotals = vec![SubtotalDraft { points_claimed: "四十".into(), ..SubtotalDraft::default() }];
    assert_eq!(refusal(draft.clone()).field, "subtotals[0].points_claimed");
    draft.subtotals[0].points_claimed = "40分".into();
    let form = admitted(draft.clone());
    let rate = form.funds().sources()[0].execution_rate_claimed();
    assert_eq!(rate.value().map(ToString::to_string).as_deref(), Some("0.995"));
    assert!(form.subtotals()[0].points_possible().is_blank());
    draft.subtotals = vec![SubtotalDraft::default(); 201];
    assert_eq!(refusal(draft).field, "subtotals");
}
