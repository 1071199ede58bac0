//! The look in the background after a kill: does the index hold every record of the closed segments?
//!
//! sled is taken at its word when only the process died; this makes sure, without anybody waiting. What it finds
//! missing ends the store's service, and the next start proves and rebuilds everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::Shared;
use crate::store::StoredRecord;
use crate::store::error::StoreError;
use crate::store::journal::{self, Header, Met};
use crate::store::record;

pub struct SecondLook {
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SecondLook {
    /// Looks at all records before the segment `end`.
    pub fn start(shared: Arc<Shared>, end: Header) -> Result<Self, StoreError> {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        let thread = thread::Builder::new()
            .name("heng-second-look".into())
            .spawn(move || match look(&shared, &end, &flag) {
                Ok(()) => tracing::info!(records = end.first_sequence - 1, "the index holds the closed segments"),
                Err(_) if flag.load(Ordering::Relaxed) => {}
                Err(error) => {
                    shared.distrust();
                    shared.poison(&error);
                }
            })
            .map_err(StoreError::io("start the thread of the second look"))?;
        Ok(SecondLook { stopped, thread: Some(thread) })
    }
}

impl Drop for SecondLook {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn look(shared: &Shared, end: &Header, stopped: &AtomicBool) -> Result<(), StoreError> {
    journal::survey_before(&shared.folder.journal(), end, &mut |met| {
        if stopped.load(Ordering::Relaxed) {
            return Err(StoreError::Poisoned);
        }
        holds(shared, met)
    })
}

fn holds(shared: &Shared, met: &Met<'_>) -> Result<(), StoreError> {
    let found = record::decode(met.entry.record, met.entry.sequence);
    let StoredRecord { kind, id, .. } = found.map_err(|fault| met.place.damaged(fault.to_string()))?;
    match shared.index.entry(kind, &id) {
        Ok(Some(entry)) if entry == met.entry.bytes => Ok(()),
        Ok(_) => {
            let what = "the index lost the record; restart heng, which rebuilds the index from the journal".to_owned();
            Err(StoreError::DamagedIndex { key: id, what })
        }
        Err(fault) => Err(fault.at(&id)),
    }
}
