//! What an evaluation reached, through the library.

use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::pack::PackFiles;
use heng::regress::{CaseReach, Runner};
use heng::ruleset::RuleBook;

fn packs() -> Vec<PackFiles> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/case_runs/packs");
    rules_folder::load(&folder).expect("the sample packs")
}

/// What each case reaches, and its evaluation in full.
fn run(folder: &[PackFiles]) -> (Vec<CaseReach>, Vec<String>) {
    let (book, problems) = RuleBook::compile(folder);
    assert!(book.is_some(), "{problems:#?}");
    let book = book.expect("it compiles");
    let runner = Runner { book: &book, folder, form_file: &|_, _| None };
    let mut evaluations = Vec::new();
    for rules in book.sets() {
        runner.evaluations(
            &rules.id,
            |case| case.name.place.clone(),
            |_, evaluation| {
                // The revision is another whatever changes.
                let mut evaluation = evaluation.clone();
                evaluation.revision.clear();
                evaluations.push(format!("{evaluation:?}"));
                std::ops::ControlFlow::Continue(())
            },
        );
    }
    (runner.reaches(), evaluations)
}

#[test]
fn watching_changes_nothing() {
    let folder = packs();
    let (book, _) = RuleBook::compile(&folder);
    let book = book.expect("the sample compiles");
    let runner = Runner { book: &book, folder: &folder, form_file: &|_, _| None };
    let (cases, problems) = runner.cases();
    assert_eq!((cases.len(), problems.len()), (6, 0));
    for case in &cases {
        assert_eq!(runner.watched(case).result, runner.result(case));
    }
}

#[test]
fn a_change_of_what_no_case_consulted_changes_no_evaluation() {
    let folder = packs();
    let (reaches, before) = run(&folder);
    let mut spared = 0;
    for (section, id, file, old, new) in [
        (
            "scoring",
            "otherwise",
            "scoring.yaml",
            "title: 其余由人看\n    outcome: NEEDS_REVIEW",
            "title: 其余\n    outcome: UNSCORED",
        ),
        ("scoring", "judged", "scoring.yaml", "tier: [achieved, poorly]", "tier: [achieved]"),
        (
            "execution",
            "no_budget",
            "scoring.yaml",
            "title: 没有预算\n    outcome: NEEDS_REVIEW",
            "title: 没有\n    outcome: UNSCORED",
        ),
        (
            "methods",
            "judged",
            "methods.yaml",
            "\"[0.8, 1]\", poorly: \"[0, 0.8)\"",
            "\"[0.7, 1]\", poorly: \"[0, 0.7)\"",
        ),
        ("methods", "proportional", "methods.yaml", "points_possible * share", "points_possible / 2 * share"),
        (
            "tables",
            "old_share",
            "parameters.yaml",
            "\"[0.5, 1]\": 1, \"[0, 0.5)\": 0",
            "\"[0.5, 1]\": 0, \"[0, 0.5)\": 1",
        ),
        ("tables", "execution_share", "parameters.yaml", "\"[0.9, 1]\": 1", "\"[0.9, 1]\": 0.5"),
        (
            "checks",
            "claims_too_much",
            "checks.yaml",
            "points_claimed > points_ceiling",
            "points_claimed >= points_ceiling",
        ),
        ("parameters", "lowest_ratio", "parameters.yaml", "since: 2024, value: 0.6", "since: 2024, value: 0.95"),
    ] {
        let mut changed = folder.clone();
        let text = changed[0].files.get_mut(file).expect(file);
        assert!(text.contains(old), "{old}");
        *text = Arc::from(text.replace(old, new));
        let (_, after) = run(&changed);
        let mut differs = false;
        for ((reach, before), after) in reaches.iter().zip(&before).zip(&after) {
            differs |= before != after;
            if !reach.reach.consulted(section, id) {
                spared += 1;
                assert_eq!(before, after, "{section}.{id}: {}", reach.name);
            }
        }
        // A table that is switched off and entries that no row comes to are consulted by nobody.
        let expected = !["otherwise", "no_budget", "old_share"].contains(&id);
        assert_eq!(differs, expected, "{section}.{id}");
    }
    assert!(spared >= 18, "{spared}");
}
