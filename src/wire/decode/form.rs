//! Messages → [`Draft`]: shape only.

use prost::{DecodeError, Message};

use crate::form::{
    AmountsDraft, Draft, FundSourceDraft, FundsDraft, GoalDraft, IndicatorDraft, StructuredDraft, SubtotalDraft,
    TotalDraft,
};
use crate::wire::pb::v1 as pb;

/// The draft that a message holds. A message that is absent is a block of blank cells, and year 0 a blank year:
/// proto3 does not tell them apart.
pub fn form(message: pb::Form) -> Draft {
    let pb::Form {
        project_code,
        project_name,
        fiscal_year,
        implementing_unit,
        primary_budget_unit,
        attributes,
        funds: funds_block,
        goals,
        indicators,
        total: total_line,
        subtotals,
    } = message;
    Draft {
        project_code,
        project_name,
        fiscal_year: if fiscal_year == 0 { String::new() } else { fiscal_year.to_string() },
        implementing_unit,
        primary_budget_unit,
        attributes,
        funds: funds(funds_block.unwrap_or_default()),
        goals: goals.into_iter().map(goal).collect(),
        indicators: indicators.into_iter().map(indicator).collect(),
        total: total(total_line.unwrap_or_default()),
        subtotals: subtotals.into_iter().map(subtotal).collect(),
    }
}

/// Reads canonical bytes back, as [`digest::canonical`](super::digest::canonical) wrote them.
///
/// # Errors
/// When the bytes are no `heng.v1.Form`.
pub fn form_bytes(bytes: &[u8]) -> Result<Draft, DecodeError> {
    pb::Form::decode(bytes).map(form)
}

fn funds(message: pb::Funds) -> FundsDraft {
    let pb::Funds { unit, points_possible, points_claimed, execution_rate_claimed, total, sources } = message;
    FundsDraft {
        unit,
        points_possible,
        points_claimed,
        execution_rate_claimed,
        total: amounts(total.unwrap_or_default()),
        sources: sources.into_iter().map(source).collect(),
    }
}

fn amounts(message: pb::Amounts) -> AmountsDraft {
    let pb::Amounts { budget_initial, budget_annual, budget_executed } = message;
    AmountsDraft { budget_initial, budget_annual, budget_executed }
}

fn source(message: pb::FundSource) -> FundSourceDraft {
    let pb::FundSource { name, budget_initial, budget_annual, budget_executed, execution_rate_claimed } = message;
    let amounts = AmountsDraft { budget_initial, budget_annual, budget_executed };
    FundSourceDraft { name, amounts, execution_rate_claimed }
}

fn goal(message: pb::Goal) -> GoalDraft {
    let pb::Goal { period, expected, achieved } = message;
    GoalDraft { period, expected, achieved }
}

fn indicator(message: pb::Indicator) -> IndicatorDraft {
    let pb::Indicator {
        dimension,
        category,
        name,
        target,
        actual,
        points_possible,
        points_claimed,
        deviation_reason,
        target_structured,
        actual_structured,
        attributes,
    } = message;
    IndicatorDraft {
        dimension,
        category,
        name,
        target,
        actual,
        points_possible,
        points_claimed,
        deviation_reason,
        target_structured: structured(target_structured.unwrap_or_default()),
        actual_structured: structured(actual_structured.unwrap_or_default()),
        attributes,
    }
}

fn structured(message: pb::StructuredValue) -> StructuredDraft {
    let pb::StructuredValue { comparison: bound, value, low, high, unit, date, tier } = message;
    let comparison = bound.map(comparison).unwrap_or_default();
    StructuredDraft { comparison, value, low, high, unit, date, tier }
}

/// The name that files write. A number that has no name stays a number, for the gate to refuse.
fn comparison(number: i32) -> String {
    match pb::Comparison::try_from(number) {
        Ok(pb::Comparison::Unspecified) => String::new(),
        Ok(known) => known.as_str_name().trim_start_matches("COMPARISON_").to_owned(),
        Err(_) => number.to_string(),
    }
}

fn total(message: pb::Total) -> TotalDraft {
    let pb::Total { points_possible, points_claimed } = message;
    TotalDraft { points_possible, points_claimed }
}

fn subtotal(message: pb::Subtotal) -> SubtotalDraft {
    let pb::Subtotal { dimension, category, points_possible, points_claimed } = message;
    SubtotalDraft { dimension, category, points_possible, points_claimed }
}
