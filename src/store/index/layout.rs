//! Keys and values of the index; the table stands in the module's page.

use super::table::{GROUPS, SEGMENTS, TALLY_KEY};
use crate::store::Kind;
use crate::store::cursor::Cursor;
use crate::store::journal::Digest;

/// Most bytes of an entry in one value.
pub const PIECE: usize = 6 << 10;

pub const TAIL_KEY: &[u8] = b"t";
pub const PIECES: u8 = b'c';
/// What everything filed begins with, but for the tally; the last three are of an older layout.
pub const FILED: &[u8] = &[GROUPS, SEGMENTS, b'p', b'o', b'f'];

/// The last entry that the index took in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexTail {
    pub sequence: u64,
    pub digest: Digest,
}

/// What stands under a record's id.
pub struct Head<'a> {
    pub sequence: u64,
    /// Of the entry, in bytes.
    pub length: usize,
    pub first: &'a [u8],
}

/// What the keys of a kind's records begin with.
pub fn records_of(kind: Kind) -> u8 {
    match kind {
        Kind::Evaluation => b'r',
        Kind::Revision => b'v',
        Kind::Activation => b'a',
    }
}

fn requests_of(kind: Kind) -> u8 {
    match kind {
        Kind::Evaluation => b'q',
        Kind::Revision => b'w',
        Kind::Activation => b'b',
    }
}

/// What stands under a key.
pub enum Item {
    Record,
    Request(Kind),
    Piece,
    Rows,
    /// Of a layout before this one; it goes when everything is filed anew.
    Old,
    Tally,
    Tail,
}

/// Tells keys apart; `None` for one that this layout does not have.
pub fn item(key: &[u8]) -> Option<Item> {
    let first = *key.first()?;
    if key == TAIL_KEY {
        return Some(Item::Tail);
    }
    if key == TALLY_KEY {
        return Some(Item::Tally);
    }
    if first == PIECES {
        return Some(Item::Piece);
    }
    if matches!(first, GROUPS | SEGMENTS) {
        return Some(Item::Rows);
    }
    if FILED.contains(&first) {
        return Some(Item::Old);
    }
    if Kind::ALL.iter().any(|kind| records_of(*kind) == first) {
        return Some(Item::Record);
    }
    Kind::ALL.into_iter().find(|kind| requests_of(*kind) == first).map(Item::Request)
}

pub fn record_key(kind: Kind, id: &str) -> Vec<u8> {
    [&[records_of(kind)], id.as_bytes()].concat()
}

pub fn request_key(kind: Kind, request_id: &str) -> Vec<u8> {
    [&[requests_of(kind)], request_id.as_bytes()].concat()
}

pub fn piece_key(sequence: u64, piece: u32) -> Vec<u8> {
    [&[PIECES], sequence.to_be_bytes().as_slice(), &piece.to_be_bytes()].concat()
}

/// The number behind the first byte of a key.
pub fn number(key: &[u8]) -> Option<u64> {
    key.get(1..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The pieces of an entry behind its first, numbered from 1.
pub fn further_pieces(entry: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    (1..).zip(entry.chunks(PIECE).skip(1))
}

pub fn encode_head(sequence: u64, entry: &[u8]) -> Vec<u8> {
    let first = entry.chunks(PIECE).next().unwrap_or_default();
    [sequence.to_le_bytes().as_slice(), &u32::try_from(entry.len()).unwrap_or(u32::MAX).to_le_bytes(), first].concat()
}

pub fn decode_head(body: &[u8]) -> Option<Head<'_>> {
    let mut cursor = Cursor::new(body);
    let sequence = cursor.u64()?;
    let length = usize::try_from(cursor.u32()?).ok()?;
    Some(Head { sequence, length, first: cursor.rest() })
}

pub fn encode_tail(tail: &IndexTail) -> Vec<u8> {
    let IndexTail { sequence, digest } = tail;
    [sequence.to_le_bytes().as_slice(), digest].concat()
}

pub fn decode_tail(body: &[u8]) -> Option<IndexTail> {
    let mut cursor = Cursor::new(body);
    let tail = IndexTail { sequence: cursor.u64()?, digest: cursor.array()? };
    cursor.rest().is_empty().then_some(tail)
}

/// A value: the body behind the checksum of key and body.
pub fn seal(key: &[u8], body: &[u8]) -> Vec<u8> {
    [checksum(key, body).to_le_bytes().as_slice(), body].concat()
}

/// The body of a value, if its checksum holds for this key.
pub fn unseal<'a>(key: &[u8], value: &'a [u8]) -> Option<&'a [u8]> {
    let mut cursor = Cursor::new(value);
    let sum = cursor.u32()?;
    let body = cursor.rest();
    (sum == checksum(key, body)).then_some(body)
}

fn checksum(key: &[u8], body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(key), body)
}
