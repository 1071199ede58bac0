//! A rule pack exactly as its author wrote it, with places.
//!
//! Nothing is compiled here: [`Pack::parse`] knows which file holds which section and that every section
//! is a mapping from id to entry, so that [`overlay`](overlay::merge) can lay a region's variant over the
//! pack it extends, id by id. What the entries mean is `ruleset`'s business.

mod case;
mod files;
mod manifest;
mod matrix;
mod overlay;
mod readings;
mod sections;

pub use case::{CaseSource, parse_blank, parse_cases};
pub use files::PackFiles;
pub use manifest::{AppliesTo, Award, Manifest, Source, Years};
pub use overlay::overlaid;
pub use readings::{ReadingCase, ReadingTable, parse_readings};
pub use sections::{Pack, Script, section_names};

use crate::diagnostic::Place;

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    pub value: T,
    pub place: Place,
}

impl<T> Located<T> {
    pub fn new(value: T, place: Place) -> Self {
        Located { value, place }
    }
}
