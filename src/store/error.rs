//! What can go wrong in the store, said to the operator.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A failure of the store. Each sentence says what happened and what to do; none of them carries form data.
///
/// After any of them except the refusals at the door ([`TooLarge`](StoreError::TooLarge),
/// [`BadId`](StoreError::BadId), [`DuplicateId`](StoreError::DuplicateId),
/// [`RequestConflict`](StoreError::RequestConflict)) it is unknown whether the record was kept: retrying with the
/// same request id finds out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the data folder {} is in use by another heng process{}; \
         stop that process or choose another folder with --data",
        folder.display(),
        pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
    )]
    Locked { folder: PathBuf, pid: Option<u32> },

    #[error(
        "request id `{request_id}` was used before for another form (record {id}); send this form with a new request id"
    )]
    RequestConflict { request_id: String, id: String },

    #[error("record id `{id}` is taken; make a new id for every record")]
    DuplicateId { id: String },

    #[error("a record id must have 1 to {} visible ASCII characters; make a new one", super::record::MAX_ID)]
    BadId,

    #[error("{what} has {found} bytes where at most {limit} are taken; send less")]
    TooLarge { what: &'static str, found: usize, limit: usize },

    /// The queue to the disk is full: nothing was queued.
    #[error("too many records are waiting for the disk; retry in a moment with the same request id")]
    Busy,

    /// An earlier write failed; [`Health`](super::Health) has the reason.
    #[error(
        "the store stopped after a failed write and takes no records until restarted; \
         mend the disk, restart heng, and retry with the same request id"
    )]
    Poisoned,

    /// The journal, which is the truth, contradicts its checksums, its chain, the high-water mark or the index.
    #[error(
        "{segment} is damaged at byte {offset}, sequence {sequence}: {what}; \
         nothing was changed: run `heng store repair`, or restore a backup"
    )]
    Damaged { segment: String, offset: u64, sequence: u64, what: String },

    /// Neither the journal nor the index holds this entry.
    #[error(
        "entry {sequence} is intact neither in the journal nor in the index; nothing was changed: restore a backup"
    )]
    Lost { sequence: u64 },

    /// The index, which is a copy, failed its checksum while it was read.
    #[error("the index is damaged at `{key}`: {what}; restart heng and it rebuilds the index from the journal")]
    DamagedIndex { key: String, what: String },

    #[error(
        "{} does not belong to a store of heng: {what}; \
         restore it from a backup or choose another folder with --data",
        path.display()
    )]
    NotAStore { path: PathBuf, what: String },

    #[error("{what} must be new or empty, but {} holds something; nothing was changed: choose another folder", folder.display())]
    NotEmpty { folder: PathBuf, what: &'static str },

    #[error(
        "the store has format {found}, as its file FORMAT says, and this heng knows up to {known}; it was left untouched: \
         use a newer heng"
    )]
    NewerFormat { found: u32, known: u32 },

    /// Refused before anything was written; the store goes on by itself once there is room.
    #[error("the disk of the data folder is full or close to it; free some space, then retry with the same request id")]
    NoSpace,

    #[error("could not {doing}: {source}; mend the disk or the permissions and restart heng")]
    Io { doing: String, source: Arc<io::Error> },
}

impl StoreError {
    /// Wraps an operating system's error with what was being done: `.map_err(StoreError::io("read the journal"))`.
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> StoreError {
        let doing = doing.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::NoSpace,
            _ => StoreError::Io { doing, source: Arc::new(source) },
        }
    }

    /// The same for a write whose failure leaves unknown what is on the disk: a full disk is no refusal there.
    pub(super) fn broken(doing: impl Into<String>) -> impl FnOnce(io::Error) -> StoreError {
        let doing = doing.into();
        move |source| StoreError::Io { doing, source: Arc::new(source) }
    }
}
