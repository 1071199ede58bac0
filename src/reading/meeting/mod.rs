//! Target × actual → is the target met, and why.

mod compare;
mod dates;
mod direction;
mod interval;
mod numbers;
mod quote;
mod reason;
mod units;

use std::sync::Arc;

use super::Row;
use super::kind::Kind;
use super::lexicon::Lexicon;
use super::statement::{Reading, Statement, Unit};
use crate::diagnostic::Bilingual;
use crate::quantity::Exact;
use numbers::Pair;
use quote::{Reason, printed};

/// Whether the actual meets the target. Never [`Met::Met`] or [`Met::Exceeded`] on a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Met {
    Met,
    /// Beyond the target on its good side; a lower-is-better target is met, never exceeded.
    Exceeded,
    NotMet,
    /// Words are involved: a person judges, within the actual's tier.
    Judged,
    /// Nothing to compare, or the two do not compare.
    Unknown,
}

impl Met {
    pub const ALL: [Met; 5] = [Met::Met, Met::Exceeded, Met::NotMet, Met::Judged, Met::Unknown];

    pub fn name(self) -> &'static str {
        match self {
            Met::Met => "MET",
            Met::Exceeded => "EXCEEDED",
            Met::NotMet => "NOT_MET",
            Met::Judged => "JUDGED",
            Met::Unknown => "UNKNOWN",
        }
    }

    /// Reads a name as [`Met::name`] writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Met::ALL.into_iter().find(|met| met.name() == name)
    }
}

/// Which way of missing a target is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    HigherIsBetter,
    LowerIsBetter,
    /// Both are: a range, a pay-out standard.
    Exact,
    /// Neither the text nor the row tells.
    Unknown,
}

impl Direction {
    pub const ALL: [Direction; 4] =
        [Direction::HigherIsBetter, Direction::LowerIsBetter, Direction::Exact, Direction::Unknown];

    pub fn name(self) -> &'static str {
        match self {
            Direction::HigherIsBetter => "HIGHER_IS_BETTER",
            Direction::LowerIsBetter => "LOWER_IS_BETTER",
            Direction::Exact => "EXACT",
            Direction::Unknown => "UNKNOWN",
        }
    }
}

/// The verdict on one row.
#[derive(Debug, Clone)]
pub struct Meeting {
    pub met: Met,
    reason: Reason,
    pub direction: Direction,
    /// The numbers a formula divides, both in the target's unit; absent where the two do not compare.
    pub target: Option<Exact>,
    pub actual: Option<Exact>,
    /// The target's.
    unit: Option<Arc<Unit>>,
    /// The two are about a factor of 10,000 apart: 元 and 万元 were probably mixed up.
    pub factor_slip: bool,
}

/// Two verdicts are equal when what follows from them is; the sentence that says why has no part in it.
impl PartialEq for Meeting {
    fn eq(&self, other: &Self) -> bool {
        let Meeting { met, reason: _, direction, target, actual, unit, factor_slip } = self;
        (met, direction, target, actual, unit, factor_slip)
            == (&other.met, &other.direction, &other.target, &other.actual, &other.unit, &other.factor_slip)
    }
}

impl Meeting {
    /// One sentence that says why.
    pub fn reason(&self) -> Bilingual {
        self.reason.told()
    }

    /// The target as derivations show it: `95%`, `6个`.
    pub fn target_print(&self) -> Option<String> {
        self.target.as_ref().map(|value| printed(value, self.unit.as_deref()))
    }

    /// The actual, likewise in the target's unit.
    pub fn actual_print(&self) -> Option<String> {
        self.actual.as_ref().map(|value| printed(value, self.unit.as_deref()))
    }

    /// Writes the target's or the actual's number as derivations show it, with the target's unit: `95%`, `6个`.
    pub fn print(&self, number: &Exact, out: &mut String) {
        number.push_to(out);
        out.push_str(self.unit.as_deref().map_or("", |unit| unit.printed.as_str()));
    }

    /// A verdict that was reached before: what was said of it, without the numbers.
    pub fn told(met: Met, reason: Bilingual) -> Self {
        Meeting { met, ..Meeting::unknown(reason) }
    }

    fn unknown(reason: impl Into<Reason>) -> Self {
        Meeting {
            met: Met::Unknown,
            reason: reason.into(),
            direction: Direction::Unknown,
            target: None,
            actual: None,
            unit: None,
            factor_slip: false,
        }
    }

    fn judged(reason: impl Into<Reason>) -> Self {
        Meeting { met: Met::Judged, ..Meeting::unknown(reason) }
    }
}

/// Compares two readings of one row. Total.
pub fn meet(target: &Reading, actual: &Reading, row: &Row<'_>, lexicon: &Lexicon) -> Meeting {
    let says_nothing = |kind| matches!(kind, Kind::Blank | Kind::NotApplicable | Kind::Unreadable);
    if says_nothing(target.kind()) {
        return Meeting::unknown(reason::nothing_to_compare("指标值", "target", target.kind()));
    }
    if says_nothing(actual.kind()) {
        return Meeting::unknown(reason::nothing_to_compare("完成值", "actual", actual.kind()));
    }
    match (target.kind(), actual.kind()) {
        (Kind::Number | Kind::Range, _) => {
            let mut meeting = Pair { target, actual, row, lexicon }.meet_number();
            meeting.doubt(target, actual, row, lexicon);
            meeting
        }
        (Kind::Date, _) => {
            let mut meeting = dates::meet_date(target, actual, row);
            meeting.doubt(target, actual, row, lexicon);
            meeting
        }
        (_, Kind::Number | Kind::Range) => Meeting::judged(reason::number_for_words()),
        (_, Kind::Date) => Meeting::judged(reason::date_for_words()),
        _ => Meeting::judged(reason::words_for_words(target.text.trim() == actual.text.trim())),
    }
}

/// Whether a statement takes something back: it is left out (除2户外), only planned (in a remark), or a share of the way
/// (5个项目，完成80%).
fn leaves_open(statement: &Statement, target: &Reading, actual: &Reading, lexicon: &Lexicon) -> bool {
    if !(statement.facts.excepted || statement.facts.progress || statement.facts.note) {
        return false;
    }
    let is_share = |s: &Statement| {
        let entry = s.unit.as_ref().and_then(|unit| lexicon.measure_entry(&unit.measure));
        entry.is_some_and(|entry| entry.share)
    };
    let whole = Exact::from_i64(100);
    let halfway = statement.facts.progress
        && is_share(statement)
        && statement.kind == Kind::Number
        && !statement.facts.planned
        && statement.value.as_ref().is_some_and(|value| *value < whole)
        && !numbers::statements(target).any(is_share);
    let only_planned = statement.facts.note && statement.kind == Kind::Statement && statement.facts.planned;
    // 10台（8台到货）, 100人（含2021年40人）
    let less = statement.facts.note
        && statement.kind == Kind::Number
        && (statement.facts.tier.is_some() || statement.facts.dated)
        && statement.unit.as_ref().map(|unit| &unit.measure) == actual.main.unit.as_ref().map(|unit| &unit.measure)
        && statement.value < actual.main.value;
    // 累计120人（2020-2022年）
    let of_years = statement.facts.note && statement.date.is_some_and(|date| date.first.year != date.last.year);
    statement.facts.excepted || halfway || only_planned || less || of_years && actual.main.kind != Kind::Date
}

impl Meeting {
    /// Leaves the verdict to a person where the actual takes back in words what its value proves.
    fn doubt(&mut self, target: &Reading, actual: &Reading, row: &Row<'_>, lexicon: &Lexicon) {
        if matches!(self.met, Met::Met | Met::Exceeded)
            && let Some(doubt) = doubt(target, actual, row, lexicon)
        {
            self.met = Met::Judged;
            self.reason = doubt.into();
        }
    }
}

/// Why a value that meets the target proves nothing: beside words that say otherwise, or for another grade of the
/// thing (1项一等奖 and 1项二等奖).
fn doubt(target: &Reading, actual: &Reading, row: &Row<'_>, lexicon: &Lexicon) -> Option<Bilingual> {
    let is_adverse = |s: &&Statement| {
        s.facts.tier.is_some_and(|tier| {
            if s.facts.note && !numbers::is_figure(s) { lexicon.is_worst_tier(tier) } else { tier > 0 }
        })
    };
    let adverse = numbers::statements(actual)
        .find(is_adverse)
        .or_else(|| numbers::statements(actual).find(|s| leaves_open(s, target, actual, lexicon)));
    if let Some(words) = adverse {
        return Some(reason::adverse(actual.said(words)));
    }
    if asks(&actual.text) {
        return Some(reason::adverse(actual.text.trim()));
    }
    let asks_to_begin = || lexicon.names_beginning(row.name) || lexicon.names_beginning(&target.text);
    if actual.main.facts.begins && !asks_to_begin() {
        return Some(reason::only_begun(actual.said(&actual.main)));
    }
    if !lexicon.same_grades(&target.text, &actual.text) {
        return Some(reason::other_grade(actual.text.trim()));
    }
    None
}

/// Whether there is a question mark, of either width.
fn asks(text: &str) -> bool {
    // The full-width one begins with 0xef.
    text.bytes().any(|byte| matches!(byte, b'?' | 0xef)) && text.contains(['?', '？'])
}
