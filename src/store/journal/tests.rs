//! Groups: what a power cut may leave of them, and what it cannot.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Header, Journal, Limits, Prepared, Survey, survey};
use crate::store::error::StoreError;

const LIMITS: Limits = Limits { segment: 16 << 10, step: 4 << 10 };

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("heng-journal-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn group(first: u8, count: u8) -> Vec<Vec<u8>> {
    (first..first + count).map(|number| vec![number | 0x80; 700]).collect()
}

fn prepared(records: &[Vec<u8>]) -> Vec<Prepared> {
    records.iter().cloned().map(Prepared::new).collect()
}

fn append(journal: &mut Journal, records: &[Vec<u8>]) {
    let prepared = prepared(records);
    journal.reserve(super::group_size(&prepared) as u64).unwrap();
    journal.append(&prepared).unwrap();
}

fn look(folder: &Path) -> Result<(Survey, Vec<u8>), StoreError> {
    let mut seen = Vec::new();
    let found = survey(folder, Header::FIRST, &mut |met| {
        seen.push(met.entry.record[0] & 0x7f);
        Ok(())
    })?;
    Ok((found, seen))
}

/// 512-byte sectors of the last group are lost in many combinations of its first ten: whatever remains behind the
/// first hole belongs to the same group and proves nothing.
#[test]
fn holes_in_the_last_group_are_torn() {
    let scratch = Scratch::new("holes");
    let mut journal = Journal::resume(&scratch.0, LIMITS, None, false, 0).unwrap();
    append(&mut journal, &group(1, 2));
    let settled = journal.mark();
    append(&mut journal, &group(3, 5));
    let path = scratch.0.join("00000001.seg");
    let whole = fs::read(&path).unwrap();
    for lost in (1_u32..1 << 10).step_by(3) {
        let mut bytes = whole.clone();
        for sector in (0..10).filter(|sector| lost & (1 << sector) != 0) {
            let from = settled.offset as usize / 512 * 512 + sector * 512;
            let from_unsettled = from.max(settled.offset as usize);
            bytes[from_unsettled..from + 512].fill(0);
        }
        fs::write(&path, &bytes).unwrap();
        let (found, seen) = look(&scratch.0).unwrap();
        let tail = found.tail.unwrap();
        assert!(seen.starts_with(&[1, 2]), "{lost:b}");
        assert_eq!(tail.sequence, seen.len() as u64);
        assert!(found.torn.is_none_or(|torn| torn.later.is_none()), "{lost:b}");
    }
}

/// The same loss in a group that another one follows is damage: the later group proves it.
#[test]
fn holes_before_a_later_group_are_proven() {
    let scratch = Scratch::new("proof");
    let mut journal = Journal::resume(&scratch.0, LIMITS, None, false, 0).unwrap();
    append(&mut journal, &group(1, 2));
    let hole = journal.mark();
    append(&mut journal, &group(3, 3));
    append(&mut journal, &group(6, 2));
    let path = scratch.0.join("00000001.seg");
    let whole = fs::read(&path).unwrap();
    for at in (0..super::group_size(&prepared(&group(3, 3)))).step_by(3) {
        let mut bytes = whole.clone();
        bytes[hole.offset as usize + at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let (found, seen) = look(&scratch.0).unwrap();
        assert!(seen.len() < 5 && seen.starts_with(&[1, 2]), "{at}");
        assert_eq!(found.torn.unwrap().later, Some(6), "{at}");
    }
}

#[test]
fn a_walk_may_begin_at_any_segment() {
    let scratch = Scratch::new("walk");
    let mut journal = Journal::resume(&scratch.0, LIMITS, None, false, 0).unwrap();
    (0..12).for_each(|number| append(&mut journal, &group(1 + number * 6, 6)));
    let (found, seen) = look(&scratch.0).unwrap();
    assert_eq!(seen, (1..=72).collect::<Vec<u8>>());
    assert!(found.segments.len() > 2);
    for start in &found.segments {
        let mut first = None;
        survey(&scratch.0, *start, &mut |met| {
            first.get_or_insert(met.entry.sequence);
            Ok(())
        })
        .unwrap();
        assert_eq!(first, Some(start.first_sequence));
    }
    let resumed =
        Journal::resume(&scratch.0, LIMITS, found.segments.last().copied().zip(found.tail), false, 0).unwrap();
    assert_eq!(resumed.mark(), journal.mark());
}

/// An entry that passes its checksum but stands in the wrong place is no torn end.
#[test]
fn entries_out_of_place_are_damage() {
    let scratch = Scratch::new("place");
    let mut journal = Journal::resume(&scratch.0, LIMITS, None, false, 0).unwrap();
    (1..=4).for_each(|number| append(&mut journal, &group(number, 1)));
    let path = scratch.0.join("00000001.seg");
    let whole = fs::read(&path).unwrap();
    let size = super::group_size(&prepared(&group(1, 1)));
    let entry = |number: usize| 64 + (number - 1) * size..64 + number * size;
    for (to, from) in [(1, 2), (2, 3), (3, 1), (4, 3)] {
        let mut bytes = whole.clone();
        bytes.copy_within(entry(from), entry(to).start);
        fs::write(&path, &bytes).unwrap();
        let error = look(&scratch.0).unwrap_err();
        assert!(matches!(&error, StoreError::Damaged { sequence, .. } if *sequence == to as u64), "{error}");
    }
}
