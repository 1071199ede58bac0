//! What a change of rules does to scores: two rule books over the same forms, and the rules themselves side by side.
//!
//! ```text
//! let comparison = Comparison::new(&old, &new);
//! let mut impact = comparison.tally(TOP);          // one on each core, if there are many
//! impact.add(&comparison, "form 1", &form);        // or: impact.record(comparison.compare("form 1", &form))
//! impact.merge(other);                             // in any order: the result is the same
//! budget.exceeded_by(&impact)                      // what a publisher allowed for, held against it
//! ```
//!
//! Memory does not grow with the forms: counts, and the forms that move most.

mod budget;
mod comparison;
mod deltas;
mod grades;
mod rows;
mod rules;
mod tally;

pub use budget::{Budget, Excess};
pub use comparison::{Comparison, FindingImpact, FormImpact, RowImpact, RowSide, Scored, Side};
pub use deltas::{Bin, Deltas};
pub use grades::{GradeMove, Migration, Standing};
pub use rows::{RowTally, Rows};
pub use rules::{Detail, Edition, Fate, RuleDifference, What, differences};
pub use tally::{Change, FindingTally, Impact};

#[cfg(test)]
mod tests;
