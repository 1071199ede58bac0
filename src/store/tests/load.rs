//! How fast: run with `cargo test --release store::tests::load -- --ignored --nocapture`.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{EmbeddedStore, Kind, NewRecord, Scratch, Store, id, put};
use crate::store::{Filed, Filing, Options, Order, Query};

/// As many terms as an evaluation has, most of them shared by many.
const FILING: Filing = Filing { version: 1, file };

fn file(payload: &[u8]) -> Filed {
    let salt = payload.first().copied().unwrap_or(0);
    let terms = (0..17).map(|name| [name, 0, 0, 0, 0, 0, 0, salt % (name + 1)]).collect();
    Filed { terms, rank: u64::from(salt) << 40 }
}

#[test]
#[ignore = "a measurement"]
fn rate() {
    println!("filing nothing");
    measure(Filing::NONE);
    println!("filing 17 terms");
    measure(FILING);
}

/// 64 writers, 5,000 bytes a record; then the time to read, to find, and to open what they wrote, with the index and
/// without.
fn measure(filing: Filing) {
    const WRITERS: u64 = 64;
    const EACH: u64 = 500;
    let options = || Options { filing, ..Options::default() };
    let scratch = Scratch::new();
    let store = Arc::new(EmbeddedStore::open(&scratch.data(), options()).unwrap());
    let begun = Instant::now();
    let threads: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&store);
            thread::spawn(move || (0..EACH).map(|turn| timed_put(&*store, turn * WRITERS + writer)).collect::<Vec<_>>())
        })
        .collect();
    let mut waits: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let total = WRITERS * EACH;
    waits.sort();
    let rate = u128::from(total) * 1000 / begun.elapsed().as_millis().max(1);
    let at = |per_cent: usize| waits[(waits.len() - 1) * per_cent / 100];
    println!("{total} records: {rate}/s, p50 {:?}, p99 {:?}, max {:?}", at(50), at(99), at(100));
    let begun = Instant::now();
    for number in (0..total).step_by(7) {
        assert_eq!(store.get(Kind::Evaluation, &id(number)).unwrap().unwrap().payload.len(), 5000);
    }
    println!("read: {:?} each", begun.elapsed() / (total as u32 / 7));
    for (terms, order) in
        [(0, Order::NewestFirst), (3, Order::NewestFirst), (17, Order::NewestFirst), (3, Order::HighestFirst)]
    {
        let salt = 16;
        let terms = (0..17).rev().take(terms).map(|name| [name, 0, 0, 0, 0, 0, 0, salt % (name + 1)]).collect();
        let begun = Instant::now();
        let found = store.find(&Query { terms, order, after: None, limit: 50 }).unwrap();
        println!("a page of {} found in {:?}, {order:?}", found.records.len(), begun.elapsed());
    }
    drop(store);
    open_timed(&scratch, "opened", options());
    std::fs::remove_dir_all(scratch.data().join("index")).unwrap();
    open_timed(&scratch, "rebuilt", options());
}

fn timed_put(store: &dyn Store, number: u64) -> Duration {
    let begun = Instant::now();
    let payload = (0..5000).map(|at| (at * 7 + number) as u8).collect();
    let request_id = Some(format!("rate-{number}"));
    put(store, NewRecord { kind: Kind::Evaluation, id: id(number), request_id, request_digest: [0; 32], payload })
        .unwrap();
    begun.elapsed()
}

fn open_timed(scratch: &Scratch, what: &str, options: Options) {
    let begun = Instant::now();
    let store = EmbeddedStore::open(&scratch.data(), options).unwrap();
    println!("{what} in {:?}: {:?}", begun.elapsed(), store.recovery());
}
