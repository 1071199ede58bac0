//! Work that takes a core for seconds: off the threads that serve requests, a few at a time, and none that nobody
//! waits for.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::wanted::{Asker, Waiter};
use super::{App, Refusal};

/// Heavy works at a time: scoring must keep a core.
const AT_A_TIME: usize = 2;
/// How long a work waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Turns of work that only so many may do at a time.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Turns {
    /// For heavy work.
    pub fn few() -> Self {
        Turns(Arc::new(Semaphore::new(AT_A_TIME)))
    }

    /// For scoring: more at a time than there are cores would take memory and save no time.
    pub fn per_core() -> Self {
        Turns(Arc::new(Semaphore::new(available_parallelism().map_or(1, NonZero::get))))
    }

    /// Waits for a turn, in the order of asking. It lasts until it is dropped.
    pub async fn next(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.0).acquire_owned().await.map_err(|error| Refusal::Internal(error.to_string()))
    }
}

impl App {
    /// Runs blocking work at once: short, and not to wait behind heavy work.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&app));
        done.await.map_err(|error| Refusal::Internal(error.to_string()))?
    }

    /// Runs blocking work when its turn comes. The work asks now and then whether somebody still waits.
    pub(super) async fn heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App, &Asker) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.next()).await.map_err(|_| Refusal::Crowded)??;
        let (_waiter, asker) = Waiter::new();
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&app, &asker)
        });
        done.await.map_err(|error| Refusal::Internal(error.to_string()))?
    }
}
