//! One number against one number.

use std::sync::Arc;

use super::super::kind::{Comparison, Kind};
use super::super::lexicon::{Counted, Times};
use super::super::statement::{Change, Statement};
use super::direction::{Good, good_side};
use super::interval::Interval;
use super::numbers::Pair;
use super::quote::{Quote, Reason};
use super::units::Conversion;
use super::{Direction, Meeting, Met, reason};
use crate::diagnostic::Bilingual;
use crate::quantity::{ArithmeticError, Exact};

type Outcome = Result<Meeting, ArithmeticError>;
/// The verdict, and the sentence that tells why of the actual and the target.
type Verdict = (Met, Why);
type Why = fn(&str, &str) -> Bilingual;

impl Pair<'_> {
    pub(super) fn compare(&self, target: &Statement, actual: &Statement) -> Meeting {
        if actual.facts.relative && !target.facts.relative && !self.asks_for_change(target, actual) {
            let why = if actual.change.is_some() { reason::change_of_it } else { reason::share_of_target };
            return Meeting::judged(why(self.actual.said(actual)));
        }
        let mut good = good_side(target, || self.target.said(target), self.row, self.lexicon);
        // 降低物流成本10%: what is lowered is bad, that it is lowered is good.
        let lowered = target.comparison == Some(Comparison::Exactly) && actual.change == Some(Change::Decrease);
        if lowered && target.change.is_none() && self.lexicon.names_change(self.row.name, Change::Decrease) {
            good = Good { direction: Direction::HigherIsBetter, told: true };
        }
        let outcome = match self.conversion(target, actual) {
            Conversion::Factor(factor) => self.by_factor(target, actual, factor, good),
            Conversion::MaybeShare(factor) => self.maybe_share(target, actual, &factor, good),
            Conversion::IfNear(factor) => match self.by_factor(target, actual, factor, good) {
                Ok(meeting) if !self.is_near(target, actual, &meeting) => return self.refused(),
                outcome => outcome,
            },
            Conversion::Refused => return self.refused(),
        };
        let meeting = outcome.unwrap_or_else(|_| Meeting::unknown(reason::too_large()));
        let is_met = matches!(meeting.met, Met::Met | Met::Exceeded);
        if is_met && self.is_another(target, actual) {
            let reason = reason::another_thing(self.actual.said(actual)).into();
            return Meeting { met: Met::Judged, reason, ..meeting };
        }
        meeting
    }

    fn is_another(&self, target: &Statement, actual: &Statement) -> bool {
        self.names_another(target, actual) || self.counts_harm(actual) || self.is_reverse(target, actual)
    }

    /// A bare decimal against a percentage: read as a share where only that makes sense, else only where
    /// both ways of reading it agree.
    fn maybe_share(&self, target: &Statement, actual: &Statement, factor: &Exact, good: Good) -> Outcome {
        let as_share = self.by_factor(target, actual, factor.clone(), good)?;
        let as_printed = self.by_factor(target, actual, Exact::ONE, good)?;
        let most = target.high().or(target.value.as_ref());
        let half = factor.div(&Exact::from_i64(2))?;
        if as_share.met == as_printed.met || most.is_some_and(|most| *most >= half) {
            return Ok(as_share);
        }
        let text = self.actual.text.trim();
        let reason = reason::share_unproved(text, &as_share.target_print().unwrap_or_default()).into();
        Ok(Meeting { met: Met::Unknown, reason, actual: None, ..as_share })
    }

    /// `factor` is what one of the actual's units is in the target's.
    fn by_factor(&self, target: &Statement, actual: &Statement, factor: Exact, good: Good) -> Outcome {
        let Some(turn) = self.turn(target, actual) else {
            let (actual, target) = (self.actual.text.trim(), self.target.text.trim());
            return Ok(Meeting::unknown(reason::direction_unknown(actual, target)));
        };
        let factor = if turn == Turn::Round { factor.neg() } else { factor };
        let Some(mut found) = Interval::of(actual, self.lexicon.tolerance())? else { return Ok(self.refused()) };
        let mut value = actual.value.clone();
        // As it nearly always is.
        if factor != Exact::ONE {
            found = found.times(&factor)?;
            value = value.map(|value| value.mul(&factor)).transpose()?;
        }
        let doubt = self.lexicon.doubts().factor_slip.as_ref();
        let pair = target.value.as_ref().zip(value.as_ref());
        let factor_slip = doubt.zip(pair).is_some_and(|(doubt, (target, actual))| slips(target, actual, doubt));
        let (met, why) = match self.unit_in_doubt(target, actual, factor_slip) {
            Some(why) => (Met::Unknown, why),
            None => self.verdict(target, &found, good)?,
        };
        let quote = match &value {
            Some(value) if tells_all(target, actual) => {
                Quote::Print { value: value.clone(), unit: target.unit.clone() }
            }
            _ => Quote::said(self.actual, actual),
        };
        Ok(Meeting {
            met,
            reason: Reason::Compared { sentence: why, actual: quote, target: Quote::said(self.target, target) },
            direction: good.direction,
            target: target.value.clone(),
            actual: value,
            unit: target.unit.clone(),
            factor_slip,
        })
    }

    /// The same, or money of less than twice and more than half the target: 18.5元 for ≤20元/本 is the price of
    /// one, 1850元 is not. 2150元 for ≥2000元/户 may be what two earned together, unless it is 户均2150元.
    fn is_near(&self, target: &Statement, actual: &Statement, meeting: &Meeting) -> bool {
        let (Some(wanted), Some(given)) = (&meeting.target, &meeting.actual) else { return false };
        let two = Exact::from_i64(2);
        let below_twice = |a: &Exact, b: &Exact| b.mul(&two).is_ok_and(|twice| *a < twice);
        let of_one = meeting.direction == Direction::LowerIsBetter || actual.facts.average;
        wanted == given
            || of_one && self.more_is_unclear(target) && below_twice(wanted, given) && below_twice(given, wanted)
    }

    /// Whether both name what they measure, and name different things: 培训10场 and 宣传10场.
    fn names_another(&self, target: &Statement, actual: &Statement) -> bool {
        if !target.facts.named || !actual.facts.named {
            return false;
        }
        let wanted = self.target.label(target, self.lexicon);
        let given = self.actual.label(actual, self.lexicon);
        let known = |c: char| wanted.contains(c) || self.row.name.contains(c);
        !wanted.is_empty() && !given.is_empty() && !given.chars().any(known)
    }

    /// Whether the actual counts something nobody wants (亏损60万元, 不合格率96%) where the row counts another thing.
    fn counts_harm(&self, actual: &Statement) -> bool {
        let is_none = actual.value.as_ref().is_some_and(Exact::is_zero);
        if !actual.facts.harm || is_none {
            return false;
        }
        let name = self.row.name;
        let asked = self.lexicon.names_harm(name) || self.lexicon.names_harm(&self.target.text);
        // 减少损失 is not answered by a 损失.
        !asked || actual.change.is_none() && self.lexicon.names_change(name, Change::Decrease)
    }

    /// Whether the actual gets worse as the row's gets better: 失业率92% in a row 就业率, 排放120吨 for 减排≥100吨.
    fn is_reverse(&self, target: &Statement, actual: &Statement) -> bool {
        let lower = |text: &str| self.lexicon.direction_of_name(text) == Some(Direction::LowerIsBetter);
        let entry = target.unit.as_ref().and_then(|unit| self.lexicon.measure_entry(&unit.measure));
        let floor = matches!(target.comparison, Some(Comparison::AtLeast | Comparison::MoreThan));
        actual.facts.named
            && (floor || entry.is_some_and(|entry| entry.share))
            && lower(self.actual.said(actual))
            && !lower(self.row.name)
            && !lower(&self.target.text)
    }

    /// Whether a change against last year answers the target: it asks for a change, or is a percentage of something
    /// that is no share itself (旅游收入 ≥10%).
    pub(super) fn asks_for_change(&self, target: &Statement, actual: &Statement) -> bool {
        let names = |text: &str| {
            [Change::Increase, Change::Decrease].into_iter().any(|change| self.lexicon.names_change(text, change))
        };
        let entry = target.unit.as_ref().and_then(|unit| self.lexicon.measure_entry(&unit.measure));
        let is_rate = entry.is_some_and(|entry| entry.share) && !self.lexicon.is_share_name(self.row.name);
        actual.change.is_some()
            && (target.change.is_some() || is_rate || names(self.row.name) || names(&self.target.text))
    }

    /// Which way the actual's change counts; nothing where it does not say which way it went.
    pub(super) fn turn(&self, target: &Statement, actual: &Statement) -> Option<Turn> {
        let named = |change| self.lexicon.names_change(self.row.name, change);
        let capped = matches!(target.comparison, Some(Comparison::AtMost | Comparison::LessThan));
        match (target.change, actual.change) {
            (None, Some(Change::Increase)) if named(Change::Decrease) && !named(Change::Increase) => {
                (!capped).then_some(Turn::Round)
            }
            // 增加10万元 is no level that a cap of 100万元 bounds.
            (None, Some(Change::Increase)) if capped => named(Change::Increase).then_some(Turn::Straight),
            (None, Some(Change::Decrease)) if named(Change::Increase) && !named(Change::Decrease) => Some(Turn::Round),
            (None, None | Some(Change::Increase)) | (Some(Change::Increase), None) => Some(Turn::Straight),
            (Some(wanted), Some(found)) if wanted == found => Some(Turn::Straight),
            (Some(_), Some(_)) => Some(Turn::Round),
            (Some(Change::Decrease), None) if actual.value.as_ref().is_some_and(Exact::is_negative) => {
                Some(Turn::Round)
            }
            (Some(Change::Decrease), None) | (None, Some(Change::Decrease)) => {
                named(Change::Decrease).then_some(Turn::Straight)
            }
        }
    }

    fn verdict(&self, target: &Statement, found: &Interval<'_>, good: Good) -> Result<Verdict, ArithmeticError> {
        let Some(asked) = Interval::of(target, self.lexicon.tolerance())? else {
            return Ok((Met::Unknown, reason::straddles));
        };
        if target.unit.as_ref().is_some_and(|unit| unit.measure.of == Counted::Proportion) {
            let same = target.value.as_ref().is_some_and(|value| *found == Interval::only(value));
            return Ok(if same { (Met::Met, reason::met) } else { (Met::Unknown, reason::direction_unknown) });
        }
        if good.direction == Direction::Unknown {
            let same = found.is_inside(&asked);
            return Ok(if same { (Met::Met, reason::met) } else { (Met::Unknown, reason::direction_unknown) });
        }
        let end = asked.high.as_ref().or(asked.low.as_ref());
        let beyond = end.is_some_and(|end| found.is_above(&end.at)) && *found != asked;
        if found.is_inside(&goal(target, &asked, good.direction)) {
            return Ok(match good.direction {
                Direction::HigherIsBetter if beyond && !good.told && self.more_is_unclear(target) => {
                    (Met::Unknown, reason::more_unclear)
                }
                Direction::HigherIsBetter if beyond => (Met::Exceeded, reason::exceeded),
                _ => (Met::Met, reason::met),
            });
        }
        if found.misses(&farthest(target, &asked, good.direction)) {
            let above = good.direction == Direction::Exact && target.kind == Kind::Number && beyond;
            return Ok(if above { (Met::Unknown, reason::above_standard) } else { (Met::NotMet, reason::not_met) });
        }
        Ok((Met::Unknown, reason::straddles))
    }

    /// Why the actual's number may be in another unit than it seems, if it may.
    fn unit_in_doubt(&self, target: &Statement, actual: &Statement, factor_slip: bool) -> Option<Why> {
        let doubts = self.lexicon.doubts();
        if factor_slip {
            return Some(reason::factor_slip);
        }
        if actual.unit.is_some() {
            return None;
        }
        let entry = target.unit.as_ref().and_then(|unit| self.lexicon.measure_entry(&unit.measure));
        if doubts.scale_dropped.as_ref().is_some_and(|doubt| drops_scale(target, actual, doubt)) {
            Some(reason::scale_dropped)
        } else if doubts.unit_dropped.as_ref().is_some_and(|times| is_tiny(target, actual, times))
            && entry.is_some_and(|entry| entry.more_is_unclear)
        {
            Some(reason::unit_dropped)
        } else if doubts.bare_one.as_ref().is_some_and(|least| is_whole_one(target, actual, least))
            && entry.is_some_and(|entry| entry.share)
        {
            Some(reason::share_or_one)
        } else {
            None
        }
    }

    fn more_is_unclear(&self, target: &Statement) -> bool {
        let entry = target.unit.as_ref().and_then(|unit| self.lexicon.measure_entry(&unit.measure));
        entry.is_some_and(|entry| entry.more_is_unclear)
    }
}

/// How an actual's change counts towards the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Straight,
    /// It went the other way: 下降2% is −2% of 增长.
    Round,
}

/// What the target asks for. A bare number asks for at least, at most or exactly itself.
fn goal<'s>(target: &'s Statement, asked: &Interval<'s>, direction: Direction) -> Interval<'s> {
    let bare = matches!(target.comparison, Some(Comparison::Exactly) | None);
    match (&target.value, direction) {
        (Some(value), Direction::HigherIsBetter) if bare => Interval::at_least(value),
        (Some(value), Direction::LowerIsBetter) if bare => Interval::at_most(value),
        (Some(value), _) if bare => Interval::only(value),
        (Some(value), _) if target.approximate => match target.comparison {
            Some(Comparison::AtLeast | Comparison::MoreThan) => Interval::at_least(value),
            _ => Interval::at_most(value),
        },
        _ => asked.clone(),
    }
}

/// The farthest an approximate target may be meant to reach; the goal itself for any other.
fn farthest<'s>(target: &'s Statement, asked: &Interval<'s>, direction: Direction) -> Interval<'s> {
    match direction {
        _ if !target.approximate => goal(target, asked, direction),
        Direction::HigherIsBetter => Interval { low: asked.low.clone(), high: None },
        Direction::LowerIsBetter => Interval { low: None, high: asked.high.clone() },
        Direction::Exact | Direction::Unknown => asked.clone(),
    }
}

/// Whether one of the two is so many times the other that 元 and 万元 may be mixed up.
fn slips(target: &Exact, actual: &Exact, doubt: &Times) -> bool {
    let is_ordinary = |number: &Exact| *number < doubt.least && *number >= Exact::ONE;
    if target == actual || is_ordinary(target) && is_ordinary(actual) {
        return false;
    }
    let (target, actual) = (target.abs(), actual.abs());
    let (small, large) = if target <= actual { (target, actual) } else { (actual, target) };
    !small.is_zero() && doubt.hold(&large, &small)
}

/// `3200` for a target of `3.2公里`: its own unit left out, so many times the target.
fn drops_scale(target: &Statement, actual: &Statement, doubt: &Times) -> bool {
    let (Some(wanted), Some(given), Some(unit)) = (&target.value, &actual.value, &target.unit) else { return false };
    unit.measure.factor > Exact::ONE && *wanted > Exact::ZERO && doubt.hold(given, wanted)
}

/// `0.98` for a limit of `1000元`: its unit left out, and the target more than so many times it.
fn is_tiny(target: &Statement, actual: &Statement, times: &Exact) -> bool {
    let (Some(wanted), Some(given)) = (&target.value, &actual.value) else { return false };
    *given > Exact::ZERO && given.mul(times).is_ok_and(|most| most < *wanted)
}

/// `1` for 100%: a spreadsheet's whole, or one hundredth; where the target is at least `least`.
fn is_whole_one(target: &Statement, actual: &Statement, least: &Exact) -> bool {
    !actual.facts.decimals
        && actual.value.as_ref() == Some(&Exact::ONE)
        && target.value.as_ref().is_some_and(|wanted| wanted >= least)
}

/// Whether a reason can show the actual in the target's unit without losing what it says.
fn tells_all(target: &Statement, actual: &Statement) -> bool {
    let same_unit = match (&actual.unit, &target.unit) {
        (Some(given), Some(wanted)) => Arc::ptr_eq(given, wanted) || given.printed == wanted.printed,
        (given, wanted) => given.is_none() && wanted.is_none(),
    };
    let plain = actual.comparison == Some(Comparison::Exactly) && !actual.approximate && actual.change.is_none();
    plain && actual.value.is_some() && !same_unit
}
