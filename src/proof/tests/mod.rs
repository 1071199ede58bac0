//! The parts that proofs rest on.

mod decide;
