//! Revisions and activations on disk.

use std::sync::Arc;

use jiff::Timestamp;
use prost::Message;

use crate::pack::PackFiles;
use crate::ruleset::revision_of;
use crate::wire::pb::stored_v1;
use crate::wire::stored::{
    Activation, Origin, Revision, StoredError, completed, decode_activation, decode_revision, encode_activation,
    encode_revision, extended_by,
};

/// Written by the first version, never to be written again.
const REVISION_1: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/revision-v1.bin"));
/// Written by the first version that referred to other revisions.
const REVISION_2: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/revision-v2.bin"));
const ACTIVATION_1: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/activation-v1.bin"));
/// The hash of the files in the fixture, under engine semantics 2.
const FIXTURE_REVISION: &str = "sha256:20a97d0aef6ad4f5ce9a294ec4adba81a2ee64bdd873c45093a9bf35332cafa5";

fn pack(name: &str, files: &[(&str, &str)]) -> PackFiles {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(*text)));
    PackFiles { name: name.to_owned(), files: files.collect() }
}

fn revision() -> Revision {
    Revision {
        rule_pack: "county".into(),
        engine_semantics: 2,
        kept_at: Timestamp::new(1_795_500_000, 123_456_789).unwrap(),
        author: "王审计".into(),
        reason: "第一版".into(),
        packs: vec![
            pack("national", &[("pack.yaml", "id: national\n"), ("cases/a.yaml", &"- case: 同样的字\n".repeat(500))]),
            pack("county", &[("pack.yaml", "id: county\nextends: national\n"), ("empty.md", "")]),
        ],
        extends_revision: String::new(),
    }
}

fn activation() -> Activation {
    Activation {
        rule_pack: "county".into(),
        from_revision: String::new(),
        to_revision: "sha256:01".into(),
        folder_revision: "sha256:02".into(),
        engine_semantics: 2,
        origin: Origin::Request,
        author: "王审计".into(),
        reason: "试行".into(),
        activated_at: Timestamp::new(1_795_500_001, 0).unwrap(),
    }
}

#[test]
fn they_come_back_from_their_payloads() {
    let payload = encode_revision(&revision());
    assert_eq!(decode_revision(&payload), Ok(revision()));
    assert!(payload.len() < 1000, "{} bytes: files are deflated", payload.len());
    for origin in [Origin::Folder, Origin::Request, Origin::Engine] {
        let activation = Activation { origin, ..activation() };
        assert_eq!(decode_activation(&encode_activation(&activation)), Ok(activation));
    }
}

#[test]
fn bytes_that_version_1_wrote_stay_readable() {
    let read = decode_revision(REVISION_1).unwrap();
    assert_eq!(read, revision());
    assert_eq!(revision_of(&read.packs, read.engine_semantics), FIXTURE_REVISION);
    assert_eq!(decode_activation(ACTIVATION_1).unwrap(), activation());
}

#[test]
fn bytes_that_version_2_wrote_stay_readable_and_take_their_other_files_from_where_they_say() {
    let extended = "sha256:8e0d";
    let [national, county] = <[PackFiles; 2]>::try_from(revision().packs).unwrap();
    let referring = Revision { packs: vec![county], extends_revision: extended.into(), ..revision() };
    let read = decode_revision(REVISION_2).unwrap();
    assert_eq!(read, referring);
    assert_eq!((extended_by(REVISION_2).as_deref(), extended_by(REVISION_1)), (Some(extended), None));
    let found = completed(read, |id| {
        assert_eq!(id, extended);
        let extended = Revision { rule_pack: "national".into(), packs: vec![national.clone()], ..revision() };
        Ok::<_, StoredError>(extended)
    });
    assert_eq!(found.unwrap(), revision());
}

#[test]
fn one_kind_of_record_passes_for_no_other() {
    let (revision, activation) = (encode_revision(&revision()), encode_activation(&activation()));
    assert_eq!(decode_activation(&revision), Err(StoredError::NotARecord));
    assert_eq!(decode_revision(&activation), Err(StoredError::NotARecord));
    assert_eq!(crate::wire::stored::decode(&revision), Err(StoredError::NotARecord));
    for payload in [&revision, &activation] {
        let mut newer = payload.clone();
        newer[5] = 7;
        let found = [decode_revision(&newer).err(), decode_activation(&newer).err()];
        assert!(found.into_iter().flatten().any(|why| matches!(why, StoredError::Newer { found: 7, .. })));
    }
}

#[test]
fn damage_is_told_and_unpacks_nothing_beyond_its_length() {
    let payload = encode_revision(&revision());
    for end in 0..payload.len() {
        // A cut between fields leaves well-formed bytes, which the store's checksum tells apart; what is left has no
        // files, or is less than it says.
        if let Ok(read) = decode_revision(&payload[..end]) {
            assert_eq!(read.packs, revision().packs, "cut at {end}");
        }
    }
    let unversioned = Revision { extends_revision: "sha256:01".into(), ..revision() };
    for (payload, version) in [(encode_revision(&unversioned), 1), (payload.clone(), 2)] {
        let other = [b"hrev\0", [version].as_slice(), &payload[6..]].concat();
        assert!(matches!(decode_revision(&other), Err(StoredError::Damaged(_))), "{version}");
    }
    let damaged = |change: fn(&mut stored_v1::Revision)| {
        let mut message = stored_v1::Revision::decode(&payload[6..]).unwrap();
        change(&mut message);
        decode_revision(&[b"hrev\0\x01", message.encode_to_vec().as_slice()].concat())
    };
    assert_eq!(damaged(|_| ()), Ok(revision()));
    for change in [
        |m: &mut stored_v1::Revision| m.packs_length -= 1,
        |m: &mut stored_v1::Revision| m.packs_length += 1,
        |m: &mut stored_v1::Revision| m.packs_length = u64::MAX,
        |m: &mut stored_v1::Revision| m.packs.clear(),
        |m: &mut stored_v1::Revision| m.packs[20] ^= 1,
        |m: &mut stored_v1::Revision| m.rule_pack = "national".into(),
        |m: &mut stored_v1::Revision| m.kept_at_nanos = -1,
    ] {
        assert!(matches!(damaged(change), Err(StoredError::Damaged(_))));
    }
    let nothing = Activation { to_revision: String::new(), ..activation() };
    assert!(matches!(decode_activation(&encode_activation(&nothing)), Err(StoredError::Damaged(_))));
}
