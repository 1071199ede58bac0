//! How a score came about: recorded in numbers while the rules run, put into words when somebody looks.
//!
//! Nearly nobody reads the steps of nearly any row, so none of them is worded while a form is scored. What is kept
//! is enough to word it exactly: which entries ran, what they came to, and the values that their formulas saw.

mod course;
mod frame;
mod step;

use std::sync::{Arc, OnceLock};

pub(super) use course::{AdjustedStep, Change, Course, Passed, Reached};
pub(super) use frame::{Frame, Lens, Line, Tables};
pub use step::{Step, StepRule};

use super::{Adjustment, Citation, Score, Status, TraceStep};
use crate::quantity::Points;
use crate::ruleset::Outcome;
use course::Recorded;

/// What there is to say about a score, in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// Id of the method; empty when none applied.
    pub method: String,
    /// Its title; of a row that shares the points of a row above it, the title of the entry that says so.
    pub method_title: String,
    /// What changed floor and ceiling after the method, in order.
    pub adjustments: Vec<Adjustment>,
    /// `8 × 91.76% ÷ 95% = 7.73`, then each adjustment: `；超额完成扣分：10 − 2 = 8`. Empty when nothing was computed.
    pub derivation: String,
    pub citation: Option<Citation>,
    pub trace: Vec<TraceStep>,
}

/// The account of one score.
#[derive(Clone, Default)]
pub(super) struct Account {
    course: Course,
    /// What the course rests on; absent for what was told by somebody else.
    ground: Option<(Arc<Frame>, Line)>,
    told: OnceLock<Box<Told>>,
}

impl From<Told> for Account {
    fn from(told: Told) -> Self {
        Account { told: OnceLock::from(Box::new(told)), ..Account::default() }
    }
}

impl From<Course> for Account {
    /// Until it rests on a frame nothing can be told of it.
    fn from(course: Course) -> Self {
        Account { course, ..Account::default() }
    }
}

impl Account {
    pub fn course_mut(&mut self) -> &mut Course {
        &mut self.course
    }

    /// Says what the formulas of the course saw.
    pub fn rest_on(&mut self, frame: &Arc<Frame>, line: Line) {
        self.ground = Some((Arc::clone(frame), line));
    }

    fn recorded(&self) -> Option<Recorded<'_>> {
        self.ground.as_ref().map(|(frame, line)| Recorded { frame, line: *line, course: &self.course })
    }
}

/// A score that was made and told before.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldScore {
    pub status: Status,
    pub possible: Option<Points>,
    pub claimed: Option<Points>,
    pub floor: Points,
    pub ceiling: Points,
    pub awarded: Points,
    pub told: Told,
}

impl From<ToldScore> for Score {
    fn from(score: ToldScore) -> Self {
        let ToldScore { status, possible, claimed, floor, ceiling, awarded, told } = score;
        Score { status, possible, claimed, floor, ceiling, awarded, account: told.into() }
    }
}

impl Score {
    /// Id of the method; empty when none applied.
    pub fn method(&self) -> &str {
        match self.account.recorded() {
            Some(recorded) => recorded.method().map_or("", |method| method.id.as_str()),
            None => &self.told().method,
        }
    }

    /// Title of the method; of a row that shares the points of a row above it, of the entry that says so.
    pub fn method_title(&self) -> &str {
        let Some(recorded) = self.account.recorded() else { return &self.told().method_title };
        let shares = recorded.entry().filter(|entry| entry.outcome == Outcome::InGroup);
        match (recorded.method(), shares) {
            (Some(method), _) => &method.title,
            (None, Some(entry)) => &entry.title,
            (None, None) => "",
        }
    }

    pub fn citation(&self) -> Option<&Citation> {
        match self.account.recorded() {
            Some(recorded) => recorded.citation(),
            None => self.told().citation.as_ref(),
        }
    }

    /// What changed floor and ceiling after the method, in order.
    pub fn adjustments(&self) -> &[Adjustment] {
        let is_untouched = self.account.ground.is_some() && !self.account.course.has_changes();
        if is_untouched { &[] } else { &self.told().adjustments }
    }

    /// `8 × 91.76% ÷ 95% = 7.73`, then each adjustment: `；超额完成扣分：10 − 2 = 8`. Empty when nothing was computed.
    pub fn derivation(&self) -> &str {
        &self.told().derivation
    }

    /// The rules that took part, in order.
    pub fn trace(&self) -> &[TraceStep] {
        &self.told().trace
    }

    /// The same as [`Score::trace`], step by step, without keeping the words.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let recorded = self.account.recorded();
        let told = if recorded.is_none() { self.told().trace.as_slice() } else { &[] };
        let recorded = recorded.into_iter().flat_map(Recorded::steps);
        recorded.chain(told.iter().map(Step::told))
    }

    /// Writes the same as [`Score::derivation`] without keeping it.
    pub fn derive(&self, out: &mut String) {
        match self.account.recorded() {
            Some(recorded) => recorded.derive(self.possible, out),
            None => out.push_str(&self.told().derivation),
        }
    }

    /// Everything in words, made when it is first asked for.
    fn told(&self) -> &Told {
        self.account.told.get_or_init(|| {
            let Some(recorded) = self.account.recorded() else { return Box::default() };
            let mut derivation = String::new();
            recorded.derive(self.possible, &mut derivation);
            Box::new(Told {
                method: self.method().to_owned(),
                method_title: self.method_title().to_owned(),
                adjustments: recorded.adjustments(),
                derivation,
                citation: self.citation().cloned(),
                trace: recorded.steps().map(|step| step.worded()).collect(),
            })
        })
    }

    /// Whether two scores are equal, the rules that took part aside.
    pub fn equals_but_for_trace(&self, other: &Score) -> bool {
        let points =
            |score: &Score| (score.status, score.possible, score.claimed, [score.floor, score.ceiling, score.awarded]);
        points(self) == points(other)
            && self.method() == other.method()
            && self.method_title() == other.method_title()
            && self.citation() == other.citation()
            && self.adjustments() == other.adjustments()
            && self.derivation() == other.derivation()
    }
}

/// Two scores are equal when what is told of them is.
impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.equals_but_for_trace(other) && self.trace() == other.trace()
    }
}

impl std::fmt::Debug for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Score { status, possible, claimed, floor, ceiling, awarded, account: _ } = self;
        f.debug_struct("Score")
            .field("status", status)
            .field("possible", possible)
            .field("claimed", claimed)
            .field("allowed", &(floor, ceiling))
            .field("awarded", awarded)
            .field("told", self.told())
            .finish()
    }
}
