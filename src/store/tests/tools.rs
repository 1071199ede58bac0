//! verify, repair, backup, restore, compact: on whole stores, on damaged ones, and while one serves.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{
    Choices, Scratch, StoreError, assert_whole, copy, filled, id, kind, open, put, record, segment, small, stored,
};
use crate::store::{
    EmbeddedStore, IndexVerdict, Kind, Store, Verified, backup, ledger_length, repair, restore, verify,
    walk_evaluations,
};

const CACHE: u64 = 4 << 20;

fn verified(folder: &Path) -> Verified {
    verify(folder, CACHE).unwrap()
}

#[test]
fn a_whole_store_is_proven_and_stays_trusted() {
    let scratch = filled(50);
    let data = scratch.data();
    let found = verified(&data);
    assert_eq!((found.records, found.unacknowledged, &found.index), (50, 0, &IndexVerdict::Whole));
    assert!(found.segments > 1);
    assert_eq!(verified(&data), found, "looking changes nothing");
    let store = open(&data).unwrap();
    assert!(store.recovery().trusted > 0, "what was just proven is not read again");
    assert_eq!(verified(&data), Verified { index: IndexVerdict::InUse, ..found.clone() }, "while it serves");
    put(&store, record(51)).unwrap();
    let later = verified(&data);
    assert_eq!(later.records, 51);
    assert_ne!(later.head, found.head);
}

#[test]
fn an_index_that_fell_behind_or_apart_is_told() {
    let scratch = filled(20);
    let (data, old) = (scratch.data(), scratch.0.join("old"));
    copy(&data.join("index"), &old);
    let store = open(&data).unwrap();
    put(&store, record(21)).unwrap();
    drop(store);
    fs::remove_dir_all(data.join("index")).unwrap();
    copy(&old, &data.join("index"));
    assert_eq!(verified(&data).index, IndexVerdict::Behind { held: 20 });
    fs::remove_dir_all(data.join("index")).unwrap();
    let other = Scratch::new();
    (100..105).for_each(|number| drop(put(&open(&other.data()).unwrap(), record(number)).unwrap()));
    copy(&other.data().join("index"), &data.join("index"));
    assert!(matches!(verified(&data).index, IndexVerdict::Damaged { .. }));
    assert_whole(&open(&data).unwrap(), 21);
}

#[test]
fn any_flipped_bit_of_the_journal_is_named_and_mended_from_the_index() {
    let whole = filled(40);
    let mut choices = Choices(11);
    for round in 0..12 {
        let scratch = Scratch::new();
        copy(&whole.data(), &scratch.data());
        let segments = fs::read_dir(scratch.data().join("journal")).unwrap().count() as u64;
        let number = 1 + choices.below(segments);
        let path = segment(&scratch.data(), number);
        let mut bytes = fs::read(&path).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap() as u64;
        let at = choices.below(used) as usize;
        bytes[at] ^= 1 << choices.below(8);
        fs::write(&path, &bytes).unwrap();
        match verify(&scratch.data(), CACHE) {
            Err(StoreError::Damaged { segment, .. }) => {
                assert!(segment.ends_with(&format!("{number:08}.seg")), "round {round}: {segment}");
            }
            other => panic!("round {round}, byte {at} of segment {number}: {other:?}"),
        }
        let done = repair(&scratch.data(), &small()).unwrap();
        assert_eq!(done.recovery.records, 40);
        let aside = done.kept_aside.expect("the damaged journal is kept");
        assert_eq!(fs::read(aside.join(format!("{number:08}.seg"))).unwrap(), bytes);
        assert_eq!(verified(&scratch.data()).index, IndexVerdict::Whole);
        assert_whole(&open(&scratch.data()).unwrap(), 40);
    }
}

#[test]
fn lost_segments_come_back_from_the_index() {
    for lost in [1, 2, u64::MAX] {
        let scratch = filled(60);
        let data = scratch.data();
        let last = fs::read_dir(data.join("journal")).unwrap().count() as u64;
        fs::remove_file(segment(&data, lost.min(last))).unwrap();
        assert!(matches!(verify(&data, CACHE), Err(StoreError::Damaged { .. })), "segment {lost}");
        let done = repair(&data, &small()).unwrap();
        assert!(done.restored > 0);
        assert_whole(&open(&data).unwrap(), 60);
        assert_eq!(verified(&data).index, IndexVerdict::Whole);
    }
}

#[test]
fn what_is_in_neither_is_lost_by_name_and_nothing_is_changed() {
    let scratch = filled(30);
    let data = scratch.data();
    fs::remove_dir_all(data.join("index")).unwrap();
    let path = segment(&data, 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[200] ^= 1;
    fs::write(&path, &bytes).unwrap();
    match repair(&data, &small()) {
        Err(StoreError::Lost { sequence }) => assert!(sequence < 30, "{sequence}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert!(matches!(open(&data), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_backup_is_taken_while_records_are_written() {
    let scratch = filled(25);
    let (data, target) = (scratch.data(), scratch.0.join("backup"));
    let store = Arc::new(open(&data).unwrap());
    let stopped = Arc::new(AtomicBool::new(false));
    let (writing, flag) = (Arc::clone(&store), Arc::clone(&stopped));
    let writer = thread::spawn(move || {
        let mut number = 25;
        while !flag.load(Ordering::Relaxed) {
            number += 1;
            put(&*writing, record(number)).unwrap();
        }
        number
    });
    let taken = backup(&data, &target, CACHE).unwrap();
    stopped.store(true, Ordering::Relaxed);
    let written = writer.join().unwrap();
    assert!((25..=written).contains(&taken.records), "{} of {written}", taken.records);
    assert!(matches!(backup(&data, &target, CACHE), Err(StoreError::NotEmpty { .. })));
    assert!(matches!(restore(&target, &data, CACHE), Err(StoreError::NotEmpty { .. })));
    drop(store);
    let elsewhere = scratch.0.join("elsewhere");
    let back = restore(&target, &elsewhere, CACHE).unwrap();
    assert_eq!((back.records, back.head), (taken.records, taken.head));
    assert_whole(&open(&elsewhere).unwrap(), taken.records);
    assert_whole(&open(&data).unwrap(), written);
}

#[test]
fn records_are_read_beside_a_running_store_and_damage_is_named() {
    let scratch = filled(25);
    let data = scratch.data();
    let read = || {
        let mut ids = Vec::new();
        let seen = walk_evaluations(&data, &mut |record| {
            ids.push((record.id, record.sequence));
            ControlFlow::Continue(())
        });
        seen.map(|()| ids)
    };
    let store = open(&data).unwrap();
    put(&store, record(26)).unwrap();
    let evaluations: Vec<_> = (1..=26).filter(|number| kind(*number) == Kind::Evaluation).collect();
    assert_eq!(evaluations.last(), Some(&26));
    assert_eq!(read().unwrap(), evaluations.iter().map(|number| (id(*number), *number)).collect::<Vec<_>>());
    assert_eq!(ledger_length(&data).unwrap(), 26);
    drop(store);
    let path = segment(&data, 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[200] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(read(), Err(StoreError::Damaged { .. })));
    assert!(matches!(
        walk_evaluations(&scratch.0.join("nothing"), &mut |_| ControlFlow::Continue(())),
        Err(StoreError::NotAStore { .. })
    ));
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let scratch = filled(25);
    let (data, target) = (scratch.data(), scratch.0.join("backup"));
    backup(&data, &target, CACHE).unwrap();
    let path = segment(&target, 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[500] ^= 16;
    fs::write(&path, bytes).unwrap();
    let elsewhere = scratch.0.join("elsewhere");
    assert!(matches!(restore(&target, &elsewhere, CACHE), Err(StoreError::Damaged { .. })));
    assert!(!elsewhere.exists());
}

#[test]
fn nothing_is_done_to_a_folder_without_a_store_or_with_a_newer_one() {
    let scratch = filled(3);
    let (data, empty) = (scratch.data(), scratch.0.join("empty"));
    fs::create_dir(&empty).unwrap();
    let target = scratch.0.join("target");
    assert!(matches!(verify(&empty, CACHE), Err(StoreError::NotAStore { .. })));
    assert!(matches!(repair(&empty, &small()), Err(StoreError::NotAStore { .. })));
    assert!(matches!(backup(&empty, &target, CACHE), Err(StoreError::NotAStore { .. })));
    assert!(matches!(restore(&empty, &target, CACHE), Err(StoreError::NotAStore { .. })));
    fs::write(data.join("FORMAT"), "heng store 4\n").unwrap();
    assert!(matches!(verify(&data, CACHE), Err(StoreError::NewerFormat { found: 4, .. })));
    assert!(matches!(repair(&data, &small()), Err(StoreError::NewerFormat { .. })));
    assert!(matches!(backup(&data, &target, CACHE), Err(StoreError::NewerFormat { .. })));
    assert!(!target.exists());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
}

#[test]
fn compacting_keeps_every_record() {
    let scratch = filled(40);
    let recovery = EmbeddedStore::compact(&scratch.data(), &small()).unwrap();
    assert_eq!((recovery.records, recovery.indexed), (40, 40));
    let store = open(&scratch.data()).unwrap();
    assert_whole(&store, 40);
    assert_eq!(store.get(record(9).kind, &record(9).id).unwrap(), Some(stored(&record(9), 9)));
}
