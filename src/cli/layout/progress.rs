//! How far a long run has come: one line on standard error, only where a terminal shows it.

#![expect(clippy::disallowed_methods, reason = "the rim: asks whether somebody looks on")]

use std::io::{self, IsTerminal, Write};

use super::ink::Ink;

/// Cells of the bar.
const BAR: usize = 24;
/// Back to the first column, and everything there away.
const CLEAR: &str = "\r\x1b[2K";

/// A line that is drawn again whenever the per cent change.
pub struct Progress {
    /// What is done: 评价中.
    label: &'static str,
    total: usize,
    done: usize,
    is_shown: bool,
    /// Whether the results go to the same terminal: they and the line take turns.
    shares_terminal: bool,
}

impl Progress {
    /// Shows nothing where standard error is no terminal, or there is one thing to do.
    pub fn of(total: usize, label: &'static str) -> Self {
        let is_shown = total > 1 && io::stderr().is_terminal();
        let progress = Progress { label, total, done: 0, is_shown, shares_terminal: io::stdout().is_terminal() };
        progress.draw();
        progress
    }

    pub fn reached(&mut self, done: usize) {
        let percent = |done: usize| done.saturating_mul(100) / self.total.max(1);
        let moved = percent(done) != percent(self.done);
        self.done = done;
        if moved {
            self.draw();
        }
    }

    /// Runs what writes to a terminal with the line out of its way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.clear();
        let written = write();
        self.draw();
        written
    }

    /// Whether results must be written [`Progress::aside`].
    pub fn is_in_the_way(&self) -> bool {
        self.is_shown && self.shares_terminal
    }

    fn draw(&self) {
        if self.is_shown {
            let text = line(self.done, self.total, self.label);
            drop(write!(anstream::stderr().lock(), "{CLEAR}{text}"));
        }
    }

    fn clear(&self) {
        if self.is_shown {
            drop(write!(anstream::stderr().lock(), "{CLEAR}"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `评价中  312/1000  ███████░░░░░░░░░`
fn line(done: usize, total: usize, label: &str) -> String {
    let full = done.min(total).saturating_mul(BAR) / total.max(1);
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR - full));
    format!("{label}  {bar}  {done}/{total}", label = Ink::Faint.paint(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_grows_with_what_is_done() {
        let bar = |done, total| line(done, total, "评价中").matches('█').count();
        assert_eq!((bar(0, 100), bar(50, 100), bar(100, 100)), (0, BAR / 2, BAR));
        assert_eq!((bar(0, 0), bar(7, 3)), (0, BAR), "more than was foreseen is no more than all");
        assert!(line(3, 9, "evaluating").ends_with("3/9"));
    }
}
