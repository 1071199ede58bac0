//! The journal: the truth about what was acknowledged, and the ledger.
//!
//! A segment is a header and entries, integers little-endian:
//!
//! ```text
//! segment header                                entry
//!  0  8  "HENGSEG" and a zero byte               0  4  length of the record, never 0; the top bit is set
//!  8  4  version, 1                              4  4  CRC-32C of the whole entry but these four bytes
//! 12  8  number of the segment, from 1           8  8  sequence, from 1, without gaps over all segments
//! 20  8  sequence of its first entry            16  8  sequence of the first entry of its group
//! 28 32  digest of the entry before it          24 32  digest of the entry before it (zeros before the first)
//! 60  4  CRC-32C of the 60 bytes before         56  n  the record (record.rs)
//!                                                  ..  zeros up to a multiple of 8
//! ```
//!
//! The digest of an entry is a SHA-256 in two parts: of a fixed prefix, the 56 bytes before the record, and the
//! SHA-256 of the record. So an entry can be shown to stand in the chain without showing what it records
//! ([`Link`]). Entries of format 1 have no top bit in their length, and their digest is the SHA-256 of all bytes.
//!
//! What follows the last entry of the last segment is
//! preallocated zeros; a segment is cut to its length before the next one is made.
//!
//! A *group* is what one write and one fdatasync took to the disk; no group begins before the one before it is
//! synced, and none crosses a segment. So an intact entry of a *later* group behind damaged bytes proves that
//! those bytes were synced once, while an intact entry of the *same* group proves nothing: a power cut may keep
//! any part of a group that was never acknowledged.

mod entry;
mod mending;
mod segment;
mod survey;
mod writer;

pub use entry::{Entry, Link, Prepared, encode as encode_entry};
pub use mending::{Found, Rewriter, salvage};
pub use segment::{Header, file_name as segment_name, remove_unfinished};
pub use survey::{Met, Survey, Tail, survey, survey_before, survey_up_to};
pub use writer::{Journal, Limits, Written, group_size};

/// The digest of an entry.
pub type Digest = [u8; 32];

/// What stands for the digest of the entry before the first.
pub const GENESIS: Digest = [0; 32];

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "tests make small numbers and print rates")]
mod tests;
