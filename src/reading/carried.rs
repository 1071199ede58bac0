//! A reading that came back from a stored or sent answer.

use std::sync::Arc;

use super::kind::{Comparison, Kind};
use super::lexicon::Measure;
use super::statement::{Reading, Spans, Statement, Unit};
use crate::quantity::Exact;

/// What an answer carries of a reading that people are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub text: String,
    pub kind: Kind,
    pub comparison: Option<Comparison>,
    /// Absent also where the number has no finite decimal notation.
    pub value: Option<Exact>,
    pub unit: Option<String>,
    pub tier: Option<String>,
}

impl Reading {
    /// A reading to be shown. What it was compared by is not carried, so it meets nothing: to compare, read the
    /// text again by the lexicon of the revision that read it.
    pub fn carried(carried: Carried) -> Self {
        let Carried { text, kind, comparison, value, unit, tier } = carried;
        let main = Statement {
            comparison,
            value,
            unit: unit.map(|printed| Arc::new(Unit { printed: printed.into(), measure: Measure::proportion() })),
            tier: tier.map(Arc::from),
            ..Statement::empty(kind, 0, text.len())
        };
        Reading { text: text.into(), main, others: Vec::new(), spans: Spans::new() }
    }
}
