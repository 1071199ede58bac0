//! proto3 JSON as the command line prints it.

use prost_reflect::{DescriptorPool, Kind};

use super::{admitted, every_cell};
use crate::document::{Limits, parse};
use crate::form::Draft;
use crate::wire::encode;
use crate::wire::json::{Layout, message};
use crate::wire::pb::{self, v1};

fn line<M: prost::Message + prost::Name>(m: &M) -> String {
    message(m, Layout::Line).unwrap()
}

#[test]
fn scalars_and_lists_are_always_there_and_messages_when_set() {
    assert_eq!(
        line(&v1::Citation { source: "cn-2020-10".into(), basis: v1::Basis::LocalRule.into(), ..Default::default() }),
        r#"{"source":"cn-2020-10","document":"","title":"","article":"","quote":"","basis":"LOCAL_RULE","verified":false}"#
    );
    assert_eq!(
        line(&v1::Evaluation::default()),
        r#"{"id":"","formDigest":"","rulePack":"","revision":"","projectCode":"","projectName":"","fiscalYear":0,"complete":false,"indicators":[],"findings":[],"adjustments":[],"trace":[]}"#
    );
}

#[test]
fn optional_fields_are_there_when_set_even_to_nothing() {
    let mut points = v1::Points { possible: "8".into(), ..v1::Points::default() };
    assert_eq!(line(&points), r#"{"possible":"8","floor":"","ceiling":"","awarded":""}"#);
    points.claimed = Some(String::new());
    assert_eq!(line(&points), r#"{"possible":"8","claimed":"","floor":"","ceiling":"","awarded":""}"#);
    let applies = v1::Applicability { fiscal_year_from: Some(0), ..v1::Applicability::default() };
    assert_eq!(line(&applies), r#"{"fiscalYearFrom":0,"projectCodePrefix":""}"#);
}

#[test]
fn enum_values_are_short_and_unknown_numbers_stay_numbers() {
    let reading = |comparison| v1::Reading {
        text: "执行率95%以上".into(),
        kind: v1::ReadingKind::Number.into(),
        comparison,
        value: Some("95".into()),
        unit: Some("%".into()),
        ..v1::Reading::default()
    };
    assert_eq!(
        line(&reading(Some(v1::Comparison::AtLeast.into()))),
        r#"{"text":"执行率95%以上","kind":"NUMBER","comparison":"AT_LEAST","value":"95","unit":"%","approximate":false,"spans":[],"others":[]}"#
    );
    assert!(line(&reading(Some(99))).contains(r#""comparison":99"#));
    assert!(!line(&reading(None)).contains("comparison"));
    assert!(line(&v1::RulePack::default()).contains(r#""state":"UNSPECIFIED""#));
}

#[test]
fn texts_are_escaped_and_maps_are_in_the_order_of_their_keys() {
    let form = v1::Form {
        attributes: [("乙".into(), "\"\\\n\u{1}".into()), ("甲".into(), "👍".into()), ("a".into(), String::new())]
            .into(),
        ..v1::Form::default()
    };
    let text = line(&form);
    assert!(text.contains(r#""attributes":{"a":"","乙":"\"\\\n\u0001","甲":"👍"}"#), "{text}");
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    let pretty = message(&form, Layout::Pretty).unwrap();
    assert!(pretty.starts_with("{\n  \"projectCode\": \"\",\n"), "{pretty}");
}

#[test]
fn times_are_rfc_3339_with_digits_in_threes() {
    let at = |seconds, nanos| {
        let evaluated_at = Some(prost_types::Timestamp { seconds, nanos });
        message(&v1::Evaluation { evaluated_at, ..Default::default() }, Layout::Line)
    };
    for (seconds, nanos, want) in [
        (0, 0, "1970-01-01T00:00:00Z"),
        (1_795_500_000, 0, "2026-11-24T06:00:00Z"),
        (1_795_500_000, 500_000_000, "2026-11-24T06:00:00.500Z"),
        (1_795_500_000, 123_456_000, "2026-11-24T06:00:00.123456Z"),
        (1_795_500_000, 1, "2026-11-24T06:00:00.000000001Z"),
        (-1, 999_000_000, "1969-12-31T23:59:59.999Z"),
    ] {
        let text = at(seconds, nanos).unwrap();
        assert!(text.contains(&format!(r#""evaluatedAt":"{want}""#)), "{text}");
    }
    assert!(at(i64::MAX, 0).is_err());
}

#[test]
fn the_interface_has_no_floats_nor_bytes_but_a_file_s_and_numbers_fields_as_they_stand() {
    let pool = DescriptorPool::decode(pb::DESCRIPTORS).unwrap();
    for described in pool.all_messages().filter(|m| m.package_name() == "heng.v1" && !m.is_map_entry()) {
        let message = described.descriptor_proto();
        for (position, field) in message.field.iter().enumerate() {
            let number = i32::try_from(position).unwrap() + 1;
            assert_eq!(field.number(), number, "{}.{}", described.full_name(), field.name());
        }
        for field in described.fields() {
            let is_file = field.full_name() == "heng.v1.ExportLedgerResponse.data";
            let bad = matches!(field.kind(), Kind::Float | Kind::Double | Kind::Bytes);
            assert!(!bad || is_file, "{}", field.full_name());
        }
    }
}

#[test]
fn file_json_and_wire_have_one_shape() {
    let json = line(&encode::form(&admitted(every_cell())));
    let node = parse("form.json", &json, &Limits::FORM).unwrap();
    let mut problems = Vec::new();
    assert_eq!(Draft::from_node(&node, &mut problems), every_cell());
    assert_eq!(problems, []);
}
