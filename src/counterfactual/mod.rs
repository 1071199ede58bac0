//! Why a form does not have more points, and what would have to be otherwise for it to have them.
//!
//! The [`Ledger`] accounts for every point between what is possible and what is awarded: who took it, by which rule,
//! on which ground. [`WhyNot`] looks for the smallest change of a single cell that reaches a goal. Nothing is claimed
//! that was not evaluated: a change is told with the evaluation that it leads to, and with that of one step less,
//! which does not reach the goal.

mod goal;
mod ledger;
mod levers;
mod search;
mod text;

pub use goal::{Goal, Line};
pub use ledger::{Cause, Ledger, Loss};
pub use search::{Answer, Change, Standing, WhyNot};
