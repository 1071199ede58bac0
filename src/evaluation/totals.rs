//! Sums of rounded rows, and the grade they fall into.

use super::{ExecutionResult, Grade, IndicatorResult, PointsSummary, Score, Status};
use crate::form::Form;
use crate::quantity::Points;
use crate::ruleset::RuleSet;

/// Totals over the execution and all rows.
pub(super) fn summarize(form: &Form, execution: Option<&ExecutionResult>, rows: &[IndicatorResult]) -> PointsSummary {
    let scores = || execution.map(|result| &result.score).into_iter().chain(rows.iter().map(|row| &row.score));
    let sum = |pick: fn(&Score) -> Option<Points>| {
        Points::checked_sum(scores().filter_map(pick)).map_or(Points::ZERO, Points::trimmed)
    };
    let claimed = scores().any(|score| score.claimed.is_some()).then(|| sum(|score| score.claimed));
    PointsSummary {
        possible: sum(|score| score.possible),
        claimed: form.total().points_claimed().value().copied().or(claimed),
        floor: sum(|score| Some(score.floor)),
        ceiling: sum(|score| Some(score.ceiling)),
        awarded: sum(|score| Some(score.awarded)),
    }
}

/// The grade of the awarded points. None when a rule failed, when a row that nobody could score claims
/// nothing or says not of how many points, or when the points fall into no band or one without a grade.
pub(super) fn grade(
    rules: &RuleSet,
    summary: &PointsSummary,
    execution: Option<&ExecutionResult>,
    rows: &[IndicatorResult],
) -> Option<Grade> {
    let mut scores = execution.map(|result| &result.score).into_iter().chain(rows.iter().map(|row| &row.score));
    let undecided = |score: &Score| {
        score.status == Status::Failed
            || (score.status == Status::NeedsReview && (score.claimed.is_none() || score.possible.is_none()))
    };
    if scores.any(undecided) {
        return None;
    }
    let band = rules.band_of(&summary.awarded.to_exact()).filter(|band| band.graded)?;
    Some(Grade { id: band.id.clone(), title: band.title.clone() })
}
