//! Where a value can lie.

use super::super::kind::{Comparison, Kind};
use super::super::statement::Statement;
use crate::quantity::{ArithmeticError, Exact};

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub at: Exact,
    /// Whether the end itself belongs.
    pub closed: bool,
}

/// A stretch of numbers; an absent end is unbounded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Interval {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl End {
    pub fn closed(at: Exact) -> Self {
        End { at, closed: true }
    }

    fn open(at: Exact) -> Self {
        End { at, closed: false }
    }
}

impl Interval {
    pub fn at_least(value: Exact) -> Self {
        Interval { low: Some(End::closed(value)), high: None }
    }

    pub fn at_most(value: Exact) -> Self {
        Interval { low: None, high: Some(End::closed(value)) }
    }

    pub fn within(low: Exact, high: Exact) -> Self {
        Interval { low: Some(End::closed(low)), high: Some(End::closed(high)) }
    }

    pub fn only(value: Exact) -> Self {
        Interval::within(value.clone(), value)
    }

    /// Where the number of a statement lies: a point, a range, or a half-line, widened by what 约 leaves open.
    ///
    /// # Errors
    /// When widening leaves exact arithmetic.
    pub fn of(statement: &Statement, tolerance: Option<&Exact>) -> Result<Option<Self>, ArithmeticError> {
        if statement.kind == Kind::Range {
            let ends = statement.low.clone().zip(statement.high.clone());
            return Ok(ends.map(|(low, high)| Interval::within(low, high)));
        }
        let Some(value) = &statement.value else { return Ok(None) };
        if statement.approximate {
            return Interval::around(value, statement.comparison, tolerance).map(Some);
        }
        Ok(Some(match statement.comparison {
            Some(Comparison::AtLeast) => Interval::at_least(value.clone()),
            Some(Comparison::AtMost) => Interval::at_most(value.clone()),
            Some(Comparison::MoreThan) => Interval { low: Some(End::open(value.clone())), high: None },
            Some(Comparison::LessThan) => Interval { low: None, high: Some(End::open(value.clone())) },
            Some(Comparison::Exactly | Comparison::Within) | None => Interval::only(value.clone()),
        }))
    }

    /// 约90, 90余 (more, but not twice as much), 近90.
    fn around(
        value: &Exact,
        comparison: Option<Comparison>,
        tolerance: Option<&Exact>,
    ) -> Result<Self, ArithmeticError> {
        let spread = match tolerance {
            Some(share) => value.abs().mul(share)?,
            None => value.abs(),
        };
        let (below, above) = (value.sub(&spread)?, value.add(&spread)?);
        Ok(match comparison {
            Some(Comparison::MoreThan) => {
                Interval { low: Some(End::open(value.clone())), high: Some(End::open(value.add(&value.abs())?)) }
            }
            Some(Comparison::LessThan) => {
                Interval { low: Some(End::closed(below)), high: Some(End::open(value.clone())) }
            }
            Some(Comparison::AtLeast) => Interval { low: Some(End::closed(below)), high: None },
            Some(Comparison::AtMost) => Interval { low: None, high: Some(End::closed(above)) },
            _ => Interval::within(below, above),
        })
    }

    /// The same stretch in another unit, or turned round by a negative factor.
    ///
    /// # Errors
    /// When the product leaves exact arithmetic.
    pub fn times(self, factor: &Exact) -> Result<Self, ArithmeticError> {
        if *factor == Exact::ONE {
            return Ok(self);
        }
        let scaled = |end: &Option<End>| -> Result<Option<End>, ArithmeticError> {
            end.as_ref().map(|end| Ok(End { at: end.at.mul(factor)?, closed: end.closed })).transpose()
        };
        let (low, high) = (scaled(&self.low)?, scaled(&self.high)?);
        Ok(if factor.is_negative() { Interval { low: high, high: low } } else { Interval { low, high } })
    }

    /// Every number in here is in `goal`.
    pub fn is_inside(&self, goal: &Interval) -> bool {
        let low = match (&self.low, &goal.low) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => {
                mine.at > theirs.at || mine.at == theirs.at && (theirs.closed || !mine.closed)
            }
        };
        let high = match (&self.high, &goal.high) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => {
                mine.at < theirs.at || mine.at == theirs.at && (theirs.closed || !mine.closed)
            }
        };
        low && high
    }

    /// No number in here is in `goal`.
    pub fn misses(&self, goal: &Interval) -> bool {
        let below = |high: &Option<End>, low: &Option<End>| match (high, low) {
            (Some(high), Some(low)) => high.at < low.at || high.at == low.at && !(high.closed && low.closed),
            _ => false,
        };
        below(&self.high, &goal.low) || below(&goal.high, &self.low)
    }

    /// Every number in here is greater than `value`.
    pub fn is_above(&self, value: &Exact) -> bool {
        self.low.as_ref().is_some_and(|low| low.at > *value || low.at == *value && !low.closed)
    }
}
