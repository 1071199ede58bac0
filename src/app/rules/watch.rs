//! Following the rules folder: a valid change is live within a second of being saved.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use notify_debouncer_full::notify::Error;

use super::LiveRules;
use crate::app::FolderWatch;

/// Network folders send no events: the folder is compared with what serves this often besides.
const POLL: Duration = Duration::from_secs(5);

/// The thread that follows the folder. It ends, and lets go of the rules and their store, when this is dropped.
#[must_use]
pub struct Following {
    news: Sender<News>,
    thread: Option<JoinHandle<()>>,
}

enum News {
    Changed,
    Enough,
}

impl LiveRules {
    /// Watches the folder, on a thread of its own.
    pub fn watch(self: &Arc<Self>) -> Result<Following, Error> {
        let (news, heard) = mpsc::channel();
        let changed = news.clone();
        let watch = FolderWatch::begin(&self.folder, move || {
            changed.send(News::Changed).ok();
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
                match heard.recv_timeout(POLL) {
                    Ok(News::Changed) | Err(RecvTimeoutError::Timeout) => {}
                    Ok(News::Enough) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        let thread = thread::Builder::new().name("rules-watch".to_owned()).spawn(follow).map_err(Error::io)?;
        Ok(Following { news, thread: Some(thread) })
    }
}

impl Drop for Following {
    /// Waits for a change that is being taken over.
    fn drop(&mut self) {
        self.news.send(News::Enough).ok();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that follows the rules folder panicked");
        }
    }
}
