//! Writes that fail: nothing is acknowledged, and nothing more is taken.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use super::{EmbeddedStore, Scratch, StoreError, assert_whole, filled, open, put, record, small, stored};
use crate::store::{Health, Options, Put, Store};

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
    // The committer waits in the first answer; two more fit into the queue.
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
