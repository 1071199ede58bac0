//! The durable store of evaluations, of the revisions that made them and of the ledger of activations: one small trait, an embedded default, and a store in memory for tests.
//!
//! An acknowledged record is in two independently checksummed files. The **journal** is the truth: its bytes
//! are fdatasync'ed before the acknowledgement, and each entry carries the digest of the one before, so that it
//! is the ledger too. The **index** (sled) holds the same entries under their ids and serves every read; it can
//! be deleted and is rebuilt from the journal when heng starts. A **high-water mark** in a third file says how
//! far the journal is known to be synced, so that a lost tail is never mistaken for a torn one.
//!
//! ```text
//! <data>/FORMAT                 "heng store 3"
//! <data>/LOCK                   held while a process has the store open; names its pid
//! <data>/high-water             mark.rs
//! <data>/seal                   embedded/seal.rs: what need not be proven again at the next start
//! <data>/journal/00000001.seg   journal/
//! <data>/index/                 index/ (sled)
//! ```
//!
//! Everything here blocks: async callers go through `spawn_blocking`, except for [`Store::submit`] and
//! [`Store::health`], which only queue and look.

#![expect(clippy::disallowed_methods, reason = "a store is files, a lock and the thread that writes them")]

mod cursor;
mod embedded;
mod error;
mod filing;
mod index;
mod evidence;
mod journal;
mod ledger;
mod mark;
mod memory;
mod record;
mod walk;

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::large_stack_arrays,
    reason = "tests make small numbers and print rates"
)]
mod tests;

pub use embedded::{
    EmbeddedStore, IndexVerdict, Options, Recovery, Repaired, Verified, backup, ledger_length, repair, restore, verify,
    walk_ledger,
};
pub use error::StoreError;
pub use evidence::{Evidence, EvidenceError, EvidenceWriter, read_evidence};
pub use filing::{Filed, Filing, Found, Order, PAGE_BYTES, Position, Query, Term};
pub use ledger::{LedgerEntry, LedgerHead, Visit};
pub use memory::MemoryStore;
pub use record::{Kind, MAX_ID, MAX_RECORD, MAX_REQUEST_ID};
pub use walk::walk_evaluations;

/// A record to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    pub kind: Kind,
    /// Made by the caller, and unique within its kind. Records are paged in the order of their ids: where pages
    /// should follow time, ids grow with it.
    /// At most [`MAX_ID`] visible ASCII characters.
    pub id: String,
    /// The client's idempotency key, unique within the kind, at most [`MAX_REQUEST_ID`] bytes.
    pub request_id: Option<String>,
    /// What the client asked for: the same request id with another digest is a conflict.
    pub request_digest: [u8; 32],
    /// The caller's own versioned bytes. With the ids at most [`MAX_RECORD`] bytes.
    pub payload: Vec<u8>,
}

/// A record as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    pub kind: Kind,
    pub id: String,
    /// Place in the ledger, from 1, without gaps over all kinds.
    pub sequence: u64,
    pub request_id: Option<String>,
    pub request_digest: [u8; 32],
    pub payload: Vec<u8>,
}

/// The answer to a submitted record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// Kept now.
    Stored(StoredRecord),
    /// The same request was kept before: this is its first record, and the new one was dropped.
    Existing(StoredRecord),
}

impl Put {
    /// The record that answers the request, new or old.
    pub fn into_record(self) -> StoredRecord {
        match self {
            Put::Stored(record) | Put::Existing(record) => record,
        }
    }
}

/// Whether the store takes records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    Serving,
    /// No record is taken; what was kept can still be read. `why` is for the operator.
    NotServing {
        why: String,
    },
}

/// Called once with the outcome of a submitted record. It runs on the committer's thread, which every writer
/// waits for: send the result on and return.
pub type Done = Box<dyn FnOnce(Result<Put, StoreError>) + Send>;

/// Keeps records for good.
pub trait Store: Send + Sync + 'static {
    /// Queues the record without blocking. `done` is called when it is durable and readable, or with the error;
    /// at once, on the caller's own thread, when the record is refused before it is queued.
    fn submit(&self, record: NewRecord, done: Done);

    /// The record of this kind with this id. Damaged bytes are an error, never an answer.
    fn get(&self, kind: Kind, id: &str) -> Result<Option<StoredRecord>, StoreError>;

    /// The record that was kept for this request id.
    fn find_request(&self, kind: Kind, request_id: &str) -> Result<Option<StoredRecord>, StoreError>;

    /// At most `limit` records of a kind in descending order of id, strictly before `before` (from the newest
    /// without it). Fewer where they are large, see [`PAGE_BYTES`]; none only behind the last.
    fn page(&self, kind: Kind, before: Option<&str>, limit: usize) -> Result<Vec<StoredRecord>, StoreError>;

    /// Evaluations by what they are filed under. Those that stay in the store from the first page to the last are
    /// found once, whatever is stored meanwhile.
    fn find(&self, query: &Query) -> Result<Found, StoreError>;

    /// Shows every acknowledged record in the order of the ledger, until `visit` breaks off, and gives the last
    /// entry that was shown. The chain is proven on the way: [`StoreError::Damaged`] names the first entry whose
    /// bytes, order or absence breaks it.
    fn walk(&self, visit: &mut Visit<'_>) -> Result<LedgerHead, StoreError>;

    fn health(&self) -> Health;
}
