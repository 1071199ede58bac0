//! Messages → [`Draft`]: shape only.

use prost::{DecodeError, Message};

use crate::form::{AmountsDraft, Draft, FundSourceDraft, FundsDraft, GoalDraft, IndicatorDraft, TotalDraft};
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
    let pb::FundSource { name, budget_initial, budget_annual, budget_executed } = message;
    FundSourceDraft { name, amounts: AmountsDraft { budget_initial, budget_annual, budget_executed } }
}

fn goal(message: pb::Goal) -> GoalDraft {
    let pb::Goal { period, expected, achieved } = message;
    GoalDraft { period, expected, achieved }
}

fn indicator(message: pb::Indicator) -> IndicatorDraft {
    let pb::Indicator { dimension, category, name, target, actual, points_possible, points_claimed, deviation_reason } =
        message;
    IndicatorDraft { dimension, category, name, target, actual, points_possible, points_claimed, deviation_reason }
}

fn total(message: pb::Total) -> TotalDraft {
    let pb::Total { points_possible, points_claimed } = message;
    TotalDraft { points_possible, points_claimed }
}
