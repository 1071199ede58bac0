//! Scoring one row by the first entry that matches.

use super::account::{Course, Lens, Passed, Reached};
use super::award::award;
use super::patience::Patience;
use super::rows::{ReadRow, RowRead};
use super::{Score, Status};
use crate::formula::{Formula, Value};
use crate::quantity::{Exact, Points};
use crate::ruleset::{Entry, Interval, Method, MethodKind, Outcome, RowKey, RuleSet};

/// What a row may claim and what it may get at most.
#[derive(Clone, Copy)]
pub(super) struct Stake {
    pub possible: Option<Points>,
    pub claimed: Option<Points>,
}

/// What the rule for a row needs to know.
pub(super) struct Subject<'a> {
    pub rules: &'a RuleSet,
    pub patience: &'a Patience<'a>,
    /// How many decimals points are rounded to.
    pub decimals: u32,
    pub stake: Stake,
    /// The row that is scored.
    pub row: Option<&'a RowRead>,
    /// Where the names of a row begin.
    pub row_slot: usize,
}

impl<'a> Subject<'a> {
    /// All values by slot, as they print.
    pub fn lens(&self, values: &'a [Value]) -> Lens<'a> {
        let meeting = self.row.map(|row| &row.meeting);
        Lens { base: values, own: &[], row_slot: self.row_slot, meeting, rate: None, points: None }
    }
}

/// Scores by the first of the `candidates` among `entries` whose condition holds. `values` are by slot, for the scope
/// of the entries.
pub(super) fn score(
    subject: &Subject<'_>,
    values: &[Value],
    entries: &[Entry],
    candidates: impl Iterator<Item = usize>,
) -> Score {
    let mut course = Course::default();
    for index in candidates {
        let Some(entry) = entries.get(index) else { continue };
        if let Some(condition) = &entry.when.condition {
            match subject.patience.run(condition, values, || condition.holds(values)) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(error) => {
                    course.entry = Some((index, Passed::Failed(error.to_string().into())));
                    return open(subject, Status::Failed, course);
                }
            }
        }
        course.entry = Some((index, Passed::Holds));
        return apply(subject, values, entry, course);
    }
    open(subject, Status::NeedsReview, course)
}

fn apply(subject: &Subject<'_>, values: &[Value], entry: &Entry, mut course: Course) -> Score {
    let (index, method) = match entry.outcome {
        Outcome::Method(index) => (index, subject.rules.method(index)),
        Outcome::NotApplicable | Outcome::InGroup => {
            return closed(subject.stake, Status::NotApplicable, Points::ZERO, course);
        }
        Outcome::Unscored => return Score { awarded: Points::ZERO, ..open(subject, Status::NeedsReview, course) },
        Outcome::NeedsReview => return open(subject, Status::NeedsReview, course),
    };
    let possible = subject.stake.possible.filter(|possible| !possible.is_negative());
    let (Some(method), Some(possible)) = (method, possible) else {
        return open(subject, Status::NeedsReview, course);
    };
    let reached = reached(subject, values, method, possible).unwrap_or_else(|why| Reached::Failed(why.into()));
    let (status, range) = match &reached {
        Reached::Points(fixed, _) => (Status::Scored, Some((*fixed, *fixed))),
        Reached::Share { low, high, .. } => (Status::Scored, Some((*low, *high))),
        Reached::Review => (Status::NeedsReview, None),
        Reached::Failed(_) => (Status::Failed, None),
    };
    course.method = Some((index, reached));
    match range {
        Some(range) => scored(subject, range, course),
        None => open(subject, status, course),
    }
}

fn reached(subject: &Subject<'_>, values: &[Value], method: &Method, possible: Points) -> Result<Reached, String> {
    match &method.kind {
        MethodKind::Formula(formula) => by_formula(subject, values, formula, possible),
        MethodKind::Range(share) => by_share(share, None, possible, subject.decimals),
        MethodKind::Tiers(tiers) => {
            let told = subject.row.and_then(|row| row.actual.tier());
            let tier = tiers.iter().position(|tier| Some(tier.tier.as_str()) == told);
            match tier.and_then(|at| Some((at, tiers.get(at)?))) {
                Some((at, tier)) => by_share(&tier.ratio, Some(at), possible, subject.decimals),
                None => Ok(Reached::Review),
            }
        }
    }
}

/// Comes to [`Reached::Review`] when a name that the formula needs is absent.
fn by_formula(subject: &Subject<'_>, values: &[Value], formula: &Formula, possible: Points) -> Result<Reached, String> {
    // The derivation of a compiled formula is made when somebody looks: its values say all.
    let outcome = subject.patience.run(formula, values, || {
        if formula.is_compiled() {
            return Ok((formula.evaluate(values)?, None));
        }
        formula.explain_by(values, &subject.lens(values)).map(|(value, shown)| (value, Some(shown)))
    });
    let (value, shown) = outcome.map_err(|error| error.to_string())?;
    let Value::Number(exact) = value else { return Ok(Reached::Review) };
    if exact.is_negative() || exact > possible.to_exact() {
        return Err(format!("{exact} ∉ [0, {possible}]"));
    }
    let fixed = Points::fix_to(&exact, subject.decimals).min(possible).trimmed();
    Ok(Reached::Points(fixed, shown.map(Into::into)))
}

/// The points within a share of what is possible. An open end leaves out its own value, so the range ends
/// one step of the last decimal before it.
fn by_share(share: &Interval, tier: Option<usize>, possible: Points, decimals: u32) -> Result<Reached, String> {
    let part = |end: &Exact| {
        possible.to_exact().mul(end).map(|points| Points::fix_to(&points, decimals)).map_err(|e| e.to_string())
    };
    let step = Exact::from_i64(1).div(&Exact::from_i64(10_i64.pow(decimals))).map_err(|error| error.to_string())?;
    let step = Points::fix_to(&step, decimals);
    let (low, high) = (part(&share.low)?, part(&share.high)?);
    let floor = if share.low_closed { low } else { low.checked_add(step).unwrap_or(low) };
    let ceiling = if share.high_closed { high } else { high.checked_sub(step).unwrap_or(high) };
    let ceiling = ceiling.max(floor).min(possible).trimmed();
    Ok(Reached::Share { low: floor.min(ceiling).trimmed(), high: ceiling, tier })
}

fn scored(subject: &Subject<'_>, (floor, ceiling): (Points, Points), course: Course) -> Score {
    let Stake { possible, claimed } = subject.stake;
    Score {
        status: Status::Scored,
        possible,
        claimed,
        floor,
        ceiling,
        awarded: award(subject.rules.award, subject.decimals, claimed, (floor, ceiling)),
        account: course.into(),
    }
}

/// Floor 0, ceiling = possible: what nobody could decide.
pub(super) fn open(subject: &Subject<'_>, status: Status, course: Course) -> Score {
    let ceiling = subject.stake.possible.unwrap_or(Points::ZERO).max(Points::ZERO).trimmed();
    let awarded = award(subject.rules.award, subject.decimals, subject.stake.claimed, (Points::ZERO, ceiling));
    Score { ceiling, awarded, ..closed(subject.stake, status, Points::ZERO, course) }
}

fn closed(stake: Stake, status: Status, points: Points, course: Course) -> Score {
    let Stake { possible, claimed } = stake;
    Score { status, possible, claimed, floor: points, ceiling: points, awarded: points, account: course.into() }
}

/// What the entries ask of a row.
pub(super) fn key<'r>(row: &'r ReadRow<'_>) -> RowKey<'r> {
    RowKey {
        dimension: &row.dimension,
        category: &row.category,
        name: row.indicator.name(),
        target: row.target.kind(),
        actual: row.actual.kind(),
        comparison: row.target.comparison(),
        meeting: row.meeting.met,
        direction: row.meeting.direction,
        tier: row.actual.tier(),
        comparable: row.meeting.target.is_some() && row.meeting.actual.is_some(),
    }
}
