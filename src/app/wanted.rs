//! Whether somebody still waits for an answer: work on other threads asks, and stops when nobody does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Held by whoever waits. Once it is dropped, as when a client gives up or its deadline passes, the
/// [`Asker`]s know.
#[derive(Debug)]
pub struct Waiter(Arc<AtomicBool>);

/// Asks for the [`Waiter`].
#[derive(Debug, Clone)]
pub struct Asker(Arc<AtomicBool>);

impl Waiter {
    pub fn new() -> (Self, Asker) {
        let waiting = Arc::new(AtomicBool::new(true));
        (Waiter(Arc::clone(&waiting)), Asker(waiting))
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Asker {
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
