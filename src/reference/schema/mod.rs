//! JSON Schemas of the rule files, for the editors that authors write them in.
//!
//! The readers are the truth; what a schema says of keys and words is held against them by `tests/schemas.rs`,
//! which asks every reader what it knows. A schema sees one file: ids of other files, types of formulas, gaps and
//! sums are left to `heng check`. In one thing it is stricter: a key without a value is underlined, because it is
//! nearly always unfinished.

mod cases;
mod checks;
mod form;
mod lexicon;
mod manifest;
mod methods;
mod numbers;
mod scoring;
mod shape;
mod structure;

use serde_json::{Value, json};

use self::shape::Shape;

/// The schema of one kind of file.
#[derive(Debug, Clone)]
pub struct FileSchema {
    /// `methods`; its file is `methods.json`.
    pub name: &'static str,
    pub schema: Value,
}

/// All schemas, in the order in which a pack is written.
pub fn file_schemas() -> Vec<FileSchema> {
    let of = |name, title: &str, shape: Shape, definitions: Vec<(&str, Shape)>| FileSchema {
        name,
        schema: document(title, shape, definitions),
    };
    let cite = || ("cite", numbers::cite());
    vec![
        of("pack", "pack.yaml：规则包", manifest::pack(), vec![]),
        of("structure", "structure.yaml：自评表的样子", structure::structure(), vec![("field", structure::field())]),
        of("parameters", "parameters.yaml：参数与分档表", numbers::parameters(), vec![cite()]),
        of("methods", "methods.yaml：计分方法", methods::methods(), vec![cite()]),
        of("scoring", "scoring.yaml：哪一行用哪种方法", scoring::scoring(), vec![cite()]),
        of("grades", "grades.yaml：等级", numbers::grades(), vec![]),
        of("checks", "checks.yaml：校验", checks::checks(), vec![cite(), ("message", checks::message())]),
        of("lexicon", "lexicon.yaml：词典", lexicon::lexicon(), vec![]),
        of("form", "自评表（blank.yaml、forms/*.yaml 及评价用的表）", form::form(), form::definitions()),
        of("cases", "cases/*.yaml：案例", cases::cases(), cases::definitions()),
    ]
}

/// Which schema a file of a pack has, by its path in the pack's folder; scripts and texts have none.
pub fn schema_of(path: &str) -> Option<&'static str> {
    match path {
        "pack.yaml" => Some("pack"),
        "structure.yaml" => Some("structure"),
        "parameters.yaml" => Some("parameters"),
        "methods.yaml" => Some("methods"),
        "scoring.yaml" => Some("scoring"),
        "grades.yaml" => Some("grades"),
        "checks.yaml" => Some("checks"),
        "lexicon.yaml" => Some("lexicon"),
        "blank.yaml" => Some("form"),
        path if path.ends_with(".yaml") && path.starts_with("forms/") => Some("form"),
        path if path.ends_with(".yaml") && path.starts_with("cases/") => Some("cases"),
        _ => None,
    }
}

fn document(title: &str, shape: Shape, definitions: Vec<(&str, Shape)>) -> Value {
    let shape = shape.with("$schema", json!("http://json-schema.org/draft-07/schema#")).with("title", json!(title));
    if definitions.is_empty() {
        return shape.value();
    }
    let definitions = definitions.into_iter().map(|(name, shape)| (name.to_owned(), shape.value()));
    shape.with("definitions", Value::Object(definitions.collect())).value()
}
