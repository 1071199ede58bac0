//! Regression cases of rule packs: what authors and CI both run.

mod facets;
mod run;
mod want;

pub use run::{CaseResult, Outcome, Report, Runner};
pub use want::Difference;
