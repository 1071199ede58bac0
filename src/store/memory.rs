//! A store that forgets: for the tests of the layers above, under the same conformance suite.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::record;
use super::{Done, Health, NewRecord, Put, Store, StoreError, StoredRecord};

/// Keeps records for as long as the process lives. `done` is called before `submit` returns.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    records: BTreeMap<String, StoredRecord>,
    requests: BTreeMap<String, String>,
}

impl MemoryStore {
    pub fn new() -> Self {
        MemoryStore::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn put(&mut self, record: NewRecord) -> Result<Put, StoreError> {
        record::admit(&record)?;
        if let Some(first) = record.request_id.as_ref().and_then(|request| self.find(request)) {
            return record::answer_again(first.clone(), &record);
        }
        if self.records.contains_key(&record.id) {
            return Err(StoreError::DuplicateId { id: record.id });
        }
        let NewRecord { id, request_id, request_digest, payload } = record;
        if let Some(request_id) = &request_id {
            self.requests.insert(request_id.clone(), id.clone());
        }
        let sequence = self.records.len() as u64 + 1;
        let stored = StoredRecord { id, sequence, request_id, request_digest, payload };
        self.records.insert(stored.id.clone(), stored.clone());
        Ok(Put::Stored(stored))
    }

    fn find(&self, request_id: &str) -> Option<&StoredRecord> {
        self.requests.get(request_id).and_then(|id| self.records.get(id))
    }
}

impl Store for MemoryStore {
    fn submit(&self, record: NewRecord, done: Done) {
        let outcome = self.kept().put(record);
        done(outcome);
    }

    fn get(&self, id: &str) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.kept().records.get(id).cloned())
    }

    fn find_request(&self, request_id: &str) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.kept().find(request_id).cloned())
    }

    fn page(&self, before: Option<&str>, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let kept = self.kept();
        let earlier =
            kept.records.iter().rev().skip_while(|(id, _)| before.is_some_and(|before| id.as_str() >= before));
        Ok(earlier.take(limit).map(|(_, record)| record.clone()).collect())
    }

    fn health(&self) -> Health {
        Health::Serving
    }
}
