//! An answer that was stored or sent → [`Evaluation`], to be shown again.

use prost::Message;

use crate::diagnostic::{Bilingual, Severity};
use crate::evaluation::{
    Evaluation, ExecutionResult, Finding, Grade, IndicatorResult, PointsSummary, Score, Status, TraceStep,
};
use crate::quantity::{Exact, Points, Ratio};
use crate::reading::{Carried, Comparison, Kind, Met, Reading};
use crate::ruleset::{Basis, Citation};
use crate::wire::encode::Identity;
use crate::wire::pb::v1 as pb;

/// Why bytes are no answer of heng.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("the answer cannot be decoded: {0}")]
    Undecodable(#[from] prost::DecodeError),
    #[error("the answer's {field} cannot be read: it was made by another version of heng")]
    Field { field: &'static str },
}

type Result<T> = std::result::Result<T, AnswerError>;

fn need<T>(field: &'static str, found: Option<T>) -> Result<T> {
    found.ok_or(AnswerError::Field { field })
}

/// An encoded `heng.v1.Evaluation` and the id it was stored under.
///
/// # Errors
/// When the bytes are no evaluation, or hold a value that this version does not know.
pub fn evaluation(bytes: &[u8]) -> Result<(Evaluation, Identity)> {
    let pb::Evaluation {
        id,
        form_digest,
        rule_pack,
        revision,
        evaluated_at,
        project_code,
        project_name,
        fiscal_year,
        points: summary,
        grade,
        complete,
        execution: line,
        indicators,
        findings,
    } = pb::Evaluation::decode(bytes)?;
    let evaluated_at = evaluated_at.and_then(|time| jiff::Timestamp::new(time.seconds, time.nanos).ok());
    let identity = Identity { id, form_digest, evaluated_at };
    let evaluation = Evaluation {
        rule_pack,
        revision,
        project_code,
        project_name,
        fiscal_year,
        points: points(need("points", summary)?)?,
        grade: grade.map(|pb::Grade { id, title }| Grade { id, title }),
        complete,
        execution: line.map(execution).transpose()?,
        indicators: indicators.into_iter().map(indicator).collect::<Result<_>>()?,
        findings: findings.into_iter().map(finding).collect::<Result<_>>()?,
    };
    Ok((evaluation, identity))
}

fn point(text: &str) -> Result<Points> {
    need("points", Points::parse(text))
}

fn maybe_point(text: Option<String>) -> Result<Option<Points>> {
    text.map(|text| point(&text)).transpose()
}

fn points(message: pb::Points) -> Result<PointsSummary> {
    let pb::Points { possible, claimed, floor, ceiling, awarded } = message;
    Ok(PointsSummary {
        possible: point(&possible)?,
        claimed: maybe_point(claimed)?,
        floor: point(&floor)?,
        ceiling: point(&ceiling)?,
        awarded: point(&awarded)?,
    })
}

fn execution(message: pb::ExecutionEvaluation) -> Result<ExecutionResult> {
    let pb::ExecutionEvaluation {
        rate,
        status: fared,
        points_possible,
        points_claimed,
        points_floor,
        points_ceiling,
        points_awarded,
        method,
        method_title,
        derivation,
        citation: ground,
        trace,
    } = message;
    let rate = rate.map(|text| need("rate", Exact::parse(&text)).map(Ratio::new)).transpose()?;
    let score = Score {
        status: status(fared)?,
        possible: maybe_point(points_possible)?,
        claimed: maybe_point(points_claimed)?,
        floor: point(&points_floor)?,
        ceiling: point(&points_ceiling)?,
        awarded: point(&points_awarded)?,
        method,
        method_title,
        derivation,
        citation: ground.map(citation).transpose()?,
        trace: trace.into_iter().map(step).collect(),
    };
    Ok(ExecutionResult { rate, score })
}

fn indicator(message: pb::IndicatorEvaluation) -> Result<IndicatorResult> {
    let pb::IndicatorEvaluation {
        field,
        dimension,
        category,
        name,
        status: fared,
        target,
        actual,
        met: verdict,
        met_reason,
        met_reason_en,
        points_possible,
        points_claimed,
        points_floor,
        points_ceiling,
        points_awarded,
        method,
        method_title,
        derivation,
        citation: ground,
        trace,
    } = message;
    Ok(IndicatorResult {
        field,
        dimension,
        category,
        name,
        target: reading(need("target", target)?)?,
        actual: reading(need("actual", actual)?)?,
        met: met(verdict)?,
        reason: Bilingual::new(met_reason, met_reason_en),
        score: Score {
            status: status(fared)?,
            possible: maybe_point(points_possible)?,
            claimed: maybe_point(points_claimed)?,
            floor: point(&points_floor)?,
            ceiling: point(&points_ceiling)?,
            awarded: point(&points_awarded)?,
            method,
            method_title,
            derivation,
            citation: ground.map(citation).transpose()?,
            trace: trace.into_iter().map(step).collect(),
        },
    })
}

/// The rest of a reading (range, date, spans, other statements) stays in the message: it is not shown again.
fn reading(message: pb::Reading) -> Result<Reading> {
    let pb::Reading {
        text,
        kind: sort,
        comparison: bound,
        value,
        low: _,
        high: _,
        unit,
        date: _,
        tier,
        approximate: _,
        change: _,
        spans: _,
        others: _,
    } = message;
    Ok(Reading::carried(Carried {
        text,
        kind: kind(sort)?,
        comparison: bound.map(comparison).transpose()?,
        value: value.as_deref().and_then(Exact::parse),
        unit,
        tier,
    }))
}

fn step(message: pb::TraceStep) -> TraceStep {
    let pb::TraceStep { rule, place, formula, bindings, result } = message;
    let bindings = bindings.into_iter().map(|pb::Binding { name, value }| (name, value)).collect();
    TraceStep { rule, place, formula, bindings, result }
}

fn finding(message: pb::Finding) -> Result<Finding> {
    let pb::Finding { code, severity: weight, field, message, message_en, help, help_en, citation: ground } = message;
    Ok(Finding {
        code,
        severity: severity(weight)?,
        field,
        message: Bilingual::new(message, message_en),
        help: Bilingual::new(help, help_en),
        citation: ground.map(citation).transpose()?,
    })
}

fn citation(message: pb::Citation) -> Result<Citation> {
    let pb::Citation { source, document, title, article, quote, basis: ground, verified } = message;
    Ok(Citation { source, document, title, article, quote, basis: basis(ground)?, verified })
}

fn status(number: i32) -> Result<Status> {
    match pb::IndicatorStatus::try_from(number) {
        Ok(pb::IndicatorStatus::Scored) => Ok(Status::Scored),
        Ok(pb::IndicatorStatus::NotApplicable) => Ok(Status::NotApplicable),
        Ok(pb::IndicatorStatus::NeedsReview) => Ok(Status::NeedsReview),
        Ok(pb::IndicatorStatus::Failed) => Ok(Status::Failed),
        Ok(pb::IndicatorStatus::Unspecified) | Err(_) => Err(AnswerError::Field { field: "status" }),
    }
}

fn met(number: i32) -> Result<Met> {
    match pb::Met::try_from(number) {
        Ok(pb::Met::Met) => Ok(Met::Met),
        Ok(pb::Met::Exceeded) => Ok(Met::Exceeded),
        Ok(pb::Met::NotMet) => Ok(Met::NotMet),
        Ok(pb::Met::Judged) => Ok(Met::Judged),
        Ok(pb::Met::Unknown) => Ok(Met::Unknown),
        Ok(pb::Met::Unspecified) | Err(_) => Err(AnswerError::Field { field: "met" }),
    }
}

fn kind(number: i32) -> Result<Kind> {
    match pb::ReadingKind::try_from(number) {
        Ok(pb::ReadingKind::Number) => Ok(Kind::Number),
        Ok(pb::ReadingKind::Range) => Ok(Kind::Range),
        Ok(pb::ReadingKind::Date) => Ok(Kind::Date),
        Ok(pb::ReadingKind::Statement) => Ok(Kind::Statement),
        Ok(pb::ReadingKind::NotApplicable) => Ok(Kind::NotApplicable),
        Ok(pb::ReadingKind::Blank) => Ok(Kind::Blank),
        Ok(pb::ReadingKind::Unreadable) => Ok(Kind::Unreadable),
        Ok(pb::ReadingKind::Unspecified) | Err(_) => Err(AnswerError::Field { field: "kind" }),
    }
}

fn comparison(number: i32) -> Result<Comparison> {
    match pb::Comparison::try_from(number) {
        Ok(pb::Comparison::AtLeast) => Ok(Comparison::AtLeast),
        Ok(pb::Comparison::AtMost) => Ok(Comparison::AtMost),
        Ok(pb::Comparison::MoreThan) => Ok(Comparison::MoreThan),
        Ok(pb::Comparison::LessThan) => Ok(Comparison::LessThan),
        Ok(pb::Comparison::Exactly) => Ok(Comparison::Exactly),
        Ok(pb::Comparison::Within) => Ok(Comparison::Within),
        Ok(pb::Comparison::Unspecified) | Err(_) => Err(AnswerError::Field { field: "comparison" }),
    }
}

fn severity(number: i32) -> Result<Severity> {
    match pb::Severity::try_from(number) {
        Ok(pb::Severity::Info) => Ok(Severity::Info),
        Ok(pb::Severity::Warning) => Ok(Severity::Warning),
        Ok(pb::Severity::Error) => Ok(Severity::Error),
        Ok(pb::Severity::Unspecified) | Err(_) => Err(AnswerError::Field { field: "severity" }),
    }
}

fn basis(number: i32) -> Result<Basis> {
    match pb::Basis::try_from(number) {
        Ok(pb::Basis::Regulation) => Ok(Basis::Regulation),
        Ok(pb::Basis::LocalRule) => Ok(Basis::LocalRule),
        Ok(pb::Basis::Practice) => Ok(Basis::Practice),
        Ok(pb::Basis::Reviewer) => Ok(Basis::Reviewer),
        Ok(pb::Basis::Unspecified) | Err(_) => Err(AnswerError::Field { field: "basis" }),
    }
}
