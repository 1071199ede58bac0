//! What every store must do, whatever it is made of.

use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use super::{NewRecord, Put, Scratch, Store, StoreError, finding, id, open, put, record, stored};
use crate::store::{
    Health, Kind, MAX_ID, MAX_RECORD, MAX_REQUEST_ID, MemoryStore, Order, PAGE_BYTES, Query, StoredRecord,
};

type Check = fn(&Arc<dyn Store>);

const CHECKS: [(&str, Check); 12] = [
    ("keeps_and_finds", keeps_and_finds),
    ("misses_are_none", misses_are_none),
    ("repeats_give_the_first_answer", repeats_give_the_first_answer),
    ("other_digest_is_a_conflict", other_digest_is_a_conflict),
    ("taken_ids_are_refused", taken_ids_are_refused),
    ("bounds_are_kept", bounds_are_kept),
    ("odd_payloads_come_back", odd_payloads_come_back),
    ("pages_hold_everything_once", pages_hold_everything_once),
    ("pages_of_large_records_are_short", pages_of_large_records_are_short),
    ("terms_find_what_has_them_all", finding::terms_find_what_has_them_all),
    ("kinds_do_not_mix", kinds_do_not_mix),
    ("writers_race", writers_race),
];

#[test]
fn memory_store_conforms() {
    for (name, check) in CHECKS {
        println!("{name}");
        check(&(Arc::new(MemoryStore::new(finding::FILING)) as Arc<dyn Store>));
    }
}

#[test]
fn embedded_store_conforms() {
    for (name, check) in CHECKS {
        println!("{name}");
        let scratch = Scratch::new();
        check(&(Arc::new(open(&scratch.data()).unwrap()) as Arc<dyn Store>));
    }
}

fn keeps_and_finds(store: &Arc<dyn Store>) {
    for number in 1..=20 {
        assert_eq!(put(&**store, record(number)).unwrap(), Put::Stored(stored(&record(number), number)));
    }
    super::assert_whole(&**store, 20);
    assert_eq!(store.health(), Health::Serving);
}

fn misses_are_none(store: &Arc<dyn Store>) {
    put(&**store, record(1)).unwrap();
    for miss in ["", "x", "0", "request-1", &id(2), &"z".repeat(1000), "衡"] {
        assert_eq!(store.get(Kind::Evaluation, miss).unwrap(), None, "{miss}");
    }
    for miss in ["", "request-2", &id(1), "衡"] {
        assert_eq!(store.find_request(Kind::Evaluation, miss).unwrap(), None, "{miss}");
    }
    assert_eq!(store.page(Kind::Evaluation, Some(""), 10).unwrap(), []);
    assert_eq!(store.page(Kind::Evaluation, None, 0).unwrap(), []);
}

fn repeats_give_the_first_answer(store: &Arc<dyn Store>) {
    let first = put(&**store, record(1)).unwrap().into_record();
    let again = NewRecord { id: id(9), payload: b"another answer".to_vec(), ..record(1) };
    assert_eq!(put(&**store, again).unwrap(), Put::Existing(first));
    assert_eq!(store.get(Kind::Evaluation, &id(9)).unwrap(), None);
    // Without a request id nothing is a repeat.
    let nameless = |number| NewRecord { id: id(number), request_id: None, ..record(1) };
    assert!(matches!(put(&**store, nameless(2)).unwrap(), Put::Stored(_)));
    assert!(matches!(put(&**store, nameless(3)).unwrap(), Put::Stored(_)));
}

fn other_digest_is_a_conflict(store: &Arc<dyn Store>) {
    put(&**store, record(1)).unwrap();
    let other = NewRecord { id: id(2), request_digest: [0xff; 32], ..record(1) };
    let refused = put(&**store, other).unwrap_err();
    assert!(matches!(&refused, StoreError::RequestConflict { request_id, id: first }
            if request_id == "request-1" && *first == id(1)));
    assert_eq!(store.get(Kind::Evaluation, &id(2)).unwrap(), None);
    assert_eq!(store.find_request(Kind::Evaluation, "request-1").unwrap(), Some(stored(&record(1), 1)));
}

fn taken_ids_are_refused(store: &Arc<dyn Store>) {
    put(&**store, record(1)).unwrap();
    let other = NewRecord { id: id(1), ..record(2) };
    assert!(matches!(put(&**store, other).unwrap_err(), StoreError::DuplicateId { .. }));
    assert_eq!(store.get(Kind::Evaluation, &id(1)).unwrap(), Some(stored(&record(1), 1)));
    assert_eq!(store.find_request(Kind::Evaluation, "request-2").unwrap(), None);
}

fn bounds_are_kept(store: &Arc<dyn Store>) {
    for bad in ["", "with space", "衡", "tab\t", &"x".repeat(MAX_ID + 1)] {
        let refused = put(&**store, NewRecord { id: bad.to_owned(), ..record(1) }).unwrap_err();
        assert!(matches!(refused, StoreError::BadId), "{bad}");
    }
    let long = Some("r".repeat(MAX_REQUEST_ID + 1));
    let refused = put(&**store, NewRecord { request_id: long, ..record(1) }).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { limit: MAX_REQUEST_ID, .. }));
    let refused = put(&**store, NewRecord { payload: vec![1; MAX_RECORD], ..record(1) }).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { .. }));
    let widest = NewRecord {
        kind: Kind::Evaluation,
        id: "x".repeat(MAX_ID),
        request_id: Some("衡".repeat(MAX_REQUEST_ID / 3)),
        request_digest: [1; 32],
        payload: vec![7; MAX_RECORD - 1024],
    };
    assert_eq!(put(&**store, widest.clone()).unwrap(), Put::Stored(stored(&widest, 1)));
    assert_eq!(store.get(Kind::Evaluation, &widest.id).unwrap(), Some(stored(&widest, 1)));
}

fn odd_payloads_come_back(store: &Arc<dyn Store>) {
    let lengths = [0, 1, 7, 8, 9, 6000, 6143, 6144, 6145, 12_288, 65_535, 65_536, 65_537, 1 << 20];
    for (number, length) in (1..).zip(lengths) {
        for request_id in [None, Some(String::new())].into_iter().take(if number == 1 { 2 } else { 1 }) {
            let suffix = if request_id.is_some() { "r" } else { "" };
            let payload = vec![0; length];
            let record = NewRecord {
                kind: Kind::Evaluation,
                id: format!("{}{suffix}", id(number)),
                request_id,
                request_digest: [0; 32],
                payload,
            };
            put(&**store, record.clone()).unwrap();
            let kept = store.get(record.kind, &record.id).unwrap().unwrap();
            assert_eq!((kept.payload, kept.request_id), (record.payload, record.request_id), "{length}");
        }
    }
    assert_eq!(store.find_request(Kind::Evaluation, "").unwrap().unwrap().id, format!("{}r", id(1)));
}

fn pages_hold_everything_once(store: &Arc<dyn Store>) {
    let mut order: Vec<u64> = (1..=53).collect();
    order.reverse();
    order.swap(3, 40);
    for number in order {
        put(&**store, NewRecord { kind: Kind::Evaluation, ..record(number) }).unwrap();
    }
    let mut seen = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let page = store.page(Kind::Evaluation, before.as_deref(), 7).unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 7);
        before = Some(last.id.clone());
        seen.extend(page.into_iter().map(|record| record.id));
    }
    assert_eq!(seen, (1..=53).rev().map(id).collect::<Vec<_>>());
    // A bound that is no id itself, and one that is a prefix of ids.
    assert_eq!(store.page(Kind::Evaluation, Some(&format!("{}5", id(3))), 1).unwrap().first().unwrap().id, id(3));
    assert_eq!(store.page(Kind::Evaluation, id(3).get(..25), 1).unwrap(), []);
}

/// The same id and the same request id in every kind: three records, each found under its own kind alone.
fn pages_of_large_records_are_short(store: &Arc<dyn Store>) {
    for number in 1..=3 {
        let payload = vec![u8::try_from(number).unwrap(); PAGE_BYTES / 2];
        put(&**store, NewRecord { kind: Kind::Evaluation, payload, ..record(number) }).unwrap();
    }
    let numbers = |records: &[StoredRecord]| records.iter().map(|record| record.payload[0]).collect::<Vec<_>>();
    let (mut before, mut pages) = (None, Vec::new());
    loop {
        let page = store.page(Kind::Evaluation, before.as_deref(), 100).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id.clone());
        pages.push(numbers(&page));
    }
    assert_eq!(pages, [vec![3, 2], vec![1]]);
    let mut query = Query { terms: Vec::new(), order: Order::OldestFirst, after: None, limit: 100 };
    let mut pages = Vec::new();
    loop {
        let found = store.find(&query).unwrap();
        pages.push(numbers(&found.records));
        query.after = found.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![1, 2], vec![3]]);
}

fn kinds_do_not_mix(store: &Arc<dyn Store>) {
    let of_kind = |kind: Kind, number: u64| NewRecord {
        kind,
        id: format!("sha256:{number:064x}"),
        request_id: Some(format!("request-{number}")),
        request_digest: [kind as u8; 32],
        payload: vec![kind as u8; 7000],
    };
    for (sequence, kind) in (1..).zip(Kind::ALL) {
        assert_eq!(store.get(kind, &of_kind(kind, 1).id).unwrap(), None);
        assert_eq!(store.find_request(kind, "request-1").unwrap(), None);
        let kept = put(&**store, of_kind(kind, 1)).unwrap();
        assert_eq!(kept, Put::Stored(stored(&of_kind(kind, 1), sequence)));
        let again = put(&**store, of_kind(kind, 1)).unwrap();
        assert_eq!(again, Put::Existing(stored(&of_kind(kind, 1), sequence)));
    }
    put(&**store, of_kind(Kind::Revision, 0)).unwrap();
    put(&**store, of_kind(Kind::Revision, 0xffff)).unwrap();
    for kind in Kind::ALL {
        let page = store.page(kind, None, usize::MAX).unwrap();
        assert!(page.iter().all(|record| record.kind == kind));
        assert_eq!(page.len(), if kind == Kind::Revision { 3 } else { 1 });
        assert_eq!(store.get(kind, &of_kind(kind, 1).id).unwrap().unwrap().kind, kind);
        assert_eq!(store.find_request(kind, "request-1").unwrap().unwrap().kind, kind);
        // Nothing of the neighbouring kinds at either end of the range.
        let least = store.page(kind, Some("sha256:0"), usize::MAX).unwrap();
        let most = store.page(kind, Some("~"), usize::MAX).unwrap();
        assert_eq!((least, most), (Vec::new(), page));
    }
    let twice = NewRecord { request_id: None, ..of_kind(Kind::Revision, 1) };
    assert!(matches!(put(&**store, twice).unwrap_err(), StoreError::DuplicateId { .. }));
}

/// 64 writers, each request sent by two of them: one record each, and both get it.
fn writers_race(store: &Arc<dyn Store>) {
    const WRITERS: u64 = 64;
    const EACH: u64 = 10;
    let start = Arc::new(Barrier::new(WRITERS as usize));
    let (send, answers) = mpsc::channel();
    let threads: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, start, send) = (Arc::clone(store), Arc::clone(&start), send.clone());
            thread::spawn(move || {
                start.wait();
                for turn in 0..EACH {
                    let request = writer / 2 * EACH + turn;
                    let record = NewRecord {
                        kind: Kind::Evaluation,
                        id: id(writer * EACH + turn),
                        request_id: Some(format!("race-{request}")),
                        request_digest: [request as u8; 32],
                        payload: request.to_le_bytes().to_vec(),
                    };
                    send.send((request, put(&*store, record).unwrap())).unwrap();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    drop(send);
    let mut by_request = std::collections::BTreeMap::<u64, Vec<Put>>::new();
    answers.iter().for_each(|(request, put)| by_request.entry(request).or_default().push(put));
    assert_eq!(by_request.len() as u64, WRITERS / 2 * EACH);
    let mut sequences = Vec::new();
    for (request, puts) in by_request {
        let new = puts.iter().filter(|put| matches!(put, Put::Stored(_))).count();
        assert_eq!((puts.len(), new), (2, 1), "request {request}");
        let records: Vec<_> = puts.into_iter().map(Put::into_record).collect();
        assert_eq!(records.first(), records.last());
        sequences.extend(records.first().map(|record| record.sequence));
    }
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=WRITERS / 2 * EACH).collect::<Vec<_>>());
}
