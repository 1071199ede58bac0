//! 年度绩效指标: the rows, by dimension, with what the rules make of each.

use super::View;
use super::scores::{BLANK, Sign, Sums, cells};
use crate::cli::layout::{Cell, Column, Ink, Table};
use crate::evaluation::{IndicatorResult, Score, Status};
use crate::form::Indicator;
use crate::ruleset::Role;

/// A row of the form with its result, and its number from 1.
type Numbered<'a> = (usize, &'a Indicator, &'a IndicatorResult);

/// The table of indicators with its bottom line and the legend of its signs.
pub(super) fn indicators(view: &View<'_>) -> String {
    let mut table = Table::new(columns(view));
    let rows: Vec<Numbered<'_>> = view
        .form
        .indicators()
        .iter()
        .zip(&view.evaluation.indicators)
        .enumerate()
        .map(|(at, (row, result))| (at + 1, row, result))
        .collect();
    let groups = rows.chunk_by(|(_, one, _), (_, other, _)| one.dimension() == other.dimension());
    for (at, group) in groups.enumerate() {
        if at > 0 {
            table.rule('─');
        }
        add_group(view, group, &mut table);
    }
    table.rule('─');
    table.row(bottom_line(view));
    let title = view.title("年度绩效指标", "Indicators");
    format!("{title}{}{}", table.render(view.screen.width), legend(view))
}

fn columns(view: &View<'_>) -> Vec<Column> {
    let mut columns = vec![Column::short(""), Column::right(view.pick("行", "#"))];
    if !view.is_narrow() {
        columns.push(Column::text(view.pick("二级指标", "Category")).at_most(14));
    }
    columns.extend([
        Column::text(view.pick("三级指标", "Indicator")),
        Column::text(view.pick("年度指标值", "Target")),
        Column::text(view.pick("实际完成值", "Actual")),
        Column::number(view.pick("分值", "Possible")),
        Column::number(view.pick("自评", "Claimed")),
        Column::right(view.pick("核算", "Allowed")),
        Column::number(view.pick("认定", "Awarded")),
    ]);
    if !view.is_narrow() {
        columns.push(Column::text(view.pick("说明", "Derivation")).at_most(20));
    }
    columns
}

/// Columns before the points.
fn texts(view: &View<'_>) -> usize {
    if view.is_narrow() { 5 } else { 6 }
}

/// Columns of points.
const POINTS: usize = 4;

/// The rows of one dimension under its title and sums; a category's title stands where it begins.
fn add_group(view: &View<'_>, group: &[Numbered<'_>], table: &mut Table) {
    let Some((_, first, _)) = group.first() else { return };
    let title = match first.dimension() {
        "" => view.pick("（未填一级指标）", "(no dimension)"),
        title => title,
    };
    let mut heading = vec![Cell::new(title).over(texts(view)).ink(Ink::Strong)];
    heading.extend(Sums::of(group.iter().map(|(_, _, result)| &result.score)).cells(Ink::Faint));
    table.row(heading);
    let mut category = None;
    for (number, row, result) in group {
        let begins = category != Some(row.category());
        category = Some(row.category());
        if view.is_narrow() && begins {
            table.row(vec![Cell::new(""), Cell::new(""), Cell::new(row.category()).over(3).ink(Ink::Faint)]);
        }
        let score = &result.score;
        let quiet = if score.status == Status::NotApplicable { Ink::Faint } else { Ink::Plain };
        let text = |text: &str| Cell::new(if text.trim().is_empty() { BLANK } else { text }).ink(quiet);
        let account = account(view, score, result.reason().get(view.screen.lang));
        let mut line = vec![Sign::of(score).cell(), Cell::new(number.to_string()).ink(Ink::Faint)];
        if !view.is_narrow() {
            line.push(Cell::new(if begins { row.category() } else { "" }));
        }
        line.extend([text(row.name()), text(&target(view, row, result)), text(row.actual())]);
        line.extend(cells(score));
        if view.is_narrow() {
            table.row(line);
            if !account.is_empty() {
                let below = Cell::new(format!("└ {account}")).over(3 + POINTS).ink(Ink::Faint);
                table.row(vec![Cell::new(""), Cell::new(""), below]);
            }
        } else {
            line.push(Cell::new(account).ink(Ink::Faint));
            table.row(line);
        }
    }
}

/// The target with the comparator and the unit that stand in columns of their own: `≥`, `735` and `人次`.
fn target(view: &View<'_>, row: &Indicator, result: &IndicatorResult) -> String {
    let mut shown = if row.target().trim().is_empty() { String::new() } else { result.target.text.trim().to_owned() };
    let unit = view.rules.and_then(|rules| rules.structure.role_of(Role::Unit, row)).unwrap_or_default();
    if shown.ends_with(char::is_numeric) {
        shown.push_str(unit.trim());
    }
    shown
}

/// How a row came to its points: in numbers, or else in words.
pub(super) fn account(view: &View<'_>, score: &Score, reason: &str) -> String {
    match score.status {
        Status::Scored if score.floor == score.ceiling => score.derivation().to_owned(),
        Status::Scored => {
            // The range itself and the points it is of stand in columns of their own.
            let share = score.derivation().split(" = ").next().and_then(|product| product.split(" × ").last());
            format!("{} {}{}", view.pick("评判", "judged"), share.unwrap_or_default(), adjusted(score))
        }
        // A row that shares the points of another says so.
        Status::NotApplicable => score.method_title().to_owned(),
        Status::NeedsReview if score.possible.is_none() => {
            view.pick("分值空白，无从计分", "no points to score").to_owned()
        }
        Status::NeedsReview if !reason.is_empty() => format!("{reason}{}", adjusted(score)),
        Status::NeedsReview => format!("{}{}", score.status.title().get(view.screen.lang), adjusted(score)),
        Status::Failed => {
            let why = score.trace().last().map_or("", |step| step.result.as_str());
            format!("{} {why}", score.status.title().get(view.screen.lang))
        }
    }
}

/// What changed the range after it was found: `；扣减分数：8 − 2 = 6，10 − 2 = 8`.
fn adjusted(score: &Score) -> String {
    let parts = score.adjustments().iter().flat_map(|one| ["；", &one.title, "：", &one.derivation]);
    parts.collect()
}

/// 总分: possible and claimed as the form states them, where it does.
fn bottom_line(view: &View<'_>) -> Vec<Cell> {
    let total = view.form.total();
    let points = &view.evaluation.points;
    let sums = Sums {
        possible: total.points_possible().value().copied().or(Some(points.possible)),
        claimed: points.claimed,
        floor: points.floor,
        ceiling: points.ceiling,
        awarded: points.awarded,
    };
    let title = view.pick("总分（含预算执行）", "Total, execution included");
    let mut line = vec![Cell::new(title).over(texts(view)).ink(Ink::Strong)];
    line.extend(sums.cells(Ink::Strong));
    line
}

/// What the signs at the margin mean, as far as they occur.
fn legend(view: &View<'_>) -> String {
    let scores = view.evaluation.indicators.iter().map(|row| &row.score);
    let scores = scores.chain(view.evaluation.execution.iter().map(|result| &result.score));
    let signs: Vec<Sign> = scores.map(Sign::of).collect();
    let meanings = [
        (Sign::Above, "自评高于核算", "claimed above what the rules allow"),
        (Sign::Below, "自评低于核算", "claimed below what the rules allow"),
        (Sign::Review, "需人工复核", "a person must look"),
        (Sign::Failed, "规则执行失败", "the rule failed"),
    ];
    let told = meanings
        .into_iter()
        .filter(|(sign, ..)| signs.contains(sign))
        .map(|(sign, zh, en)| format!("{} {}", sign.ink().paint(sign.mark()), view.pick(zh, en)));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!("{}\n", told.join("   ")) }
}
