//! What the rule language offers beyond what the shipped packs use: packs under `tests/packs` over the shipped
//! ones, with cases of their own.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use heng::app::rules_folder;
use heng::pack::PackFiles;
use heng::regress::{Outcome, Runner};
use heng::ruleset::RuleBook;

fn packs() -> Vec<PackFiles> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let load = |folder: &str| rules_folder::load(&repository.join(folder)).expect("a rules folder");
    [load("rules"), load("tests/packs")].concat()
}

#[test]
fn the_sample_packs_do_what_their_cases_say() {
    let folder = packs();
    let (book, problems) = RuleBook::compile(&folder);
    assert_eq!(problems, []);
    let book = book.expect("the packs compile");
    let runner = Runner { book: &book, folder: &folder, form_file: &|_, _| None };
    let report = runner.run("language-sample");
    let wrong: Vec<_> = report.results.iter().filter(|result| result.outcome != Outcome::Passed).collect();
    assert!(wrong.is_empty() && report.problems.is_empty(), "{wrong:#?} {:#?}", report.problems);
    assert!(report.passed() > 45, "{}", report.passed());
}
