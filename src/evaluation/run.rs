//! The way of a form through the rules.

use super::checks::{Checked, findings};
use super::execution::score_execution;
use super::patience::Patience;
use super::rows::{ReadRow, read_row};
use super::score::{Stake, Subject, row_matches, score};
use super::{Evaluation, IndicatorResult, Status, facts, totals};
use crate::form::Form;
use crate::formula::Value;
use crate::ruleset::{FormInput, RowInput, RuleSet};

/// Scores a form. Total: whatever is wrong with the form or fails in a rule is inside the answer.
pub fn evaluate(rules: &RuleSet, form: &Form) -> Evaluation {
    let mut base = rules.constants(form.fiscal_year().get());
    let constants = base.len();
    base.extend(facts::form_input(rules, form));
    let patience = Patience::default();
    let decimals = rules.decimals(form.fiscal_year().get());
    let execution = score_execution(rules, &patience, form, &base);
    let rows: Vec<ReadRow<'_>> = form.indicators().iter().map(|row| read_row(rules, form, row)).collect();
    let indicators: Vec<IndicatorResult> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let mut values = base.clone();
            values.extend(facts::row_input(row));
            score_row(rules, (&patience, decimals), (index, row), &values, constants)
        })
        .collect();
    let points = totals::summarize(form, execution.as_ref(), &indicators);
    let grade = totals::grade(rules, &points, execution.as_ref(), &indicators);
    base.extend(facts::form_result(execution.as_ref(), &indicators, &points));
    let findings = findings(&Checked { rules, patience: &patience, form, rows: &rows, results: &indicators, base });
    let failed = |status: Status| status == Status::Failed;
    let complete = !indicators.iter().any(|row| failed(row.score.status))
        && !execution.as_ref().is_some_and(|result| failed(result.score.status));
    Evaluation {
        rule_pack: rules.id.clone(),
        revision: rules.revision.clone(),
        project_code: form.project_code().to_owned(),
        project_name: form.project_name().to_owned(),
        fiscal_year: form.fiscal_year().get(),
        points,
        grade,
        complete,
        execution,
        indicators,
        findings,
    }
}

fn score_row(
    rules: &RuleSet,
    (patience, decimals): (&Patience, u32),
    (index, row): (usize, &ReadRow<'_>),
    values: &[Value],
    constants: usize,
) -> IndicatorResult {
    let slot = |fact: RowInput| constants + FormInput::ALL.len() + fact as usize;
    let (target, actual) = (slot(RowInput::Target), slot(RowInput::Actual));
    let print = |at: usize, _: &Value| match at {
        at if at == target && !row.meeting.target_print.is_empty() => Some(row.meeting.target_print.clone()),
        at if at == actual && !row.meeting.actual_print.is_empty() => Some(row.meeting.actual_print.clone()),
        _ => None,
    };
    let stake = Stake {
        possible: row.indicator.points_possible().value().copied(),
        claimed: row.indicator.points_claimed().value().copied(),
    };
    let subject = Subject { rules, patience, decimals, stake, values, tier: row.actual.tier(), print: &print };
    IndicatorResult {
        field: format!("indicators[{index}]"),
        dimension: row.dimension.clone(),
        category: row.category.clone(),
        name: row.indicator.name().to_owned(),
        target: row.target.clone(),
        actual: row.actual.clone(),
        met: row.meeting.met,
        reason: row.meeting.reason.clone(),
        score: score(&subject, &rules.scoring, |when| row_matches(when, row)),
    }
}
