//! Taking the rules folder over where it changed.

#![expect(clippy::disallowed_methods, reason = "the rim: rules carry the time they were loaded")]

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard};

use jiff::Timestamp;

use super::gate::{Beyond, attempt};
use super::standing::{Switch, record_all};
use super::{LiveRules, Snapshot};
use crate::app::stored_impact::stored_impact;
use crate::app::{Refusal, rules_folder};
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::Problems;
use crate::pack::PackFiles;
use crate::regress::CaseResult;
use crate::ruleset::{RuleBook, RuleSet};
use crate::wire::stored::Origin;

impl LiveRules {
    /// Reads the folder and takes it over if it changed and is sound. Blocks.
    ///
    /// # Errors
    /// The folder cannot be read, or the ledger does not take what it says: the next time tries again.
    pub fn reload(&self) -> Result<(), Refusal> {
        // Before the folder is read: what was read earlier must not be taken later.
        let changing = self.changing();
        let files = rules_folder::load(&self.folder).map_err(|error| Refusal::Folder(error.to_string()))?;
        if self.current().files == files {
            return Ok(());
        }
        let (book, problems) = RuleBook::compile(&files);
        self.take(&changing, files, book, problems)
    }

    pub(super) fn take(
        &self,
        _changing: &MutexGuard<'_, ()>,
        files: Vec<PackFiles>,
        book: Option<RuleBook>,
        problems: Problems,
    ) -> Result<(), Refusal> {
        let old = self.current();
        let next = match book {
            Some(book) => self.judged(&old, &book, files)?,
            None => old.refusing(problems, Vec::new(), None, files),
        };
        if next.is_refused() {
            let text = next.shown(Lang::En);
            tracing::error!("changed rules are refused; the last good rules keep serving\n{text}");
        } else if old.is_refused() {
            tracing::info!("nothing in the rules folder is refused any more");
        }
        self.current.store(Arc::new(next));
        Ok(())
    }

    /// The snapshot with what changed in the folder, or with why it is not taken.
    fn judged(&self, old: &Snapshot, book: &RuleBook, files: Vec<PackFiles>) -> Result<Snapshot, Refusal> {
        let changed: Vec<&Arc<RuleSet>> =
            book.sets().filter(|set| old.folder_revision(&set.id) != set.revision).collect();
        let names: BTreeSet<String> = changed.iter().map(|set| set.id.clone()).collect();
        let form_file = |pack: &str, path: &str| rules_folder::form_file(&self.folder, pack, path);
        let tried = attempt(self.terms.gate, book, &files, &names, &form_file);
        if !tried.is_good() {
            return Ok(old.refusing(tried.problems, tried.failed, None, files));
        }
        // What a request activated serves on when the folder no longer has the pack.
        let left =
            old.standing.values().map(|standing| &standing.activation).filter(|activation| {
                !activation.folder_revision.is_empty() && book.get(&activation.rule_pack).is_none()
            });
        let gone: BTreeSet<String> = left
            .filter(|activation| activation.origin != Origin::Request && !activation.to_revision.is_empty())
            .map(|activation| activation.rule_pack.clone())
            .collect();
        let (next, rivals) = old.book.with(changed.iter().map(|set| Arc::clone(set)), &gone);
        if rivals.iter().any(Diagnostic::is_error) {
            return Ok(old.refusing(rivals, Vec::new(), None, files));
        }
        let moved = names.union(&gone).cloned().collect();
        if let Some(beyond) = self.beyond(old, &next, &moved)? {
            return Ok(old.refusing(Vec::new(), Vec::new(), Some(beyond), files));
        }
        self.revisions.keep_all(changed.iter().map(|set| &***set), &files)?;
        let mut standing = old.standing.clone();
        let mut switched = Vec::new();
        for set in &changed {
            let from = old.book.get(&set.id).map_or("", |set| set.revision.as_str());
            match standing.get_mut(&set.id) {
                // The folder came to what serves already.
                Some(standing) if from == set.revision => {
                    standing.activation.folder_revision.clone_from(&set.revision);
                }
                _ => switched.push((set.id.as_str(), from, set.revision.as_str())),
            }
        }
        let revision = |pack: &String| old.book.get(pack).map_or("", |set| set.revision.as_str());
        switched.extend(gone.iter().map(|pack| (pack.as_str(), revision(pack), "")));
        let switches: Vec<Switch<'_>> = switched
            .iter()
            .map(|(rule_pack, from_revision, to_revision)| {
                let (origin, folder_revision) = (Origin::Folder, to_revision);
                Switch { rule_pack, from_revision, to_revision, folder_revision, origin, author: "", reason: "" }
            })
            .collect();
        for recorded in record_all(&*self.store, &self.ids, &switches)? {
            standing.insert(recorded.activation.rule_pack.clone(), recorded);
        }
        if !switched.is_empty() {
            let told: Vec<String> = switched.iter().map(|(pack, _, to)| format!("{pack}@{to}")).collect();
            tracing::info!(revisions = told.join(" "), "rules of the folder are live");
        }
        let loaded_at = if switched.is_empty() { old.loaded_at } else { Timestamp::now() };
        Ok(Snapshot {
            book: Arc::new(next),
            standing,
            loaded_at,
            refused: Vec::new(),
            failed: Vec::new(),
            beyond: None,
            files,
        })
    }

    /// What the change does to the stored forms, where it is more than the folder may do. Where nothing serves yet,
    /// nothing changes.
    fn beyond(&self, old: &Snapshot, next: &RuleBook, packs: &BTreeSet<String>) -> Result<Option<Beyond>, Refusal> {
        let budget = &self.terms.budget;
        if budget.is_unlimited() || old.book.sets().next().is_none() {
            return Ok(None);
        }
        let impact = stored_impact(&*self.store, (&old.book, next), packs, &|| true)?;
        let excess = budget.exceeded_by(&impact);
        Ok(Some(Beyond { impact, excess }).filter(|beyond| !beyond.excess.is_empty()))
    }
}

impl Snapshot {
    /// The same rules, and why the newest files are not among them.
    fn refusing(
        &self,
        problems: Problems,
        failed: Vec<CaseResult>,
        beyond: Option<Beyond>,
        files: Vec<PackFiles>,
    ) -> Snapshot {
        Snapshot {
            book: Arc::clone(&self.book),
            standing: self.standing.clone(),
            loaded_at: self.loaded_at,
            refused: problems.into_iter().filter(Diagnostic::is_error).collect(),
            failed,
            beyond,
            files,
        }
    }
}
