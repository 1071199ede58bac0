//! The documents say what is there: every name, function and word section of the rule language, and no dead link.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "this test reads the documents and fails by panicking"
)]

use std::path::{Path, PathBuf};

use heng::app::rules_folder;
use heng::document::{Limits, parse};
use heng::formula::functions;
use heng::reference::{PackReference, functions_page, pack_page};
use heng::ruleset::RuleBook;
use heng::ruleset::{
    CategoryFact, DimensionFact, FieldFact, FormInput, FormResult, GoalFact, RowInput, RowResult, Running, SourceFact,
};

const LANGUAGE_PAGES: [&str; 2] = ["docs/rule-language.md", "docs/rule-language.zh.md"];

#[test]
fn every_function_is_described_with_its_signature() {
    for page in LANGUAGE_PAGES {
        let text = read(page);
        for function in functions() {
            assert!(text.contains(&format!("| `{}` |", function.signature)), "{page}: {}", function.signature);
        }
    }
}

#[test]
fn every_name_of_a_formula_is_described() {
    let mut names: Vec<&str> = FormInput::ALL.iter().map(|fact| fact.name()).collect();
    names.extend(FormResult::ALL.iter().map(|fact| fact.name()));
    names.extend(RowInput::ALL.iter().map(|fact| fact.name()));
    names.extend(RowResult::ALL.iter().map(|fact| fact.name()));
    names.extend(Running::ALL.iter().map(|fact| fact.name()));
    names.extend(GoalFact::ALL.iter().map(|fact| fact.name()));
    names.extend(SourceFact::ALL.iter().map(|fact| fact.name()));
    names.extend(DimensionFact::ALL.iter().map(|fact| fact.name()));
    names.extend(CategoryFact::ALL.iter().map(|fact| fact.name()));
    names.extend(FieldFact::ALL.iter().map(|fact| fact.name()));
    for page in LANGUAGE_PAGES {
        let text = read(page);
        for name in &names {
            assert!(text.contains(&format!("| `{name}` |")), "{page}: {name}");
        }
    }
}

#[test]
fn every_section_of_the_lexicon_is_described() {
    let lexicon = parse("lexicon", &read("rules/mof-2020/lexicon.yaml"), &Limits::RULES).expect("the lexicon is YAML");
    for page in LANGUAGE_PAGES {
        let text = read(page);
        for (section, _) in lexicon.as_map().expect("it is a mapping") {
            assert!(text.contains(&format!("`{}`", section.text)), "{page}: {}", section.text);
        }
    }
}

#[test]
fn the_generated_pages_are_up_to_date() {
    let folder = rules_folder::load(&repository().join("rules")).expect("the shipped rules");
    let book = RuleBook::compile(&folder).0.expect("they compile");
    let mut pages = vec![("docs/functions.md".to_owned(), functions_page())];
    let packs = book.sets().map(|set| PackReference::of(set, &folder));
    pages.extend(packs.map(|pack| (format!("docs/rules/{}.md", pack.id), pack_page(&pack))));
    let command = "run `cargo run -- rules --markdown docs`";
    for (path, page) in &pages {
        let kept = std::fs::read_to_string(repository().join(path)).unwrap_or_default();
        assert!(kept == *page, "{path} is not what the rules give: {command}");
    }
    for page in markdown(&repository().join("docs/rules")) {
        let is_of_a_pack = pages.iter().any(|(path, _)| repository().join(path) == page);
        assert!(is_of_a_pack, "{}: there is no such pack any more", page.display());
    }
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let architecture = read("ARCHITECTURE.md");
    let table = architecture.split("## Invariants").nth(1).and_then(|rest| rest.split("\n## ").next());
    let mut code = String::new();
    for folder in ["src", "tests"] {
        append(&repository().join(folder), &mut code);
    }
    let rows: Vec<&str> =
        table.expect("the section is there").lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let holder = row.split(" | ").nth(1).expect("a row has two cells");
        let names: Vec<&str> = holder.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}");
        for name in names {
            let is_path = name.contains(['/', '.']);
            let is_there =
                if is_path { repository().join(name).exists() } else { code.contains(&format!("fn {name}(")) };
            assert!(is_there, "there is no `{name}`: {row}");
        }
    }
}

#[test]
fn links_inside_the_repository_lead_somewhere() {
    let mut pages = markdown(&repository());
    pages.extend(markdown(&repository().join("docs")));
    assert!(pages.len() > 4, "{pages:?}");
    for page in pages {
        let text = std::fs::read_to_string(&page).expect("a page is UTF-8");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            assert!(page.with_file_name(file).exists(), "{}: {target}", page.display());
        }
    }
}

fn append(folder: &Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            append(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&std::fs::read_to_string(&path).expect("a source is UTF-8"));
        }
    }
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).expect("the file is there")
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
