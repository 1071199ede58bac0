//! A disk that fails in the middle of a write.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use super::{EmbeddedStore, Options, recover};
use crate::store::{Health, Kind, NewRecord, Put, Store, StoreError};

fn record(number: u8) -> NewRecord {
    let request_id = Some(format!("request-{number}"));
    let kind = Kind::Evaluation;
    NewRecord {
        kind,
        id: format!("{number:026}"),
        request_id,
        request_digest: [number; 32],
        payload: vec![number; 100],
    }
}

fn put(store: &EmbeddedStore, record: NewRecord) -> Result<Put, StoreError> {
    let (send, receive) = mpsc::channel();
    store.submit(record, Box::new(move |outcome| send.send(outcome).unwrap()));
    receive.recv().unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("heng-embedded-{name}-{}", std::process::id()));
    std::fs::remove_dir_all(&path).ok();
    path
}

fn options() -> Options {
    Options { reserve_bytes: 0, step_bytes: 4096, ..Options::default() }
}

/// A store with record 1 whose journal is written to `device` from now on.
fn failing(folder: &Path, device: &str) -> EmbeddedStore {
    put(&EmbeddedStore::open(folder, options()).unwrap(), record(1)).unwrap();
    let mut recovered = recover(folder, &options()).unwrap();
    recovered.journal.redirect(File::options().read(true).write(true).open(device).unwrap());
    EmbeddedStore::start(recovered, options()).unwrap()
}

/// `/dev/full` fails the write, `/dev/null` the sync.
#[test]
fn a_failed_write_poisons() {
    for (device, name) in [("/dev/full", "write"), ("/dev/null", "sync")] {
        let folder = scratch(name);
        let store = failing(&folder, device);
        let error = put(&store, record(2)).unwrap_err();
        assert!(matches!(&error, StoreError::Io { doing, .. } if doing == "write journal/00000001.seg"), "{error}");
        for number in 2..5 {
            assert!(matches!(put(&store, record(number)), Err(StoreError::Poisoned)));
        }
        assert_eq!(store.health(), Health::NotServing { why: error.to_string() });
        // What was kept before can still be read; what was not acknowledged cannot.
        assert_eq!(store.get(Kind::Evaluation, &record(1).id).unwrap().unwrap().payload, record(1).payload);
        assert_eq!(store.get(Kind::Evaluation, &record(2).id).unwrap(), None);
        drop(store);
        let store = EmbeddedStore::open(&folder, options()).unwrap();
        assert_eq!(store.recovery().records, 1);
        assert!(matches!(put(&store, record(2)), Ok(Put::Stored(kept)) if kept.sequence == 2));
        drop(store);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Everybody in the failed group and in the queue hears of it.
#[test]
fn nobody_is_left_waiting() {
    let folder = scratch("waiting");
    let store = failing(&folder, "/dev/null");
    let (send, answers) = mpsc::channel();
    for number in 2..200 {
        let send = send.clone();
        store.submit(record(number), Box::new(move |outcome| send.send(outcome).unwrap()));
    }
    drop(send);
    let answers: Vec<_> = answers.iter().collect();
    assert_eq!(answers.len(), 198);
    assert!(answers.iter().all(|outcome| matches!(outcome, Err(StoreError::Io { .. } | StoreError::Poisoned))));
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// No room for the journal's next step is noticed before anything is written: the store is not poisoned.
#[test]
fn a_full_disk_before_the_write_is_a_refusal() {
    let folder = scratch("full");
    let store = failing(&folder, "/dev/full");
    let long = NewRecord { payload: vec![1; 10_000], ..record(2) };
    for _ in 0..2 {
        assert!(matches!(put(&store, long.clone()), Err(StoreError::NoSpace)));
    }
    assert_eq!(store.health(), Health::Serving);
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}
