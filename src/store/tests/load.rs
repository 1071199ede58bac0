//! How fast: run with `cargo test --release store::tests::load -- --ignored --nocapture`.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{EmbeddedStore, Kind, NewRecord, Scratch, Store, id, put};
use crate::store::Options;

/// 64 writers, 5,000 bytes a record; then the time to open what they wrote, with the index and without.
#[test]
#[ignore = "a measurement"]
fn rate() {
    const WRITERS: u64 = 64;
    const EACH: u64 = 500;
    let scratch = Scratch::new();
    let store = Arc::new(EmbeddedStore::open(&scratch.data(), Options::default()).unwrap());
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
    let rate = total as f64 / begun.elapsed().as_secs_f64();
    let at = |per_cent: usize| waits[(waits.len() - 1) * per_cent / 100];
    println!("{total} records: {rate:.0}/s, p50 {:?}, p99 {:?}, max {:?}", at(50), at(99), at(100));
    let begun = Instant::now();
    for number in (0..total).step_by(7) {
        assert_eq!(store.get(Kind::Evaluation, &id(number)).unwrap().unwrap().payload.len(), 5000);
    }
    println!("read: {:?} each", begun.elapsed() / (total as u32 / 7));
    drop(store);
    open_timed(&scratch, "opened");
    std::fs::remove_dir_all(scratch.data().join("index")).unwrap();
    open_timed(&scratch, "rebuilt");
}

fn timed_put(store: &dyn Store, number: u64) -> Duration {
    let begun = Instant::now();
    let payload = (0..5000).map(|at| (at * 7 + number) as u8).collect();
    let request_id = Some(format!("rate-{number}"));
    put(store, NewRecord { kind: Kind::Evaluation, id: id(number), request_id, request_digest: [0; 32], payload })
        .unwrap();
    begun.elapsed()
}

fn open_timed(scratch: &Scratch, what: &str) {
    let begun = Instant::now();
    let store = EmbeddedStore::open(&scratch.data(), Options::default()).unwrap();
    println!("{what} in {:?}: {:?}", begun.elapsed(), store.recovery());
}
