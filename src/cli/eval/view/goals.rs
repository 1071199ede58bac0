//! 总体目标: what was expected beside what was achieved.

use super::View;
use super::scores::BLANK;
use crate::cli::layout::{Cell, Column, Table, width, wrap};
use crate::diagnostic::Lang;

/// Lines that are shown of a long text.
const LINES: usize = 5;

pub(super) fn goals(view: &View<'_>) -> String {
    if view.form.goals().is_empty() {
        return String::new();
    }
    let expected = view.pick("预期目标", "Expected");
    let achieved = view.pick("实际完成情况", "Achieved");
    let several = view.form.goals().len() > 1;
    let label = if several { Column::short(view.pick("目标", "Goal")) } else { Column::short("") };
    let mut table = Table::new(vec![label, Column::text(expected), Column::text(achieved)]);
    for goal in view.form.goals() {
        let period = if several { period_title(view, goal.period()) } else { String::new() };
        let cells = view.screen.width.saturating_sub(width(&period) + 4) / 2;
        let text = |text: &str| Cell::new(clipped(view, text, cells));
        table.row(vec![Cell::new(period.as_str()), text(goal.expected()), text(goal.achieved())]);
    }
    format!("{}{}", view.title("总体目标完成情况", "Goals"), table.render(view.screen.width))
}

pub(super) fn period_title(view: &View<'_>, period: &str) -> String {
    match period {
        "annual" => view.pick("年度目标", "annual").to_owned(),
        "medium_term" | "long_term" => view.pick("中长期目标", "long-term").to_owned(),
        other => other.to_owned(),
    }
}

/// The first lines of a text, and how long it is in all.
fn clipped(view: &View<'_>, text: &str, cells: usize) -> String {
    if text.trim().is_empty() {
        return BLANK.to_owned();
    }
    let lines = wrap(text, cells);
    if lines.len() <= LINES + 1 {
        return text.to_owned();
    }
    let length = text.chars().filter(|c| !c.is_whitespace()).count();
    let mut shown = lines.into_iter().take(LINES).collect::<Vec<_>>().join("\n");
    shown.push_str(&match view.screen.lang {
        Lang::Zh => format!("\n……（全文 {length} 字）"),
        Lang::En => format!("\n… ({length} characters in all)"),
    });
    shown
}
