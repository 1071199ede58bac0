//! Packs for tools: one object.

use serde_json::{Map, Value, json};

use crate::document::{Node, Shape};
use crate::reference::{Definition, Entry, PackReference};
use crate::ruleset::{Citation, Clause};

/// `{"packs": [...]}`, without their entries.
pub(super) fn packs(packs: &[PackReference]) -> serde_json::Result<String> {
    let packs: Vec<Value> = packs.iter().map(|pack| Value::Object(head(pack))).collect();
    serde_json::to_string(&json!({ "packs": packs }))
}

/// The pack with the entries of its sections.
pub(super) fn pack(pack: &PackReference) -> serde_json::Result<String> {
    let mut object = head(pack);
    let sections = pack.sections.iter().map(|section| {
        let entries: Vec<Value> =
            section.entries.iter().map(|entry| Value::Object(entry_json(entry, &pack.id))).collect();
        (section.name.to_owned(), Value::Array(entries))
    });
    object.insert("sections".to_owned(), Value::Object(sections.collect()));
    serde_json::to_string(&Value::Object(object))
}

fn head(pack: &PackReference) -> Map<String, Value> {
    let sources = pack.sources.iter().map(
        |source| json!({"id": source.id, "document": source.document, "title": source.title, "issued": source.issued}),
    );
    let applies = pack.years.map(|years| {
        let years = json!({"from": years.from, "to": years.to});
        json!({"fiscalYears": years, "projectCodePrefix": pack.project_code_prefix})
    });
    object([
        ("id", json!(pack.id)),
        ("title", json!(pack.title)),
        ("description", json!(pack.description)),
        ("extends", json!(pack.extends)),
        ("revision", json!(pack.revision)),
        ("appliesTo", json!(applies)),
        ("award", json!(pack.award.name())),
        ("sources", Value::Array(sources.collect())),
    ])
}

/// An entry as `pack` has it: every key as it is written, numbers as the texts they were.
pub fn entry_json(entry: &Entry, pack: &str) -> Map<String, Value> {
    let details = entry.details.iter().map(|detail| (detail.key.clone(), written(&detail.node)));
    let constants = entry.constants.iter().map(|(name, value)| (name.clone(), json!(value.en)));
    object([
        ("code", json!(entry.code)),
        ("section", json!(entry.section)),
        ("title", json!({"zh": entry.title.zh, "en": entry.title.en})),
        ("details", Value::Object(details.collect())),
        ("constants", Value::Object(constants.collect())),
        ("citations", Value::Array(entry.citations.iter().map(citation).collect())),
        ("definedIn", entry.definitions.first().map_or(Value::Null, definition)),
        ("changedIn", Value::Array(entry.definitions.iter().skip(1).map(definition).collect())),
        ("inherited", json!(!entry.is_written_by(pack))),
    ])
}

fn citation(citation: &Citation) -> Value {
    let Clause { source, document, title, article, quote, basis, verified } = &**citation;
    json!({
        "source": source, "document": document, "title": title, "article": article, "quote": quote,
        "basis": basis.name(), "verified": verified,
    })
}

fn definition(definition: &Definition) -> Value {
    let Definition { pack, place, keys } = definition;
    json!({"pack": pack, "file": &*place.file, "line": place.line, "keys": keys})
}

fn written(node: &Node) -> Value {
    match &node.shape {
        Shape::Scalar(scalar) if scalar.is_null() => Value::Null,
        Shape::Scalar(scalar) => match scalar.text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => json!(text),
        },
        Shape::List(items) => Value::Array(items.iter().map(written).collect()),
        Shape::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.text.clone(), written(node))).collect())
        }
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
