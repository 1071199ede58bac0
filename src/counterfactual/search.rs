//! The smallest change that reaches a goal, found by evaluating.
//!
//! A number is tried at the ends that the form names, the nearest first, then halved down on the grid of its last
//! decimal: the setting that is told reaches the goal, and the one a step nearer to what stands there was evaluated
//! too and does not. Where points move with the cell in one direction, as methods declare and `heng check` proves,
//! that is the smallest change there is; elsewhere no nearer one was seen.

use super::goal::{Goal, Line};
use super::ledger::{Cause, Ledger};
use super::levers::{Lever, Settings, full_claim, levers};
use super::text;
use crate::diagnostic::Bilingual;
use crate::evaluation::{Evaluation, Grade, evaluate};
use crate::form::{Draft, Form, Violation};
use crate::quantity::{Exact, Points};
use crate::ruleset::RuleSet;

/// Settings between where a number stands and an end that are looked at before halving.
const COARSE: i64 = 8;
/// The most steps between the two.
const MOST_STEPS: i64 = 1 << 50;

/// Why a form has not more points.
#[derive(Debug)]
pub struct WhyNot {
    pub form: Form,
    pub evaluation: Evaluation,
    pub ledger: Ledger,
    /// Why it has no grade; empty where it has one.
    pub no_grade: Vec<Bilingual>,
    /// The goal that was asked for or else the next grade, then full points of every line that lacks some. None for a
    /// form that the rules are not for.
    pub answers: Vec<Answer>,
}

/// What reaches a goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub goal: Goal,
    pub is_reached: bool,
    /// Points that are missing, where they can be counted.
    pub gap: Option<Exact>,
    /// Each alone reaches it.
    pub changes: Vec<Change>,
    /// Where none does: some that do together. Empty where no such set was found.
    pub together: Vec<Change>,
    /// What the form is awarded with what is told together, or with all that was found to help, if even that falls
    /// short.
    pub at_most: Option<Standing>,
}

/// How a form would stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub awarded: Points,
    pub grade: Option<Grade>,
}

/// A change of one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub line: Line,
    /// `indicators[5].actual`
    pub field: String,
    pub title: Bilingual,
    pub old: String,
    pub new: String,
    /// How far a number moves, with its sign.
    pub by: Option<Exact>,
    /// How the form stands with it; of changes told together, with all of them.
    pub then: Standing,
    /// The setting one step nearer to what stands there, and what the form is awarded with it: not enough.
    pub short: Option<(String, Points)>,
}

impl WhyNot {
    /// Looks into a form by these rules; `wanted` comes in the place of the next grade.
    ///
    /// # Errors
    /// When the draft is no form.
    pub fn of(rules: &RuleSet, draft: Draft, wanted: Option<Goal>) -> Result<Self, Vec<Violation>> {
        let form = Form::admit(draft.clone())?;
        let evaluation = evaluate(rules, &form);
        let ledger = Ledger::of(rules, &evaluation);
        let no_grade = text::no_grade(rules, &evaluation);
        if ledger.losses.iter().any(|loss| loss.cause == Cause::NotCovered) {
            return Ok(WhyNot { form, evaluation, ledger, no_grade, answers: Vec::new() });
        }
        let lines: Vec<Line> = lines(&evaluation).collect();
        let mut search = Search { rules, draft, evaluation: &evaluation, levers: Vec::new() };
        search.levers = search.readable(levers(rules, &form, &evaluation));
        let full: Vec<(Answer, Package)> = lines.into_iter().map(|line| search.full(line)).collect();
        let first = wanted.or_else(|| Goal::next_grade(rules, &evaluation));
        let packages: Vec<&Package> = full.iter().map(|(_, package)| package).collect();
        let first = first.map(|goal| search.overall(goal, &packages));
        let answers = first.into_iter().chain(full.iter().map(|(answer, _)| answer.clone())).collect();
        Ok(WhyNot { form, evaluation, ledger, no_grade, answers })
    }
}

/// Lines that are not given all that is possible.
fn lines(evaluation: &Evaluation) -> impl Iterator<Item = Line> {
    let rows = (0..evaluation.indicators.len()).map(Line::Row);
    std::iter::once(Line::Execution).chain(rows).filter(|line| {
        let score = line.score(evaluation);
        score.is_some_and(|score| score.possible.is_some_and(|possible| score.awarded < possible))
    })
}

/// A lever and where it is put.
type Put = (Lever, Option<Exact>);
/// What raises a line as far as was found possible.
type Package = Vec<Put>;

struct Search<'a> {
    rules: &'a RuleSet,
    draft: Draft,
    evaluation: &'a Evaluation,
    levers: Vec<Lever>,
}

/// A setting that reaches a goal.
struct Found {
    value: Option<Exact>,
    evaluation: Evaluation,
    short: Option<(Exact, Points)>,
}

impl Search<'_> {
    /// Levers whose numbers are read as the numbers they are, by their structure where the text does not allow it.
    fn readable(&self, levers: Vec<Lever>) -> Vec<Lever> {
        let reads = |lever: &Lever| match &lever.settings {
            Settings::Once => true,
            Settings::Numbers { now, step, .. } => {
                let value = now.add(step).ok();
                let evaluation = self.evaluated(&self.draft, &[(lever.clone(), value.clone())]);
                evaluation.is_some_and(|evaluation| lever.is_read(&evaluation, value.as_ref()))
            }
        };
        let usable = |lever: Lever| if reads(&lever) { Some(lever) } else { lever.by_structure(self.evaluation) };
        levers.into_iter().filter_map(usable).collect()
    }

    fn evaluated(&self, draft: &Draft, puts: &[Put]) -> Option<Evaluation> {
        let mut draft = draft.clone();
        puts.iter().for_each(|(lever, value)| lever.set(&mut draft, value.as_ref()));
        Form::admit(draft).ok().map(|form| evaluate(self.rules, &form))
    }

    /// The smallest setting of one lever that reaches the goal, over a draft in which other cells may be changed.
    fn smallest(&self, draft: &Draft, lever: &Lever, goal: &Goal) -> Option<Found> {
        let reached = |value: Option<Exact>| {
            let evaluation = self.evaluated(draft, &[(lever.clone(), value)])?;
            Some((goal.is_reached(self.rules, &evaluation), evaluation))
        };
        let Settings::Numbers { now, step, ends } = &lever.settings else {
            let (is_reached, evaluation) = reached(None)?;
            return is_reached.then_some(Found { value: None, evaluation, short: None });
        };
        let at = |steps: i64| now.add(&step.mul(&Exact::from_i64(steps)).ok()?).ok();
        let mut ways: Vec<i64> = ends.iter().filter_map(|end| steps_to(now, step, end)).collect();
        ways.sort_by_key(|steps| (steps.abs(), *steps));
        ways.dedup();
        for way in ways {
            let (is_reached, evaluation) = reached(at(way))?;
            if is_reached {
                return Some(nearest(way, &at, evaluation, &|steps| reached(at(steps))));
            }
        }
        None
    }

    fn answer(&self, goal: Goal) -> Answer {
        Answer {
            is_reached: goal.is_reached(self.rules, self.evaluation),
            gap: goal.gap(self.rules, self.evaluation),
            goal,
            changes: Vec::new(),
            together: Vec::new(),
            at_most: None,
        }
    }

    /// Full points of a line: by one cell, or by one more together with the claim.
    fn full(&self, line: Line) -> (Answer, Package) {
        let mut answer = self.answer(Goal::Full(line));
        let own = || self.levers.iter().filter(|lever| lever.line == line || lever.line == Line::Form);
        let mut package = Package::new();
        for lever in own() {
            if let Some(found) = self.smallest(&self.draft, lever, &answer.goal) {
                answer.changes.push(change(lever, &found));
                if package.is_empty() {
                    package.push((lever.clone(), found.value));
                }
            }
        }
        if !answer.changes.is_empty() {
            return (answer, package);
        }
        if let Some((claim, all)) = full_claim(line, self.evaluation) {
            let mut draft = self.draft.clone();
            claim.set(&mut draft, Some(&all));
            let mut others = own().filter(|lever| !lever.is_claim());
            let found = others.find_map(|lever| Some((lever, self.smallest(&draft, lever, &answer.goal)?)));
            if let Some((lever, found)) = found {
                let evaluation = found.evaluation.clone();
                let claimed = Found { value: Some(all.clone()), evaluation: evaluation.clone(), short: None };
                answer.together = vec![change(lever, &found), change(&claim, &claimed)];
                answer.at_most = Some(Standing::of(&evaluation));
                return (answer, vec![(lever.clone(), found.value), (claim, Some(all))]);
            }
        }
        // Not all of it, but as much as the claim may rise.
        let claim = own().find(|lever| lever.is_claim()).cloned();
        let raised = claim.and_then(|lever| match &lever.settings {
            Settings::Numbers { ends, .. } => Some((lever.clone(), Some(ends.first()?.clone()))),
            Settings::Once => None,
        });
        let package: Package = raised.into_iter().collect();
        let evaluation = self.evaluated(&self.draft, &package).filter(|_| !package.is_empty());
        answer.at_most = evaluation.as_ref().map(Standing::of);
        (answer, package)
    }

    /// A grade or a number of points: by one cell, or by the fewest lines that were found to be enough.
    fn overall(&self, goal: Goal, packages: &[&Package]) -> Answer {
        let mut answer = self.answer(goal);
        if answer.is_reached {
            return answer;
        }
        for lever in &self.levers {
            if let Some(found) = self.smallest(&self.draft, lever, &answer.goal) {
                answer.changes.push(change(lever, &found));
            }
        }
        if answer.changes.is_empty() {
            let (chosen, evaluation) = self.enough(&answer.goal, packages);
            if goal_reached(self.rules, &answer.goal, evaluation.as_ref())
                && let Some(evaluation) = &evaluation
            {
                let all = |(lever, value): &Put| {
                    let found = Found { value: value.clone(), evaluation: evaluation.clone(), short: None };
                    change(lever, &found)
                };
                answer.together = chosen.iter().map(all).collect();
            }
            answer.at_most = evaluation.as_ref().map(Standing::of);
        }
        answer
    }

    /// The packages that help most, one after the other, until they are enough; then without those that turn out not to
    /// be needed.
    fn enough(&self, goal: &Goal, packages: &[&Package]) -> (Package, Option<Evaluation>) {
        let gain = |package: &Package| {
            let evaluation = self.evaluated(&self.draft, package)?;
            let gain = evaluation.points.awarded.checked_sub(self.evaluation.points.awarded)?;
            (gain > Points::ZERO).then_some(gain)
        };
        let mut helping: Vec<(Points, &Package)> =
            packages.iter().filter_map(|package| Some((gain(package)?, *package))).collect();
        helping.sort_by_key(|(gain, _)| std::cmp::Reverse(*gain));
        let reached = |chosen: &[&Package]| {
            let puts: Package = chosen.iter().flat_map(|package| package.iter().cloned()).collect();
            let evaluation = self.evaluated(&self.draft, &puts);
            (goal_reached(self.rules, goal, evaluation.as_ref()), puts, evaluation)
        };
        let mut chosen: Vec<&Package> = Vec::new();
        let mut last = (Package::new(), None);
        for (_, package) in helping {
            chosen.push(package);
            let (is_enough, puts, evaluation) = reached(&chosen);
            last = (puts, evaluation);
            if !is_enough {
                continue;
            }
            for index in (0..chosen.len()).rev() {
                let mut fewer = chosen.clone();
                fewer.remove(index);
                let (is_enough, puts, evaluation) = reached(&fewer);
                if is_enough {
                    chosen = fewer;
                    last = (puts, evaluation);
                }
            }
            break;
        }
        last
    }
}

/// What a setting is told as.
fn change(lever: &Lever, found: &Found) -> Change {
    let by = match (&lever.settings, &found.value) {
        (Settings::Numbers { now, .. }, Some(value)) => value.sub(now).ok(),
        _ => None,
    };
    let short = found.short.as_ref().map(|(value, awarded)| (lever.shown(Some(value)), *awarded));
    Change {
        line: lever.line,
        field: lever.field.clone(),
        title: lever.title.clone(),
        old: lever.now.clone(),
        new: lever.shown(found.value.as_ref()),
        by,
        then: Standing::of(&found.evaluation),
        short,
    }
}

fn goal_reached(rules: &RuleSet, goal: &Goal, evaluation: Option<&Evaluation>) -> bool {
    evaluation.is_some_and(|evaluation| goal.is_reached(rules, evaluation))
}

impl Standing {
    pub(super) fn of(evaluation: &Evaluation) -> Self {
        Standing { awarded: evaluation.points.awarded, grade: evaluation.grade.clone() }
    }
}

/// Steps from `now` to `end` or just beyond, with their sign; nothing where they are the same or too far apart.
fn steps_to(now: &Exact, step: &Exact, end: &Exact) -> Option<i64> {
    let steps = end.sub(now).ok()?.div(step).ok()?;
    let steps = if steps.is_negative() { steps.floor() } else { steps.ceil() };
    steps.to_i64().filter(|steps| *steps != 0 && steps.abs() <= MOST_STEPS)
}

/// The nearest setting on the way to one that reaches the goal.
fn nearest(
    way: i64,
    at: &dyn Fn(i64) -> Option<Exact>,
    evaluation: Evaluation,
    reached: &dyn Fn(i64) -> Option<(bool, Evaluation)>,
) -> Found {
    let sign = way.signum();
    // Not enough at `low` steps, enough at `high`.
    let (mut low, mut high, mut best) = (0, way.abs(), evaluation);
    let mut fallen = None;
    for part in 1..COARSE {
        let steps = way.abs() / COARSE * part;
        if steps <= low || steps >= high {
            continue;
        }
        match reached(steps * sign) {
            Some((true, evaluation)) => {
                (high, best) = (steps, evaluation);
                break;
            }
            Some((false, evaluation)) => (low, fallen) = (steps, Some(evaluation)),
            None => {}
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match reached(middle * sign) {
            Some((true, evaluation)) => (high, best) = (middle, evaluation),
            Some((false, evaluation)) => (low, fallen) = (middle, Some(evaluation)),
            None => low = middle,
        }
    }
    let short = fallen.filter(|_| low > 0).and_then(|evaluation| Some((at(low * sign)?, evaluation.points.awarded)));
    Found { value: at(high * sign), evaluation: best, short }
}
