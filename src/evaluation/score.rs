//! Scoring one row by the first entry that matches.

use super::award::award;
use super::patience::Patience;
use super::rows::ReadRow;
use super::{Score, Status, TraceStep};
use crate::formula::{Formula, Value};
use crate::quantity::{Exact, Points};
use crate::ruleset::{Citation, Entry, Interval, Method, MethodKind, Outcome, RuleSet, When};

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
    /// By slot, for the scope of the entries.
    pub values: &'a [Value],
    /// The actual's tier, when words told one.
    pub tier: Option<&'a str>,
    /// How a slot's value prints in a derivation, where not as a bare number.
    pub print: &'a dyn Fn(usize, &Value) -> Option<String>,
}

/// The allowed range of points before anything is awarded.
struct Range {
    floor: Points,
    ceiling: Points,
    derivation: String,
}

/// Scores by the first of `entries` whose conditions hold.
pub(super) fn score(subject: &Subject<'_>, entries: &[Entry], matches: impl Fn(&When) -> bool) -> Score {
    let mut trace = Vec::new();
    for entry in entries {
        if !matches(&entry.when) {
            continue;
        }
        if let Some(condition) = &entry.when.condition {
            match subject.patience.run(condition, subject.values, || condition.evaluate(subject.values)) {
                Ok(Value::Boolean(true)) => {}
                Ok(_) => continue,
                Err(error) => {
                    trace.push(entry_step(entry, subject, error.to_string()));
                    return open(subject, Status::Failed, trace);
                }
            }
        }
        trace.push(entry_step(entry, subject, outcome_name(entry, subject.rules)));
        return apply(subject, entry, trace);
    }
    open(subject, Status::NeedsReview, trace)
}

fn apply(subject: &Subject<'_>, entry: &Entry, mut trace: Vec<TraceStep>) -> Score {
    let method = match entry.outcome {
        Outcome::Method(index) => subject.rules.method(index),
        Outcome::NotApplicable => {
            return closed(subject.stake, Status::NotApplicable, Points::ZERO, trace, entry.citation.clone());
        }
        Outcome::InGroup => {
            let none = closed(subject.stake, Status::NotApplicable, Points::ZERO, trace, entry.citation.clone());
            return Score { method_title: entry.title.clone(), ..none };
        }
        Outcome::Unscored => {
            let review = open(subject, Status::NeedsReview, trace);
            return Score { awarded: Points::ZERO, citation: entry.citation.clone(), ..review };
        }
        Outcome::NeedsReview => {
            return Score { citation: entry.citation.clone(), ..open(subject, Status::NeedsReview, trace) };
        }
    };
    let possible = subject.stake.possible.filter(|possible| !possible.is_negative());
    let (Some(method), Some(possible)) = (method, possible) else {
        return open(subject, Status::NeedsReview, trace);
    };
    let ranged = range_of(subject, method, possible);
    trace.push(method_step(method, subject, &ranged));
    match ranged {
        Ok(Some(range)) => scored(subject, method, entry.citation.clone(), range, trace),
        Ok(None) => open(subject, Status::NeedsReview, trace),
        Err(_) => open(subject, Status::Failed, trace),
    }
}

fn range_of(subject: &Subject<'_>, method: &Method, possible: Points) -> Result<Option<Range>, String> {
    match &method.kind {
        MethodKind::Formula(formula) => by_formula(subject, formula, possible),
        MethodKind::Range(share) => by_share(share, possible, subject.decimals).map(Some),
        MethodKind::Tiers(tiers) => match tiers.iter().find(|tier| Some(tier.tier.as_str()) == subject.tier) {
            Some(tier) => by_share(&tier.ratio, possible, subject.decimals).map(Some),
            None => Ok(None),
        },
    }
}

/// `None` when a name that the formula needs is absent.
fn by_formula(subject: &Subject<'_>, formula: &Formula, possible: Points) -> Result<Option<Range>, String> {
    let (value, shown) = subject
        .patience
        .run(formula, subject.values, || formula.explain(subject.values, subject.print))
        .map_err(|error| error.to_string())?;
    let Value::Number(exact) = value else { return Ok(None) };
    if exact.is_negative() || exact > possible.to_exact() {
        return Err(format!("{exact} ∉ [0, {possible}]"));
    }
    let fixed = Points::fix_to(&exact, subject.decimals).min(possible).trimmed();
    Ok(Some(Range { floor: fixed, ceiling: fixed, derivation: format!("{shown} = {fixed}") }))
}

/// The points within a share of what is possible. An open end leaves out its own value, so the range ends
/// one step of the last decimal before it.
fn by_share(share: &Interval, possible: Points, decimals: u32) -> Result<Range, String> {
    let part = |end: &Exact| {
        possible.to_exact().mul(end).map(|points| Points::fix_to(&points, decimals)).map_err(|e| e.to_string())
    };
    let step = Exact::from_i64(1).div(&Exact::from_i64(10_i64.pow(decimals))).map_err(|error| error.to_string())?;
    let step = Points::fix_to(&step, decimals);
    let (low, high) = (part(&share.low)?, part(&share.high)?);
    let floor = if share.low_closed { low } else { low.checked_add(step).unwrap_or(low) };
    let ceiling = if share.high_closed { high } else { high.checked_sub(step).unwrap_or(high) };
    let ceiling = ceiling.max(floor).min(possible).trimmed();
    let floor = floor.min(ceiling).trimmed();
    Ok(Range { floor, ceiling, derivation: format!("{possible} × {share} = {floor} – {ceiling}") })
}

fn scored(
    subject: &Subject<'_>,
    method: &Method,
    citation: Option<Citation>,
    range: Range,
    trace: Vec<TraceStep>,
) -> Score {
    let Stake { possible, claimed } = subject.stake;
    Score {
        status: Status::Scored,
        possible,
        claimed,
        floor: range.floor,
        ceiling: range.ceiling,
        awarded: award(subject.rules.award, subject.decimals, claimed, (range.floor, range.ceiling)),
        method: method.id.clone(),
        method_title: method.title.clone(),
        adjustments: Vec::new(),
        derivation: range.derivation,
        citation: citation.or_else(|| method.citation.clone()),
        trace,
    }
}

/// Floor 0, ceiling = possible: what nobody could decide.
pub(super) fn open(subject: &Subject<'_>, status: Status, trace: Vec<TraceStep>) -> Score {
    let ceiling = subject.stake.possible.unwrap_or(Points::ZERO).max(Points::ZERO).trimmed();
    let awarded = award(subject.rules.award, subject.decimals, subject.stake.claimed, (Points::ZERO, ceiling));
    Score { ceiling, awarded, ..closed(subject.stake, status, Points::ZERO, trace, None) }
}

fn closed(stake: Stake, status: Status, points: Points, trace: Vec<TraceStep>, citation: Option<Citation>) -> Score {
    Score {
        status,
        possible: stake.possible,
        claimed: stake.claimed,
        floor: points,
        ceiling: points,
        awarded: points,
        method: String::new(),
        method_title: String::new(),
        adjustments: Vec::new(),
        derivation: String::new(),
        citation,
        trace,
    }
}

fn outcome_name(entry: &Entry, rules: &RuleSet) -> String {
    match entry.outcome {
        Outcome::Method(index) => {
            rules.method(index).map(|method| format!("methods.{}", method.id)).unwrap_or_default()
        }
        Outcome::NotApplicable | Outcome::InGroup => Status::NotApplicable.name().to_owned(),
        Outcome::NeedsReview | Outcome::Unscored => Status::NeedsReview.name().to_owned(),
    }
}

fn entry_step(entry: &Entry, subject: &Subject<'_>, result: String) -> TraceStep {
    TraceStep {
        rule: format!("scoring.{}", entry.id),
        place: entry.place.to_string(),
        formula: entry.condition_text.clone(),
        bindings: entry.when.condition.as_ref().map(|formula| bound(formula, subject)).unwrap_or_default(),
        result,
    }
}

fn method_step(method: &Method, subject: &Subject<'_>, outcome: &Result<Option<Range>, String>) -> TraceStep {
    let bound = match &method.kind {
        MethodKind::Formula(formula) => bound(formula, subject),
        MethodKind::Tiers(_) => vec![("tier".to_owned(), subject.tier.unwrap_or_default().to_owned())],
        MethodKind::Range(_) => Vec::new(),
    };
    let result = match outcome {
        Ok(Some(range)) if range.floor == range.ceiling => range.ceiling.to_string(),
        Ok(Some(range)) => format!("{} – {}", range.floor, range.ceiling),
        Ok(None) => Status::NeedsReview.name().to_owned(),
        Err(why) => why.clone(),
    };
    TraceStep {
        rule: format!("methods.{}", method.id),
        place: method.place.to_string(),
        formula: method.text.clone(),
        bindings: bound,
        result,
    }
}

fn bound(formula: &Formula, subject: &Subject<'_>) -> Vec<(String, String)> {
    bindings(formula, subject.rules, subject.values, subject.print)
}

/// The names a formula uses with what they stood for.
pub(super) fn bindings(
    formula: &Formula,
    rules: &RuleSet,
    values: &[Value],
    print: &dyn Fn(usize, &Value) -> Option<String>,
) -> Vec<(String, String)> {
    formula
        .names_used()
        .filter_map(|slot| {
            let value = values.get(slot)?;
            let shown = print(slot, value).unwrap_or_else(|| value.to_string());
            Some((rules.names.get(slot)?.name.to_string(), shown))
        })
        .collect()
}

/// Whether a row is what an entry asks for, its condition aside.
pub(super) fn row_matches(when: &When, row: &ReadRow<'_>) -> bool {
    fn asks<T: PartialEq>(list: &[T], value: &T) -> bool {
        list.is_empty() || list.contains(value)
    }
    let comparable = row.meeting.target.is_some() && row.meeting.actual.is_some();
    let tier = row.actual.tier();
    asks(&when.dimension, &row.dimension)
        && asks(&when.category, &row.category)
        && (when.name.is_empty() || when.name.iter().any(|word| row.indicator.name().contains(word.as_str())))
        && asks(&when.target, &row.target.kind())
        && asks(&when.actual, &row.actual.kind())
        && (when.comparison.is_empty() || row.target.comparison().is_some_and(|found| when.comparison.contains(&found)))
        && asks(&when.meeting, &row.meeting.met)
        && asks(&when.direction, &row.meeting.direction)
        && (when.tier.is_empty() || tier.is_some_and(|tier| when.tier.iter().any(|known| known == tier)))
        && when.comparable.is_none_or(|wanted| wanted == comparable)
}
