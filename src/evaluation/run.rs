//! The way of a form through the rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::account::{Frame, Line, Tables};
use super::adjust::{AdjustedForm, adjusted, adjusted_form};
use super::checks::{Checked, Found, coverage_finding, findings, uncovered, unscored};
use super::execution::{self, score_execution};
use super::facts::{self, Seen, form_input};
use super::patience::Patience;
use super::rows::{ReadRow, cells, read_rows};
use super::score::{Stake, Subject, key, score};
use super::witness::Witness;
use super::{Evaluation, ExecutionResult, Finding, Grade, IndicatorResult, PointsSummary, Score, Status, totals};
use crate::form::Form;
use crate::formula::Value;
use crate::ruleset::{AdjustmentScope, Check, FormInput, RowInput, RuleSet};

/// A form whose texts are read: what is left is to score it.
#[derive(PartialEq)]
pub struct ReadForm<'f> {
    form: &'f Form,
    rows: Vec<ReadRow<'f>>,
}

/// Scores a form. Total: whatever is wrong with the form or fails in a rule is inside the answer.
pub fn evaluate(rules: &RuleSet, form: &Form) -> Evaluation {
    score_form(rules, &read_form(rules, form))
}

/// [`evaluate`], and what happened in the formulas meanwhile. The evaluation is the same.
pub fn evaluate_watched(rules: &RuleSet, form: &Form) -> (Evaluation, Witness) {
    let patience = Patience::watched();
    let evaluation = score_patiently(rules, &read_form(rules, form), &patience);
    (evaluation, patience.into_witness())
}

/// [`evaluate`] for as long as the answer is wanted; none when it was not to the end.
pub fn evaluate_while(rules: &RuleSet, form: &Form, wanted: &dyn Fn() -> bool) -> Option<Evaluation> {
    let patience = Patience::while_wanted(wanted);
    let read = Some(form).filter(|_| wanted()).map(|form| read_form(rules, form))?;
    Some(score_patiently(rules, &read, &patience)).filter(|_| wanted())
}

/// The first half of [`evaluate`]: the texts of the rows.
pub fn read_form<'f>(rules: &RuleSet, form: &'f Form) -> ReadForm<'f> {
    ReadForm { form, rows: read_rows(rules, form) }
}

/// Whether [`read_form`] gives the same by either rules: it looks at their lexicon and their structure, and at nothing
/// else of them.
pub fn reads_alike(one: &RuleSet, other: &RuleSet) -> bool {
    one.lexicon == other.lexicon && one.structure == other.structure
}

/// The second half, by the rules that the form was read by, or by rules that read alike.
pub fn score_form(rules: &RuleSet, read: &ReadForm<'_>) -> Evaluation {
    score_patiently(rules, read, &Patience::to_the_end())
}

fn score_patiently(rules: &RuleSet, ReadForm { form, rows }: &ReadForm<'_>, patience: &Patience<'_>) -> Evaluation {
    let form = *form;
    let has_alternatives = !rules.structure.alternatives.is_empty();
    let dimensions = if has_alternatives { dimensions_that_count(rows) } else { BTreeSet::new() };
    let weights = rules.structure.weights(&dimensions);
    patience.note_weights(weights.id());
    let attributes = cells(&rules.structure.attributes, form.attributes(), form.funds().unit());
    let seen = Seen { rules, form, rows, weights, unreadable: &attributes.unreadable };
    let mut base = rules.constants(form.fiscal_year().get());
    let constants = base.len();
    form_input(&seen, &mut base);
    base.extend(attributes.values);
    if let Some(entry) = uncovered(rules, patience, &base) {
        return not_covered(&seen, entry, &base);
    }
    let decimals = rules.decimals(form.fiscal_year().get());
    let mut execution = score_execution(rules, patience, form, &mut base);
    let (scores, frame) = score_rows(rules, (patience, decimals), rows, (base, constants));
    let indicators: Vec<IndicatorResult> =
        rows.iter().zip(scores).map(|(row, score)| IndicatorResult::of(row, score)).collect();
    if let Some(result) = &mut execution {
        result.score.account.rest_on(&frame, Line::Execution);
    }
    let points = totals::summarize(form, execution.as_ref(), &indicators);
    let claimed = constants + FormInput::PointsClaimedTotal as usize;
    let claimed = frame.base.get(claimed).and_then(Value::as_number).cloned();
    let grade_of = |points: &PointsSummary| totals::grade(rules, points, execution.as_ref(), &indicators);
    // The values of the form, and what scoring made of it.
    let judged = |points: &PointsSummary, grade: Option<&Grade>| {
        let sums = (points, grade);
        let result = facts::form_result(rules, claimed.as_ref(), execution.as_ref(), &indicators, sums);
        [frame.base.as_slice(), &result].concat()
    };
    let adjusted = if rules.adjustments.iter().any(|rule| rule.scope == AdjustmentScope::Form) {
        let stake = Stake { possible: Some(points.possible), claimed: points.claimed };
        // Its rules see the form's result as it was before any of them.
        let mut values = judged(&points, grade_of(&points).as_ref());
        let row_slot = values.len();
        adjusted_form(&Subject { rules, patience, decimals, stake, row: None, row_slot }, &mut values, points)
    } else {
        AdjustedForm::untouched(points)
    };
    let grade = grade_of(&adjusted.points).filter(|_| !adjusted.failed);
    let Found { findings, no_grade } = if rules.plan.scopes.is_empty() {
        Found { findings: Vec::new(), no_grade: false }
    } else {
        let base = judged(&adjusted.points, grade.as_ref());
        let inputs = frame.own.chunks(frame.width.max(1)).collect();
        findings(&Checked { rules, patience, form, rows, inputs, results: &indicators, weights, base })
    };
    let grade = grade.filter(|_| !no_grade);
    answer(rules, form, Scored { adjusted, grade, execution, indicators, findings })
}

/// The scores of all rows, resting on the values that their formulas saw. `base` are the values of the form, the
/// constants of the rules first.
fn score_rows(
    rules: &RuleSet,
    (patience, decimals): (&Patience<'_>, u32),
    rows: &[ReadRow<'_>],
    (base, constants): (Vec<Value>, usize),
) -> (Vec<Score>, Arc<Frame>) {
    let row_slot = base.len();
    let width = RowInput::ALL.len() + rules.structure.columns.len();
    let mut own = Vec::with_capacity(width.saturating_mul(rows.len()));
    let mut values = base;
    values.reserve(width + 1);
    let mut scores: Vec<Score> = Vec::with_capacity(rows.len());
    for row in rows {
        facts::row_input(row, &rules.plan.row, &mut values);
        let subject = Subject { rules, patience, decimals, stake: stake_of(row), row: Some(&row.read), row_slot };
        let scored = score(&subject, &values, &rules.scoring, rules.keyed.candidates(&key(row)));
        scores.push(adjusted(&subject, &mut values, AdjustmentScope::Indicator, scored));
        own.extend(values.drain(row_slot..));
    }
    let read = rows.iter().map(|row| Arc::clone(&row.read)).collect();
    let frame = Arc::new(Frame { tables: Tables::of(rules), base: values, constants, own, width, rows: read });
    for (at, score) in scores.iter_mut().enumerate() {
        score.account.rest_on(&frame, Line::Row(at));
    }
    (scores, frame)
}

/// The dimensions that a form divides its points among: those with a row that does not say 不适用 and have none.
fn dimensions_that_count<'r>(rows: &'r [ReadRow<'_>]) -> BTreeSet<&'r str> {
    let takes_part = |row: &&ReadRow<'_>| !row.not_applicable || row.indicator.points_possible().value().is_some();
    rows.iter().filter(|row| row.dimension_known).filter(takes_part).map(|row| row.dimension.as_str()).collect()
}

/// A form that the rules are not for: read and shown, with one finding and no score.
fn not_covered(seen: &Seen<'_>, entry: &Check, base: &[Value]) -> Evaluation {
    let (rules, form) = (seen.rules, seen.form);
    let score = |stake| unscored(entry, stake, base);
    let execution = execution::unscored(rules, form, score);
    let indicators: Vec<IndicatorResult> =
        seen.rows.iter().map(|row| IndicatorResult::of(row, score(stake_of(row)))).collect();
    let points = totals::summarize(form, execution.as_ref(), &indicators);
    let findings = vec![coverage_finding(rules, form, entry, base)];
    let adjusted = AdjustedForm::untouched(points);
    answer(rules, form, Scored { adjusted, grade: None, execution, indicators, findings })
}

/// What the rules made of a form.
struct Scored {
    adjusted: AdjustedForm,
    grade: Option<Grade>,
    execution: Option<ExecutionResult>,
    indicators: Vec<IndicatorResult>,
    findings: Vec<Finding>,
}

fn answer(rules: &RuleSet, form: &Form, scored: Scored) -> Evaluation {
    let Scored { adjusted, grade, execution, indicators, findings } = scored;
    let AdjustedForm { points, adjustments, trace, failed } = adjusted;
    let mut scores = execution.iter().map(|result| &result.score).chain(indicators.iter().map(|row| &row.score));
    Evaluation {
        rule_pack: rules.id.clone(),
        revision: rules.revision.clone(),
        project_code: form.project_code().to_owned(),
        project_name: form.project_name().to_owned(),
        fiscal_year: form.fiscal_year().get(),
        points,
        grade,
        complete: !failed && !scores.any(|score| score.status == Status::Failed),
        execution,
        indicators,
        findings,
        adjustments,
        trace,
    }
}

fn stake_of(row: &ReadRow<'_>) -> Stake {
    Stake {
        possible: row.indicator.points_possible().value().copied(),
        claimed: row.indicator.points_claimed().value().copied(),
    }
}

impl IndicatorResult {
    fn of(row: &ReadRow<'_>, score: Score) -> Self {
        IndicatorResult { read: Arc::clone(&row.read), score }
    }
}
