//! The store through its public boundary: one conformance suite for every store, and the embedded one under
//! restarts, damage, kills and load.

mod conformance;
mod crash;
mod damage;
mod failure;
mod finding;
mod load;
mod oracle;
mod recovery;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use super::{EmbeddedStore, Kind, NewRecord, Options, Put, Store, StoreError, StoredRecord};

/// A folder of its own that goes away with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        // Hundreds of stores are made and broken: memory, where there is some, spares the disk their syncs.
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Scratch::within(memory) } else { Scratch::within(&std::env::temp_dir()) }
    }

    fn within(parent: &Path) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("heng-store-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = parent.join(name);
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    /// The folder of the store: it is not made yet.
    fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Small sizes, so that small tests meet segment ends and long entries.
fn small() -> Options {
    Options {
        segment_bytes: 32 << 10,
        step_bytes: 4 << 10,
        index_cache_bytes: 4 << 20,
        reserve_bytes: 0,
        filing: finding::FILING,
        ..Options::default()
    }
}

fn open(folder: &Path) -> Result<EmbeddedStore, StoreError> {
    EmbeddedStore::open(folder, small())
}

fn id(number: u64) -> String {
    format!("{number:026}")
}

/// Every kind comes up, evaluations most.
fn kind(number: u64) -> Kind {
    match number % 5 {
        3 => Kind::Revision,
        4 => Kind::Activation,
        _ => Kind::Evaluation,
    }
}

/// A record whose every byte follows from its number; about every eighth is longer than one piece of the index.
fn record(number: u64) -> NewRecord {
    let length = if number % 8 == 7 { 15_000 } else { 40 + number * 37 % 500 };
    let payload = (0..length).map(|at| (at * 31 + number * 7 + (at >> 8)) as u8).collect();
    let request_id = (!number.is_multiple_of(3)).then(|| format!("request-{number}"));
    NewRecord { kind: kind(number), id: id(number), request_id, request_digest: [number as u8; 32], payload }
}

fn stored(record: &NewRecord, sequence: u64) -> StoredRecord {
    let NewRecord { kind, id, request_id, request_digest, payload } = record.clone();
    StoredRecord { kind, id, sequence, request_id, request_digest, payload }
}

/// Submits and waits.
fn put(store: &dyn Store, record: NewRecord) -> Result<Put, StoreError> {
    let (send, receive) = mpsc::channel();
    store.submit(record, Box::new(move |outcome| send.send(outcome).unwrap()));
    receive.recv().unwrap()
}

/// A closed store with the records 1 to `count`, in order.
fn filled(count: u64) -> Scratch {
    let scratch = Scratch::new();
    let store = open(&scratch.data()).unwrap();
    for number in 1..=count {
        assert_eq!(put(&store, record(number)).unwrap(), Put::Stored(stored(&record(number), number)));
    }
    scratch
}

/// Every record of [`filled`] is there, unchanged, by id, by request and in the pages.
fn assert_whole(store: &dyn Store, count: u64) {
    for number in 1..=count {
        let record = record(number);
        assert_eq!(store.get(record.kind, &record.id).unwrap(), Some(stored(&record, number)), "record {number}");
        if let Some(request_id) = &record.request_id {
            assert_eq!(store.find_request(record.kind, request_id).unwrap(), Some(stored(&record, number)));
        }
    }
    for kind in Kind::ALL {
        let of_kind = (1..=count).rev().filter(|number| self::kind(*number) == kind);
        let expected: Vec<_> = of_kind.map(|number| stored(&record(number), number)).collect();
        assert_eq!(store.page(kind, None, usize::MAX).unwrap(), expected);
    }
}

fn segment(folder: &Path, number: u64) -> PathBuf {
    folder.join("journal").join(format!("{number:08}.seg"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

/// A generator of test choices: the same on every run.
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
