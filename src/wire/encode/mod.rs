//! Domain → messages.

mod canonical;
mod evaluation;
mod form;
mod reading;
mod rule_pack;
mod rule_trial;
mod straight;
mod writer;

pub(super) use canonical::canonical;
pub(super) use evaluation::status;
pub use evaluation::{Identity, evaluation, timestamp};
pub use form::form;
pub use reading::reading;
pub(super) use reading::{comparison_of, kind_of, met};
pub(super) use rule_pack::{basis_of, severity};
pub use rule_pack::{diagnostic, rule_pack};
pub use rule_trial::{activation, case_result, claim, excess, impact};
pub use straight::evaluation_bytes;
