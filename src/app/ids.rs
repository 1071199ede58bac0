//! Evaluation ids: ULIDs, 26 characters, ordered by time.

use std::sync::{Mutex, PoisonError};

use ulid::Generator;

/// Makes ids that grow, also within a millisecond and while the clock stands still or runs back.
#[derive(Default)]
pub struct IdSource {
    generator: Mutex<Generator>,
}

impl IdSource {
    pub fn next(&self) -> String {
        let mut generator = self.generator.lock().unwrap_or_else(PoisonError::into_inner);
        let id = match generator.generate() {
            Ok(id) => id,
            Err(overflow) => overflow.commit_overflow_increment(),
        };
        id.to_string()
    }
}
