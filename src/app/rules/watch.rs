//! Following the rules folder: a valid change is live within a second of being saved.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use notify_debouncer_full::notify::Error;

use super::LiveRules;
use crate::app::FolderWatch;

/// Network folders send no events: the folder is compared with what serves this often besides.
const POLL: Duration = Duration::from_secs(5);

impl LiveRules {
    /// Watches the folder for as long as the process lives, on a thread of its own.
    pub fn watch(self: &Arc<Self>) -> Result<(), Error> {
        let (sender, receiver) = mpsc::channel();
        let watch = FolderWatch::begin(&self.folder, move || {
            sender.send(()).ok();
        })?;
        let live = Arc::clone(self);
        let follow = move || {
            let _watch = watch;
            loop {
                // At once, too: somebody may have saved between the first load and the watch. A file that is being
                // replaced may be missing for a moment: the next event tells.
                if let Err(refusal) = live.reload() {
                    let why = refusal.message().en;
                    tracing::warn!(why, "the rules folder is not taken over; the last good rules keep serving");
                }
                if matches!(receiver.recv_timeout(POLL), Err(RecvTimeoutError::Disconnected)) {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("rules-watch".to_owned()).spawn(follow).map_err(Error::io)?;
        Ok(())
    }
}
