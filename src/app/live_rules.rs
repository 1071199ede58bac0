//! The rules that serve now, and their change while serving.
//!
//! Saving a valid change is live within a second; an invalid one is refused with its diagnostics, and the
//! last good set keeps serving. A request takes one [`Snapshot`] and finishes on it.

#![expect(clippy::disallowed_methods, reason = "the rim: rules carry the time they were loaded")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use notify_debouncer_full::notify;

use super::FolderWatch;
use super::rules_folder::{self, LoadError};
use crate::diagnostic::{Diagnostic, Lang, render};
use crate::pack::PackFiles;
use crate::ruleset::RuleBook;

/// Network folders send no events: the folder is compared with what serves this often besides.
const POLL: Duration = Duration::from_secs(5);

/// The rules as they are at one moment.
#[derive(Debug)]
pub struct Snapshot {
    pub book: Arc<RuleBook>,
    pub loaded_at: Timestamp,
    /// Why the newest files are not these rules; empty when they are.
    pub refused: Vec<Diagnostic>,
    /// The newest files, compiled or refused: what a reload compares the folder with.
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
}

/// The rules of a folder, swapped as a whole.
pub struct LiveRules {
    folder: PathBuf,
    current: ArcSwap<Snapshot>,
}

impl LiveRules {
    /// Loads the folder for the first time: broken rules do not start.
    pub fn open(folder: &Path, lang: Lang) -> Result<LiveRules, StartError> {
        let files = rules_folder::load(folder).map_err(StartError::Load)?;
        let (book, problems) = RuleBook::compile(&files);
        let Some(book) = book else {
            return Err(StartError::Broken { text: shown(&problems, &files, lang) });
        };
        let snapshot = Snapshot { book: Arc::new(book), loaded_at: Timestamp::now(), refused: Vec::new(), files };
        Ok(LiveRules { folder: folder.to_owned(), current: ArcSwap::from_pointee(snapshot) })
    }

    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Watches the folder for as long as the process lives, on a thread of its own.
    pub fn watch(self: &Arc<Self>) -> Result<(), notify::Error> {
        let (sender, receiver) = mpsc::channel();
        let watch = FolderWatch::begin(&self.folder, move || {
            sender.send(()).ok();
        })?;
        let live = Arc::clone(self);
        let follow = move || {
            let _watch = watch;
            loop {
                // At once, too: somebody may have saved between the first load and the watch.
                live.reload();
                if matches!(receiver.recv_timeout(POLL), Err(RecvTimeoutError::Disconnected)) {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("rules-watch".to_owned()).spawn(follow).map_err(notify::Error::io)?;
        Ok(())
    }

    /// Takes the folder over if it changed and is sound.
    fn reload(&self) {
        let files = match rules_folder::load(&self.folder) {
            Ok(files) => files,
            Err(error) => {
                // A file that is being replaced may be missing for a moment: the next event tells.
                tracing::warn!(%error, "rules folder cannot be read; the last good rules keep serving");
                return;
            }
        };
        let old = self.current();
        if old.files == files {
            return;
        }
        let (book, problems) = RuleBook::compile(&files);
        let next = match book {
            Some(book) => {
                let revisions: Vec<String> = book.sets().map(|set| format!("{}@{}", set.id, set.revision)).collect();
                tracing::info!(revisions = revisions.join(" "), "rules changed and are live");
                Snapshot { book: Arc::new(book), loaded_at: Timestamp::now(), refused: Vec::new(), files }
            }
            None => {
                let text = shown(&problems, &files, Lang::En);
                tracing::error!("changed rules are refused; the last good rules keep serving\n{text}");
                let refused = problems.into_iter().filter(Diagnostic::is_error).collect();
                Snapshot { book: Arc::clone(&old.book), loaded_at: old.loaded_at, refused, files }
            }
        };
        self.current.store(Arc::new(next));
    }
}

fn shown(problems: &[Diagnostic], files: &[PackFiles], lang: Lang) -> String {
    let source = |name: &str| files.iter().find_map(|pack| pack.source(name));
    render::text(problems, lang, &source, false)
}
