//! What came of trying rules: cases, claims and impacts as the service shows them.

use super::rule_pack::{diagnostic, place};
use crate::impact::{Excess, FormImpact, Impact, RowImpact, RowSide, Side, Standing};
use crate::proof::{Claim, Verdict};
use crate::regress::{CaseResult, Difference, Outcome};
use crate::wire::pb::v1 as pb;
use crate::wire::stored::{Activation, Origin};

pub fn case_result(result: &CaseResult) -> pb::RuleCaseResult {
    let CaseResult { pack, name, place: stands, outcome } = result;
    let (word, differences, diagnostics) = match outcome {
        Outcome::Passed => (pb::RuleCaseOutcome::Passed, Vec::new(), Vec::new()),
        Outcome::Failed(found) => (pb::RuleCaseOutcome::Failed, found.iter().map(difference).collect(), Vec::new()),
        Outcome::Broken(found) => (pb::RuleCaseOutcome::Broken, Vec::new(), found.iter().map(diagnostic).collect()),
    };
    pb::RuleCaseResult {
        rule_pack: pack.clone(),
        name: name.clone(),
        place: Some(place(stands)),
        outcome: word.into(),
        differences,
        diagnostics,
    }
}

fn difference(difference: &Difference) -> pb::RuleCaseDifference {
    let Difference { path, want, got, delta: _, derivation, rule, place: _, wanted: _ } = difference;
    pb::RuleCaseDifference {
        path: path.clone(),
        want: want.clone(),
        got: got.clone(),
        derivation: derivation.clone(),
        rule: rule.clone(),
    }
}

pub fn claim(claim: &Claim) -> pb::RuleClaim {
    let Claim { property, rule, entry, place: stands, verdict, stepwise: _ } = claim;
    let word = match verdict {
        Verdict::Proven => pb::RuleClaimVerdict::Proven,
        Verdict::Refuted(_) | Verdict::Dead(_) => pb::RuleClaimVerdict::Refuted,
        Verdict::Intended => pb::RuleClaimVerdict::Intended,
        Verdict::NotProven(_) => pb::RuleClaimVerdict::NotProven,
    };
    let title = property.title();
    pb::RuleClaim {
        property: property.name().to_owned(),
        title: title.zh,
        title_en: title.en,
        rule: rule.clone(),
        entry: entry.clone(),
        place: Some(place(stands)),
        verdict: word.into(),
    }
}

pub fn impact(impact: &Impact) -> pb::RuleImpact {
    let moves = impact.grades.counts().filter(|(from, to, _)| from != to);
    pb::RuleImpact {
        form_count: count(impact.forms),
        changed_count: count(impact.changed),
        largest_loss: impact.deltas.largest_loss().to_string(),
        largest_gain: impact.deltas.largest_gain().to_string(),
        grade_drop_count: count(impact.grades.drops()),
        grade_moves: moves.map(|(from, to, forms)| grade_move(from, to, forms)).collect(),
        forms: impact.top.iter().map(form_impact).collect(),
    }
}

fn grade_move(from: &Standing, to: &Standing, forms: usize) -> pb::RuleGradeMove {
    let title = |standing: &Standing| match standing {
        Standing::Graded { title, id: _ } => title.clone(),
        Standing::Ungraded | Standing::NoRules => String::new(),
    };
    pb::RuleGradeMove { from: title(from), to: title(to), form_count: count(forms) }
}

fn form_impact(form: &FormImpact) -> pb::RuleFormImpact {
    let FormImpact { label, project_code, project_name, fiscal_year: _, old, new, grade: _, rows, findings: _ } = form;
    let points = |side: &Side| side.scored().map(|side| side.points.awarded.to_string()).unwrap_or_default();
    let grade =
        |side: &Side| side.scored().and_then(|side| Some(side.grade.as_ref()?.title.clone())).unwrap_or_default();
    pb::RuleFormImpact {
        evaluation: label.clone(),
        project_code: project_code.clone(),
        project_name: project_name.clone(),
        points_from: points(old),
        points_to: points(new),
        grade_from: grade(old),
        grade_to: grade(new),
        rows: rows.iter().map(row_impact).collect(),
    }
}

fn row_impact(row: &RowImpact) -> pb::RuleRowImpact {
    let RowImpact { field, dimension: _, category: _, name, old, new } = row;
    let points = |side: &Option<RowSide>| side.as_ref().map(|side| side.awarded.to_string()).unwrap_or_default();
    let derivation = |side: &Option<RowSide>| side.as_ref().map(|side| side.derivation.clone()).unwrap_or_default();
    pb::RuleRowImpact {
        field: field.clone(),
        name: name.clone(),
        points_from: points(old),
        points_to: points(new),
        derivation_from: derivation(old),
        derivation_to: derivation(new),
    }
}

pub fn excess(excess: &Excess) -> pb::RuleExcess {
    let Excess { limit, allowed, found } = excess;
    let message = excess.message();
    // The wire says what is counted.
    let limit = if *limit == "max_changed" { "max_forms_changed" } else { limit };
    pb::RuleExcess {
        limit: limit.to_owned(),
        allowed: allowed.clone(),
        found: found.clone(),
        message: message.zh,
        message_en: message.en,
    }
}

/// An activation under the id of its record.
pub fn activation(id: &str, activation: &Activation) -> pb::RulePackActivation {
    let Activation {
        rule_pack: _,
        from_revision,
        to_revision,
        folder_revision: _,
        engine_semantics: _,
        origin,
        author,
        reason,
        activated_at,
    } = activation;
    let origin = match origin {
        Origin::Folder => pb::RulePackActivationOrigin::Folder,
        Origin::Request => pb::RulePackActivationOrigin::Request,
        Origin::Engine => pb::RulePackActivationOrigin::Engine,
    };
    pb::RulePackActivation {
        id: id.to_owned(),
        from_revision: from_revision.clone(),
        to_revision: to_revision.clone(),
        origin: origin.into(),
        author: author.clone(),
        reason: reason.clone(),
        activated_at: Some(super::timestamp(*activated_at)),
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
