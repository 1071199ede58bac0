//! The embedded store finds what the store in memory finds, page by page, whatever was stored in whichever order, over
//! closed segments, restarts and a lost index.

use std::fs;
use std::sync::mpsc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{EmbeddedStore, Kind, NewRecord, Options, Scratch, Store, id, small};
use crate::store::{Filed, Filing, MemoryStore, Order, Position, Query, Term};

/// The first byte of a payload is its rank, the others are its terms.
const FILING: Filing = Filing { version: 1, file };

fn file(payload: &[u8]) -> Filed {
    let (rank, terms) = payload.split_first().unwrap();
    Filed { terms: terms.iter().map(|name| term(*name)).collect(), rank: u64::from(*rank) << 50 }
}

/// Terms that differ in their first byte or in their last.
fn term(name: u8) -> Term {
    if name.is_multiple_of(2) { [name, 0, 0, 0, 0, 0, 0, 0] } else { [0xff, 0, 0, 0, 0, 0, 0, name] }
}

/// Nearly every record has the terms 0 to 2, few have those from 6 on.
fn evaluation(number: u64, order: IdOrder) -> NewRecord {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = mixed >> 20;
    let terms = (0..10_u8).filter(|name| bits >> (4 * name) & 15 > 2 * u64::from(*name).min(7));
    let payload = [(mixed >> 58) as u8 % 5].into_iter().chain(terms).collect();
    let id = match order {
        IdOrder::Rising => id(number),
        IdOrder::Mixed => id(mixed >> 8),
    };
    NewRecord { kind: Kind::Evaluation, id, request_id: None, request_digest: [0; 32], payload }
}

#[derive(Debug, Clone, Copy)]
enum IdOrder {
    Rising,
    Mixed,
}

#[derive(Debug, Clone)]
enum Step {
    /// So many records at once, or one by one.
    Store(u64, IdOrder),
    Reopen,
    LoseIndex,
    /// Another heng, which files nothing, stores one.
    StoreUnfiled,
    Ask(Vec<u8>, Order, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let ids = prop_oneof![Just(IdOrder::Rising), Just(IdOrder::Mixed)];
    let order = proptest::sample::select(Order::ALL.to_vec());
    prop_oneof![
        4 => (1..1400_u64, ids).prop_map(|(count, ids)| Step::Store(count, ids)),
        2 => Just(Step::Reopen),
        1 => Just(Step::LoseIndex),
        1 => Just(Step::StoreUnfiled),
        6 => (vec(0..11_u8, 0..4), order, 1..90_usize).prop_map(|(mut terms, order, limit)| {
            terms.sort_unstable();
            terms.dedup();
            Step::Ask(terms, order, limit)
        }),
    ]
}

fn store_all(store: &dyn Store, records: Vec<NewRecord>) {
    let (send, receive) = mpsc::channel();
    for record in records {
        let send = send.clone();
        store.submit(record, Box::new(move |outcome| send.send(outcome.map(drop)).unwrap()));
    }
    drop(send);
    receive.iter().for_each(|outcome| outcome.unwrap());
}

/// All pages of both stores, which must be the same, from the beginning and from a place between.
fn compare(store: &dyn Store, oracle: &dyn Store, query: &Query) {
    let mut query = query.clone();
    for _ in 0..6 {
        let page = store.find(&query).unwrap();
        assert_eq!(page, oracle.find(&query).unwrap(), "{query:?}");
        query.after = page.next;
        if query.after.is_none() {
            return;
        }
    }
    let after = query.after.map(|Position { rank, mut id }| {
        id.truncate(id.len() - 3);
        Position { rank, id }
    });
    let query = Query { after, ..query };
    assert_eq!(store.find(&query).unwrap(), oracle.find(&query).unwrap(), "{query:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_the_store_in_memory_finds(steps in vec(step(), 4..24)) {
        let scratch = Scratch::new();
        let with = |filing| {
            let options = Options { filing, segment_bytes: 1 << 20, ..small() };
            Some(EmbeddedStore::open(&scratch.data(), options).unwrap())
        };
        let oracle = MemoryStore::new(FILING);
        let mut store = with(FILING);
        let mut next = 1;
        let mut take = |count: u64, ids: IdOrder| {
            let records: Vec<_> = (next..next + count).map(|number| evaluation(number, ids)).collect();
            next += count;
            store_all(&oracle, records.clone());
            records
        };
        let asks = Order::ALL.map(|order| Step::Ask(vec![1, 5], order, 20));
        for step in steps.into_iter().chain(asks) {
            match step {
                Step::Store(count, ids) => store_all(store.as_ref().unwrap(), take(count, ids)),
                Step::Reopen => {
                    drop(store.take());
                    store = with(FILING);
                    prop_assert_eq!(store.as_ref().unwrap().recovery().filed, None);
                }
                Step::LoseIndex => {
                    drop(store.take());
                    fs::remove_dir_all(scratch.data().join("index")).unwrap();
                    store = with(FILING);
                }
                Step::StoreUnfiled => {
                    drop(store.take());
                    store_all(with(Filing::NONE).as_ref().unwrap(), take(1, IdOrder::Mixed));
                    store = with(FILING);
                    prop_assert!(store.as_ref().unwrap().recovery().filed.is_some());
                }
                Step::Ask(terms, order, limit) => {
                    let terms = terms.into_iter().map(term).collect();
                    compare(store.as_ref().unwrap(), &oracle, &Query { terms, order, after: None, limit });
                }
            }
        }
    }
}
