//! The second thread of a write: it gives the index what the journal holds, and answers. Meanwhile the next group is
//! on its way to the disk.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::group::Group;
use crate::store::embedded::Shared;
use crate::store::error::StoreError;
use crate::store::journal::Written;

/// A group that is synced in the journal, and marked.
pub struct Flight {
    pub group: Group,
    pub written: Written,
}

pub struct Indexer {
    pub shared: Arc<Shared>,
    /// Version of the filing.
    pub filing: u32,
    pub progress: Arc<Progress>,
}

impl Indexer {
    /// Takes in one group after the other, in the order of the journal, until nobody sends any more.
    pub fn run(self, flights: &Receiver<Flight>) {
        let mut outcome = Ok(());
        while let Ok(Flight { group, written }) = flights.recv() {
            // What follows a group that is missing must not go in.
            outcome = match outcome {
                Ok(()) => self.apply(&group, &written),
                Err(_) => Err(StoreError::Poisoned),
            };
            self.progress.advance();
            group.answer(&outcome.clone().map(|()| written.first));
        }
    }

    fn apply(&self, group: &Group, written: &Written) -> Result<(), StoreError> {
        let applied = self.shared.index.apply(group.intake(written), self.filing);
        applied.map_err(|fault| {
            let error = fault.at("the newest records");
            self.shared.poison(&error);
            error
        })
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.progress.end();
    }
}

/// How many groups were taken in.
#[derive(Debug, Default)]
pub struct Progress {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    groups: u64,
    ended: bool,
}

impl Progress {
    pub fn groups(&self) -> u64 {
        self.state().groups
    }

    /// Waits until so many groups were taken in or none will be any more.
    pub fn wait_for(&self, groups: u64) {
        let open = |state: &mut State| state.groups < groups && !state.ended;
        drop(self.changed.wait_while(self.state(), open));
    }

    fn advance(&self) {
        self.state().groups += 1;
        self.changed.notify_all();
    }

    fn end(&self) {
        self.state().ended = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
