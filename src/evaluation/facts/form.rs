//! What the form says as a whole.

use std::collections::BTreeSet;

use super::{count, execution_possible, execution_rate, money, number, points, sum, text};
use crate::evaluation::rows::ReadRow;
use crate::form::{Amounts, Form, FundSource, Goal, Indicator, Printed};
use crate::formula::Value;
use crate::quantity::{Exact, Money, Points, Ratio};
use crate::reading::Kind;
use crate::ruleset::{FormInput, RuleSet, Weights};

/// Between the names that a fact joins.
const LISTED: &str = "、";

/// A form with its rows read.
pub(in crate::evaluation) struct Seen<'a> {
    pub rules: &'a RuleSet,
    pub form: &'a Form,
    pub rows: &'a [ReadRow<'a>],
    pub weights: Weights<'a>,
    /// Titles of attributes whose cells are not the number they should be.
    pub unreadable: &'a [String],
}

/// Adds the form's values; what no formula mentions is absent, the total claimed aside.
pub(in crate::evaluation) fn form_input(seen: &Seen<'_>, values: &mut Vec<Value>) {
    let mentioned = &seen.rules.plan.form;
    values.extend(FormInput::ALL.iter().enumerate().map(|(at, fact)| {
        let is_asked = mentioned.has(at) || *fact == FormInput::PointsClaimedTotal;
        if is_asked { value(*fact, seen) } else { Value::Absent }
    }));
}

fn value(fact: FormInput, seen: &Seen<'_>) -> Value {
    let Seen { rules, form, rows, weights, unreadable } = *seen;
    let (funds, total) = (form.funds(), form.funds().total());
    let rule_total =
        |pick: fn(&crate::ruleset::Totals) -> &Exact| number(rules.structure.totals.as_ref().map(pick).cloned());
    let source_sum = |pick: fn(&Amounts) -> &Printed<Money>| {
        sum(funds.sources().iter().map(|source| pick(source.amounts()).value().map(Money::to_exact)))
    };
    let indicators = form.indicators();
    let possible = || indicators.iter().map(|row| exact(row.points_possible()));
    let claimed = || indicators.iter().map(|row| exact(row.points_claimed()));
    let rows_claimed = || sum(claimed().chain([exact(funds.points_claimed())]));
    let rows_that = |test: fn(&ReadRow<'_>) -> bool| count(rows.iter().filter(|row| test(row)).count());
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
        FormInput::RowsPointsPossible => sum(possible().chain([exact(funds.points_possible())])),
        FormInput::RowsPointsClaimed => rows_claimed(),
        FormInput::RulePointsTotal => rule_total(|totals| &totals.form),
        FormInput::RulePointsExecution => rule_total(|totals| &totals.execution),
        FormInput::Weights => text(weights.id()),
        FormInput::SourceNames => joined(funds.sources().iter().map(FundSource::name), LISTED),
        FormInput::IndicatorsPointsPossible => sum(possible()),
        FormInput::IndicatorsPointsClaimed => sum(claimed()),
        FormInput::PointsClaimedTotal => match exact(form.total().points_claimed()) {
            Some(stated) => Value::Number(stated),
            None => rows_claimed(),
        },
        FormInput::BlankTargetCount => rows_that(|row| row.target.kind() == Kind::Blank),
        FormInput::BlankActualCount => rows_that(|row| row.actual.kind() == Kind::Blank),
        FormInput::BlankPointsCount => rows_that(|row| row.indicator.points_possible().value().is_none()),
        FormInput::BlankClaimedCount => rows_that(|row| row.indicator.points_claimed().value().is_none()),
        FormInput::FullMarksCount => count(indicators.iter().filter(|row| claims_all(row)).count()),
        FormInput::DistinctPointsCount => different(possible().flatten()),
        FormInput::NumericTargetCount => rows_that(is_numeric),
        FormInput::SameAsTargetCount => rows_that(|row| is_numeric(row) && has_target_as_actual(row)),
        FormInput::DimensionCount => {
            different(rows.iter().filter(|row| row.dimension_known).map(|row| row.dimension.as_str()))
        }
        FormInput::UnknownDimensionCount => count(unknown_dimensions(rows).count()),
        FormInput::UnknownDimensions => {
            let mut told: BTreeSet<&str> = BTreeSet::new();
            joined(unknown_dimensions(rows).filter(|title| told.insert(title)), LISTED)
        }
        FormInput::UnknownCategoryCount => {
            rows_that(|row| !row.category_known && !row.indicator.category().trim().is_empty())
        }
        FormInput::GoalCount => count(form.goals().len()),
        FormInput::GoalsExpected => joined(form.goals().iter().map(Goal::expected), "\n"),
        FormInput::GoalsAchieved => joined(form.goals().iter().map(Goal::achieved), "\n"),
        FormInput::UnreadableAttributes => text(&unreadable.join(LISTED)),
    }
}

fn exact(cell: &Printed<Points>) -> Option<Exact> {
    cell.value().map(|points| points.to_exact())
}

fn different<T: Ord>(values: impl Iterator<Item = T>) -> Value {
    count(values.collect::<BTreeSet<T>>().len())
}

/// The dimension of every row that the rules do not know; blank ones are not told.
fn unknown_dimensions<'r>(rows: &'r [ReadRow<'_>]) -> impl Iterator<Item = &'r str> {
    let unknown = rows.iter().filter(|row| !row.dimension_known);
    unknown.map(|row| row.indicator.dimension().trim()).filter(|title| !title.is_empty())
}

/// What is blank is left out.
fn joined<'t>(texts: impl Iterator<Item = &'t str>, between: &str) -> Value {
    let told: Vec<&str> = texts.map(str::trim).filter(|text| !text.is_empty()).collect();
    text(&told.join(between))
}

fn claims_all(row: &Indicator) -> bool {
    let (possible, claimed) = (row.points_possible().value(), row.points_claimed().value());
    possible.is_some_and(|possible| *possible > Points::ZERO && claimed == Some(possible))
}

fn is_numeric(row: &ReadRow<'_>) -> bool {
    matches!(row.target.kind(), Kind::Number | Kind::Range)
}

/// An actual that is exactly the number the target asks for, in the target's unit.
fn has_target_as_actual(row: &ReadRow<'_>) -> bool {
    let meeting = &row.meeting;
    meeting.target.is_some() && meeting.target == meeting.actual
}
