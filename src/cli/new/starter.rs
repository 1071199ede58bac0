//! The files of a starter pack.

use std::collections::BTreeMap;

use crate::cli::rules::schemas;
use crate::document::Node;
use crate::reference::{Entry, PackReference};

/// The words of the national pack: a pack that stands alone begins with all of them.
const LEXICON: &str = include_str!("../../../rules/mof-2020/lexicon.yaml");
const BLANK: &str = include_str!("starter/alone/blank.yaml");
const CHANGELOG: &str = include_str!("starter/changelog.md");

const ALONE: &[(&str, &str)] = &[
    ("pack.yaml", include_str!("starter/alone/pack.yaml")),
    ("structure.yaml", include_str!("starter/alone/structure.yaml")),
    ("parameters.yaml", include_str!("starter/alone/parameters.yaml")),
    ("methods.yaml", include_str!("starter/alone/methods.yaml")),
    ("scoring.yaml", include_str!("starter/alone/scoring.yaml")),
    ("grades.yaml", include_str!("starter/alone/grades.yaml")),
    ("checks.yaml", include_str!("starter/alone/checks.yaml")),
    ("lexicon.yaml", LEXICON),
    ("blank.yaml", BLANK),
    ("cases/first.yaml", include_str!("starter/alone/cases/first.yaml")),
    ("CHANGELOG.md", CHANGELOG),
];

const OVERLAY: &[(&str, &str)] = &[
    ("pack.yaml", include_str!("starter/overlay/pack.yaml")),
    ("structure.yaml", include_str!("starter/overlay/structure.yaml")),
    ("parameters.yaml", include_str!("starter/overlay/parameters.yaml")),
    ("methods.yaml", include_str!("starter/overlay/methods.yaml")),
    ("scoring.yaml", include_str!("starter/overlay/scoring.yaml")),
    ("grades.yaml", include_str!("starter/overlay/grades.yaml")),
    ("checks.yaml", include_str!("starter/overlay/checks.yaml")),
    ("lexicon.yaml", include_str!("starter/overlay/lexicon.yaml")),
    ("cases/first.yaml", include_str!("starter/overlay/cases/first.yaml")),
    ("CHANGELOG.md", CHANGELOG),
];

/// The pack that a starter extends.
pub struct Base {
    pub pack: PackReference,
    /// Fiscal year from which it applies; parameters must have a value since then.
    pub first_year: i32,
    /// It has a blank form, or inherits one.
    pub has_blank: bool,
}

/// Path → text, each YAML file with the line that tells editors its schema, below `schemas` beside the pack.
pub fn files(id: &str, title: &str, base: Option<&Base>, schemas: &str) -> BTreeMap<String, String> {
    let mut written: Vec<(&str, &str)> = if base.is_some() { OVERLAY.to_vec() } else { ALONE.to_vec() };
    if base.is_some_and(|base| !base.has_blank) {
        written.push(("blank.yaml", BLANK));
    }
    let fill = |path: &str, template: &str| {
        let title = if path.ends_with(".yaml") { scalar(title) } else { title.to_owned() };
        let text = template.replace("@ID@", id).replace("@TITLE@", &title);
        let text = base.map_or(text.clone(), |base| inherited(&text, base));
        match schemas::modeline(path, &format!("../{schemas}")) {
            Some(line) => schemas::headed(&text, &line),
            None => text,
        }
    };
    written.into_iter().map(|(path, template)| (path.to_owned(), fill(path, template))).collect()
}

/// What a starter tells of its base: every parameter and band, ready to be changed.
fn inherited(template: &str, base: &Base) -> String {
    let entries = |section: &'static str| base.pack.entries().filter(move |entry| entry.section == section);
    let lines = |lines: Vec<String>| if lines.is_empty() { "  # （没有）".to_owned() } else { lines.join("\n") };
    let checks: Vec<&Entry> = entries("checks").collect();
    let mild = checks.iter().find(|entry| word(entry, "severity") == "WARNING").or(checks.first());
    let check = mild.map(|entry| format!("  # {}: {{replaces: {}, severity: INFO}}", entry.code, owner(entry)));
    template
        .replace("@BASE@", &base.pack.id)
        .replace("@SINCE@", &base.first_year.to_string())
        .replace("@PARAMETERS@", &lines(entries("parameters").filter_map(parameter).collect()))
        .replace("@BANDS@", &lines(entries("bands").map(band).collect()))
        .replace("@CHECK@", &lines(check.into_iter().collect()))
}

fn parameter(entry: &Entry) -> Option<String> {
    let values = entry.detail("values")?.node.as_list()?;
    let text = |value: Option<&Node>, key: &str| Some(value?.get(key)?.as_text()?.to_owned());
    let (since, value) = (text(values.first(), "since")?, text(values.last(), "value")?);
    let (owner, title, unit) = (owner(entry), &entry.title.zh, word(entry, "unit"));
    Some(format!(
        "  # {}: {{replaces: {owner}, values: [{{since: {since}, value: {value}, \
         cite: {{source: own-method, basis: LOCAL_RULE}}}}]}} # {title}（{unit}）",
        entry.code
    ))
}

fn band(entry: &Entry) -> String {
    let (title, points) = (scalar(&entry.title.zh), word(entry, "points"));
    format!("  # {}: {{replaces: {}, title: {title}, points: \"{points}\"}}", entry.code, owner(entry))
}

/// The pack that wrote it last: the one to be named in `replaces`.
fn owner(entry: &Entry) -> &str {
    entry.definitions.last().map_or("", |definition| definition.pack.as_str())
}

fn word<'e>(entry: &'e Entry, key: &str) -> &'e str {
    entry.detail(key).and_then(|detail| detail.node.as_text()).unwrap_or_default()
}

/// A text as YAML writes it in any place: plain only where nothing in it could mean something else.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "（）、，。《》〔〕".contains(c);
    let is_word = text.chars().all(is_plain) && !text.is_ascii();
    if is_word { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_become_something_else() {
        for (text, written) in [
            ("青禾县自评（2024）", "青禾县自评（2024）"),
            ("a: b # c", "\"a: b # c\""),
            ("true", "\"true\""),
            ("\"\n", "\"\\\"\\n\""),
            ("[甲]", "\"[甲]\""),
        ] {
            assert_eq!(scalar(text), written);
        }
    }
}
