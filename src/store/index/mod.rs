//! The index: sled, holding the journal's entries under the ids of their records. It serves every read.
//!
//! | key | value |
//! |---|---|
//! | `r`, `v` or `a`, id | sequence (8), length of the entry (4), the entry or its first piece |
//! | `c` sequence (8, big-endian) piece (4, big-endian, from 1) | a further piece |
//! | `q`, `w` or `b`, request id | id |
//! | `h`, `s`, `g` | what evaluations are found by: table.rs |
//! | `t` | sequence (8) and digest (32) of the last entry |
//!
//! The letters are those of the kinds: evaluations, revisions, activations.
//!
//! Each value begins with the CRC-32C of its key and of what follows, so that a value under a wrong key does not
//! pass either. Whole entries are kept, not only records: a damaged journal can be mended from here, proven by
//! its own chain.
//!
//! sled's promises are weak (it loses the end of its log without a word, panics on a flipped bit, and syncs when
//! it likes), so nothing rests on it: [`Index::take_census`] reads all of it at the start, to be compared with
//! the journal, and every read is verified again. sled keeps up to 16 values in one page and writes pages over
//! 128 KiB into files of their own; pieces of 6 KiB stay clear of that.

mod census;
mod filing;
mod guard;
mod layout;
mod rows;
mod segment;
mod sled_index;
mod table;

pub use census::Census;
pub use guard::IndexFault;
pub use layout::IndexTail;
pub use sled_index::{Index, Indexed};

#[cfg(test)]
#[expect(clippy::large_stack_arrays, reason = "tests make small numbers and print rates")]
mod tests;
