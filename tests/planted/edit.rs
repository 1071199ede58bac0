//! Changing a form as a clerk would: by its printed texts.

use std::iter::once;

use heng::form::{Draft, IndicatorDraft};
use rust_decimal::Decimal;

pub const SIGN: &str = "指标性质";
pub const UNIT: &str = "度量单位";

pub fn number(text: &str) -> Decimal {
    text.trim().parse().unwrap_or_default()
}

/// A number that this test is written with.
pub fn d(text: &str) -> Decimal {
    text.parse().expect("a number")
}

/// `text` with its first number replaced by what `change` makes of it.
pub fn with_number(text: &str, change: impl Fn(Decimal) -> Decimal) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return text.to_owned() };
    let (before, rest) = text.split_at(start);
    let (digits, after) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
    format!("{before}{}{after}", change(number(digits)).round_dp(6).normalize())
}

pub fn times(text: &mut String, factor: Decimal) {
    *text = with_number(text, |number| number * factor);
}

pub fn plus(text: &mut String, addend: Decimal) {
    *text = (number(text) + addend).normalize().to_string();
}

/// The target with the sign of its own column before it.
fn target(row: &IndicatorDraft) -> String {
    format!("{}{}", row.attributes.get(SIGN).map_or("", String::as_str), row.target)
}

pub fn is_at_least(row: &IndicatorDraft) -> bool {
    target(row).starts_with(['≥', '≧'])
}

pub fn is_at_most(row: &IndicatorDraft) -> bool {
    target(row).starts_with(['≤', '≦'])
}

/// The unit that the target is in, by its own column or behind its number.
pub fn unit(row: &IndicatorDraft) -> String {
    let in_column = row.attributes.get(UNIT).cloned();
    let behind = || row.target.trim_start_matches(|c: char| !c.is_ascii_digit());
    in_column.unwrap_or_else(|| behind().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned())
}

pub fn is_percent(row: &IndicatorDraft) -> bool {
    unit(row) == "%"
}

pub fn is_cost(row: &IndicatorDraft) -> bool {
    row.category.contains("成本")
}

pub fn find(draft: &Draft, is_it: impl Fn(&IndicatorDraft) -> bool) -> Option<usize> {
    draft.indicators.iter().position(|row| number(&row.points_possible) > Decimal::ZERO && is_it(row))
}

/// A row whose number must be reached.
pub fn counted(draft: &Draft) -> Option<usize> {
    find(draft, |row| is_at_least(row) && !is_percent(row) && !is_cost(row))
}

pub fn at(row: usize, cell: &str) -> Option<String> {
    Some(format!("indicators[{row}].{cell}"))
}

/// Sums of the claims written anew, as a clerk does who knows what was changed.
pub fn settle(draft: &mut Draft) {
    let claims = draft.indicators.iter().map(|row| row.points_claimed.as_str());
    let total: Decimal = claims.chain(once(draft.funds.points_claimed.as_str())).map(number).sum();
    draft.total.points_claimed = total.normalize().to_string();
    for subtotal in &mut draft.subtotals {
        let of = |row: &&IndicatorDraft| {
            row.dimension == subtotal.dimension && (subtotal.category.is_empty() || row.category == subtotal.category)
        };
        let sum = |cell: fn(&IndicatorDraft) -> &String| {
            draft.indicators.iter().filter(of).map(|row| number(cell(row))).sum::<Decimal>().normalize().to_string()
        };
        subtotal.points_claimed = sum(|row| &row.points_claimed);
        subtotal.points_possible = sum(|row| &row.points_possible);
    }
    if let Some(conclusion) = draft.attributes.get_mut("评价结论") {
        *conclusion = with_number(conclusion, |_| total);
    }
}

/// The money spent, everywhere in the funds table, and what follows from it: rate, points, total.
pub fn spend(draft: &mut Draft, rate: Decimal) {
    let funds = &mut draft.funds;
    let sources = funds.sources.iter_mut();
    for (amounts, claimed) in sources.map(|source| (&mut source.amounts, Some(&mut source.execution_rate_claimed))) {
        amounts.budget_executed = (number(&amounts.budget_annual) * rate).normalize().to_string();
        if let Some(claimed) = claimed.filter(|claimed| !claimed.is_empty() && *claimed != "0.00%") {
            *claimed = percent(rate);
        }
    }
    funds.total.budget_executed = (number(&funds.total.budget_annual) * rate).normalize().to_string();
    funds.execution_rate_claimed = percent(rate);
    let points = (number(&funds.points_possible) * rate.min(Decimal::ONE)).round_dp(2);
    funds.points_claimed = points.normalize().to_string();
    settle(draft);
}

pub fn percent(rate: Decimal) -> String {
    format!("{}%", (rate * Decimal::ONE_HUNDRED).normalize())
}
