//! Reads of an index that was tampered with: the record or a named error, never other bytes.

use std::path::{Path, PathBuf};

use super::chunks::CHUNK;
use super::layout;
use super::{Census, Index, IndexTail, Indexed, Intake, table};
use crate::store::error::StoreError;
use crate::store::filing::Filed;
use crate::store::journal::{GENESIS, Journal, Limits, Prepared, group_size};
use crate::store::record;
use crate::store::{Kind, NewRecord, StoredRecord};

const COUNT: u8 = 6;

fn record(number: u8) -> NewRecord {
    let length = if number.is_multiple_of(3) { 2 * CHUNK } else { 200 };
    let request_id = Some(format!("request-{number}"));
    let kind = Kind::Evaluation;
    NewRecord {
        kind,
        id: format!("{number:026}"),
        request_id,
        request_digest: [number; 32],
        payload: vec![number; length],
    }
}

fn stored(number: u8) -> StoredRecord {
    let NewRecord { kind, id, request_id, request_digest, payload } = record(number);
    StoredRecord { kind, id, sequence: number.into(), request_id, request_digest, payload }
}

/// An index with the records 1 to [`COUNT`], closed.
fn filled(name: &str) -> PathBuf {
    let records: Vec<NewRecord> = (1..=COUNT).map(record).collect();
    let folder = filled_with(name, &records);
    let index = Index::open(&folder.join("index"), 1 << 20).unwrap();
    let (tail, census) = (index.tail().unwrap(), index.take_census().unwrap());
    assert_eq!(tail.map(|tail| (tail.sequence, tail.digest != GENESIS)), Some((COUNT.into(), true)));
    assert_eq!((census.records, census.requests), (6, 6));
    folder
}

fn filled_with(name: &str, records: &[NewRecord]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("heng-index-{name}-{}", std::process::id()));
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(folder.join("journal")).unwrap();
    let limits = Limits { segment: 4 << 20, step: 4096 };
    let mut journal = Journal::resume(&folder.join("journal"), limits, None, false, 0).unwrap();
    let prepared: Vec<Prepared> = records.iter().map(|record| Prepared::new(record::encode(record))).collect();
    journal.reserve(group_size(&prepared) as u64).unwrap();
    let written = journal.append(&prepared).unwrap();
    let index = Index::open(&folder.join("index"), 1 << 20).unwrap();
    let filed = Filed { terms: vec![*b"one-term"], rank: 7 };
    let entries = (written.first..).zip(&written.lengths).zip(records).map(|((sequence, length), record)| Indexed {
        sequence,
        length: *length,
        kind: record.kind,
        id: &record.id,
        request_id: record.request_id.as_deref(),
        filed: Some(&filed),
    });
    index.apply(Intake { bytes: &written.bytes, entries: entries.collect(), digest: written.digest }, 1).unwrap();
    folder
}

/// sled keeps values beyond 128 KiB in files of their own, which it never syncs.
#[test]
fn no_value_is_longer_than_64_kib_however_long_the_record() {
    let lengths = [0, CHUNK, CHUNK + 1, 64 << 10, 128 << 10, 1 << 20];
    let kinds = [Kind::Evaluation, Kind::Revision, Kind::Activation];
    let records: Vec<NewRecord> = (1..)
        .zip(lengths)
        .zip(kinds.into_iter().cycle())
        .map(|((number, length), kind)| NewRecord { kind, payload: vec![number; length], ..record(number) })
        .collect();
    let folder = filled_with("long", &records);
    let longest = raw(&folder).iter().map(|item| item.unwrap().1.len()).max().unwrap();
    assert!((CHUNK..=64 << 10).contains(&longest), "{longest}");
    assert!(!folder.join("index/blobs").read_dir().is_ok_and(|mut blobs| blobs.next().is_some()));
    let index = Index::open(&folder.join("index"), 1 << 20).unwrap();
    for record in &records {
        assert_eq!(index.get(record.kind, &record.id).unwrap().unwrap().payload, record.payload);
    }
    drop(index);
    std::fs::remove_dir_all(folder).unwrap();
}

/// What is done to each value in turn.
type Tamper = fn(&sled::Db, &[u8], Vec<u8>);

#[test]
fn tampered_values_are_named() {
    let tampers: [(&str, Tamper); 5] = [
        ("flip", |db, key, mut value| {
            let middle = value.len() / 2;
            value[middle] ^= 1;
            db.insert(key, value).unwrap();
        }),
        ("cut", |db, key, mut value| {
            value.pop();
            db.insert(key, value).unwrap();
        }),
        ("empty", |db, key, _| drop(db.insert(key, b"").unwrap())),
        ("lost", |db, key, _| drop(db.remove(key).unwrap())),
        ("swapped", |db, key, _| {
            let other = db.iter().filter_map(Result::ok).find(|(other, _)| other[0] == key[0] && other != key);
            if let Some((_, value)) = other {
                db.insert(key, value).unwrap();
            }
        }),
    ];
    let folder = filled("tampered");
    let whole = look(&Index::open(&folder.join("index"), 1 << 20).unwrap());
    assert!(whole.is_some());
    let keys: Vec<_> = {
        let db = raw(&folder);
        // Chunks that are made ahead are empty, and nobody reads them.
        db.iter().map(Result::unwrap).filter(|(_, value)| !value.is_empty()).collect()
    };
    // One key has the rows of all, one counts them, and two records have more than two chunks.
    assert_eq!(keys.len(), 6 + 6 + 5 + 1 + 1 + 1);
    for (key, value) in &keys {
        for (name, tamper) in tampers {
            let what = format!("{name} {}", key.escape_ascii());
            {
                let db = raw(&folder);
                tamper(&db, key, value.to_vec());
            }
            let index = Index::open(&folder.join("index"), 1 << 20).unwrap();
            let tally = **key == *table::TALLY_KEY;
            let lone = name == "swapped" && (tally || **key == *layout::TAIL_KEY || key[0] == table::GROUPS);
            // Without the count the rows are made anew, whatever they are.
            let lone = lone || name == "lost" && tally;
            assert_eq!(look(&index) == whole, lone, "{what}");
            for number in 1..=COUNT {
                right_or_named(index.get(Kind::Evaluation, &record(number).id), number, name, &what);
                right_or_named(index.find_request(Kind::Evaluation, &format!("request-{number}")), number, name, &what);
            }
            drop(index);
            raw(&folder).insert(key, value).unwrap();
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// sled itself, once the threads of the last opening have let go of its lock.
fn raw(folder: &Path) -> sled::Db {
    (0..1000)
        .find_map(|_| {
            let opened = sled::open(folder.join("index"));
            opened.inspect_err(|_| std::thread::sleep(std::time::Duration::from_millis(5))).ok()
        })
        .unwrap()
}

fn look(index: &Index) -> Option<(IndexTail, Census)> {
    Some((index.tail().ok()??, index.take_census().ok()?))
}

/// Only a value that is gone reads as nothing; the census, which sees that, comes before every read.
fn right_or_named(read: Result<Option<StoredRecord>, StoreError>, number: u8, name: &str, what: &str) {
    match read {
        Ok(Some(found)) => assert_eq!(found, stored(number), "{what}"),
        Ok(None) => assert_eq!(name, "lost", "{what}"),
        Err(error) => assert!(matches!(error, StoreError::DamagedIndex { .. }), "{what}: {error}"),
    }
}

#[test]
fn a_foreign_file_is_no_index() {
    let folder = filled("foreign");
    for name in ["db", "conf"] {
        let path = folder.join("index").join(name);
        let before = std::fs::read(&path).unwrap();
        for bytes in [&b"not sled"[..], &[0xff; 100_000], &[]] {
            std::fs::write(&path, bytes).unwrap();
            if let Ok(index) = Index::open(&folder.join("index"), 1 << 20) {
                assert!(look(&index).is_none_or(|(tail, census)| tail.sequence == census.records));
            }
        }
        std::fs::write(&path, before).unwrap();
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
