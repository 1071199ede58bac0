//! Torn ends, flipped bits, cut and lost files: each is mended, harmless, or refused by name. Never a wrong byte,
//! never a record lost in silence, never a panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use super::{
    Choices, EmbeddedStore, Scratch, StoreError, assert_whole, copy, filled, open, put, record, segment, small,
};
use crate::store::{NewRecord, Options, Store};

/// Two states of one store, before and after its last record, and a place to mix them.
struct LastRecord {
    before: Scratch,
    after: Scratch,
    count: u64,
    /// Where the last entry begins and ends in the only segment.
    span: std::ops::Range<usize>,
}

impl LastRecord {
    fn new(count: u64) -> Self {
        let before = filled(count - 1);
        let after = Scratch::new();
        copy(&before.data(), &after.data());
        let store = open(&after.data()).unwrap();
        put(&store, record(count)).unwrap();
        drop(store);
        let (old, new) = (journal(&before), journal(&after));
        let (old_end, new_end) = (end_of(&old), end_of(&new));
        LastRecord { before, after, count, span: old_end..new_end }
    }

    /// The state before the last record, but with this journal.
    fn with_journal(&self, bytes: &[u8]) -> Scratch {
        let mixed = Scratch::new();
        copy(&self.before.data(), &mixed.data());
        fs::write(segment(&mixed.data(), 1), bytes).unwrap();
        mixed
    }

    fn take_from_after(&self, mixed: &Scratch, part: &str) {
        let (from, to) = (self.after.data().join(part), mixed.data().join(part));
        if from.is_dir() {
            fs::remove_dir_all(&to).unwrap();
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

fn journal(scratch: &Scratch) -> Vec<u8> {
    fs::read(segment(&scratch.data(), 1)).unwrap()
}

/// The end of the last entry, which begins at a multiple of 8 and ends with its padding.
fn end_of(journal: &[u8]) -> usize {
    (journal.iter().rposition(|byte| *byte != 0).unwrap() + 1).next_multiple_of(8)
}

#[test]
fn a_torn_end_is_cut_at_every_byte() {
    let last = LastRecord::new(14);
    let whole = journal(&last.after);
    for kept in last.span.clone() {
        let mut torn = whole.clone();
        torn[kept..].fill(0);
        // The rest of the file was preallocated or, now and then, is missing.
        for torn in [&torn[..], &whole[..kept]].into_iter().take(if kept % 5 == 0 { 2 } else { 1 }) {
            let mixed = last.with_journal(torn);
            let store = open(&mixed.data()).unwrap();
            let complete = torn[last.span.start..].starts_with(&whole[last.span.clone()]);
            assert_whole(&store, if complete { last.count } else { last.count - 1 });
            // Its place is taken again, by the same request or another.
            put(&store, record(last.count)).unwrap();
            assert_whole(&store, last.count);
        }
    }
}

#[test]
fn a_whole_entry_that_was_never_acknowledged_is_kept() {
    let last = LastRecord::new(4);
    let mixed = last.with_journal(&journal(&last.after));
    let store = open(&mixed.data()).unwrap();
    assert_eq!(store.recovery().indexed, 1);
    assert_whole(&store, last.count);
    let again = put(&store, NewRecord { id: super::id(99), ..record(last.count) }).unwrap();
    assert_eq!(again, crate::store::Put::Existing(super::stored(&record(last.count), last.count)));
}

#[test]
fn an_acknowledged_end_is_never_cut() {
    let last = LastRecord::new(3);
    let whole = journal(&last.after);
    for kept in last.span.clone().step_by(11) {
        let mut torn = whole.clone();
        torn[kept..].fill(0);
        if torn == whole {
            continue;
        }
        for proof in ["high-water", "index"] {
            for torn in [&torn[..], &whole[..kept]] {
                let mixed = last.with_journal(torn);
                last.take_from_after(&mixed, proof);
                refused_at(&mixed, last.span.start, last.count);
            }
        }
        // Without the mark nobody knows, unless nothing of the entry is there at all.
        let mixed = last.with_journal(&torn);
        fs::remove_file(mixed.data().join("high-water")).unwrap();
        if kept == last.span.start {
            assert_whole(&open(&mixed.data()).unwrap(), last.count - 1);
        } else {
            refused_at(&mixed, last.span.start, last.count);
        }
    }
}

/// Opening fails, names the place, and changes no byte of the journal.
fn refused_at(scratch: &Scratch, offset: usize, sequence: u64) {
    let before = journal(scratch);
    match open(&scratch.data()).map(drop) {
        Err(error @ StoreError::Damaged { .. }) => {
            let expected = format!("journal/00000001.seg is damaged at byte {offset}, sequence {sequence}:");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(journal(scratch), before);
}

/// A power cut: the mark and the index are those of long ago, and of the last, never acknowledged group any set of
/// sectors is on the disk. What was acknowledged is there, and nothing half.
#[test]
fn a_power_cut_in_a_group() {
    let options = || Options { segment_bytes: 1 << 20, ..small() };
    let long_ago = Scratch::new();
    let fill = |folder: &Path, numbers: std::ops::RangeInclusive<u64>| {
        let store = EmbeddedStore::open(folder, options()).unwrap();
        numbers.for_each(|number| drop(put(&store, record(number)).unwrap()));
        store
    };
    drop(fill(&long_ago.data(), 1..=5));
    let now = Scratch::new();
    copy(&long_ago.data(), &now.data());
    let store = fill(&now.data(), 6..=15);
    let acknowledged = end_of(&journal(&now));
    submit_as_one_group(&store, 16..=40);
    drop(store);
    let whole = journal(&now);
    let end = end_of(&whole);
    let mut choices = Choices(3);
    for trial in 0..60 {
        let cut = Scratch::new();
        copy(&long_ago.data(), &cut.data());
        let mut bytes = whole.clone();
        for sector in acknowledged / 512..end.div_ceil(512) {
            if choices.below(20) <= trial % 20 {
                bytes[(sector * 512).max(acknowledged)..(sector * 512 + 512).min(whole.len())].fill(0);
            }
        }
        if trial % 3 == 0 {
            bytes.truncate(acknowledged + choices.below((end - acknowledged) as u64) as usize);
        }
        fs::write(segment(&cut.data(), 1), bytes).unwrap();
        let store = EmbeddedStore::open(&cut.data(), options()).unwrap();
        assert!((15..=40).contains(&store.recovery().records), "{:?}", store.recovery());
        assert_whole(&store, store.recovery().records);
    }
}

fn submit_as_one_group(store: &EmbeddedStore, numbers: std::ops::RangeInclusive<u64>) {
    let (release, gate) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    // The committer waits in the answer to a repeated request, and the group gathers behind it.
    store.submit(
        record(1),
        Box::new(move |_| {
            entered.send(()).unwrap();
            gate.recv().unwrap();
        }),
    );
    inside.recv().unwrap();
    let (send, answers) = mpsc::channel();
    for number in numbers {
        let send = send.clone();
        store.submit(record(number), Box::new(move |outcome| send.send(outcome.is_ok()).unwrap()));
    }
    release.send(()).unwrap();
    drop(send);
    assert!(answers.iter().all(|kept| kept));
}

#[test]
fn flipped_bits() {
    let scratch = filled(24);
    let mut choices = Choices(1);
    let mut outcomes = std::collections::BTreeMap::<&str, usize>::new();
    for file in files(&scratch.data()) {
        let name = file.strip_prefix(scratch.data()).unwrap().display().to_string();
        if name == "LOCK" {
            continue;
        }
        let length = fs::metadata(&file).unwrap().len();
        // Every byte of what is short, a sample of what is long.
        let trials = length.min(if name.starts_with("index") { 40 } else { 80 });
        for trial in 0..trials {
            let at = if length <= trials { trial } else { choices.below(length) };
            let broken = Scratch::new();
            copy(&scratch.data(), &broken.data());
            let target = broken.data().join(&name);
            let mut bytes = fs::read(&target).unwrap();
            bytes[at as usize] ^= 1 << choices.below(8);
            fs::write(&target, bytes).unwrap();
            *outcomes.entry(harmless_or_refused(&broken, &format!("{name} at {at}"))).or_default() += 1;
        }
    }
    println!("{outcomes:?}");
    assert_eq!(outcomes.len(), 3, "{outcomes:?}");
}

#[test]
fn cut_and_lost_files() {
    let scratch = filled(24);
    let mut choices = Choices(2);
    for file in files(&scratch.data()) {
        let name = file.strip_prefix(scratch.data()).unwrap().display().to_string();
        let length = fs::metadata(&file).unwrap().len();
        for trial in 0..8 {
            let broken = Scratch::new();
            copy(&scratch.data(), &broken.data());
            let target = broken.data().join(&name);
            match trial {
                0 => fs::remove_file(&target).unwrap(),
                1 => fs::write(&target, b"").unwrap(),
                _ => {
                    let bytes = fs::read(&target).unwrap();
                    fs::write(&target, &bytes[..choices.below(length) as usize]).unwrap();
                }
            }
            harmless_or_refused(&broken, &format!("{name}, trial {trial}"));
        }
    }
}

#[test]
fn a_lost_segment_is_named() {
    let scratch = filled(60);
    let last = (1..100).filter(|number| segment(&scratch.data(), *number).exists()).max().unwrap();
    assert!(last > 3);
    for number in 1..=last {
        let broken = Scratch::new();
        copy(&scratch.data(), &broken.data());
        fs::remove_file(segment(&broken.data(), number)).unwrap();
        let error = open(&broken.data()).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
    let broken = Scratch::new();
    copy(&scratch.data(), &broken.data());
    fs::rename(segment(&broken.data(), 1), segment(&broken.data(), 9)).unwrap();
    fs::rename(segment(&broken.data(), 2), segment(&broken.data(), 1)).unwrap();
    let error = open(&broken.data()).map(drop).unwrap_err();
    assert!(error.to_string().contains("this is segment 2 under another name"), "{error}");
}

/// Opens a store that had 24 records before something was broken.
fn harmless_or_refused(broken: &Scratch, what: &str) -> &'static str {
    match open(&broken.data()) {
        Ok(store) => {
            assert_whole(&store, 24);
            put(&store, record(25)).unwrap();
            assert_whole(&store, 25);
            if store.recovery().rebuilt.is_some() { "mended" } else { "harmless" }
        }
        Err(StoreError::Damaged { .. } | StoreError::NotAStore { .. } | StoreError::NewerFormat { .. }) => "refused",
        Err(error) => panic!("{what}: {error}"),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if item.file_type().unwrap().is_dir() { found.extend(files(&item.path())) } else { found.push(item.path()) }
    }
    found.sort();
    found
}
