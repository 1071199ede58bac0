//! One object for tools.

use serde_json::{Value, json};

use super::Told;
use crate::counterfactual::{Answer, Change, Goal, Loss, Standing};
use crate::diagnostic::Lang;
use crate::evaluation::Grade;
use crate::quantity::Exact;
use crate::ruleset::Citation;

pub(super) fn json(told: &Told<'_>, lang: Lang) -> Value {
    let evaluation = &told.why.evaluation;
    let points = &evaluation.points;
    let ledger = &told.why.ledger;
    json!({
        "form": told.name,
        "projectName": evaluation.project_name,
        "rulePack": evaluation.rule_pack,
        "revision": evaluation.revision,
        "evaluatedBy": told.made_by,
        "points": {
            "possible": points.possible.to_string(),
            "claimed": points.claimed.map(|points| points.to_string()),
            "floor": points.floor.to_string(),
            "ceiling": points.ceiling.to_string(),
            "awarded": points.awarded.to_string(),
        },
        "grade": grade(evaluation.grade.as_ref()),
        "noGrade": told.why.no_grade.iter().map(|reason| reason.get(lang)).collect::<Vec<_>>(),
        "lost": ledger.sum().to_string(),
        "ledger": ledger.losses.iter().map(|one| loss(one, lang)).collect::<Vec<_>>(),
        "goals": told.why.answers.iter().map(|one| answer(told, one, lang)).collect::<Vec<_>>(),
    })
}

fn grade(grade: Option<&Grade>) -> Value {
    grade.map_or(Value::Null, |grade| json!({"id": grade.id, "title": grade.title}))
}

fn loss(loss: &Loss, lang: Lang) -> Value {
    json!({
        "field": loss.line.field(),
        "points": loss.points.to_string(),
        "cause": loss.cause.name(),
        "message": loss.sentence.get(lang),
        "rule": loss.rule,
        "place": loss.place,
        "citation": loss.citation.as_ref().map(citation),
    })
}

fn citation(citation: &Citation) -> Value {
    json!({
        "source": citation.source, "document": citation.document, "title": citation.title,
        "article": citation.article, "basis": citation.basis.name(), "verified": citation.verified,
    })
}

fn answer(told: &Told<'_>, answer: &Answer, lang: Lang) -> Value {
    let goal = match &answer.goal {
        Goal::Grade(id) => json!({"grade": id}),
        Goal::Points(points) => json!({"points": points.to_string()}),
        Goal::Full(line) => json!({"full": line.field()}),
    };
    json!({
        "goal": goal,
        "title": answer.goal.title(told.rules, &told.why.evaluation).get(lang),
        "reached": answer.is_reached,
        "gap": answer.gap.as_ref().map(ToString::to_string),
        "changes": answer.changes.iter().map(|one| change(one, lang)).collect::<Vec<_>>(),
        "together": answer.together.iter().map(|one| change(one, lang)).collect::<Vec<_>>(),
        "atMost": answer.at_most.as_ref().map(standing),
    })
}

fn standing(standing: &Standing) -> Value {
    json!({"pointsAwarded": standing.awarded.to_string(), "grade": grade(standing.grade.as_ref())})
}

fn change(change: &Change, lang: Lang) -> Value {
    let short = change.short.as_ref();
    json!({
        "field": change.field,
        "title": change.title.get(lang),
        "old": change.old,
        "new": change.new,
        "by": change.by.as_ref().map(Exact::to_string),
        "then": standing(&change.then),
        "oneStepLess": short.map(|(value, awarded)| json!({"new": value, "pointsAwarded": awarded.to_string()})),
    })
}
