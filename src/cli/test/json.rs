//! Results for tools: one case a line, and a last line of counts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::titles;
use crate::diagnostic::{Diagnostic, Lang, Place, render};
use crate::regress::{CaseResult, Coverage, Difference, GROUPS, Outcome};

pub fn case(result: &CaseResult, lang: Lang) -> String {
    let (outcome, differences, problems): (_, &[Difference], &[Diagnostic]) = match &result.outcome {
        Outcome::Passed => ("passed", &[], &[]),
        Outcome::Failed(differences) => ("failed", differences, &[]),
        Outcome::Broken(problems) => ("broken", &[], problems),
    };
    let line = CaseJson {
        pack: &result.pack,
        case: &result.name,
        outcome,
        place: PlaceJson::of(&result.place),
        differences: differences.iter().map(DifferenceJson::of).collect(),
        diagnostics: problems
            .iter()
            .filter_map(|problem| serde_json::from_str(&render::json_line(problem, lang)).ok())
            .collect(),
    };
    serde_json::to_string(&line).unwrap_or_default()
}

#[derive(Serialize)]
struct CaseJson<'a> {
    pack: &'a str,
    case: &'a str,
    outcome: &'a str,
    place: PlaceJson<'a>,
    differences: Vec<DifferenceJson<'a>>,
    diagnostics: Vec<serde_json::Value>,
}

#[derive(Serialize)]
pub struct DifferenceJson<'a> {
    path: &'a str,
    want: &'a str,
    got: &'a str,
    /// Got − wanted.
    delta: Option<String>,
    derivation: &'a str,
    rule: &'a str,
    place: PlaceJson<'a>,
}

impl<'a> DifferenceJson<'a> {
    pub fn of(difference: &'a Difference) -> Self {
        let Difference { path, want, got, delta, derivation, rule, place, .. } = difference;
        let delta = delta.as_ref().map(ToString::to_string);
        DifferenceJson { path, want, got, delta, derivation, rule, place: PlaceJson::of(place) }
    }
}

#[derive(Serialize)]
pub struct PlaceJson<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

impl<'a> PlaceJson<'a> {
    pub fn of(place: &'a Place) -> Self {
        PlaceJson { file: &place.file, line: place.line, column: place.column }
    }
}

/// The last line.
#[derive(Serialize)]
pub struct Total<'a> {
    pub passed: usize,
    pub failed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<BTreeMap<&'static str, [usize; 2]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncovered: Option<Vec<Uncovered<'a>>>,
    /// Changed scores that nobody decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<usize>,
}

impl Total<'_> {
    pub fn of(passed: usize, failed: usize) -> Self {
        Total { passed, failed, coverage: None, uncovered: None, pending: None }
    }
}

/// Something that no case reached.
#[derive(Serialize)]
pub struct Uncovered<'a> {
    pack: &'a str,
    kind: &'static str,
    section: &'static str,
    id: &'a str,
    place: PlaceJson<'a>,
    what: Vec<String>,
}

/// Reached and all of every kind, over all packs.
pub fn counts(coverage: &Coverage) -> BTreeMap<&'static str, [usize; 2]> {
    GROUPS.iter().map(|(kind, name)| (*name, coverage.count(*kind).into())).collect()
}

pub fn uncovered(coverage: &Coverage, lang: Lang) -> Vec<Uncovered<'_>> {
    let name = |kind| GROUPS.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| *name);
    let each = coverage.packs.iter().flat_map(|pack| pack.missing.iter().map(move |missing| (pack, missing)));
    each.map(|(pack, missing)| Uncovered {
        pack: &pack.pack,
        kind: name(missing.item.kind),
        section: missing.item.section,
        id: &missing.item.id,
        place: PlaceJson::of(&missing.item.place),
        what: missing.ways.iter().map(|way| titles::unseen(*way, lang)).collect(),
    })
    .collect()
}
