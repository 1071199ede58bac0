//! What lies on disk: an evaluation, a revision of rules, an activation.
//!
//! ```text
//! 0  4  "heng", "hrev" or "hact"
//! 4  2  format version, big-endian
//! 6  …  a message of heng.stored.v1 (proto/heng/stored/v1)
//! ```
//!
//! The store adds checksums and its own framing; this layout tells which reader a payload needs. Old versions
//! stay readable (`tests/fixtures/`); a newer one is refused by its number, never guessed at.

mod activation;
mod evaluation;
mod revision;

use jiff::Timestamp;
use prost::Message;

pub use activation::{Activation, Origin, decode as decode_activation, encode as encode_activation};
pub use evaluation::{Record, decode, encode};
pub use revision::{Revision, completed, decode as decode_revision, encode as encode_revision, extended_by};

/// Why a payload cannot be read. Sentences for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    #[error("this is no stored record of heng: it does not begin with its letters and a version")]
    NotARecord,
    #[error(
        "stored record of format version {found}, but this heng reads versions up to {newest}: use the newer heng that wrote it"
    )]
    Newer { found: u16, newest: u16 },
    #[error("damaged stored record: {0}")]
    Damaged(&'static str),
}

/// A payload of this version.
fn framed(magic: [u8; 4], version: u16, message: &impl Message) -> Vec<u8> {
    let mut payload = Vec::with_capacity(magic.len() + 2 + message.encoded_len());
    payload.extend_from_slice(&magic);
    payload.extend_from_slice(&version.to_be_bytes());
    message.encode_raw(&mut payload);
    payload
}

/// The version of a payload, up to the newest that is known, and its message.
///
/// A field that no version has is damage too: whoever adds one raises the version.
fn unframed<M: Message + Default>(magic: [u8; 4], newest: u16, payload: &[u8]) -> Result<(u16, M), StoredError> {
    let rest = payload.strip_prefix(&magic).ok_or(StoredError::NotARecord)?;
    let (version, body) = rest.split_first_chunk::<2>().ok_or(StoredError::NotARecord)?;
    match u16::from_be_bytes(*version) {
        0 => Err(StoredError::NotARecord),
        found if found <= newest => {
            let message = M::decode(body).map_err(|_| StoredError::Damaged("its fields cannot be read"))?;
            if message.encode_to_vec() != body {
                return Err(StoredError::Damaged("it has fields that its version does not have"));
            }
            Ok((found, message))
        }
        found => Err(StoredError::Newer { found, newest }),
    }
}

fn time(seconds: i64, nanos: i32) -> Result<Timestamp, StoredError> {
    (0..1_000_000_000)
        .contains(&nanos)
        .then(|| Timestamp::new(seconds, nanos).ok())
        .flatten()
        .ok_or(StoredError::Damaged("its time is no time"))
}
