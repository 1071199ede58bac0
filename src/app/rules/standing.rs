//! Which revision of each pack serves, since when and by whose word: what the activations in the ledger come to.

#![expect(clippy::disallowed_methods, reason = "the rim: an activation carries the time it was made")]

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::revisions::put_all;
use crate::app::Refusal;
use crate::app::ids::IdSource;
use crate::ruleset::ENGINE_SEMANTICS;
use crate::store::{Kind, NewRecord, Put, Store, StoreError, StoredRecord};
use crate::wire::stored::{self, Activation, Origin};

const PAGE: usize = 500;

/// The last activation of a pack, and its id, which is the pack's etag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub etag: String,
    pub activation: Activation,
}

impl Standing {
    fn of(record: &StoredRecord) -> Result<Self, Refusal> {
        let unreadable = |why| Refusal::Unreadable { id: record.id.clone(), why };
        let activation = stored::decode_activation(&record.payload).map_err(unreadable)?;
        Ok(Standing { etag: record.id.clone(), activation })
    }
}

/// The newest activation of every pack. Reads the activations of all time.
pub fn latest(store: &dyn Store) -> Result<BTreeMap<String, Standing>, Refusal> {
    let mut found = BTreeMap::new();
    let mut before: Option<String> = None;
    loop {
        let page = store.page(Kind::Activation, before.as_deref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(found) };
        before = Some(last.id.clone());
        for record in &page {
            let standing = Standing::of(record)?;
            found.entry(standing.activation.rule_pack.clone()).or_insert(standing);
        }
    }
}

/// An activation about to be recorded.
pub struct Switch<'a> {
    pub rule_pack: &'a str,
    pub from_revision: &'a str,
    pub to_revision: &'a str,
    pub folder_revision: &'a str,
    pub origin: Origin,
    pub author: &'a str,
    pub reason: &'a str,
}

/// Records activations; blocks until all are durable.
pub fn record_all(store: &dyn Store, ids: &IdSource, switches: &[Switch<'_>]) -> Result<Vec<Standing>, Refusal> {
    let records = switches.iter().map(|switch| new_record(ids, switch, None)).collect();
    put_all(store, records).into_iter().map(standing).collect()
}

/// Records the activation of a request. One that is retried gives the first activation again.
pub fn record_request(
    store: &dyn Store,
    ids: &IdSource,
    switch: &Switch<'_>,
    request: Option<(String, [u8; 32])>,
) -> Result<Standing, Refusal> {
    let put = put_all(store, vec![new_record(ids, switch, request)]).pop();
    standing(put.unwrap_or(Err(StoreError::Poisoned)))
}

fn standing(put: Result<Put, StoreError>) -> Result<Standing, Refusal> {
    Standing::of(&put?.into_record())
}

fn new_record(ids: &IdSource, switch: &Switch<'_>, request: Option<(String, [u8; 32])>) -> NewRecord {
    let activation = Activation {
        rule_pack: switch.rule_pack.to_owned(),
        from_revision: switch.from_revision.to_owned(),
        to_revision: switch.to_revision.to_owned(),
        folder_revision: switch.folder_revision.to_owned(),
        engine_semantics: ENGINE_SEMANTICS,
        origin: switch.origin,
        author: switch.author.to_owned(),
        reason: switch.reason.to_owned(),
        activated_at: Timestamp::now(),
    };
    let (request_id, request_digest) = request.map_or((None, [0; 32]), |(id, digest)| (Some(id), digest));
    NewRecord {
        kind: Kind::Activation,
        id: ids.next(),
        request_id,
        request_digest,
        payload: stored::encode_activation(&activation),
    }
}

/// The activation that a request made before, if it is retried.
pub fn made_before(store: &dyn Store, request_id: &str, digest: [u8; 32]) -> Result<Option<Standing>, Refusal> {
    match store.find_request(Kind::Activation, request_id)? {
        Some(record) if record.request_digest == digest => Standing::of(&record).map(Some),
        Some(record) => {
            let request_id = request_id.to_owned();
            Err(Refusal::Store(StoreError::RequestConflict { request_id, id: record.id }))
        }
        None => Ok(None),
    }
}
