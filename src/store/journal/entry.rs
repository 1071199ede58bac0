//! One entry: its bytes, its checksum, its digest. The layout stands in the module's page.

use sha2::{Digest as _, Sha256};

use super::Digest;
use crate::store::cursor::Cursor;
use crate::store::record::MAX_RECORD;

/// Bytes before the record.
pub const HEADER: usize = 56;
/// Set in the length of an entry whose digest is taken in two parts: see [`Link`]. No length reaches this far.
const IN_PARTS: u32 = 1 << 31;
/// What the digest of such an entry begins with: it can be taken for no other hash of heng's.
const PARTS_PREFIX: &[u8] = b"heng entry in parts\n";
/// Entries begin at multiples of this.
pub const ALIGNMENT: usize = 8;

/// An entry whose checksum holds. Whether it belongs where it stands is for the reader to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    pub sequence: u64,
    /// Sequence of the first entry that was written and synced together with this one.
    pub group: u64,
    pub previous: Digest,
    /// Whether its digest is taken in two parts. Entries of the first format have theirs over all bytes.
    pub in_parts: bool,
    pub record: &'a [u8],
    /// All of it, padding included.
    pub bytes: &'a [u8],
}

impl<'a> Entry<'a> {
    /// Reads the entry at the start of `bytes`.
    pub fn read(bytes: &'a [u8]) -> Result<Self, EntryFault> {
        let mut cursor = Cursor::new(bytes);
        let word = cursor.u32().ok_or(EntryFault::Short)?;
        let in_parts = word & IN_PARTS != 0;
        let length = usize::try_from(word & !IN_PARTS).unwrap_or(usize::MAX);
        if length == 0 || length > MAX_RECORD {
            return Err(EntryFault::Length(length));
        }
        let (whole, _) = bytes.split_at_checked(size_of(length)).ok_or(EntryFault::Short)?;
        let checksum = cursor.u32().ok_or(EntryFault::Short)?;
        if checksum_of(whole) != Some(checksum) {
            return Err(EntryFault::Checksum);
        }
        let entry = Self::fields(cursor, length, in_parts, whole).ok_or(EntryFault::Short)?;
        // What neither part covers must not vary.
        let padding = whole.get(HEADER + length..).unwrap_or_default();
        if in_parts && padding.iter().any(|byte| *byte != 0) {
            return Err(EntryFault::Checksum);
        }
        Ok(entry)
    }

    pub fn digest(&self) -> Digest {
        self.link().map_or_else(|| Sha256::digest(self.bytes).into(), |link| link.digest())
    }

    /// What stands for the entry where its record is not to be shown; `None` for one whose digest covers all of it
    /// in one part.
    pub fn link(&self) -> Option<Link> {
        let (header, _) = self.bytes.split_first_chunk::<HEADER>()?;
        self.in_parts.then(|| Link { header: *header, record: Sha256::digest(self.record).into() })
    }

    fn fields(mut cursor: Cursor<'a>, length: usize, in_parts: bool, bytes: &'a [u8]) -> Option<Self> {
        let sequence = cursor.u64()?;
        let group = cursor.u64()?;
        let previous = cursor.array()?;
        let record = cursor.bytes(length)?;
        Some(Entry { sequence, group, previous, in_parts, record, bytes })
    }
}

/// An entry without its record: enough to carry the chain on, and nothing of what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    header: [u8; HEADER],
    /// SHA-256 of the record.
    record: Digest,
}

impl Link {
    pub fn encode(&self) -> Vec<u8> {
        [self.header.as_slice(), &self.record].concat()
    }

    /// Reads what [`encode`](Self::encode) wrote; `None` for other bytes.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let link = Link { header: cursor.array()?, record: cursor.array()? };
        let in_parts = Cursor::new(&link.header).u32()? & IN_PARTS != 0;
        (in_parts && cursor.rest().is_empty()).then_some(link)
    }

    pub fn sequence(&self) -> u64 {
        let mut cursor = Cursor::new(&self.header);
        cursor.bytes(8).and_then(|_| cursor.u64()).unwrap_or_default()
    }

    /// Digest of the entry before.
    pub fn previous(&self) -> Digest {
        self.header.last_chunk().copied().unwrap_or_default()
    }

    /// Digest of the entry.
    pub fn digest(&self) -> Digest {
        let Link { header, record } = self;
        Sha256::new().chain_update(PARTS_PREFIX).chain_update(header).chain_update(record).finalize().into()
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

/// A record on its way into the journal, already hashed: whoever hands it in does that, because the time of the thread
/// that writes is everybody's.
#[derive(Debug)]
pub struct Prepared {
    record: Vec<u8>,
    digest: Digest,
}

impl Prepared {
    /// The record must have 1 to [`MAX_RECORD`] bytes.
    pub fn new(record: Vec<u8>) -> Self {
        let digest = Sha256::digest(&record).into();
        Prepared { record, digest }
    }

    /// Bytes that its entry takes.
    pub fn entry_size(&self) -> usize {
        size_of(self.record.len())
    }

    /// Appends its entry, whose digest is taken in parts, to `out`, and gives the digest.
    pub fn append_to(&self, out: &mut Vec<u8>, sequence: u64, group: u64, previous: &Digest) -> Digest {
        let Prepared { record, digest } = self;
        let start = out.len();
        let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&(length | IN_PARTS).to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&sequence.to_le_bytes());
        out.extend_from_slice(&group.to_le_bytes());
        out.extend_from_slice(previous);
        out.extend_from_slice(record);
        out.resize(start + self.entry_size(), 0);
        let checksum = out.get(start..).and_then(checksum_of).unwrap_or_default();
        if let Some(field) = out.get_mut(start + 4..start + 8) {
            field.copy_from_slice(&checksum.to_le_bytes());
        }
        let header = out.get(start..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; HEADER]);
        Link { header, record: *digest }.digest()
    }
}

/// The bytes of an entry by itself; see [`Prepared::append_to`].
pub fn encode(sequence: u64, group: u64, previous: &Digest, record: &[u8]) -> Vec<u8> {
    let prepared = Prepared::new(record.to_vec());
    let mut out = Vec::with_capacity(prepared.entry_size());
    prepared.append_to(&mut out, sequence, group, previous);
    out
}

/// CRC-32C over all bytes of an entry but the checksum itself.
fn checksum_of(whole: &[u8]) -> Option<u32> {
    let (length, rest) = whole.split_at_checked(4)?;
    let (_, rest) = rest.split_at_checked(4)?;
    Some(crc32c::crc32c_append(crc32c::crc32c(length), rest))
}
