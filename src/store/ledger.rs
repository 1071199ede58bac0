//! The ledger as its readers see it: records in their order, each with the digest of the one before.

use std::ops::ControlFlow;

use super::StoredRecord;
use super::journal::{Digest, Entry, Link};

/// A record with its place in the chain, which was proven up to here.
#[derive(Debug)]
pub struct LedgerEntry<'a> {
    /// Digest of the entry before; zeros before the first.
    pub previous: Digest,
    pub digest: Digest,
    /// The whole journal entry.
    pub(super) bytes: &'a [u8],
    pub record: StoredRecord,
}

impl LedgerEntry<'_> {
    /// What stands for the entry where its record is not to be shown; `None` for entries of format 1.
    pub(super) fn link(&self) -> Option<Link> {
        Entry::read(self.bytes).ok()?.link()
    }
}

/// The end of the ledger, or of what was shown of it. Who has written the digest down can tell later that nothing
/// before it was changed, added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerHead {
    /// Sequence of the last entry; 0 in an empty ledger.
    pub sequence: u64,
    pub digest: Digest,
}

/// Sees the entries in their order, until it breaks off.
pub type Visit<'v> = dyn FnMut(LedgerEntry<'_>) -> ControlFlow<()> + 'v;
