//! A table on a number that is not known yet: each row in turn, and what no row holds.

use super::{Explorer, Facts, Sym, Ways};
use crate::formula::Table;
use crate::proof::algebra::{Constraint, Quotient, Relation};
use crate::quantity::{Exact, Interval};

impl Explorer<'_> {
    pub(super) fn lookup(&mut self, facts: &Facts, table: &Table, x: &Quotient) -> Ways {
        let mut ways = Ways::new();
        for (interval, value) in table.rows() {
            let Some(inside) = suppose(
                facts,
                x,
                Some((&interval.low, interval.low_closed)),
                Some((&interval.high, interval.high_closed)),
            ) else {
                let unknown = self.block("lookup");
                return vec![(facts.clone(), unknown)];
            };
            ways.extend(inside.map(|facts| (facts, Sym::Number(Quotient::of(value.clone())))));
        }
        for (above, below) in gaps(table.rows()) {
            if let Some(Some(facts)) = suppose(facts, x, above, below) {
                ways.push((facts, Sym::Absent));
            }
        }
        ways
    }
}

type End<'e> = Option<(&'e Exact, bool)>;

/// The stretches that no row holds: below the first, between two that do not meet, above the last.
fn gaps(rows: &[(Interval, Exact)]) -> Vec<(End<'_>, End<'_>)> {
    let (Some((first, _)), Some((last, _))) = (rows.first(), rows.last()) else { return vec![(None, None)] };
    let mut gaps = vec![(None, Some((&first.low, !first.low_closed))), (Some((&last.high, !last.high_closed)), None)];
    for (one, next) in rows.iter().zip(rows.iter().skip(1)) {
        let ((one, _), (next, _)) = (one, next);
        if one.high < next.low || (one.high == next.low && !one.high_closed && !next.low_closed) {
            gaps.push((Some((&one.high, !one.high_closed)), Some((&next.low, !next.low_closed))));
        }
    }
    gaps
}

/// The facts with `x` between the ends; `Some(None)` when it cannot be there, `None` when that cannot be written.
fn suppose(facts: &Facts, x: &Quotient, low: End<'_>, high: End<'_>) -> Option<Option<Facts>> {
    let relation = |closed| if closed { Relation::NonNegative } else { Relation::Positive };
    let mut known = Some(facts.clone());
    if let Some((low, closed)) = low {
        let gap = x.difference(&Quotient::of(low.clone()))?;
        known = known.and_then(|facts| facts.suppose(Constraint::new(gap, relation(closed))));
    }
    if let Some((high, closed)) = high {
        let gap = Quotient::of(high.clone()).difference(x)?;
        known = known.and_then(|facts| facts.suppose(Constraint::new(gap, relation(closed))));
    }
    Some(known)
}
