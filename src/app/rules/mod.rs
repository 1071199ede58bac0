//! The rules that serve now, and their change while serving.
//!
//! A pack serves in the revision that was activated last: by the rules folder, whose files changed and passed the
//! [`Gate`], or by a request. Whatever the cause, the activation is in the ledger before it takes effect, and so is
//! the revision: no evaluation is acknowledged whose rules are not kept. After a restart the same revisions serve;
//! a folder that still holds what it held then has nothing newer to say.
//!
//! What does not pass is told with its diagnostics, and the last good rules keep serving. A request takes one
//! [`Snapshot`] and finishes on it.

#![expect(clippy::disallowed_methods, reason = "the rim: rules carry the time they were loaded")]

mod activate;
mod folder;
mod gate;
mod restore;
mod revisions;
mod standing;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;

pub use activate::ActivateRequest;
pub use gate::{Beyond, FolderTerms, Gate, Tried, attempt};
use revisions::files_of;
pub use revisions::{RevisionFault, Revisions, compile_exactly, whole};
pub use standing::Standing;

use super::rules_folder::{self, LoadError};
use super::{IdSource, Refusal};
use crate::diagnostic::{Bilingual, Diagnostic, Lang, render};
use crate::pack::PackFiles;
use crate::regress::{CaseResult, Outcome};
use crate::ruleset::{RuleBook, RuleSet};
use crate::store::Store;

/// The rules as they are at one moment.
#[derive(Debug)]
pub struct Snapshot {
    pub book: Arc<RuleBook>,
    /// By pack, also of packs that serve no longer.
    pub standing: BTreeMap<String, Standing>,
    /// When a pack last began or ceased to serve.
    pub loaded_at: Timestamp,
    /// Why the newest files of the folder are not these rules; empty when they are.
    pub refused: Vec<Diagnostic>,
    /// Cases that the newest files of the folder fail.
    pub failed: Vec<CaseResult>,
    /// What the newest files of the folder would do to the stored forms, when that is too much.
    pub beyond: Option<Beyond>,
    /// The newest files, taken or refused: what a reload compares the folder with.
    files: Vec<PackFiles>,
}

/// Why the first load gave no rules.
#[derive(Debug)]
pub enum StartError {
    Load(LoadError),
    /// The packs are broken; `text` shows the diagnostics.
    Broken {
        text: String,
    },
    /// What the ledger says about the rules cannot be read or written.
    Recorded(Refusal),
    /// The revision that should serve cannot, and the folder has no other.
    Unusable {
        rule_pack: String,
        why: Bilingual,
    },
}

/// The rules of a folder and of the store, swapped as a whole.
pub struct LiveRules {
    folder: PathBuf,
    terms: FolderTerms,
    store: Arc<dyn Store>,
    revisions: Arc<Revisions>,
    ids: IdSource,
    current: ArcSwap<Snapshot>,
    /// Held by whoever changes what serves: there is one change at a time.
    changing: Mutex<()>,
}

impl LiveRules {
    /// What served last, and what the folder has to say since: broken rules do not start.
    pub fn open(
        folder: &Path,
        store: Arc<dyn Store>,
        terms: impl Into<FolderTerms>,
        lang: Lang,
    ) -> Result<LiveRules, StartError> {
        let files = rules_folder::load(folder).map_err(StartError::Load)?;
        let (book, problems) = RuleBook::compile(&files);
        let revisions = Arc::new(Revisions::new(Arc::clone(&store)));
        let ids = IdSource::default();
        let restored = restore::Restored::from_ledger(&*store, &revisions, &ids, book.as_ref(), &files)?;
        let snapshot = Snapshot {
            book: Arc::new(restored.book),
            standing: restored.standing,
            loaded_at: Timestamp::now(),
            refused: Vec::new(),
            failed: Vec::new(),
            beyond: None,
            files: Vec::new(),
        };
        let changing = Mutex::default();
        let current = ArcSwap::from_pointee(snapshot);
        let terms = terms.into();
        let live = LiveRules { folder: folder.to_owned(), terms, store, revisions, ids, current, changing };
        live.take(&live.changing(), files, book, problems).map_err(StartError::Recorded)?;
        let taken = live.current();
        if taken.book.sets().next().is_none() && taken.is_refused() {
            return Err(StartError::Broken { text: taken.shown(lang) });
        }
        Ok(live)
    }

    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    pub fn revisions(&self) -> &Arc<Revisions> {
        &self.revisions
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Snapshot {
    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty() || !self.failed.is_empty() || self.beyond.is_some()
    }

    /// What the folder held of a pack when it was last heard.
    fn folder_revision(&self, pack: &str) -> &str {
        self.standing.get(pack).map_or("", |standing| standing.activation.folder_revision.as_str())
    }

    /// The files by which a pack serves, as far as the folder's are those.
    pub fn folder_files(&self, set: &RuleSet) -> Option<Vec<PackFiles>> {
        (self.folder_revision(&set.id) == set.revision).then(|| files_of(set, &self.files))
    }

    /// Why the newest files do not serve, to be read.
    fn shown(&self, lang: Lang) -> String {
        let source = |name: &str| self.files.iter().find_map(|pack| pack.source(name));
        let mut text = render::text(&self.refused, lang, &source, false);
        for CaseResult { pack, name, place, outcome } in &self.failed {
            let what = match outcome {
                Outcome::Passed => continue,
                Outcome::Failed(differences) => differences
                    .iter()
                    .map(|found| format!("{}: {} ≠ {}", found.path, found.got, found.want))
                    .collect::<Vec<_>>()
                    .join("; "),
                Outcome::Broken(problems) => {
                    problems.iter().map(|found| found.message.get(lang).to_owned()).collect::<Vec<_>>().join("; ")
                }
            };
            let case = match lang {
                Lang::Zh => "案例不通过",
                Lang::En => "case failed",
            };
            text.push_str(&format!("{case} {pack}: {name} ({place}): {what}\n"));
        }
        if let Some(beyond) = &self.beyond {
            text.push_str(&beyond.shown(lang));
        }
        text
    }
}
