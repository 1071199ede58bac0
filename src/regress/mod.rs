//! Regression cases of rule packs: what authors and CI both run.

mod facets;
mod proofs;
mod run;
mod want;

pub use proofs::prove;
pub use run::{CaseResult, Outcome, Report, Runner};
pub use want::Difference;
