//! One revision of a rule pack on disk: every file that its content hash covers.

use std::sync::Arc;

use jiff::Timestamp;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use prost::Message;

use super::{StoredError, framed, time, unframed};
use crate::pack::PackFiles;
use crate::wire::encode::timestamp;
use crate::wire::pb::stored_v1;

const MAGIC: [u8; 4] = *b"hrev";
/// All files are in the record.
const WHOLE: u16 = 1;
/// Another record has those of the packs it extends.
const REFERRING: u16 = 2;
/// Revisions that refer to one another, one behind the other: more was not written by heng.
const LONGEST_CHAIN: usize = 64;
/// zlib's own default: on rule files a higher level costs four times the time for two percent.
const COMPRESSION: u8 = 6;
/// Longest text of all files that is unpacked, in bytes: a larger one was not written by heng.
const LONGEST: usize = 256 << 20;

/// A pack with those it extends, under the revision that is the record's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub rule_pack: String,
    pub engine_semantics: u32,
    pub kept_at: Timestamp,
    /// Who published it; empty when the rules folder brought it.
    pub author: String,
    pub reason: String,
    /// The most general first; the last one is the pack itself.
    pub packs: Vec<PackFiles>,
    /// The revision that has the files of the packs that it extends; empty when all are here.
    pub extends_revision: String,
}

/// The payload for the store.
pub fn encode(revision: &Revision) -> Vec<u8> {
    let Revision { rule_pack, engine_semantics, kept_at, author, reason, packs, extends_revision } = revision;
    let packs = stored_v1::RevisionPacks { packs: packs.iter().map(pack_message).collect() }.encode_to_vec();
    let time = timestamp(*kept_at);
    let message = stored_v1::Revision {
        rule_pack: rule_pack.clone(),
        engine_semantics: *engine_semantics,
        kept_at_seconds: time.seconds,
        kept_at_nanos: time.nanos,
        packs_length: packs.len() as u64,
        packs: compress_to_vec_zlib(&packs, COMPRESSION),
        author: author.clone(),
        reason: reason.clone(),
        extends_revision: extends_revision.clone(),
    };
    framed(MAGIC, if extends_revision.is_empty() { WHOLE } else { REFERRING }, &message)
}

/// Reads a payload of this version or an older one. Whether the files are those of the record's id is for the
/// caller to prove ([`revision_of`](crate::ruleset::revision_of)).
/// [`completed`] gives it the files that another record has.
///
/// # Errors
/// See [`StoredError`].
pub fn decode(payload: &[u8]) -> Result<Revision, StoredError> {
    let (version, message) = unframed(MAGIC, REFERRING, payload)?;
    let stored_v1::Revision {
        rule_pack,
        engine_semantics,
        kept_at_seconds,
        kept_at_nanos,
        packs_length,
        packs,
        author,
        reason,
        extends_revision,
    } = message;
    if (version == REFERRING) == extends_revision.is_empty() {
        return Err(StoredError::Damaged("it has fields that its version does not have"));
    }
    let length = usize::try_from(packs_length).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or(StoredError::Damaged("its files are longer than a revision's can be"))?;
    let packs = decompress_to_vec_zlib_with_limit(&packs, length + 1)
        .ok()
        .filter(|packs| packs.len() == length)
        .ok_or(StoredError::Damaged("its files cannot be unpacked"))?;
    let message = stored_v1::RevisionPacks::decode(packs.as_slice())
        .map_err(|_| StoredError::Damaged("its files cannot be read"))?;
    let packs: Vec<PackFiles> = message.packs.into_iter().map(pack_files).collect();
    if packs.last().is_none_or(|last| last.name != rule_pack) {
        return Err(StoredError::Damaged("its files are those of another pack"));
    }
    let kept_at = time(kept_at_seconds, kept_at_nanos)?;
    Ok(Revision { rule_pack, engine_semantics, kept_at, author, reason, packs, extends_revision })
}

/// The revision that a payload refers to for files; none where it has all, or cannot be read.
pub fn extended_by(payload: &[u8]) -> Option<String> {
    let (_, message) = unframed::<stored_v1::Revision>(MAGIC, REFERRING, payload).ok()?;
    Some(message.extends_revision).filter(|revision| !revision.is_empty())
}

/// The revision with all its files; `find` gives those that it refers to. Whether they are the right ones is told by the
/// hash of all files together.
///
/// # Errors
/// Those of `find`, and of revisions that refer to one another without end.
pub fn completed<E: From<StoredError>>(
    mut revision: Revision,
    find: impl Fn(&str) -> Result<Revision, E>,
) -> Result<Revision, E> {
    for _ in 0..LONGEST_CHAIN {
        if revision.extends_revision.is_empty() {
            return Ok(revision);
        }
        let extended = find(&revision.extends_revision)?;
        revision.packs.splice(0..0, extended.packs);
        revision.extends_revision = extended.extends_revision;
    }
    Err(StoredError::Damaged("it refers to too many other revisions").into())
}

fn pack_message(pack: &PackFiles) -> stored_v1::RevisionPack {
    let PackFiles { name, files } = pack;
    let files = files.iter().map(|(path, text)| stored_v1::RevisionFile { path: path.clone(), text: text.to_string() });
    stored_v1::RevisionPack { name: name.clone(), files: files.collect() }
}

fn pack_files(message: stored_v1::RevisionPack) -> PackFiles {
    let stored_v1::RevisionPack { name, files } = message;
    let files = files.into_iter().map(|stored_v1::RevisionFile { path, text }| (path, Arc::from(text)));
    PackFiles { name, files: files.collect() }
}
