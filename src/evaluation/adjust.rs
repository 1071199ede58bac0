//! Applying the rules' adjustments to what scoring allowed: each is a function of the points so far, applied to
//! floor and ceiling alike, in the order of the pack.

use super::award::award;
use super::patience::Patience;
use super::score::{Subject, open};
use super::{AdjustedPoints, Adjustment, PointsSummary, Score, Status, TraceStep};
use crate::formula::{EvalError, Formula, Value};
use crate::quantity::{Exact, Points};
use crate::ruleset::{Adjustment as Rule, AdjustmentScope, FormInput, RuleSet};

/// Why an adjustment that applies has no result.
enum Fault {
    /// A name that it needs is absent.
    Unknown,
    Failed(String),
}

/// Points that an adjustment came to, and how.
type Reached = (Points, String);

/// The points of a row, or of the execution, after the adjustments of its scope. A row that nobody scored is
/// adjusted within its points possible; one that has none, takes no part or failed is left alone.
pub(super) fn adjusted(subject: &Subject<'_>, scope: AdjustmentScope, score: Score) -> Score {
    let possible = score.possible.filter(|possible| !possible.is_negative());
    let (Some(possible), Status::Scored | Status::NeedsReview) = (possible, score.status) else { return score };
    let Some(mut run) = Run::of(subject.rules, scope, subject, possible) else { return score };
    let mut score = score;
    for rule in subject.rules.adjustments.iter().filter(|rule| rule.scope == scope) {
        let before = AdjustedPoints { floor: score.floor, ceiling: score.ceiling, awarded: None };
        let (after, derivation) = match run.range(rule, &before) {
            Ok(None) => continue,
            Ok(Some(reached)) => reached,
            Err(fault) => {
                let status = fault.status();
                score.trace.push(run.step(rule, before.ceiling, fault.to_string()));
                return open(subject, status, score.trace);
            }
        };
        score.trace.push(run.step(rule, before.ceiling, printed(after.floor, after.ceiling)));
        let settles = score.status == Status::NeedsReview && after.floor == after.ceiling && !rule.is_relative();
        if after == before && !settles {
            continue;
        }
        let given = |points: &AdjustedPoints| {
            award(subject.rules.award, subject.decimals, score.claimed, (points.floor, points.ceiling))
        };
        // What was withheld from a row until its form is corrected stays withheld.
        let is_withheld = !settles && score.awarded != given(&before);
        score.awarded = if is_withheld { score.awarded.min(after.ceiling) } else { given(&after) };
        (score.floor, score.ceiling) = (after.floor, after.ceiling);
        if settles {
            score.status = Status::Scored;
        }
        let part = format!("{}：{derivation}", rule.title);
        score.derivation = if score.derivation.is_empty() { part } else { format!("{}；{part}", score.derivation) };
        score.adjustments.push(told(rule, before, after, derivation));
    }
    score
}

/// What became of the points of the whole form.
pub(super) struct AdjustedForm {
    pub points: PointsSummary,
    pub adjustments: Vec<Adjustment>,
    pub trace: Vec<TraceStep>,
    /// An adjustment had no result: the points are those before all of them.
    pub failed: bool,
}

impl AdjustedForm {
    pub fn untouched(points: PointsSummary) -> Self {
        AdjustedForm { points, adjustments: Vec::new(), trace: Vec::new(), failed: false }
    }
}

/// The points of the whole form after its adjustments. `subject` carries the values of the form and its result.
pub(super) fn adjusted_form(subject: &Subject<'_>, points: PointsSummary) -> AdjustedForm {
    let mut form = AdjustedForm::untouched(points);
    let scope = AdjustmentScope::Form;
    let Some(mut run) = Run::of(subject.rules, scope, subject, form.points.possible) else { return form };
    let unadjusted = form.points.clone();
    for rule in subject.rules.adjustments.iter().filter(|rule| rule.scope == scope) {
        let PointsSummary { floor, ceiling, awarded, .. } = form.points;
        let before = AdjustedPoints { floor, ceiling, awarded: Some(awarded) };
        let reached = run.range(rule, &before).and_then(|range| Ok((range, run.at(rule, awarded)?)));
        let (range, reached) = match reached {
            Ok((None, None)) => continue,
            Ok((range, reached)) => (range, reached),
            Err(fault) => {
                form.trace.push(run.step(rule, awarded, fault.to_string()));
                return AdjustedForm { points: unadjusted, adjustments: Vec::new(), failed: true, ..form };
            }
        };
        let (awarded_after, derivation) = reached.unwrap_or_else(|| (awarded, awarded.to_string()));
        let (floor, ceiling) = range.map_or((floor, ceiling), |(after, _)| (after.floor, after.ceiling));
        let after = AdjustedPoints { floor, ceiling, awarded: Some(awarded_after) };
        form.trace.push(run.step(rule, awarded, awarded_after.to_string()));
        if after != before {
            form.points = PointsSummary { floor, ceiling, awarded: awarded_after, ..form.points };
            form.adjustments.push(told(rule, before, after, derivation));
        }
    }
    form
}

fn told(rule: &Rule, before: AdjustedPoints, after: AdjustedPoints, derivation: String) -> Adjustment {
    Adjustment {
        rule: format!("adjustments.{}", rule.id),
        title: rule.title.clone(),
        before,
        after,
        derivation,
        citation: rule.citation.clone(),
    }
}

/// One run through the adjustments of a scope.
struct Run<'a> {
    patience: &'a Patience<'a>,
    decimals: u32,
    possible: Points,
    /// Where the execution rate stands: it prints as a percentage.
    rate: usize,
    /// By slot; those of the scope's names that adjustments see, the points so far included.
    values: Vec<Value>,
    print: &'a dyn Fn(usize, &Value) -> Option<String>,
}

impl<'a> Run<'a> {
    /// `None` when the scope has no adjustment.
    fn of(rules: &RuleSet, scope: AdjustmentScope, subject: &Subject<'a>, possible: Points) -> Option<Self> {
        let slot = rules.adjustments.iter().find(|rule| rule.scope == scope)?.slot;
        let mut values = subject.values.to_vec();
        values.resize(slot + 1, Value::Absent);
        let constants = rules.parameters.len() + rules.words.len() + rules.tables.len();
        let rate = constants + FormInput::ExecutionRate as usize;
        let Subject { patience, decimals, print, .. } = *subject;
        Some(Run { patience, decimals, possible, rate, values, print })
    }

    /// What floor and ceiling become, `None` where the adjustment applies to neither.
    fn range(&mut self, rule: &Rule, before: &AdjustedPoints) -> Result<Option<(AdjustedPoints, String)>, Fault> {
        let ceiling = self.at(rule, before.ceiling)?;
        let floor = if before.floor == before.ceiling { ceiling.clone() } else { self.at(rule, before.floor)? };
        if floor.is_none() && ceiling.is_none() {
            return Ok(None);
        }
        let (low, on_floor) = floor.unwrap_or_else(|| (before.floor, before.floor.to_string()));
        let (high, on_ceiling) = ceiling.unwrap_or_else(|| (before.ceiling, before.ceiling.to_string()));
        if low > high {
            return Err(Fault::Failed(format!("{low} > {high}")));
        }
        let derivation = if on_floor == on_ceiling { on_ceiling } else { format!("{on_floor}，{on_ceiling}") };
        Ok(Some((AdjustedPoints { floor: low, ceiling: high, awarded: None }, derivation)))
    }

    /// What these points become, rounded, and the derivation; `None` where the condition does not hold.
    fn at(&mut self, rule: &Rule, points: Points) -> Result<Option<Reached>, Fault> {
        self.set(rule, points);
        let failed = |error: EvalError| Fault::Failed(error.to_string());
        if let Some(when) = &rule.when
            && !self.patience.run(when, &self.values, || when.evaluate(&self.values)).map_err(failed)?.holds()
        {
            return Ok(None);
        }
        let formula = &rule.points;
        let explained = self
            .patience
            .run(formula, &self.values, || formula.explain(&self.values, &|slot, value| self.print(slot, value)))
            .map_err(failed)?;
        let (Value::Number(exact), shown) = explained else { return Err(Fault::Unknown) };
        if exact.is_negative() || exact > self.possible.to_exact() {
            return Err(Fault::Failed(format!("{exact} ∉ [0, {}]", self.possible)));
        }
        let fixed = Points::fix_to(&exact, self.decimals).min(self.possible).trimmed();
        let value = fixed.to_string();
        let says_it = shown.strip_prefix(&value).is_some_and(|rest| rest.is_empty() || rest.starts_with('〔'));
        Ok(Some((fixed, if says_it { shown } else { format!("{shown} = {value}") })))
    }

    fn print(&self, slot: usize, value: &Value) -> Option<String> {
        match value {
            Value::Number(rate) if slot == self.rate => percentage(rate),
            _ => (self.print)(slot, value),
        }
    }

    fn set(&mut self, rule: &Rule, points: Points) {
        if let Some(value) = self.values.get_mut(rule.slot) {
            *value = Value::Number(points.to_exact());
        }
    }

    /// The step for auditors, with what the names stood for at these points.
    fn step(&mut self, rule: &Rule, points: Points, result: String) -> TraceStep {
        self.set(rule, points);
        let mut names: Vec<(usize, &str)> = rule.when.iter().flat_map(Formula::names).collect();
        names.extend(rule.points.names());
        names.sort_unstable();
        names.dedup();
        let bindings = names.into_iter().filter_map(|(slot, name)| {
            let value = self.values.get(slot)?;
            Some((name.to_owned(), self.print(slot, value).unwrap_or_else(|| value.to_string())))
        });
        TraceStep {
            rule: format!("adjustments.{}", rule.id),
            place: rule.place.to_string(),
            formula: rule.text.clone(),
            bindings: bindings.collect(),
            result,
        }
    }
}

impl Fault {
    fn status(&self) -> Status {
        match self {
            Fault::Unknown => Status::NeedsReview,
            Fault::Failed(_) => Status::Failed,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Unknown => f.write_str(Status::NeedsReview.name()),
            Fault::Failed(why) => f.write_str(why),
        }
    }
}

/// `65%`, with four decimals at most: near the end of an interval fewer would mislead.
fn percentage(rate: &Exact) -> Option<String> {
    Some(format!("{}%", rate.mul(&Exact::from_i64(100)).ok()?.round_half_up(4)))
}

fn printed(floor: Points, ceiling: Points) -> String {
    if floor == ceiling { ceiling.to_string() } else { format!("{floor} – {ceiling}") }
}
