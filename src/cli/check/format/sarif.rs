//! SARIF 2.1.0, which code scanning services read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Report, Root};
use crate::diagnostic::{Diagnostic, Fix, Lang, Place, Severity};
use crate::reference::diagnostic_pages;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as one log with one run. Its rules are the codes that were told, each with its page.
pub fn sarif(report: &Report<'_>) -> String {
    let codes: BTreeSet<&str> = report.problems.iter().map(|problem| problem.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let results = report.problems.iter().map(|problem| {
        let index = codes.iter().position(|code| *code == problem.code);
        result(problem, index, report)
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "heng",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules(&codes, report),
            }},
            "language": match report.lang { Lang::Zh => "zh-CN", Lang::En => "en" },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn rules(codes: &[&str], report: &Report<'_>) -> Vec<Value> {
    let pages = diagnostic_pages(report.lang);
    let rule = |code: &&str| {
        let mut rule = json!({ "id": code });
        let worst = report.problems.iter().filter(|problem| problem.code == *code).map(|problem| problem.severity);
        if let Some(worst) = worst.max() {
            set(&mut rule, "defaultConfiguration", json!({ "level": level(worst) }));
        }
        if let Some(page) = pages.iter().find(|page| page.code == *code) {
            let first = page.text.split("\n\n").next().unwrap_or_default();
            set(&mut rule, "shortDescription", json!({ "text": first }));
            set(&mut rule, "help", json!({ "text": page.text, "markdown": page.text }));
        }
        rule
    };
    codes.iter().map(rule).collect()
}

fn result(problem: &Diagnostic, rule: Option<usize>, report: &Report<'_>) -> Value {
    let Diagnostic { code, severity, message, place, help, related, fix } = problem;
    let lang = report.lang;
    let text = help
        .as_ref()
        .map_or_else(|| message.get(lang).to_owned(), |help| format!("{}\n{}", message.get(lang), help.get(lang)));
    let mut result = json!({
        "ruleId": code,
        "ruleIndex": rule,
        "level": level(*severity),
        "message": { "text": text },
        "locations": place.iter().map(|place| json!({ "physicalLocation": physical(place, report.root) })).collect::<Vec<_>>(),
    });
    if !related.is_empty() {
        let related = (1..).zip(related).map(|(id, related): (u32, _)| {
            json!({
                "id": id,
                "message": { "text": related.message.get(lang) },
                "physicalLocation": physical(&related.place, report.root),
            })
        });
        set(&mut result, "relatedLocations", related.collect());
    }
    if let Some(fix) = fix {
        set(&mut result, "fixes", json!([repair(fix, report)]));
    }
    result
}

fn repair(fix: &Fix, report: &Report<'_>) -> Value {
    json!({
        "description": { "text": fix.sentence().get(report.lang) },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&fix.place, report.root) },
            "replacements": [{
                "deletedRegion": region(&fix.place),
                "insertedContent": { "text": fix.to },
            }],
        }],
    })
}

fn physical(place: &Place, root: &Root) -> Value {
    json!({ "artifactLocation": { "uri": uri(place, root) }, "region": region(place) })
}

fn region(place: &Place) -> Value {
    let end = place.column.saturating_add(place.length);
    json!({ "startLine": place.line, "startColumn": place.column, "endLine": place.line, "endColumn": end })
}

/// Relative to where the command ran, or `file:` for a folder that was named from the root.
fn uri(place: &Place, root: &Root) -> String {
    let path = root.shown(place);
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}
