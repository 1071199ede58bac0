//! Where the points between possible and awarded went: an account that closes.

use super::goal::Line;
use super::text;
use crate::diagnostic::Bilingual;
use crate::evaluation::{Adjustment, Evaluation, Score, Status};
use crate::pack::Award;
use crate::quantity::{Exact, Points};
use crate::ruleset::{Citation, MethodKind, Outcome, RuleSet};

/// Why points are not awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The formula gives less than is possible.
    Method,
    /// What is left to judgement ends below what is possible.
    Tier,
    /// The row takes no part, and has points all the same.
    NotApplicable,
    /// A deduction, a cap or the like of the line, or of the whole form.
    Adjustment,
    /// The form claims less than the rules allow.
    Claim,
    /// The rules give what is certain, and the rest is left to judgement.
    Judgement,
    /// The rules give nothing until the form is corrected.
    Withheld,
    /// The rules are not for this form.
    NotCovered,
    /// The row states negative points, or sums go beyond what can be added.
    Statement,
}

impl Cause {
    pub const ALL: [Cause; 9] = [
        Cause::Method,
        Cause::Tier,
        Cause::NotApplicable,
        Cause::Adjustment,
        Cause::Claim,
        Cause::Judgement,
        Cause::Withheld,
        Cause::NotCovered,
        Cause::Statement,
    ];

    /// `snake_case`, for tools.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Method => "method",
            Cause::Tier => "tier",
            Cause::NotApplicable => "not_applicable",
            Cause::Adjustment => "adjustment",
            Cause::Claim => "claim",
            Cause::Judgement => "judgement",
            Cause::Withheld => "withheld",
            Cause::NotCovered => "not_covered",
            Cause::Statement => "statement",
        }
    }

    pub fn title(self) -> Bilingual {
        match self {
            Cause::Method => Bilingual::new("按公式得分低于分值", "the formula gives less"),
            Cause::Tier => Bilingual::new("评判区间低于分值", "judgement ends below"),
            Cause::NotApplicable => Bilingual::new("不适用却占分值", "not applicable, with points"),
            Cause::Adjustment => Bilingual::new("扣分或封顶", "deduction or cap"),
            Cause::Claim => Bilingual::new("自评低于核算上限", "less was claimed than is allowed"),
            Cause::Judgement => Bilingual::new("只认定有把握的部分", "only what is certain is given"),
            Cause::Withheld => Bilingual::new("更正之前不给分", "withheld until corrected"),
            Cause::NotCovered => Bilingual::new("规则不适用于这张表", "the rules are not for this form"),
            Cause::Statement => Bilingual::new("表上所填的分值", "what the form states"),
        }
    }
}

/// Points that were not awarded.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    pub line: Line,
    /// How many; below zero where something was given back.
    pub points: Exact,
    pub cause: Cause,
    pub sentence: Bilingual,
    /// `methods.proportional`, `adjustments.execution_cap`, or `award` for the pack's way to award; empty where none.
    pub rule: String,
    /// `mof-2020/methods.yaml:12:3`
    pub place: String,
    pub citation: Option<Citation>,
}

/// The account: possible − awarded is the sum of the losses, to the last digit.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    pub possible: Points,
    pub awarded: Points,
    /// In the order of the form, the whole form last.
    pub losses: Vec<Loss>,
}

impl Ledger {
    /// Accounts for an evaluation by the rules that made it.
    pub fn of(rules: &RuleSet, evaluation: &Evaluation) -> Self {
        let mut losses = Vec::new();
        let rows = (0..evaluation.indicators.len()).map(Line::Row);
        for line in std::iter::once(Line::Execution).chain(rows) {
            if let Some(score) = line.score(evaluation) {
                of_line(&Account { rules, evaluation, line, score }, &mut losses);
            }
        }
        for adjustment in &evaluation.adjustments {
            let points = match (adjustment.before.awarded, adjustment.after.awarded) {
                (Some(before), Some(after)) => difference(before, after),
                _ => Exact::ZERO,
            };
            let place = evaluation.trace.iter().find(|step| step.rule == adjustment.rule);
            let place = place.map_or_else(String::new, |step| step.place.clone());
            push(&mut losses, adjusted(evaluation, Line::Form, adjustment, place, points));
        }
        let (possible, awarded) = (evaluation.points.possible, evaluation.points.awarded);
        let mut ledger = Ledger { possible, awarded, losses };
        // Totals that nobody can add are zero.
        let rest = difference(possible, awarded).sub(&ledger.sum()).unwrap_or(Exact::ZERO);
        let sentence = Bilingual::new("分值的合计超出可以相加的范围", "the points go beyond what can be added");
        push(&mut ledger.losses, plain(Line::Form, rest, Cause::Statement, sentence));
        ledger
    }

    /// What all losses come to.
    pub fn sum(&self) -> Exact {
        let add = |sum: Exact, loss: &Loss| sum.add(&loss.points).unwrap_or(sum);
        self.losses.iter().fold(Exact::ZERO, add)
    }
}

fn difference(one: Points, other: Points) -> Exact {
    one.to_exact().sub(&other.to_exact()).unwrap_or(Exact::ZERO)
}

fn push(losses: &mut Vec<Loss>, loss: Loss) {
    if !loss.points.is_zero() {
        losses.push(loss);
    }
}

fn plain(line: Line, points: Exact, cause: Cause, sentence: Bilingual) -> Loss {
    Loss { line, points, cause, sentence, rule: String::new(), place: String::new(), citation: None }
}

/// One line and its score.
pub(super) struct Account<'a> {
    pub rules: &'a RuleSet,
    pub evaluation: &'a Evaluation,
    pub line: Line,
    pub score: &'a Score,
}

/// From possible to what the method allows, through the adjustments, to what is awarded.
fn of_line(account: &Account<'_>, losses: &mut Vec<Loss>) {
    let Account { rules, evaluation, line, score } = *account;
    let possible = score.possible.unwrap_or(Points::ZERO);
    let allowed = score.adjustments().first().map_or(score.ceiling, |first| first.before.ceiling);
    push(losses, by_method(account, difference(possible, allowed), allowed));
    for adjustment in score.adjustments() {
        let place = score.trace().iter().find(|step| step.rule == adjustment.rule);
        let place = place.map_or_else(String::new, |step| step.place.clone());
        let points = difference(adjustment.before.ceiling, adjustment.after.ceiling);
        push(losses, adjusted(evaluation, line, adjustment, place, points));
    }
    push(losses, by_award(account, difference(score.ceiling, score.awarded), rules.award));
}

/// What the method leaves of the points possible.
fn by_method(account: &Account<'_>, points: Exact, allowed: Points) -> Loss {
    let Account { rules, line, score, .. } = *account;
    let method = rules.methods.iter().find(|method| method.id == score.method());
    let by_words = method.is_some_and(|method| !matches!(method.kind, MethodKind::Formula(_)));
    let cause = match score.status {
        _ if score.possible.is_some_and(Points::is_negative) => Cause::Statement,
        Status::NotApplicable => Cause::NotApplicable,
        _ if by_words => Cause::Tier,
        _ => Cause::Method,
    };
    let wanted = format!("methods.{}", score.method());
    let entry = score.trace().iter().find(|step| step.rule.starts_with("scoring."));
    let step = score.trace().iter().find(|step| step.rule == wanted).or(entry);
    Loss {
        sentence: text::by_method(account, cause, &points, allowed),
        rule: step.map_or_else(String::new, |step| step.rule.clone()),
        place: step.map_or_else(String::new, |step| step.place.clone()),
        citation: score.citation().cloned(),
        ..plain(line, points, cause, Bilingual::default())
    }
}

fn adjusted(evaluation: &Evaluation, line: Line, adjustment: &Adjustment, place: String, points: Exact) -> Loss {
    Loss {
        sentence: text::adjusted(evaluation, line, adjustment, &points),
        rule: adjustment.rule.clone(),
        place,
        citation: adjustment.citation.clone(),
        ..plain(line, points, Cause::Adjustment, Bilingual::default())
    }
}

/// Whether the entry that the line came to gives nothing until the form is corrected.
fn is_unscored(account: &Account<'_>) -> bool {
    let entries = if account.line == Line::Execution { &account.rules.execution } else { &account.rules.scoring };
    let reached = account.score.trace().iter().find_map(|step| step.rule.strip_prefix("scoring."));
    entries.iter().any(|entry| Some(entry.id.as_str()) == reached && entry.outcome == Outcome::Unscored)
}

/// What is allowed and not given.
fn by_award(account: &Account<'_>, points: Exact, award: Award) -> Loss {
    let Account { rules, line, score, .. } = *account;
    let is_covered = !score.trace().iter().any(|step| step.rule.starts_with("coverage."));
    let decimals = rules.decimals(account.evaluation.fiscal_year);
    let fixed = |claimed: Points| Points::fix_to(&claimed.to_exact(), decimals).min(score.ceiling).max(Points::ZERO);
    let is_claim = score.claimed.is_some_and(|claimed| fixed(claimed) == score.awarded);
    let cause = match award {
        _ if !is_covered => Cause::NotCovered,
        _ if is_unscored(account) => Cause::Withheld,
        Award::Floor if score.awarded == score.floor => Cause::Judgement,
        Award::ClaimWithinCeiling if is_claim => Cause::Claim,
        _ => Cause::Withheld,
    };
    let by_rule = matches!(cause, Cause::NotCovered | Cause::Withheld);
    let step = score.trace().iter().rfind(|_| by_rule);
    Loss {
        sentence: text::by_award(account, cause, &points),
        rule: step.map_or_else(|| "award".to_owned(), |step| step.rule.clone()),
        place: step.map_or_else(|| format!("{}/pack.yaml", rules.id), |step| step.place.clone()),
        citation: score.citation().cloned().filter(|_| by_rule),
        ..plain(line, points, cause, Bilingual::default())
    }
}
