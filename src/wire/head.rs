//! The head of a stored evaluation: what lists, filters and sums need, read without building the rest.
//!
//! The messages here are those of the interface with most of their fields left out; a reader of protobuf skips
//! what a message does not name. `the_head_is_what_the_whole_evaluation_says` holds their numbers to the interface.

use prost::Message;

use super::pb::v1 as pb;
use super::stored::Record;
use crate::quantity::Points;

/// Why there is no head.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the evaluation cannot be read: {0}")]
pub struct HeadError(#[from] prost::DecodeError);

/// What a stored evaluation is found by, listed with and added up from.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    evaluation: EvaluationHead,
    form: FormHead,
}

/// A scored row, or the line of the execution rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowHead<'h> {
    /// Empty for the line of the execution rate, as is the name.
    pub dimension: &'h str,
    pub name: &'h str,
    pub possible: Points,
    pub awarded: Points,
}

impl Head {
    /// Reads the head of a stored evaluation.
    ///
    /// # Errors
    /// When its bytes are no messages.
    pub fn read(record: &Record) -> Result<Head, HeadError> {
        let evaluation = EvaluationHead::decode(record.evaluation.as_slice())?;
        Ok(Head { evaluation, form: FormHead::decode(record.form.as_slice())? })
    }

    pub fn id(&self) -> &str {
        &self.evaluation.id
    }

    pub fn fiscal_year(&self) -> i32 {
        self.evaluation.fiscal_year
    }

    /// Without blanks at its ends.
    pub fn implementing_unit(&self) -> &str {
        self.form.implementing_unit.trim()
    }

    /// Without blanks at its ends.
    pub fn primary_budget_unit(&self) -> &str {
        self.form.primary_budget_unit.trim()
    }

    pub fn project_code(&self) -> &str {
        &self.evaluation.project_code
    }

    pub fn rule_pack(&self) -> &str {
        &self.evaluation.rule_pack
    }

    pub fn revision(&self) -> &str {
        &self.evaluation.revision
    }

    /// Id and title.
    pub fn grade(&self) -> Option<(&str, &str)> {
        self.evaluation.grade.as_ref().map(|grade| (grade.id.as_str(), grade.title.as_str()))
    }

    pub fn is_complete(&self) -> bool {
        self.evaluation.complete
    }

    pub fn awarded(&self) -> Option<Points> {
        Points::parse(&self.evaluation.points.as_ref()?.awarded)
    }

    pub fn claimed(&self) -> Option<Points> {
        Points::parse(self.evaluation.points.as_ref()?.claimed.as_deref()?)
    }

    /// Claimed less awarded; none where nothing was claimed.
    pub fn difference(&self) -> Option<Points> {
        self.claimed()?.checked_sub(self.awarded()?).map(Points::trimmed)
    }

    /// Code and weight of each finding.
    pub fn findings(&self) -> impl Iterator<Item = (&str, i32)> {
        self.evaluation.findings.iter().map(|finding| (finding.code.as_str(), finding.severity))
    }

    /// The rows that were scored, the line of the execution rate first.
    pub fn scored_rows(&self) -> impl Iterator<Item = RowHead<'_>> {
        let execution = self.evaluation.execution.iter().filter_map(|line| {
            let points = (line.points_possible.as_deref(), line.points_awarded.as_str());
            scored("", "", line.status, points)
        });
        let rows = self.evaluation.indicators.iter().filter_map(|row| {
            let points = (row.points_possible.as_deref(), row.points_awarded.as_str());
            scored(&row.dimension, &row.name, row.status, points)
        });
        execution.chain(rows)
    }

    /// As a list shows it.
    pub fn summary(&self) -> pb::EvaluationSummary {
        let points_difference = self.difference().map(|points| points.to_string());
        let implementing_unit = self.implementing_unit().to_owned();
        let primary_budget_unit = self.primary_budget_unit().to_owned();
        let EvaluationHead {
            id,
            form_digest,
            rule_pack,
            revision,
            evaluated_at,
            project_code,
            project_name,
            fiscal_year,
            points,
            grade,
            complete,
            execution: _,
            indicators,
            findings,
        } = self.evaluation.clone();
        let weighing = |severity: pb::Severity| {
            count(findings.iter().filter(|finding| finding.severity == i32::from(severity)).count())
        };
        pb::EvaluationSummary {
            id,
            form_digest,
            rule_pack,
            revision,
            evaluated_at,
            project_code,
            project_name,
            fiscal_year,
            points,
            grade,
            complete,
            indicator_count: count(indicators.len()),
            error_count: weighing(pb::Severity::Error),
            warning_count: weighing(pb::Severity::Warning),
            implementing_unit,
            primary_budget_unit,
            points_difference,
        }
    }
}

/// Of a row that still needs review nobody can say what it lost.
fn scored<'h>(
    dimension: &'h str,
    name: &'h str,
    status: i32,
    (possible, awarded): (Option<&str>, &str),
) -> Option<RowHead<'h>> {
    if status != i32::from(pb::IndicatorStatus::Scored) {
        return None;
    }
    Some(RowHead {
        dimension,
        name: name.trim(),
        possible: Points::parse(possible?)?,
        awarded: Points::parse(awarded)?,
    })
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Some fields of `heng.v1.Form`.
#[derive(Clone, PartialEq, Message)]
struct FormHead {
    #[prost(string, tag = "4")]
    implementing_unit: String,
    #[prost(string, tag = "5")]
    primary_budget_unit: String,
}

/// Some fields of `heng.v1.Evaluation`.
#[derive(Clone, PartialEq, Message)]
struct EvaluationHead {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    form_digest: String,
    #[prost(string, tag = "3")]
    rule_pack: String,
    #[prost(string, tag = "4")]
    revision: String,
    #[prost(message, optional, tag = "5")]
    evaluated_at: Option<prost_types::Timestamp>,
    #[prost(string, tag = "6")]
    project_code: String,
    #[prost(string, tag = "7")]
    project_name: String,
    #[prost(int32, tag = "8")]
    fiscal_year: i32,
    #[prost(message, optional, tag = "9")]
    points: Option<pb::Points>,
    #[prost(message, optional, tag = "10")]
    grade: Option<pb::Grade>,
    #[prost(bool, tag = "11")]
    complete: bool,
    #[prost(message, optional, tag = "12")]
    execution: Option<ExecutionHead>,
    #[prost(message, repeated, tag = "13")]
    indicators: Vec<IndicatorHead>,
    #[prost(message, repeated, tag = "14")]
    findings: Vec<FindingHead>,
}

/// Some fields of `heng.v1.ExecutionEvaluation`.
#[derive(Clone, PartialEq, Message)]
struct ExecutionHead {
    #[prost(int32, tag = "2")]
    status: i32,
    #[prost(string, optional, tag = "3")]
    points_possible: Option<String>,
    #[prost(string, tag = "7")]
    points_awarded: String,
}

/// Some fields of `heng.v1.IndicatorEvaluation`.
#[derive(Clone, PartialEq, Message)]
struct IndicatorHead {
    #[prost(string, tag = "2")]
    dimension: String,
    #[prost(string, tag = "4")]
    name: String,
    #[prost(int32, tag = "5")]
    status: i32,
    #[prost(string, optional, tag = "11")]
    points_possible: Option<String>,
    #[prost(string, tag = "15")]
    points_awarded: String,
}

/// Some fields of `heng.v1.Finding`.
#[derive(Clone, PartialEq, Message)]
struct FindingHead {
    #[prost(string, tag = "1")]
    code: String,
    #[prost(int32, tag = "2")]
    severity: i32,
}
