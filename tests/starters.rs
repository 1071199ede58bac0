//! `heng new`: what it makes passes check and test as it stands, and still does when its examples are taken up.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "this test starts the command, reads what it wrote, and fails by panicking"
)]

#[path = "schemas/document.rs"]
#[expect(dead_code, reason = "other tests change documents")]
mod document;
#[path = "schemas/validator.rs"]
mod validator;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use heng::app::rules_folder;
use heng::pack::PackFiles;
use heng::reference::schema_of;
use heng::regress::{Outcome, Runner};
use heng::ruleset::RuleBook;
use serde_json::Value;

use document::Document;
use validator::Validator;

/// A folder of this test's own that holds these of the shipped packs.
fn with(name: &str, packs: &[&str]) -> PathBuf {
    let folder = empty(name);
    packs.iter().for_each(|pack| copy(&shipped().join(pack), &folder.join(pack)));
    folder
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("starters").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder of our own");
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder of our own");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

fn heng(rules: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heng"));
    command.arg("--rules").arg(rules).args(arguments).env_remove("COLUMNS").env_remove("CLICOLOR_FORCE");
    command.output().expect("heng runs")
}

/// What a run wrote to both streams, when it ended with this code.
fn said(output: &Output, code: i32) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let said = text(&output.stdout) + text(&output.stderr).as_str();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

fn made(rules: &Path, arguments: &[&str]) -> PackFiles {
    said(&heng(rules, &[&["new"], arguments].concat()), 0);
    let id = arguments.first().expect("an id");
    let all = rules_folder::load(rules).expect("the rules");
    all.into_iter().find(|pack| pack.name == *id).expect("the new pack")
}

/// Compiles without a word, and every case of the pack passes.
fn passes(folder: &[PackFiles], id: &str) -> usize {
    let (book, problems) = RuleBook::compile(folder);
    assert_eq!(problems, [], "{id}");
    let report = Runner { book: &book.expect("compiled"), folder, form_file: &|_, _| None }.run(&format!("{id}: "));
    assert_eq!(report.problems, [], "{id}");
    for result in &report.results {
        assert_eq!(result.outcome, Outcome::Passed, "{id}: {}", result.name);
    }
    report.results.len()
}

#[test]
fn a_starter_that_stands_alone_passes_check_and_test() {
    let rules = empty("alone").join("rules");
    let told = said(&heng(&rules, &["new", "own-2024", "--title", "甲: \"乙\" # 丙"]), 0);
    assert!(told.starts_with("已建立 ") && told.contains("heng check ") && told.contains("自成一套"), "{told}");
    let check = said(&heng(&rules, &["check"]), 0);
    assert!(check.contains("没有问题：1 个规则包") && check.contains("0 条未能判定"), "{check}");
    let test = said(&heng(&rules, &["test"]), 0);
    assert!(test.ends_with("17 passed, 0 failed\n"), "{test}");
    let listed = said(&heng(&rules, &["rules", "--json"]), 0);
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed["packs"][0]["title"], "甲: \"乙\" # 丙");
}

#[test]
fn a_starter_over_the_national_pack_passes_check_and_test() {
    let rules = with("overlay", &["mof-2020"]);
    let told = said(&heng(&rules, &["new", "own-2024", "--extends", "mof-2020", "--json"]), 0);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((&told["pack"], &told["extends"]), (&"own-2024".into(), &"mof-2020".into()));
    let own = rules.join("own-2024");
    let own = own.to_str().expect("a path");
    let check = said(&heng(&rules, &["check", own]), 0);
    assert!(check.contains("没有问题："), "{check}");
    let test = said(&heng(&rules, &["test", own]), 0);
    assert!(test.ends_with("2 passed, 0 failed\n"), "{test}");
}

#[test]
fn every_shipped_pack_can_be_begun_from() {
    let all = rules_folder::load(&shipped()).expect("the shipped rules");
    assert!(all.len() > 10);
    for base in &all {
        let mut chain = vec![base.name.as_str()];
        while let Some(parent) = parent_of(chain.last().expect("a pack"), &all) {
            chain.push(parent);
        }
        let rules = with(&format!("bases/{}", base.name), &chain);
        made(&rules, &["own-2024", "--extends", &base.name]);
        assert_eq!(passes(&rules_folder::load(&rules).expect("the rules"), "own-2024"), 2, "{}", base.name);
    }
}

fn parent_of<'p>(id: &str, all: &'p [PackFiles]) -> Option<&'p str> {
    let pack = all.iter().find(|pack| pack.name == id).expect(id);
    let line = pack.files.get("pack.yaml")?.lines().find_map(|line| line.strip_prefix("extends: "))?;
    Some(line.split('#').next().unwrap_or_default().trim())
}

#[test]
fn the_examples_of_a_starter_work_when_they_are_taken_up() {
    let rules = with("examples", &["mof-2020"]);
    let mut own = made(&rules, &["own-2024", "--extends", "mof-2020"]);
    let mut taken = 0;
    for text in own.files.values_mut() {
        let lines = text.lines().map(|line| match line.strip_prefix("  # ") {
            Some(example) if is_example(example) => {
                taken += 1;
                format!("  {example}\n")
            }
            _ => format!("{line}\n"),
        });
        *text = lines.collect::<String>().into();
    }
    assert!(taken > 40, "{taken} lines");
    let mut all = rules_folder::load(&shipped()).expect("the rules");
    all.retain(|pack| pack.name == "mof-2020");
    all.push(own);
    assert_eq!(passes(&all, "own-2024"), 2);
    let read = said(&heng(&rules, &["read", "--pack", "own-2024", "≥40场", "38坛"]), 0);
    assert!(read.contains("无法比较"), "the word is an example until it is taken up: {read}");
}

/// `key: …`, as against a sentence.
fn is_example(line: &str) -> bool {
    let key = line.trim_start().split(": ").next().unwrap_or_default().trim_end_matches(':');
    line.contains(':') && key.starts_with(|c: char| c.is_ascii_alphabetic()) && !key.contains(' ')
}

#[test]
fn the_files_of_a_starter_tell_editors_their_schemas() {
    let rules = with("editors", &["mof-2020"]);
    let validator = Validator::new();
    let starters = [made(&rules, &["alone"]), made(&rules, &["over", "--extends", "mof-2020"])];
    let mut lines = BTreeMap::new();
    for pack in &starters {
        for (path, text) in &pack.files {
            let Some(schema) = schema_of(path) else { continue };
            let first = text.lines().next().unwrap_or_default();
            let named = first.strip_prefix("# yaml-language-server: $schema=").expect(path);
            let file = rules.join(&pack.name).join(path).with_file_name("").join(named);
            let written: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect(named)).expect(named);
            assert!(heng::reference::file_schemas().iter().any(|one| one.name == schema && one.schema == written));
            assert_eq!(validator.refusal(schema, &Document::of(path, text).typed), None, "{path}");
            lines.insert(path.clone(), first.to_owned());
        }
    }
    assert_eq!(lines["cases/first.yaml"], "# yaml-language-server: $schema=../../.schema/cases.json");
    assert_eq!(rules_folder::load(&rules).expect("the rules").len(), 3, "the schemas are no pack");
}

#[test]
fn what_cannot_be_made_is_refused_and_nothing_is_touched() {
    let rules = with("refused", &["mof-2020"]);
    let before = rules_folder::load(&rules).expect("the rules");
    for (arguments, why) in [
        (vec!["new", "mof-2020"], "已经有 "),
        (vec!["new", "../elsewhere"], "不能作规则包的编号"),
        (vec!["new", ".hidden"], "不能作规则包的编号"),
        (vec!["new", ""], "不能作规则包的编号"),
        (vec!["new", "a b"], "不能作规则包的编号"),
        (vec!["new", "own", "--extends", "mof-2002"], "没有规则包 `mof-2002`"),
    ] {
        let said = said(&heng(&rules, &arguments), 2);
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
    let english = said(&heng(&rules, &["--lang", "en", "new", "mof-2020"]), 2);
    assert!(english.contains("is there already; it was left alone"), "{english}");
    let inside = said(&heng(&rules.join("mof-2020"), &["new", "own"]), 2);
    assert!(inside.contains("自己就是一个规则包"), "{inside}");
    assert_eq!(rules_folder::load(&rules).expect("the rules"), before);

    let grades = rules.join("mof-2020/grades.yaml");
    let broken = std::fs::read_to_string(&grades).expect("grades").replace("[80, 90)", "[80, 89)");
    std::fs::write(&grades, broken).expect("our own copy");
    let said = said(&heng(&rules, &["new", "own", "--extends", "mof-2020"]), 2);
    assert!(said.contains("band_gap"), "{said}");
    assert!(!rules.join("own").exists() && !rules.join(".own.new").exists());
}

#[test]
fn the_files_of_packs_are_told_their_schemas_and_only_once() {
    let rules = empty("modelines");
    copy(&shipped(), &rules);
    let schemas = rules.join(".schema");
    let write = ["rules", "--schema", schemas.to_str().expect("a path"), "--modelines"];
    let first = said(&heng(&rules, &write), 0);
    assert!(first.contains("mof-2020/checks.yaml") && first.contains(".schema/checks.json"), "{first}");
    assert_eq!(said(&heng(&rules, &write), 0), "", "nothing is left to do");
    for pack in rules_folder::load(&rules).expect("the rules") {
        for (path, text) in pack.files.iter().filter(|(path, _)| schema_of(path).is_some()) {
            assert!(text.starts_with("# yaml-language-server: $schema="), "{}/{path}", pack.name);
            assert_eq!(text.matches("yaml-language-server").count(), 1, "{}/{path}", pack.name);
        }
    }
    let (one, other) = (rules_folder::load(&rules).expect("ours"), rules_folder::load(&shipped()).expect("theirs"));
    let bare =
        |text: &str| text.lines().filter(|line| !line.contains("yaml-language-server")).collect::<Vec<_>>().join("\n");
    for (one, other) in one.iter().zip(&other) {
        for (path, text) in &one.files {
            assert_eq!(bare(text), bare(&other.files[path]), "{path}");
        }
    }
}
