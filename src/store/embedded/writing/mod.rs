//! How a record is written: queue, journal, mark, index, answer.
//!
//! Two threads, one behind the other. The committer takes what waits in the queue as one group, appends it to the
//! journal, syncs it and moves the mark; the indexer gives it to the index and answers, while the committer is at the
//! next group already. Each group is in the index only after it is in the journal, and in the same order.

mod committer;
mod group;
mod indexer;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

use super::{Options, Shared};
use crate::store::error::StoreError;
use crate::store::journal::{Header, Journal};
use crate::store::mark::MarkFile;
use committer::{Committer, Underway};
pub use group::Job;
use indexer::{Indexer, Progress};

/// Groups that wait for the indexer, beside the one that it has and the one that waits to be handed over.
const FLIGHTS: usize = 0;

/// Both threads. They end when the queue does.
pub struct Threads {
    committer: JoinHandle<Header>,
    indexer: JoinHandle<()>,
}

impl Threads {
    pub fn start(
        journal: Journal,
        mark: MarkFile,
        shared: &Arc<Shared>,
        options: &Options,
        queue: Receiver<Job>,
    ) -> Result<Self, StoreError> {
        let (flights, arrivals) = mpsc::sync_channel(FLIGHTS);
        let progress = Arc::new(Progress::default());
        let filing = options.filing.version;
        let indexer = Indexer { shared: Arc::clone(shared), filing, progress: Arc::clone(&progress) };
        let committer = Committer {
            journal,
            mark,
            shared: Arc::clone(shared),
            options: options.clone(),
            flights,
            progress,
            underway: Underway::default(),
        };
        let named = |name: &str| thread::Builder::new().name(name.into());
        let doing = || StoreError::io("start the writing threads");
        let indexer = named("heng-indexer").spawn(move || indexer.run(&arrivals)).map_err(doing())?;
        let committer = named("heng-committer").spawn(move || committer.run(&queue)).map_err(doing())?;
        Ok(Threads { committer, indexer })
    }

    pub fn are_at_work(&self) -> bool {
        !self.committer.is_finished() && !self.indexer.is_finished()
    }

    /// Whether this is one of them, in the call of a waiter.
    pub fn have_called(&self) -> bool {
        let here = thread::current().id();
        [self.committer.thread(), self.indexer.thread()].iter().any(|thread| thread.id() == here)
    }

    /// Waits for both, and gives the header of the last segment. None of them may be the caller.
    pub fn join(self) -> thread::Result<Header> {
        let last = self.committer.join();
        self.indexer.join().and(last)
    }
}
