//! The values behind the names that rules use (`ruleset::names`), one exhaustive match per table.

use std::sync::Arc;

use super::rows::ReadRow;
use super::{ExecutionResult, IndicatorResult, PointsSummary, Status};
use crate::form::{Amounts, Form, FundSource, Goal, Printed};
use crate::formula::Value;
use crate::quantity::{Exact, Money, Points, Ratio};
use crate::reading::{Direction, Kind, Met, Reading};
use crate::ruleset::{
    Dimension, DimensionFact, FieldFact, FieldRule, FormInput, FormResult, GoalFact, RowInput, RowResult, RuleSet,
    SourceFact,
};

fn number(value: Option<Exact>) -> Value {
    value.map_or(Value::Absent, Value::Number)
}

fn count(items: usize) -> Value {
    Value::Number(Exact::from_i64(i64::try_from(items).unwrap_or(i64::MAX)))
}

fn text(text: &str) -> Value {
    Value::Text(Arc::from(text))
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
    let total = form.funds().total();
    let (executed, annual) = (total.budget_executed().value()?, total.budget_annual().value()?);
    executed.to_exact().div(&annual.to_exact()).ok()
}

pub(super) fn form_input(rules: &RuleSet, form: &Form) -> Vec<Value> {
    FormInput::ALL.iter().map(|fact| form_input_value(*fact, rules, form)).collect()
}

fn form_input_value(fact: FormInput, rules: &RuleSet, form: &Form) -> Value {
    let (funds, total) = (form.funds(), form.funds().total());
    let rule_total =
        |pick: fn(&crate::ruleset::Totals) -> &Exact| number(rules.structure.totals.as_ref().map(pick).cloned());
    let source_sum = |pick: fn(&Amounts) -> &Printed<Money>| {
        sum(funds.sources().iter().map(|source| pick(source.amounts()).value().map(Money::to_exact)))
    };
    match fact {
        FormInput::FiscalYear => Value::Number(Exact::from_i64(i64::from(form.fiscal_year().get()))),
        FormInput::ProjectCode => text(form.project_code()),
        FormInput::ProjectName => text(form.project_name()),
        FormInput::ImplementingUnit => text(form.implementing_unit()),
        FormInput::PrimaryBudgetUnit => text(form.primary_budget_unit()),
        FormInput::BudgetInitial => money(total.budget_initial()),
        FormInput::BudgetAnnual => money(total.budget_annual()),
        FormInput::BudgetExecuted => money(total.budget_executed()),
        FormInput::ExecutionRate => number(execution_rate(form)),
        FormInput::ExecutionRateClaimed => number(funds.execution_rate_claimed().value().map(Ratio::to_exact)),
        FormInput::ExecutionPointsPossible => number(execution_possible(rules, form).map(Points::to_exact)),
        FormInput::ExecutionPointsClaimed => points(funds.points_claimed()),
        FormInput::SourceCount => count(funds.sources().len()),
        FormInput::SourcesBudgetInitial => source_sum(Amounts::budget_initial),
        FormInput::SourcesBudgetAnnual => source_sum(Amounts::budget_annual),
        FormInput::SourcesBudgetExecuted => source_sum(Amounts::budget_executed),
        FormInput::IndicatorCount => count(form.indicators().len()),
        FormInput::StatedPointsPossible => points(form.total().points_possible()),
        FormInput::StatedPointsClaimed => points(form.total().points_claimed()),
        FormInput::RowsPointsPossible => {
            let rows = form.indicators().iter().map(|row| row.points_possible().value().map(|p| p.to_exact()));
            sum(rows.chain([funds.points_possible().value().map(|p| p.to_exact())]))
        }
        FormInput::RowsPointsClaimed => {
            let rows = form.indicators().iter().map(|row| row.points_claimed().value().map(|p| p.to_exact()));
            sum(rows.chain([funds.points_claimed().value().map(|p| p.to_exact())]))
        }
        FormInput::RulePointsTotal => rule_total(|totals| &totals.form),
        FormInput::RulePointsExecution => rule_total(|totals| &totals.execution),
    }
}

pub(super) fn form_result(
    execution: Option<&ExecutionResult>,
    rows: &[IndicatorResult],
    summary: &PointsSummary,
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
            FormResult::ShortfallCount => rows_that(|row| row.met == Met::NotMet),
            FormResult::JudgedCount => {
                rows_that(|row| row.score.status == Status::Scored && row.score.floor != row.score.ceiling)
            }
            FormResult::ReviewCount => rows_that(|row| row.score.status == Status::NeedsReview),
        })
        .collect()
}

pub(super) fn row_input(row: &ReadRow<'_>) -> Vec<Value> {
    RowInput::ALL.iter().map(|fact| row_input_value(*fact, row)).collect()
}

fn row_input_value(fact: RowInput, row: &ReadRow<'_>) -> Value {
    let ReadRow {
        indicator,
        dimension,
        category,
        target,
        actual,
        target_contradicts,
        actual_contradicts,
        meeting,
        not_applicable,
    } = row;
    match fact {
        RowInput::Name => text(indicator.name()),
        RowInput::Dimension => text(dimension),
        RowInput::Category => text(category),
        RowInput::TargetText => text(indicator.target()),
        RowInput::ActualText => text(indicator.actual()),
        RowInput::DeviationReason => text(indicator.deviation_reason()),
        RowInput::PointsPossible => points(indicator.points_possible()),
        RowInput::PointsClaimed => points(indicator.points_claimed()),
        RowInput::Target => number(meeting.target.clone()),
        RowInput::Actual => number(meeting.actual.clone()),
        RowInput::TargetLow => number(target.low().cloned()),
        RowInput::TargetHigh => number(target.high().cloned()),
        RowInput::TargetKind => text(target.kind().name()),
        RowInput::ActualKind => text(actual.kind().name()),
        RowInput::TargetComparison => text(target.comparison().map_or("", |comparison| comparison.name())),
        RowInput::TargetUnit => text(target.unit().unwrap_or_default()),
        RowInput::ActualUnit => text(actual.unit().unwrap_or_default()),
        RowInput::Meeting => text(meeting.met.name()),
        RowInput::Met => match meeting.met {
            Met::Met | Met::Exceeded => Value::Boolean(true),
            Met::NotMet => Value::Boolean(false),
            Met::Judged | Met::Unknown => Value::Absent,
        },
        RowInput::Judged => Value::Boolean(meeting.met == Met::Judged),
        RowInput::Tier => text(actual.tier().unwrap_or_default()),
        RowInput::NotApplicable => Value::Boolean(*not_applicable),
        RowInput::LowerIsBetter => Value::Boolean(meeting.direction == Direction::LowerIsBetter),
        RowInput::FactorSlip => Value::Boolean(meeting.factor_slip),
        RowInput::TargetContradicts => Value::Boolean(*target_contradicts),
        RowInput::ActualContradicts => Value::Boolean(*actual_contradicts),
    }
}

pub(super) fn row_result(result: &IndicatorResult) -> Vec<Value> {
    let score = &result.score;
    RowResult::ALL
        .iter()
        .map(|fact| match fact {
            RowResult::PointsFloor => Value::Number(score.floor.to_exact()),
            RowResult::PointsCeiling => Value::Number(score.ceiling.to_exact()),
            RowResult::PointsAwarded => Value::Number(score.awarded.to_exact()),
            RowResult::Status => text(score.status.name()),
            RowResult::Method => text(&score.method),
            RowResult::Quantified => Value::Boolean(score.status == Status::Scored && score.floor == score.ceiling),
        })
        .collect()
}

pub(super) fn goal(goal: &Goal) -> Vec<Value> {
    GoalFact::ALL
        .iter()
        .map(|fact| match fact {
            GoalFact::Period => text(goal.period()),
            GoalFact::Expected => text(goal.expected()),
            GoalFact::Achieved => text(goal.achieved()),
        })
        .collect()
}

pub(super) fn source(source: &FundSource) -> Vec<Value> {
    let amounts = source.amounts();
    SourceFact::ALL
        .iter()
        .map(|fact| match fact {
            SourceFact::Name => text(source.name()),
            SourceFact::BudgetInitial => money(amounts.budget_initial()),
            SourceFact::BudgetAnnual => money(amounts.budget_annual()),
            SourceFact::BudgetExecuted => money(amounts.budget_executed()),
        })
        .collect()
}

pub(super) fn dimension(dimension: &Dimension, rows: &[ReadRow<'_>]) -> Vec<Value> {
    let own = || rows.iter().filter(|row| row.dimension == dimension.id).map(|row| row.indicator);
    DimensionFact::ALL
        .iter()
        .map(|fact| match fact {
            DimensionFact::Title => text(dimension.titles.first().map_or(dimension.id.as_str(), String::as_str)),
            DimensionFact::RulePoints => number(dimension.points.clone()),
            DimensionFact::RowCount => count(own().count()),
            DimensionFact::PointsPossible => sum(own().map(|row| row.points_possible().value().map(|p| p.to_exact()))),
            DimensionFact::PointsClaimed => sum(own().map(|row| row.points_claimed().value().map(|p| p.to_exact()))),
        })
        .collect()
}

pub(super) fn field(rule: &FieldRule, printed: &str, row_not_applicable: bool) -> Vec<Value> {
    FieldFact::ALL
        .iter()
        .map(|fact| match fact {
            FieldFact::Title => text(&rule.title),
            FieldFact::Text => text(printed),
            FieldFact::Required => Value::Boolean(rule.required),
            FieldFact::MaxLength => number(rule.max_length.map(|limit| Exact::from_i64(i64::from(limit)))),
            FieldFact::RowNotApplicable => Value::Boolean(row_not_applicable),
        })
        .collect()
}

/// Whether a reading says that the row asks for nothing.
pub(super) fn says_not_applicable(reading: &Reading) -> bool {
    reading.kind() == Kind::NotApplicable
}
