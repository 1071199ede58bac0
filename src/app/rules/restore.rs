//! What serves after a start: what served before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::revisions::{RevisionFault, Revisions, compile, files_of};
use super::standing::{Standing, Switch, latest, record_request};
use super::{IdSource, Refusal, StartError};
use crate::pack::PackFiles;
use crate::ruleset::{ENGINE_SEMANTICS, RuleBook, RuleSet, revision_of};
use crate::store::Store;
use crate::wire::stored::Origin;

/// The packs that served, before the folder is heard.
pub struct Restored {
    pub book: RuleBook,
    pub standing: BTreeMap<String, Standing>,
}

impl Restored {
    /// Reads the activations and compiles what they name. What the folder holds unchanged is not compiled again.
    pub fn from_ledger(
        store: &dyn Store,
        revisions: &Revisions,
        ids: &IdSource,
        folder: Option<&RuleBook>,
        files: &[PackFiles],
    ) -> Result<Self, StartError> {
        let mut sets = Vec::new();
        let mut standing = BTreeMap::new();
        for (pack, found) in latest(store).map_err(StartError::Recorded)? {
            let in_folder = folder.and_then(|book| book.get(&pack));
            if found.activation.to_revision.is_empty() {
                standing.insert(pack, found);
                continue;
            }
            let served = if found.activation.engine_semantics == ENGINE_SEMANTICS {
                let revision = &found.activation.to_revision;
                let set = in_folder.filter(|set| set.revision == *revision).cloned();
                set.map_or_else(|| revisions.compiled(revision), Ok).map(|set| (set, found.clone()))
            } else {
                let folder_revision = in_folder.map(|set| as_before(set, files, &found)).unwrap_or_default();
                anew(store, revisions, ids, &found, &folder_revision)
            };
            match served {
                Ok((set, now)) => {
                    sets.push(set);
                    standing.insert(pack, now);
                }
                // The folder's files are good under this engine: they serve, as a change of the folder.
                Err(fault) if in_folder.is_some() => {
                    let why = fault.message(&found.activation.to_revision).en;
                    tracing::warn!(pack, why, "the revision that served cannot; the rules folder takes its place");
                }
                Err(fault) => {
                    let why = fault.message(&found.activation.to_revision);
                    return Err(StartError::Unusable { rule_pack: pack, why });
                }
            }
        }
        let (book, _) = RuleBook::default().with(sets, &BTreeSet::new());
        Ok(Restored { book, standing })
    }
}

/// The folder's revision, if its files are those that it held when the activation was made under an older engine.
fn as_before(set: &RuleSet, files: &[PackFiles], found: &Standing) -> String {
    let activation = &found.activation;
    let then = revision_of(&files_of(set, files), activation.engine_semantics);
    if then == activation.folder_revision { set.revision.clone() } else { String::new() }
}

/// The same files under the semantics of this engine: another revision, which is kept and recorded.
fn anew(
    store: &dyn Store,
    revisions: &Revisions,
    ids: &IdSource,
    found: &Standing,
    folder_revision: &str,
) -> Result<(Arc<RuleSet>, Standing), RevisionFault> {
    let old = &found.activation.to_revision;
    let files = revisions.stored(old)?;
    let set = compile(old, &files)?;
    revisions.keep_all([&*set], &files.packs).map_err(RevisionFault::Store)?;
    let switch = Switch {
        rule_pack: &set.id,
        from_revision: old,
        to_revision: &set.revision,
        folder_revision,
        origin: Origin::Engine,
        author: "",
        reason: "",
    };
    let now = record_request(store, ids, &switch, None).map_err(|refusal| match refusal {
        Refusal::Store(error) => RevisionFault::Store(error),
        _ => RevisionFault::Unknown,
    })?;
    Ok((set, now))
}
