//! `SummarizeEvaluations`: sums as messages.

use super::listed::{unknown, wanted};
use crate::app::{App, FindingTally, Group, Grouping, Loss, Refusal};
use crate::quantity::Points;
use crate::wire::pb::v1 as pb;

pub async fn sums(
    app: &App,
    request: pb::SummarizeEvaluationsRequest,
) -> Result<pb::SummarizeEvaluationsResponse, Refusal> {
    let pb::SummarizeEvaluationsRequest { filter, grouping } = request;
    let grouping = match pb::SummaryGrouping::try_from(grouping) {
        Ok(pb::SummaryGrouping::Unspecified) => Grouping::All,
        Ok(pb::SummaryGrouping::ImplementingUnit) => Grouping::ImplementingUnit,
        Ok(pb::SummaryGrouping::FiscalYear) => Grouping::FiscalYear,
        Ok(pb::SummaryGrouping::RulePack) => Grouping::RulePack,
        Err(_) => return Err(unknown("grouping")),
    };
    let summary = app.summarize(wanted(filter.unwrap_or_default()), grouping).await?;
    Ok(pb::SummarizeEvaluationsResponse {
        groups: summary.groups.into_iter().map(|(key, group)| shown(key, group)).collect(),
        evaluation_count: count(summary.evaluations),
        groups_omitted: i32::try_from(summary.omitted).unwrap_or(i32::MAX),
    })
}

fn shown(key: String, group: Group) -> pb::EvaluationGroup {
    let Group { evaluations, grades, ungraded, awarded_mean, claimed_mean, differing, losses, findings } = group;
    let grade = |(id, title, evaluations)| pb::GradeCount {
        grade: Some(pb::Grade { id, title }),
        evaluation_count: count(evaluations),
    };
    pb::EvaluationGroup {
        key,
        evaluation_count: count(evaluations),
        grades: grades.into_iter().map(grade).collect(),
        ungraded_count: count(ungraded),
        points_awarded_mean: awarded_mean.map(|mean| mean.to_string()).unwrap_or_default(),
        points_claimed_mean: claimed_mean.map(|mean| mean.to_string()),
        claim_differs_count: count(differing),
        losses: losses.into_iter().map(loss).collect(),
        findings: findings.into_iter().map(finding).collect(),
    }
}

fn loss(loss: Loss) -> pb::IndicatorLoss {
    let Loss { dimension, name, possible, lost, rows } = loss;
    pb::IndicatorLoss {
        dimension,
        name,
        points_possible: Points::fix(&possible).to_string(),
        points_lost: Points::fix(&lost).to_string(),
        row_count: count(rows),
    }
}

fn finding(finding: FindingTally) -> pb::FindingCount {
    let FindingTally { code, severity, evaluations, times } = finding;
    pb::FindingCount { code, severity, evaluation_count: count(evaluations), finding_count: count(times) }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
