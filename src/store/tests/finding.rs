//! What is filed is found: all of it, once, in order, whoever writes meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::{Choices, EmbeddedStore, Kind, NewRecord, Options, Scratch, Store, id, open, put, record, small};
use crate::store::{Filed, Filing, Order, Position, Query, Term};

/// Some records end like this, with a byte that is all ones.
const LONG: Term = [1, 0, 0, 0, 0, 0, 0, 0xff];

/// Terms and rank of a payload, by its length and its first byte.
pub const FILING: Filing = Filing { version: 1, file };

fn file(payload: &[u8]) -> Filed {
    let length = payload.len() as u64;
    let mut terms = vec![term(b'r', length % 3), term(b's', u64::from(payload.first().copied().unwrap_or(0) % 5))];
    if length > 10_000 {
        terms.push(LONG);
    }
    Filed { terms, rank: ((length % 7) << 40) | 0xff }
}

fn term(name: u8, value: u64) -> Term {
    [name, 0, 0, 0, 0, 0, 0, value as u8]
}

fn evaluation(number: u64) -> NewRecord {
    NewRecord { kind: Kind::Evaluation, ..record(number) }
}

fn filed(number: u64) -> Filed {
    file(&record(number).payload)
}

/// The ids of all pages, from the first to the last.
fn found(store: &dyn Store, terms: &[Term], order: Order, limit: usize) -> Vec<String> {
    let mut query = Query { terms: terms.to_vec(), order, after: None, limit };
    let mut ids = Vec::new();
    loop {
        let page = store.find(&query).unwrap();
        assert!(page.records.len() <= limit);
        ids.extend(page.records.into_iter().map(|record| record.id));
        query.after = page.next;
        if query.after.is_none() {
            return ids;
        }
    }
}

/// What must be found of the records of these numbers, by looking at each of them.
fn expected(numbers: &[u64], terms: &[Term], order: Order) -> Vec<String> {
    let mut places: Vec<(u64, String)> = numbers
        .iter()
        .map(|number| (filed(*number), id(*number)))
        .filter(|(filed, _)| terms.iter().all(|term| filed.terms.contains(term)))
        .map(|(filed, id)| (if matches!(order, Order::NewestFirst | Order::OldestFirst) { 0 } else { filed.rank }, id))
        .collect();
    places.sort();
    if matches!(order, Order::NewestFirst | Order::HighestFirst) {
        places.reverse();
    }
    places.into_iter().map(|(_, id)| id).collect()
}

pub fn terms_find_what_has_them_all(store: &Arc<dyn Store>) {
    const COUNT: u64 = 300;
    let mut choices = Choices(7);
    // Not in the order of their ids.
    let mut numbers: Vec<u64> = (1..=COUNT).collect();
    for place in 0..numbers.len() {
        numbers.swap(place, choices.below(COUNT) as usize);
    }
    for number in &numbers {
        put(&**store, evaluation(*number)).unwrap();
    }
    // Another kind with the same ids and bytes is never found.
    for number in 1..20 {
        put(&**store, NewRecord { kind: Kind::Revision, request_id: None, ..record(number) }).unwrap();
    }
    let every: Vec<Term> =
        (0..3).map(|value| term(b'r', value)).chain((0..5).map(|value| term(b's', value))).chain([LONG]).collect();
    let mut sets = vec![Vec::new(), vec![term(b'x', 0)], vec![term(b'r', 0), term(b'x', 0)]];
    sets.extend(every.iter().map(|term| vec![*term]));
    for _ in 0..40 {
        let some: BTreeSet<Term> = (0..=choices.below(3)).map(|_| every[choices.below(9) as usize]).collect();
        sets.push(some.into_iter().collect());
    }
    for terms in &sets {
        for order in Order::ALL {
            let expected = expected(&numbers, terms, order);
            for limit in [1, 7, 300] {
                let found = found(&**store, terms, order, limit);
                assert!(found == expected, "{terms:?} {order:?} by {limit}");
            }
        }
    }
    // A place between records, before all and behind all.
    for (after, count) in [(format!("{}5", id(3)), 3), (String::new(), 0), ("z".to_owned(), COUNT as usize)] {
        let after = Some(Position { rank: 0, id: after });
        let query = Query { terms: Vec::new(), order: Order::NewestFirst, after, limit: 1000 };
        assert_eq!(store.find(&query).unwrap().records.len(), count);
    }
}

/// Readers page while writers write: what was there when a reader began is on its pages, once each.
#[test]
fn pages_hold_everything_that_was_there_whoever_writes() {
    const WRITERS: u64 = 4;
    let scratch = Scratch::new();
    let store = Arc::new(open(&scratch.data()).unwrap());
    let (stop, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(1)));
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (store, stop, next) = (Arc::clone(&store), Arc::clone(&stop), Arc::clone(&next));
            thread::spawn(move || {
                let mut written = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    put(&*store, evaluation(number)).unwrap();
                    written.push(number);
                }
                written
            })
        })
        .collect();
    let mut choices = Choices(11);
    let mut rounds = 0;
    while rounds < 40 || next.load(Ordering::Relaxed) < 400 {
        let order = Order::ALL[choices.below(4) as usize];
        let terms = match choices.below(3) {
            0 => vec![],
            1 => vec![term(b'r', choices.below(3))],
            _ => vec![term(b'r', choices.below(3)), term(b's', choices.below(5))],
        };
        let before = found(&*store, &terms, order, usize::MAX);
        let pages = found(&*store, &terms, order, 1 + choices.below(20) as usize);
        let once: BTreeSet<&String> = pages.iter().collect();
        assert_eq!(once.len(), pages.len(), "nothing twice: {terms:?} {order:?}");
        assert!(before.iter().all(|id| once.contains(id)), "nothing missing: {terms:?} {order:?}");
        rounds += 1;
    }
    stop.store(true, Ordering::Relaxed);
    let written: Vec<u64> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
    for order in Order::ALL {
        assert!(found(&*store, &[], order, 50) == expected(&written, &[], order), "{order:?}");
    }
}

/// What one heng filed otherwise, or not at all, is filed anew by the next.
#[test]
fn a_change_of_the_filing_files_everything_anew() {
    const OTHER: Filing = Filing { version: 2, file: |_| Filed { terms: vec![LONG], rank: 1 } };
    let scratch = Scratch::new();
    let with = |filing: Filing| EmbeddedStore::open(&scratch.data(), Options { filing, ..small() }).unwrap();
    let write = |store: &EmbeddedStore, numbers: std::ops::RangeInclusive<u64>| {
        numbers.for_each(|number| drop(put(store, evaluation(number)).unwrap()));
    };
    let all = |store: &EmbeddedStore, terms: &[Term]| found(store, terms, Order::LowestFirst, 10).len();
    let store = with(FILING);
    write(&store, 1..=30);
    assert_eq!((store.recovery().filed, all(&store, &[]), all(&store, &[LONG])), (None, 30, 3));
    drop(store);
    assert_eq!(with(FILING).recovery().filed, None);
    let store = with(OTHER);
    write(&store, 31..=40);
    assert_eq!((store.recovery().filed, all(&store, &[LONG])), (Some(30), 40));
    drop(store);
    // A tool that files nothing leaves what is there, until it writes.
    assert_eq!(with(Filing::NONE).recovery().filed, None);
    assert_eq!(with(OTHER).recovery().filed, None);
    write(&with(Filing::NONE), 41..=48);
    let store = with(FILING);
    assert_eq!((store.recovery().filed, all(&store, &[]), all(&store, &[LONG])), (Some(48), 48, 6));
    drop(store);
    // An index that is rebuilt from the journal is filed on the way.
    std::fs::remove_dir_all(scratch.data().join("index")).unwrap();
    let store = with(FILING);
    assert_eq!((store.recovery().filed, all(&store, &[]), all(&store, &[LONG])), (None, 48, 6));
}
