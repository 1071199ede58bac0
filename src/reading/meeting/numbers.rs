//! Numbers against numbers: which answers which.

use super::super::Row;
use super::super::choose::is_number;
use super::super::kind::Kind;
use super::super::lexicon::Lexicon;
use super::super::statement::{Reading, Statement};
use super::units::{Conversion, conversion};
use super::{Direction, Meeting, Met, reason};

/// More numbers than this are not paired by their order.
const MOST_PAIRED: usize = 6;

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
        let (wanted, given) = (&self.target.main, &self.actual.main);
        let lone = self.target.others.is_empty() && self.actual.others.is_empty();
        if lone && is_number(given) && !given.facts.note && is_settled(given) {
            return self.compare(wanted, given);
        }
        let mut given = numbers(self.actual);
        let mut settled = numbers(self.actual).filter(|s| is_settled(s));
        let Some(actual) = settled.next() else {
            return self.without_number(given.next().is_some());
        };
        let several_given = settled.next().is_some();
        let several_asked = self.asked().nth(1).is_some();
        if !several_asked && !several_given {
            return self.compare(&self.target.main, actual);
        }
        let mut settled: Vec<&Statement> = numbers(self.actual).filter(|s| is_settled(s)).collect();
        if several_asked {
            let asked: Vec<&Statement> = self.asked().collect();
            return self.several(&asked, &settled);
        }
        // 已完工2所，在建1所: what is under way is not done.
        if settled.iter().any(|s| !is_under_way(s)) {
            settled.retain(|s| !is_under_way(s));
        }
        // 62.35%，同比提高3.1%: beside a level, how it changed is no second answer.
        let target = &self.target.main;
        let is_change = |s: &&Statement| {
            (s.facts.relative || s.change.is_some()) && target.change.is_none() && !self.asks_for_change(target, s)
        };
        if settled.iter().any(|s| !is_change(s) && self.conversion(target, s) != Conversion::Refused) {
            settled.retain(|s| !is_change(s));
        }
        self.single(target, &settled)
    }

    /// The target's numbers; ≥85%，力争90% asks for the first.
    fn asked(&self) -> impl Iterator<Item = &Statement> {
        let all_planned = numbers(self.target).all(|s| s.facts.planned);
        numbers(self.target).filter(move |s| all_planned || !s.facts.planned)
    }

    fn without_number(&self, only_planned: bool) -> Meeting {
        match self.actual.kind() {
            _ if only_planned => Meeting::unknown(reason::only_planned()),
            Kind::Statement => Meeting::judged(reason::words_for_number(self.actual.text.trim())),
            Kind::Date if self.actual.main.facts.tier.is_some() => {
                Meeting::judged(reason::words_for_number(self.actual.text.trim()))
            }
            kind => Meeting::unknown(reason::kinds_differ(self.target.kind(), kind)),
        }
    }

    /// One target: the actual's numbers of its unit must agree on the verdict, one by one and together.
    fn single(&self, target: &Statement, settled: &[&Statement]) -> Meeting {
        let converts = |actual: &&&Statement| {
            matches!(self.conversion(target, actual), Conversion::Factor(_) | Conversion::MaybeShare(_))
        };
        let any_converts = settled.iter().any(|actual| converts(&actual));
        let fits = |actual: &&&Statement| match self.conversion(target, actual) {
            Conversion::Refused => false,
            Conversion::IfNear(_) => !any_converts,
            Conversion::Factor(_) | Conversion::MaybeShare(_) => true,
        };
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
        // Shares do not add up: where none is enough, all together are not.
        let is_share = target.unit.as_ref().and_then(|unit| self.lexicon.measure_entry(&unit.measure));
        let none_met = || rest.iter().all(|other| self.compare(target, other).met == Met::NotMet);
        match meeting.met {
            Met::NotMet if is_share.is_some_and(|entry| entry.share) && none_met() => meeting,
            Met::Met | Met::Exceeded if all_met && meeting.direction == Direction::HigherIsBetter => {
                Meeting { met: Met::Met, ..meeting }
            }
            _ => Meeting { met: Met::Unknown, reason: reason::several_numbers().into(), ..meeting },
        }
    }

    /// The one number that bears the target's name, or the row's: 培训 of 培训100人 in a row 培训人数.
    fn namesake<'s>(&self, target: &Statement, settled: &[&'s Statement]) -> Option<&'s Statement> {
        let label = self.target.label(target, self.lexicon);
        let bears = |actual: &&&Statement| {
            let own = self.actual.label(actual, self.lexicon);
            if label.is_empty() { names_it(&own, self.row.name) } else { own == label }
        };
        let fits = |actual: &&&Statement| self.conversion(target, actual) != Conversion::Refused;
        let mut found = settled.iter().filter(fits).filter(bears);
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }

    /// The answer to units that do not compare.
    pub(super) fn refused(&self) -> Meeting {
        let says_how_well =
            statements(self.actual).any(|s| s.facts.tier.is_some() && s.change.is_none() && !s.facts.note);
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
        if self.one_by_one(asked, settled) {
            verdicts.extend(asked.iter().zip(settled).map(|(target, actual)| self.compare(target, actual)));
            return self.worst(verdicts);
        }
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
        self.worst(verdicts)
    }

    /// 12类55项 is answered by 13类56项: the same different units, and the same names, in the same order.
    fn one_by_one(&self, asked: &[&Statement], settled: &[&Statement]) -> bool {
        let measure = |s: &Statement| s.unit.as_ref().map(|unit| unit.measure.clone());
        let label = |reading: &Reading, s: &Statement| reading.label(s, self.lexicon);
        let alike = |(target, actual): (&&Statement, &&Statement)| {
            measure(target) == measure(actual) && label(self.target, target) == label(self.actual, actual)
        };
        let distinct = |(at, target): (usize, &&Statement)| {
            asked.iter().skip(at + 1).all(|other| measure(other) != measure(target))
        };
        asked.len() <= MOST_PAIRED
            && asked.len() == settled.len()
            && asked.iter().zip(settled).all(alike)
            && asked.iter().enumerate().all(distinct)
    }

    fn worst(&self, verdicts: Vec<Meeting>) -> Meeting {
        let worst = [Met::NotMet, Met::Unknown, Met::Judged, Met::Met, Met::Exceeded];
        let rank = |met: Met| worst.iter().position(|one| *one == met);
        verdicts.into_iter().min_by_key(|meeting| rank(meeting.met)).unwrap_or_else(|| self.refused())
    }

    /// With units on both sides that convert.
    fn comparable(&self, a: &Statement, b: &Statement) -> bool {
        a.unit.is_some() == b.unit.is_some() && self.conversion(a, b) != Conversion::Refused
    }

    pub(super) fn conversion(&self, target: &Statement, actual: &Statement) -> Conversion {
        conversion(target, actual, self.row, self.lexicon)
    }
}

pub(super) fn statements(reading: &Reading) -> impl Iterator<Item = &Statement> {
    std::iter::once(&reading.main).chain(&reading.others)
}

/// A number of things, in a remark too: 5个（含在建2个）.
pub(super) fn is_figure(statement: &Statement) -> bool {
    is_number(statement)
}

/// The numbers of a reading, remarks aside.
fn numbers(reading: &Reading) -> impl Iterator<Item = &Statement> {
    statements(reading).filter(|statement| is_number(statement) && !statement.facts.note)
}

/// Whether a number tells what was done: no plan, no part of another.
fn is_settled(statement: &Statement) -> bool {
    !statement.facts.planned && !statement.facts.part
}

/// Whether words beside the number say that it is not wholly done: 在建1所.
fn is_under_way(statement: &Statement) -> bool {
    statement.facts.tier.is_some_and(|tier| tier > 0)
}

/// Whether `label` shares a word with `name` or is spelt out of it: both 新建 and 改建 are in 新改建.
fn names_it(label: &str, name: &str) -> bool {
    share_word(label, name) || label.chars().nth(1).is_some() && label.chars().all(|c| name.contains(c))
}

/// Whether two characters in a row of `label` stand in `name`.
fn share_word(label: &str, name: &str) -> bool {
    let ends = label.char_indices().map(|(at, _)| at).chain([label.len()]);
    let starts = label.char_indices().map(|(at, _)| at);
    starts.zip(ends.skip(2)).any(|(start, end)| label.get(start..end).is_some_and(|pair| name.contains(pair)))
}
