//! An answer that was stored or sent → [`Evaluation`], to be shown again.

use std::sync::Arc;

use prost::Message;

use crate::diagnostic::{Bilingual, Severity};
use crate::evaluation::{
    AdjustedPoints, Adjustment, Evaluation, ExecutionResult, Finding, Grade, IndicatorResult, PointsSummary, RowRead,
    Status, Told, ToldScore, TraceStep,
};
use crate::quantity::{Exact, Points, Ratio};
use crate::reading::{Carried, Comparison, Kind, Meeting, Met, Reading};
use crate::ruleset::{Basis, Citation, Clause};
use crate::wire::encode::{self, Identity};
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
        adjustments,
        trace,
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
        adjustments: adjustments.into_iter().map(adjustment).collect::<Result<_>>()?,
        trace: trace.into_iter().map(step).collect(),
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
        adjustments,
    } = message;
    let rate = rate.map(|text| need("rate", Exact::parse(&text)).map(Ratio::new)).transpose()?;
    let score = ToldScore {
        status: known("status", fared, &Status::ALL, encode::status)?,
        possible: maybe_point(points_possible)?,
        claimed: maybe_point(points_claimed)?,
        floor: point(&points_floor)?,
        ceiling: point(&points_ceiling)?,
        awarded: point(&points_awarded)?,
        told: Told {
            method,
            method_title,
            adjustments: adjustments.into_iter().map(adjustment).collect::<Result<_>>()?,
            derivation,
            citation: ground.map(citation).transpose()?,
            trace: trace.into_iter().map(step).collect(),
        },
    };
    Ok(ExecutionResult { rate, score: score.into() })
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
        adjustments,
    } = message;
    let score = ToldScore {
        status: known("status", fared, &Status::ALL, encode::status)?,
        possible: maybe_point(points_possible)?,
        claimed: maybe_point(points_claimed)?,
        floor: point(&points_floor)?,
        ceiling: point(&points_ceiling)?,
        awarded: point(&points_awarded)?,
        told: Told {
            method,
            method_title,
            adjustments: adjustments.into_iter().map(adjustment).collect::<Result<_>>()?,
            derivation,
            citation: ground.map(citation).transpose()?,
            trace: trace.into_iter().map(step).collect(),
        },
    };
    let cells = [reading(need("target", target)?)?, reading(need("actual", actual)?)?];
    let met = known("met", verdict, &Met::ALL, encode::met)?;
    let meeting = Meeting::told(met, Bilingual::new(met_reason, met_reason_en));
    let read = RowRead::told(need("field", row_of(&field))?, [dimension, category, name], cells, meeting);
    Ok(IndicatorResult { read: Arc::new(read), score: score.into() })
}

/// `indicators[5]` is row 5.
fn row_of(field: &str) -> Option<usize> {
    field.strip_prefix("indicators[")?.strip_suffix(']')?.parse().ok()
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
        kind: known("kind", sort, &Kind::ALL, encode::kind_of)?,
        comparison: bound
            .map(|bound| known("comparison", bound, &Comparison::ALL, encode::comparison_of))
            .transpose()?,
        value: value.as_deref().and_then(Exact::parse),
        unit,
        tier,
    }))
}

fn adjustment(message: pb::Adjustment) -> Result<Adjustment> {
    let pb::Adjustment {
        rule,
        title,
        points_floor_before,
        points_ceiling_before,
        points_awarded_before,
        points_floor_after,
        points_ceiling_after,
        points_awarded_after,
        derivation,
        citation: ground,
    } = message;
    let points = |floor: String, ceiling: String, awarded: Option<String>| -> Result<AdjustedPoints> {
        Ok(AdjustedPoints { floor: point(&floor)?, ceiling: point(&ceiling)?, awarded: maybe_point(awarded)? })
    };
    Ok(Adjustment {
        rule,
        title,
        before: points(points_floor_before, points_ceiling_before, points_awarded_before)?,
        after: points(points_floor_after, points_ceiling_after, points_awarded_after)?,
        derivation,
        citation: ground.map(citation).transpose()?,
    })
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
        severity: known("severity", weight, &Severity::ALL, encode::severity)?,
        field,
        message: Bilingual::new(message, message_en),
        help: Bilingual::new(help, help_en),
        citation: ground.map(citation).transpose()?,
    })
}

fn citation(message: pb::Citation) -> Result<Citation> {
    let pb::Citation { source, document, title, article, quote, basis: ground, verified } = message;
    Ok(Citation::from(Clause {
        source,
        document,
        title,
        article,
        quote,
        basis: known("basis", ground, &Basis::ALL, encode::basis_of)?,
        verified,
    }))
}

/// The value that is encoded as this number.
fn known<T: Copy, E: Into<i32>>(field: &'static str, number: i32, all: &[T], encode: fn(T) -> E) -> Result<T> {
    need(field, all.iter().copied().find(|value| encode(*value).into() == number))
}
