//! The bytes of the entries, cut into chunks.
//!
//! sled writes what is inserted as a link to its leaf, and the whole leaf again with every tenth link and whenever a
//! leaf of more than 16 keys is split in two. Chunks that are appended to the last leaf are so written four times. So
//! empty ones are made ahead: those sled splits, into leaves of nine keys, which costs next to nothing, and when the
//! bytes come, each chunk is one link to a leaf that is never written again. Nine chunks stay below the 128 KiB from
//! which sled keeps a leaf in a file of its own, which it never syncs. Nothing but speed and room rests on this.

use super::guard::IndexFault;
use super::layout::{self, CHUNKS, Place};
use super::sled_index::damaged;

/// Most bytes of a chunk. All chunks of one write have as many, except for the last.
pub const CHUNK: usize = 13 << 10;
/// Empty chunks behind the last full one, at least: more than the last two leaves can have.
const AHEAD: u64 = 40;

/// Where chunks are put next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunks {
    /// The first that is not full.
    pub next: u64,
    /// The first that was not made.
    made: u64,
}

impl Chunks {
    /// Of an index that has `next` full chunks.
    pub fn open(db: &sled::Db, next: u64) -> Result<Self, IndexFault> {
        let last = db.range([CHUNKS]..).keys().next_back().transpose()?;
        let made = last.and_then(|key| layout::number(&key)).map_or(0, |last| last.saturating_add(1));
        Ok(Chunks { next, made })
    }

    /// Puts the bytes of a write into `batch`, and gives where chunks are put after it.
    pub fn put(mut self, db: &sled::Db, bytes: &[u8], batch: &mut sled::Batch) -> Result<Self, IndexFault> {
        let first = self.next;
        self.next += bytes.len().div_ceil(CHUNK) as u64;
        while self.made < self.next.saturating_add(AHEAD) {
            db.insert(layout::chunk_key(self.made), &[])?;
            self.made += 1;
        }
        for (number, chunk) in (first..).zip(bytes.chunks(CHUNK)) {
            batch.insert(layout::chunk_key(number).as_slice(), chunk);
        }
        Ok(self)
    }

    /// Where the entry stands that begins so many bytes behind the start of the write that comes next.
    pub fn place(&self, sequence: u64, start: usize, length: usize) -> Place {
        Place { sequence, chunk: self.next + (start / CHUNK) as u64, offset: start % CHUNK, length }
    }
}

/// The bytes of an entry. They prove themselves.
pub fn read(db: &sled::Db, place: &Place) -> Result<Vec<u8>, IndexFault> {
    let mut entry = Vec::with_capacity(place.length);
    let mut from = place.offset;
    for number in place.chunk.. {
        let wanted = place.length - entry.len();
        if wanted == 0 {
            break;
        }
        let chunk = db.get(layout::chunk_key(number))?.ok_or_else(|| damaged(format!("chunk {number} is missing")))?;
        let part = chunk.get(from..).filter(|part| !part.is_empty());
        let part = part.ok_or_else(|| damaged(format!("chunk {number} is too short")))?;
        entry.extend_from_slice(part.get(..wanted).unwrap_or(part));
        from = 0;
    }
    Ok(entry)
}
