//! Reading a journal to its end and comparing it with what else knows about it: the high-water mark and the index.

use std::path::Path;
use std::thread;

use crate::store::StoredRecord;
use crate::store::error::StoreError;
use crate::store::index::{Census, Index, IndexFault, IndexTail};
use crate::store::journal::{self, Digest, GENESIS, Header, Met, Survey, Tail};
use crate::store::mark::Mark;
use crate::store::record;

/// A journal whose every byte was read from some place on, and whose end is the end of what was acknowledged.
pub struct Proof {
    pub survey: Survey,
    pub tail: Tail,
    seen: Seen,
    /// The sums of the index, when it was read.
    census: Option<Result<Census, String>>,
}

/// What of the index is compared with the journal.
#[derive(Clone, Copy)]
pub enum Comparison<'a> {
    /// All of it.
    Whole(&'a Index),
    /// That it holds the entries that are read, as far as its own end says that it does.
    Entries(&'a Index),
    /// Where it ends.
    Tail,
}

/// Reads the journal from `start` on, and of the index what is to be compared, at the same time.
///
/// # Errors
/// [`StoreError::Damaged`] when the journal contradicts itself, the mark or the index.
pub fn prove(
    journal: &Path,
    start: Header,
    mark: Option<Mark>,
    index_tail: Option<IndexTail>,
    comparison: Comparison<'_>,
) -> Result<Proof, StoreError> {
    let mut seen = Seen::new(&start, mark, index_tail);
    let (whole, entries) = match comparison {
        Comparison::Whole(index) => (Some(index), None),
        Comparison::Entries(index) => (None, Some(index)),
        Comparison::Tail => (None, None),
    };
    let (survey, census) = thread::scope(|scope| {
        let census = whole.map(|index| scope.spawn(|| index.take_census()));
        let survey = journal::survey(journal, start, &mut |met| {
            let record = seen.entry(met)?;
            if let Some(index) = entries {
                seen.look_for(index, met, &record);
            }
            Ok(())
        });
        (survey, census.map(std::thread::ScopedJoinHandle::join))
    });
    let survey = survey?;
    let tail = survey.tail.unwrap_or(Tail::at_start_of(&Header::FIRST));
    judge(&survey, &tail, mark, &seen)?;
    let census = census.map(|census| match census {
        Ok(Ok(census)) => Ok(census),
        Ok(Err(fault)) => Err(IndexFault::to_string(&fault)),
        Err(_) => Err("it could not be read".to_owned()),
    });
    Ok(Proof { survey, tail, seen, census })
}

/// Reads a journal that somebody else may be writing to, up to the mark.
pub fn prove_up_to(journal: &Path, mark: Mark) -> Result<Proof, StoreError> {
    let mut seen = Seen::new(&Header::FIRST, Some(mark), None);
    let survey = journal::survey_up_to(journal, (mark.segment, mark.offset), &mut |met| seen.entry(met).map(drop))?;
    let tail = survey.tail.unwrap_or(Tail::at_start_of(&Header::FIRST));
    judge(&survey, &tail, Some(mark), &seen)?;
    Ok(Proof { survey, tail, seen, census: None })
}

impl Proof {
    /// Whether the index holds what the journal holds up to the index's own end; if not, why.
    pub fn index_agrees(&self) -> Result<(), String> {
        let otherwise = || Err("it does not hold what the journal holds".to_owned());
        if let Some(why) = &self.seen.missing {
            return Err(why.clone());
        }
        match (&self.census, self.seen.at_index_tail) {
            (Some(Err(why)), _) => Err(why.clone()),
            (_, Some((digest, _))) if digest != self.seen.index_digest() => otherwise(),
            (Some(Ok(found)), Some((_, wanted))) if *found != wanted => otherwise(),
            (_, Some(_)) => Ok(()),
            (_, None) => otherwise(),
        }
    }
}

/// What the walk over the journal gathered for the comparisons.
pub struct Seen {
    mark: Option<Mark>,
    index_tail: Option<IndexTail>,
    census: Census,
    /// Digest and sums of the journal where the index ends.
    at_index_tail: Option<(Digest, Census)>,
    digest_at_mark: Option<Digest>,
    /// The first entry that the index should hold and does not.
    missing: Option<String>,
}

impl Seen {
    pub fn new(start: &Header, mark: Option<Mark>, index_tail: Option<IndexTail>) -> Self {
        let census = Census::default();
        let mut seen = Seen { mark, index_tail, census, at_index_tail: None, digest_at_mark: None, missing: None };
        seen.pass(start.first_sequence.saturating_sub(1), &start.previous);
        seen
    }

    pub fn entry(&mut self, met: &Met<'_>) -> Result<StoredRecord, StoreError> {
        let record = decode(met)?;
        let StoredRecord { kind, id, request_id, sequence, .. } = &record;
        self.census.add_entry(*kind, *sequence, met.entry.bytes, id, request_id.as_deref());
        self.pass(*sequence, &met.digest);
        Ok(record)
    }

    /// Whether the index holds an entry that is not behind its end.
    fn look_for(&mut self, index: &Index, met: &Met<'_>, record: &StoredRecord) {
        if self.missing.is_some() || record.sequence > self.index_sequence() {
            return;
        }
        self.missing = match index.entry(record.kind, &record.id) {
            Ok(Some(entry)) if entry == met.entry.bytes => None,
            Ok(_) => Some(format!("it lost record {}", record.id)),
            Err(fault) => Some(format!("at {}: {fault}", record.id)),
        };
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
pub fn judge(survey: &Survey, tail: &Tail, mark: Option<Mark>, seen: &Seen) -> Result<(), StoreError> {
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

pub fn decode(met: &Met<'_>) -> Result<StoredRecord, StoreError> {
    record::decode(met.entry.record, met.entry.sequence).map_err(|fault| met.place.damaged(fault.to_string()))
}
