//! What came of a comparison, for people and for tools.

mod json;
mod movers;
mod rules;
mod totals;

pub(super) use json::json;

use super::Told;
use crate::cli::layout::{Ink, Screen, visible};
use crate::impact::Impact;

/// Everything, the rules first.
pub(super) fn text(told: &Told<'_>, screen: Screen) -> String {
    let mut out = format!(
        "{}  {} → {}\n{}\n",
        Ink::Strong.paint(screen.pick("规则影响", "Impact of rules")),
        Ink::Place.paint(&visible(&told.from)),
        Ink::Place.paint(&visible(&told.to)),
        Ink::Faint.paint(&"━".repeat(screen.width)),
    );
    out.push_str(&rules::text(&told.rules, screen));
    if let Some(impact) = &told.impact {
        out.push_str(&totals::text(told, impact, screen));
        out.push_str(&movers::text(told, impact, screen));
        out.push_str(&verdict(told, impact, screen));
    }
    out
}

/// The title of a part.
fn title(text: &str) -> String {
    format!("\n{}\n", Ink::Strong.paint(text))
}

/// What the limits say, in the last lines.
fn verdict(told: &Told<'_>, impact: &Impact, screen: Screen) -> String {
    if told.budget.is_unlimited() {
        return String::new();
    }
    let exceeded = told.budget.exceeded_by(impact);
    if exceeded.is_empty() {
        return format!("\n{}\n", Ink::Good.paint(screen.pick("✓ 在允许的变动之内", "✓ within the limits")));
    }
    let lines = exceeded
        .iter()
        .map(|excess| format!("{} {}\n", Ink::Bad.paint("×"), Ink::Bad.paint(excess.message().get(screen.lang))));
    format!("\n{}", lines.collect::<String>())
}
