//! Work that takes a core for seconds: off the threads that serve requests, a few at a time, and none that nobody
//! waits for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::wanted::{Asker, Waiter};
use super::{App, Refusal};

/// Heavy works at a time: scoring must keep a core.
const AT_A_TIME: usize = 2;
/// How long a work waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// The turns of heavy work.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Turns(Arc::new(Semaphore::new(AT_A_TIME)))
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
        let turns = Arc::clone(&self.turns.0);
        let turn = tokio::time::timeout(PATIENCE, turns.acquire_owned()).await;
        let turn = turn.map_err(|_| Refusal::Crowded)?.map_err(|error| Refusal::Internal(error.to_string()))?;
        let (_waiter, asker) = Waiter::new();
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&app, &asker)
        });
        done.await.map_err(|error| Refusal::Internal(error.to_string()))?
    }
}
