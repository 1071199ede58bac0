//! One activation on disk: which revision serves from here on, who said so and why.

use jiff::Timestamp;

use super::{StoredError, framed, time, unframed};
use crate::wire::encode::timestamp;
use crate::wire::pb::stored_v1;

const MAGIC: [u8; 4] = *b"hact";
const VERSION: u16 = 1;

/// What caused an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The files of the rules folder changed.
    Folder,
    Request,
    /// A newer heng reads the same files under newer engine semantics.
    Engine,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    pub rule_pack: String,
    /// Empty when none served before.
    pub from_revision: String,
    /// Empty when the pack serves no longer.
    pub to_revision: String,
    /// What the rules folder held at that time; empty when it did not hold the pack.
    pub folder_revision: String,
    /// Of the engine at that time: part of the revisions named here.
    pub engine_semantics: u32,
    pub origin: Origin,
    pub author: String,
    pub reason: String,
    pub activated_at: Timestamp,
}

/// The payload for the store.
pub fn encode(activation: &Activation) -> Vec<u8> {
    let Activation {
        rule_pack,
        from_revision,
        to_revision,
        folder_revision,
        engine_semantics,
        origin,
        author,
        reason,
        activated_at,
    } = activation;
    let origin = match origin {
        Origin::Folder => stored_v1::ActivationOrigin::Folder,
        Origin::Request => stored_v1::ActivationOrigin::Request,
        Origin::Engine => stored_v1::ActivationOrigin::Engine,
    };
    let time = timestamp(*activated_at);
    let message = stored_v1::Activation {
        rule_pack: rule_pack.clone(),
        from_revision: from_revision.clone(),
        to_revision: to_revision.clone(),
        folder_revision: folder_revision.clone(),
        origin: origin.into(),
        author: author.clone(),
        reason: reason.clone(),
        activated_at_seconds: time.seconds,
        activated_at_nanos: time.nanos,
        engine_semantics: *engine_semantics,
    };
    framed(MAGIC, VERSION, &message)
}

/// Reads a payload of this version or an older one.
///
/// # Errors
/// See [`StoredError`].
pub fn decode(payload: &[u8]) -> Result<Activation, StoredError> {
    let stored_v1::Activation {
        rule_pack,
        from_revision,
        to_revision,
        folder_revision,
        origin,
        author,
        reason,
        activated_at_seconds,
        activated_at_nanos,
        engine_semantics,
    } = unframed(MAGIC, VERSION, payload)?.1;
    let origin = match stored_v1::ActivationOrigin::try_from(origin) {
        Ok(stored_v1::ActivationOrigin::Folder) => Origin::Folder,
        Ok(stored_v1::ActivationOrigin::Request) => Origin::Request,
        Ok(stored_v1::ActivationOrigin::Engine) => Origin::Engine,
        Ok(stored_v1::ActivationOrigin::Unspecified) | Err(_) => {
            return Err(StoredError::Damaged("nothing caused it"));
        }
    };
    if rule_pack.is_empty() || (from_revision.is_empty() && to_revision.is_empty()) {
        return Err(StoredError::Damaged("a field is missing"));
    }
    let activated_at = time(activated_at_seconds, activated_at_nanos)?;
    Ok(Activation {
        rule_pack,
        from_revision,
        to_revision,
        folder_revision,
        engine_semantics,
        origin,
        author,
        reason,
        activated_at,
    })
}
