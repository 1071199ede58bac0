//! A date against a deadline or a period.

use std::cmp::Ordering;

use super::super::Row;
use super::super::calendar::Period;
use super::super::kind::{Comparison, Kind};
use super::super::statement::{Reading, Statement};
use super::{Direction, Meeting, Met, reason};

/// The verdict for a target that is a date.
pub(super) fn meet_date(target: &Reading, actual: &Reading, row: &Row<'_>) -> Meeting {
    let all = || std::iter::once(&actual.main).chain(&actual.others).filter(|s| s.kind == Kind::Date && !s.facts.note);
    let mut dates = all().filter(|s| !s.facts.planned);
    let Some(date) = dates.next() else {
        return if all().next().is_some() { Meeting::unknown(reason::only_planned()) } else { without_date(actual) };
    };
    if dates.any(|other| other.date != date.date || other.facts.day != date.facts.day) {
        return Meeting::unknown(reason::several_dates());
    }
    let prints = (actual.said(date), target.said(&target.main));
    let (Some(wanted), Some(given)) = (target.main.date, date.date) else {
        return every_month(&target.main, date, prints);
    };
    let fiscal_year = row.fiscal_year;
    let Some((wanted, given)) = (match (target.main.facts.next_year, date.facts.next_year) {
        (false, false) => dated(wanted, given, fiscal_year),
        (true, true) => dated(wanted, given, fiscal_year.map(|year| year + 1)),
        (true, false) => fiscal_year.map(|year| (wanted.in_year(Some(year + 1)), given.in_year(Some(year)))),
        (false, true) => fiscal_year.map(|year| (wanted.in_year(Some(year)), given.in_year(Some(year + 1)))),
    }) else {
        return Meeting::unknown(reason::year_untold());
    };
    let unsure = target.main.facts.coarse && target.main.comparison == Some(Comparison::AtMost);
    let verdict = match verdict(wanted, target.main.comparison, given, date.comparison) {
        // 12月前: the month itself is in doubt, unless the answer repeats the deadline.
        Met::Met
            if unsure
                && given.last >= wanted.first
                && !(given == wanted && date.comparison == Some(Comparison::AtMost)) =>
        {
            Met::Unknown
        }
        verdict => verdict,
    };
    let reason = match verdict {
        Met::Met => reason::met(prints.0, prints.1),
        Met::NotMet => reason::not_met(prints.0, prints.1),
        _ => reason::straddles(prints.0, prints.1),
    };
    Meeting { met: verdict, direction: Direction::LowerIsBetter, ..Meeting::unknown(reason) }
}

/// 每月15日前 and 每月10日.
fn every_month(target: &Statement, actual: &Statement, (given, wanted): (&str, &str)) -> Meeting {
    let (Some(limit), Some(day)) = (target.facts.day, actual.facts.day) else {
        return Meeting::unknown(reason::date_untold());
    };
    let told = actual.comparison != Some(Comparison::AtLeast) && target.comparison != Some(Comparison::AtLeast);
    let met = match day.cmp(&limit) {
        _ if !told => Met::Unknown,
        Ordering::Greater if actual.comparison == Some(Comparison::AtMost) => Met::Unknown,
        Ordering::Greater => Met::NotMet,
        Ordering::Less | Ordering::Equal => Met::Met,
    };
    let reason = match met {
        Met::Met => reason::met(given, wanted),
        Met::NotMet => reason::not_met(given, wanted),
        _ => reason::straddles(given, wanted),
    };
    Meeting { met, direction: Direction::LowerIsBetter, ..Meeting::unknown(reason) }
}

fn without_date(actual: &Reading) -> Meeting {
    match actual.kind() {
        Kind::Statement => Meeting::judged(reason::words_for_date(actual.text.trim())),
        Kind::Number | Kind::Range if actual.main.facts.tier.is_some() => {
            Meeting::judged(reason::words_for_date(actual.text.trim()))
        }
        kind => Meeting::unknown(reason::kinds_differ(Kind::Date, kind)),
    }
}

/// Both with their years: each its own, else the form's, else the other's. A day early in the year may be
/// of the year after the target's: then nothing is known.
fn dated(wanted: Period, given: Period, fiscal_year: Option<i32>) -> Option<(Period, Period)> {
    let year = fiscal_year.or(wanted.last.year).or(given.last.year);
    let untold = given.first.year.is_none() || fiscal_year.is_none() && wanted.last.year.is_none();
    if untold && given.first.month <= 3 && wanted.last.month >= 10 && wanted.first.month > 3 {
        return None;
    }
    Some((wanted.in_year(year), given.in_year(year)))
}

fn verdict(wanted: Period, asked: Option<Comparison>, given: Period, said: Option<Comparison>) -> Met {
    // 12月底前 as an answer bounds the day from above only, 12月以后 from below only.
    let earliest = if said == Some(Comparison::AtMost) { None } else { Some(given.first) };
    let latest = if said == Some(Comparison::AtLeast) { None } else { Some(given.last) };
    if asked == Some(Comparison::AtLeast) {
        return match (earliest, latest) {
            (Some(earliest), _) if earliest >= wanted.first => Met::Met,
            (_, Some(latest)) if latest < wanted.first => Met::NotMet,
            _ => Met::Unknown,
        };
    }
    if earliest.is_some_and(|earliest| earliest > wanted.last) {
        return Met::NotMet;
    }
    let in_time = latest.is_some_and(|latest| latest <= wanted.last);
    let begins = match asked {
        Some(Comparison::AtMost) => true,
        Some(Comparison::Within) => earliest.is_some_and(|earliest| earliest >= wanted.first),
        // 2021年12月: earlier in the year is in time, a year earlier is another thing.
        _ => earliest.is_none_or(|earliest| earliest.year >= wanted.first.year),
    };
    if in_time && begins { Met::Met } else { Met::Unknown }
}
