//! Evidence: records taken out of the ledger together with the proof that they stand in it, in one file that can be
//! checked on another machine. docs/ledger.md tells the format to whoever wants to check it with other means.
//!
//! ```text
//!  0  8  "HENGEVID"
//!  8  4  version, 1
//! 12  8  sequence of the head            all integers are little-endian
//! 20 32  digest of the head
//!        sections, each: tag (1), length (4), that many bytes
//!          'r'  a journal entry that stands outside the chain below: a revision that records below refer to
//!          'e'  a journal entry: the next of the chain, record and all
//!          'l'  the next of the chain without its record (88 bytes, journal/entry.rs)
//!          'z'  SHA-256 of every byte before this section; the last one
//! ```
//!
//! The chain runs without gaps from the first record asked for to the head. An entry of format 1 has no link, so
//! that between a record and the head it is enclosed whole.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Evidence, EvidenceError, read as read_evidence};
pub use write::EvidenceWriter;

const MAGIC: [u8; 8] = *b"HENGEVID";
const VERSION: u32 = 1;
const ASIDE: u8 = b'r';
const ENTRY: u8 = b'e';
const LINK: u8 = b'l';
const END: u8 = b'z';
