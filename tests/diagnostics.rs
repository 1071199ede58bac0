//! The pages of diagnostics: one for every code that heng may tell, none for another, and every example gives
//! what its page is about.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "this test reads the sources of the package and fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::diagnostic::{Diagnostic, Lang};
use heng::pack::PackFiles;
use heng::reference::{Page, diagnostic_pages};
use heng::regress::{Outcome, Runner, prove};
use heng::ruleset::RuleBook;

/// What takes a code as its first argument.
const TELLERS: &[&str] = &[
    "Diagnostic::error(",
    "Diagnostic::warning(",
    "Fault::new(",
    ".report(",
    ".problem(",
    "unknown_entry(",
    ".map(|one| (",
];

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let mut told = BTreeSet::new();
    codes_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut told);
    assert!(told.len() > 50 && told.contains("band_gap") && told.contains("yaml_alias"), "{told:?}");
    for lang in [Lang::Zh, Lang::En] {
        let pages: BTreeSet<String> = diagnostic_pages(lang).iter().map(|page| page.code.to_owned()).collect();
        assert_eq!(pages.len(), diagnostic_pages(lang).len(), "one page for a code");
        let without_page: Vec<&String> = told.difference(&pages).collect();
        let without_code: Vec<&String> = pages.difference(&told).collect();
        assert!(without_page.is_empty(), "write a page in docs/diagnostics*.md: {without_page:?}");
        assert!(without_code.is_empty(), "nothing tells of {without_code:?}");
    }
}

#[test]
fn both_languages_have_the_same_pages_and_examples() {
    let examples = |lang| -> Vec<(&str, Option<(&str, &str)>)> {
        diagnostic_pages(lang).iter().map(|page| (page.code, example(page))).collect()
    };
    assert_eq!(examples(Lang::Zh), examples(Lang::En));
}

#[test]
fn every_example_gives_its_diagnostic() {
    let national = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/mof-2020");
    let shipped = rules_folder::load(&national).expect("the national rules");
    let wrong: Vec<String> = diagnostic_pages(Lang::Zh)
        .iter()
        .filter_map(|page| {
            let (path, text) = example(page)?;
            let told = told_of(&shipped, page.code, path, text);
            (!told.contains(&page.code)).then(|| format!("{}: its example gives {told:?}", page.code))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file of a page's example, and what stands in it.
fn example<'p>(page: &Page) -> Option<(&'p str, &'p str)>
where
    Page: 'p,
{
    let (_, block) = page.text.split_once("```")?;
    let (head, rest) = block.split_once('\n')?;
    let (_, path) = head.split_once(' ')?;
    Some((path, rest.split("```").next()?))
}

/// The codes that `heng check` and `heng test` tell of a pack `example` with this file. Proofs, which take long, are
/// asked only where `code` was not told before.
fn told_of(shipped: &[PackFiles], code: &str, path: &str, text: &str) -> Vec<&'static str> {
    let mut example = PackFiles { name: "example".to_owned(), ..PackFiles::default() };
    let manifest = "id: example\ntitle: 示例\nextends: mof-2020\n";
    example.files.insert("pack.yaml".to_owned(), Arc::from(manifest));
    example.files.insert(path.to_owned(), Arc::from(text));
    let mut folder = shipped.to_vec();
    folder.push(example);
    let (book, mut problems) = RuleBook::compile(&folder);
    if let Some(book) = book {
        let runner = Runner { book: &book, folder: &folder, form_file: &|_, _| None };
        let report = runner.run("example: ");
        problems.extend(report.problems);
        for result in report.results {
            if let Outcome::Broken(found) = result.outcome {
                problems.extend(found);
            }
        }
        if !problems.iter().any(|problem| problem.code == code) {
            problems.extend(prove(&runner, Some("example")).problems);
        }
    }
    problems.iter().map(|problem: &Diagnostic| problem.code).collect()
}

fn codes_below(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            codes_below(&path, codes);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).expect("a source is UTF-8");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for teller in TELLERS {
                let arguments = code.split(teller).skip(1).map(str::trim_start);
                let first = arguments.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
                codes.extend(first.map(str::to_owned));
            }
        }
    }
}
