//! Hearing of changes in a folder.

use std::path::Path;
use std::time::Duration;

use notify_debouncer_full::notify::event::{AccessKind, AccessMode, EventKind};
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
        let heard = move |events: DebounceEventResult| {
            if events.map_or(true, |events| events.iter().any(|event| may_change(event.kind))) {
                heard();
            }
        };
        let mut debouncer = new_debouncer(DEBOUNCE, None, heard)?;
        debouncer.watch(folder, RecursiveMode::Recursive)?;
        Ok(FolderWatch { _debouncer: debouncer })
    }
}

/// Whoever hears of a change reads the folder, and reading, too, is told: to answer that would be to read for ever.
fn may_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};

    use super::*;

    #[test]
    fn reading_the_folder_is_no_change_of_it() {
        let folder = std::env::temp_dir().join(format!("heng-watch-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("pack.yaml");
        std::fs::write(&file, "id: a\n").unwrap();
        let (sender, heard) = channel();
        let _watch = FolderWatch::begin(&folder, move || sender.send(()).unwrap()).unwrap();
        std::fs::read(&file).unwrap();
        std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(heard.recv_timeout(DEBOUNCE * 6), Err(RecvTimeoutError::Timeout));
        std::fs::write(&file, "id: b\n").unwrap();
        assert_eq!(heard.recv_timeout(DEBOUNCE * 200), Ok(()));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
