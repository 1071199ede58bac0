//! 资金使用情况: amounts as printed, and the score of their execution.

use super::View;
use super::rows::account;
use super::scores::{BLANK, Sign, cells};
use crate::cli::layout::{Cell, Column, Ink, Table, visible};
use crate::evaluation::Score;
use crate::form::{Amounts, Printed};
use crate::quantity::{Money, Ratio};

/// The table of funds; empty when the form has none.
pub(super) fn funds(view: &View<'_>) -> String {
    let funds = view.form.funds();
    let amounts = [funds.total().budget_initial(), funds.total().budget_annual(), funds.total().budget_executed()];
    let execution = view.evaluation.execution.as_ref();
    if execution.is_none() && funds.sources().is_empty() && amounts.iter().all(|amount| amount.is_blank()) {
        return String::new();
    }
    let mut columns = vec![
        Column::short(""),
        Column::text(&format!("{}（{}）", view.pick("项目资金", "Funds"), funds.unit().name())),
        Column::number(view.pick("年初预算数", "Initial")),
        Column::number(view.pick("全年预算数", "Annual")),
        Column::number(view.pick("全年执行数", "Executed")),
        Column::right(view.pick("执行率", "Rate")),
    ];
    let sign = execution.map_or(Sign::None, |result| Sign::of(&result.score));
    let mut row = vec![sign.cell(), Cell::new(view.pick("年度资金总额", "Total"))];
    row.extend(money(funds.total()));
    let rate = execution.and_then(|result| result.rate.as_ref()).map_or_else(|| BLANK.to_owned(), Ratio::percent);
    row.push(Cell::new(rate));
    if let Some(result) = execution.filter(|_| !view.is_narrow()) {
        columns.extend(columns_of_points(view));
        columns.push(Column::text(view.pick("说明", "Derivation")));
        row.extend(cells(&result.score));
        row.push(Cell::new(account(view, &result.score, "")).ink(Ink::Faint));
    }
    let mut table = Table::new(columns);
    table.row(row);
    for source in funds.sources() {
        let mut row = vec![Cell::new(""), Cell::new(source.name())];
        row.extend(money(source.amounts()));
        row.push(Cell::new(visible(source.execution_rate_claimed().text().trim())).ink(Ink::Faint));
        table.row(row);
    }
    let mut out = format!("{}{}", view.title("资金使用情况", "Use of funds"), table.render(view.screen.width));
    if let Some(result) = execution.filter(|_| view.is_narrow()) {
        out.push_str(&score_below(view, &result.score));
    }
    out
}

/// On a narrow screen the score of the execution has a table of its own.
fn score_below(view: &View<'_>, score: &Score) -> String {
    let mut columns = vec![Column::short("")];
    columns.extend(columns_of_points(view));
    columns.push(Column::text(view.pick("说明", "Derivation")));
    let mut table = Table::new(columns);
    let mut row = vec![Cell::new(view.pick("预算执行", "Execution"))];
    row.extend(cells(score));
    row.push(Cell::new(account(view, score, "")).ink(Ink::Faint));
    table.row(row);
    table.render(view.screen.width)
}

fn columns_of_points(view: &View<'_>) -> [Column; 4] {
    [
        Column::number(view.pick("分值", "Possible")),
        Column::number(view.pick("自评", "Claimed")),
        Column::right(view.pick("核算", "Allowed")),
        Column::number(view.pick("认定", "Awarded")),
    ]
}

fn money(amounts: &Amounts) -> [Cell; 3] {
    [amounts.budget_initial(), amounts.budget_annual(), amounts.budget_executed()]
        .map(|amount| Cell::new(grouped(amount)))
}

/// An amount as printed, in groups of three digits where it is a plain number.
fn grouped(amount: &Printed<Money>) -> String {
    let printed = amount.text().trim();
    let (sign, number) = printed.strip_prefix('-').map_or(("", printed), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let is_plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if printed.is_empty() {
        return BLANK.to_owned();
    }
    if !is_plain(whole) || !fraction.is_none_or(is_plain) {
        return visible(printed);
    }
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    fraction.into_iter().for_each(|fraction| text.extend([".", fraction]));
    text
}
