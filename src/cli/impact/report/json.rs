//! One object for tools.

use serde_json::{Value, json};

use crate::cli::impact::Told;
use crate::diagnostic::{Lang, Place};
use crate::impact::{
    Change, Detail, FormImpact, GradeMove, Impact, RowImpact, RowSide, RowTally, RuleDifference, Side, Standing, What,
};

/// The most indicators and scoring entries that are listed.
const MOST_LISTED: usize = 1000;

pub fn json(told: &Told<'_>, lang: Lang) -> Value {
    let rules: Vec<Value> = told.rules.iter().map(|rule| rule_json(rule, lang)).collect();
    let mut object = json!({"from": told.from, "to": told.to, "rules": rules});
    if let (Some(impact), Some(fields)) = (&told.impact, object.as_object_mut()) {
        let exceeded = told.budget.exceeded_by(impact).into_iter().map(|excess| {
            json!({
                "limit": excess.limit,
                "allowed": excess.allowed,
                "found": excess.found,
                "message": excess.message().get(lang),
            })
        });
        fields.insert("forms".to_owned(), json!(impact.forms));
        fields.insert("changed".to_owned(), json!(impact.changed));
        fields.insert("refused".to_owned(), json!(told.refused));
        fields.insert("repeated".to_owned(), json!(told.repeated));
        fields.insert("changes".to_owned(), changes(impact));
        fields.insert("points".to_owned(), points(impact));
        fields.insert("grades".to_owned(), grades(impact));
        fields.insert("byCategory".to_owned(), by_category(impact));
        fields.insert("byIndicator".to_owned(), by_indicator(impact));
        fields.insert("byEntry".to_owned(), by_entry(impact));
        fields.insert("findings".to_owned(), findings(impact));
        fields.insert("top".to_owned(), impact.top.iter().map(form).collect());
        fields.insert("exceeded".to_owned(), exceeded.collect());
    }
    object
}

fn rule_json(rule: &RuleDifference, lang: Lang) -> Value {
    let RuleDifference { packs, section, id, title, fate, details, old, new } = rule;
    json!({
        "packs": packs, "section": section, "id": id, "title": title, "fate": fate.name(),
        "old": old.as_ref().map(place), "new": new.as_ref().map(place),
        "details": details.iter().map(|detail| detail_json(detail, lang)).collect::<Vec<_>>(),
    })
}

fn detail_json(detail: &Detail, lang: Lang) -> Value {
    let Detail { what, old, new, old_place, new_place } = detail;
    let (kind, at) = match what {
        What::Cell(path) => ("cell", json!(path)),
        What::Word(path) => ("word", json!(path)),
        What::Years { from, to } => ("years", json!({"from": from, "to": to})),
        What::Stretch(stretch) => ("stretch", json!(stretch)),
        What::Piece { over, stretch, since } => {
            ("piece", json!({"over": over.get(lang), "stretch": stretch, "since": since}))
        }
        What::Line => ("line", Value::Null),
        What::Order => ("order", Value::Null),
    };
    json!({
        "kind": kind, "at": at, "old": old, "new": new,
        "oldPlace": old_place.as_ref().map(place), "newPlace": new_place.as_ref().map(place),
    })
}

fn place(place: &Place) -> Value {
    json!({"file": &*place.file, "line": place.line, "column": place.column})
}

fn changes(impact: &Impact) -> Value {
    let all = Change::ALL.iter();
    all.map(|change| (change.name().to_owned(), json!(impact.changes.get(change).copied().unwrap_or(0)))).collect()
}

fn points(impact: &Impact) -> Value {
    let deltas = &impact.deltas;
    let bins = deltas.histogram().into_iter().map(|bin| {
        // From the lower end to the higher.
        let (from, to) = if bin.sign < 0 { (bin.far, Some(bin.near)) } else { (Some(bin.near), bin.far) };
        json!({"from": from, "to": to, "forms": bin.forms})
    });
    json!({
        "sum": deltas.sum().to_string(),
        "largestLoss": deltas.largest_loss().to_string(),
        "largestGain": deltas.largest_gain().to_string(),
        "histogram": bins.collect::<Vec<_>>(),
    })
}

fn grades(impact: &Impact) -> Value {
    let standing = |standing: &Standing| match standing {
        Standing::Graded { id, title } => json!({"id": id, "title": title}),
        Standing::Ungraded => Value::Null,
        Standing::NoRules => json!({"noRules": true}),
    };
    let counts = impact.grades.counts();
    let migration = counts.map(|(old, new, forms)| json!({"old": standing(old), "new": standing(new), "forms": forms}));
    let moves = |which| impact.grades.moves(which);
    json!({
        "down": moves(GradeMove::Down), "up": moves(GradeMove::Up),
        "lost": moves(GradeMove::Lost), "gained": moves(GradeMove::Gained),
        "drops": impact.grades.drops(),
        "migration": migration.collect::<Vec<_>>(),
    })
}

fn with_tally(mut object: Value, tally: &RowTally) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert("changed".to_owned(), json!(tally.changed));
        fields.insert("otherwise".to_owned(), json!(tally.otherwise));
        fields.insert("sum".to_owned(), json!(tally.deltas.sum().to_string()));
        fields.insert("largestLoss".to_owned(), json!(tally.deltas.largest_loss().to_string()));
        fields.insert("largestGain".to_owned(), json!(tally.deltas.largest_gain().to_string()));
    }
    object
}

fn by_category(impact: &Impact) -> Value {
    let all = impact.rows.by_category.iter();
    all.map(|((dimension, category), tally)| with_tally(json!({"dimension": dimension, "category": category}), tally))
        .collect()
}

fn by_indicator(impact: &Impact) -> Value {
    let mut all: Vec<_> = impact.rows.by_name.iter().collect();
    all.sort_by(|(one, a), (other, b)| b.changed.cmp(&a.changed).then_with(|| one.cmp(other)));
    all.into_iter().take(MOST_LISTED).map(|(name, tally)| with_tally(json!({"name": name}), tally)).collect()
}

fn by_entry(impact: &Impact) -> Value {
    let all = impact.rows.by_entry.iter().take(MOST_LISTED);
    all.map(|((old, new), tally)| with_tally(json!({"old": old, "new": new}), tally)).collect()
}

fn findings(impact: &Impact) -> Value {
    let all = impact.findings.iter();
    all.map(|(code, tally)| {
        let severity = tally.severity.map(crate::diagnostic::Severity::name);
        json!({"code": code, "severity": severity, "appear": tally.appear, "vanish": tally.vanish})
    })
    .collect()
}

fn form(form: &FormImpact) -> Value {
    json!({
        "form": form.label,
        "projectCode": form.project_code,
        "projectName": form.project_name,
        "fiscalYear": form.fiscal_year,
        "delta": form.delta().map(|delta| delta.to_string()),
        "old": side(&form.old),
        "new": side(&form.new),
        "rows": form.rows.iter().map(row).collect::<Vec<_>>(),
        "findings": form.findings.iter().map(|finding| json!({
            "code": finding.code, "field": finding.field, "severity": finding.severity.name(),
            "appears": finding.appears,
        })).collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    let Some(scored) = side.scored() else { return Value::Null };
    let points = &scored.points;
    json!({
        "rulePack": scored.rule_pack,
        "revision": scored.revision,
        "points": {
            "possible": points.possible.to_string(),
            "claimed": points.claimed.map(|points| points.to_string()),
            "floor": points.floor.to_string(),
            "ceiling": points.ceiling.to_string(),
            "awarded": points.awarded.to_string(),
        },
        "grade": scored.grade.as_ref().map(|grade| json!({"id": grade.id, "title": grade.title})),
        "complete": scored.complete,
        "adjustments": scored.adjustments,
    })
}

fn row(row: &RowImpact) -> Value {
    let side = |side: &RowSide| {
        json!({
            "status": side.status.name(),
            "met": side.met.map(crate::reading::Met::name),
            "pointsFloor": side.floor.to_string(),
            "pointsCeiling": side.ceiling.to_string(),
            "pointsAwarded": side.awarded.to_string(),
            "entry": side.entry,
            "method": side.method,
            "derivation": side.derivation,
        })
    };
    json!({
        "field": row.field, "dimension": row.dimension, "category": row.category, "name": row.name,
        "delta": row.delta().to_string(),
        "old": row.old.as_ref().map(side), "new": row.new.as_ref().map(side),
    })
}
