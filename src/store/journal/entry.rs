//! One entry: its bytes, its checksum, its digest. The layout stands in the module's page.

use sha2::{Digest as _, Sha256};

use super::Digest;
use crate::store::cursor::Cursor;
use crate::store::record::MAX_RECORD;

/// Bytes before the record.
pub const HEADER: usize = 56;
/// Entries begin at multiples of this.
pub const ALIGNMENT: usize = 8;

/// An entry whose checksum holds. Whether it belongs where it stands is for the reader to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    pub sequence: u64,
    /// Sequence of the first entry that was written and synced together with this one.
    pub group: u64,
    pub previous: Digest,
    pub record: &'a [u8],
    /// All of it, padding included.
    pub bytes: &'a [u8],
}

impl<'a> Entry<'a> {
    /// Reads the entry at the start of `bytes`.
    pub fn read(bytes: &'a [u8]) -> Result<Self, EntryFault> {
        let mut cursor = Cursor::new(bytes);
        let length = cursor.u32().ok_or(EntryFault::Short)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length == 0 || length > MAX_RECORD {
            return Err(EntryFault::Length(length));
        }
        let (whole, _) = bytes.split_at_checked(size_of(length)).ok_or(EntryFault::Short)?;
        let checksum = cursor.u32().ok_or(EntryFault::Short)?;
        if checksum_of(whole) != Some(checksum) {
            return Err(EntryFault::Checksum);
        }
        Self::fields(cursor, length, whole).ok_or(EntryFault::Short)
    }

    pub fn digest(&self) -> Digest {
        digest_of(self.bytes)
    }

    fn fields(mut cursor: Cursor<'a>, length: usize, bytes: &'a [u8]) -> Option<Self> {
        let sequence = cursor.u64()?;
        let group = cursor.u64()?;
        let previous = cursor.array()?;
        let record = cursor.bytes(length)?;
        Some(Entry { sequence, group, previous, record, bytes })
    }
}

/// Why there is no entry at the start of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    #[error("the entry runs past the end of the file")]
    Short,
    #[error("an entry of {0} bytes cannot be")]
    Length(usize),
    #[error("the checksum of the entry does not hold")]
    Checksum,
}

/// Bytes that an entry with a record of this length takes.
pub fn size_of(record_length: usize) -> usize {
    (HEADER + record_length).next_multiple_of(ALIGNMENT)
}

/// The group of the entry that may stand at the start of `bytes`, if its sequence is a possible one of that group
/// (a group is far shorter than 2²⁰ entries). Nothing is proven.
pub fn claimed_group(bytes: &[u8]) -> Option<u64> {
    let mut cursor = Cursor::new(bytes);
    cursor.bytes(8)?;
    let sequence = cursor.u64()?;
    let group = cursor.u64()?;
    sequence.checked_sub(group).is_some_and(|behind| behind < 1 << 20).then_some(group)
}

/// SHA-256 over all bytes of an entry.
pub fn digest_of(whole: &[u8]) -> Digest {
    Sha256::digest(whole).into()
}

/// The bytes of an entry. The record must have 1 to [`MAX_RECORD`] bytes.
pub fn encode(sequence: u64, group: u64, previous: &Digest, record: &[u8]) -> Vec<u8> {
    let size = size_of(record.len());
    let mut out = Vec::with_capacity(size);
    out.extend_from_slice(&u32::try_from(record.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&sequence.to_le_bytes());
    out.extend_from_slice(&group.to_le_bytes());
    out.extend_from_slice(previous);
    out.extend_from_slice(record);
    out.resize(size, 0);
    let checksum = checksum_of(&out).unwrap_or_default();
    if let Some(field) = out.get_mut(4..8) {
        field.copy_from_slice(&checksum.to_le_bytes());
    }
    out
}

/// CRC-32C over all bytes of an entry but the checksum itself.
fn checksum_of(whole: &[u8]) -> Option<u32> {
    let (length, rest) = whole.split_at_checked(4)?;
    let (_, rest) = rest.split_at_checked(4)?;
    Some(crc32c::crc32c_append(crc32c::crc32c(length), rest))
}
