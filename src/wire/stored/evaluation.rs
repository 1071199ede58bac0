//! One evaluation on disk: what was asked, under which rules, and what was answered.

use jiff::Timestamp;

use super::{StoredError, framed, time, unframed};
use crate::wire::encode::timestamp;
use crate::wire::pb::stored_v1;

const MAGIC: [u8; 4] = *b"heng";
const VERSION: u16 = 1;

/// One evaluation with all that a replay needs but the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Canonical bytes of the form; [`decode::form_bytes`](crate::wire::decode::form_bytes) reads them.
    pub form: Vec<u8>,
    /// The answer, byte for byte: an encoded `heng.v1.Evaluation`.
    pub evaluation: Vec<u8>,
    pub evaluated_at: Timestamp,
    pub rule_pack: String,
    /// `sha256:…`
    pub revision: String,
    pub engine_semantics: u32,
}

/// The payload for the store.
pub fn encode(record: Record) -> Vec<u8> {
    let Record { form, evaluation, evaluated_at, rule_pack, revision, engine_semantics } = record;
    let time = timestamp(evaluated_at);
    let message = stored_v1::Record {
        form,
        evaluation,
        evaluated_at_seconds: time.seconds,
        evaluated_at_nanos: time.nanos,
        rule_pack,
        revision,
        engine_semantics,
    };
    framed(MAGIC, VERSION, &message)
}

/// Reads a payload of this version or an older one.
///
/// # Errors
/// See [`StoredError`].
pub fn decode(payload: &[u8]) -> Result<Record, StoredError> {
    let stored_v1::Record {
        form,
        evaluation,
        evaluated_at_seconds,
        evaluated_at_nanos,
        rule_pack,
        revision,
        engine_semantics,
    } = unframed(MAGIC, VERSION, payload)?.1;
    if form.is_empty() || evaluation.is_empty() || rule_pack.is_empty() || revision.is_empty() {
        return Err(StoredError::Damaged("a field is missing"));
    }
    let evaluated_at = time(evaluated_at_seconds, evaluated_at_nanos)?;
    Ok(Record { form, evaluation, evaluated_at, rule_pack, revision, engine_semantics })
}
