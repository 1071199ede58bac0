//! `heng test` as authors and CI see it, over a small pack of its own: matrix cases, filters, coverage, review, watch,
//! reports and the cases proposed at edges.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "this test starts the command, writes the files it reads, and fails by panicking"
)]

#[path = "case_runs/bench.rs"]
mod bench;
#[path = "case_runs/coverage.rs"]
mod coverage;
#[path = "case_runs/matrix.rs"]
mod matrix;
#[path = "case_runs/reach.rs"]
mod reach;
#[path = "case_runs/review.rs"]
mod review;
#[path = "case_runs/runs.rs"]
mod runs;
