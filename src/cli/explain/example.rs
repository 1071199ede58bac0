//! A case of the packs in which a rule does what it is there for.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use crate::cli::rule_files::Rules;
use crate::diagnostic::{Bilingual, Lang, Place};
use crate::evaluation::{Evaluation, Score};
use crate::pack::{CaseSource, PackFiles};
use crate::reference::Entry;
use crate::regress::Runner;
use crate::ruleset::RuleSet;

/// The most lines of a case that are shown.
const LINES: usize = 24;

/// The most cases that are tried for a better one than the first.
const TRIED: usize = 40;

pub struct Example {
    pub case: String,
    pub place: Place,
    /// The case as written, from its first line.
    pub fragment: String,
    /// Field, and what was said of it or how it was computed.
    pub field: String,
    pub result: Bilingual,
}

impl Example {
    pub fn json(&self, lang: Lang) -> Value {
        json!({
            "case": self.case, "file": &*self.place.file, "line": self.place.line, "fragment": self.fragment,
            "field": self.field, "result": self.result.get(lang),
        })
    }
}

/// What a case shows: a field, and what was said of it or how it was computed.
type Shown = (String, Bilingual);

/// The shortest case that shows the entry at work: first those that speak of it by its code, then those that speak
/// of the row it works on.
pub fn of(entry: &Entry, set: &RuleSet, rules: &Rules) -> Option<Example> {
    let rule = format!("{}.{}", entry.section, entry.code);
    let shown = |evaluation: &Evaluation| match entry.section {
        "checks" | "coverage" => findings(evaluation, entry),
        "methods" => scored(evaluation, |score| score.method() == entry.code),
        _ => scored(evaluation, |score| score.trace().iter().any(|step| step.rule == rule)),
    };
    if !["checks", "coverage", "methods", "scoring", "execution", "adjustments"].contains(&entry.section) {
        return None;
    }
    // Cases that name a file of their own are whole forms, too long to show what matters.
    let runner = Runner { book: &rules.book, folder: &rules.files, form_file: &|_, _| None };
    let files = rules.files.iter().find(|files| files.name == set.id)?;
    let mut found: Option<Example> = None;
    let mut tried = 0;
    let order = |case: &CaseSource| {
        let text = written(case, files);
        (!text.contains(&entry.code), text.lines().count(), text.len())
    };
    runner.evaluations(&set.id, order, |case, evaluation| {
        tried += 1;
        let fragment = written(case, files);
        let all = shown(evaluation);
        let spoken_of = all.iter().find(|(field, _)| fragment.contains(row_of(field)));
        let is_spoken_of = spoken_of.is_some();
        if let Some((field, result)) = spoken_of.or(all.first().filter(|_| found.is_none())) {
            let (case, place) = (case.name.value.clone(), case.name.place.clone());
            found = Some(Example { case, place, fragment, field: field.clone(), result: result.clone() });
        }
        let is_enough = is_spoken_of || (found.is_some() && tried >= TRIED);
        if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

/// `indicators[5].points_claimed` → `indicators[5]`
fn row_of(field: &str) -> &str {
    field.split('.').next().unwrap_or(field)
}

/// Of several checks that share a code, the one that points at the field is meant.
fn findings(evaluation: &Evaluation, entry: &Entry) -> Vec<Shown> {
    let shares_code = entry.detail("code").is_some();
    let field = entry.detail("field").and_then(|detail| detail.node.as_text()).filter(|_| shares_code);
    let found = evaluation.findings.iter().filter(|finding| finding.code == entry.called());
    let found = found.filter(|finding| field.is_none_or(|field| finding.field.ends_with(field)));
    found.map(|finding| (finding.field.clone(), finding.message.clone())).collect()
}

fn scored(evaluation: &Evaluation, is_meant: impl Fn(&Score) -> bool) -> Vec<Shown> {
    let rows = evaluation.indicators.iter().map(|row| (row.field(), &row.score));
    let execution = evaluation.execution.iter().map(|result| ("execution".to_owned(), &result.score));
    let meant = rows.chain(execution).filter(|(_, score)| is_meant(score));
    let shown = meant.map(|(field, score)| {
        let text = match score.derivation() {
            "" => format!("{} – {}", score.floor, score.ceiling),
            derivation => derivation.to_owned(),
        };
        (field, Bilingual::new(text.as_str(), text.as_str()))
    });
    shown.collect()
}

/// The case's own lines: from its dash to the line before the next one.
fn written(case: &CaseSource, files: &PackFiles) -> String {
    let place = &case.name.place;
    let Some(source) = files.source(&place.file) else { return String::new() };
    let mut lines = source.lines().skip(place.line.saturating_sub(1) as usize);
    let first = lines.next().unwrap_or_default();
    let body = lines.take_while(|line| !line.starts_with('-') && !line.starts_with('#'));
    let mut shown: Vec<&str> = [first].into_iter().chain(body).collect();
    while shown.last().is_some_and(|line| line.trim().is_empty()) {
        shown.pop();
    }
    if shown.len() > LINES {
        shown.truncate(LINES);
        shown.push("  …");
    }
    shown.join("\n")
}
