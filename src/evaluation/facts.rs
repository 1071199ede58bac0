//! The values behind the names that rules use (`ruleset::names`), one exhaustive match per table.

use std::sync::Arc;

use smallvec::SmallVec;

use super::checks::{Checked, FieldRow};
use super::rows::{ReadRow, RowRead};
use super::{ExecutionResult, Grade, IndicatorResult, PointsSummary, Status};
use crate::form::{Amounts, Form, FundSource, Goal, Indicator, Printed};
use crate::formula::Value;
use crate::quantity::{Exact, Money, Points, Ratio};
use crate::reading::{Direction, Kind, Met, Reading};
use crate::ruleset::{
    Category, CategoryFact, Dimension, DimensionFact, FieldFact, FieldRule, FormResult, GoalFact, Mentioned, RowInput,
    RowResult, RuleSet, SourceFact,
};

mod form;
mod shared;
pub(super) use form::{Seen, form_input};

/// Which names are asked for, of a table whose first stands in the slot `first`.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub mentioned: &'a Mentioned,
    pub first: usize,
}

impl Asked<'_> {
    /// Adds a table's values; what nobody asks for is absent.
    fn fill<T: Copy>(self, table: &[T], values: &mut Vec<Value>, value: impl Fn(T) -> Value) {
        values.extend(table.iter().enumerate().map(|(at, fact)| {
            if self.mentioned.has(self.first.saturating_add(at)) { value(*fact) } else { Value::Absent }
        }));
    }
}

fn number(value: Option<Exact>) -> Value {
    value.map_or(Value::Absent, Value::Number)
}

fn count(items: usize) -> Value {
    Value::Number(Exact::from_i64(i64::try_from(items).unwrap_or(i64::MAX)))
}

fn text(text: &str) -> Value {
    if text.is_empty() { shared::empty() } else { Value::Text(Arc::from(text)) }
}

fn points(cell: &Printed<Points>) -> Value {
    number(cell.value().map(|points| points.to_exact()))
}

fn money(cell: &Printed<Money>) -> Value {
    number(cell.value().map(Money::to_exact))
}

/// The sum of what is there; absent when nothing is, or when the sum is beyond any number.
fn sum(values: impl Iterator<Item = Option<Exact>>) -> Value {
    let mut total: Option<Exact> = None;
    for value in values.flatten() {
        total = match total {
            None => Some(value),
            Some(total) => match total.add(&value) {
                Ok(total) => Some(total),
                Err(_) => return Value::Absent,
            },
        };
    }
    number(total)
}

/// Points possible for execution: what the form says, or else what the rules set.
pub(super) fn execution_possible(rules: &RuleSet, form: &Form) -> Option<Points> {
    let stated = form.funds().points_possible().value().copied();
    stated.or_else(|| rules.structure.totals.as_ref().map(|totals| Points::fix(&totals.execution)))
}

/// Executed ÷ annual; absent when either is missing or annual is zero.
pub(super) fn execution_rate(form: &Form) -> Option<Exact> {
    rate(form.funds().total())
}

fn rate(amounts: &Amounts) -> Option<Exact> {
    let (executed, annual) = (amounts.budget_executed().value()?, amounts.budget_annual().value()?);
    executed.to_exact().div(&annual.to_exact()).ok()
}

pub(super) fn form_result(
    rules: &RuleSet,
    claimed: Option<&Exact>,
    execution: Option<&ExecutionResult>,
    rows: &[IndicatorResult],
    (summary, grade): (&PointsSummary, Option<&Grade>),
) -> Vec<Value> {
    let executed = |pick: fn(&ExecutionResult) -> Points| number(execution.map(|result| pick(result).to_exact()));
    let rows_that = |test: fn(&IndicatorResult) -> bool| count(rows.iter().filter(|row| test(row)).count());
    FormResult::ALL
        .iter()
        .map(|fact| match fact {
            FormResult::ExecutionPointsFloor => executed(|result| result.score.floor),
            FormResult::ExecutionPointsCeiling => executed(|result| result.score.ceiling),
            FormResult::ExecutionPointsAwarded => executed(|result| result.score.awarded),
            FormResult::FormPointsFloor => Value::Number(summary.floor.to_exact()),
            FormResult::FormPointsCeiling => Value::Number(summary.ceiling.to_exact()),
            FormResult::FormPointsAwarded => Value::Number(summary.awarded.to_exact()),
            FormResult::ShortfallCount => rows_that(|row| row.met() == Met::NotMet),
            FormResult::JudgedCount => {
                rows_that(|row| row.score.status == Status::Scored && row.score.floor != row.score.ceiling)
            }
            FormResult::ReviewCount => rows_that(|row| row.score.status == Status::NeedsReview),
            FormResult::InapplicablePointsPossible => {
                let out = rows.iter().filter(|row| row.score.status == Status::NotApplicable);
                sum(std::iter::once(Some(Exact::ZERO)).chain(out.map(|row| row.score.possible.map(Points::to_exact))))
            }
            FormResult::IndicatorsPointsCeiling => sum(rows.iter().map(|row| Some(row.score.ceiling.to_exact()))),
            FormResult::GradeClaimed => claimed.map_or(Value::Absent, |claimed| {
                text(rules.band_of(claimed).filter(|band| band.graded).map_or("", |band| band.title.as_str()))
            }),
            FormResult::GradeAwarded => text(grade.map_or("", |grade| grade.title.as_str())),
        })
        .collect()
}

/// Adds the row's own names, then the columns that the rules declare.
pub(super) fn row_input(row: &ReadRow<'_>, asked: &[RowInput], values: &mut Vec<Value>) {
    let first = values.len();
    values.resize(first.saturating_add(RowInput::ALL.len()), Value::Absent);
    for fact in asked {
        if let Some(value) = values.get_mut(first.saturating_add(*fact as usize)) {
            *value = row_input_value(*fact, row);
        }
    }
    values.extend_from_slice(&row.columns);
}

fn row_input_value(fact: RowInput, row: &ReadRow<'_>) -> Value {
    let ReadRow { indicator, sharing, echoes, .. } = row;
    let RowRead { target, actual, meeting, .. } = &*row.read;
    let counted_in = |reading: &Reading| match (reading.unit(), reading.kind()) {
        (Some(printed), _) => text(printed),
        (None, Kind::Number | Kind::Range) => text(&row.unit),
        (None, _) => text(""),
    };
    let day = |day: Option<i64>| number(day.map(Exact::from_i64));
    match fact {
        RowInput::Name => text(indicator.name()),
        RowInput::Dimension => text(&row.dimension),
        RowInput::Category => text(&row.category),
        RowInput::TargetText => text(indicator.target()),
        RowInput::ActualText => text(indicator.actual()),
        RowInput::DeviationReason => text(indicator.deviation_reason()),
        RowInput::PointsPossible => points(indicator.points_possible()),
        RowInput::PointsClaimed => points(indicator.points_claimed()),
        RowInput::Target => number(meeting.target.clone()),
        RowInput::Actual => number(meeting.actual.clone()),
        RowInput::TargetLow => number(target.low().cloned()),
        RowInput::TargetHigh => number(target.high().cloned()),
        RowInput::TargetKind => shared::kind(target.kind()),
        RowInput::ActualKind => shared::kind(actual.kind()),
        RowInput::TargetComparison => shared::comparison(target.comparison()),
        RowInput::TargetUnit => counted_in(target),
        RowInput::ActualUnit => counted_in(actual),
        RowInput::Meeting => shared::met(meeting.met),
        RowInput::Met => match meeting.met {
            Met::Met | Met::Exceeded => Value::Boolean(true),
            Met::NotMet => Value::Boolean(false),
            Met::Judged | Met::Unknown => Value::Absent,
        },
        RowInput::Judged => Value::Boolean(meeting.met == Met::Judged),
        RowInput::Tier => text(actual.tier().unwrap_or_default()),
        RowInput::NotApplicable => Value::Boolean(row.not_applicable),
        RowInput::LowerIsBetter => Value::Boolean(meeting.direction == Direction::LowerIsBetter),
        RowInput::FactorSlip => Value::Boolean(meeting.factor_slip),
        RowInput::TargetDay => day(row.target_day),
        RowInput::ActualDay => day(row.actual_day),
        RowInput::DuplicateRow => echoes.duplicate_row.map_or(Value::Absent, count),
        RowInput::NearDuplicateRow => echoes.near_duplicate_row.map_or(Value::Absent, count),
        RowInput::OtherDimensionRow => echoes.other_dimension_row.map_or(Value::Absent, count),
        RowInput::ReasonRepeats => echoes.reason_repeats.map_or(Value::Absent, count),
        RowInput::ActualRepeats => echoes.actual_repeats.map_or(Value::Absent, count),
        RowInput::TargetContradicts => Value::Boolean(row.target_contradicts),
        RowInput::ActualContradicts => Value::Boolean(row.actual_contradicts),
        RowInput::RowNumber => count(row.index.saturating_add(1)),
        RowInput::DimensionTitle => text(indicator.dimension()),
        RowInput::CategoryTitle => text(indicator.category()),
        RowInput::DimensionKnown => Value::Boolean(row.dimension_known),
        RowInput::CategoryKnown => Value::Boolean(row.category_known),
        RowInput::TargetYear => year(target),
        RowInput::ActualYear => year(actual),
        RowInput::GroupSize => count(sharing.size),
        RowInput::GroupMetCount => count(sharing.met),
        RowInput::GroupMissedCount => count(sharing.missed),
        RowInput::InGroup => Value::Boolean(sharing.below),
        RowInput::UnreadableColumns => {
            if row.unreadable.is_empty() {
                shared::empty()
            } else {
                text(&row.unreadable.join("、"))
            }
        }
    }
}

/// The last year that a date names.
fn year(reading: &Reading) -> Value {
    let year = reading.date().and_then(|period| period.last.year.or(period.first.year));
    number(year.map(|year| Exact::from_i64(i64::from(year))))
}

pub(super) fn row_result(result: &IndicatorResult, asked: Asked<'_>, values: &mut Vec<Value>) {
    let score = &result.score;
    asked.fill(RowResult::ALL, values, |fact| match fact {
        RowResult::PointsFloor => Value::Number(score.floor.to_exact()),
        RowResult::PointsCeiling => Value::Number(score.ceiling.to_exact()),
        RowResult::PointsAwarded => Value::Number(score.awarded.to_exact()),
        RowResult::Status => shared::status(score.status),
        RowResult::Method => text(score.method()),
        RowResult::Quantified => Value::Boolean(score.status == Status::Scored && score.floor == score.ceiling),
    });
}

pub(super) fn goal(goal: &Goal, asked: Asked<'_>, values: &mut Vec<Value>) {
    asked.fill(GoalFact::ALL, values, |fact| match fact {
        GoalFact::Period => text(goal.period()),
        GoalFact::Expected => text(goal.expected()),
        GoalFact::Achieved => text(goal.achieved()),
    });
}

pub(super) fn source(source: &FundSource, asked: Asked<'_>, values: &mut Vec<Value>) {
    let amounts = source.amounts();
    asked.fill(SourceFact::ALL, values, |fact| match fact {
        SourceFact::Name => text(source.name()),
        SourceFact::BudgetInitial => money(amounts.budget_initial()),
        SourceFact::BudgetAnnual => money(amounts.budget_annual()),
        SourceFact::BudgetExecuted => money(amounts.budget_executed()),
        SourceFact::ExecutionRate => number(rate(amounts)),
        SourceFact::ExecutionRateClaimed => number(source.execution_rate_claimed().value().map(Ratio::to_exact)),
    });
}

fn possible(rows: &[&Indicator]) -> Value {
    sum(rows.iter().map(|row| row.points_possible().value().map(|points| points.to_exact())))
}

fn claimed(rows: &[&Indicator]) -> Value {
    sum(rows.iter().map(|row| row.points_claimed().value().map(|points| points.to_exact())))
}

pub(super) fn dimension(
    checked: &Checked<'_>,
    dimension: &Dimension,
    subtotal: Option<usize>,
    (asked, values): (Asked<'_>, &mut Vec<Value>),
) {
    let own: SmallVec<[&Indicator; 8]> =
        checked.rows.iter().filter(|row| row.dimension == dimension.id).map(|row| row.indicator).collect();
    let subtotal = subtotal.and_then(|index| checked.form.subtotals().get(index));
    asked.fill(DimensionFact::ALL, values, |fact| match fact {
        DimensionFact::Title => text(dimension.title()),
        DimensionFact::RulePoints => number(checked.weights.dimension(dimension)),
        DimensionFact::RowCount => count(own.len()),
        DimensionFact::PointsPossible => possible(&own),
        DimensionFact::PointsClaimed => claimed(&own),
        DimensionFact::SubtotalPossible => subtotal.map_or(Value::Absent, |sum| points(sum.points_possible())),
        DimensionFact::SubtotalClaimed => subtotal.map_or(Value::Absent, |sum| points(sum.points_claimed())),
    });
}

pub(super) fn category(
    checked: &Checked<'_>,
    (dimension, category): (&Dimension, &Category),
    subtotal: Option<usize>,
    (asked, values): (Asked<'_>, &mut Vec<Value>),
) {
    let is_own = |row: &&ReadRow<'_>| row.dimension == dimension.id && row.category == category.id;
    let own: SmallVec<[&Indicator; 8]> = checked.rows.iter().filter(is_own).map(|row| row.indicator).collect();
    let subtotal = subtotal.and_then(|index| checked.form.subtotals().get(index));
    asked.fill(CategoryFact::ALL, values, |fact| match fact {
        CategoryFact::Title => text(category.title()),
        CategoryFact::DimensionTitle => text(dimension.title()),
        CategoryFact::RulePoints => number(checked.weights.category(category)),
        CategoryFact::RowCount => count(own.len()),
        CategoryFact::PointsPossible => possible(&own),
        CategoryFact::PointsClaimed => claimed(&own),
        CategoryFact::SubtotalPossible => subtotal.map_or(Value::Absent, |sum| points(sum.points_possible())),
        CategoryFact::SubtotalClaimed => subtotal.map_or(Value::Absent, |sum| points(sum.points_claimed())),
    });
}

pub(super) fn field(rule: &FieldRule, (printed, row): (&str, FieldRow), asked: Asked<'_>, values: &mut Vec<Value>) {
    asked.fill(FieldFact::ALL, values, |fact| match fact {
        FieldFact::Title => text(&rule.title),
        FieldFact::Text => text(printed),
        FieldFact::Required => Value::Boolean(rule.required),
        FieldFact::MaxLength => number(rule.max_length.map(|limit| Exact::from_i64(i64::from(limit)))),
        FieldFact::RowNotApplicable => Value::Boolean(row.not_applicable),
        FieldFact::RowExcused => Value::Boolean(row.excused),
    });
}

/// Whether a reading says that the row asks for nothing.
pub(super) fn says_not_applicable(reading: &Reading) -> bool {
    reading.kind() == Kind::NotApplicable
}
