//! What holds of a rule set for every form, without running one: proofs, and inputs that refute.
//!
//! A claim is *proven* when every way through the formulas that could break it contradicts what is known of the
//! inputs, by intervals or by a certificate that is added up again. It is *refuted* when an input was found and
//! run that breaks it. Anything else is not proven, and says why. Exact throughout; work is counted, not timed.

mod adjustments;
mod algebra;
mod book;
mod checks;
mod claim;
mod context;
mod decide;
mod explore;
mod input;
mod methods;
mod pairs;
mod pieces;
mod prover;
mod report;
mod trial;

pub use book::prove_book;
pub use claim::{Claim, Doubt, Input, Outcome, Property, Refutation, Verdict};
pub use pieces::{Curve, Over, Pieces, Stretch, pieces};
pub use prover::{Proofs, prove};

#[cfg(test)]
mod tests;
