//! Domain → messages.

mod evaluation;
mod form;
mod reading;
mod rule_pack;

pub use evaluation::{Identity, evaluation, evaluation_bytes, summary, timestamp};
pub use form::form;
pub use reading::reading;
pub use rule_pack::{diagnostic, rule_pack};
