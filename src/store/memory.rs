//! A store that forgets: for the tests of the layers above, under the same conformance suite.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::filing::{Filing, Found, PAGE_BYTES, Position, Query};
use super::journal::{Entry, GENESIS, encode_entry};
use super::ledger::{LedgerEntry, LedgerHead, Visit};
use super::record;
use super::{Done, Health, Kind, NewRecord, Put, Store, StoreError, StoredRecord};

/// Keeps records for as long as the process lives. `done` is called before `submit` returns.
#[derive(Debug)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
    filing: Filing,
}

#[derive(Debug, Default)]
struct Kept {
    records: BTreeMap<(Kind, String), StoredRecord>,
    /// The entries that a journal would hold.
    entries: Vec<Vec<u8>>,
    requests: BTreeMap<(Kind, String), String>,
}

impl MemoryStore {
    pub fn new(filing: Filing) -> Self {
        MemoryStore { kept: Mutex::default(), filing }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn put(&mut self, record: NewRecord) -> Result<Put, StoreError> {
        record::admit(&record)?;
        if let Some(first) = record.request_id.as_ref().and_then(|request| self.find(record.kind, request)) {
            return record::answer_again(first.clone(), &record);
        }
        if self.records.contains_key(&(record.kind, record.id.clone())) {
            return Err(StoreError::DuplicateId { id: record.id });
        }
        let previous = self.entries.last().and_then(|entry| Some(Entry::read(entry).ok()?.digest()));
        let sequence = self.entries.len() as u64 + 1;
        self.entries.push(encode_entry(sequence, sequence, &previous.unwrap_or(GENESIS), &record::encode(&record)));
        let NewRecord { kind, id, request_id, request_digest, payload } = record;
        if let Some(request_id) = &request_id {
            self.requests.insert((kind, request_id.clone()), id.clone());
        }
        let stored = StoredRecord { kind, id, sequence, request_id, request_digest, payload };
        self.records.insert((kind, stored.id.clone()), stored.clone());
        Ok(Put::Stored(stored))
    }

    fn find(&self, kind: Kind, request_id: &str) -> Option<&StoredRecord> {
        let id = self.requests.get(&(kind, request_id.to_owned()))?;
        self.records.get(&(kind, id.clone()))
    }
}

impl Store for MemoryStore {
    fn submit(&self, record: NewRecord, done: Done) {
        let outcome = self.kept().put(record);
        done(outcome);
    }

    fn get(&self, kind: Kind, id: &str) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.kept().records.get(&(kind, id.to_owned())).cloned())
    }

    fn find_request(&self, kind: Kind, request_id: &str) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.kept().find(kind, request_id).cloned())
    }

    fn page(&self, kind: Kind, before: Option<&str>, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let kept = self.kept();
        let of_kind = kept.records.values().rev().filter(|record| record.kind == kind);
        let earlier = of_kind.filter(|record| before.is_none_or(|before| record.id.as_str() < before));
        let mut bytes = 0;
        let few = earlier.take(limit).take_while(|record| {
            let fits = bytes < PAGE_BYTES;
            bytes += record.payload.len();
            fits
        });
        Ok(few.cloned().collect())
    }

    fn find(&self, query: &Query) -> Result<Found, StoreError> {
        let Query { terms, order, after, limit } = query;
        let kept = self.kept();
        let of_kind = kept.records.values().filter(|record| record.kind == Kind::Evaluation);
        let filed = of_kind.map(|record| (self.filing.of(record.kind, &record.payload).unwrap_or_default(), record));
        let wanted = filed.filter(|(filed, _)| terms.iter().all(|term| filed.terms.contains(term)));
        let placed = wanted.map(|(filed, record)| {
            let rank = if order.is_by_rank() { filed.rank } else { 0 };
            (Position { rank, id: record.id.clone() }, record)
        });
        let mut placed: Vec<_> = placed.collect();
        placed.sort_by(|(one, _), (other, _)| if order.is_ascending() { one.cmp(other) } else { other.cmp(one) });
        let is_behind = |place: &Position| match after {
            Some(after) if order.is_ascending() => place > after,
            Some(after) => place < after,
            None => true,
        };
        let mut rest = placed.into_iter().filter(|(place, _)| is_behind(place)).peekable();
        let mut found = Found::default();
        let mut bytes = 0;
        while let Some((place, record)) = rest.next_if(|_| found.records.len() < *limit && bytes < PAGE_BYTES) {
            bytes += record.payload.len();
            found.records.push(record.clone());
            found.next = rest.peek().map(|_| place);
        }
        Ok(found)
    }

    fn walk(&self, visit: &mut Visit<'_>) -> Result<LedgerHead, StoreError> {
        let entries = self.kept().entries.clone();
        let mut head = LedgerHead { sequence: 0, digest: GENESIS };
        for bytes in &entries {
            let Ok(entry) = Entry::read(bytes) else { break };
            let Ok(record) = record::decode(entry.record, entry.sequence) else { break };
            head = LedgerHead { sequence: entry.sequence, digest: entry.digest() };
            let shown = LedgerEntry { previous: entry.previous, digest: head.digest, bytes, record };
            if visit(shown).is_break() {
                break;
            }
        }
        Ok(head)
    }

    fn health(&self) -> Health {
        Health::Serving
    }
}
