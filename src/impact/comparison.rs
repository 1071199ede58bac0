//! One form under the old rules and under the new.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::grades::{GradeMove, moved};
use crate::diagnostic::Severity;
use crate::evaluation::{
    Adjustment, Evaluation, Grade, PointsSummary, Score, Status, evaluate, read_form, reads_alike, score_form,
};
use crate::form::Form;
use crate::quantity::Points;
use crate::reading::Met;
use crate::ruleset::{RuleBook, RuleSet, Selection};

/// Two rule books, and the pack to score by where not the one that applies.
#[derive(Debug)]
pub struct Comparison<'r> {
    old: &'r RuleBook,
    new: &'r RuleBook,
    pack: String,
    /// Packs by which both books read a form alike: it is read once.
    alike: BTreeMap<String, bool>,
}

/// What became of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormImpact {
    /// How the caller calls the form: a file, an evaluation's id.
    pub label: String,
    pub project_code: String,
    pub project_name: String,
    pub fiscal_year: i32,
    pub old: Side,
    pub new: Side,
    pub grade: GradeMove,
    /// The rows that fared differently, the execution first.
    pub rows: Vec<RowImpact>,
    pub findings: Vec<FindingImpact>,
}

/// A form under one of the books.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    /// No rules of this book score the form.
    NoRules(Selection),
    Scored(Box<Scored>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    pub rule_pack: String,
    /// `sha256:…`
    pub revision: String,
    pub points: PointsSummary,
    pub grade: Option<Grade>,
    /// False when some rule failed.
    pub complete: bool,
    /// What changed the points of the whole form, in words: `总分上限：92 → 79`.
    pub adjustments: Vec<String>,
}

/// A row that fares differently.
#[derive(Debug, Clone, PartialEq)]
pub struct RowImpact {
    /// `indicators[5]`, or `execution`.
    pub field: String,
    /// The pack's ids, or the printed titles where it knows none; empty for the execution.
    pub dimension: String,
    pub category: String,
    pub name: String,
    /// Absent where this side has no line for the execution.
    pub old: Option<RowSide>,
    pub new: Option<RowSide>,
}

/// A row under one of the books.
#[derive(Debug, Clone, PartialEq)]
pub struct RowSide {
    pub status: Status,
    pub possible: Option<Points>,
    pub claimed: Option<Points>,
    pub floor: Points,
    pub ceiling: Points,
    pub awarded: Points,
    /// Absent for the execution.
    pub met: Option<Met>,
    /// The entry that scored it, `scoring.at_least`; empty where none did.
    pub entry: String,
    pub method: String,
    pub derivation: String,
}

/// A finding that is on one side only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingImpact {
    pub code: String,
    pub field: String,
    pub severity: Severity,
    /// Of the new rules: it appears. Of the old: it vanishes.
    pub appears: bool,
}

impl<'r> Comparison<'r> {
    pub fn new(old: &'r RuleBook, new: &'r RuleBook) -> Self {
        let pairs = old.sets().filter_map(|set| Some((set, new.get(&set.id)?)));
        let alike = pairs.map(|(old, new)| (old.id.clone(), reads_alike(old, new))).collect();
        Comparison { old, new, pack: String::new(), alike }
    }

    /// Scores by this pack instead of the one that applies.
    #[must_use]
    pub fn by_pack(self, pack: &str) -> Self {
        Comparison { pack: pack.to_owned(), ..self }
    }

    /// Evaluates a form on both sides: what [`evaluate`] gives for each, whatever is shared on the way.
    pub fn compare(&self, label: &str, form: &Form) -> FormImpact {
        let (year, code) = (form.fiscal_year().get(), form.project_code());
        let select = |book: &'r RuleBook| book.select(&self.pack, "", year, code);
        let told = |old: Side, new: Side| FormImpact {
            label: label.to_owned(),
            project_code: form.project_code().to_owned(),
            project_name: form.project_name().to_owned(),
            fiscal_year: year,
            old,
            new,
            grade: GradeMove::Same,
            rows: Vec::new(),
            findings: Vec::new(),
        };
        let lone = |set: &RuleSet| Side::of(&evaluate(set, form));
        match (select(self.old), select(self.new)) {
            (Ok(old), Ok(new)) => self.both(old, new, form, told),
            (Ok(old), Err(none)) => told(lone(old), Side::NoRules(none)).with_grade_of_one_side(),
            (Err(none), Ok(new)) => told(Side::NoRules(none), lone(new)).with_grade_of_one_side(),
            (Err(one), Err(other)) => told(Side::NoRules(one), Side::NoRules(other)),
        }
    }

    fn both(
        &self,
        old: &Arc<RuleSet>,
        new: &Arc<RuleSet>,
        form: &Form,
        told: impl Fn(Side, Side) -> FormImpact,
    ) -> FormImpact {
        // The revision hashes every file that the rules come from, and the engine: what is equal scores equally.
        if old.revision == new.revision {
            let side = Side::of(&evaluate(old, form));
            return told(side.clone(), side);
        }
        let read = read_form(old, form);
        let before = score_form(old, &read);
        let alike = old.id == new.id && self.alike.get(&old.id).copied().unwrap_or(false);
        let after = if alike { score_form(new, &read) } else { evaluate(new, form) };
        FormImpact {
            grade: moved((old, before.grade.as_ref()), (new, after.grade.as_ref())),
            rows: rows(&before, &after),
            findings: findings(&before, &after),
            ..told(Side::of(&before), Side::of(&after))
        }
    }
}

impl Side {
    fn of(evaluation: &Evaluation) -> Self {
        Side::Scored(Box::new(Scored {
            rule_pack: evaluation.rule_pack.clone(),
            revision: evaluation.revision.clone(),
            points: evaluation.points.clone(),
            grade: evaluation.grade.clone(),
            complete: evaluation.complete,
            adjustments: evaluation.adjustments.iter().map(told_adjustment).collect(),
        }))
    }

    pub fn scored(&self) -> Option<&Scored> {
        match self {
            Side::Scored(scored) => Some(scored),
            Side::NoRules(_) => None,
        }
    }
}

fn told_adjustment(adjustment: &Adjustment) -> String {
    format!("{}：{}", adjustment.title, adjustment.derivation)
}

impl FormImpact {
    /// Where one side has no rules, a grade of the other is lost or gained.
    fn with_grade_of_one_side(self) -> Self {
        let graded = |side: &Side| side.scored().is_some_and(|scored| scored.grade.is_some());
        let grade = match (graded(&self.old), graded(&self.new)) {
            (true, _) => GradeMove::Lost,
            (_, true) => GradeMove::Gained,
            _ => GradeMove::Same,
        };
        FormImpact { grade, ..self }
    }

    /// New minus old points awarded; absent where a side has none.
    pub fn delta(&self) -> Option<Points> {
        self.difference(|points| points.awarded)
    }

    /// New minus old of whatever is picked.
    pub fn difference(&self, pick: impl Fn(&PointsSummary) -> Points) -> Option<Points> {
        let (old, new) = (self.old.scored()?, self.new.scored()?);
        pick(&new.points).checked_sub(pick(&old.points)).map(Points::trimmed)
    }

    /// Whether anything that counts for somebody's score differs: the points of the form or of a row, their status,
    /// the grade, or whether there are rules at all. Findings alone are no change of score.
    pub fn changes_score(&self) -> bool {
        let sides = match (&self.old, &self.new) {
            (Side::Scored(old), Side::Scored(new)) => {
                old.points != new.points || old.grade != new.grade || old.complete != new.complete
            }
            (Side::NoRules(_), Side::NoRules(_)) => false,
            _ => true,
        };
        sides || self.rows.iter().any(RowImpact::changes_score)
    }

    /// Whether anything differs at all: how a row was read, and which pack and which entry scored it, included. That
    /// the revision is another is no difference.
    pub fn changes(&self) -> bool {
        let pack = |side: &Side| side.scored().map(|scored| scored.rule_pack.clone());
        self.changes_score() || !self.rows.is_empty() || !self.findings.is_empty() || pack(&self.old) != pack(&self.new)
    }
}

impl RowImpact {
    pub fn changes_score(&self) -> bool {
        let counted = |side: &RowSide| (side.status, side.possible, side.floor, side.ceiling, side.awarded);
        self.old.as_ref().map(counted) != self.new.as_ref().map(counted)
    }

    /// New minus old points awarded, where a missing line has none.
    pub fn delta(&self) -> Points {
        let awarded = |side: &Option<RowSide>| side.as_ref().map_or(Points::ZERO, |side| side.awarded);
        awarded(&self.new).checked_sub(awarded(&self.old)).unwrap_or(Points::ZERO).trimmed()
    }

    pub fn is_execution(&self) -> bool {
        self.field == EXECUTION
    }
}

const EXECUTION: &str = "execution";

fn rows(old: &Evaluation, new: &Evaluation) -> Vec<RowImpact> {
    let line = |evaluation: &Evaluation| {
        let execution = evaluation.execution.as_ref();
        execution.map(|result| RowSide::of(&result.score, None, EXECUTION))
    };
    let execution = RowImpact {
        field: EXECUTION.to_owned(),
        dimension: String::new(),
        category: String::new(),
        name: String::new(),
        old: line(old),
        new: line(new),
    };
    // Both evaluations are of one form: they have the same rows in the same order.
    let indicators = old.indicators.iter().zip(&new.indicators).map(|(old, new)| RowImpact {
        field: new.field(),
        dimension: new.dimension.clone(),
        category: new.category.clone(),
        name: new.name.clone(),
        old: Some(RowSide::of(&old.score, Some(old.met()), "scoring")),
        new: Some(RowSide::of(&new.score, Some(new.met()), "scoring")),
    });
    std::iter::once(execution).chain(indicators).filter(|row| row.old != row.new).collect()
}

impl RowSide {
    /// `table` is what the entry's section is called.
    fn of(score: &Score, met: Option<Met>, table: &str) -> Self {
        let entry = score.trace().iter().find_map(|step| step.rule.strip_prefix("scoring."));
        let other = || score.trace().first().map(|step| step.rule.clone()).unwrap_or_default();
        RowSide {
            status: score.status,
            possible: score.possible,
            claimed: score.claimed,
            floor: score.floor,
            ceiling: score.ceiling,
            awarded: score.awarded,
            met,
            entry: entry.map_or_else(other, |id| format!("{table}.{id}")),
            method: score.method().to_owned(),
            derivation: score.derivation().to_owned(),
        }
    }
}

/// What is on one side only: of findings alike in code, field and severity as many as there are more.
fn findings(old: &Evaluation, new: &Evaluation) -> Vec<FindingImpact> {
    let mut counts: BTreeMap<(&str, &str, Severity), isize> = BTreeMap::new();
    for (evaluation, step) in [(old, -1), (new, 1)] {
        for finding in &evaluation.findings {
            *counts.entry((&finding.code, &finding.field, finding.severity)).or_default() += step;
        }
    }
    let impacts = counts.into_iter().flat_map(|((code, field, severity), count)| {
        let told = FindingImpact { code: code.to_owned(), field: field.to_owned(), severity, appears: count > 0 };
        std::iter::repeat_n(told, count.unsigned_abs())
    });
    impacts.collect()
}
