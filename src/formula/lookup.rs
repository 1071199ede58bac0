//! Tables that a formula looks up: which interval holds the argument decides the number.

use std::sync::Arc;

use crate::quantity::{Exact, Interval};

/// A table of the rules. Its intervals do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    title: Arc<str>,
    /// By their low ends, ascending.
    rows: Vec<(Interval, Exact)>,
}

impl Table {
    /// `title` is what derivations call it. Of intervals that overlap either may be found.
    pub fn new(title: impl Into<Arc<str>>, mut rows: Vec<(Interval, Exact)>) -> Self {
        rows.sort_by(|(one, _), (other, _)| (&one.low, !one.low_closed).cmp(&(&other.low, !other.low_closed)));
        Table { title: title.into(), rows }
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn rows(&self) -> &[(Interval, Exact)] {
        &self.rows
    }

    /// The row whose interval holds `x`, found in time logarithmic in the rows.
    pub fn row_of(&self, x: &Exact) -> Option<&(Interval, Exact)> {
        let row = self.rows.get(self.rows.partition_point(|(interval, _)| interval.is_below(x)))?;
        row.0.contains(x).then_some(row)
    }
}
