//! Restarts: everything kept is kept, and the index follows the journal.

use std::fs;
use std::path::Path;

use super::{Scratch, StoreError, assert_whole, filled, open, put, record, segment, stored};
use crate::store::{Kind, NewRecord, Put, Store, verify};

#[test]
fn reopens_with_everything() {
    let scratch = filled(40);
    for round in 0..3 {
        let store = open(&scratch.data()).unwrap();
        assert_eq!(store.recovery().records, 40 + round);
        assert_eq!((store.recovery().cut, store.recovery().indexed, &store.recovery().rebuilt), (0, 0, &None));
        assert_whole(&store, 40 + round);
        put(&store, record(41 + round)).unwrap();
    }
}

#[test]
fn requests_are_remembered_over_a_restart() {
    let scratch = filled(5);
    let store = open(&scratch.data()).unwrap();
    let again = NewRecord { id: super::id(77), ..record(4) };
    assert_eq!(put(&store, again).unwrap(), Put::Existing(stored(&record(4), 4)));
    let other = NewRecord { id: super::id(78), request_digest: [9; 32], ..record(4) };
    assert!(matches!(put(&store, other), Err(StoreError::RequestConflict { .. })));
}

#[test]
fn a_lost_index_is_rebuilt() {
    let scratch = filled(40);
    fs::remove_dir_all(scratch.data().join("index")).unwrap();
    let store = open(&scratch.data()).unwrap();
    assert_eq!(store.recovery().indexed, 40);
    assert_whole(&store, 40);
    drop(store);
    assert_eq!(open(&scratch.data()).unwrap().recovery().indexed, 0);
}

#[test]
fn an_index_that_fell_behind_catches_up() {
    let scratch = filled(20);
    let (data, old) = (scratch.data(), scratch.0.join("old"));
    fs::create_dir(&old).unwrap();
    super::copy(&data.join("index"), &old);
    let store = open(&data).unwrap();
    for number in 21..=40 {
        put(&store, record(number)).unwrap();
    }
    drop(store);
    fs::remove_dir_all(data.join("index")).unwrap();
    super::copy(&old, &data.join("index"));
    let store = open(&data).unwrap();
    assert_eq!((store.recovery().indexed, &store.recovery().rebuilt), (20, &None));
    assert_whole(&store, 40);
}

#[test]
fn an_index_of_another_store_is_replaced() {
    let (mine, other) = (filled(12), Scratch::new());
    let store = open(&other.data()).unwrap();
    for number in (1..=12).rev() {
        put(&store, record(number)).unwrap();
    }
    drop(store);
    fs::remove_dir_all(mine.data().join("index")).unwrap();
    super::copy(&other.data().join("index"), &mine.data().join("index"));
    let store = open(&mine.data()).unwrap();
    assert!(store.recovery().rebuilt.is_some());
    assert_whole(&store, 12);
}

#[test]
fn leftovers_of_a_crash_are_removed() {
    let scratch = filled(3);
    let leftovers = [
        scratch.data().join("index/snap.0000000000000001.generating"),
        scratch.data().join("journal/00000002.seg.new"),
    ];
    leftovers.iter().for_each(|path| fs::write(path, b"half").unwrap());
    let store = open(&scratch.data()).unwrap();
    assert_eq!(store.recovery().rebuilt, None);
    assert_whole(&store, 3);
    leftovers.iter().for_each(|path| assert!(!path.exists(), "{}", path.display()));
}

#[test]
fn one_process_at_a_time() {
    let scratch = filled(1);
    let store = open(&scratch.data()).unwrap();
    match open(&scratch.data()).map(drop) {
        Err(error @ StoreError::Locked { pid, .. }) => {
            assert_eq!(pid, Some(std::process::id()));
            assert!(error.to_string().contains(&format!("(pid {})", std::process::id())), "{error}");
        }
        other => panic!("{other:?}"),
    }
    drop(store);
    open(&scratch.data()).unwrap();
}

#[test]
fn formats() {
    type Expected = fn(&StoreError) -> bool;
    let cases: [(&[u8], Expected); 6] = [
        (b"heng store 4\n", |error| matches!(error, StoreError::NewerFormat { found: 4, known: 3 })),
        (b"heng store 4000000000\n", |error| matches!(error, StoreError::NewerFormat { found: 4_000_000_000, .. })),
        (b"heng store 0\n", |error| matches!(error, StoreError::NotAStore { .. })),
        (b"heng stor\xe5 1\n", |error| matches!(error, StoreError::NotAStore { .. })),
        (b"", |error| matches!(error, StoreError::NotAStore { .. })),
        (&[b'9'; 100_000], |error| matches!(error, StoreError::NotAStore { .. })),
    ];
    let scratch = filled(2);
    for (text, expected) in cases {
        fs::write(scratch.data().join("FORMAT"), text).unwrap();
        let before = listing(&scratch.data());
        let error = open(&scratch.data()).map(drop).unwrap_err();
        assert!(expected(&error), "{error}");
        assert_eq!(listing(&scratch.data()), before);
    }
    fs::remove_file(scratch.data().join("FORMAT")).unwrap();
    let error = open(&scratch.data()).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::NotAStore { .. }), "{error}");
    fs::write(scratch.data().join("FORMAT"), "heng store 1\n").unwrap();
    assert_whole(&open(&scratch.data()).unwrap(), 2);
}

#[test]
fn a_store_whose_making_was_cut_short_is_made() {
    let whole = Scratch::new();
    drop(open(&whole.data()).unwrap());
    let order = ["LOCK", "FORMAT.new", "FORMAT", "journal", "index", "high-water", "journal/00000001.seg"];
    for made in 0..=order.len() {
        let scratch = Scratch::new();
        fs::create_dir(scratch.data()).unwrap();
        for part in &order[..made] {
            let (from, to) = (whole.data().join(part), scratch.data().join(part));
            match *part {
                "journal" | "index" => fs::create_dir(to).unwrap(),
                "journal/00000001.seg" | "FORMAT" | "LOCK" => drop(fs::copy(from, to).unwrap()),
                _ => fs::write(to, "").unwrap(),
            }
        }
        let store = open(&scratch.data()).unwrap();
        put(&store, record(1)).unwrap();
        drop(store);
        assert_whole(&open(&scratch.data()).unwrap(), 1);
    }
}

#[test]
fn segments_follow_each_other_and_hold_no_slack() {
    let scratch = filled(60);
    let sizes: Vec<u64> =
        (1..).map_while(|number| fs::metadata(segment(&scratch.data(), number)).ok()).map(|meta| meta.len()).collect();
    assert!(sizes.len() > 3, "{sizes:?}");
    assert!(sizes.iter().all(|size| *size <= small_segment()), "{sizes:?}");
    assert_whole(&open(&scratch.data()).unwrap(), 60);
}

fn small_segment() -> u64 {
    super::small().segment_bytes
}

/// Names, sizes and times of all files.
fn listing(folder: &std::path::Path) -> Vec<String> {
    let mut lines = Vec::new();
    for item in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let meta = item.metadata().unwrap();
        lines.push(format!("{:?} {} {:?}", item.path(), meta.len(), meta.modified().unwrap()));
        if meta.is_dir() {
            lines.extend(listing(&item.path()));
        }
    }
    lines.sort();
    lines
}

/// What a clean end left is not read again; whatever was touched since is.
#[test]
fn closed_files_are_trusted_until_they_are_touched() {
    let scratch = filled(60);
    let data = scratch.data();
    let trusted = || {
        let store = open(&data).unwrap();
        assert_whole(&store, 60);
        store.recovery().trusted
    };
    let all = trusted();
    assert!(all > 10, "{all} records of closed segments were trusted");
    let touch = |file: &std::path::Path| fs::write(file, fs::read(file).unwrap()).unwrap();
    touch(&segment(&data, 1));
    assert_eq!(trusted(), 0, "a closed segment was written again");
    assert_eq!(trusted(), all);
    touch(&data.join("index/db"));
    assert_eq!(trusted(), 0, "the index was written again");
    fs::write(data.join("index/stranger"), "").unwrap();
    assert_eq!(trusted(), 0, "the index has one file more");
    fs::remove_file(data.join("seal")).unwrap();
    assert_eq!(trusted(), 0, "nothing vouches for anything");
    let seal = fs::read(data.join("seal")).unwrap();
    for at in (0..seal.len()).step_by(seal.len() / 10) {
        let mut damaged = seal.clone();
        damaged[at] ^= 1;
        fs::write(data.join("seal"), damaged).unwrap();
        assert_eq!(trusted(), 0, "byte {at} of the note was changed");
    }
    let copied = scratch.0.join("copied");
    super::copy(&data, &copied);
    let store = open(&copied).unwrap();
    assert_eq!(store.recovery().trusted, 0, "the files are copies");
    assert_whole(&store, 60);
}

#[test]
fn a_damaged_closed_segment_is_refused_though_the_store_was_closed_well() {
    let scratch = filled(60);
    let first = segment(&scratch.data(), 1);
    let mut bytes = fs::read(&first).unwrap();
    bytes[300] ^= 4;
    fs::write(&first, bytes).unwrap();
    assert!(matches!(open(&scratch.data()), Err(StoreError::Damaged { .. })));
}

/// Two evaluations as format 1 kept them: entries hashed in one part, and no kinds.
#[test]
fn a_store_of_format_1_is_taken_over_as_it_is() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-v1");
    let scratch = Scratch::new();
    let (data, journal) = (scratch.data(), segment(&fixture, 1));
    super::copy(&fixture, &data);
    let head = verify(&data, 4 << 20).unwrap();
    // As the heng that wrote it told.
    assert_eq!(head.head[..8], [0xd0, 0x8d, 0xa4, 0xc4, 0x68, 0x59, 0x3c, 0x53]);
    assert_eq!(fs::read_to_string(data.join("FORMAT")).unwrap(), "heng store 1\n", "looking changes nothing");

    let store = open(&data).unwrap();
    assert_eq!(fs::read_to_string(data.join("FORMAT")).unwrap(), "heng store 3\n");
    let old = store.page(Kind::Evaluation, None, 10).unwrap();
    assert_eq!(old.len(), 2);
    let new = NewRecord { kind: Kind::Revision, ..record(3) };
    put(&store, new.clone()).unwrap();
    drop(store);
    let written = fs::read(&journal).unwrap();
    assert!(fs::read(segment(&data, 1)).unwrap().starts_with(&written), "old entries stay byte for byte");
    let store = open(&data).unwrap();
    assert_eq!(store.page(Kind::Evaluation, None, 10).unwrap(), old);
    assert_eq!(store.get(Kind::Revision, &new.id).unwrap(), Some(stored(&new, 3)));
    let mut chain = Vec::new();
    let end = store.walk(&mut |entry| {
        chain.push((entry.record.sequence, entry.previous, entry.digest));
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(end.unwrap().sequence, 3);
    assert_eq!(chain[2].1, head.head, "a new entry carries the digest of an old one");
    assert!(chain.windows(2).all(|pair| pair[0].2 == pair[1].1));
}
