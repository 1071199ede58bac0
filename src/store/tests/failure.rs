//! Writes that fail: nothing is acknowledged, and nothing more is taken.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use super::{
    EmbeddedStore, Kind, NewRecord, Scratch, StoreError, assert_whole, filled, id, open, put, record, small, stored,
};
use crate::store::{Health, Options, Put, Store, ledger_length};

#[test]
fn a_full_disk_is_refused_and_the_store_goes_on() {
    let scratch = filled(3);
    let options = Options { reserve_bytes: u64::MAX, ..small() };
    let store = EmbeddedStore::open(&scratch.data(), options).unwrap();
    assert!(matches!(put(&store, record(4)), Err(StoreError::NoSpace)));
    assert!(matches!(store.health(), Health::NotServing { why } if why.contains("disk")));
    assert_whole(&store, 3);
    drop(store);
    let store = open(&scratch.data()).unwrap();
    assert_eq!(put(&store, record(4)).unwrap(), Put::Stored(stored(&record(4), 4)));
}

#[test]
fn a_full_queue_is_busy() {
    let scratch = Scratch::new();
    let options = Options { queue_records: 2, ..small() };
    let store = EmbeddedStore::open(&scratch.data(), options).unwrap();
    put(&store, record(1)).unwrap();
    // The committer waits in the answer to a repeated request; two more fit into the queue.
    let (release, gate) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    store.submit(
        record(1),
        Box::new(move |_| {
            entered.send(()).unwrap();
            gate.recv().unwrap();
        }),
    );
    inside.recv().unwrap();
    let (send, answers) = mpsc::channel();
    for number in 2..=5 {
        let send = send.clone();
        store.submit(record(number), Box::new(move |outcome| send.send((number, outcome)).unwrap()));
    }
    let refused: Vec<_> = answers.try_iter().collect();
    assert!(matches!(refused.as_slice(), [(4, Err(StoreError::Busy)), (5, Err(StoreError::Busy))]), "{refused:?}");
    release.send(()).unwrap();
    drop(send);
    assert!(answers.iter().all(|(_, outcome)| matches!(outcome, Ok(Put::Stored(_)))));
    assert_whole(&store, 3);
}

#[test]
fn too_many_bytes_are_busy() {
    let scratch = Scratch::new();
    let options = Options { queue_bytes: 0, ..small() };
    let store = EmbeddedStore::open(&scratch.data(), options).unwrap();
    // What is alone is taken, however long: the bound is on what waits before it.
    for number in 1..=8 {
        put(&store, record(number)).unwrap();
    }
    assert_whole(&store, 8);
}

#[test]
fn a_panicking_waiter_harms_nobody() {
    let scratch = Scratch::new();
    let store = open(&scratch.data()).unwrap();
    store.submit(record(1), Box::new(|_| std::panic::resume_unwind(Box::new("a waiter's own affair"))));
    put(&store, record(2)).unwrap();
    assert_eq!(store.health(), Health::Serving);
    assert_whole(&store, 2);
}

#[test]
fn the_last_owner_may_be_a_waiter() {
    let scratch = Scratch::new();
    let store = Arc::new(open(&scratch.data()).unwrap());
    let (send, receive) = mpsc::channel();
    let keeper = Arc::new(Mutex::new(Some(Arc::clone(&store))));
    let held = Arc::clone(&keeper);
    store.submit(
        record(1),
        Box::new(move |outcome| {
            while Arc::strong_count(held.lock().unwrap().as_ref().unwrap()) > 1 {
                std::thread::yield_now();
            }
            held.lock().unwrap().take();
            send.send(outcome.is_ok()).unwrap();
        }),
    );
    drop(store);
    assert!(receive.recv().unwrap());
    // The lock is free as soon as the committer has left.
    let reopened = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        open(&scratch.data()).ok()
    });
    assert_whole(&reopened.unwrap(), 1);
}

#[test]
fn dropping_waits_for_what_is_queued() {
    let scratch = Scratch::new();
    let store = open(&scratch.data()).unwrap();
    let (send, answers) = mpsc::channel();
    for number in 1..=500 {
        let send = send.clone();
        store.submit(record(number), Box::new(move |outcome| send.send(outcome.is_ok()).unwrap()));
    }
    drop((store, send));
    let answers: Vec<bool> = answers.try_iter().collect();
    assert_eq!((answers.len(), answers.iter().all(|kept| *kept)), (500, true));
    assert_whole(&open(&scratch.data()).unwrap(), 500);
}

/// What is still on its way into the index is known by its names already.
#[test]
fn whoever_asks_again_while_the_first_is_under_way_hears_of_the_first() {
    let scratch = Scratch::new();
    let store = open(&scratch.data()).unwrap();
    // The thread that indexes waits in the first answer, with the next group behind it.
    let (release, gate) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    store.submit(
        record(1),
        Box::new(move |_| {
            entered.send(()).unwrap();
            gate.recv().unwrap();
        }),
    );
    inside.recv().unwrap();
    let (send, answers) = mpsc::channel();
    let submit = |name: &'static str, record| {
        let send = mpsc::Sender::clone(&send);
        store.submit(record, Box::new(move |outcome| send.send((name, outcome)).unwrap()));
    };
    submit("first", record(2));
    // It is in the journal, and no further.
    while ledger_length(&scratch.data()).unwrap() < 2 {
        std::thread::yield_now();
    }
    submit("again", NewRecord { id: id(90), ..record(2) });
    submit("other", NewRecord { id: id(91), request_digest: [99; 32], ..record(2) });
    submit("taken", NewRecord { request_id: Some("new".into()), ..record(2) });
    submit("second", record(4));
    release.send(()).unwrap();
    let answers: BTreeMap<_, _> = answers.iter().take(5).collect();
    assert_eq!(answers["first"].clone().unwrap(), Put::Stored(stored(&record(2), 2)));
    assert_eq!(answers["again"].clone().unwrap(), Put::Existing(stored(&record(2), 2)));
    assert!(matches!(&answers["other"], Err(StoreError::RequestConflict { .. })));
    assert!(matches!(&answers["taken"], Err(StoreError::DuplicateId { .. })));
    assert_eq!(answers["second"].clone().unwrap(), Put::Stored(stored(&record(4), 3)));
    assert_eq!(store.page(Kind::Evaluation, None, 10).unwrap().len(), 2);
}
