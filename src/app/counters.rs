//! How many evaluations were made, by what became of them.

use std::sync::atomic::{AtomicU64, Ordering};

/// Grows for as long as the process lives.
#[derive(Debug, Default)]
pub struct Counters {
    /// Kept now.
    pub stored: AtomicU64,
    /// The same request was kept before and was answered again.
    pub repeated: AtomicU64,
    /// Answered without being kept.
    pub validated: AtomicU64,
    /// No evaluation came of it.
    pub refused: AtomicU64,
}

impl Counters {
    /// Name and number of each.
    pub fn read(&self) -> [(&'static str, u64); 4] {
        let Counters { stored, repeated, validated, refused } = self;
        [("stored", stored), ("repeated", repeated), ("validated", validated), ("refused", refused)]
            .map(|(name, number)| (name, number.load(Ordering::Relaxed)))
    }

    pub fn count(number: &AtomicU64) {
        number.fetch_add(1, Ordering::Relaxed);
    }
}
