//! Keys and values of the index; the table stands in the module's page.

use super::guard::IndexFault;
use super::sled_index::damaged;
use super::table::{GROUPS, SEGMENTS, TALLY_KEY};
use crate::store::Kind;
use crate::store::cursor::Cursor;
use crate::store::journal::Digest;

/// Most bytes of rows in one value.
pub const PIECE: usize = 6 << 10;

pub const TAIL_KEY: &[u8] = b"t";
/// Behind every other key.
pub const CHUNKS: u8 = b'z';

/// Stands in the tail. The tail of the first layout had no version, and 40 bytes.
const LAYOUT: u32 = 2;
const FIRST_LAYOUT_TAIL: usize = 40;

/// The last entry that the index took in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexTail {
    pub sequence: u64,
    pub digest: Digest,
}

/// What stands under a record's id: where its entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub sequence: u64,
    pub chunk: u64,
    /// Where the entry begins in the chunk; it may go on in the chunks that follow.
    pub offset: usize,
    pub length: usize,
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
    Chunk,
    Rows,
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
    if first == CHUNKS {
        return Some(Item::Chunk);
    }
    if matches!(first, GROUPS | SEGMENTS) {
        return Some(Item::Rows);
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

pub fn chunk_key(number: u64) -> [u8; 9] {
    let mut key = [CHUNKS; 9];
    if let Some(rest) = key.last_chunk_mut() {
        *rest = number.to_be_bytes();
    }
    key
}

/// The number behind the first byte of a key.
pub fn number(key: &[u8]) -> Option<u64> {
    key.get(1..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

pub fn encode_place(place: &Place) -> Vec<u8> {
    let Place { sequence, chunk, offset, length } = place;
    let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    [sequence.to_le_bytes().as_slice(), &chunk.to_le_bytes(), &short(*offset), &short(*length)].concat()
}

pub fn decode_place(body: &[u8]) -> Option<Place> {
    let mut cursor = Cursor::new(body);
    let (sequence, chunk) = (cursor.u64()?, cursor.u64()?);
    let (offset, length) = (usize::try_from(cursor.u32()?).ok()?, usize::try_from(cursor.u32()?).ok()?);
    cursor.rest().is_empty().then_some(Place { sequence, chunk, offset, length })
}

/// The tail, and the number of chunks that are full.
pub fn encode_tail(tail: &IndexTail, chunks: u64) -> Vec<u8> {
    let IndexTail { sequence, digest } = tail;
    [LAYOUT.to_le_bytes().as_slice(), &sequence.to_le_bytes(), digest, &chunks.to_le_bytes()].concat()
}

pub fn decode_tail(body: &[u8]) -> Result<(IndexTail, u64), IndexFault> {
    let mut cursor = Cursor::new(body);
    if body.len() == FIRST_LAYOUT_TAIL || cursor.u32() != Some(LAYOUT) {
        return Err(IndexFault::OtherLayout);
    }
    let mut fields = || Some((IndexTail { sequence: cursor.u64()?, digest: cursor.array()? }, cursor.u64()?));
    let tail = fields().filter(|_| cursor.rest().is_empty());
    tail.ok_or_else(|| damaged("its last entry is not named"))
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
