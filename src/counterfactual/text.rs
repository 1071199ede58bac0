//! The sentences of the account.

use super::goal::Line;
use super::ledger::{Account, Cause};
use crate::diagnostic::Bilingual;
use crate::evaluation::{Adjustment, Evaluation, Score, Status};
use crate::quantity::{Exact, Points};
use crate::ruleset::{Effect, RuleSet};

/// `少 0.27 分`, or `多 2 分` where something is given back.
fn lost(points: &Exact) -> Bilingual {
    let size = points.abs();
    if points.is_negative() {
        Bilingual::new(format!("加回 {size} 分"), format!("{size} given back"))
    } else {
        Bilingual::new(format!("少 {size} 分"), format!("{size} lost"))
    }
}

fn said(line: Line, evaluation: &Evaluation, zh: &str, en: &str, points: &Exact) -> Bilingual {
    let (title, lost) = (line.title(evaluation), lost(points));
    Bilingual::new(format!("{}：{zh}，{}", title.zh, lost.zh), format!("{}: {en}; {}", title.en, lost.en))
}

/// What the method computed, without what was adjusted afterwards.
fn derivation(score: &Score) -> &str {
    let mut text = score.derivation();
    for adjustment in score.adjustments().iter().rev() {
        let part = format!("{}：{}", adjustment.title, adjustment.derivation);
        text = text.strip_suffix(part.as_str()).map_or(text, |rest| rest.strip_suffix('；').unwrap_or(rest));
    }
    text
}

pub(super) fn by_method(account: &Account<'_>, cause: Cause, points: &Exact, allowed: Points) -> Bilingual {
    let Account { evaluation, line, score, .. } = *account;
    let row = match line {
        Line::Row(index) => evaluation.indicators.get(index),
        Line::Execution | Line::Form => None,
    };
    let shown = derivation(score);
    let method = score.method_title();
    let possible = score.possible.unwrap_or(Points::ZERO);
    let (zh, en) = match cause {
        Cause::NotApplicable => (
            format!("不计分，表上却有分值 {possible}"),
            format!("it takes no part, yet the form gives it {possible} points"),
        ),
        Cause::Statement => (format!("表上的分值是 {possible}"), format!("the form gives it {possible} points")),
        Cause::Tier => (
            format!("{method}：{shown}，最多 {allowed}"),
            format!("left to judgement ({method}): {shown}, {allowed} at most"),
        ),
        _ => {
            let reason = row.map_or_else(Bilingual::default, |row| row.reason());
            let before = |text: &str, comma: &str| {
                if text.is_empty() { String::new() } else { format!("{}{comma}", text.trim_end_matches(['。', '.'])) }
            };
            (
                format!("{}{method}：{shown}", before(&reason.zh, "；")),
                format!("{}{method}: {shown}", before(&reason.en, "; ")),
            )
        }
    };
    said(line, evaluation, &zh, &en, points)
}

pub(super) fn adjusted(evaluation: &Evaluation, line: Line, adjustment: &Adjustment, points: &Exact) -> Bilingual {
    let Adjustment { title, derivation, .. } = adjustment;
    said(line, evaluation, &format!("{title}：{derivation}"), &format!("{title}: {derivation}"), points)
}

pub(super) fn by_award(account: &Account<'_>, cause: Cause, points: &Exact) -> Bilingual {
    let Account { evaluation, line, score, .. } = *account;
    let (floor, ceiling, awarded) = (score.floor, score.ceiling, score.awarded);
    let claimed = score.claimed.map_or_else(|| "—".to_owned(), |claimed| claimed.to_string());
    let (zh, en) = match cause {
        Cause::Claim => (
            format!("自评 {claimed} 分，低于核算上限 {ceiling} 分，按自评认定"),
            format!("{claimed} points are claimed where {ceiling} are allowed, and the claim is given"),
        ),
        Cause::Judgement => (
            format!("由人在 {floor} – {ceiling} 分之间评判，只认定有把握的 {awarded} 分"),
            format!("judged between {floor} and {ceiling} points, of which {awarded} are certain"),
        ),
        Cause::NotCovered => ("规则不适用于这张表，不给分".to_owned(), "the rules are not for this form".to_owned()),
        _ => (
            format!("更正之前不给分（核算上限 {ceiling} 分，认定 {awarded} 分）"),
            format!("nothing more until the form is corrected ({ceiling} points allowed, {awarded} awarded)"),
        ),
    };
    said(line, evaluation, &zh, &en, points)
}

/// Why the form has no grade, each reason a sentence; nothing where it has one.
pub(super) fn no_grade(rules: &RuleSet, evaluation: &Evaluation) -> Vec<Bilingual> {
    if evaluation.grade.is_some() {
        return Vec::new();
    }
    let mut reasons: Vec<Bilingual> = Vec::new();
    let denies = |code: &str| {
        rules.coverage.iter().any(|check| check.code == code)
            || rules.checks.iter().any(|check| check.code == code && check.effect == Some(Effect::NoGrade))
    };
    reasons.extend(evaluation.findings.iter().filter(|found| denies(&found.code)).map(|found| found.message.clone()));
    if !reasons.is_empty() {
        return reasons;
    }
    let rows = (0..evaluation.indicators.len()).map(Line::Row);
    for line in std::iter::once(Line::Execution).chain(rows) {
        let Some(score) = line.score(evaluation) else { continue };
        let title = line.title(evaluation);
        let (zh, en) = match score.status {
            Status::Failed => ("规则执行失败", "its rule failed"),
            Status::NeedsReview if score.possible.is_none() => ("没有分值，须先定", "it has no points possible"),
            Status::NeedsReview if score.claimed.is_none() => ("没有自评得分，须人工先定", "nobody has scored it yet"),
            _ => continue,
        };
        reasons.push(Bilingual::new(format!("{}{zh}", title.zh), format!("{}: {en}", title.en)));
    }
    if reasons.is_empty() && !evaluation.complete {
        reasons.push(Bilingual::new("总分的调整执行失败", "an adjustment of the total failed"));
    }
    if reasons.is_empty() {
        let awarded = evaluation.points.awarded;
        reasons.push(Bilingual::new(
            format!("认定的 {awarded} 分不落在任何等级里"),
            format!("the {awarded} points awarded fall into no grade"),
        ));
    }
    reasons
}
