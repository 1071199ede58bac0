//! Regression cases of rule packs: what authors and CI both run.

mod facets;
mod proofs;
mod reach;
mod run;
mod want;

pub use proofs::prove;
pub use reach::{Item, Kind, Reach, Way, items};
pub use run::{CaseReach, CaseResult, Outcome, Report, Runner};
pub use want::Difference;
