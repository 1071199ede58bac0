//! The embedded store: journal, mark and index in one folder, written by two threads.

mod backup;
mod folder;
mod ledger;
mod proof;
mod recover;
mod repair;
mod seal;
mod second_look;
mod verify;
mod writing;

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::sync::{Arc, OnceLock};

use super::error::StoreError;
use super::filing::{Filing, Found, Query};
use super::index::Index;
use super::journal::{Header, Limits, Prepared};
use super::ledger::{LedgerHead, Visit};
use super::record;
use super::{Done, Health, Kind, NewRecord, Store, StoredRecord};
pub use backup::{backup, restore};
use folder::Folder;
use ledger::walk;
pub use ledger::{length as ledger_length, walk as walk_ledger};
pub use recover::Recovery;
use recover::{Recovered, recover};
pub use repair::{Repaired, repair};
use second_look::SecondLook;
pub use verify::{IndexVerdict, Verified, verify};
use writing::{Job, Threads};

/// Sizes of the store. The default suits a server; tests make everything small.
#[derive(Debug, Clone)]
pub struct Options {
    /// A journal segment is closed before it grows past this, in bytes.
    pub segment_bytes: u64,
    /// The journal takes room on the disk in steps of this, in bytes.
    pub step_bytes: u64,
    /// sled's cache, in bytes.
    pub index_cache_bytes: u64,
    /// Records that may wait for the disk; one more is [`StoreError::Busy`].
    pub queue_records: usize,
    /// Payload bytes that may wait for the disk; a record that finds more waiting is [`StoreError::Busy`].
    pub queue_bytes: usize,
    /// Most records in one write.
    pub group_records: usize,
    /// A write takes no further record once it has this many payload bytes.
    pub group_bytes: usize,
    /// Records are refused while the disk has less free than this, in bytes: the index, too, must find room.
    pub reserve_bytes: u64,
    /// How evaluations are filed to be found.
    pub filing: Filing,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            segment_bytes: 64 << 20,
            step_bytes: 1 << 20,
            index_cache_bytes: 64 << 20,
            queue_records: 4096,
            queue_bytes: 64 << 20,
            group_records: 1024,
            group_bytes: 4 << 20,
            reserve_bytes: 64 << 20,
            filing: Filing::NONE,
        }
    }
}

impl Options {
    fn limits(&self) -> Limits {
        Limits { segment: self.segment_bytes, step: self.step_bytes }
    }
}

/// The default store. Dropping it waits until everything queued is on the disk.
pub struct EmbeddedStore {
    shared: Arc<Shared>,
    /// `None` only while it is being dropped.
    queue: Option<SyncSender<Job>>,
    threads: Option<Threads>,
    second_look: Option<SecondLook>,
    options: Options,
    recovery: Recovery,
}

impl EmbeddedStore {
    /// Opens the store in `folder`, or makes one. Blocks while the journal and the index are read and compared, as
    /// far as they were touched since heng closed them (see seal.rs).
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::NewerFormat`], [`StoreError::NotAStore`]: nothing was touched.
    /// [`StoreError::Damaged`]: the journal was left as it is. A damaged index is no error: it is rebuilt.
    pub fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        let recovered = recover(folder, &options)?;
        Self::start(recovered, options)
    }

    /// Writes the index anew from the journal and cuts the preallocated room off its end. No record goes: the
    /// journal is the ledger.
    pub fn compact(folder: &Path, options: &Options) -> Result<Recovery, StoreError> {
        folder::require_format(folder)?;
        let store = Self::open(folder, options.clone())?;
        store.shared.distrust();
        drop(store);
        Folder::open(folder)?.clear_index()?;
        Self::open(folder, options.clone()).map(|store| store.recovery.clone())
    }

    /// What opening the store found and did.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    fn start(recovered: Recovered, options: Options) -> Result<Self, StoreError> {
        let Recovered { folder, journal, mark, index, recovery, look_before } = recovered;
        let shared = Arc::new(Shared {
            index,
            failure: OnceLock::new(),
            doubtful: AtomicBool::new(false),
            starved: AtomicBool::new(false),
            queued_bytes: AtomicUsize::new(0),
            reserve_bytes: options.reserve_bytes,
            folder,
        });
        let (queue, jobs) = mpsc::sync_channel(options.queue_records);
        let threads = Some(Threads::start(journal, mark, &shared, &options, jobs)?);
        let second_look = look_before.map(|before| SecondLook::start(Arc::clone(&shared), before)).transpose()?;
        Ok(EmbeddedStore { shared, queue: Some(queue), threads, second_look, options, recovery })
    }

    /// Notes all files as they are now: the next start need not prove them again. Failing that, it does.
    fn close(&mut self, last: &Header) {
        let Some(shared) = Arc::get_mut(&mut self.shared) else { return };
        shared.index.close();
        if shared.is_doubtful() {
            return;
        }
        if let Err(error) = seal::note_closed(&shared.folder, last) {
            tracing::warn!(%error, "the next start will read the whole store");
        }
    }

    /// The queue, with the record's bytes counted in, or why the record may not enter.
    fn admit(&self, record: &NewRecord) -> Result<&SyncSender<Job>, StoreError> {
        record::admit(record)?;
        let open = self.queue.as_ref().filter(|_| !self.shared.is_poisoned());
        let queue = open.ok_or(StoreError::Poisoned)?;
        let bytes = record.payload.len();
        let waiting = self.shared.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        if waiting > self.options.queue_bytes {
            self.shared.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
            return Err(StoreError::Busy);
        }
        Ok(queue)
    }
}

impl fmt::Debug for EmbeddedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedStore").field("folder", &self.shared.folder.root()).finish_non_exhaustive()
    }
}

impl Store for EmbeddedStore {
    fn submit(&self, record: NewRecord, done: Done) {
        let bytes = record.payload.len();
        let refused = match self.admit(&record) {
            Ok(queue) => {
                // On the caller's thread: the committer's time is everybody's.
                let filed = self.options.filing.of(record.kind, &record.payload);
                let prepared = Prepared::new(record::encode(&record));
                queue.try_send(Job { record, prepared, filed, done })
            }
            Err(error) => return done(Err(error)),
        };
        let (job, error) = match refused {
            Ok(()) => return,
            Err(TrySendError::Full(job)) => (job, StoreError::Busy),
            Err(TrySendError::Disconnected(job)) => (job, StoreError::Poisoned),
        };
        self.shared.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        (job.done)(Err(error));
    }

    fn get(&self, kind: Kind, id: &str) -> Result<Option<StoredRecord>, StoreError> {
        self.shared.read(|index| index.get(kind, id))
    }

    fn find_request(&self, kind: Kind, request_id: &str) -> Result<Option<StoredRecord>, StoreError> {
        self.shared.read(|index| index.find_request(kind, request_id))
    }

    fn page(&self, kind: Kind, before: Option<&str>, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        self.shared.read(|index| index.page(kind, before, limit))
    }

    fn find(&self, query: &Query) -> Result<Found, StoreError> {
        self.shared.read(|index| index.find(query))
    }

    fn walk(&self, visit: &mut Visit<'_>) -> Result<LedgerHead, StoreError> {
        walk(self.shared.folder.root(), visit)
    }

    fn health(&self) -> Health {
        self.shared.health(self.threads.as_ref().is_some_and(Threads::are_at_work))
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.queue = None;
        self.second_look = None;
        let Some(threads) = self.threads.take() else { return };
        // The last owner may be a waiter that one of them calls: it cannot wait for itself.
        if threads.have_called() {
            return;
        }
        match threads.join() {
            Ok(last) if !self.shared.is_poisoned() => self.close(&last),
            Ok(_) => {}
            Err(_) => tracing::error!("a writing thread of the store panicked"),
        }
    }
}

/// What readers and the writing threads share. The fields are dropped in this order: the lock goes last.
struct Shared {
    index: Index,
    /// Why no write is trusted any more, once one failed.
    failure: OnceLock<String>,
    /// A read met damage: the next start must prove the index.
    doubtful: AtomicBool,
    /// The last write was refused because the disk is nearly full.
    starved: AtomicBool,
    /// Payload bytes in the queue.
    queued_bytes: AtomicUsize,
    reserve_bytes: u64,
    folder: Folder,
}

impl Shared {
    fn is_poisoned(&self) -> bool {
        self.failure.get().is_some()
    }

    fn poison(&self, error: &StoreError) {
        tracing::error!(%error, "the store stops taking records");
        self.failure.get_or_init(|| error.to_string());
    }

    fn read<T>(&self, read: impl FnOnce(&Index) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let outcome = read(&self.index);
        if matches!(outcome, Err(StoreError::DamagedIndex { .. })) {
            self.distrust();
        }
        outcome
    }

    fn is_doubtful(&self) -> bool {
        self.doubtful.load(Ordering::Relaxed)
    }

    /// Makes the next start prove and, if need be, rebuild the index.
    fn distrust(&self) {
        self.doubtful.store(true, Ordering::Relaxed);
        fs::remove_file(self.folder.seal()).ok();
    }

    /// Refuses a write while the disk is nearly full.
    fn require_space(&self, bytes: u64) -> Result<(), StoreError> {
        let root = self.folder.root();
        let free = self
            .folder
            .free_bytes()
            .map_err(StoreError::io(format!("ask for the free space of {}", root.display())))?;
        let starved = free < self.reserve_bytes.saturating_add(bytes);
        if self.starved.swap(starved, Ordering::Relaxed) != starved {
            tracing::warn!(free, reserve = self.reserve_bytes, starved, "free space of the data folder");
        }
        if starved { Err(StoreError::NoSpace) } else { Ok(()) }
    }

    fn health(&self, committing: bool) -> Health {
        if let Some(why) = self.failure.get() {
            return Health::NotServing { why: why.clone() };
        }
        if !committing {
            return Health::NotServing { why: "the writing thread has ended; restart heng".into() };
        }
        if self.starved.load(Ordering::Relaxed) {
            // Nobody may be writing any more: look again, so that health recovers by itself.
            if let Err(error) = self.require_space(0) {
                return Health::NotServing { why: error.to_string() };
            }
        }
        Health::Serving
    }
}
