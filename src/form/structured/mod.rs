//! A target or an actual that a client's system sends as structure, beside the printed text.
//!
//! The text is what people are shown, the structure is what is scored. [`admit`] is the part of the gate that
//! stands before it: behind it a [`Structured`] says one thing, and its comparison fits what it says. Whether
//! the rule pack knows the unit and the tier, and whether the text says the same, is for the rules to find.

mod dates;
mod gate;

use super::draft::StructuredDraft;
use crate::quantity::Exact;

pub use dates::{Dates, Day};
pub(super) use gate::admit;

/// One value as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structured {
    comparison: Option<Comparison>,
    content: Content,
    unit: String,
    tier: String,
}

/// What a structure says. Texts are kept as they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Number(Sent<Exact>),
    /// Both ends included, `low` not above `high`.
    Range {
        low: Sent<Exact>,
        high: Sent<Exact>,
    },
    Date(Sent<Dates>),
    /// Nothing but [`Structured::tier`], which is then not blank.
    Tier,
}

/// A value with the text it was sent as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<T> {
    text: String,
    value: T,
}

/// How a number or a date bounds what it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    AtLeast,
    AtMost,
    /// Never with a date.
    MoreThan,
    /// Never with a date.
    LessThan,
    Exactly,
    /// Only with a range or a date.
    Within,
}

impl Structured {
    /// Absent where the client leaves it to the text.
    pub fn comparison(&self) -> Option<Comparison> {
        self.comparison
    }

    pub fn content(&self) -> &Content {
        &self.content
    }

    /// May be blank, and is no word of any lexicon yet.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Id of a tier; may be blank, and is not proved to be one of the rule pack's.
    pub fn tier(&self) -> &str {
        &self.tier
    }

    /// As it was sent: admitted again, it is the same structure.
    pub fn to_draft(&self) -> StructuredDraft {
        let Structured { comparison, content, unit, tier } = self;
        let mut draft = StructuredDraft {
            comparison: comparison.map_or_else(String::new, |comparison| comparison.name().to_owned()),
            unit: unit.clone(),
            tier: tier.clone(),
            ..StructuredDraft::default()
        };
        match content {
            Content::Number(value) => draft.value.clone_from(&value.text),
            Content::Range { low, high } => {
                draft.low.clone_from(&low.text);
                draft.high.clone_from(&high.text);
            }
            Content::Date(date) => draft.date.clone_from(&date.text),
            Content::Tier => {}
        }
        draft
    }
}

impl<T> Sent<T> {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn value(&self) -> &T {
        &self.value
    }
}

impl Comparison {
    pub const ALL: [Comparison; 6] = [
        Comparison::AtLeast,
        Comparison::AtMost,
        Comparison::MoreThan,
        Comparison::LessThan,
        Comparison::Exactly,
        Comparison::Within,
    ];

    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            Comparison::AtLeast => "AT_LEAST",
            Comparison::AtMost => "AT_MOST",
            Comparison::MoreThan => "MORE_THAN",
            Comparison::LessThan => "LESS_THAN",
            Comparison::Exactly => "EXACTLY",
            Comparison::Within => "WITHIN",
        }
    }

    /// Reads the name that files write, or the one that protobuf gives it: `COMPARISON_AT_LEAST`.
    pub fn from_name(name: &str) -> Option<Self> {
        let short = name.strip_prefix("COMPARISON_").unwrap_or(name);
        Comparison::ALL.into_iter().find(|comparison| comparison.name() == short)
    }
}
