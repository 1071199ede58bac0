//! YAML and JSON text → a tree in which every value knows its place.
//!
//! Rule files, cases and form files all enter through [`parse`]: one strict subset of YAML (no anchors,
//! aliases, tags or merge keys; no duplicate key), bounded in size and depth, numbers kept as they were
//! typed so that `9.180` stays exact. [`Fields`] reads a mapping and reports every unknown, missing or
//! ill-typed entry instead of stopping at the first.

mod fields;
mod node;
mod parse;
mod scalar;

pub use fields::{Fields, Problems};
pub use node::{Key, Node, Scalar, ScalarStyle, Shape};
pub use parse::{Limits, parse};
