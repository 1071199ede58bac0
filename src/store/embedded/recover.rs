//! Opening a store: prove the journal, judge its end, bring the index up to it. What seal.rs vouches for is not
//! read again.

use std::path::Path;

use super::Options;
use super::folder::Folder;
use super::proof::{Comparison, decode, prove};
use super::seal::{self, IndexTrust, Trust};
use crate::store::StoredRecord;
use crate::store::error::StoreError;
use crate::store::filing::Filing;
use crate::store::index::{Index, IndexFault, IndexTail, Indexed, Intake};
use crate::store::journal::{self, Digest, Header, Journal, Met};
use crate::store::mark::{Mark, MarkFile};

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
    /// Evaluations that were filed anew, if they were.
    pub filed: Option<u64>,
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
    folder.raise_format()?;
    journal::remove_unfinished(&folder.journal())?;
    // Before anything is opened: sled writes to its files when it opens them.
    let trust = seal::trust(&folder);
    let (mut mark_file, mark) = MarkFile::open(&folder.mark())?;
    let (index, index_tail) = match open_index(&folder, options) {
        Ok((index, tail)) => (Ok(index), tail),
        Err(IndexFault::Machine(source)) => return Err(StoreError::Io { doing: "open the index".into(), source }),
        Err(fault) => (Err(fault.to_string()), None),
    };

    let trust = enough(trust, mark, index_tail);
    let comparison = match (&index, trust.index) {
        (Ok(index), IndexTrust::None) => Comparison::Whole(index),
        (Ok(index), IndexTrust::Killed) => Comparison::Entries(index),
        (Ok(_), IndexTrust::AsClosed) | (Err(_), _) => Comparison::Tail,
    };
    let proof = prove(&folder.journal(), trust.start, mark, index_tail, comparison)?;
    let (survey, tail) = (&proof.survey, proof.tail);

    let settled = mark.filter(|mark| mark.segment == tail.segment).map_or(0, |mark| mark.offset);
    let cut = survey.torn.map_or(0, |torn| torn.bytes);
    let limits = options.limits();
    let end = survey.segments.last().copied().zip(survey.tail);
    let journal = Journal::resume(&folder.journal(), limits, end, cut > 0, settled)?;
    mark_file.settle(&journal.mark())?;
    folder.settle()?;

    let index = index.and_then(|index| proof.index_agrees().map(|()| index));
    let (index, from, rebuilt) = match index {
        Ok(index) => (index, index_tail.map_or(0, |tail| tail.sequence), None),
        Err(why) => (fresh_index(&folder, options)?, 0, Some(why)),
    };
    if from < tail.sequence {
        fill_index(&index, &folder, &survey.segments, from, options)?;
    }
    let filed = index.file_anew(&options.filing).map_err(|fault| fault.at("the records that are filed anew"))?;
    let look_before = Some(trust.start).filter(|_| trust.index == IndexTrust::Killed && rebuilt.is_none());
    let trusted = trust.start.first_sequence.saturating_sub(1);
    let recovery = Recovery { records: tail.sequence, trusted, cut, indexed: tail.sequence - from, filed, rebuilt };
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
    let mut batch = Batch::default();
    journal::survey(&folder.journal(), start, &mut |met| {
        if met.entry.sequence > from {
            batch.add(met)?;
        }
        if batch.bytes.len() >= options.group_bytes {
            std::mem::take(&mut batch).apply(index, &options.filing)?;
        }
        Ok(())
    })?;
    batch.apply(index, &options.filing)
}

/// Entries of the journal, read to be indexed.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    records: Vec<(usize, StoredRecord)>,
    digest: Digest,
}

impl Batch {
    fn add(&mut self, met: &Met<'_>) -> Result<(), StoreError> {
        let Met { entry, digest, place: _ } = met;
        self.records.push((entry.bytes.len(), decode(met)?));
        self.bytes.extend_from_slice(entry.bytes);
        self.digest = *digest;
        Ok(())
    }

    fn apply(self, index: &Index, filing: &Filing) -> Result<(), StoreError> {
        let Batch { bytes, records, digest } = self;
        let filed: Vec<_> = records.iter().map(|(_, record)| filing.of(record.kind, &record.payload)).collect();
        let entries = records.iter().zip(&filed).map(|((length, record), filed)| Indexed {
            sequence: record.sequence,
            length: *length,
            kind: record.kind,
            id: &record.id,
            request_id: record.request_id.as_deref(),
            filed: filed.as_ref(),
        });
        let intake = Intake { bytes: &bytes, entries: entries.collect(), digest };
        index.apply(intake, filing.version).map_err(|fault| fault.at("the rebuilt index"))
    }
}
