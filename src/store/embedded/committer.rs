//! The one thread that writes: it drains the queue and takes what it finds to the disk as one group.

use std::collections::{HashMap, HashSet};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use super::{Options, Shared, seal};
use crate::store::error::StoreError;
use crate::store::filing::Filed;
use crate::store::index::{Index, IndexTail, Indexed};
use crate::store::journal::{Header, Journal, Written, group_size};
use crate::store::mark::MarkFile;
use crate::store::record;
use crate::store::{Done, Kind, NewRecord, Put, StoredRecord};

/// A record in the queue.
pub struct Job {
    pub record: NewRecord,
    /// What the record is found by.
    pub filed: Option<Filed>,
    pub done: Done,
}

pub struct Committer {
    pub journal: Journal,
    pub mark: MarkFile,
    pub shared: Arc<Shared>,
    pub options: Options,
}

impl Committer {
    /// Works until the queue is closed and empty. Gives back the header of the last segment, if all is well.
    pub fn run(mut self, queue: &Receiver<Job>) -> Option<Header> {
        while let Ok(first) = queue.recv() {
            let group = self.drain(first, queue);
            self.commit(group);
        }
        Some(*self.journal.header()).filter(|_| !self.shared.is_poisoned())
    }

    fn drain(&self, first: Job, queue: &Receiver<Job>) -> Vec<Job> {
        let mut bytes = first.record.payload.len();
        let mut group = vec![first];
        while group.len() < self.options.group_records && bytes < self.options.group_bytes {
            let Ok(job) = queue.try_recv() else {
                break;
            };
            bytes += job.record.payload.len();
            group.push(job);
        }
        self.shared.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        group
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        let mut group = Group::default();
        for job in jobs {
            if self.shared.is_poisoned() {
                answer(job.done, Err(StoreError::Poisoned));
            } else {
                group.admit(job, &self.shared.index);
            }
        }
        if group.fresh.is_empty() {
            return;
        }
        let outcome = self.write(&group).map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Broken(error) => {
                self.shared.poison(&error);
                error
            }
        });
        group.answer(&outcome);
    }

    /// A segment was closed: the index is made durable up to here, so that the next start need not go back further.
    fn note_closed_segment(&self) -> Result<(), StoreError> {
        self.shared.index.flush().map_err(|fault| fault.at("the newest records"))?;
        if self.shared.is_doubtful() {
            return Ok(());
        }
        seal::note_open(&self.shared.folder, self.journal.header())
    }

    /// Journal, sync, mark, index, in this order; nothing is acknowledged before all four. Returns the sequence of
    /// the first record.
    fn write(&mut self, group: &Group) -> Result<u64, Failure> {
        let bytes = group_size(&group.encoded) as u64;
        self.shared.require_space(bytes)?;
        let segment = self.journal.header().number;
        self.journal.reserve(bytes)?;
        if self.journal.header().number != segment {
            self.note_closed_segment()?;
        }
        let first = self.journal.mark().sequence + 1;
        let written = self.journal.append(&group.encoded).map_err(Failure::Broken)?;
        self.mark.write(&self.journal.mark()).map_err(Failure::Broken)?;
        let entries = written.iter().zip(&group.fresh).map(|(written, fresh)| {
            let Written { sequence, digest, bytes } = written;
            let tail = IndexTail { sequence: *sequence, digest: *digest };
            let NewRecord { kind, id, request_id, .. } = &fresh.record;
            let (request_id, filed) = (request_id.as_deref(), fresh.filed.as_ref());
            Indexed { tail, entry: bytes, kind: *kind, id, request_id, filed }
        });
        let indexed = self.shared.index.apply(entries, self.options.filing.version);
        indexed.map_err(|fault| Failure::Broken(fault.at("the newest records")))?;
        Ok(first)
    }
}

/// Why a group was not written.
enum Failure {
    /// Nothing was appended: the next group may fare better.
    Refused(StoreError),
    /// Nothing is known about what is on the disk: no further write can be trusted.
    Broken(StoreError),
}

impl From<StoreError> for Failure {
    /// A failure before the append: only a full disk leaves everything as it was.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSpace => Failure::Refused(error),
            error => Failure::Broken(error),
        }
    }
}

/// The records of one write, and who waits for them.
#[derive(Default)]
struct Group {
    fresh: Vec<Fresh>,
    /// The bytes of `fresh`, in its order.
    encoded: Vec<Vec<u8>>,
    by_id: HashSet<(Kind, String)>,
    by_request: HashMap<(Kind, String), usize>,
}

struct Fresh {
    record: NewRecord,
    filed: Option<Filed>,
    done: Done,
    /// Later jobs with the same request id: they are answered with the fate of this record.
    again: Vec<Job>,
}

impl Group {
    /// Takes a job into the group, or answers it from what is kept already.
    fn admit(&mut self, job: Job, index: &Index) {
        let Job { record, filed, done } = job;
        let kind = record.kind;
        if let Some(request_id) = &record.request_id {
            let known = self.by_request.get(&(kind, request_id.clone()));
            let first = known.and_then(|place| self.fresh.get_mut(*place));
            if let Some(first) = first {
                first.again.push(Job { record, filed, done });
                return;
            }
            match index.find_request(kind, request_id) {
                Ok(None) => {}
                Ok(Some(first)) => return answer(done, record::answer_again(first, &record)),
                Err(error) => return answer(done, Err(error)),
            }
        }
        let name = (kind, record.id.clone());
        match index.holds(kind, &record.id) {
            Ok(false) if !self.by_id.contains(&name) => {}
            Ok(_) => return answer(done, Err(StoreError::DuplicateId { id: record.id })),
            Err(error) => return answer(done, Err(error)),
        }
        if let Some(request_id) = &record.request_id {
            self.by_request.insert((kind, request_id.clone()), self.fresh.len());
        }
        self.by_id.insert(name);
        self.encoded.push(record::encode(&record));
        self.fresh.push(Fresh { record, filed, done, again: Vec::new() });
    }

    /// Answers everybody; `outcome` is the sequence of the first record.
    fn answer(self, outcome: &Result<u64, StoreError>) {
        for (place, Fresh { record, filed: _, done, again }) in (0..).zip(self.fresh) {
            let stored = outcome.clone().map(|first| {
                let NewRecord { kind, id, request_id, request_digest, payload } = record;
                StoredRecord { kind, id, sequence: first + place, request_id, request_digest, payload }
            });
            for Job { record, filed: _, done } in again {
                answer(done, stored.clone().and_then(|first| record::answer_again(first, &record)));
            }
            answer(done, stored.map(Put::Stored));
        }
    }
}

/// Calls a waiter; what it does with the answer, a panic included, is no matter of the store's.
fn answer(done: Done, outcome: Result<Put, StoreError>) {
    if panic::catch_unwind(AssertUnwindSafe(|| done(outcome))).is_err() {
        tracing::error!("a waiter for a stored record panicked");
    }
}
