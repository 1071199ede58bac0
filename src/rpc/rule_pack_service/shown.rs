//! A rule pack as it serves at one moment.

use crate::app::Snapshot;
use crate::diagnostic::Diagnostic;
use crate::ruleset::RuleSet;
use crate::wire::encode;
use crate::wire::pb::v1 as pb;

pub(super) fn shown(set: &RuleSet, snapshot: &Snapshot) -> pb::RulePack {
    let mut pack = encode::rule_pack(set);
    pack.loaded_at = Some(encode::timestamp(snapshot.loaded_at));
    if let Some(standing) = snapshot.standing.get(&set.id) {
        pack.etag.clone_from(&standing.etag);
        pack.activation = Some(encode::activation(&standing.etag, &standing.activation));
        pack.loaded_at = Some(encode::timestamp(standing.activation.activated_at));
        if standing.activation.folder_revision != set.revision {
            pack.state = pb::RulePackState::ServingActivated.into();
        }
    }
    // The folder is taken as a whole: what is wrong with one pack keeps the others at their last good state.
    if snapshot.is_refused() {
        pack.state = pb::RulePackState::ServingLastGood.into();
        pack.diagnostics = snapshot.refused.iter().map(encode::diagnostic).collect();
        pack.failed_cases = snapshot.failed.iter().map(encode::case_result).collect();
    }
    pack
}

/// Diagnostics of the newest files that stand in a pack's folder.
pub(super) fn concerning<'s>(snapshot: &'s Snapshot, pack: &str) -> impl Iterator<Item = &'s Diagnostic> {
    let folder = format!("{pack}/");
    let stands_there =
        move |diagnostic: &&Diagnostic| diagnostic.place.as_ref().is_some_and(|place| place.file.starts_with(&folder));
    snapshot.refused.iter().filter(stands_there)
}
