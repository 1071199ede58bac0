//! `evaluate(&Plan, &Form) -> Evaluation`: pure, total, deterministic.
//!
//! Whatever is wrong with a form is a finding inside the [`Evaluation`]; a rule that fails leaves its row
//! [`Status::Failed`] and the evaluation incomplete. Same form, same revision, same engine semantics: the
//! same evaluation, byte for byte.

mod account;
mod adjust;
mod award;
mod checks;
mod execution;
mod facts;
mod patience;
mod repeats;
mod rows;
mod run;
mod score;
mod totals;
mod witness;

use std::ops::Deref;
use std::sync::Arc;

use crate::diagnostic::{Bilingual, Severity};
use crate::quantity::{Points, Ratio};
pub use crate::ruleset::Citation;
use account::Account;
pub use account::{Step, StepRule, Told, ToldScore};
pub use rows::RowRead;
pub use run::{ReadForm, evaluate, evaluate_watched, evaluate_while, read_form, reads_alike, score_form};
pub use witness::{Runs, Witness};

/// The answer for one form. Identity (id, digest, time) is added by whoever stores it.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub rule_pack: String,
    /// `sha256:…` of the pack, those it extends and the engine semantics.
    pub revision: String,
    pub project_code: String,
    pub project_name: String,
    pub fiscal_year: i32,
    pub points: PointsSummary,
    /// Absent when the evaluation is incomplete or the points fall into no band.
    pub grade: Option<Grade>,
    /// False when some rule failed.
    pub complete: bool,
    /// Absent when the rules score no execution.
    pub execution: Option<ExecutionResult>,
    pub indicators: Vec<IndicatorResult>,
    pub findings: Vec<Finding>,
    /// What changed the points of the whole form, in order.
    pub adjustments: Vec<Adjustment>,
    /// The adjustments of the whole form that applied, or failed.
    pub trace: Vec<TraceStep>,
}

impl Evaluation {
    /// Whether two evaluations are equal, the rules that took part aside: what stands where in the files of the rules.
    pub fn equals_but_for_trace(&self, other: &Evaluation) -> bool {
        let Evaluation {
            rule_pack,
            revision,
            project_code,
            project_name,
            fiscal_year,
            points,
            grade,
            complete,
            execution,
            indicators,
            findings,
            adjustments,
            trace: _,
        } = self;
        let texts = [rule_pack, revision, project_code, project_name];
        texts == [&other.rule_pack, &other.revision, &other.project_code, &other.project_name]
            && (fiscal_year, points, grade, complete)
                == (&other.fiscal_year, &other.points, &other.grade, &other.complete)
            && (findings, adjustments) == (&other.findings, &other.adjustments)
            && match (execution, &other.execution) {
                (Some(one), Some(other)) => one.rate == other.rate && one.score.equals_but_for_trace(&other.score),
                (one, other) => one.is_none() && other.is_none(),
            }
            && indicators.len() == other.indicators.len()
            && indicators.iter().zip(&other.indicators).all(|(one, other)| one.equals_but_for_trace(other))
    }
}

/// Points of the whole form: sums of rows that were rounded before, then adjusted.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsSummary {
    pub possible: Points,
    /// What the form states as its total, or else the sum of the claimed rows; absent when nothing is claimed.
    pub claimed: Option<Points>,
    pub floor: Points,
    pub ceiling: Points,
    pub awarded: Points,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    pub id: String,
    pub title: String,
}

/// How a row fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    Scored,
    /// The row says 不适用 and carries no points.
    NotApplicable,
    /// The text could not be read or no rule speaks of it: floor 0, ceiling = possible.
    NeedsReview,
    /// Its rule failed.
    Failed,
}

impl Status {
    pub const ALL: [Status; 4] = [Status::Scored, Status::NotApplicable, Status::NeedsReview, Status::Failed];

    pub fn name(self) -> &'static str {
        match self {
            Status::Scored => "SCORED",
            Status::NotApplicable => "NOT_APPLICABLE",
            Status::NeedsReview => "NEEDS_REVIEW",
            Status::Failed => "FAILED",
        }
    }

    pub fn title(self) -> Bilingual {
        match self {
            Status::Scored => Bilingual::new("已核算", "scored"),
            Status::NotApplicable => Bilingual::new("不适用", "not applicable"),
            Status::NeedsReview => Bilingual::new("需人工复核", "needs review"),
            Status::Failed => Bilingual::new("规则执行失败", "rule failed"),
        }
    }
}

/// What the rules allow for one row and what it was given.
#[derive(Clone)]
pub struct Score {
    pub status: Status,
    /// Blank on the form stays absent.
    pub possible: Option<Points>,
    pub claimed: Option<Points>,
    pub floor: Points,
    pub ceiling: Points,
    pub awarded: Points,
    /// How it came about; worded when somebody looks.
    account: Account,
}

/// The row of the funds table that carries points.
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutionResult {
    /// Executed ÷ annual; absent when annual is zero or blank.
    pub rate: Option<Ratio>,
    pub score: Score,
}

/// One indicator row: how it was read, which stands in it as its own, and its score.
#[derive(Debug, Clone)]
pub struct IndicatorResult {
    pub read: Arc<RowRead>,
    pub score: Score,
}

impl IndicatorResult {
    /// Whether two rows are equal in what is told of them, the rules that took part aside.
    fn equals_but_for_trace(&self, other: &Self) -> bool {
        let read = |row: &Self| (row.index, row.met());
        read(self) == read(other)
            && [&self.dimension, &self.category, &self.name] == [&other.dimension, &other.category, &other.name]
            && (&self.target, &self.actual) == (&other.target, &other.actual)
            && self.reason() == other.reason()
            && self.score.equals_but_for_trace(&other.score)
    }
}

impl PartialEq for IndicatorResult {
    fn eq(&self, other: &Self) -> bool {
        self.equals_but_for_trace(other) && self.score.trace() == other.score.trace()
    }
}

impl Deref for IndicatorResult {
    type Target = RowRead;

    fn deref(&self) -> &RowRead {
        &self.read
    }
}

/// A deduction, a cap or the like that changed points after they were scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// `adjustments.execution_cap`
    pub rule: String,
    pub title: String,
    pub before: AdjustedPoints,
    pub after: AdjustedPoints,
    /// In numbers, `10 − 2 = 8`; of floor and ceiling where they differ; of what is awarded for the whole form.
    pub derivation: String,
    pub citation: Option<Citation>,
}

/// The points that an adjustment works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustedPoints {
    pub floor: Points,
    pub ceiling: Points,
    /// Of the whole form only: a row is awarded what its adjusted range allows.
    pub awarded: Option<Points>,
}

/// A rule that took part in a score: what auditors read years later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep {
    /// `scoring.at_least`, `methods.proportional`
    pub rule: String,
    /// `mof-2020/scoring.yaml:12:3`
    pub place: String,
    /// The formula's text; empty for a rule without one.
    pub formula: String,
    /// The names the formula used and what they stood for.
    pub bindings: Vec<(String, String)>,
    pub result: String,
}

/// A defect of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub code: String,
    pub severity: Severity,
    /// Path of the field, from zero: `indicators[5].deviation_reason`.
    pub field: String,
    pub message: Bilingual,
    pub help: Bilingual,
    pub citation: Option<Citation>,
}
