//! Writing evidence while the ledger is walked.

use sha2::{Digest as _, Sha256};

use super::{ASIDE, END, ENTRY, LINK, MAGIC, VERSION};
use crate::store::ledger::{LedgerEntry, LedgerHead};

/// Hands the bytes of a file of evidence on, piece by piece. What comes aside goes first, then the chain in its
/// order, then the end.
pub struct EvidenceWriter<F> {
    give: F,
    hash: Sha256,
}

impl<E, F: FnMut(Vec<u8>) -> Result<(), E>> EvidenceWriter<F> {
    /// Begins evidence of records up to this head.
    pub fn begin(head: &LedgerHead, give: F) -> Result<Self, E> {
        let LedgerHead { sequence, digest } = head;
        let mut writer = EvidenceWriter { give, hash: Sha256::new() };
        writer.put([MAGIC.as_slice(), &VERSION.to_le_bytes(), &sequence.to_le_bytes(), digest].concat())?;
        Ok(writer)
    }

    /// A record that others refer to and that stands before the first of the chain.
    pub fn aside(&mut self, entry: &LedgerEntry<'_>) -> Result<(), E> {
        self.section(ASIDE, entry.bytes)
    }

    /// The next entry of the chain, with its record.
    pub fn whole(&mut self, entry: &LedgerEntry<'_>) -> Result<(), E> {
        self.section(ENTRY, entry.bytes)
    }

    /// The next entry of the chain, without its record where that can be.
    pub fn passing(&mut self, entry: &LedgerEntry<'_>) -> Result<(), E> {
        match entry.link() {
            Some(link) => self.section(LINK, &link.encode()),
            None => self.section(ENTRY, entry.bytes),
        }
    }

    pub fn finish(mut self) -> Result<(), E> {
        let digest = self.hash.clone().finalize();
        self.section(END, &digest)
    }

    fn section(&mut self, tag: u8, body: &[u8]) -> Result<(), E> {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        self.put([[tag].as_slice(), &length.to_le_bytes(), body].concat())
    }

    fn put(&mut self, bytes: Vec<u8>) -> Result<(), E> {
        self.hash.update(&bytes);
        (self.give)(bytes)
    }
}
