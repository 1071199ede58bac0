//! Opening a store: prove the journal, judge its end, bring the index up to it. What seal.rs vouches for is not
//! read again.

use std::path::Path;
use std::thread;

use super::Options;
use super::folder::Folder;
use super::seal::{self, IndexTrust, Trust};
use crate::store::StoredRecord;
use crate::store::error::StoreError;
use crate::store::index::{Census, Index, IndexFault, IndexTail, Indexed};
use crate::store::journal::{self, Digest, GENESIS, Header, Journal, Met, Survey, Tail};
use crate::store::mark::{Mark, MarkFile};
use crate::store::record;

/// What opening the store found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Records in the store.
    pub records: u64,
    /// Records in segments that were closed before and not touched since: they were not read again.
    pub trusted: u64,
    /// Bytes of a write that was never acknowledged, cut off the end of the journal.
    pub cut: u64,
    /// Records that the index was given from the journal.
    pub indexed: u64,
    /// Why the index was rebuilt from nothing, if it was.
    pub rebuilt: Option<String>,
}

/// An opened store before its committer starts.
pub struct Recovered {
    pub folder: Folder,
    pub journal: Journal,
    pub mark: MarkFile,
    pub index: Index,
    pub recovery: Recovery,
    /// The index was taken over from a killed process and should be compared with the journal's records before
    /// this segment.
    pub look_before: Option<Header>,
}

pub fn recover(root: &Path, options: &Options) -> Result<Recovered, StoreError> {
    let folder = Folder::open(root)?;
    journal::remove_unfinished(&folder.journal())?;
    // Before anything is opened: sled writes to its files when it opens them.
    let trust = seal::trust(&folder);
    let (mut mark_file, mark) = MarkFile::open(&folder.mark())?;
    let (index, index_tail) = match open_index(&folder, options) {
        Ok((index, tail)) => (Ok(index), tail),
        Err(IndexFault::Machine(source)) => return Err(StoreError::Io { doing: "open the index".into(), source }),
        Err(IndexFault::Damaged(what)) => (Err(what), None),
    };

    let trust = enough(trust, mark, index_tail);
    let mut seen = Seen::new(&trust.start, mark, index_tail);
    // Both read all they have, the one to prove the journal, the other to be compared with it.
    let (survey, census) = thread::scope(|scope| {
        let untrusted = index.as_ref().ok().filter(|_| trust.index == IndexTrust::None);
        let census = untrusted.map(|index| scope.spawn(|| index.take_census()));
        let survey = journal::survey(&folder.journal(), trust.start, &mut |met| seen.entry(met));
        (survey, census.map(std::thread::ScopedJoinHandle::join))
    });
    let survey = survey?;
    let tail = survey.tail.unwrap_or(Tail::at_start_of(&Header::FIRST));
    judge(&survey, &tail, mark, &seen)?;

    let settled = mark.filter(|mark| mark.segment == tail.segment).map_or(0, |mark| mark.offset);
    let cut = survey.torn.map_or(0, |torn| torn.bytes);
    let limits = options.limits();
    let end = survey.segments.last().copied().zip(survey.tail);
    let journal = Journal::resume(&folder.journal(), limits, end, cut > 0, settled)?;
    mark_file.settle(&journal.mark())?;
    folder.settle()?;

    let index = index.and_then(|index| match (census, seen.at_index_tail) {
        (Some(Ok(Ok(found))), Some((digest, wanted))) if digest == seen.index_digest() && found == wanted => Ok(index),
        (None, Some((digest, _))) if digest == seen.index_digest() => Ok(index),
        (Some(Ok(Err(fault))), _) => Err(fault.to_string()),
        _ => Err("it does not hold what the journal holds".to_owned()),
    });
    let (index, from, rebuilt) = match index {
        Ok(index) => (index, index_tail.map_or(0, |tail| tail.sequence), None),
        Err(why) => (fresh_index(&folder, options)?, 0, Some(why)),
    };
    if from < tail.sequence {
        fill_index(&index, &folder, &survey.segments, from, options)?;
    }
    let look_before = Some(trust.start).filter(|_| trust.index == IndexTrust::Killed && rebuilt.is_none());
    let trusted = trust.start.first_sequence.saturating_sub(1);
    let recovery = Recovery { records: tail.sequence, trusted, cut, indexed: tail.sequence - from, rebuilt };
    seal::note_open(&folder, journal.header())?;
    Ok(Recovered { folder, journal, mark: mark_file, index, recovery, look_before })
}

/// The trust, if what is read shows the entries that the mark and the index end at.
fn enough(trust: Trust, mark: Option<Mark>, index_tail: Option<IndexTail>) -> Trust {
    let before = trust.start.first_sequence.saturating_sub(1);
    let shown = |sequence: Option<u64>| sequence.unwrap_or(0) >= before;
    if shown(mark.map(|mark| mark.sequence)) && shown(index_tail.map(|tail| tail.sequence)) {
        trust
    } else {
        Trust::NOTHING
    }
}

/// What the walk over the journal gathered for the comparisons.
struct Seen {
    mark: Option<Mark>,
    index_tail: Option<IndexTail>,
    census: Census,
    /// Digest and sums of the journal where the index ends.
    at_index_tail: Option<(Digest, Census)>,
    digest_at_mark: Option<Digest>,
}

impl Seen {
    fn new(start: &Header, mark: Option<Mark>, index_tail: Option<IndexTail>) -> Self {
        let mut seen = Seen { mark, index_tail, census: Census::default(), at_index_tail: None, digest_at_mark: None };
        seen.pass(start.first_sequence.saturating_sub(1), &start.previous);
        seen
    }

    fn entry(&mut self, met: &Met<'_>) -> Result<(), StoreError> {
        let StoredRecord { id, request_id, sequence, .. } = decode(met)?;
        self.census.add_entry(sequence, met.entry.bytes, &id, request_id.as_deref());
        self.pass(sequence, &met.digest);
        Ok(())
    }

    fn pass(&mut self, sequence: u64, digest: &Digest) {
        if self.index_sequence() == sequence {
            self.at_index_tail = Some((*digest, self.census));
        }
        if self.mark.is_some_and(|mark| mark.sequence == sequence) {
            self.digest_at_mark = Some(*digest);
        }
    }

    fn index_sequence(&self) -> u64 {
        self.index_tail.map_or(0, |tail| tail.sequence)
    }

    fn index_digest(&self) -> Digest {
        self.index_tail.map_or(GENESIS, |tail| tail.digest)
    }
}

/// Decides whether the end of the journal is the end of what was ever acknowledged.
///
/// Bytes behind the last good entry may go only when nothing proves that they were synced: no intact entry of a
/// later group, no high-water mark at or past them, no copy in the index.
fn judge(survey: &Survey, tail: &Tail, mark: Option<Mark>, seen: &Seen) -> Result<(), StoreError> {
    let torn = survey.torn;
    let fault = torn.map_or("the journal ends here".to_owned(), |torn| torn.fault.to_string());
    if let Some(later) = torn.and_then(|torn| torn.later) {
        return Err(tail.damaged(format!("{fault}, yet the intact entry {later} follows")));
    }
    match mark {
        Some(mark) if mark.sequence > tail.sequence => {
            return Err(tail.damaged(format!("{fault}, yet entries up to {} were acknowledged", mark.sequence)));
        }
        Some(mark) if seen.digest_at_mark != Some(mark.digest) => {
            return Err(tail.damaged(format!("entry {} is not the one that was acknowledged", mark.sequence)));
        }
        None if torn.is_some() => {
            return Err(tail.damaged(format!("{fault}, and no high-water mark says whether it was acknowledged")));
        }
        Some(_) | None => {}
    }
    if seen.index_sequence() > tail.sequence {
        return Err(tail.damaged(format!("{fault}, yet the index holds entries up to {}", seen.index_sequence())));
    }
    Ok(())
}

fn open_index(folder: &Folder, options: &Options) -> Result<(Index, Option<IndexTail>), IndexFault> {
    let index = Index::open(&folder.index(), options.index_cache_bytes)?;
    let tail = index.tail()?;
    Ok((index, tail))
}

fn fresh_index(folder: &Folder, options: &Options) -> Result<Index, StoreError> {
    folder.clear_index()?;
    Index::open(&folder.index(), options.index_cache_bytes).map_err(|fault| fault.at("a fresh index"))
}

/// Gives the index the journal's entries behind `from`, in batches.
fn fill_index(
    index: &Index,
    folder: &Folder,
    segments: &[Header],
    from: u64,
    options: &Options,
) -> Result<(), StoreError> {
    let holds_next = |header: &&Header| header.first_sequence <= from.saturating_add(1);
    let start = segments.iter().rfind(holds_next).copied().unwrap_or(Header::FIRST);
    let mut batch: Vec<(IndexTail, Vec<u8>, StoredRecord)> = Vec::new();
    let mut bytes = 0;
    journal::survey(&folder.journal(), start, &mut |met| {
        let Met { entry, digest, place: _ } = met;
        if entry.sequence > from {
            let tail = IndexTail { sequence: entry.sequence, digest: *digest };
            bytes += entry.bytes.len();
            batch.push((tail, entry.bytes.to_vec(), decode(met)?));
        }
        if bytes >= options.group_bytes {
            bytes = 0;
            apply(index, &std::mem::take(&mut batch))?;
        }
        Ok(())
    })?;
    apply(index, &batch)
}

fn apply(index: &Index, batch: &[(IndexTail, Vec<u8>, StoredRecord)]) -> Result<(), StoreError> {
    let entries = batch.iter().map(|(tail, entry, record)| Indexed {
        tail: *tail,
        entry,
        id: &record.id,
        request_id: record.request_id.as_deref(),
    });
    index.apply(entries).map_err(|fault| fault.at("the rebuilt index"))
}

fn decode(met: &Met<'_>) -> Result<StoredRecord, StoreError> {
    record::decode(met.entry.record, met.entry.sequence).map_err(|fault| met.place.damaged(fault.to_string()))
}
