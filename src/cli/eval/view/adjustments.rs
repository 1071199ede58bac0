//! 总分调整: what the rules made of the sum of the rows, such as a cap by the execution rate.

use super::View;
use super::scores::{points, range};
use crate::cli::layout::{Cell, Column, Ink, Table};
use crate::evaluation::AdjustedPoints;

/// One line for each adjustment of the whole form; empty when there is none.
pub(super) fn adjustments(view: &View<'_>) -> String {
    let adjustments = &view.evaluation.adjustments;
    if adjustments.is_empty() {
        return String::new();
    }
    let mut table = Table::new(vec![
        Column::text(view.pick("总分调整", "Adjustment")),
        Column::right(view.pick("核算", "Allowed")),
        Column::right(view.pick("认定", "Awarded")),
        Column::text(view.pick("说明", "Derivation")),
    ]);
    let allowed = |points: &AdjustedPoints| range(points.floor, points.ceiling);
    for adjustment in adjustments {
        let (before, after) = (&adjustment.before, &adjustment.after);
        table.row(vec![
            Cell::new(adjustment.title.as_str()),
            Cell::new(change(&allowed(before), &allowed(after))),
            Cell::new(change(&points(before.awarded), &points(after.awarded))).ink(Ink::Strong),
            Cell::new(adjustment.derivation.as_str()).ink(Ink::Faint),
        ]);
    }
    table.render(view.screen.width)
}

/// `92 → 79`, or `79` where nothing changed.
fn change(before: &str, after: &str) -> String {
    if before == after { after.to_owned() } else { format!("{before} → {after}") }
}
