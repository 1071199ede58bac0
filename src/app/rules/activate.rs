//! Switching a pack to a revision by request: forward or back, by compare and set.

#![expect(clippy::disallowed_methods, reason = "the rim: rules carry the time they were loaded")]

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::standing::{Switch, made_before, record_request};
use super::{LiveRules, Snapshot};
use crate::app::Refusal;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::wire::digest;
use crate::wire::stored::Origin;

/// Which revision shall serve, who says so and why.
#[derive(Debug, Clone, Default)]
pub struct ActivateRequest {
    pub rule_pack: String,
    pub revision: String,
    /// What the pack's etag must still be; empty for whatever it is.
    pub etag: String,
    pub author: String,
    pub reason: String,
    /// The same id and request again changes nothing again.
    pub request_id: String,
    pub validate_only: bool,
}

impl LiveRules {
    /// Makes the revision serve. Requests under way finish on the rules they began with. Blocks.
    ///
    /// Of several that name the same etag one wins; the others get [`Refusal::Stale`].
    pub fn activate(&self, request: &ActivateRequest) -> Result<Arc<Snapshot>, Refusal> {
        let ActivateRequest { rule_pack, revision, etag, author, reason, request_id, validate_only } = request;
        let parts = [rule_pack, revision, author, reason];
        let asked = digest::of_parts("heng activation 1\n", &parts.map(String::as_bytes));
        let _changing = self.changing();
        if !request_id.is_empty() && made_before(&*self.store, request_id, asked)?.is_some() {
            return Ok(self.current());
        }
        let old = self.current();
        let serving = old.book.get(rule_pack);
        let set = match serving.filter(|set| set.revision == *revision) {
            Some(set) => Arc::clone(set),
            None => self
                .revisions
                .compiled(revision)
                .map_err(|fault| Refusal::Revision { revision: revision.clone(), fault })?,
        };
        if set.id != *rule_pack {
            let message = Bilingual::new(
                format!("该版本属于规则包 `{}`", set.id),
                format!("this revision belongs to rule pack `{}`", set.id),
            );
            return Err(Refusal::of_field("revision", message));
        }
        let standing = old.standing.get(rule_pack);
        if !etag.is_empty() && standing.is_none_or(|standing| standing.etag != *etag) {
            return Err(Refusal::Stale { rule_pack: rule_pack.clone() });
        }
        let (book, rivals) = old.book.with([Arc::clone(&set)], &BTreeSet::new());
        if let Some(rival) = rivals.into_iter().find(Diagnostic::is_error) {
            return Err(Refusal::Precondition(rival.message));
        }
        if *validate_only || serving.is_some_and(|set| set.revision == *revision) {
            return Ok(old);
        }
        let switch = Switch {
            rule_pack,
            from_revision: serving.map_or("", |set| set.revision.as_str()),
            to_revision: revision,
            folder_revision: standing.map_or("", |standing| standing.activation.folder_revision.as_str()),
            origin: Origin::Request,
            author,
            reason,
        };
        let request = Some((request_id.clone(), asked)).filter(|(id, _)| !id.is_empty());
        let now = record_request(&*self.store, &self.ids, &switch, request)?;
        tracing::info!(pack = rule_pack, revision, "a request activated rules");
        let mut standing = old.standing.clone();
        standing.insert(rule_pack.clone(), now);
        let next = Arc::new(Snapshot {
            book: Arc::new(book),
            standing,
            loaded_at: Timestamp::now(),
            refused: old.refused.clone(),
            failed: old.failed.clone(),
            beyond: old.beyond.clone(),
            files: old.files.clone(),
        });
        self.current.store(Arc::clone(&next));
        Ok(next)
    }
}
