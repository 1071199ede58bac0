//! The rows that change, counted by what they have in common.

use std::collections::BTreeMap;

use super::comparison::RowImpact;
use super::deltas::Deltas;

/// The most names of indicators that are told apart; rows of further ones count only elsewhere. Names are what people
/// wrote: there may be as many as there are rows.
const MOST_NAMES: usize = 20_000;

/// Rows that have something in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowTally {
    /// Rows whose points or status change.
    pub changed: usize,
    /// Rows that change only in how they are read or by which rule.
    pub otherwise: usize,
    /// Of the rows that change.
    pub deltas: Deltas,
}

impl RowTally {
    fn record(&mut self, row: &RowImpact) {
        if row.changes_score() {
            self.changed += 1;
            self.deltas.record(row.delta());
        } else {
            self.otherwise += 1;
        }
    }

    fn merge(&mut self, other: &RowTally) {
        self.changed += other.changed;
        self.otherwise += other.otherwise;
        self.deltas.merge(&other.deltas);
    }
}

/// Changed rows by what they have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// By dimension and category; both empty for the execution.
    pub by_category: BTreeMap<(String, String), RowTally>,
    pub by_name: BTreeMap<String, RowTally>,
    /// By the entries that score them, old and new: `scoring.at_least`.
    pub by_entry: BTreeMap<(String, String), RowTally>,
}

impl Rows {
    pub(super) fn record(&mut self, row: &RowImpact) {
        let category = (row.dimension.clone(), row.category.clone());
        self.by_category.entry(category).or_default().record(row);
        let entry = |side: &Option<super::RowSide>| side.as_ref().map(|side| side.entry.clone()).unwrap_or_default();
        self.by_entry.entry((entry(&row.old), entry(&row.new))).or_default().record(row);
        if !row.is_execution()
            && let Some(tally) = named(&mut self.by_name, &row.name)
        {
            tally.record(row);
        }
    }

    pub(super) fn merge(&mut self, other: Rows) {
        let Rows { by_category, by_name, by_entry } = other;
        for (key, tally) in by_category {
            self.by_category.entry(key).or_default().merge(&tally);
        }
        for (key, tally) in by_entry {
            self.by_entry.entry(key).or_default().merge(&tally);
        }
        for (name, more) in by_name {
            if let Some(tally) = named(&mut self.by_name, &name) {
                tally.merge(&more);
            }
        }
    }
}

fn named<'t>(tallies: &'t mut BTreeMap<String, RowTally>, name: &str) -> Option<&'t mut RowTally> {
    if tallies.len() >= MOST_NAMES && !tallies.contains_key(name) {
        return None;
    }
    Some(tallies.entry(name.to_owned()).or_default())
}
