//! One 项目支出绩效自评表: as typed ([`Draft`]), then admitted ([`Form`]).
//!
//! [`Form::admit`] is the one gate of heng. A file, an RPC, an imported sheet and a case of a rule pack all
//! make a [`Draft`] and pass here; behind the gate nobody checks again what a [`Form`] proves:
//!
//! * it has a project name, a fiscal year from 1949 to 2199 and 1 to 10,000 indicators;
//! * every numeric cell is blank, 不适用 or an exact number, and never one for the other;
//! * a structured target or actual is one number, one range, one date or one tier, and its comparison fits;
//! * no text is over its limit, and none has characters that hide or reorder what a person sees.
//!
//! What is merely wrong on a form (a missing reason, a negative amount, points that do not add up) passes:
//! that is a finding of the rules, not a reason to refuse.

mod admit;
mod admitted;
mod cell;
mod draft;
mod field;
mod from_document;
mod meaning;
mod numeral;
mod structured;
mod text;
mod violation;

pub use admitted::{Amounts, Form, FundSource, Funds, Goal, Indicator, Subtotal, Total};
pub use cell::{Cell, Printed};
pub use draft::{
    AmountsDraft, Draft, FundSourceDraft, FundsDraft, GoalDraft, IndicatorDraft, StructuredDraft, SubtotalDraft,
    TotalDraft,
};
pub use field::place_of;
pub use meaning::regional;
pub use structured::{Comparison, Content, Dates, Day, Sent, Structured};
pub use violation::{MAX_LISTED, Violation};

/// The most indicators a form may have.
pub const MAX_INDICATORS: usize = 10_000;

#[cfg(test)]
mod tests;
