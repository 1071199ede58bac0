//! What only some layouts have: columns beside the usual ones, and subtotals.

use super::View;
use super::scores::{BLANK, points};
use crate::cli::layout::{Cell, Column, Ink, Table, visible};
use crate::diagnostic::Lang;
use crate::form::Indicator;
use crate::ruleset::Role;

/// Characters that are shown of a cell.
const SHOWN: usize = 60;

/// The rows' other cells, as far as something is written in them; the comparator and the unit stand beside the
/// target already.
pub(super) fn columns(view: &View<'_>) -> String {
    let mut table = Table::new(vec![
        Column::right(view.pick("行", "#")),
        Column::short(view.pick("栏目", "Column")),
        Column::text(view.pick("内容", "Text")),
    ]);
    let mut is_empty = true;
    for (index, row) in view.form.indicators().iter().enumerate() {
        let mut number = (index + 1).to_string();
        for (title, text) in row.attributes().iter().filter(|(title, text)| stands_alone(view, row, title, text)) {
            is_empty = false;
            let title = Cell::new(visible(title)).ink(Ink::Faint);
            table.row(vec![Cell::new(std::mem::take(&mut number)), title, Cell::new(clipped(view, text))]);
        }
    }
    if is_empty {
        return String::new();
    }
    format!("{}{}", view.title("指标的其他栏", "Other columns"), table.render(view.screen.width))
}

fn stands_alone(view: &View<'_>, row: &Indicator, title: &str, text: &str) -> bool {
    let beside_target = |role| {
        let columns = view.rules.map_or(&[][..], |rules| &rules.structure.columns);
        let column = columns.iter().find(|column| column.role == Some(role));
        column.and_then(|column| column.cell(row.attributes())).is_some_and(|(printed, _)| printed == title)
    };
    !text.trim().is_empty() && !beside_target(Role::Comparator) && !beside_target(Role::Unit)
}

fn clipped(view: &View<'_>, text: &str) -> String {
    let length = text.chars().count();
    if length <= SHOWN {
        return visible(text);
    }
    let shown: String = text.chars().take(SHOWN).collect();
    match view.screen.lang {
        Lang::Zh => format!("{}……（全文 {length} 字）", visible(&shown)),
        Lang::En => format!("{}… ({length} characters in all)", visible(&shown)),
    }
}

/// What the form prints as sums of dimensions and categories.
pub(super) fn subtotals(view: &View<'_>) -> String {
    if view.form.subtotals().is_empty() {
        return String::new();
    }
    let mut table = Table::new(vec![
        Column::text(view.pick("一级指标", "Dimension")),
        Column::text(view.pick("二级指标", "Category")),
        Column::number(view.pick("分值", "Possible")),
        Column::number(view.pick("自评", "Claimed")),
    ]);
    for subtotal in view.form.subtotals() {
        let category = if subtotal.category().trim().is_empty() { BLANK } else { subtotal.category() };
        table.row(vec![
            Cell::new(subtotal.dimension()),
            Cell::new(category),
            Cell::new(points(subtotal.points_possible().value().copied())),
            Cell::new(points(subtotal.points_claimed().value().copied())),
        ]);
    }
    format!("{}{}", view.title("小计", "Subtotals"), table.render(view.screen.width))
}
