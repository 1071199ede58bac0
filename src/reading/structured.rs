//! A cell beside whose text a client sent its value as structure: the text is shown, the structure is used.
//!
//! What the structure leaves open (unit, comparison, change) is taken from the text where the text tells the
//! same value. Where it tells another one, the two contradict each other, and that is for the rules to report.

use std::sync::Arc;

use super::calendar::{Day, Period};
use super::grammar::{Lexemes, Tokens, lexemes, whole_unit};
use super::kind::{Comparison, Kind};
use super::lexicon::{Counted, Lexicon, Measure, Reconciled, Sense};
use super::read::read;
use super::statement::{Facts, Reading, Spans, Statement, Unit};
use super::surface::Surface;
use super::{Row, Side};
use crate::form::{self, Content, Structured};
use crate::quantity::Exact;

/// A cell as it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellReading {
    /// The text as printed, with the value it is read as or, where one was sent, the structure's.
    pub reading: Reading,
    /// The text says another value than the structure, or 不适用.
    pub contradicts: bool,
    /// The same reading in the structure's own words, where the text says something else or nothing.
    spoken: Option<Box<Reading>>,
}

impl CellReading {
    /// The reading to compare: a verdict quotes it, and must not quote a text that was not used.
    pub fn compared(&self) -> &Reading {
        self.spoken.as_deref().unwrap_or(&self.reading)
    }
}

/// Reads one cell; where `given` is there, its value takes the place of what the text says. Total.
pub fn structured(text: &str, given: Option<&Structured>, row: &Row<'_>, side: Side, lexicon: &Lexicon) -> CellReading {
    let printed = read(text, row, side, lexicon);
    let Some(given) = given else { return CellReading { reading: printed, contradicts: false, spoken: None } };
    let sent = statement(given, text.len(), lexicon);
    let told: Vec<&Statement> = told(&printed, side).collect();
    let same = told.iter().find_map(|told| Some((*told, agreement(&sent, told, side, lexicon)?)));
    let contradicts = printed.kind() == Kind::NotApplicable
        || (is_measure(&sent) && is_measure(&printed.main) && !told.is_empty() && same.is_none());
    let main = match same {
        Some((told, factor)) => completed(sent, told, &factor),
        None => sent,
    };
    let main = Statement { comparison: main.comparison.or(silent(given)), ..main };
    let spoken = (contradicts || printed.kind() == Kind::Blank).then(|| Box::new(spoken(&main)));
    let reading = Reading { text: printed.text, main, others: Vec::new(), spans: Spans::new() };
    CellReading { reading, contradicts, spoken }
}

/// What was sent, as one statement on the whole text: unreadable where the lexicon does not know its tier.
fn statement(given: &Structured, end: usize, lexicon: &Lexicon) -> Statement {
    let unreadable = || Statement::empty(Kind::Unreadable, 0, end);
    let tier = Some(given.tier().trim()).filter(|tier| !tier.is_empty());
    if tier.is_some_and(|tier| !lexicon.tiers().any(|known| known == tier)) {
        return unreadable();
    }
    let mut statement = Statement::empty(Kind::Statement, 0, end);
    statement.tier = tier.map(Arc::from);
    statement.comparison = given.comparison().map(comparison);
    match given.content() {
        Content::Number(value) => {
            statement.kind = Kind::Number;
            statement.value = Some(value.value().clone());
            statement.unit = unit(given.unit(), lexicon);
            statement.facts = Facts { decimals: value.text().contains(['.', '．', '﹒']), ..Facts::default() };
        }
        Content::Range { low, high } => {
            statement.kind = Kind::Range;
            statement.range = Some(Box::new((low.value().clone(), high.value().clone())));
            statement.unit = unit(given.unit(), lexicon);
        }
        Content::Date(dates) => {
            let day = |day: form::Day| Day::new(day.year, day.month, day.day);
            let Some((first, last)) = day(dates.value().first()).zip(day(dates.value().last())) else {
                return unreadable();
            };
            statement.kind = Kind::Date;
            statement.date = Some(Period { first, last });
        }
        Content::Tier => {}
    }
    statement
}

fn comparison(comparison: form::Comparison) -> Comparison {
    match comparison {
        form::Comparison::AtLeast => Comparison::AtLeast,
        form::Comparison::AtMost => Comparison::AtMost,
        form::Comparison::MoreThan => Comparison::MoreThan,
        form::Comparison::LessThan => Comparison::LessThan,
        form::Comparison::Exactly => Comparison::Exactly,
        form::Comparison::Within => Comparison::Within,
    }
}

/// A unit by the lexicon; one that it does not know compares with itself alone. A dash or a slash is none.
fn unit(printed: &str, lexicon: &Lexicon) -> Option<Arc<Unit>> {
    let text = Surface::of(printed).text.into_owned();
    if text.is_empty() || lexicon.word(&text).is_some_and(|word| word.has(Sense::NotApplicable)) {
        return None;
    }
    if text == ":" {
        return Some(Arc::new(Unit { printed: text.into(), measure: Measure::proportion() }));
    }
    let mut tokens = Lexemes::new();
    lexemes(&text, 0, false, lexicon, &mut tokens);
    let parts = whole_unit(&mut Tokens::new(&tokens)).ok();
    let measure = parts.and_then(|parts| parts.measure(&text, lexicon)).unwrap_or_else(|| Measure {
        factor: Exact::ONE,
        of: Counted::Unlisted(text.clone()),
        below: Exact::ONE,
        over: Vec::new(),
    });
    Some(Arc::new(Unit { printed: text.into(), measure }))
}

/// The statements of a text that a structure may repeat: not those in remarks, and of an actual not the plan's.
fn told(printed: &Reading, side: Side) -> impl Iterator<Item = &Statement> {
    std::iter::once(&printed.main).chain(&printed.others).filter(move |statement| {
        let facts = &statement.facts;
        is_measure(statement) && !facts.note && (side == Side::Target || !facts.planned && !facts.part)
    })
}

fn is_measure(statement: &Statement) -> bool {
    matches!(statement.kind, Kind::Number | Kind::Range | Kind::Date)
}

/// What was sent, with what only the text tells of the same value. Without its unit a number takes the text's,
/// and counts in it: 0.95 beside `95%` is 95%.
fn completed(sent: Statement, told: &Statement, factor: &Exact) -> Statement {
    let converted = |value: &Exact| value.div(factor).ok();
    // 90余 beside 93 bounds nothing.
    let comparison = sent.comparison.or(told.comparison.filter(|_| !told.approximate));
    let facts = Facts { relative: told.facts.relative, ..sent.facts };
    let open = Statement { comparison, change: told.change, facts, ..sent };
    if open.unit.is_some() || told.unit.is_none() {
        return open;
    }
    let value = open.value.as_ref().and_then(converted);
    let range = open.range.as_deref().and_then(|(low, high)| Some(Box::new((converted(low)?, converted(high)?))));
    Statement { value, range, unit: told.unit.clone(), ..open }
}

/// The comparison of a structure that names none, beside a text that tells none.
fn silent(given: &Structured) -> Option<Comparison> {
    match given.content() {
        Content::Range { .. } => Some(Comparison::Within),
        Content::Date(dates) if dates.value().is_pair() => Some(Comparison::Within),
        Content::Number(_) | Content::Date(_) => Some(Comparison::Exactly),
        Content::Tier => None,
    }
}

/// How many of the unit that was sent one of the printed unit is, if the text tells the value that was sent.
fn agreement(sent: &Statement, told: &Statement, side: Side, lexicon: &Lexicon) -> Option<Exact> {
    if !same_comparison(sent, told, side) {
        return None;
    }
    if sent.kind == Kind::Date {
        return same_dates(sent, told).then_some(Exact::ONE);
    }
    let (low, high) = ends(sent).filter(|_| sent.kind == told.kind)?;
    let (told_low, told_high) = ends(told)?;
    let same = |value, told_value, factor: &Exact| is_value(value, told_value, factor, told, lexicon);
    let mut factors = factors(sent, told, lexicon).into_iter();
    factors.find(|factor| same(low, told_low, factor) && same(high, told_high, factor))
}

/// Both ends of a range; a number is both its ends.
fn ends(statement: &Statement) -> Option<(&Exact, &Exact)> {
    let low = statement.low().or(statement.value.as_ref())?;
    let high = statement.high().or(statement.value.as_ref())?;
    Some((low, high))
}

/// How many of the unit that was sent one of the printed unit may be: none where the two do not convert, several
/// where a unit is missing and a bare number may be a share (0.95 and 95%).
fn factors(sent: &Statement, told: &Statement, lexicon: &Lexicon) -> Vec<Exact> {
    let is_share = |measure: &Measure| lexicon.measure_entry(measure).is_some_and(|entry| entry.share);
    match (sent.unit.as_ref().map(|unit| &unit.measure), told.unit.as_ref().map(|unit| &unit.measure)) {
        (Some(sent), Some(told)) => match lexicon.reconcile(sent, told) {
            Reconciled::Factor(factor) | Reconciled::Undivided(factor) => vec![factor],
            Reconciled::Divided(_) | Reconciled::Refused => Vec::new(),
        },
        (Some(sent), None) if is_share(sent) => {
            std::iter::once(Exact::ONE).chain(Exact::ONE.div(&sent.factor)).collect()
        }
        // 50万 is 500000 of nothing in particular.
        (None, Some(told)) if is_share(told) || told.of == Counted::Nothing => vec![Exact::ONE, told.factor.clone()],
        _ => vec![Exact::ONE],
    }
}

/// Whether `value` is `told` times `factor`; for 约 and 余, whether it is near enough, on the side they say.
fn is_value(value: &Exact, told: &Exact, factor: &Exact, statement: &Statement, lexicon: &Lexicon) -> bool {
    let Ok(told) = told.mul(factor) else { return false };
    if *value == told || !statement.approximate {
        return *value == told;
    }
    let on_its_side = match statement.comparison {
        Some(Comparison::MoreThan) => *value > told,
        Some(Comparison::LessThan) => *value < told,
        _ => true,
    };
    let leeway = match (lexicon.tolerance(), statement.comparison) {
        // 90余: more, but not twice as much.
        (_, Some(Comparison::MoreThan)) | (None, _) => Ok(told.abs()),
        (Some(share), _) => told.abs().mul(share),
    };
    let apart = value.sub(&told).map(|difference| difference.abs());
    on_its_side && apart.is_ok_and(|apart| leeway.is_ok_and(|leeway| apart <= leeway))
}

/// Deadlines agree by their last day, starts by their first; a day agrees with the month it lies in.
fn same_dates(sent: &Statement, told: &Statement) -> bool {
    let (Some(sent_date), Some(told_date)) = (sent.date, told.date) else { return false };
    let (ours, theirs) = (sent_date.in_year(told_date.last.year), told_date.in_year(sent_date.last.year));
    match sent.comparison.or(told.comparison) {
        Some(Comparison::AtMost) => ours.last == theirs.last,
        Some(Comparison::AtLeast) => ours.first == theirs.first,
        _ => {
            let holds = |outer: Period, inner: Period| outer.first <= inner.first && inner.last <= outer.last;
            holds(ours, theirs) || holds(theirs, ours)
        }
    }
}

/// A bare text leaves the comparison of a target open: ≥10 beside `10场` is what it means, and ≤ may be.
fn same_comparison(sent: &Statement, told: &Statement, side: Side) -> bool {
    let is_bare = |statement: &Statement| match statement.comparison {
        Some(Comparison::Within) => statement.kind == Kind::Date,
        Some(comparison) => comparison == Comparison::Exactly,
        None => true,
    };
    let open = side == Side::Target && matches!(sent.comparison, Some(Comparison::AtLeast | Comparison::AtMost));
    sent.comparison.is_none()
        || sent.comparison == told.comparison
        || (is_bare(sent) && (is_bare(told) || told.approximate))
        || (is_bare(told) && open)
}

/// The structure in words: `≥10场`, `5-10人`, `≤2022-12-31`.
fn spoken(main: &Statement) -> Reading {
    let sign = match main.comparison {
        Some(Comparison::AtLeast) => "≥",
        Some(Comparison::AtMost) => "≤",
        Some(Comparison::MoreThan) => ">",
        Some(Comparison::LessThan) => "<",
        Some(Comparison::Exactly | Comparison::Within) | None => "",
    };
    let unit = main.unit.as_ref().map_or("", |unit| unit.printed.as_str());
    let text = match (&main.value, main.range.as_deref(), &main.date) {
        (Some(value), ..) => format!("{sign}{value}{unit}"),
        (None, Some((low, high)), _) => format!("{low}-{high}{unit}"),
        (.., Some(date)) => format!("{sign}{date}"),
        _ => main.tier.as_deref().unwrap_or_default().to_owned(),
    };
    let main = Statement { start: 0, end: text.len(), ..main.clone() };
    Reading { text: text.into(), main, others: Vec::new(), spans: Spans::new() }
}

#[cfg(test)]
mod tests;
