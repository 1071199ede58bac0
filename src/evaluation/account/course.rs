//! What happened to a score, in the order it happened.

use std::fmt::Write;

use super::frame::{Frame, Line};
use super::step::Step;
use crate::evaluation::{AdjustedPoints, Adjustment, Citation};
use crate::quantity::Points;
use crate::ruleset::{Entry, Method, MethodKind, Outcome};

/// Index of an entry of scoring, a method or an adjustment.
type Index = usize;

/// The course of one score.
#[derive(Debug, Clone, Default)]
pub(in crate::evaluation) struct Course {
    pub entry: Option<(Index, Passed)>,
    pub method: Option<(Index, Reached)>,
    pub adjusted: Vec<AdjustedStep>,
    /// An adjustment had no result: what was reached before counts no more.
    pub voided: bool,
}

/// How the condition of an entry ended.
#[derive(Debug, Clone)]
pub(in crate::evaluation) enum Passed {
    Holds,
    Failed(Box<str>),
}

/// What a method came to.
#[derive(Debug, Clone)]
pub(in crate::evaluation) enum Reached {
    /// Points by a formula, and the derivation where it is not made anew.
    Points(Points, Option<Box<str>>),
    /// A share of the points, of the tier at this place where the method has tiers.
    Share {
        low: Points,
        high: Points,
        tier: Option<Index>,
    },
    /// Something that it needs is absent.
    Review,
    Failed(Box<str>),
}

/// An adjustment that applied, or failed.
#[derive(Debug, Clone)]
pub(in crate::evaluation) struct AdjustedStep {
    pub rule: Index,
    /// The points it was asked at.
    pub points: Points,
    /// Floor and ceiling that it came to, or why to none.
    pub result: Result<(Points, Points), Box<str>>,
    /// Where it changed something, or settled it.
    pub change: Option<Change>,
}

#[derive(Debug, Clone)]
pub(in crate::evaluation) struct Change {
    pub before: AdjustedPoints,
    pub after: AdjustedPoints,
    pub derivation: String,
}

impl Course {
    pub fn has_changes(&self) -> bool {
        !self.voided && self.adjusted.iter().any(|step| step.change.is_some())
    }
}

/// A course with what it rests on.
#[derive(Clone, Copy)]
pub(super) struct Recorded<'a> {
    pub frame: &'a Frame,
    pub line: Line,
    pub course: &'a Course,
}

impl<'a> Recorded<'a> {
    fn entry_and_end(self) -> Option<(&'a Entry, &'a Passed)> {
        let (index, passed) = self.course.entry.as_ref()?;
        let tables = &self.frame.tables;
        let entries = if self.line == Line::Execution { &tables.execution } else { &tables.scoring };
        Some((entries.get(*index)?, passed))
    }

    /// The entry that decided, unless an adjustment undid it.
    pub fn entry(self) -> Option<&'a Entry> {
        let (entry, passed) = self.entry_and_end()?;
        (!self.course.voided && matches!(passed, Passed::Holds)).then_some(entry)
    }

    fn method_and_end(self) -> Option<(&'a Method, &'a Reached)> {
        let (index, reached) = self.course.method.as_ref()?;
        Some((self.frame.tables.methods.get(*index)?, reached))
    }

    /// The method that gave points, unless an adjustment undid it.
    pub fn method(self) -> Option<&'a Method> {
        let (method, reached) = self.method_and_end()?;
        let gave = matches!(reached, Reached::Points(..) | Reached::Share { .. });
        (!self.course.voided && gave).then_some(method)
    }

    pub fn citation(self) -> Option<&'a Citation> {
        let entry = self.entry()?;
        match entry.outcome {
            Outcome::Method(_) => {
                let method = self.method()?;
                entry.citation.as_ref().or(method.citation.as_ref())
            }
            _ => entry.citation.as_ref(),
        }
    }

    /// Writes the whole derivation; `possible` is what the shares are of.
    pub fn derive(self, possible: Option<Points>, out: &mut String) {
        if self.course.voided {
            return;
        }
        let begin = out.len();
        self.derive_method(possible, out);
        for step in &self.course.adjusted {
            let (Some(change), Some(rule)) = (&step.change, self.frame.tables.adjustments.get(step.rule)) else {
                continue;
            };
            if out.len() > begin {
                out.push('；');
            }
            out.push_str(&rule.title);
            out.push('：');
            out.push_str(&change.derivation);
        }
    }

    fn derive_method(self, possible: Option<Points>, out: &mut String) {
        let Some((method, reached)) = self.method_and_end() else { return };
        // Writing to a string does not fail.
        let _ = match (reached, &method.kind) {
            (Reached::Points(fixed, shown), MethodKind::Formula(formula)) => {
                match shown {
                    Some(shown) => out.push_str(shown),
                    None => formula.derive(&self.frame.lens(self.line), out),
                }
                out.push_str(" = ");
                fixed.push_to(out);
                Ok(())
            }
            (Reached::Share { low, high, .. }, MethodKind::Range(share)) => {
                write!(out, "{} × {share} = {low} – {high}", possible.unwrap_or(Points::ZERO))
            }
            (Reached::Share { low, high, tier: Some(tier) }, MethodKind::Tiers(tiers)) => match tiers.get(*tier) {
                Some(tier) => {
                    write!(out, "{} × {} = {low} – {high}", possible.unwrap_or(Points::ZERO), tier.ratio)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        };
    }

    pub fn steps(self) -> impl Iterator<Item = Step<'a>> {
        let entry = self.entry_and_end().map(|(entry, passed)| Step::of_entry(self, entry, passed));
        let method = self.method_and_end().map(|(method, reached)| Step::of_method(self, method, reached));
        let adjusted = self.course.adjusted.iter().filter_map(move |step| {
            Some(Step::of_adjustment(self, self.frame.tables.adjustments.get(step.rule)?, step))
        });
        entry.into_iter().chain(method).chain(adjusted)
    }

    pub fn adjustments(self) -> Vec<Adjustment> {
        if self.course.voided {
            return Vec::new();
        }
        let told = self.course.adjusted.iter().filter_map(|step| {
            let Change { before, after, derivation } = step.change.clone()?;
            let rule = self.frame.tables.adjustments.get(step.rule)?;
            Some(Adjustment {
                rule: format!("adjustments.{}", rule.id),
                title: rule.title.clone(),
                before,
                after,
                derivation,
                citation: rule.citation.clone(),
            })
        });
        told.collect()
    }
}
