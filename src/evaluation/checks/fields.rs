//! The fields that the rules speak of, in every row they stand in.

use std::borrow::Cow;

use super::super::rows::ReadRow;
use super::Checked;
use crate::evaluation::Status;
use crate::form::{Form, Indicator, Printed};
use crate::ruleset::{Column, FieldRule};

/// What the row of a field says about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::evaluation) struct FieldRow {
    /// It says 不适用, or the rules took it out.
    pub not_applicable: bool,
    /// Its row shares points with others and need not fill this field in.
    pub excused: bool,
}

/// Takes the path, spelt out only when asked for, the text and the row of a place where a field stands.
type Visit<'v, 'f> = &'v mut dyn FnMut(&dyn Fn() -> String, Cow<'f, str>, FieldRow);

/// Takes path, text and row of every place where a field stands.
pub(super) fn visit<'f>(rule: &FieldRule, checked: &Checked<'f>, each: Visit<'_, 'f>) {
    let path = rule.path.as_str();
    let structure = &checked.rules.structure;
    if let Some(title) = rule.column() {
        let column = declared(&structure.columns, title);
        for row in checked.rows {
            let cells = row.indicator.attributes();
            let (title, text) = column
                .map_or_else(|| cells.get_key_value(title).map(entry), |column| column.cell(cells))
                .unwrap_or((title, ""));
            each(
                &|| format!("indicators[{}].attributes.{title}", row.index),
                Cow::Borrowed(text),
                field_row(checked, row, ""),
            );
        }
    } else if let Some(title) = rule.attribute() {
        let cells = checked.form.attributes();
        let column = declared(&structure.attributes, title);
        let (title, text) = column
            .map_or_else(|| cells.get_key_value(title).map(entry), |column| column.cell(cells))
            .unwrap_or((title, ""));
        each(&|| format!("attributes.{title}"), Cow::Borrowed(text), FieldRow::default());
    } else if let Some(cell) = path.strip_prefix("indicators.") {
        let text = row_text(cell);
        for row in checked.rows {
            let path = || format!("indicators[{}].{cell}", row.index);
            each(&path, Cow::Borrowed(text(row.indicator)), field_row(checked, row, cell));
        }
    } else if let Some(cell) = path.strip_prefix("goals.") {
        for (index, goal) in checked.form.goals().iter().enumerate() {
            let text = if cell == "expected" { goal.expected() } else { goal.achieved() };
            each(&|| format!("goals[{index}].{cell}"), Cow::Borrowed(text), FieldRow::default());
        }
    } else if path == "fiscal_year" {
        each(&|| path.to_owned(), Cow::Owned(checked.form.fiscal_year().to_string()), FieldRow::default());
    } else {
        each(&|| path.to_owned(), Cow::Borrowed(form_text(checked.form, path)), FieldRow::default());
    }
}

/// The column that the title belongs to: it then stands under any of the column's titles.
fn declared<'c>(columns: &'c [Column], title: &str) -> Option<&'c Column> {
    columns.iter().find(|column| column.is_titled(title))
}

fn entry<'f>((title, text): (&'f String, &'f String)) -> (&'f str, &'f str) {
    (title, text)
}

/// A row that shares points with a row above has none to fill in; the row that leads others may leave it to them to
/// say what was wanted and done.
fn field_row(checked: &Checked<'_>, row: &ReadRow<'_>, cell: &str) -> FieldRow {
    let sharing = row.sharing;
    let taken_out = checked.results.get(row.index).is_some_and(|result| result.score.status == Status::NotApplicable);
    let excused = match cell {
        "points_possible" | "points_claimed" => sharing.below,
        "target" | "actual" => sharing.leads(),
        _ => false,
    };
    FieldRow { not_applicable: row.not_applicable || (taken_out && !sharing.below), excused }
}

fn row_text(cell: &str) -> fn(&Indicator) -> &str {
    match cell {
        "dimension" => Indicator::dimension,
        "category" => Indicator::category,
        "name" => Indicator::name,
        "target" => Indicator::target,
        "actual" => Indicator::actual,
        "points_possible" => |row| row.points_possible().text(),
        "points_claimed" => |row| row.points_claimed().text(),
        "deviation_reason" => Indicator::deviation_reason,
        _ => |_| "",
    }
}

fn form_text<'f>(form: &'f Form, path: &str) -> &'f str {
    fn of<T>(cell: &Printed<T>) -> &str {
        cell.text()
    }
    let (funds, total) = (form.funds(), form.funds().total());
    match path {
        "project_code" => form.project_code(),
        "project_name" => form.project_name(),
        "implementing_unit" => form.implementing_unit(),
        "primary_budget_unit" => form.primary_budget_unit(),
        "funds.points_possible" => of(funds.points_possible()),
        "funds.points_claimed" => of(funds.points_claimed()),
        "funds.execution_rate_claimed" => of(funds.execution_rate_claimed()),
        "funds.total.budget_initial" => of(total.budget_initial()),
        "funds.total.budget_annual" => of(total.budget_annual()),
        "funds.total.budget_executed" => of(total.budget_executed()),
        "total.points_possible" => of(form.total().points_possible()),
        "total.points_claimed" => of(form.total().points_claimed()),
        _ => "",
    }
}
