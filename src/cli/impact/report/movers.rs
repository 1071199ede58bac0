//! The forms that move most, with old and new derivation of their rows one below the other.

use super::title;
use super::totals::{category_title, signed};
use crate::cli::impact::{Told, no_rules};
use crate::cli::layout::{Ink, Screen, visible, wrap};
use crate::diagnostic::Lang;
use crate::impact::{FormImpact, Impact, RowImpact, RowSide, Side};
use crate::quantity::Points;

/// The most rows that are shown of a form.
const MOST_ROWS: usize = 6;

pub(super) fn text(told: &Told<'_>, impact: &Impact, screen: Screen) -> String {
    if impact.top.is_empty() {
        return String::new();
    }
    let mut out = title(screen.pick("变动最大的表", "Forms that move most"));
    for form in &impact.top {
        out.push_str(&head(form, screen));
        let mut rows: Vec<&RowImpact> = form.rows.iter().filter(|row| row.changes_score()).collect();
        // Those that move most, in the order of the form where they move alike.
        rows.sort_by_cached_key(|row| row.delta().to_exact().abs().neg());
        rows.iter().take(MOST_ROWS).for_each(|row| out.push_str(&row_text(told, row, screen)));
        let more = rows.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            out.push_str(&Ink::Faint.paint(&match screen.lang {
                Lang::Zh => format!("      ……另有 {more} 行\n"),
                Lang::En => format!("      … and {more} more\n"),
            }));
        }
        out.push_str(&adjustments(form, screen));
    }
    out
}

/// `表.yaml  项目  98.18 → 94.00 (−4.18)  优 → 良`
fn head(form: &FormImpact, screen: Screen) -> String {
    let points = |side: &Side| match side {
        Side::NoRules(_) => no_rules().get(screen.lang).to_owned(),
        Side::Scored(scored) => scored.points.awarded.to_string(),
    };
    let grade = |side: &Side| {
        let grade = side.scored().and_then(|scored| scored.grade.as_ref());
        grade.map_or_else(|| "—".to_owned(), |grade| screen.pick(&grade.title, &grade.id).to_owned())
    };
    let pack = |side: &Side| side.scored().map(|scored| scored.rule_pack.clone());
    let mut line = format!(
        "  {}  {}  {} → {}",
        Ink::Place.paint(&visible(&form.label)),
        visible(&form.project_name),
        points(&form.old),
        Ink::Strong.paint(&points(&form.new)),
    );
    if let Some(delta) = form.delta() {
        line.push_str(&format!(" ({})", ink_of(delta).paint(&signed(&delta.to_exact()))));
    }
    let (old, new) = (grade(&form.old), grade(&form.new));
    if old != new {
        let ink = if form.grade.is_drop() { Ink::Bad } else { Ink::Good };
        line.push_str(&format!("  {}", ink.paint(&format!("{old} → {new}"))));
    }
    if let (Some(old), Some(new)) = (pack(&form.old), pack(&form.new))
        && old != new
    {
        line.push_str(&format!("  {}", Ink::Faint.paint(&format!("{old} → {new}"))));
    }
    line + "\n"
}

fn ink_of(delta: Points) -> Ink {
    if delta.is_negative() {
        Ink::Bad
    } else if delta.is_zero() {
        Ink::Plain
    } else {
        Ink::Good
    }
}

fn row_text(told: &Told<'_>, row: &RowImpact, screen: Screen) -> String {
    let [_, book] = told.books;
    let number = row.field.split(['[', ']']).nth(1).and_then(|at| at.parse::<usize>().ok()).map(|at| at + 1);
    let what = match (number, screen.lang) {
        (Some(number), Lang::Zh) => format!("第 {number} 行  {}", visible(&row.name)),
        (Some(number), Lang::En) => format!("row {number}  {}", visible(&row.name)),
        (None, _) => category_title(book, "", "", screen),
    };
    let mut out = format!("      {what}\n");
    let signs = [(screen.pick("原", "old"), &row.old, Ink::Faint), (screen.pick("新", "new"), &row.new, Ink::Plain)];
    for (sign, side, ink) in signs {
        let told = side.as_ref().map_or_else(|| "—".to_owned(), |side| side_text(side, screen));
        for (at, line) in wrap(&told, screen.width.saturating_sub(14)).iter().enumerate() {
            let margin = if at == 0 { format!("        {sign}  ") } else { " ".repeat(12) };
            out.push_str(&format!("{margin}{}\n", ink.paint(line)));
        }
    }
    out
}

/// `7（核算 7.73，scoring.at_least）8 × 91.76% ÷ 95% = 7.73`
fn side_text(side: &RowSide, screen: Screen) -> String {
    let range = if side.floor == side.ceiling {
        side.ceiling.to_string()
    } else {
        format!("{} – {}", side.floor, side.ceiling)
    };
    let status = side.status.title();
    let told = if side.derivation.is_empty() { status.get(screen.lang).to_owned() } else { side.derivation.clone() };
    match screen.lang {
        Lang::Zh => format!("认定 {}  核算 {range}  {}  {told}", side.awarded, side.entry),
        Lang::En => format!("awarded {}  allowed {range}  {}  {told}", side.awarded, side.entry),
    }
}

fn adjustments(form: &FormImpact, screen: Screen) -> String {
    let told = |side: &Side| side.scored().map(|scored| scored.adjustments.join("；")).unwrap_or_default();
    let (old, new) = (told(&form.old), told(&form.new));
    if old == new {
        return String::new();
    }
    let shown = |text: &str| if text.is_empty() { "—".to_owned() } else { visible(text) };
    let name = screen.pick("总分调整", "adjustments");
    format!(
        "      {name}\n        {}  {}\n        {}  {}\n",
        screen.pick("原", "old"),
        Ink::Faint.paint(&shown(&old)),
        screen.pick("新", "new"),
        shown(&new)
    )
}
