//! The bytes of one record inside a journal entry.
//!
//! Integers are little-endian:
//!
//! | bytes | field |
//! |---|---|
//! | 1 | version, 1 or 2 |
//! | 1 | kind (only in version 2): 1 evaluation, 2 revision, 3 activation |
//! | 1 | 1 when a request id follows, else 0 |
//! | 2 + n | record id, ASCII |
//! | 2 + n | request id, UTF-8 (only when announced) |
//! | 32 | digest of the request |
//! | 4 + n | payload |
//!
//! Nothing may follow. The payload is the caller's and is versioned by the caller. Version 1 knew evaluations
//! only, and evaluations are still written in it: one record has one way to be written.

use super::cursor::Cursor;
use super::error::StoreError;
use super::{NewRecord, Put, StoredRecord};

/// What a record is. Each kind has its own ids, request ids and pages; all share one ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A scored form.
    Evaluation,
    /// The files of a rule pack, under their content hash.
    Revision,
    /// Which revision serves from here on, who said so and why.
    Activation,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Evaluation, Kind::Revision, Kind::Activation];

    fn number(self) -> u8 {
        match self {
            Kind::Evaluation => 1,
            Kind::Revision => 2,
            Kind::Activation => 3,
        }
    }
}

/// Longest record id, in bytes: a content hash, `sha256:` and 64 digits, has 71.
pub const MAX_ID: usize = 80;
/// Longest request id, in bytes.
pub const MAX_REQUEST_ID: usize = 128;
/// Longest record with everything in it, in bytes: 16 MiB.
pub const MAX_RECORD: usize = 16 << 20;

/// Evaluations.
const VERSION_1: u8 = 1;
/// Every other kind.
const VERSION_2: u8 = 2;
const FIXED: usize = 1 + 1 + 1 + 2 + 2 + 32 + 4;

/// Why bytes that passed their checksum are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum RecordFault {
    #[error("the record has version {0}, which this heng does not know")]
    Version(u8),
    #[error("the record is of kind {0}, which this heng does not know")]
    Kind(u8),
    #[error("the record does not have the layout of its version")]
    Layout,
}

/// Refuses what could not be stored or found again, before it is queued.
pub(super) fn admit(record: &NewRecord) -> Result<(), StoreError> {
    let NewRecord { kind: _, id, request_id, request_digest: _, payload } = record;
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(StoreError::BadId);
    }
    let request_len = request_id.as_ref().map_or(0, String::len);
    if request_len > MAX_REQUEST_ID {
        return Err(StoreError::TooLarge { what: "the request id", found: request_len, limit: MAX_REQUEST_ID });
    }
    let limit = MAX_RECORD - FIXED - MAX_ID - MAX_REQUEST_ID;
    if payload.len() > limit {
        return Err(StoreError::TooLarge { what: "the record", found: payload.len(), limit });
    }
    Ok(())
}

/// The answer to a request id that `first` was kept for.
pub(super) fn answer_again(first: StoredRecord, again: &NewRecord) -> Result<Put, StoreError> {
    if first.request_digest == again.request_digest {
        Ok(Put::Existing(first))
    } else {
        let request_id = again.request_id.clone().unwrap_or_default();
        Err(StoreError::RequestConflict { request_id, id: first.id })
    }
}

/// The bytes of an admitted record.
pub(super) fn encode(record: &NewRecord) -> Vec<u8> {
    let NewRecord { kind, id, request_id, request_digest, payload } = record;
    let mut out = Vec::with_capacity(FIXED + MAX_ID + MAX_REQUEST_ID + payload.len());
    match kind {
        Kind::Evaluation => out.push(VERSION_1),
        Kind::Revision | Kind::Activation => out.extend([VERSION_2, kind.number()]),
    }
    out.push(u8::from(request_id.is_some()));
    put_short(&mut out, id);
    if let Some(request_id) = request_id {
        put_short(&mut out, request_id);
    }
    out.extend_from_slice(request_digest);
    out.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(payload);
    out
}

/// Reads what [`encode`] wrote; `sequence` is the entry's.
pub(super) fn decode(bytes: &[u8], sequence: u64) -> Result<StoredRecord, RecordFault> {
    let mut cursor = Cursor::new(bytes);
    match cursor.u8() {
        Some(VERSION_1) => decode_rest(Kind::Evaluation, cursor, sequence).ok_or(RecordFault::Layout),
        Some(VERSION_2) => {
            let number = cursor.u8().ok_or(RecordFault::Layout)?;
            // An evaluation in version 2 would be a second way to write one.
            let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Evaluation);
            let kind = kinds.into_iter().find(|kind| kind.number() == number).ok_or(RecordFault::Kind(number))?;
            decode_rest(kind, cursor, sequence).ok_or(RecordFault::Layout)
        }
        Some(version) => Err(RecordFault::Version(version)),
        None => Err(RecordFault::Layout),
    }
}

fn decode_rest(kind: Kind, mut cursor: Cursor<'_>, sequence: u64) -> Option<StoredRecord> {
    let has_request = match cursor.u8()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    let id = take_short(&mut cursor)?;
    let request_id = if has_request { Some(take_short(&mut cursor)?) } else { None };
    let request_digest = cursor.array()?;
    let length = cursor.u32()?;
    let payload = cursor.bytes(usize::try_from(length).ok()?)?.to_vec();
    cursor.rest().is_empty().then_some(StoredRecord { kind, id, sequence, request_id, request_digest, payload })
}

fn put_short(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn take_short(cursor: &mut Cursor<'_>) -> Option<String> {
    let length = cursor.u16()?;
    let bytes = cursor.bytes(usize::from(length))?;
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}
