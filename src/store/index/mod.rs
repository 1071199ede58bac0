//! The index: sled, holding the journal's entries under the ids of their records. It serves every read.
//!
//! | key | value |
//! |---|---|
//! | `r`, `v` or `a`, id | where the entry is: its sequence (8), chunk (8), offset in it (4) and length (4) |
//! | `q`, `w` or `b`, request id | id |
//! | `h`, `s`, `g` | what evaluations are found by: table.rs |
//! | `t` | layout (4), sequence (8) and digest (32) of the last entry, chunks that are full (8) |
//! | `z` number (8, big-endian) | a chunk: up to 13 KiB of the entries of one write, one after the other |
//!
//! The letters are those of the kinds: evaluations, revisions, activations. Numbers in values are little-endian.
//!
//! Each value but a chunk begins with the CRC-32C of its key and of what follows, so that a value under a wrong key
//! does not pass either. Chunks need none: the entries in them have checksums of their own, and say what record they
//! are. Whole entries are kept, not only records: a damaged journal can be mended from here, proven by its own chain.
//!
//! sled's promises are weak (it loses the end of its log without a word, panics on a flipped bit, and syncs when
//! it likes), so nothing rests on it: [`Index::take_census`] reads all of it at the start, to be compared with
//! the journal, and every read is verified again. An index of another layout is made anew from the journal.

mod census;
mod chunks;
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
pub use sled_index::{Index, Indexed, Intake};

#[cfg(test)]
#[expect(clippy::large_stack_arrays, reason = "tests make small numbers and print rates")]
mod tests;
