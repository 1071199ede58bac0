//! Which stretch of the original each part of a folded text came from.

/// Runs of the folded text, in its order; empty when the two texts are the same.
#[derive(Default)]
pub(super) struct Origins {
    runs: Vec<Run>,
    /// Bytes of folded text that the runs cover.
    length: usize,
}

/// A stretch of the original, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub start: usize,
    pub end: usize,
}

struct Run {
    /// Where it begins in the folded text.
    at: usize,
    origin: Origin,
    /// Character for character the original; any other run came from its origin as a whole.
    same: bool,
}

impl Origins {
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Notes that the next `length` bytes of folded text came from `origin`; `same` says that they are its own.
    pub fn add(&mut self, length: usize, origin: Origin, same: bool) {
        match self.runs.last_mut() {
            Some(last) if same && last.same && last.origin.end == origin.start => last.origin.end = origin.end,
            _ => self.runs.push(Run { at: self.length, origin, same }),
        }
        self.length += length;
    }

    /// The stretch of the original that `start..end` came from; both stand between characters.
    pub fn of(&self, start: usize, end: usize) -> Origin {
        let first = self
            .run(start)
            .map_or(0, |run| if run.same { run.origin.start + (start - run.at) } else { run.origin.start });
        let last = end.checked_sub(1).and_then(|byte| self.run(byte));
        let last = last.map_or(first, |run| if run.same { run.origin.start + (end - run.at) } else { run.origin.end });
        Origin { start: first, end: last.max(first) }
    }

    /// The run that the byte belongs to.
    fn run(&self, byte: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.at <= byte);
        if byte < self.length { self.runs.get(after.checked_sub(1)?) } else { None }
    }
}
