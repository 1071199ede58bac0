//! Canonical bytes, digests and what lies on disk.

use jiff::Timestamp;
use prost::Message;

use super::{admitted, every_cell};
use crate::form::Draft;
use crate::wire::pb::{stored_v1, v1 as pb};
use crate::wire::stored::{self, Record, StoredError};
use crate::wire::{decode, digest, encode};

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
    let payload = stored::encode(&record());
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
    let mut payload = stored::encode(&record());
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
        let mut message = stored_v1::Record::decode(&stored::encode(&record())[6..]).unwrap();
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
    let payload = stored::encode(&record());
    // The last field is the engine's version: a cut right before it leaves well-formed bytes, which the store's
    // checksum tells apart; every other cut is seen here already.
    let before_last = payload.len() - 2;
    for end in (0..payload.len()).filter(|end| *end != before_last) {
        assert!(stored::decode(&payload[..end]).is_err(), "cut at {end}");
    }
    let unknown_field = [payload.as_slice(), &[0x78, 0x01]].concat();
    assert!(matches!(stored::decode(&unknown_field), Err(StoredError::Damaged(_))));
}
