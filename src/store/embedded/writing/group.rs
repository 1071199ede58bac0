//! The records of one write, and who waits for them.

use std::collections::{HashMap, HashSet};
use std::panic::{self, AssertUnwindSafe};

use crate::store::error::StoreError;
use crate::store::filing::Filed;
use crate::store::index::{Index, Indexed, Intake};
use crate::store::journal::{Prepared, Written};
use crate::store::record;
use crate::store::{Done, Kind, NewRecord, Put, StoredRecord};

/// A record in the queue.
pub struct Job {
    pub record: NewRecord,
    /// Its bytes.
    pub prepared: Prepared,
    /// What the record is found by.
    pub filed: Option<Filed>,
    pub done: Done,
}

#[derive(Default)]
pub struct Group {
    fresh: Vec<Fresh>,
    /// The bytes of `fresh`, in its order.
    pub prepared: Vec<Prepared>,
    names: Names,
}

struct Fresh {
    record: NewRecord,
    filed: Option<Filed>,
    done: Done,
    /// Later jobs with the same request id: they are answered with the fate of this record.
    again: Vec<(NewRecord, Done)>,
}

/// What the records of a group are called.
#[derive(Default)]
pub struct Names {
    ids: HashMap<Kind, HashSet<String>>,
    /// The places in the group that these requests have.
    requests: HashMap<Kind, HashMap<String, usize>>,
}

impl Names {
    /// Whether one of the records has the id or the request id of this one.
    pub fn meet(&self, record: &NewRecord) -> bool {
        self.has_id(record.kind, &record.id)
            || record.request_id.as_ref().is_some_and(|request| self.request(record.kind, request).is_some())
    }

    fn has_id(&self, kind: Kind, id: &str) -> bool {
        self.ids.get(&kind).is_some_and(|ids| ids.contains(id))
    }

    fn request(&self, kind: Kind, request_id: &str) -> Option<usize> {
        self.requests.get(&kind)?.get(request_id).copied()
    }

    fn add(&mut self, record: &NewRecord, place: usize) {
        self.ids.entry(record.kind).or_default().insert(record.id.clone());
        if let Some(request_id) = &record.request_id {
            self.requests.entry(record.kind).or_default().insert(request_id.clone(), place);
        }
    }
}

impl Group {
    pub fn is_empty(&self) -> bool {
        self.fresh.is_empty()
    }

    /// The names, once no record comes in any more.
    pub fn take_names(&mut self) -> Names {
        std::mem::take(&mut self.names)
    }

    /// Takes a job into the group, or answers it from what is kept already.
    pub fn admit(&mut self, job: Job, index: &Index) {
        let Job { record, prepared, filed, done } = job;
        let kind = record.kind;
        if let Some(request_id) = &record.request_id {
            let first = self.names.request(kind, request_id).and_then(|place| self.fresh.get_mut(place));
            if let Some(first) = first {
                first.again.push((record, done));
                return;
            }
            match index.find_request(kind, request_id) {
                Ok(None) => {}
                Ok(Some(first)) => return answer(done, record::answer_again(first, &record)),
                Err(error) => return answer(done, Err(error)),
            }
        }
        match index.holds(kind, &record.id) {
            Ok(false) if !self.names.has_id(kind, &record.id) => {}
            Ok(_) => return answer(done, Err(StoreError::DuplicateId { id: record.id })),
            Err(error) => return answer(done, Err(error)),
        }
        self.names.add(&record, self.fresh.len());
        self.prepared.push(prepared);
        self.fresh.push(Fresh { record, filed, done, again: Vec::new() });
    }

    /// What the index takes in, once the journal holds it.
    pub fn intake<'a>(&'a self, written: &'a Written) -> Intake<'a> {
        let Written { first, bytes, lengths, digest } = written;
        let entries = (*first..).zip(lengths).zip(&self.fresh).map(|((sequence, length), fresh)| {
            let NewRecord { kind, id, request_id, .. } = &fresh.record;
            let (request_id, filed) = (request_id.as_deref(), fresh.filed.as_ref());
            Indexed { sequence, length: *length, kind: *kind, id, request_id, filed }
        });
        Intake { bytes, entries: entries.collect(), digest: *digest }
    }

    /// Answers everybody; `outcome` is the sequence of the first record.
    pub fn answer(self, outcome: &Result<u64, StoreError>) {
        for (place, Fresh { record, filed: _, done, again }) in (0..).zip(self.fresh) {
            let stored = outcome.clone().map(|first| {
                let NewRecord { kind, id, request_id, request_digest, payload } = record;
                StoredRecord { kind, id, sequence: first + place, request_id, request_digest, payload }
            });
            for (record, done) in again {
                answer(done, stored.clone().and_then(|first| record::answer_again(first, &record)));
            }
            answer(done, stored.map(Put::Stored));
        }
    }
}

/// Calls a waiter; what it does with the answer, a panic included, is no matter of the store's.
pub fn answer(done: Done, outcome: Result<Put, StoreError>) {
    if panic::catch_unwind(AssertUnwindSafe(|| done(outcome))).is_err() {
        tracing::error!("a waiter for a stored record panicked");
    }
}
