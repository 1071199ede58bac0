//! Hearing of changes in a folder.

use std::path::Path;
use std::time::Duration;

use notify_debouncer_full::notify::{Error, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// Saves of an editor come in bursts; what follows from them waits this long for the burst to end.
const DEBOUNCE: Duration = Duration::from_millis(150);

/// Watches a folder and all below it until it is dropped.
pub struct FolderWatch {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl FolderWatch {
    /// Calls `heard`, on a thread of its own, after each burst of changes. Folders that send no events, as some
    /// network folders, are not heard of.
    pub fn begin(folder: &Path, mut heard: impl FnMut() + Send + 'static) -> Result<Self, Error> {
        let mut debouncer = new_debouncer(DEBOUNCE, None, move |_: DebounceEventResult| heard())?;
        debouncer.watch(folder, RecursiveMode::Recursive)?;
        Ok(FolderWatch { _debouncer: debouncer })
    }
}
