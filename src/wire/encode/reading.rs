//! Readings: byte offsets become character offsets, exact numbers become decimal strings.

use crate::quantity::Exact;
use crate::reading::{Change, Comparison, Kind, Met, Reading, Role, Span, Statement};
use crate::wire::pb::v1 as pb;

/// A reading: the fields of the statement that scores, and the rest.
pub fn reading(reading: &Reading) -> pb::Reading {
    let Reading { text, main, others, spans } = reading;
    let pb::Statement {
        text: _,
        start: _,
        end: _,
        kind,
        comparison,
        value,
        low,
        high,
        unit,
        date,
        tier,
        approximate,
        change,
    } = statement(text, main);
    pb::Reading {
        text: String::from(&**text),
        kind,
        comparison,
        value,
        low,
        high,
        unit,
        date,
        tier,
        approximate,
        change,
        spans: spans.iter().map(|s| span(text, s)).collect(),
        others: others.iter().map(|s| statement(text, s)).collect(),
    }
}

pub(in crate::wire) fn met(met: Met) -> pb::Met {
    match met {
        Met::Met => pb::Met::Met,
        Met::Exceeded => pb::Met::Exceeded,
        Met::NotMet => pb::Met::NotMet,
        Met::Judged => pb::Met::Judged,
        Met::Unknown => pb::Met::Unknown,
    }
}

fn statement(whole: &str, statement: &Statement) -> pb::Statement {
    let Statement { start, end, kind, comparison, value, unit, date, tier, approximate, change, .. } = statement;
    pb::Statement {
        text: whole.get(*start..*end).unwrap_or_default().to_owned(),
        start: characters_before(whole, *start),
        end: characters_before(whole, *end),
        kind: kind_of(*kind).into(),
        comparison: comparison.map(|c| comparison_of(c).into()),
        value: value.as_ref().map(Exact::to_string),
        low: statement.low().map(Exact::to_string),
        high: statement.high().map(Exact::to_string),
        unit: unit.as_ref().map(|unit| unit.printed.to_string()),
        date: date.map(|date| date.to_string()),
        tier: tier.as_deref().map(str::to_owned),
        approximate: *approximate,
        change: change.map(|c| change_of(c).into()),
    }
}

fn span(whole: &str, span: &Span) -> pb::TextSpan {
    let Span { start, end, role } = *span;
    pb::TextSpan {
        start: characters_before(whole, start),
        end: characters_before(whole, end),
        role: role_of(role).into(),
    }
}

/// A cell has at most 2,000 characters, so the number always fits.
pub(super) fn characters_before(text: &str, bytes: usize) -> i32 {
    let characters = text.get(..bytes).unwrap_or(text).chars().count();
    i32::try_from(characters).unwrap_or(i32::MAX)
}

pub(in crate::wire) fn kind_of(kind: Kind) -> pb::ReadingKind {
    match kind {
        Kind::Number => pb::ReadingKind::Number,
        Kind::Range => pb::ReadingKind::Range,
        Kind::Date => pb::ReadingKind::Date,
        Kind::Statement => pb::ReadingKind::Statement,
        Kind::NotApplicable => pb::ReadingKind::NotApplicable,
        Kind::Blank => pb::ReadingKind::Blank,
        Kind::Unreadable => pb::ReadingKind::Unreadable,
    }
}

pub(in crate::wire) fn comparison_of(comparison: Comparison) -> pb::Comparison {
    match comparison {
        Comparison::AtLeast => pb::Comparison::AtLeast,
        Comparison::AtMost => pb::Comparison::AtMost,
        Comparison::MoreThan => pb::Comparison::MoreThan,
        Comparison::LessThan => pb::Comparison::LessThan,
        Comparison::Exactly => pb::Comparison::Exactly,
        Comparison::Within => pb::Comparison::Within,
    }
}

pub(super) fn change_of(change: Change) -> pb::Change {
    match change {
        Change::Increase => pb::Change::Increase,
        Change::Decrease => pb::Change::Decrease,
    }
}

pub(super) fn role_of(role: Role) -> pb::SpanRole {
    match role {
        Role::Number => pb::SpanRole::Number,
        Role::Unit => pb::SpanRole::Unit,
        Role::Comparator => pb::SpanRole::Comparator,
        Role::Approximation => pb::SpanRole::Approximation,
        Role::Date => pb::SpanRole::Date,
        Role::Tier => pb::SpanRole::Tier,
        Role::Negation => pb::SpanRole::Negation,
        Role::NotApplicable => pb::SpanRole::NotApplicable,
        Role::Note => pb::SpanRole::Note,
    }
}
