//! Mutation of rule packs: does some case notice when a rule is got wrong?
//!
//! [`Workbench::mutants`] lists the slips that a pack's source allows, each an edit of its text; [`Workbench::judge`]
//! compiles the pack with one of them and runs the pack's own cases until one fails. A slip that the compiler refuses
//! never comes to score a form; one that no case notices survives, and [`Workbench::proposal`] looks for an input on
//! which the rules as written and the slip differ, and writes the case that would have noticed.
//!
//! Formulas are metered, so that no slip runs for ever: nothing here needs a clock.

mod baseline;
mod slips;
mod witness;
mod workbench;

pub use baseline::{Accepted, Baseline};
pub use slips::{Mutant, Operator};
pub use witness::Proposal;
pub use workbench::{Fate, Workbench};
