//! Applying the rules' adjustments to what scoring allowed: each is a function of the points so far, applied to
//! floor and ceiling alike, in the order of the pack.

use super::account::{AdjustedStep, Change, Course, Lens};
use super::award::award;
use super::score::{Subject, open};
use super::{AdjustedPoints, Adjustment, PointsSummary, Score, Status, TraceStep};
use crate::formula::{EvalError, Inputs, Value};
use crate::quantity::Points;
use crate::ruleset::{Adjustment as Rule, AdjustmentScope, FormInput};

/// Why an adjustment that applies has no result.
enum Fault {
    /// A name that it needs is absent.
    Unknown,
    Failed(String),
}

/// What an adjustment made of floor and ceiling.
struct Reached {
    after: AdjustedPoints,
    /// What each became, `None` where the adjustment did not apply to it.
    floor: Option<Points>,
    ceiling: Option<Points>,
}

/// The points of a row, or of the execution, after the adjustments of its scope. A row that nobody scored is
/// adjusted within its points possible; one that has none, takes no part or failed is left alone.
pub(super) fn adjusted(subject: &Subject<'_>, values: &mut Vec<Value>, scope: AdjustmentScope, score: Score) -> Score {
    let possible = score.possible.filter(|possible| !possible.is_negative());
    let (Some(possible), Status::Scored | Status::NeedsReview) = (possible, score.status) else { return score };
    let rules = subject.rules.adjustments.iter().enumerate().filter(|(_, rule)| rule.scope == scope);
    let known = values.len();
    let mut run = Run { subject, possible, values };
    let mut score = score;
    for (index, rule) in rules {
        if let Err(fault) = run.adjust(&mut score, (index, rule)) {
            let status = fault.status();
            let step = AdjustedStep {
                rule: index,
                points: score.ceiling,
                result: Err(fault.to_string().into()),
                change: None,
            };
            let mut course = std::mem::take(score.account.course_mut());
            course.adjusted.push(step);
            score = open(subject, status, Course { voided: true, ..course });
            break;
        }
    }
    run.values.truncate(known);
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

/// The points of the whole form after its adjustments. `values` are those of the form and its result.
pub(super) fn adjusted_form(subject: &Subject<'_>, values: &mut Vec<Value>, points: PointsSummary) -> AdjustedForm {
    let mut form = AdjustedForm::untouched(points);
    let unadjusted = form.points.clone();
    let mut run = Run { subject, possible: form.points.possible, values };
    for rule in subject.rules.adjustments.iter().filter(|rule| rule.scope == AdjustmentScope::Form) {
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
        let awarded_after = reached.unwrap_or(awarded);
        let (floor, ceiling) = range.map_or((floor, ceiling), |range| (range.after.floor, range.after.ceiling));
        let after = AdjustedPoints { floor, ceiling, awarded: Some(awarded_after) };
        form.trace.push(run.step(rule, awarded, awarded_after.to_string()));
        if after != before {
            form.points = PointsSummary { floor, ceiling, awarded: awarded_after, ..form.points };
            form.adjustments.push(Adjustment {
                rule: format!("adjustments.{}", rule.id),
                title: rule.title.clone(),
                before,
                after,
                derivation: run.told(rule, awarded, reached),
                citation: rule.citation.clone(),
            });
        }
    }
    form
}

/// One run through the adjustments of a scope.
struct Run<'a> {
    subject: &'a Subject<'a>,
    possible: Points,
    /// By slot; those of the scope's names that adjustments see, the points so far behind them.
    values: &'a mut Vec<Value>,
}

impl Run<'_> {
    /// Applies one adjustment to the score of a line.
    fn adjust(&mut self, score: &mut Score, (index, rule): (usize, &Rule)) -> Result<(), Fault> {
        let before = AdjustedPoints { floor: score.floor, ceiling: score.ceiling, awarded: None };
        let Some(reached) = self.range(rule, &before)? else { return Ok(()) };
        let after = reached.after.clone();
        let settles = score.status == Status::NeedsReview && after.floor == after.ceiling && !rule.is_relative();
        let result = Ok((after.floor, after.ceiling));
        let mut step = AdjustedStep { rule: index, points: before.ceiling, result, change: None };
        if after != before || settles {
            let Subject { rules, decimals, .. } = *self.subject;
            let given =
                |points: &AdjustedPoints| award(rules.award, decimals, score.claimed, (points.floor, points.ceiling));
            // What was withheld from a row until its form is corrected stays withheld.
            let is_withheld = !settles && score.awarded != given(&before);
            score.awarded = if is_withheld { score.awarded.min(after.ceiling) } else { given(&after) };
            (score.floor, score.ceiling) = (after.floor, after.ceiling);
            if settles {
                score.status = Status::Scored;
            }
            let derivation = self.told_range(rule, &before, &reached);
            step.change = Some(Change { before, after, derivation });
        }
        score.account.course_mut().adjusted.push(step);
        Ok(())
    }

    /// What floor and ceiling become, `None` where the adjustment applies to neither.
    fn range(&mut self, rule: &Rule, before: &AdjustedPoints) -> Result<Option<Reached>, Fault> {
        let ceiling = self.at(rule, before.ceiling)?;
        let floor = if before.floor == before.ceiling { ceiling } else { self.at(rule, before.floor)? };
        if floor.is_none() && ceiling.is_none() {
            return Ok(None);
        }
        let (low, high) = (floor.unwrap_or(before.floor), ceiling.unwrap_or(before.ceiling));
        if low > high {
            return Err(Fault::Failed(format!("{low} > {high}")));
        }
        Ok(Some(Reached { after: AdjustedPoints { floor: low, ceiling: high, awarded: None }, floor, ceiling }))
    }

    /// What these points become, rounded; `None` where the condition does not hold.
    fn at(&mut self, rule: &Rule, points: Points) -> Result<Option<Points>, Fault> {
        self.set(rule, points);
        let (values, patience) = (self.values.as_slice(), self.subject.patience);
        let failed = |error: EvalError| Fault::Failed(error.to_string());
        if let Some(when) = &rule.when
            && !patience.run(when, values, || when.holds(values)).map_err(failed)?
        {
            return Ok(None);
        }
        let formula = &rule.points;
        let value = patience.run(formula, values, || {
            if formula.is_compiled() {
                return formula.evaluate(values);
            }
            formula.explain_by(values, &self.lens()).map(|(value, _)| value)
        });
        let Value::Number(exact) = value.map_err(failed)? else { return Err(Fault::Unknown) };
        if exact.is_negative() || exact > self.possible.to_exact() {
            return Err(Fault::Failed(format!("{exact} ∉ [0, {}]", self.possible)));
        }
        Ok(Some(Points::fix_to(&exact, self.subject.decimals).min(self.possible).trimmed()))
    }

    /// The derivation of a range.
    fn told_range(&mut self, rule: &Rule, before: &AdjustedPoints, reached: &Reached) -> String {
        let on_ceiling = self.told(rule, before.ceiling, reached.ceiling);
        if before.floor == before.ceiling {
            return on_ceiling;
        }
        let on_floor = self.told(rule, before.floor, reached.floor);
        if on_floor == on_ceiling { on_ceiling } else { format!("{on_floor}，{on_ceiling}") }
    }

    /// How `points` became what they are now: `10 − 2 = 8`; they alone where the adjustment did not apply.
    fn told(&mut self, rule: &Rule, points: Points, became: Option<Points>) -> String {
        let Some(fixed) = became else { return points.to_string() };
        self.set(rule, points);
        let formula = &rule.points;
        let mut shown = String::new();
        if formula.is_compiled() {
            formula.derive(&self.lens(), &mut shown);
        } else if let Ok((_, text)) = formula.explain_by(&*self.values, &self.lens()) {
            shown = text;
        }
        let value = fixed.to_string();
        let says_it = shown.strip_prefix(&value).is_some_and(|rest| rest.is_empty() || rest.starts_with('〔'));
        if says_it { shown } else { format!("{shown} = {value}") }
    }

    /// The values as they print: the execution rate as a percentage.
    fn lens(&self) -> Lens<'_> {
        let rules = self.subject.rules;
        let constants = rules.parameters.len() + rules.words.len() + rules.tables.len();
        Lens { rate: Some(constants + FormInput::ExecutionRate as usize), ..self.subject.lens(self.values) }
    }

    fn set(&mut self, rule: &Rule, points: Points) {
        self.values.resize(rule.slot + 1, Value::Absent);
        if let Some(value) = self.values.get_mut(rule.slot) {
            *value = Value::Number(points.to_exact());
        }
    }

    /// The step for auditors, with what the names stood for at these points.
    fn step(&mut self, rule: &Rule, points: Points, result: String) -> TraceStep {
        self.set(rule, points);
        let lens = self.lens();
        let bindings = rule.names().into_iter().filter_map(|(slot, name)| {
            let value = lens.value(slot)?;
            let mut shown = String::new();
            if !lens.print(slot, value, &mut shown) {
                shown = value.to_string();
            }
            Some((name.to_owned(), shown))
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
