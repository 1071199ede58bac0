//! Canonical bytes, digests and what lies on disk.

use jiff::Timestamp;
use prost::Message;

use super::structured::with_structures;
use super::{admitted, every_cell};
use crate::form::{Draft, FundSourceDraft, IndicatorDraft, SubtotalDraft};
use crate::wire::pb::{stored_v1, v1 as pb};
use crate::wire::stored::{self, Record, StoredError};
use crate::wire::{answer, decode, digest, encode};

#[test]
fn a_form_comes_back_from_its_bytes_cell_by_cell() {
    let form = admitted(every_cell());
    let bytes = digest::canonical(&form);
    let draft = decode::form_bytes(&bytes).unwrap();
    assert_eq!(draft, every_cell());
    assert_eq!(digest::canonical(&admitted(draft)), bytes);
}

#[test]
fn equal_forms_have_equal_bytes_whatever_the_door() {
    let mut typed = every_cell();
    typed.fiscal_year = " ２０２２年".into();
    assert_eq!(digest::canonical(&admitted(typed)), digest::canonical(&admitted(every_cell())));

    let blank_blocks = pb::Form {
        project_name: "甲".into(),
        fiscal_year: 2022,
        funds: Some(pb::Funds { total: Some(pb::Amounts::default()), ..pb::Funds::default() }),
        indicators: vec![pb::Indicator::default()],
        total: Some(pb::Total::default()),
        ..pb::Form::default()
    };
    let absent_blocks = pb::Form { funds: None, total: None, ..blank_blocks.clone() };
    let bytes = |message: pb::Form| digest::canonical(&admitted(decode::form(message)));
    assert_eq!(bytes(blank_blocks), bytes(absent_blocks.clone()));
    assert_eq!(bytes(absent_blocks.clone()), absent_blocks.encode_to_vec());
}

#[test]
fn the_canonical_bytes_are_those_of_the_message() {
    let blank = Draft {
        project_name: "甲".into(),
        fiscal_year: "2022".into(),
        indicators: vec![IndicatorDraft::default()],
        ..Draft::default()
    };
    let mut whole = with_structures();
    whole.indicators[1].attributes = [("sign".into(), "≥".into()), ("unit".into(), String::new())].into();
    whole.subtotals = vec![
        SubtotalDraft::default(),
        SubtotalDraft { category: "数量指标".into(), points_possible: "20".into(), ..SubtotalDraft::default() },
    ];
    whole.funds.sources.push(FundSourceDraft::default());
    let mut drafts = vec![blank, whole.clone()];
    // Where a length takes one more byte: of a text, of a row, of the funds.
    for length in [40, 41, 42, 43, 665, 666] {
        let mut draft = whole.clone();
        draft.indicators[0].deviation_reason = "因".repeat(length);
        draft.goals[0].expected = "绩".repeat(length);
        draft.indicators[0].name = "名".repeat(length.min(100));
        drafts.push(draft);
    }
    for count in [1, 20, 3000] {
        let mut draft = whole.clone();
        draft.indicators = vec![whole.indicators[0].clone(); count];
        draft.funds.sources = vec![whole.funds.sources[0].clone(); count.min(100)];
        drafts.push(draft);
    }
    for draft in drafts {
        let form = admitted(draft);
        assert_eq!(digest::canonical(&form), encode::form(&form).encode_to_vec());
    }
}

#[test]
fn an_answer_with_bytes_is_the_answer_of_the_interface() {
    use answer::{EvaluateFormResponse, EvaluationOrStatus, FormResult, GetEvaluationResponse};

    /// As the interface has it: the same fields, an evaluation for its bytes.
    #[derive(Clone, PartialEq, prost::Message)]
    struct Interface {
        #[prost(message, optional, tag = "1")]
        evaluation: Option<pb::Evaluation>,
        #[prost(message, optional, tag = "2")]
        status: Option<tonic_types::Status>,
    }
    for name in ["EvaluateFormResponse", "GetEvaluationResponse", "FormResult"] {
        let pool = prost_reflect::DescriptorPool::decode(crate::wire::pb::DESCRIPTORS).unwrap();
        let fields = pool.get_message_by_name(&format!("heng.v1.{name}")).unwrap();
        let evaluation = fields.get_field(1).unwrap();
        assert_eq!(evaluation.kind().as_message().unwrap().full_name(), "heng.v1.Evaluation", "{name}");
        let status = fields.get_field(2).map(|field| field.kind().as_message().unwrap().full_name().to_owned());
        assert_eq!(status.as_deref(), (name == "FormResult").then_some("google.rpc.Status"));
        assert_eq!(fields.fields().len(), if name == "FormResult" { 2 } else { 1 });
    }
    let evaluation = pb::Evaluation { id: "01".into(), project_name: "甲".into(), ..pb::Evaluation::default() };
    let status = tonic_types::Status { code: 3, message: "拒绝".into(), details: Vec::new() };
    let wanted = Interface { evaluation: Some(evaluation.clone()), status: None }.encode_to_vec();
    let bytes = bytes::Bytes::from(evaluation.encode_to_vec());
    assert_eq!(EvaluateFormResponse { evaluation: Some(bytes.clone()) }.encode_to_vec(), wanted);
    assert_eq!(GetEvaluationResponse { evaluation: Some(bytes.clone()) }.encode_to_vec(), wanted);
    let result = |result| FormResult { result: Some(result) }.encode_to_vec();
    assert_eq!(result(EvaluationOrStatus::Evaluation(bytes)), wanted);
    let wanted = Interface { evaluation: None, status: Some(status.clone()) }.encode_to_vec();
    assert_eq!(result(EvaluationOrStatus::Status(status)), wanted);
    // An evaluation of which nothing is set is there all the same.
    let nothing = EvaluateFormResponse { evaluation: Some(bytes::Bytes::new()) };
    assert_eq!(
        nothing.encode_to_vec(),
        Interface { evaluation: Some(pb::Evaluation::default()), status: None }.encode_to_vec()
    );
}

#[test]
fn a_year_that_is_not_set_is_blank() {
    assert_eq!(decode::form(pb::Form::default()), Draft::default());
    let minus = decode::form(pb::Form { fiscal_year: -2022, ..pb::Form::default() });
    assert_eq!(minus.fiscal_year, "-2022");
}

#[test]
fn digests_are_stable_and_tell_every_part() {
    assert_eq!(digest::of_form(b""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let requests = [
        digest::of_request(b"form", "pack", "rev"),
        digest::of_request(b"form", "packrev", ""),
        digest::of_request(b"form", "", "packrev"),
        digest::of_request(b"formpack", "", "rev"),
        digest::of_request(b"", "", ""),
    ];
    for (n, request) in requests.iter().enumerate() {
        assert!(!requests[n + 1..].contains(request), "request {n} is told apart");
    }
    let form = digest::of_form(&digest::canonical(&admitted(every_cell())));
    assert_eq!(form, FIXTURE_DIGEST, "the digest of a form is part of every stored evaluation");
}

const FIXTURE_DIGEST: &str = "sha256:8ea1b288bd3f7b1b0c2df015b780886efdc6bacf92ed4428cf5271551133b87d";

/// Written by the first version, never to be written again.
const VERSION_1: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/stored-v1.bin"));

fn record() -> Record {
    let form = digest::canonical(&admitted(every_cell()));
    let evaluation = pb::Evaluation {
        id: "01JZ0000000000000000000000".into(),
        form_digest: digest::of_form(&form),
        rule_pack: "longgang-2022".into(),
        revision: "sha256:00".into(),
        evaluated_at: Some(encode::timestamp(Timestamp::new(1_795_500_000, 123_456_789).unwrap())),
        project_name: "投资推广和企业服务".into(),
        fiscal_year: 2022,
        points: Some(pb::Points { possible: "100".into(), claimed: Some("98.18".into()), ..pb::Points::default() }),
        complete: true,
        ..pb::Evaluation::default()
    };
    Record {
        form,
        evaluation: evaluation.encode_to_vec(),
        evaluated_at: Timestamp::new(1_795_500_000, 123_456_789).unwrap(),
        rule_pack: "longgang-2022".into(),
        revision: "sha256:00".into(),
        engine_semantics: 1,
    }
}

#[test]
fn a_record_comes_back_from_its_payload() {
    let payload = stored::encode(record());
    assert_eq!(stored::decode(&payload), Ok(record()));
}

#[test]
fn bytes_that_version_1_wrote_stay_readable() {
    let read = stored::decode(VERSION_1).unwrap();
    assert_eq!(read.rule_pack, "longgang-2022");
    assert_eq!(read.evaluated_at.to_string(), "2026-11-24T06:00:00.123456789Z");
    assert_eq!(read.engine_semantics, 1);
    assert_eq!(decode::form_bytes(&read.form).unwrap(), every_cell());
    assert_eq!(digest::of_form(&read.form), FIXTURE_DIGEST);
    let evaluation = pb::Evaluation::decode(read.evaluation.as_slice()).unwrap();
    assert_eq!(evaluation.form_digest, FIXTURE_DIGEST);
    assert_eq!(evaluation.points.unwrap().claimed.as_deref(), Some("98.18"));
}

#[test]
fn a_newer_version_is_refused_by_its_number() {
    let mut payload = stored::encode(record());
    payload[4..6].copy_from_slice(&258_u16.to_be_bytes());
    assert_eq!(stored::decode(&payload), Err(StoredError::Newer { found: 258, newest: 1 }));
    assert!(StoredError::Newer { found: 258, newest: 1 }.to_string().contains("258"));
}

#[test]
fn what_is_no_record_is_refused() {
    for bytes in [&b""[..], b"h", b"heng", b"heng\0", b"heng\0\0", b"HENG\0\x01", b"PK\x03\x04\0\x01"] {
        assert_eq!(stored::decode(bytes), Err(StoredError::NotARecord), "{bytes:?}");
    }
    let damaged = |change: fn(&mut stored_v1::Record)| {
        let mut message = stored_v1::Record::decode(&stored::encode(record())[6..]).unwrap();
        change(&mut message);
        stored::decode(&[b"heng\0\x01", message.encode_to_vec().as_slice()].concat())
    };
    assert_eq!(damaged(|_| ()), Ok(record()));
    for change in [
        |m: &mut stored_v1::Record| m.form.clear(),
        |m: &mut stored_v1::Record| m.evaluation.clear(),
        |m: &mut stored_v1::Record| m.rule_pack.clear(),
        |m: &mut stored_v1::Record| m.revision.clear(),
        |m: &mut stored_v1::Record| m.evaluated_at_nanos = 1_000_000_000,
        |m: &mut stored_v1::Record| m.evaluated_at_nanos = -1,
        |m: &mut stored_v1::Record| m.evaluated_at_seconds = i64::MAX,
    ] {
        assert!(matches!(damaged(change), Err(StoredError::Damaged(_))));
    }
}

#[test]
fn no_cut_and_no_unknown_field_passes_for_a_record() {
    let payload = stored::encode(record());
    // The last field is the engine's version: a cut right before it leaves well-formed bytes, which the store's
    // checksum tells apart; every other cut is seen here already.
    let before_last = payload.len() - 2;
    for end in (0..payload.len()).filter(|end| *end != before_last) {
        assert!(stored::decode(&payload[..end]).is_err(), "cut at {end}");
    }
    let unknown_field = [payload.as_slice(), &[0x78, 0x01]].concat();
    assert!(matches!(stored::decode(&unknown_field), Err(StoredError::Damaged(_))));
}
