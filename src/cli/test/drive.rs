//! Running cases on all cores, timed, in the order of packs and files.

#![expect(clippy::disallowed_methods, reason = "the rim: tells how long a case took")]

use std::convert::Infallible;
use std::time::{Duration, Instant};

use crate::cli::eval::in_order::in_order;
use crate::regress::{Case, Reach, Runner, WatchedCase};

/// A case that ran.
pub struct Ran {
    pub watched: WatchedCase,
    pub took: Duration,
}

/// Runs the cases; whoever asks what they reach has them `watched`.
pub fn run(runner: &Runner<'_>, cases: &[Case<'_>], watched: bool) -> Vec<Ran> {
    let mut all = Vec::with_capacity(cases.len());
    let work = |case: &Case<'_>| {
        let start = Instant::now();
        let watched = if watched {
            runner.watched(case)
        } else {
            WatchedCase { result: runner.result(case), reach: Reach::default() }
        };
        Ran { watched, took: start.elapsed() }
    };
    let take = |ran| {
        all.push(ran);
        Ok::<(), Infallible>(())
    };
    match in_order(work, |give| cases.iter().try_for_each(give), take) {
        Ok(()) => all,
    }
}

/// The time of the whole run.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (run(), start.elapsed())
}
