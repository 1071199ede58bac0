//! Running the pack's checks over a scored form.

use super::rows::ReadRow;
use super::{Finding, IndicatorResult, facts};
use crate::diagnostic::Bilingual;
use crate::form::{Form, Printed};
use crate::formula::Value;
use crate::ruleset::{Check, CheckScope, FieldRule, RuleSet};

/// What the checks look at.
pub(super) struct Checked<'a> {
    pub rules: &'a RuleSet,
    pub form: &'a Form,
    pub rows: &'a [ReadRow<'a>],
    pub results: &'a [IndicatorResult],
    /// Constants, form inputs and form results, by slot.
    pub base: Vec<Value>,
}

/// One thing that a scope looks at: where it stands, and its values.
struct Subject {
    field: String,
    values: Vec<Value>,
}

/// All findings, in the order of the pack's checks, then of the form.
pub(super) fn findings(checked: &Checked<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let scopes = [
        CheckScope::Form,
        CheckScope::Indicator,
        CheckScope::Goal,
        CheckScope::Source,
        CheckScope::Dimension,
        CheckScope::Field,
    ];
    let mut subjects: Vec<(CheckScope, Vec<Subject>)> =
        scopes.into_iter().map(|scope| (scope, subjects_of(scope, checked))).collect();
    for check in &checked.rules.checks {
        let Some((_, subjects)) = subjects.iter_mut().find(|(scope, _)| *scope == check.scope) else { continue };
        found.extend(subjects.iter().filter_map(|subject| finding(check, subject)));
    }
    found
}

/// A condition that is absent or fails does not hold.
fn finding(check: &Check, subject: &Subject) -> Option<Finding> {
    if !matches!(check.when.evaluate(&subject.values), Ok(Value::Boolean(true))) {
        return None;
    }
    let pointer = check.field.0.as_str();
    let field = match (subject.field.as_str(), pointer) {
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
        message: Bilingual::new(message_zh.render(&subject.values), message_en.render(&subject.values)),
        help: Bilingual::new(help_zh.render(&subject.values), help_en.render(&subject.values)),
        citation: check.citation.clone(),
    })
}

fn subjects_of(scope: CheckScope, checked: &Checked<'_>) -> Vec<Subject> {
    let subject = |field: String, own: Vec<Value>| {
        let mut values = checked.base.clone();
        values.extend(own);
        Subject { field, values }
    };
    let form = checked.form;
    match scope {
        CheckScope::Form => vec![subject(String::new(), Vec::new())],
        CheckScope::Indicator => checked
            .rows
            .iter()
            .zip(checked.results)
            .map(|(row, result)| {
                let mut own = facts::row_input(row);
                own.extend(facts::row_result(result));
                subject(result.field.clone(), own)
            })
            .collect(),
        CheckScope::Goal => form
            .goals()
            .iter()
            .enumerate()
            .map(|(index, goal)| subject(format!("goals[{index}]"), facts::goal(goal)))
            .collect(),
        CheckScope::Source => form
            .funds()
            .sources()
            .iter()
            .enumerate()
            .map(|(index, source)| subject(format!("funds.sources[{index}]"), facts::source(source)))
            .collect(),
        CheckScope::Dimension => checked
            .rules
            .structure
            .dimensions
            .iter()
            .map(|dimension| subject("indicators".to_owned(), facts::dimension(dimension, checked.rows)))
            .collect(),
        CheckScope::Field => checked
            .rules
            .structure
            .fields
            .iter()
            .flat_map(|rule| printed(rule, checked).into_iter().map(move |place| (rule, place)))
            .map(|(rule, (field, text, not_applicable))| subject(field, facts::field(rule, &text, not_applicable)))
            .collect(),
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
