//! What lies on disk for one evaluation.
//!
//! ```text
//! 0  4  "heng"
//! 4  2  format version, big-endian
//! 6  …  version 1: heng.stored.v1.Record (proto/heng/stored/v1/record.proto)
//! ```
//!
//! The store adds checksums and its own framing; this layout tells which reader a payload needs. Old versions
//! stay readable (`tests/fixtures/stored-v1.bin`); a newer one is refused by its number, never guessed at.

use jiff::Timestamp;
use prost::Message;

use super::pb::stored_v1;

/// The version this program writes, and the newest it reads.
pub const VERSION: u16 = 1;

const MAGIC: &[u8; 4] = b"heng";

/// One evaluation with all that a replay needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Canonical bytes of the form; [`decode::form_bytes`](super::decode::form_bytes) reads them.
    pub form: Vec<u8>,
    /// The answer, byte for byte: an encoded `heng.v1.Evaluation`.
    pub evaluation: Vec<u8>,
    pub evaluated_at: Timestamp,
    pub rule_pack: String,
    /// `sha256:…`
    pub revision: String,
    pub engine_semantics: u32,
}

/// Why a payload cannot be read. Sentences for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    #[error("this is no stored evaluation of heng: it does not begin with \"heng\" and a version")]
    NotARecord,
    #[error(
        "stored evaluation of format version {found}, but this heng reads versions up to {VERSION}: use the newer heng that wrote it"
    )]
    Newer { found: u16 },
    #[error("damaged stored evaluation: {0}")]
    Damaged(&'static str),
}

/// The payload for the store.
pub fn encode(record: &Record) -> Vec<u8> {
    let Record { form, evaluation, evaluated_at, rule_pack, revision, engine_semantics } = record;
    let time = super::encode::timestamp(*evaluated_at);
    let message = stored_v1::Record {
        form: form.clone(),
        evaluation: evaluation.clone(),
        evaluated_at_seconds: time.seconds,
        evaluated_at_nanos: time.nanos,
        rule_pack: rule_pack.clone(),
        revision: revision.clone(),
        engine_semantics: *engine_semantics,
    };
    let mut payload = Vec::with_capacity(MAGIC.len() + 2 + message.encoded_len());
    payload.extend_from_slice(MAGIC);
    payload.extend_from_slice(&VERSION.to_be_bytes());
    payload.extend_from_slice(&message.encode_to_vec());
    payload
}

/// Reads a payload of this version or an older one.
///
/// # Errors
/// See [`StoredError`]. A field that version 1 does not have is damage too: whoever adds one raises the version.
pub fn decode(payload: &[u8]) -> Result<Record, StoredError> {
    let rest = payload.strip_prefix(MAGIC).ok_or(StoredError::NotARecord)?;
    let (version, body) = rest.split_first_chunk::<2>().ok_or(StoredError::NotARecord)?;
    match u16::from_be_bytes(*version) {
        0 => Err(StoredError::NotARecord),
        1 => version_1(body),
        found => Err(StoredError::Newer { found }),
    }
}

fn version_1(body: &[u8]) -> Result<Record, StoredError> {
    let message = stored_v1::Record::decode(body).map_err(|_| StoredError::Damaged("its fields cannot be read"))?;
    if message.encode_to_vec() != body {
        return Err(StoredError::Damaged("it has fields that version 1 does not have"));
    }
    let stored_v1::Record {
        form,
        evaluation,
        evaluated_at_seconds,
        evaluated_at_nanos,
        rule_pack,
        revision,
        engine_semantics,
    } = message;
    if form.is_empty() || evaluation.is_empty() || rule_pack.is_empty() || revision.is_empty() {
        return Err(StoredError::Damaged("a field is missing"));
    }
    let evaluated_at = (0..1_000_000_000)
        .contains(&evaluated_at_nanos)
        .then(|| Timestamp::new(evaluated_at_seconds, evaluated_at_nanos).ok())
        .flatten()
        .ok_or(StoredError::Damaged("its time is no time"))?;
    Ok(Record { form, evaluation, evaluated_at, rule_pack, revision, engine_semantics })
}
