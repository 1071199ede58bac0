//! Of several statements, the one that scores.

use super::kind::{Comparison, Kind};
use super::lexicon::Lexicon;
use super::statement::Statement;
use super::{Row, Side};
use crate::quantity::Exact;

/// The statement that scores, and the others in their order. A number outranks a date, a date outranks
/// words; in a row about time a deadline outranks a number. Several bare numbers of one unit (a price
/// list, a marking scale) leave nothing to choose: the cell is unreadable.
pub(super) fn choose(
    statements: Vec<Statement>,
    row: &Row<'_>,
    side: Side,
    lexicon: &Lexicon,
) -> (Option<Statement>, Vec<Statement>) {
    let mut statements = joined_bounds(statements);
    if statements.len() == 1 {
        return (statements.pop(), statements);
    }
    if is_bare_list(&statements) {
        let (start, end) = (statements.first().map_or(0, |s| s.start), statements.last().map_or(0, |s| s.end));
        return (Some(Statement::empty(Kind::Unreadable, start, end)), statements);
    }
    if side == Side::Actual {
        set_echo_aside(&mut statements);
        set_addends_aside(&mut statements);
    }
    let index = best(&statements, row, side, lexicon);
    let main = index.map(|index| statements.remove(index));
    (main, statements)
}

fn best(statements: &[Statement], row: &Row<'_>, side: Side, lexicon: &Lexicon) -> Option<usize> {
    let first = |wanted: &dyn Fn(&Statement) -> bool| {
        statements.iter().position(|statement| !statement.facts.note && wanted(statement))
    };
    let deadline = |s: &Statement| s.kind == Kind::Date && s.comparison == Some(Comparison::AtMost);
    let settled = |s: &Statement| is_number(s) && (side == Side::Target || !s.facts.planned && !s.facts.part);
    let unreadable = |s: &Statement| s.kind == Kind::Unreadable;
    let in_time = if lexicon.is_deadline_row(row.category) { first(&deadline) } else { None };
    let share = |s: &Statement| settled(s) && is_share(s, lexicon);
    // 发放问卷100份，满意度97% in a row 满意度.
    let of_name = if statements.len() > 1 && lexicon.is_share_name(row.name) { first(&share) } else { None };
    in_time
        .or(of_name)
        .or_else(|| first(&settled))
        .or_else(|| first(&is_number))
        .or_else(|| first(&|s| s.kind == Kind::Date))
        .or_else(|| first(&unreadable))
        .or_else(|| worst_words(statements))
        .or(if statements.is_empty() { None } else { Some(0) })
}

/// `≥4期，实际完成5期`: the bound only echoes the target.
fn set_echo_aside(statements: &mut [Statement]) {
    let Some(done) = statements.iter().position(|s| is_number(s) && s.facts.actual && !s.facts.note) else { return };
    let (before, after) = statements.split_at_mut(done);
    let Some(done) = after.first() else { return };
    for echo in before.iter_mut().filter(|s| is_number(s) && !s.facts.actual && alike(s, done)) {
        echo.facts.planned |= echo.comparison != Some(Comparison::Exactly);
    }
}

/// 线上6场，线下7场，共13场: of numbers of one unit that add up to another, only the sum tells what was done.
fn set_addends_aside(statements: &mut [Statement]) {
    let settled = |s: &Statement| {
        s.kind == Kind::Number
            && !s.facts.note
            && !s.facts.planned
            && !s.facts.part
            && !s.approximate
            && s.change.is_none()
    };
    let count = statements.iter().filter(|s| settled(s)).count();
    if count < 3 {
        return;
    }
    let mut total = Some(Exact::ZERO);
    let first = statements.iter().find(|s| settled(s)).and_then(|s| s.unit.clone());
    for s in statements.iter().filter(|s| settled(s)) {
        let same = s.unit.as_ref().map(|unit| &unit.measure) == first.as_ref().map(|unit| &unit.measure);
        total = total.filter(|_| same).zip(s.value.as_ref()).and_then(|(total, value)| total.add(value).ok());
    }
    let half = total.and_then(|total| total.div(&Exact::from_i64(2)).ok());
    let is_sum = |s: &Statement| settled(s) && s.value.is_some() && s.value == half;
    if let Some(sum) = statements.iter().position(is_sum) {
        let addends = statements.iter_mut().enumerate().filter(|(at, s)| *at != sum && settled(s));
        addends.for_each(|(_, s)| s.facts.part = true);
    }
}

fn is_share(statement: &Statement, lexicon: &Lexicon) -> bool {
    let entry = statement.unit.as_ref().and_then(|unit| lexicon.measure_entry(&unit.measure));
    is_number(statement) && entry.is_some_and(|entry| entry.share)
}

pub(super) fn is_number(statement: &Statement) -> bool {
    matches!(statement.kind, Kind::Number | Kind::Range)
}

/// The first statement of the worst tier; the first at all where no tier is known.
fn worst_words(statements: &[Statement]) -> Option<usize> {
    let outside = || statements.iter().enumerate().filter(|(_, s)| !s.facts.note && s.kind == Kind::Statement);
    let worst = outside().filter_map(|(_, s)| s.facts.tier).max();
    match worst {
        Some(worst) => outside().find(|(_, s)| s.facts.tier == Some(worst)).map(|(index, _)| index),
        None => outside().next().map(|(index, _)| index),
    }
}

/// 优100%、良90%, or 4%、3%、2%: numbers of one unit with no word to tell them apart.
fn is_bare_list(statements: &[Statement]) -> bool {
    let mut bare = statements
        .iter()
        .filter(|s| !s.facts.note && is_number(s) && !s.facts.named && s.comparison == Some(Comparison::Exactly));
    let Some(first) = bare.next() else { return false };
    bare.any(|other| alike(first, other) && (other.value != first.value || other.kind != first.kind))
}

fn alike(a: &Statement, b: &Statement) -> bool {
    match (&a.unit, &b.unit) {
        (Some(a), Some(b)) => a.measure == b.measure,
        _ => true,
    }
}

/// `≥60%且≤80%`: a lower bound followed by an upper one is a range.
fn joined_bounds(statements: Vec<Statement>) -> Vec<Statement> {
    let mut joined: Vec<Statement> = Vec::with_capacity(statements.len());
    for statement in statements {
        if let Some(range) = joined.last().and_then(|last| range_of(last, &statement)) {
            joined.pop();
            joined.push(range);
        } else {
            joined.push(statement);
        }
    }
    joined
}

fn range_of(lower: &Statement, upper: &Statement) -> Option<Statement> {
    let bounds = matches!(lower.comparison, Some(Comparison::AtLeast | Comparison::MoreThan))
        && matches!(upper.comparison, Some(Comparison::AtMost | Comparison::LessThan));
    let plain = lower.kind == Kind::Number && upper.kind == Kind::Number && lower.facts.note == upper.facts.note;
    let (low, high) = (lower.value.as_ref()?, upper.value.as_ref()?);
    if !bounds || !plain || low > high || !(lower.unit.is_none() || alike(lower, upper)) {
        return None;
    }
    Some(Statement {
        end: upper.end,
        kind: Kind::Range,
        comparison: Some(Comparison::Within),
        value: None,
        range: Some(Box::new((low.clone(), high.clone()))),
        unit: upper.unit.clone().or_else(|| lower.unit.clone()),
        ..lower.clone()
    })
}
