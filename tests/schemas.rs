//! The JSON Schemas say what the readers read: the same keys, the same words, the same shapes.
//!
//! The packs below `tests/schemas/packs` write everything once. Each test spoils them in one place at a time and
//! asks the reader and the schema what they think of it.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "this test reads the schemas and the packs, and fails by panicking"
)]

#[path = "broken_packs/defects.rs"]
mod defects;
#[path = "schemas/document.rs"]
mod document;
#[path = "schemas/site.rs"]
mod site;
#[path = "schemas/validator.rs"]
mod validator;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use heng::app::rules_folder;
use heng::diagnostic::{Bilingual, Diagnostic};
use heng::document::Problems;
use heng::pack::PackFiles;
use heng::reference::{file_schemas, schema_of};
use heng::regress::{Outcome, Runner, result_names};
use heng::ruleset::RuleBook;
use serde_json::{Value, json};

use defects::DEFECTS;
use document::Document;
use site::{parts, sites};
use validator::Validator;

/// No key and no word, and not like any.
const BOGUS: &str = "zzzzzzzzzzzzzzzzzzzzzzzz";

/// Low end and high end are numbers that no schema compares.
const BACKWARD: &str = "[90, 80)";

/// What a reader finds wrong with a shape, which a schema can see as well.
const STRUCTURAL: &[&str] = &[
    "bad_day",
    "bad_interval",
    "bad_number",
    "bad_year",
    "entry_without_outcome",
    "method_without_rule",
    "missing_key",
    "unknown_award",
    "unknown_basis",
    "unknown_key",
    "unknown_value",
    "unverified_article",
    "wrong_type",
];

/// A file of the sample packs.
struct Sample {
    pack: String,
    path: String,
    schema: &'static str,
    document: Document,
}

/// Packs that write everything once, and their files; those of the pack that others extend come first.
struct Samples {
    folder: Vec<PackFiles>,
    files: Vec<Sample>,
}

impl Samples {
    fn load() -> Self {
        let folder = rules_folder::load(&repository().join("tests/schemas/packs")).expect("the sample packs");
        let mut files = Vec::new();
        for pack in &folder {
            for (path, text) in &pack.files {
                let Some(schema) = schema_of(path) else { continue };
                let document = Document::of(&pack.shown(path), text);
                files.push(Sample { pack: pack.name.clone(), path: path.clone(), schema, document });
            }
        }
        Samples { folder, files }
    }

    /// What heng says when this file of the sample reads otherwise. Packs that extend the file's own are left out,
    /// and so are the cases of rules that changed.
    fn told(&self, file: &Sample, document: &Document) -> Problems {
        let mut folder = self.folder.clone();
        folder.retain(|pack| pack.name <= file.pack);
        let pack = folder.iter_mut().find(|pack| pack.name == file.pack).expect("its pack");
        pack.files.insert(file.path.clone(), document.written());
        if matches!(file.schema, "form" | "cases") { told(&folder) } else { RuleBook::compile(&folder).1 }
    }

    /// The first part of the sample under each schema, and the keys that all parts under it write.
    fn seen(&self) -> BTreeMap<(&'static str, String), (&Sample, String, BTreeSet<String>)> {
        let schemas = schemas();
        let mut seen = BTreeMap::new();
        for file in &self.files {
            let root = schemas.get(file.schema).expect(file.schema);
            for site in sites(root, &file.document.typed) {
                let value = file.document.typed.pointer(&site.value).expect("a place of the document");
                let keys = value.as_object().into_iter().flatten().map(|(key, _)| key.clone());
                let at = (file.schema, site.schema);
                seen.entry(at).or_insert_with(|| (file, site.value, BTreeSet::new())).2.extend(keys);
            }
        }
        seen
    }
}

/// What compiling the packs and running their cases finds wrong.
fn told(folder: &[PackFiles]) -> Problems {
    let (book, mut problems) = RuleBook::compile(folder);
    if let Some(book) = book {
        let report = Runner { book: &book, folder, form_file: &|_, _| None }.run("");
        problems.extend(report.problems);
        for result in report.results {
            match result.outcome {
                Outcome::Passed => {}
                Outcome::Broken(found) => problems.extend(found),
                Outcome::Failed(found) => {
                    let differences = format!("{found:?}");
                    let message = Bilingual::new(differences.clone(), differences);
                    problems.push(Diagnostic::error("case_failed", result.place, message));
                }
            }
        }
    }
    problems
}

fn schemas() -> BTreeMap<&'static str, Value> {
    file_schemas().into_iter().map(|file| (file.name, file.schema)).collect()
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_schemas_on_disk_are_up_to_date() {
    let folder = repository().join("docs/schema");
    let mut names = BTreeSet::new();
    for file in file_schemas() {
        let name = format!("{}.json", file.name);
        let kept = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        let kept: Value = serde_json::from_str(&kept).unwrap_or_default();
        assert!(kept == file.schema, "docs/schema/{name} is old: run `cargo run -- rules --schema docs/schema`");
        names.insert(name);
    }
    let there = std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let there: BTreeSet<String> = there.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(there, names);
}

#[test]
fn every_key_and_every_word_is_explained_in_chinese() {
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut wrong = Vec::new();
    for (name, root) in schemas() {
        for (at, part) in parts(&root) {
            let is_key = at.rsplit('/').nth(1) == Some("properties");
            let is_elsewhere = part.get("$ref").is_some() || part["anyOf"][0].get("$ref").is_some();
            if is_key && !is_elsewhere && !part["description"].as_str().is_some_and(is_chinese) {
                wrong.push(format!("{name}{at}: no description"));
            }
            if let Some(words) = part["enum"].as_array() {
                let docs = part["enumDescriptions"].as_array().expect("words are explained");
                if docs.len() != words.len() || !docs.iter().all(|doc| doc.as_str().is_some_and(is_chinese)) {
                    wrong.push(format!("{name}{at}: {words:?} are not all explained"));
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_rule_file_of_the_repository_is_valid() {
    let validator = Validator::new();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for folder in ["rules", "examples/new-region", "tests/packs", "tests/schemas/packs"] {
        for pack in rules_folder::load(&repository().join(folder)).expect(folder) {
            for (path, text) in &pack.files {
                let Some(schema) = schema_of(path) else { continue };
                let shown = pack.shown(path);
                let refused = validator.refusal(schema, &Document::of(&shown, text).typed);
                wrong.extend(refused.map(|why| format!("{folder}/{shown}: {why}")));
                checked += 1;
            }
        }
    }
    for folder in ["examples", "examples/forms", "tests/data/clean"] {
        for path in yaml_in(&repository().join(folder)) {
            let text = std::fs::read_to_string(&path).expect("a form");
            let shown = path.display().to_string();
            let refused = validator.refusal("form", &Document::of(&shown, &text).typed);
            wrong.extend(refused.map(|why| format!("{shown}: {why}")));
            checked += 1;
        }
    }
    assert_none(&wrong);
    assert!(checked > 100, "{checked}");
}

fn yaml_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect()
}

#[test]
fn the_samples_are_sound_and_write_every_key() {
    let samples = Samples::load();
    assert_eq!(
        told(&samples.folder).iter().filter(|one| one.is_error()).collect::<Vec<_>>(),
        Vec::<&Diagnostic>::new()
    );
    let seen = samples.seen();
    let mut wrong = Vec::new();
    for (name, root) in schemas() {
        for (at, part) in parts(&root) {
            if part["additionalProperties"] != json!(false) {
                continue;
            }
            match seen.get(&(name, at.clone())) {
                None => wrong.push(format!("{name}{at} is written nowhere")),
                Some((_, _, written)) => {
                    let keys = part["properties"].as_object().into_iter().flatten().map(|(key, _)| key);
                    wrong.extend(keys.filter(|key| !written.contains(*key)).map(|key| format!("{name}{at}: {key}")));
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn schemas_and_readers_know_the_same_keys() {
    let (samples, schemas) = (Samples::load(), schemas());
    let mut wrong = Vec::new();
    let mut compared = 0;
    for ((name, at), (file, pointer, _)) in samples.seen() {
        let part = resolve(&schemas[name], &at);
        if part["additionalProperties"] != json!(false) {
            continue;
        }
        let told = samples.told(file, &file.document.with_key(&pointer, BOGUS));
        let Some(problem) = told.iter().find(|one| one.is_error() && one.message.zh.contains(BOGUS)) else {
            wrong.push(format!("{name}{at}: the reader takes any key, as in {}{pointer}", file.path));
            continue;
        };
        let help = problem.help.as_ref().map_or("", |help| help.zh.as_str());
        let Some(known) = help.strip_prefix("可用的键：") else {
            // Totals, fields and results have readers of their own, which name no keys.
            let own = ["/properties/totals", "/properties/fields"];
            let is_own = own.contains(&at.as_str()) || problem.code == "unknown_result";
            wrong.extend((!is_own).then(|| format!("{name}{at}: {} names no keys", problem.code)));
            continue;
        };
        let known: BTreeSet<&str> = known.split(", ").collect();
        let keys = part["properties"].as_object().expect("a mapping").keys().map(String::as_str);
        let keys: BTreeSet<&str> = keys.filter(|key| *key != "replaces").collect();
        if known != keys {
            let (more, less): (Vec<_>, Vec<_>) = (known.difference(&keys).collect(), keys.difference(&known).collect());
            wrong.push(format!("{name}{at}: the schema lacks {more:?}, the reader {less:?}"));
        }
        compared += 1;
    }
    assert_none(&wrong);
    assert!(compared > 100, "{compared}");
}

/// The schema at this place, wherever its definition stands.
fn resolve<'s>(root: &'s Value, at: &str) -> &'s Value {
    root.pointer(at).expect(at)
}

#[test]
fn schemas_and_readers_know_the_same_words() {
    let (samples, schemas) = (Samples::load(), schemas());
    let mut wrong = Vec::new();
    let mut compared = 0;
    for ((name, at), (file, pointer, _)) in samples.seen() {
        let Some(words) = resolve(&schemas[name], &at)["enum"].as_array() else { continue };
        let told = samples.told(file, &file.document.with(&pointer, &json!(BOGUS)));
        // What a form or an answer may say is settled elsewhere: by the gate, and by the names of the results.
        let names_it = |one: &&Diagnostic| one.code != "case_failed" && one.message.zh.contains(BOGUS);
        let Some(problem) = told.iter().find(names_it) else {
            let is_settled = matches!(name, "form" | "cases");
            wrong.extend((!is_settled).then(|| format!("{name}{at}: the reader takes any word")));
            continue;
        };
        let said = format!("{} {}", problem.message.zh, problem.help.as_ref().map_or("", |help| help.zh.as_str()));
        let list = ["可用的取值：", "可用："].iter().find_map(|mark| said.split(mark).nth(1)).unwrap_or_default();
        let known: BTreeSet<&str> = list.trim().split(['、', ',']).map(str::trim).collect();
        let words: BTreeSet<&str> = words.iter().filter_map(Value::as_str).collect();
        if known != words {
            wrong.push(format!("{name}{at}: the schema has {words:?}, the reader {known:?}"));
        }
        compared += 1;
    }
    assert_none(&wrong);
    assert!(compared >= 20, "{compared}");
}

/// What is spoilt is refused by both, or is beyond what a schema can see.
#[test]
fn what_a_schema_refuses_the_reader_refuses_and_the_other_way_round() {
    let (samples, validator, schemas) = (Samples::load(), Validator::new(), schemas());
    let wrongs = [json!({BOGUS: "1"}), json!([["x"]]), json!("§")];
    let mut wrong = Vec::new();
    let mut refused = 0;
    let mut tried: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for ((name, at), (file, pointer, _)) in samples.seen() {
        // Lists of words are all read alike: some of them will do.
        let mut kind = resolve(&schemas[name], &at).clone();
        kind.as_object_mut().and_then(|part| part.remove("description"));
        let times = tried.entry((name, kind.to_string())).or_default();
        *times += 1;
        if *times > 3 {
            continue;
        }
        let mut spoilt: Vec<(String, Document)> = Vec::new();
        if !pointer.is_empty() {
            spoilt.extend(wrongs.iter().map(|value| (value.to_string(), file.document.with(&pointer, value))));
        }
        let closed = resolve(&schemas[name], &at)["additionalProperties"] == json!(false);
        if closed {
            let keys = file.document.typed.pointer(&pointer).and_then(Value::as_object).expect("a mapping").keys();
            let without = keys.map(|key| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")));
            spoilt.extend(without.map(|place| (format!("no {place}"), file.document.without(&place))));
        }
        for (what, document) in spoilt {
            let by_schema = validator.refusal(file.schema, &document.typed).is_some();
            let told = samples.told(file, &document);
            let codes: BTreeSet<&str> = told.iter().filter(|one| one.is_error()).map(|one| one.code).collect();
            let shown = format!("{}{pointer} ({name}{at}): {what}: {codes:?}", file.path);
            if by_schema && codes.is_empty() {
                wrong.push(format!("the reader takes {shown}"));
            }
            // What an entry of these must have may stand in the pack that it extends.
            let may_be_inherited = file.schema == "lexicon" || at == "/properties/totals";
            let excused = may_be_inherited && what.starts_with("no ");
            if !by_schema && !excused && codes.iter().any(|code| STRUCTURAL.contains(code)) {
                wrong.push(format!("the schema takes {shown}"));
            }
            refused += usize::from(by_schema);
        }
    }
    assert_none(&wrong);
    assert!(refused > 400, "{refused}");
}

/// The schemas see in one file what `heng check` says of its shape and of its fixed words.
#[test]
fn known_defects_of_shape_are_refused() {
    let validator = Validator::new();
    let load = |folder: &str| rules_folder::load(&repository().join(folder)).expect(folder);
    let packs = [load("rules"), load("tests/packs")].concat();
    let mut wrong = Vec::new();
    let mut refused = 0;
    for (file, old, new, code, _) in DEFECTS {
        let (pack, path) = file.split_once('/').expect("pack/file");
        let text = packs.iter().find(|files| files.name == *pack).and_then(|files| files.files.get(path)).expect(file);
        let Some(schema) = schema_of(path) else { continue };
        let spoilt = text.replacen(old, new, 1);
        // What is no YAML at all is no editor's document.
        let Ok(document) = Document::read(file, &spoilt) else { continue };
        let is_refused = validator.refusal(schema, &document.typed).is_some();
        let is_of_shape = STRUCTURAL.contains(code) || *code == "unknown_word";
        if is_of_shape && !is_refused && !new.contains(BACKWARD) {
            wrong.push(format!("{file}: `{new}` ({code}) is taken"));
        }
        refused += usize::from(is_refused);
    }
    assert_none(&wrong);
    assert!(refused >= 25, "{refused}");
}

#[test]
fn a_case_may_ask_for_whatever_an_answer_has() {
    let (samples, validator) = (Samples::load(), Validator::new());
    let (book, _) = RuleBook::compile(&samples.folder);
    let book = book.expect("the samples compile");
    let mut names = BTreeSet::new();
    let runner = Runner { book: &book, folder: &samples.folder, form_file: &|_, _| None };
    runner.evaluations(
        "every-key",
        |_| (),
        |_, evaluation| {
            names.extend(result_names(evaluation));
            std::ops::ControlFlow::Continue(())
        },
    );
    assert!(names.len() > 60, "{names:?}");
    let mut wrong = Vec::new();
    for name in names {
        // `grade`, `points.floor`, `indicators[0].target.unit`
        let mut keys: Vec<&str> = name.split('.').collect();
        if name.starts_with("indicators[") {
            keys.insert(0, "indicators");
        }
        let something = match keys.last() {
            Some(&"status") => json!("SCORED"),
            Some(&"met") => json!("MET"),
            Some(&"kind") => json!("NUMBER"),
            Some(&"complete") => json!(true),
            _ => Value::Null,
        };
        let want = keys.iter().rev().fold(something, |inner, key| json!({ *key: inner }));
        let refusal = validator.refusal("cases", &json!([{"case": "甲", "want": want}]));
        wrong.extend(refusal.map(|why| format!("{name}: {why}")));
    }
    assert_none(&wrong);
}
