//! Proving all of a store: every byte of the journal, and the index against it.

use std::path::Path;

use super::folder::Folder;
use super::proof::{Comparison, prove, prove_up_to};
use super::seal;
use crate::store::error::StoreError;
use crate::store::index::{Index, IndexFault};
use crate::store::journal::{Digest, GENESIS, Header};
use crate::store::mark::MarkFile;

/// What a full walk over a store proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub records: u64,
    pub segments: u64,
    /// Digest of the last entry: who has written it down can tell later that nothing before it was changed.
    pub head: Digest,
    /// Bytes of a write at the end that was never acknowledged.
    pub unacknowledged: u64,
    pub index: IndexVerdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexVerdict {
    /// It holds exactly what the journal holds.
    Whole,
    /// It holds the first `held` records; the next start gives it the others.
    Behind { held: u64 },
    /// It contradicts the journal or itself: the next start rebuilds it.
    Damaged { why: String },
    /// A running heng holds it; the journal was read up to what is acknowledged.
    InUse,
}

/// Walks a whole store; of one that a running heng has open, only the journal.
///
/// # Errors
/// [`StoreError::Damaged`] names the first entry whose bytes, order or absence breaks the chain.
pub fn verify(root: &Path, cache_bytes: u64) -> Result<Verified, StoreError> {
    match Folder::open_existing(root) {
        Ok(folder) => verify_all(&folder, cache_bytes),
        Err(StoreError::Locked { .. }) => verify_journal(root),
        Err(error) => Err(error),
    }
}

fn verify_all(folder: &Folder, cache_bytes: u64) -> Result<Verified, StoreError> {
    let mark = MarkFile::read(&folder.mark())?;
    let opened = Index::open(&folder.index(), cache_bytes).and_then(|index| Ok((index.tail()?, index)));
    let (index, index_tail, broken) = match opened {
        Ok((tail, index)) => (Some(index), tail, None),
        // The next start makes it anew, as if it held nothing.
        Err(IndexFault::OtherLayout) => (None, None, None),
        Err(fault) => (None, None, Some(fault.to_string())),
    };
    let comparison = index.as_ref().map_or(Comparison::Tail, Comparison::Whole);
    let proof = prove(&folder.journal(), Header::FIRST, mark, index_tail, comparison)?;
    let held = index_tail.map_or(0, |tail| tail.sequence);
    let verdict = match broken.map_or_else(|| proof.index_agrees(), Err) {
        Ok(()) if held == proof.tail.sequence => IndexVerdict::Whole,
        Ok(()) => IndexVerdict::Behind { held },
        Err(why) => IndexVerdict::Damaged { why },
    };
    let unacknowledged = proof.survey.torn.map_or(0, |torn| torn.bytes);
    drop(index);
    match proof.survey.segments.last() {
        // All of it was just proven, and sled touched its files by being opened.
        Some(last) if verdict == IndexVerdict::Whole && unacknowledged == 0 => seal::note_closed(folder, last)?,
        _ => {}
    }
    let segments = proof.survey.segments.len() as u64;
    let (records, head) = (proof.tail.sequence, proof.tail.digest);
    Ok(Verified { records, segments, head, unacknowledged, index: verdict })
}

/// Proves a journal that somebody else may be writing to, up to what is acknowledged.
fn verify_journal(root: &Path) -> Result<Verified, StoreError> {
    // Before the journal: what is appended meanwhile lies behind this mark.
    let mark = MarkFile::read(&root.join("high-water"))?;
    let Some(mark) = mark else {
        let (records, segments, head) = (0, 0, GENESIS);
        return Ok(Verified { records, segments, head, unacknowledged: 0, index: IndexVerdict::InUse });
    };
    let proof = prove_up_to(&root.join("journal"), mark)?;
    let segments = proof.survey.segments.len() as u64;
    let (records, head) = (proof.tail.sequence, proof.tail.digest);
    Ok(Verified { records, segments, head, unacknowledged: 0, index: IndexVerdict::InUse })
}
