//! The one thread that writes the journal: it drains the queue and takes what it finds to the disk as one group.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SendError, SyncSender};

use super::group::{Group, Job, Names, answer};
use super::indexer::{Flight, Progress};
use crate::store::embedded::{Options, Shared, seal};
use crate::store::error::StoreError;
use crate::store::journal::{Header, Journal, Written, group_size};
use crate::store::mark::MarkFile;

pub struct Committer {
    pub journal: Journal,
    pub mark: MarkFile,
    pub shared: Arc<Shared>,
    pub options: Options,
    /// To the thread that gives the index what is written here.
    pub flights: SyncSender<Flight>,
    pub progress: Arc<Progress>,
    pub underway: Underway,
}

/// The groups that are on their way into the index.
#[derive(Default)]
pub struct Underway {
    /// Groups that were ever sent.
    sent: u64,
    /// Of those that were sent last; not all of them are still under way.
    names: VecDeque<Names>,
}

impl Committer {
    /// Works until the queue is closed and empty. Gives back the header of the last segment.
    pub fn run(mut self, queue: &Receiver<Job>) -> Header {
        while let Ok(first) = queue.recv() {
            let jobs = self.drain(first, queue);
            self.commit(jobs);
        }
        *self.journal.header()
    }

    fn drain(&self, first: Job, queue: &Receiver<Job>) -> Vec<Job> {
        let mut bytes = first.record.payload.len();
        let mut jobs = vec![first];
        while jobs.len() < self.options.group_records && bytes < self.options.group_bytes {
            let Ok(job) = queue.try_recv() else {
                break;
            };
            bytes += job.record.payload.len();
            jobs.push(job);
        }
        self.shared.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        jobs
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        let mut group = Group::default();
        for job in jobs {
            if self.shared.is_poisoned() {
                answer(job.done, Err(StoreError::Poisoned));
                continue;
            }
            if self.underway(&self.progress).any(|names| names.meet(&job.record)) {
                // What became of them stands in the index then.
                self.progress.wait_for(self.underway.sent);
            }
            group.admit(job, &self.shared.index);
        }
        if group.is_empty() {
            return;
        }
        match self.write(&group) {
            Ok(written) => self.send(group, written),
            Err(Failure::Refused(error)) => group.answer(&Err(error)),
            Err(Failure::Broken(error)) => {
                self.shared.poison(&error);
                group.answer(&Err(error));
            }
        }
    }

    fn underway(&self, progress: &Progress) -> impl Iterator<Item = &Names> {
        let Underway { sent, names } = &self.underway;
        let count = usize::try_from(sent.saturating_sub(progress.groups())).unwrap_or(usize::MAX);
        names.iter().rev().take(count)
    }

    /// Hands the group on to be indexed and answered.
    fn send(&mut self, mut group: Group, written: Written) {
        let still = self.underway(&self.progress).count();
        let Underway { sent, names } = &mut self.underway;
        names.drain(..names.len().saturating_sub(still));
        names.push_back(group.take_names());
        *sent += 1;
        if let Err(SendError(Flight { group, .. })) = self.flights.send(Flight { group, written }) {
            let error = StoreError::Poisoned;
            self.shared.poison(&error);
            group.answer(&Err(error));
        }
    }

    /// A segment was closed: the index is made durable up to here, so that the next start need not go back further.
    fn note_closed_segment(&self) -> Result<(), StoreError> {
        self.progress.wait_for(self.underway.sent);
        self.shared.index.flush().map_err(|fault| fault.at("the newest records"))?;
        if self.shared.is_doubtful() || self.shared.is_poisoned() {
            return Ok(());
        }
        seal::note_open(&self.shared.folder, self.journal.header())
    }

    /// Journal, sync, mark, in this order; the index follows, and nothing is acknowledged before all four.
    fn write(&mut self, group: &Group) -> Result<Written, Failure> {
        let bytes = group_size(&group.prepared) as u64;
        self.shared.require_space(bytes)?;
        let segment = self.journal.header().number;
        self.journal.reserve(bytes)?;
        if self.journal.header().number != segment {
            self.note_closed_segment()?;
        }
        let written = self.journal.append(&group.prepared).map_err(Failure::Broken)?;
        self.mark.write(&self.journal.mark()).map_err(Failure::Broken)?;
        Ok(written)
    }
}

/// Why a group was not written.
enum Failure {
    /// Nothing was appended: the next group may fare better.
    Refused(StoreError),
    /// Nothing is known about what is on the disk: no further write can be trusted.
    Broken(StoreError),
}

impl From<StoreError> for Failure {
    /// A failure before the append: only a full disk leaves everything as it was.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSpace => Failure::Refused(error),
            error => Failure::Broken(error),
        }
    }
}
