//! A number against a number.

use super::super::Row;
use super::super::choose::is_number;
use super::super::kind::{Comparison, Kind};
use super::super::lexicon::{Counted, Lexicon};
use super::super::statement::{Change, Reading, Statement};
use super::direction::{Good, good_side};
use super::interval::Interval;
use super::units::{Conversion, conversion};
use super::{Direction, Meeting, Met, reason};
use crate::quantity::{ArithmeticError, Exact};

/// The two readings of a row with what is known of it.
pub(super) struct Pair<'a> {
    pub target: &'a Reading,
    pub actual: &'a Reading,
    pub row: &'a Row<'a>,
    pub lexicon: &'a Lexicon,
}

impl Pair<'_> {
    /// The verdict for a target that is a number or a range.
    pub fn meet_number(&self) -> Meeting {
        let asked: Vec<&Statement> = statements(self.target).filter(|s| is_number(s) && !s.facts.note).collect();
        let given: Vec<&Statement> = statements(self.actual).filter(|s| is_number(s) && !s.facts.note).collect();
        let settled: Vec<&Statement> =
            given.iter().copied().filter(|s| !s.facts.planned && !s.facts.part).collect();
        if settled.is_empty() {
            return self.without_number(!given.is_empty());
        }
        match asked.as_slice() {
            [_, _, ..] => self.several(&asked, &settled),
            _ => self.single(&self.target.main, &settled),
        }
    }

    fn without_number(&self, only_planned: bool) -> Meeting {
        match self.actual.kind() {
            _ if only_planned => Meeting::unknown(reason::only_planned()),
            Kind::Statement => Meeting::judged(reason::words_for_number(self.actual.text.trim())),
            Kind::Date if self.actual.main.tier.is_some() => {
                Meeting::judged(reason::words_for_number(self.actual.text.trim()))
            }
            kind => Meeting::unknown(reason::kinds_differ(self.target.kind(), kind)),
        }
    }

    /// One target: the actual's numbers of its unit must agree on the verdict, one by one and together.
    fn single(&self, target: &Statement, settled: &[&Statement]) -> Meeting {
        let fits = |actual: &&&Statement| self.conversion(target, actual) != Conversion::Refused;
        let turns = settled.iter().filter(fits).any(|actual| self.turn(target, actual).is_some());
        let mut fitting = settled.iter().filter(fits).filter(|actual| !turns || self.turn(target, actual).is_some());
        let Some(first) = fitting.next() else {
            return self.refused();
        };
        let meeting = self.compare(target, first);
        let rest: Vec<&&Statement> = fitting.filter(|other| other.value != first.value).collect();
        if rest.is_empty() {
            return meeting;
        }
        if let Some(namesake) = self.namesake(target, settled) {
            return self.compare(target, namesake);
        }
        let all_met = rest.iter().all(|other| matches!(self.compare(target, other).met, Met::Met | Met::Exceeded));
        match meeting.met {
            Met::Met | Met::Exceeded if all_met && meeting.direction == Direction::HigherIsBetter => {
                Meeting { met: Met::Met, ..meeting }
            }
            _ => Meeting { met: Met::Unknown, reason: reason::several_numbers(), ..meeting },
        }
    }

    /// The one number that bears the target's name, or the row's: 培训 of 培训100人 in a row 培训人数.
    fn namesake<'s>(&self, target: &Statement, settled: &[&'s Statement]) -> Option<&'s Statement> {
        let label = self.target.label(target, self.lexicon);
        let bears = |actual: &&&Statement| {
            let own = self.actual.label(actual, self.lexicon);
            if label.is_empty() { share_word(&own, self.row.name) } else { own == label }
        };
        let fits = |actual: &&&Statement| self.conversion(target, actual) != Conversion::Refused;
        let mut found = settled.iter().filter(fits).filter(bears);
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }

    fn refused(&self) -> Meeting {
        let says_how_well = statements(self.actual).any(|s| s.tier.is_some() && s.change.is_none() && !s.facts.note);
        let (actual, target) = (self.actual.text.trim(), self.target.text.trim());
        if says_how_well {
            Meeting::judged(reason::words_for_number(actual))
        } else {
            Meeting::unknown(reason::units_refused(actual, target))
        }
    }

    /// Several targets: each must find its one answer, by its unit or else by its name.
    fn several(&self, asked: &[&Statement], settled: &[&Statement]) -> Meeting {
        let mut verdicts = Vec::new();
        for target in asked {
            let rivals = asked.iter().filter(|other| self.comparable(target, other)).count() > 1;
            let label = if rivals { self.target.label(target, self.lexicon) } else { String::new() };
            let named = |actual: &Statement| !label.is_empty() && self.actual.label(actual, self.lexicon) == label;
            let answers = |actual: &&&Statement| self.comparable(target, actual) && (!rivals || named(actual));
            let mut fitting = settled.iter().filter(answers);
            match (fitting.next(), fitting.next()) {
                (Some(actual), None) => verdicts.push(self.compare(target, actual)),
                _ => verdicts.push(Meeting::unknown(reason::several_targets())),
            }
        }
        let worst = [Met::NotMet, Met::Unknown, Met::Judged, Met::Met, Met::Exceeded];
        let rank = |met: Met| worst.iter().position(|one| *one == met);
        verdicts.into_iter().min_by_key(|meeting| rank(meeting.met)).unwrap_or_else(|| self.refused())
    }

    /// With units on both sides that convert.
    fn comparable(&self, a: &Statement, b: &Statement) -> bool {
        a.unit.is_some() == b.unit.is_some() && self.conversion(a, b) != Conversion::Refused
    }

    fn conversion(&self, target: &Statement, actual: &Statement) -> Conversion {
        conversion(target, actual, self.row, self.lexicon)
    }

    fn compare(&self, target: &Statement, actual: &Statement) -> Meeting {
        if actual.facts.relative && !target.facts.relative {
            return Meeting::judged(reason::share_of_target(self.actual.said(actual)));
        }
        let good = good_side(target, self.target.said(target), self.row, self.lexicon);
        let outcome = match self.conversion(target, actual) {
            Conversion::Factor(factor) => self.by_factor(target, actual, &factor, good),
            Conversion::MaybeShare(factor) => self.maybe_share(target, actual, &factor, good),
            Conversion::IfEqual(factor) => match self.by_factor(target, actual, &factor, good) {
                Ok(meeting) if meeting.met != Met::Met || meeting.target != meeting.actual => return self.refused(),
                outcome => outcome,
            },
            Conversion::Refused => return self.refused(),
        };
        let meeting = outcome.unwrap_or_else(|_| Meeting::unknown(reason::too_large()));
        if matches!(meeting.met, Met::Met | Met::Exceeded) && self.names_another(target, actual) {
            return Meeting { met: Met::Judged, reason: reason::another_thing(self.actual.said(actual)), ..meeting };
        }
        meeting
    }

    /// A bare decimal against a percentage: read as a share where only that makes sense, else only where
    /// both ways of reading it agree.
    fn maybe_share(&self, target: &Statement, actual: &Statement, factor: &Exact, good: Good) -> Outcome {
        let as_share = self.by_factor(target, actual, factor, good)?;
        let as_printed = self.by_factor(target, actual, &Exact::ONE, good)?;
        let most = target.high.as_ref().or(target.value.as_ref());
        let half = factor.div(&Exact::from_i64(2))?;
        if as_share.met == as_printed.met || most.is_some_and(|most| *most >= half) {
            return Ok(as_share);
        }
        let text = self.actual.text.trim();
        let reason = reason::share_unproved(text, &as_share.target_print);
        Ok(Meeting { met: Met::Unknown, reason, actual: None, actual_print: String::new(), ..as_share })
    }

    fn by_factor(&self, target: &Statement, actual: &Statement, factor: &Exact, good: Good) -> Outcome {
        let tolerance = self.lexicon.tolerance();
        let Some(turn) = self.turn(target, actual) else {
            let meeting = Meeting::unknown(reason::direction_unknown(self.actual.text.trim(), self.target.text.trim()));
            return Ok(meeting);
        };
        let factor = factor.mul(&turn)?;
        let Some(found) = Interval::of(actual, tolerance)? else { return Ok(self.refused()) };
        let found = found.times(&factor)?;
        let value = actual.value.as_ref().map(|value| value.mul(&factor)).transpose()?;
        let mut meeting = Meeting {
            direction: good.direction,
            target_print: printed(target, target.value.as_ref()),
            actual_print: printed(target, value.as_ref()),
            target: target.value.clone(),
            actual: value,
            ..Meeting::unknown(reason::too_large())
        };
        meeting.factor_slip = meeting.target.as_ref().zip(meeting.actual.as_ref()).is_some_and(|(t, a)| slips(t, a));
        let (met, why) = self.verdict(target, &found, good, &meeting)?;
        meeting.met = met;
        let (actual_text, target_text) = self.texts(actual, target, &meeting);
        meeting.reason = why(&actual_text, &target_text);
        Ok(meeting)
    }

    /// What a reason calls the two: as printed where that says it all.
    fn texts(&self, actual: &Statement, target: &Statement, meeting: &Meeting) -> (String, String) {
        let same_unit = actual.unit.as_ref().map(|unit| &unit.printed) == target.unit.as_ref().map(|unit| &unit.printed);
        let bare = actual.comparison == Some(Comparison::Exactly) && !actual.approximate && actual.change.is_none();
        let actual_text = if bare && !same_unit && !meeting.actual_print.is_empty() {
            meeting.actual_print.clone()
        } else {
            self.actual.said(actual).to_owned()
        };
        (actual_text, self.target.said(target).to_owned())
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

    /// −1 where the actual changed the other way; nothing where it does not say which way.
    fn turn(&self, target: &Statement, actual: &Statement) -> Option<Exact> {
        let minus = Exact::from_i64(-1);
        match (target.change, actual.change) {
            (None, None | Some(Change::Increase)) | (Some(Change::Increase), None) => Some(Exact::ONE),
            (Some(wanted), Some(found)) if wanted == found => Some(Exact::ONE),
            (Some(_), Some(_)) => Some(minus),
            (Some(Change::Decrease), None) if actual.value.as_ref().is_some_and(Exact::is_negative) => Some(minus),
            (Some(Change::Decrease), None) | (None, Some(Change::Decrease)) => {
                self.lexicon.names_decrease(self.row.name).then_some(Exact::ONE)
            }
        }
    }

    fn verdict(&self, target: &Statement, found: &Interval, good: Good, meeting: &Meeting) -> Result<Verdict, ArithmeticError> {
        let tolerance = self.lexicon.tolerance();
        let Some(asked) = Interval::of(target, tolerance)? else { return Ok((Met::Unknown, reason::straddles)) };
        if meeting.factor_slip {
            return Ok((Met::Unknown, reason::factor_slip));
        }
        let is_proportion = target.unit.as_ref().is_some_and(|unit| unit.measure.of == Counted::Proportion);
        let strict = goal(target, &asked, good.direction);
        let loose = if target.approximate { loosened(target, &asked, good.direction) } else { strict.clone() };
        if is_proportion {
            let same = target.value.clone().is_some_and(|value| *found == Interval::only(value));
            return Ok(if same { (Met::Met, reason::met) } else { (Met::Unknown, reason::direction_unknown) });
        }
        if good.direction == Direction::Unknown {
            return Ok(if found.is_inside(&asked) { (Met::Met, reason::met) } else { (Met::Unknown, reason::direction_unknown) });
        }
        let beyond = asked.high.as_ref().or(asked.low.as_ref()).is_some_and(|end| found.is_above(&end.at));
        if found.is_inside(&strict) {
            return Ok(match good.direction {
                Direction::HigherIsBetter if beyond && !good.told && self.more_is_unclear(target) => {
                    (Met::Unknown, reason::more_unclear)
                }
                Direction::HigherIsBetter if beyond => (Met::Exceeded, reason::exceeded),
                _ => (Met::Met, reason::met),
            });
        }
        if found.misses(&loose) {
            let above = good.direction == Direction::Exact && target.kind == Kind::Number && beyond;
            return Ok(if above { (Met::Unknown, reason::above_standard) } else { (Met::NotMet, reason::not_met) });
        }
        Ok((Met::Unknown, reason::straddles))
    }

    fn more_is_unclear(&self, target: &Statement) -> bool {
        let entry = target.unit.as_ref().and_then(|unit| self.lexicon.measure_entry(&unit.measure));
        entry.is_some_and(|entry| entry.more_is_unclear)
    }
}

type Outcome = Result<Meeting, ArithmeticError>;
type Verdict = (Met, fn(&str, &str) -> crate::diagnostic::Bilingual);

pub(super) fn statements(reading: &Reading) -> impl Iterator<Item = &Statement> {
    std::iter::once(&reading.main).chain(&reading.others)
}

/// Whether two characters in a row of `label` stand in `name`.
fn share_word(label: &str, name: &str) -> bool {
    let ends = label.char_indices().map(|(at, _)| at).chain([label.len()]);
    let starts = label.char_indices().map(|(at, _)| at);
    starts.zip(ends.skip(2)).any(|(start, end)| label.get(start..end).is_some_and(|pair| name.contains(pair)))
}

/// What the target asks for. A bare number asks for at least, at most or exactly itself.
fn goal(target: &Statement, asked: &Interval, direction: Direction) -> Interval {
    let bare = matches!(target.comparison, Some(Comparison::Exactly) | None);
    match (&target.value, direction) {
        (Some(value), Direction::HigherIsBetter) if bare => Interval::at_least(value.clone()),
        (Some(value), Direction::LowerIsBetter) if bare => Interval::at_most(value.clone()),
        (Some(value), _) if bare => Interval::only(value.clone()),
        (Some(value), _) if target.approximate => match target.comparison {
            Some(Comparison::AtLeast | Comparison::MoreThan) => Interval::at_least(value.clone()),
            _ => Interval::at_most(value.clone()),
        },
        _ => asked.clone(),
    }
}

/// The farthest an approximate target may be meant to reach.
fn loosened(target: &Statement, asked: &Interval, direction: Direction) -> Interval {
    match (direction, target.comparison) {
        (Direction::HigherIsBetter, _) => Interval { low: asked.low.clone(), high: None },
        (Direction::LowerIsBetter, _) => Interval { low: None, high: asked.high.clone() },
        _ => asked.clone(),
    }
}

/// About a factor of 10,000 apart: between 5,000 and 20,000.
fn slips(target: &Exact, actual: &Exact) -> bool {
    let between = |a: &Exact, b: &Exact| {
        a.div(b).is_ok_and(|ratio| ratio >= Exact::from_i64(5_000) && ratio <= Exact::from_i64(20_000))
    };
    between(target, actual) || between(actual, target)
}

/// A number in the target's unit.
fn printed(target: &Statement, value: Option<&Exact>) -> String {
    let unit = target.unit.as_ref().map_or("", |unit| unit.printed.as_str());
    value.map(|value| format!("{value}{unit}")).unwrap_or_default()
}
