//! What a verdict quotes, put into words only where somebody reads it.

use std::fmt::Write;
use std::sync::Arc;

use smol_str::SmolStr;

use super::super::statement::{Reading, Statement, Unit, said};
use crate::diagnostic::Bilingual;
use crate::quantity::Exact;

/// The sentence that says why a verdict is what it is.
#[derive(Debug, Clone)]
pub(super) enum Reason {
    Told(Bilingual),
    /// How the actual compares with the target: what nearly every row of numbers ends with.
    Compared {
        sentence: fn(&str, &str) -> Bilingual,
        actual: Quote,
        target: Quote,
    },
}

/// A number as a reason shows it.
#[derive(Debug, Clone)]
pub(super) enum Quote {
    /// A statement's own words.
    Said { text: SmolStr, start: usize, end: usize },
    /// A number in the target's unit.
    Print { value: Exact, unit: Option<Arc<Unit>> },
}

impl From<Bilingual> for Reason {
    fn from(told: Bilingual) -> Self {
        Reason::Told(told)
    }
}

impl Reason {
    pub fn told(&self) -> Bilingual {
        match self {
            Reason::Told(told) => told.clone(),
            Reason::Compared { sentence, actual, target } => {
                let (mut of_actual, mut of_target) = (String::new(), String::new());
                sentence(actual.words(&mut of_actual), target.words(&mut of_target))
            }
        }
    }
}

impl Quote {
    pub fn said(reading: &Reading, statement: &Statement) -> Self {
        Quote::Said { text: reading.text.clone(), start: statement.start, end: statement.end }
    }

    /// The words, kept in `room` where they stand in no text.
    fn words<'q>(&'q self, room: &'q mut String) -> &'q str {
        match self {
            Quote::Said { text, start, end } => said(text, *start, *end),
            Quote::Print { value, unit } => {
                *room = printed(value, unit.as_deref());
                room
            }
        }
    }
}

/// A number and its unit.
pub(super) fn printed(value: &Exact, unit: Option<&Unit>) -> String {
    /// Bytes for the digits of an ordinary number.
    const ROOM: usize = 12;
    let unit = unit.map_or("", |unit| unit.printed.as_str());
    let mut print = String::with_capacity(ROOM + unit.len());
    // Writing to a string does not fail.
    let _ = write!(print, "{value}{unit}");
    print
}
