//! Writers that wait for their record, and the groups that the journal made of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;

use heng::app::FILING;
use heng::store::{EmbeddedStore, NewRecord, Options, Put, Store};

use super::records::Maker;
use crate::journal::Raw;

/// Before the entries of a segment, and before the record of an entry: see `src/store/journal`.
const SEGMENT_HEADER: usize = 64;
const ENTRY_HEADER: usize = 56;
const ALIGNMENT: usize = 8;
const IN_PARTS: u32 = 1 << 31;

pub fn open(folder: &Path) -> Arc<EmbeddedStore> {
    let options = Options { filing: FILING, ..Options::default() };
    Arc::new(EmbeddedStore::open(folder, options).expect("a store"))
}

/// Stores the records of these numbers with so many writers; the seconds it took and each wait in microseconds.
pub fn write(
    store: &Arc<EmbeddedStore>,
    maker: &Arc<Maker>,
    numbers: std::ops::Range<u64>,
    writers: u64,
) -> (f64, Vec<f64>) {
    let per_writer = (numbers.end - numbers.start) / writers;
    let batches: Vec<Vec<NewRecord>> = (0..writers)
        .map(|writer| {
            let start = numbers.start + writer * per_writer;
            // So many at a time in memory as make a round.
            (start..start + per_writer).map(|number| maker.record(number)).collect()
        })
        .collect();
    let begun = Instant::now();
    let threads: Vec<_> = batches
        .into_iter()
        .map(|records| {
            let store = Arc::clone(store);
            thread::spawn(move || records.into_iter().map(|record| put(&store, record)).collect::<Vec<f64>>())
        })
        .collect();
    let waits = threads.into_iter().flat_map(|thread| thread.join().expect("a writer")).collect();
    (begun.elapsed().as_secs_f64(), waits)
}

fn put(store: &EmbeddedStore, record: NewRecord) -> f64 {
    let begun = Instant::now();
    let (done, outcome) = channel();
    store.submit(record, Box::new(move |put| drop(done.send(put))));
    let put = outcome.recv().expect("an outcome").expect("a record that is stored");
    assert!(matches!(put, Put::Stored(_)), "a record that was there");
    begun.elapsed().as_secs_f64() * 1e6
}

/// Bytes of each group in the journal after this sequence, in their order.
pub fn groups(folder: &Path, after: u64) -> Vec<usize> {
    let mut segments: Vec<_> = std::fs::read_dir(folder.join("journal"))
        .expect("a journal")
        .map(|item| item.expect("a segment").path())
        .collect();
    segments.sort();
    let (mut groups, mut last) = (Vec::new(), 0);
    for segment in segments {
        let bytes = std::fs::read(segment).expect("a segment");
        let mut at = SEGMENT_HEADER;
        while let Some(header) = bytes.get(at..at + ENTRY_HEADER) {
            let word = u32::from_le_bytes(header[..4].try_into().expect("four bytes")) & !IN_PARTS;
            let number = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes"));
            if word == 0 {
                break;
            }
            let size = (ENTRY_HEADER + word as usize).next_multiple_of(ALIGNMENT);
            at += size;
            let (sequence, group) = (number(8), number(16));
            if sequence <= after {
                continue;
            }
            if group == last {
                *groups.last_mut().expect("a group") += size;
            } else {
                groups.push(size);
                last = group;
            }
        }
    }
    groups
}

/// Seconds that a loop takes to append the same groups and make each durable.
pub fn raw(file: &Path, groups: &[usize]) -> f64 {
    let largest = groups.iter().max().copied().unwrap_or_default();
    let bytes = vec![7; largest];
    let mut raw = Raw::create(file);
    let begun = Instant::now();
    groups.iter().for_each(|size| raw.append(&bytes[..*size]));
    begun.elapsed().as_secs_f64()
}
