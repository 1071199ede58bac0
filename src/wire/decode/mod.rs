//! Messages → domain: shape only, nothing is judged.

mod evaluation;
mod form;

pub use evaluation::{AnswerError, evaluation};
pub use form::{form, form_bytes};
