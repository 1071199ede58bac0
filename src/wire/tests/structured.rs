//! Structured targets and actuals on the wire, in canonical bytes and in JSON.

use prost::Message;

use super::{admitted, every_cell};
use crate::document::{Limits, parse};
use crate::form::{Draft, Form, StructuredDraft};
use crate::wire::json::{Layout, message};
use crate::wire::pb::v1 as pb;
use crate::wire::{decode, digest, encode};

/// [`every_cell`] with every field of a structure in some row.
pub(super) fn with_structures() -> Draft {
    let mut draft = every_cell();
    draft.indicators[0].target_structured = StructuredDraft {
        comparison: "AT_LEAST".into(),
        value: "1,000.50".into(),
        unit: "场".into(),
        tier: "partly".into(),
        ..StructuredDraft::default()
    };
    draft.indicators[0].actual_structured =
        StructuredDraft { low: "１".into(), high: "2.0".into(), unit: "％".into(), ..StructuredDraft::default() };
    draft.indicators[1].target_structured = StructuredDraft {
        comparison: "WITHIN".into(),
        date: "2022-12-01/2022-12-31".into(),
        ..StructuredDraft::default()
    };
    draft.indicators[1].actual_structured = StructuredDraft { tier: "achieved".into(), ..StructuredDraft::default() };
    draft
}

#[test]
fn a_form_with_structures_comes_back_from_its_bytes_field_by_field() {
    let bytes = digest::canonical(&admitted(with_structures()));
    let draft = decode::form_bytes(&bytes).unwrap();
    assert_eq!(draft, with_structures());
    assert_eq!(digest::canonical(&admitted(draft)), bytes);
}

#[test]
fn a_structure_is_part_of_what_makes_two_forms_the_same() {
    let of = |draft: Draft| digest::of_form(&digest::canonical(&admitted(draft)));
    assert_ne!(of(with_structures()), of(every_cell()));
    let changes: [fn(&mut Draft); 8] = [
        |d| d.indicators[0].target_structured.comparison = "AT_MOST".into(),
        |d| d.indicators[0].target_structured.value = "1000.50".into(),
        |d| d.indicators[0].target_structured.unit = "次".into(),
        |d| d.indicators[0].target_structured.tier = "poorly".into(),
        |d| d.indicators[0].actual_structured.low = "1".into(),
        |d| d.indicators[0].actual_structured.high = "2".into(),
        |d| d.indicators[1].target_structured.date = "2022-12".into(),
        |d| {
            let row = &mut d.indicators[0];
            std::mem::swap(&mut row.target_structured, &mut row.actual_structured);
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut draft = with_structures();
        change(&mut draft);
        assert_ne!(of(draft), of(with_structures()), "change {number}");
    }
}

#[test]
fn one_structure_has_one_encoding_whatever_the_door() {
    let message = |structured: Option<pb::StructuredValue>| pb::Form {
        project_name: "甲".into(),
        fiscal_year: 2022,
        indicators: vec![pb::Indicator { target_structured: structured, ..pb::Indicator::default() }],
        ..pb::Form::default()
    };
    let bytes = |structured| digest::canonical(&admitted(decode::form(message(structured))));
    let nothing = bytes(None);
    assert_eq!(nothing, message(None).encode_to_vec());
    assert_eq!(bytes(Some(pb::StructuredValue::default())), nothing, "an empty structure is none");
    let unset = pb::Comparison::Unspecified.into();
    assert_eq!(bytes(Some(pb::StructuredValue { comparison: Some(unset), ..Default::default() })), nothing);

    let ten = pb::StructuredValue { value: "10".into(), ..pb::StructuredValue::default() };
    let ten_unset = pb::StructuredValue { comparison: Some(unset), ..ten.clone() };
    assert_eq!(bytes(Some(ten_unset)), bytes(Some(ten.clone())));
    let mut typed = decode::form(message(None));
    typed.indicators[0].target_structured =
        StructuredDraft { comparison: "COMPARISON_AT_LEAST".into(), value: "10".into(), ..StructuredDraft::default() };
    let at_least = pb::StructuredValue { comparison: Some(pb::Comparison::AtLeast.into()), ..ten };
    assert_eq!(digest::canonical(&admitted(typed)), bytes(Some(at_least)));
}

#[test]
fn every_comparison_crosses_the_wire_and_an_unknown_one_is_refused_with_its_field() {
    for number in 1..=6 {
        let value = if number == 6 { (String::new(), "1") } else { ("1".to_owned(), "") };
        let structured = pb::StructuredValue {
            comparison: Some(number),
            value: value.0,
            low: value.1.into(),
            high: value.1.into(),
            ..pb::StructuredValue::default()
        };
        let mut sent = encode::form(&admitted(every_cell()));
        sent.indicators[0].target_structured = Some(structured);
        assert_eq!(encode::form(&admitted(decode::form(sent.clone()))), sent, "{number}");
    }
    for number in [7, 99, -1, i32::MIN] {
        let mut sent = encode::form(&admitted(every_cell()));
        let structured = pb::StructuredValue { comparison: Some(number), value: "1".into(), ..Default::default() };
        sent.indicators[1].actual_structured = Some(structured);
        let violations = Form::admit(decode::form(sent)).unwrap_err();
        let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["indicators[1].actual_structured.comparison"], "{number}");
    }
}

#[test]
fn json_has_the_names_of_files() {
    let json = message(&encode::form(&admitted(with_structures())), Layout::Line).unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    for (pointer, want) in [
        ("/indicators/0/targetStructured/comparison", "AT_LEAST"),
        ("/indicators/0/targetStructured/value", "1,000.50"),
        ("/indicators/0/targetStructured/unit", "场"),
        ("/indicators/0/targetStructured/tier", "partly"),
        ("/indicators/0/actualStructured/low", "１"),
        ("/indicators/0/actualStructured/high", "2.0"),
        ("/indicators/1/targetStructured/date", "2022-12-01/2022-12-31"),
    ] {
        assert_eq!(value.pointer(pointer).and_then(|v| v.as_str()), Some(want), "{pointer} in {json}");
    }
    assert_eq!(value.pointer("/indicators/0/actualStructured/comparison"), None);
    let node = parse("form.json", &json, &Limits::FORM).unwrap();
    let mut problems = Vec::new();
    assert_eq!(Draft::from_node(&node, &mut problems), with_structures());
    assert_eq!(problems, []);
    let without = message(&encode::form(&admitted(every_cell())), Layout::Line).unwrap();
    assert!(!without.contains("tructured"), "{without}");
}
