//! Running the pack's checks over a scored form.

use super::patience::Patience;
use super::rows::ReadRow;
use super::{Finding, IndicatorResult, facts};
use crate::diagnostic::Bilingual;
use crate::form::{Form, Printed};
use crate::formula::Value;
use crate::ruleset::{Check, CheckScope, FieldRule, RuleSet};

/// What the checks look at.
pub(super) struct Checked<'a> {
    pub rules: &'a RuleSet,
    pub patience: &'a Patience,
    pub form: &'a Form,
    pub rows: &'a [ReadRow<'a>],
    pub results: &'a [IndicatorResult],
    /// Constants, form inputs and form results, by slot.
    pub base: Vec<Value>,
}

/// Takes one thing that a scope looks at: where it stands, and its own values.
type Visit<'v> = &'v mut dyn FnMut(&str, Vec<Value>);

/// All findings, in the order of the pack's checks, then of the form.
pub(super) fn findings(checked: &Checked<'_>) -> Vec<Finding> {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    let mut values = checked.base.clone();
    for scope in CheckScope::ALL {
        let checks = || checked.rules.checks.iter().enumerate().filter(|(_, check)| check.scope == scope);
        if checks().next().is_none() {
            continue;
        }
        visit(scope, checked, &mut |field, own| {
            values.truncate(checked.base.len());
            values.extend(own);
            found.extend(
                checks().filter_map(|(order, check)| Some((order, finding(checked.patience, check, field, &values)?))),
            );
        });
    }
    // Stable: findings of one check stay in the order of the form.
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// A condition that is absent or fails does not hold.
fn finding(patience: &Patience, check: &Check, stands_at: &str, values: &[Value]) -> Option<Finding> {
    if !patience.run(&check.when, || check.when.evaluate(values)).is_ok_and(|value| value.holds()) {
        return None;
    }
    let pointer = check.field.0.as_str();
    let field = match (stands_at, pointer) {
        ("", pointer) => pointer.to_owned(),
        (field, "") => field.to_owned(),
        (field, pointer) => format!("{field}.{pointer}"),
    };
    let [message_zh, message_en] = &check.message;
    let [help_zh, help_en] = &check.help;
    Some(Finding {
        code: check.code.clone(),
        severity: check.severity,
        field,
        message: Bilingual::new(message_zh.render(values), message_en.render(values)),
        help: Bilingual::new(help_zh.render(values), help_en.render(values)),
        citation: check.citation.clone(),
    })
}

fn visit(scope: CheckScope, checked: &Checked<'_>, each: Visit<'_>) {
    let form = checked.form;
    let structure = &checked.rules.structure;
    match scope {
        CheckScope::Form => each("", Vec::new()),
        CheckScope::Indicator => {
            for (row, result) in checked.rows.iter().zip(checked.results) {
                let mut own = facts::row_input(row);
                own.extend(facts::row_result(result));
                each(&result.field, own);
            }
        }
        CheckScope::Goal => {
            for (index, goal) in form.goals().iter().enumerate() {
                each(&format!("goals[{index}]"), facts::goal(goal));
            }
        }
        CheckScope::Source => {
            for (index, source) in form.funds().sources().iter().enumerate() {
                each(&format!("funds.sources[{index}]"), facts::source(source));
            }
        }
        CheckScope::Dimension => {
            for dimension in &structure.dimensions {
                each("indicators", facts::dimension(dimension, checked.rows));
            }
        }
        CheckScope::Field => {
            for rule in &structure.fields {
                for (field, text, not_applicable) in printed(rule, checked) {
                    each(&field, facts::field(rule, &text, not_applicable));
                }
            }
        }
    }
}

/// Every place of a field: path, text, and whether its row says 不适用.
fn printed(rule: &FieldRule, checked: &Checked<'_>) -> Vec<(String, String, bool)> {
    let path = rule.path.as_str();
    if let Some(cell) = path.strip_prefix("indicators.") {
        let rows = checked.rows.iter().enumerate();
        return rows
            .map(|(index, row)| (format!("indicators[{index}].{cell}"), row_text(row, cell), row.not_applicable))
            .collect();
    }
    if let Some(cell) = path.strip_prefix("goals.") {
        let goals = checked.form.goals().iter().enumerate();
        return goals
            .map(|(index, goal)| {
                let text = if cell == "expected" { goal.expected() } else { goal.achieved() };
                (format!("goals[{index}].{cell}"), text.to_owned(), false)
            })
            .collect();
    }
    vec![(path.to_owned(), form_text(checked.form, path), false)]
}

fn row_text(row: &ReadRow<'_>, cell: &str) -> String {
    let row = row.indicator;
    match cell {
        "dimension" => row.dimension(),
        "category" => row.category(),
        "name" => row.name(),
        "target" => row.target(),
        "actual" => row.actual(),
        "points_possible" => row.points_possible().text(),
        "points_claimed" => row.points_claimed().text(),
        "deviation_reason" => row.deviation_reason(),
        _ => "",
    }
    .to_owned()
}

fn form_text(form: &Form, path: &str) -> String {
    fn of<T>(cell: &Printed<T>) -> String {
        cell.text().to_owned()
    }
    let (funds, total) = (form.funds(), form.funds().total());
    match path {
        "project_code" => form.project_code().to_owned(),
        "project_name" => form.project_name().to_owned(),
        "fiscal_year" => form.fiscal_year().to_string(),
        "implementing_unit" => form.implementing_unit().to_owned(),
        "primary_budget_unit" => form.primary_budget_unit().to_owned(),
        "funds.points_possible" => of(funds.points_possible()),
        "funds.points_claimed" => of(funds.points_claimed()),
        "funds.execution_rate_claimed" => of(funds.execution_rate_claimed()),
        "funds.total.budget_initial" => of(total.budget_initial()),
        "funds.total.budget_annual" => of(total.budget_annual()),
        "funds.total.budget_executed" => of(total.budget_executed()),
        "total.points_possible" => of(form.total().points_possible()),
        "total.points_claimed" => of(form.total().points_claimed()),
        _ => {
            let title = path.strip_prefix("attributes.").unwrap_or_default();
            form.attributes().get(title).cloned().unwrap_or_default()
        }
    }
}
