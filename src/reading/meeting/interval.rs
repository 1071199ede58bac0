//! Where a value can lie.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::kind::{Comparison, Kind};
use super::super::statement::Statement;
use crate::quantity::{ArithmeticError, Exact};

/// One end of an interval; where nothing is computed, the number of the statement itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End<'s> {
    pub at: Cow<'s, Exact>,
    /// Whether the end itself belongs.
    pub closed: bool,
}

/// A stretch of numbers; an absent end is unbounded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Interval<'s> {
    pub low: Option<End<'s>>,
    pub high: Option<End<'s>>,
}

impl<'s> End<'s> {
    fn closed(at: Cow<'s, Exact>) -> Self {
        End { at, closed: true }
    }

    fn open(at: Cow<'s, Exact>) -> Self {
        End { at, closed: false }
    }

    fn times(&self, factor: &Exact) -> Result<Self, ArithmeticError> {
        Ok(End { at: Cow::Owned(self.at.mul(factor)?), closed: self.closed })
    }
}

impl<'s> Interval<'s> {
    pub fn at_least(value: &'s Exact) -> Self {
        Interval { low: Some(End::closed(Cow::Borrowed(value))), high: None }
    }

    pub fn at_most(value: &'s Exact) -> Self {
        Interval { low: None, high: Some(End::closed(Cow::Borrowed(value))) }
    }

    fn within(low: Cow<'s, Exact>, high: Cow<'s, Exact>) -> Self {
        Interval { low: Some(End::closed(low)), high: Some(End::closed(high)) }
    }

    pub fn only(value: &'s Exact) -> Self {
        Interval::within(Cow::Borrowed(value), Cow::Borrowed(value))
    }

    /// Where the number of a statement lies: a point, a range, or a half-line, widened by what 约 leaves open.
    ///
    /// # Errors
    /// When widening leaves exact arithmetic.
    pub fn of(statement: &'s Statement, tolerance: Option<&Exact>) -> Result<Option<Self>, ArithmeticError> {
        if statement.kind == Kind::Range {
            let ends = statement.low().zip(statement.high());
            return Ok(ends.map(|(low, high)| Interval::within(Cow::Borrowed(low), Cow::Borrowed(high))));
        }
        let Some(value) = &statement.value else { return Ok(None) };
        if statement.approximate {
            return Interval::around(value, statement.comparison, tolerance).map(Some);
        }
        Ok(Some(match statement.comparison {
            Some(Comparison::AtLeast) => Interval::at_least(value),
            Some(Comparison::AtMost) => Interval::at_most(value),
            Some(Comparison::MoreThan) => Interval { low: Some(End::open(Cow::Borrowed(value))), high: None },
            Some(Comparison::LessThan) => Interval { low: None, high: Some(End::open(Cow::Borrowed(value))) },
            Some(Comparison::Exactly | Comparison::Within) | None => Interval::only(value),
        }))
    }

    /// 约90, 90余 (more, but not twice as much), 近90.
    fn around(
        value: &'s Exact,
        comparison: Option<Comparison>,
        tolerance: Option<&Exact>,
    ) -> Result<Self, ArithmeticError> {
        let spread = match tolerance {
            Some(share) => value.abs().mul(share)?,
            None => value.abs(),
        };
        let (below, above) = (Cow::Owned(value.sub(&spread)?), Cow::Owned(value.add(&spread)?));
        Ok(match comparison {
            Some(Comparison::MoreThan) => {
                let twice = Cow::Owned(value.add(&value.abs())?);
                Interval { low: Some(End::open(Cow::Borrowed(value))), high: Some(End::open(twice)) }
            }
            Some(Comparison::LessThan) => {
                Interval { low: Some(End::closed(below)), high: Some(End::open(Cow::Borrowed(value))) }
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
        let scaled = |end: &Option<End<'s>>| end.as_ref().map(|end| end.times(factor)).transpose();
        let (low, high) = (scaled(&self.low)?, scaled(&self.high)?);
        Ok(if factor.is_negative() { Interval { low: high, high: low } } else { Interval { low, high } })
    }

    /// Every number in here is in `goal`.
    pub fn is_inside(&self, goal: &Interval<'_>) -> bool {
        /// `beyond` is how an end of this lies to the goal's where it is inside.
        fn holds(mine: Option<&End<'_>>, theirs: Option<&End<'_>>, beyond: Ordering) -> bool {
            let Some(theirs) = theirs else { return true };
            mine.is_some_and(|mine| match mine.at.cmp(&theirs.at) {
                Ordering::Equal => theirs.closed || !mine.closed,
                order => order == beyond,
            })
        }
        holds(self.low.as_ref(), goal.low.as_ref(), Ordering::Greater)
            && holds(self.high.as_ref(), goal.high.as_ref(), Ordering::Less)
    }

    /// No number in here is in `goal`.
    pub fn misses(&self, goal: &Interval<'_>) -> bool {
        fn below(high: Option<&End<'_>>, low: Option<&End<'_>>) -> bool {
            high.zip(low).is_some_and(|(high, low)| match high.at.cmp(&low.at) {
                Ordering::Less => true,
                Ordering::Equal => !(high.closed && low.closed),
                Ordering::Greater => false,
            })
        }
        below(self.high.as_ref(), goal.low.as_ref()) || below(goal.high.as_ref(), self.low.as_ref())
    }

    /// Every number in here is greater than `value`.
    pub fn is_above(&self, value: &Exact) -> bool {
        self.low.as_ref().is_some_and(|low| match (*low.at).cmp(value) {
            Ordering::Greater => true,
            Ordering::Equal => !low.closed,
            Ordering::Less => false,
        })
    }
}
