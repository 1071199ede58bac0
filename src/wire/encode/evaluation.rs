//! The answer of the rules, with the identity that storing gave it.

use jiff::Timestamp;

use super::reading::{met, reading};
use super::rule_pack::{citation, severity};
use crate::evaluation::{
    Adjustment, Evaluation, ExecutionResult, Finding, Grade, IndicatorResult, PointsSummary, RowRead, Score, Status,
    TraceStep,
};
use crate::quantity::{Points, Ratio};
use crate::wire::pb::v1 as pb;

/// What an evaluation gets from whoever asked for it: nothing that the rules compute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Empty when nothing is stored.
    pub id: String,
    /// `sha256:…` of the form's canonical bytes.
    pub form_digest: String,
    pub evaluated_at: Option<Timestamp>,
}

/// The message, for those who look into it; who only sends it takes its bytes from `evaluation_bytes`.
pub fn evaluation(evaluation: &Evaluation, identity: &Identity) -> pb::Evaluation {
    let Identity { id, form_digest, evaluated_at } = identity;
    let Evaluation {
        rule_pack,
        revision,
        project_code,
        project_name,
        fiscal_year,
        points: points_summary,
        grade: grade_band,
        complete,
        execution: execution_line,
        indicators,
        findings,
        adjustments,
        trace,
    } = evaluation;
    pb::Evaluation {
        id: id.clone(),
        form_digest: form_digest.clone(),
        rule_pack: rule_pack.clone(),
        revision: revision.clone(),
        evaluated_at: evaluated_at.map(timestamp),
        project_code: project_code.clone(),
        project_name: project_name.clone(),
        fiscal_year: *fiscal_year,
        points: Some(points(points_summary)),
        grade: grade_band.as_ref().map(grade),
        complete: *complete,
        execution: execution_line.as_ref().map(execution),
        indicators: indicators.iter().map(indicator).collect(),
        findings: findings.iter().map(finding).collect(),
        adjustments: adjustments.iter().map(adjustment).collect(),
        trace: trace.iter().map(trace_step).collect(),
    }
}

/// A time as protobuf counts it.
pub fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    // Before 1970 jiff counts nanoseconds down and protobuf counts them up from the second before.
    let nanos = time.subsec_nanosecond();
    let seconds = time.as_second() - i64::from(nanos < 0);
    prost_types::Timestamp { seconds, nanos: if nanos < 0 { nanos + 1_000_000_000 } else { nanos } }
}

fn points(points: &PointsSummary) -> pb::Points {
    let PointsSummary { possible, claimed, floor, ceiling, awarded } = points;
    pb::Points {
        possible: possible.to_string(),
        claimed: claimed.as_ref().map(Points::to_string),
        floor: floor.to_string(),
        ceiling: ceiling.to_string(),
        awarded: awarded.to_string(),
    }
}

fn grade(grade: &Grade) -> pb::Grade {
    let Grade { id, title } = grade;
    pb::Grade { id: id.clone(), title: title.clone() }
}

fn execution(result: &ExecutionResult) -> pb::ExecutionEvaluation {
    let ExecutionResult { rate, score } = result;
    let Score { status: row_status, possible, claimed, floor, ceiling, awarded, .. } = score;
    pb::ExecutionEvaluation {
        rate: rate.as_ref().map(Ratio::to_string),
        status: status(*row_status).into(),
        points_possible: possible.as_ref().map(Points::to_string),
        points_claimed: claimed.as_ref().map(Points::to_string),
        points_floor: floor.to_string(),
        points_ceiling: ceiling.to_string(),
        points_awarded: awarded.to_string(),
        method: score.method().to_owned(),
        method_title: score.method_title().to_owned(),
        derivation: score.derivation().to_owned(),
        citation: score.citation().map(citation),
        trace: score.trace().iter().map(trace_step).collect(),
        adjustments: score.adjustments().iter().map(adjustment).collect(),
    }
}

fn indicator(result: &IndicatorResult) -> pb::IndicatorEvaluation {
    let IndicatorResult { read, score } = result;
    let RowRead { dimension, category, name, target, actual, .. } = &**read;
    let reason = read.reason();
    let Score { status: row_status, possible, claimed, floor, ceiling, awarded, .. } = score;
    pb::IndicatorEvaluation {
        field: read.field(),
        dimension: dimension.clone(),
        category: category.clone(),
        name: name.clone(),
        status: status(*row_status).into(),
        target: Some(reading(target)),
        actual: Some(reading(actual)),
        met: met(read.met()).into(),
        met_reason: reason.zh,
        met_reason_en: reason.en,
        points_possible: possible.as_ref().map(Points::to_string),
        points_claimed: claimed.as_ref().map(Points::to_string),
        points_floor: floor.to_string(),
        points_ceiling: ceiling.to_string(),
        points_awarded: awarded.to_string(),
        method: score.method().to_owned(),
        method_title: score.method_title().to_owned(),
        derivation: score.derivation().to_owned(),
        citation: score.citation().map(citation),
        trace: score.trace().iter().map(trace_step).collect(),
        adjustments: score.adjustments().iter().map(adjustment).collect(),
    }
}

pub(in crate::wire) fn status(status: Status) -> pb::IndicatorStatus {
    match status {
        Status::Scored => pb::IndicatorStatus::Scored,
        Status::NotApplicable => pb::IndicatorStatus::NotApplicable,
        Status::NeedsReview => pb::IndicatorStatus::NeedsReview,
        Status::Failed => pb::IndicatorStatus::Failed,
    }
}

fn adjustment(adjustment: &Adjustment) -> pb::Adjustment {
    let Adjustment { rule, title, before, after, derivation, citation: ground } = adjustment;
    pb::Adjustment {
        rule: rule.clone(),
        title: title.clone(),
        points_floor_before: before.floor.to_string(),
        points_ceiling_before: before.ceiling.to_string(),
        points_awarded_before: before.awarded.as_ref().map(Points::to_string),
        points_floor_after: after.floor.to_string(),
        points_ceiling_after: after.ceiling.to_string(),
        points_awarded_after: after.awarded.as_ref().map(Points::to_string),
        derivation: derivation.clone(),
        citation: ground.as_ref().map(citation),
    }
}

fn trace_step(step: &TraceStep) -> pb::TraceStep {
    let TraceStep { rule, place, formula, bindings, result } = step;
    pb::TraceStep {
        rule: rule.clone(),
        place: place.clone(),
        formula: formula.clone(),
        bindings: bindings
            .iter()
            .map(|(name, value)| pb::Binding { name: name.clone(), value: value.clone() })
            .collect(),
        result: result.clone(),
    }
}

fn finding(finding: &Finding) -> pb::Finding {
    let Finding { code, severity: weight, field, message, help, citation: ground } = finding;
    pb::Finding {
        code: code.clone(),
        severity: severity(*weight).into(),
        field: field.clone(),
        message: message.zh.clone(),
        message_en: message.en.clone(),
        help: help.zh.clone(),
        help_en: help.en.clone(),
        citation: ground.as_ref().map(citation),
    }
}
