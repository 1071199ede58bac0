//! How fast: run with `cargo test --release store::tests::load -- --ignored --nocapture`. `HENG_LOAD_RECORDS=1000000`
//! writes a million records (12 GB, twice) instead of 32,000; `HENG_LOAD_CACHE` is sled's cache in bytes;
//! `HENG_LOAD_FOLDER` is where to write, if not in memory.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{EmbeddedStore, Kind, NewRecord, Scratch, Store, id, put};
use crate::store::{Filed, Filing, Options, Order, Query};

const WRITERS: u64 = 64;

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
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let wanted = number("HENG_LOAD_RECORDS").unwrap_or(32_000);
    let index_cache_bytes = number("HENG_LOAD_CACHE").unwrap_or(Options::default().index_cache_bytes);
    let each = u64::div_ceil(wanted, WRITERS);
    let options = || Options { index_cache_bytes, filing, ..Options::default() };
    let folder = std::env::var_os("HENG_LOAD_FOLDER");
    let scratch = folder.map_or_else(Scratch::new, |folder| Scratch::within(folder.as_ref()));
    let store = Arc::new(EmbeddedStore::open(&scratch.data(), options()).unwrap());
    let begun = Instant::now();
    let threads: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&store);
            thread::spawn(move || (0..each).map(|turn| timed_put(&*store, turn * WRITERS + writer)).collect::<Vec<_>>())
        })
        .collect();
    let mut waits: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let total = WRITERS * each;
    waits.sort();
    let rate = u128::from(total) * 1000 / begun.elapsed().as_millis().max(1);
    let at = |per_cent: usize| waits[(waits.len() - 1) * per_cent / 100];
    println!("{total} records: {rate}/s, p50 {:?}, p99 {:?}, max {:?}", at(50), at(99), at(100));
    let begun = Instant::now();
    for number in (0..total).step_by(7) {
        assert_eq!(store.get(Kind::Evaluation, &id(number)).unwrap().unwrap().payload.len(), 5000);
    }
    println!("read: {:?} each", begun.elapsed() / (total as u32 / 7));
    let mut plain = Duration::ZERO;
    let wishes = [0, 1, 3, 17].map(|terms| (terms, Order::NewestFirst));
    for (terms, order) in wishes.into_iter().chain([(0, Order::HighestFirst), (3, Order::HighestFirst)]) {
        let salt = 16;
        let terms = (0..17).rev().take(terms).map(|name| [name, 0, 0, 0, 0, 0, 0, salt % (name + 1)]).collect();
        let query = Query { terms, order, after: None, limit: 50 };
        let (took, count) = paged(&*store, &query);
        if query.terms.is_empty() && order == Order::NewestFirst {
            plain = took;
        }
        let factor = took.as_micros() * 10 / plain.as_micros().max(1);
        let (whole, tenth, asked) = (factor / 10, factor % 10, query.terms.len());
        println!("a page of {count} by {asked} terms, {order:?}: {took:?}, {whole}.{tenth} × a page without");
    }
    println!("memory with it open: {}", resident());
    drop(store);
    open_timed(&scratch, "opened", options());
    std::fs::remove_dir_all(scratch.data().join("index")).unwrap();
    open_timed(&scratch, "rebuilt", options());
}

/// The median time of a page, and how many records it has.
fn paged(store: &dyn Store, query: &Query) -> (Duration, usize) {
    let mut count = 0;
    let mut took: Vec<Duration> = (0..21)
        .map(|_| {
            let begun = Instant::now();
            count = store.find(query).unwrap().records.len();
            begun.elapsed()
        })
        .collect();
    took.sort();
    (took[took.len() / 2], count)
}

/// What the process holds in memory, and the most it held.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
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
    println!("{what} in {:?}: {:?}; {}", begun.elapsed(), store.recovery(), resident());
}
