//! A rule that took part in a score, worded piece by piece.

use std::fmt::Write;

use super::course::{AdjustedStep, Passed, Reached, Recorded};
use crate::evaluation::{Status, TraceStep};
use crate::formula::{Formula, Inputs, Value};
use crate::quantity::Points;
use crate::ruleset::{Adjustment, Entry, Method, MethodKind, Outcome};

/// One step of a score.
pub struct Step<'a>(Source<'a>);

enum Source<'a> {
    Told(&'a TraceStep),
    Entry(Recorded<'a>, &'a Entry, &'a Passed),
    Method(Recorded<'a>, &'a Method, &'a Reached),
    Adjustment(Recorded<'a>, &'a Adjustment, &'a AdjustedStep),
}

/// The rule of a step, in two parts that make one name: `scoring.` and `at_least`.
pub type StepRule<'a> = (&'static str, &'a str);

impl<'a> Step<'a> {
    pub(super) fn told(step: &'a TraceStep) -> Self {
        Step(Source::Told(step))
    }

    pub(super) fn of_entry(recorded: Recorded<'a>, entry: &'a Entry, passed: &'a Passed) -> Self {
        Step(Source::Entry(recorded, entry, passed))
    }

    pub(super) fn of_method(recorded: Recorded<'a>, method: &'a Method, reached: &'a Reached) -> Self {
        Step(Source::Method(recorded, method, reached))
    }

    pub(super) fn of_adjustment(recorded: Recorded<'a>, rule: &'a Adjustment, step: &'a AdjustedStep) -> Self {
        Step(Source::Adjustment(recorded, rule, step))
    }

    /// `scoring.at_least`, `methods.proportional`
    pub fn rule(&self) -> StepRule<'a> {
        match self.0 {
            Source::Told(step) => ("", &step.rule),
            Source::Entry(_, entry, _) => ("scoring.", &entry.id),
            Source::Method(_, method, _) => ("methods.", &method.id),
            Source::Adjustment(_, rule, _) => ("adjustments.", &rule.id),
        }
    }

    /// Writes where the rule stands: `mof-2020/scoring.yaml:12:3`.
    pub fn write_place(&self, out: &mut String) {
        let place = match self.0 {
            Source::Told(step) => return out.push_str(&step.place),
            Source::Entry(_, entry, _) => &entry.place,
            Source::Method(_, method, _) => &method.place,
            Source::Adjustment(_, rule, _) => &rule.place,
        };
        let _ = write!(out, "{place}");
    }

    /// The formula's text; empty for a rule without one.
    pub fn formula(&self) -> &'a str {
        match self.0 {
            Source::Told(step) => &step.formula,
            Source::Entry(_, entry, _) => &entry.condition_text,
            Source::Method(_, method, _) => &method.text,
            Source::Adjustment(_, rule, _) => &rule.text,
        }
    }

    /// Tells the names that the formula used and what they stood for; `room` is for the words.
    pub fn bindings(&self, room: &mut String, tell: &mut dyn FnMut(&str, &str)) {
        match self.0 {
            Source::Told(step) => step.bindings.iter().for_each(|(name, value)| tell(name, value)),
            Source::Entry(recorded, entry, _) => {
                let names = entry.when.condition.iter().flat_map(Formula::names);
                bound(&recorded.frame.lens(recorded.line), names, room, tell);
            }
            Source::Method(recorded, method, _) => match &method.kind {
                MethodKind::Formula(formula) => {
                    bound(&recorded.frame.lens(recorded.line), formula.names(), room, tell);
                }
                MethodKind::Tiers(_) => {
                    let row = recorded.frame.read(recorded.line);
                    tell("tier", row.and_then(|row| row.actual.tier()).unwrap_or_default());
                }
                MethodKind::Range(_) => {}
            },
            Source::Adjustment(recorded, rule, step) => {
                let points = Value::Number(step.points.to_exact());
                let mut lens = recorded.frame.lens(recorded.line);
                lens.rate = Some(recorded.frame.rate());
                lens.points = Some((rule.slot, &points));
                bound(&lens, rule.names().into_iter(), room, tell);
            }
        }
    }

    /// Writes what came out.
    pub fn write_result(&self, out: &mut String) {
        match self.0 {
            Source::Told(step) => out.push_str(&step.result),
            Source::Entry(_, _, Passed::Failed(why)) => out.push_str(why),
            Source::Entry(recorded, entry, Passed::Holds) => match entry.outcome {
                Outcome::Method(index) => {
                    if let Some(method) = recorded.frame.tables.methods.get(index) {
                        out.push_str("methods.");
                        out.push_str(&method.id);
                    }
                }
                Outcome::NotApplicable | Outcome::InGroup => out.push_str(Status::NotApplicable.name()),
                Outcome::NeedsReview | Outcome::Unscored => out.push_str(Status::NeedsReview.name()),
            },
            Source::Method(_, _, reached) => match reached {
                Reached::Points(fixed, _) => write_range(*fixed, *fixed, out),
                Reached::Share { low, high, .. } => write_range(*low, *high, out),
                Reached::Review => out.push_str(Status::NeedsReview.name()),
                Reached::Failed(why) => out.push_str(why),
            },
            Source::Adjustment(_, _, step) => match &step.result {
                Ok((floor, ceiling)) => write_range(*floor, *ceiling, out),
                Err(why) => out.push_str(why),
            },
        }
    }

    pub(super) fn worded(&self) -> TraceStep {
        let (section, id) = self.rule();
        let (mut place, mut result) = (String::new(), String::new());
        self.write_place(&mut place);
        self.write_result(&mut result);
        let mut bindings = Vec::new();
        self.bindings(&mut String::new(), &mut |name, value| bindings.push((name.to_owned(), value.to_owned())));
        TraceStep { rule: format!("{section}{id}"), place, formula: self.formula().to_owned(), bindings, result }
    }
}

/// What the names of a formula stood for.
fn bound<'f>(
    inputs: &dyn Inputs,
    names: impl Iterator<Item = (usize, &'f str)>,
    room: &mut String,
    tell: &mut dyn FnMut(&str, &str),
) {
    for (slot, name) in names {
        let Some(value) = inputs.value(slot) else { continue };
        room.clear();
        if !inputs.print(slot, value, room) {
            match value {
                Value::Number(number) => number.push_to(room),
                other => drop(write!(room, "{other}")),
            }
        }
        tell(name, room);
    }
}

fn write_range(floor: Points, ceiling: Points, out: &mut String) {
    if floor != ceiling {
        floor.push_to(out);
        out.push_str(" – ");
    }
    ceiling.push_to(out);
}
