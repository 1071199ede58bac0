//! Evidence that was tampered with proves nothing, wherever it was touched and whoever mended the sum over it.

use std::ops::ControlFlow;
use std::sync::mpsc;

use sha2::{Digest as _, Sha256};

use super::{EvidenceError, EvidenceWriter, read_evidence};
use crate::store::{Filing, Kind, LedgerHead, MemoryStore, NewRecord, Store};

const COUNT: u8 = 6;

fn ledger() -> MemoryStore {
    let store = MemoryStore::new(Filing::NONE);
    for number in 1..=COUNT {
        let kind = if number == 1 { Kind::Revision } else { Kind::Evaluation };
        let payload = vec![number; 20 + usize::from(number)];
        let record = NewRecord { kind, id: format!("id-{number}"), request_id: None, request_digest: [0; 32], payload };
        let (send, answer) = mpsc::channel();
        store.submit(record, Box::new(move |outcome| send.send(outcome).unwrap()));
        answer.recv().unwrap().unwrap();
    }
    store
}

fn head(store: &MemoryStore) -> LedgerHead {
    store.walk(&mut |_| ControlFlow::Continue(())).unwrap()
}

/// Evidence of record 3 with record 1 aside.
fn evidence() -> Vec<u8> {
    let store = ledger();
    let mut bytes = Vec::new();
    let mut writer = EvidenceWriter::begin(&head(&store), |piece: Vec<u8>| {
        bytes.extend(piece);
        Ok::<(), ()>(())
    })
    .unwrap();
    store
        .walk(&mut |entry| {
            match entry.record.sequence {
                1 => writer.aside(&entry).unwrap(),
                2 => {}
                3 => writer.whole(&entry).unwrap(),
                _ => writer.passing(&entry).unwrap(),
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn a_record_is_proven_without_those_after_it() {
    let found = read_evidence(&evidence()).unwrap();
    assert_eq!((found.first, found.head, found.links), (3, head(&ledger()), 3));
    assert_eq!(found.records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["id-3"]);
    assert_eq!(found.aside.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["id-1"]);
    let shown = |needle: &[u8]| evidence().windows(needle.len()).any(|window| window == needle);
    assert!(shown(&[3; 23]) && !shown(&[4; 8]), "what was not asked for is not shown");
}

#[test]
fn any_flipped_bit_is_found() {
    let whole = evidence();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            assert!(read_evidence(&bytes).is_err(), "byte {at}, bit {bit}");
        }
    }
    for length in 0..whole.len() {
        assert!(read_evidence(&whole[..length]).is_err(), "cut to {length}");
    }
    assert!(read_evidence(&[whole, vec![0]].concat()).is_err());
}

/// Whoever tampers can mend the sum: the chain still does not lead to the head, unless the head is changed too,
/// which whoever has it from elsewhere sees. What stands aside is proven by its own content, by those who use it.
#[test]
fn mending_the_sum_does_not_help() {
    let whole = evidence();
    let covered = whole.len() - 32;
    for at in 0..covered - 5 {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        let sum = Sha256::digest(&bytes[..covered - 5]);
        bytes[covered..].copy_from_slice(&sum);
        assert!(read_evidence(&bytes).is_err(), "byte {at}");
    }
}

/// Written by the first version, never to be written again.
const VERSION_1: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/evidence-v1.bin"));

#[test]
fn bytes_that_version_1_wrote_stay_readable() {
    let found = read_evidence(VERSION_1).unwrap();
    assert_eq!((found.first, found.head.sequence, found.links, found.aside.len()), (3, 6, 3, 1));
    assert_eq!(found.records.iter().map(|record| record.payload.as_slice()).collect::<Vec<_>>(), [[3; 23]]);
}

#[test]
fn a_newer_version_is_refused_by_its_number() {
    let mut bytes = evidence();
    bytes[8] = 9;
    assert_eq!(read_evidence(&bytes), Err(EvidenceError::Newer { found: 9 }));
    assert_eq!(read_evidence(b""), Err(EvidenceError::NotEvidence));
}
