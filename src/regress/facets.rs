//! An evaluation as flat facets: `indicators[5].pointsCeiling` → `7.73`.
//!
//! These are the names of the JSON answer; a case may ask for any of them.

use std::collections::BTreeMap;

use crate::evaluation::{Adjustment, Evaluation, IndicatorResult, Score};
use crate::quantity::Points;
use crate::reading::Reading;

/// Path → printed value; `None` where the answer has nothing.
pub(super) type Facets = BTreeMap<String, Option<String>>;

/// The names of all that a case may ask of an evaluation, as it writes them: `indicators[0].target.unit`.
pub fn result_names(evaluation: &Evaluation) -> Vec<String> {
    facets(evaluation).into_keys().collect()
}

pub(super) fn facets(evaluation: &Evaluation) -> Facets {
    let mut all = Facets::new();
    let mut put = |path: &str, value: Option<String>| {
        all.insert(path.to_owned(), value);
    };
    let points = &evaluation.points;
    put("rulePack", Some(evaluation.rule_pack.clone()));
    put("complete", Some(evaluation.complete.to_string()));
    put("adjustments", applied(&evaluation.adjustments));
    put("grade", evaluation.grade.as_ref().map(|grade| grade.id.clone()));
    put("points.possible", Some(points.possible.to_string()));
    put("points.claimed", points.claimed.map(|points| points.to_string()));
    put("points.floor", Some(points.floor.to_string()));
    put("points.ceiling", Some(points.ceiling.to_string()));
    put("points.awarded", Some(points.awarded.to_string()));
    let execution = evaluation.execution.as_ref();
    put("execution.rate", execution.and_then(|result| result.rate.as_ref()).map(ToString::to_string));
    match execution {
        Some(result) => score_facets("execution", &result.score, &mut all),
        None => nothing_scored("execution", &mut all),
    }
    for row in &evaluation.indicators {
        row_facets(row, &mut all);
    }
    all
}

const SCORE: [&str; 9] = [
    "status",
    "pointsPossible",
    "pointsClaimed",
    "pointsFloor",
    "pointsCeiling",
    "pointsAwarded",
    "method",
    "derivation",
    "adjustments",
];

fn score_facets(prefix: &str, score: &Score, all: &mut Facets) {
    let points = |points: Option<Points>| points.map(|points| points.to_string());
    let values = [
        Some(score.status.name().to_owned()),
        points(score.possible),
        points(score.claimed),
        points(Some(score.floor)),
        points(Some(score.ceiling)),
        points(Some(score.awarded)),
        Some(score.method().to_owned()),
        Some(score.derivation().to_owned()),
        applied(score.adjustments()),
    ];
    all.extend(SCORE.into_iter().zip(values).map(|(name, value)| (format!("{prefix}.{name}"), value)));
}

/// The ids of what applied, in order; nothing where nothing did.
fn applied(adjustments: &[Adjustment]) -> Option<String> {
    let ids = adjustments.iter().map(|one| one.rule.strip_prefix("adjustments.").unwrap_or(&one.rule));
    let ids: Vec<&str> = ids.collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

fn nothing_scored(prefix: &str, all: &mut Facets) {
    all.extend(SCORE.into_iter().map(|name| (format!("{prefix}.{name}"), None)));
}

fn row_facets(row: &IndicatorResult, all: &mut Facets) {
    let prefix = row.field();
    let prefix = prefix.as_str();
    score_facets(prefix, &row.score, all);
    let texts = [
        ("met", row.met().name()),
        ("dimension", row.dimension.as_str()),
        ("category", row.category.as_str()),
        ("name", row.name.as_str()),
    ];
    all.extend(texts.into_iter().map(|(name, text)| (format!("{prefix}.{name}"), Some(text.to_owned()))));
    reading_facets(&format!("{prefix}.target"), &row.target, all);
    reading_facets(&format!("{prefix}.actual"), &row.actual, all);
}

pub(super) fn reading_facets(prefix: &str, reading: &Reading, all: &mut Facets) {
    let values = [
        ("text", Some(reading.text.to_string())),
        ("kind", Some(reading.kind().name().to_owned())),
        ("comparison", reading.comparison().map(|comparison| comparison.name().to_owned())),
        ("value", reading.value().map(ToString::to_string)),
        ("low", reading.low().map(ToString::to_string)),
        ("high", reading.high().map(ToString::to_string)),
        ("unit", reading.unit().map(str::to_owned)),
        ("tier", reading.tier().map(str::to_owned)),
        ("date", reading.date().map(|date| date.to_string())),
    ];
    all.extend(values.into_iter().map(|(name, value)| (format!("{prefix}.{name}"), value)));
}
