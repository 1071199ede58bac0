//! Structured targets and actuals at the gate and in files.

use proptest::prelude::*;

use super::{admitted, refusal, refused, smallest};
use crate::document::{Limits, parse};
use crate::form::{Content, Draft, IndicatorDraft, StructuredDraft, Violation, place_of};

/// `value=10 unit=场`, as a draft.
fn structure(fields: &str) -> StructuredDraft {
    let mut draft = StructuredDraft::default();
    for field in fields.split_whitespace() {
        let (name, value) = field.split_once('=').unwrap();
        let cell = match name {
            "comparison" => &mut draft.comparison,
            "value" => &mut draft.value,
            "low" => &mut draft.low,
            "high" => &mut draft.high,
            "unit" => &mut draft.unit,
            "date" => &mut draft.date,
            "tier" => &mut draft.tier,
            _ => panic!("no field {name}"),
        };
        value.clone_into(cell);
    }
    draft
}

fn with_target(structured: StructuredDraft) -> Draft {
    let mut draft = smallest();
    draft.indicators[0].target_structured = structured;
    draft
}

/// What the gate makes of it, in a word.
fn said(content: &Content) -> String {
    match content {
        Content::Number(value) => value.value().to_string(),
        Content::Range { low, high } => format!("{}..{}", low.value(), high.value()),
        Content::Date(date) => {
            let (first, last) = (date.value().first(), date.value().last());
            let year = |year: Option<i32>| year.map_or("-".to_owned(), |year| year.to_string());
            let day = |day: crate::form::Day| format!("{}-{:02}-{:02}", year(day.year), day.month, day.day);
            if first == last { day(first) } else { format!("{}..{}", day(first), day(last)) }
        }
        Content::Tier => "tier".to_owned(),
    }
}

#[test]
fn a_structure_says_one_thing_and_keeps_its_texts() {
    for (fields, want) in [
        ("comparison=AT_LEAST value=10 unit=场", "10"),
        ("comparison=COMPARISON_AT_MOST value=-1,000.50 unit=元", "-1000.5"),
        ("comparison=MORE_THAN value=１０", "10"),
        ("comparison=LESS_THAN value=0.95", "0.95"),
        ("comparison=EXACTLY value=100000000000000000000000", "100000000000000000000000"),
        ("comparison=UNSPECIFIED value=10", "10"),
        ("value=10 tier=achieved", "10"),
        ("low=5 high=10 unit=人", "5..10"),
        ("comparison=WITHIN low=5 high=5.0", "5..5"),
        ("low=-10 high=-5", "-10..-5"),
        ("date=2022-12-31", "2022-12-31"),
        ("comparison=AT_MOST date=2024-02-29", "2024-02-29"),
        ("comparison=AT_LEAST date=--02-29", "--02-29"),
        ("date=2022-02", "2022-02-01..2022-02-28"),
        ("comparison=WITHIN date=2021-12-01/2022-11-30", "2021-12-01..2022-11-30"),
        ("date=2022-01/2022-12", "2022-01-01..2022-12-31"),
        ("date=--06-01/--06-30", "--06-01..--06-30"),
        ("tier=achieved", "tier"),
        ("tier=achieved unit=场", "tier"),
    ] {
        let form = admitted(with_target(structure(fields)));
        let given = form.indicators()[0].target_structured().unwrap_or_else(|| panic!("{fields}: lost"));
        assert_eq!(said(given.content()), want, "{fields}");
        let mut typed = structure(fields);
        typed.comparison = typed.comparison.trim_start_matches("COMPARISON_").replace("UNSPECIFIED", "");
        assert_eq!(given.to_draft(), typed, "{fields}");
        assert_eq!(form.indicators()[0].actual_structured(), None);
    }
}

#[test]
fn what_says_nothing_two_things_or_no_value_is_refused_at_its_field() {
    for (fields, field) in [
        ("unit=场", ""),
        ("comparison=AT_LEAST", ""),
        ("value=10 low=5 high=10", ".value"),
        ("value=10 high=10", ".value"),
        ("low=5", ".high"),
        ("high=5 unit=场", ".low"),
        ("low=10 high=5", ".low"),
        ("low=10.01 high=10", ".low"),
        ("value=10 date=2022-12-31", ".date"),
        ("low=1 high=2 date=2022-12-31", ".date"),
        ("value=十", ".value"),
        ("value=1e3", ".value"),
        ("value=10场", ".value"),
        ("value=95% unit=%", ".value"),
        ("value=¥10万元", ".value"),
        ("value=NaN", ".value"),
        ("value=0,918", ".value"),
        ("value=1234567890123456789012345", ".value"),
        ("value=—", ".value"),
        ("low=不适用 high=10", ".low"),
        ("comparison=AT_LEST value=10", ".comparison"),
        ("comparison=at_least value=10", ".comparison"),
        ("comparison=COMPARISON_COMPARISON_AT_LEAST value=10", ".comparison"),
        ("comparison=≥ value=10", ".comparison"),
        ("comparison=99 value=10", ".comparison"),
        ("comparison=WITHIN value=10", ".comparison"),
        ("comparison=AT_LEAST low=5 high=10", ".comparison"),
        ("comparison=MORE_THAN date=2022-12-31", ".comparison"),
        ("comparison=LESS_THAN date=2022-12-31", ".comparison"),
        ("comparison=EXACTLY tier=achieved", ".comparison"),
        ("date=2022年12月31日", ".date"),
        ("date=2022", ".date"),
        ("date=2022-13", ".date"),
        ("date=2022-02-29", ".date"),
        ("date=2022-2-9", ".date"),
        ("date=20221231", ".date"),
        ("date=1899-12-31", ".date"),
        ("date=2200-01-01", ".date"),
        ("date=+2022-12-31", ".date"),
        ("date=--12", ".date"),
        ("date=--02-30", ".date"),
        ("date=2022-12-31T00:00:00Z", ".date"),
        ("date=2022-12-31/2022-12-01", ".date"),
        ("date=2022-12-01/--12-31", ".date"),
        ("date=2022-12-01/2022-12-31/2023-01-01", ".date"),
        ("date=/", ".date"),
    ] {
        let mut draft = smallest();
        draft.indicators.push(IndicatorDraft { target_structured: structure(fields), ..IndicatorDraft::default() });
        assert_eq!(refusal(draft).field, format!("indicators[1].target_structured{field}"), "{fields}");
        let mut draft = smallest();
        draft.indicators[0].actual_structured = structure(fields);
        let Violation { field: path, message } = refusal(draft);
        assert_eq!(path, format!("indicators[0].actual_structured{field}"), "{fields}");
        assert!(!message.zh.is_empty() && !message.en.is_empty());
    }
}

#[test]
fn every_fault_of_a_structure_is_told_at_once() {
    let fields: Vec<String> = refused(with_target(structure("comparison=x value=y date=z")))
        .into_iter()
        .map(|violation| violation.field.replace("indicators[0].target_structured.", ""))
        .collect();
    assert_eq!(fields, ["value", "date", "comparison", "date"]);
}

#[test]
fn texts_of_a_structure_have_limits_and_hide_nothing() {
    let put: [fn(&mut StructuredDraft, String); 4] =
        [|s, text| s.unit = text, |s, text| s.tier = text, |s, text| s.value = text, |s, text| s.date = text];
    for set in put {
        for text in ["场\u{202E}次".to_owned(), "1".repeat(2_001), "衡".repeat(1_000_000)] {
            let mut structured = structure("tier=achieved");
            set(&mut structured, text);
            refused(with_target(structured));
        }
    }
}

#[test]
fn a_structure_with_nothing_written_in_it_is_none() {
    let form = admitted(with_target(StructuredDraft::default()));
    assert_eq!(form.indicators()[0].target_structured(), None);
    let blank = StructuredDraft { value: " ".into(), ..StructuredDraft::default() };
    assert_eq!(refusal(with_target(blank)).field, "indicators[0].target_structured");
}

fn read(text: &str) -> (Draft, Vec<String>) {
    let node = parse("form.yaml", text, &Limits::FORM).unwrap();
    let mut problems = Vec::new();
    let draft = Draft::from_node(&node, &mut problems);
    (draft, problems.into_iter().map(|problem| format!("{} {}", problem.code, problem.message.en)).collect())
}

#[test]
fn files_write_it_in_either_name_and_as_typed() {
    let snake = "indicators: [{target_structured: {comparison: AT_LEAST, value: 10.0, unit: 场}, actual_structured: {date: 2022-12-31}}]";
    let (draft, problems) = read(snake);
    assert_eq!(problems, [""; 0]);
    assert_eq!(draft.indicators[0].target_structured, structure("comparison=AT_LEAST value=10.0 unit=场"));
    assert_eq!(draft.indicators[0].actual_structured, structure("date=2022-12-31"));
    let camel = snake.replace("target_s", "targetS").replace("actual_s", "actualS");
    assert_eq!(read(&camel).0, draft);

    let (_, problems) = read("indicators: [{target_structured: ≥10, actual_structured: {valeu: 1, low: [1]}}]");
    let codes: Vec<&str> = problems.iter().filter_map(|problem| problem.split(' ').next()).collect();
    assert_eq!(codes, ["wrong_type", "wrong_type", "unknown_key"]);
    let (draft, problems) = read("indicators: [{target_structured: {}, actual_structured: }]");
    assert_eq!((draft.indicators[0].clone(), problems), (IndicatorDraft::default(), Vec::new()));
}

#[test]
fn a_fragment_replaces_a_structure_as_a_whole_and_can_take_it_away() {
    let (base, _) = read("indicators: [{name: a, target_structured: {value: 10, unit: 场}}]");
    let over = |fragment: &str| {
        let mut problems = Vec::new();
        let draft = base.overlay(&parse("case.yaml", fragment, &Limits::FORM).unwrap(), &mut problems);
        assert_eq!(problems, []);
        draft.indicators[0].target_structured.clone()
    };
    assert_eq!(over("indicators: {0: {target_structured: {low: 5, high: 8}}}"), structure("low=5 high=8"));
    assert_eq!(over("indicators: {0: {name: b}}"), structure("value=10 unit=场"));
    for nothing in ["", "~", "{}"] {
        let fragment = format!("indicators: {{0: {{target_structured: {nothing}}}}}");
        assert_eq!(over(&fragment), StructuredDraft::default(), "{nothing:?}");
    }
}

#[test]
fn a_violation_is_found_again_in_the_file() {
    let file = parse("form.yaml", "indicators:\n  - targetStructured: {value: x}\n", &Limits::FORM).unwrap();
    let place = place_of(&file, "indicators[0].target_structured.value");
    assert_eq!((place.line, place.column), (2, 31));
}

proptest! {
    #[test]
    fn any_texts_are_admitted_or_refused_and_what_is_admitted_comes_back(
        comparison in "(|AT_LEAST|WITHIN|EXACTLY|\\PC{0,4})",
        value in "(|[-0-9,.]{0,8}|\\PC{0,6})",
        low in "(|[0-9]{1,3})",
        high in "(|[0-9]{1,3})",
        date in "(|[-0-9/]{4,21}|\\PC{0,6})",
        tier in "(|achieved|\\PC{0,6})",
    ) {
        let structured = StructuredDraft { comparison, value, low, high, date, tier, unit: "场".into() };
        if let Ok(form) = crate::form::Form::admit(with_target(structured)) {
            let given = form.indicators()[0].target_structured().unwrap();
            let again = admitted(with_target(given.to_draft()));
            prop_assert_eq!(again.indicators()[0].target_structured(), Some(given));
        }
    }
}
