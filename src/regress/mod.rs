//! Regression cases of rule packs: what authors and CI both run.

mod boundaries;
mod coverage;
mod facets;
pub mod mutation;
mod proofs;
mod reach;
mod readings;
mod review;
mod run;
mod want;

pub use boundaries::{Boundaries, Edge, Proposal, Side, Standing};
pub use coverage::{Coverage, GROUPS, Missing, PackCoverage};
pub use facets::result_names;
pub use proofs::prove;
pub use reach::{Ground, Item, Kind, Reach, Way, items};
pub use review::{Change, Edit, Obstacle, Rewritten, changes};
pub use run::{Case, CaseReach, CaseResult, Outcome, Report, Runner, WatchedCase};
pub use want::Difference;
