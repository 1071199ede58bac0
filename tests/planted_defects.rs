//! Forms without a flaw, and what is found when one flaw is planted into them.
//!
//! Every defect is planted into every clean form that has a place for it. Wanted: its finding, on its field, and
//! nothing else that was not there before but the consequences that `tests/data/planted-consequences.tsv` gives a
//! reason for.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    reason = "a test reads its files and fails by panicking; what plants a defect says where, or nothing where it cannot"
)]

#[path = "planted/edit.rs"]
mod edit;
#[path = "planted/funds.rs"]
mod funds;
#[path = "planted/rows.rs"]
mod rows;
#[path = "planted/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use heng::app::rules_folder;
use heng::diagnostic::Severity;
use heng::document::{Limits, Problems, parse};
use heng::evaluation::{Evaluation, evaluate, evaluate_watched};
use heng::form::{Draft, Form};
use heng::ruleset::{RuleBook, RuleSet};

/// A way to spoil a form.
struct Defect {
    name: &'static str,
    /// What must be found.
    code: &'static str,
    /// Spoils the form and names the field that must be pointed at; `None` where the form has no place for it.
    plant: fn(&mut Draft) -> Option<String>,
}

/// The clean forms, and the packs whose layouts they have.
const CLEAN: [(&str, &str); 6] = [
    ("longgang-2022", "longgang-2022"),
    ("national", "mof-2020"),
    ("yunnan", "mof-2020"),
    ("sichuan", "sichuan-2023"),
    ("groups", "mof-2020"),
    ("cost-first", "mof-2021-101"),
];

fn defects() -> impl Iterator<Item = &'static Defect> {
    [table::DEFECTS, funds::DEFECTS, rows::DEFECTS].into_iter().flatten()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

fn book() -> RuleBook {
    let folder = rules_folder::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).expect("the shipped rules");
    RuleBook::compile(&folder).0.expect("the shipped rules compile")
}

fn clean_form(name: &str) -> Draft {
    let text = fs::read_to_string(data().join("clean").join(format!("{name}.yaml"))).expect("a clean form");
    let mut problems = Problems::new();
    let draft = Draft::from_node(&parse("form.yaml", &text, &Limits::FORM).expect("it is YAML"), &mut problems);
    assert_eq!(problems, [], "{name}");
    draft
}

fn evaluated(rules: &RuleSet, draft: &Draft) -> Evaluation {
    evaluate(rules, &Form::admit(draft.clone()).expect("a spoilt form is a form all the same"))
}

type Told = BTreeSet<(String, String)>;

fn told(evaluation: &Evaluation) -> Told {
    evaluation.findings.iter().map(|found| (found.code.clone(), found.field.clone())).collect()
}

/// (defect, finding) → why the one brings the other along.
fn consequences() -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(data().join("planted-consequences.tsv")).expect("the table of consequences");
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let [defect, code, why] = line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        assert!(why.chars().count() >= 4, "{defect}, {code}: say why");
        ((defect.to_owned(), code.to_owned()), why.to_owned())
    });
    let table: BTreeMap<_, _> = rows.collect();
    assert!(text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count() == table.len(), "twice");
    table
}

#[test]
fn nothing_is_found_on_clean_forms() {
    let book = book();
    for (name, pack) in CLEAN {
        let evaluation = evaluated(book.get(pack).expect("a shipped pack"), &clean_form(name));
        assert!(evaluation.findings.iter().all(|found| found.severity != Severity::Error), "{name}");
        assert_eq!(told(&evaluation), Told::new(), "{name}");
        assert_eq!(evaluation.points.claimed, Some(evaluation.points.awarded), "{name}");
        assert!(evaluation.grade.is_some(), "{name}");
    }
}

/// Checks are run together, and one by one where somebody looks on: on forms with several defects at once, and with a
/// text so long that only one by one is left.
#[test]
fn checks_find_together_what_each_finds_by_itself() {
    let book = book();
    let kinds = [funds::DEFECTS, rows::DEFECTS, table::DEFECTS];
    for (form, pack) in CLEAN {
        let rules = book.get(pack).expect("a shipped pack");
        for first in (0..defects().count()).step_by(3) {
            let mut spoilt = clean_form(form);
            for kind in kinds {
                let _ = (kind[first % kind.len()].plant)(&mut spoilt);
            }
            if first % 32 == 0 {
                spoilt.indicators[0].deviation_reason = "因征地推迟，下一步加快。".repeat(1_600);
                spoilt.project_name = "疫情".repeat(900);
            }
            let form = Form::admit(spoilt).expect("a spoilt form is a form all the same");
            let (one_by_one, _) = evaluate_watched(rules, &form);
            assert_eq!(evaluate(rules, &form), one_by_one, "{first}");
        }
    }
}

#[test]
fn every_planted_defect_is_found_where_it_is_and_nothing_else() {
    let book = book();
    let consequences = consequences();
    let (mut wrong, mut used, mut planted) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    for (form, pack) in CLEAN {
        let rules = book.get(pack).expect("a shipped pack");
        let clean = clean_form(form);
        let before = told(&evaluated(rules, &clean));
        for defect in defects() {
            let mut spoilt = clean.clone();
            let Some(field) = (defect.plant)(&mut spoilt) else { continue };
            assert_ne!(spoilt, clean, "{form}: {} changes nothing", defect.name);
            *planted.entry(defect.name).or_insert(0) += 1;
            let evaluation = evaluated(rules, &spoilt);
            let wanted = (defect.code.to_owned(), field);
            let now = told(&evaluation);
            if !now.contains(&wanted) {
                wrong.push(format!("{form}: {} is not found as {} at {}", defect.name, wanted.0, wanted.1));
            }
            for (code, field) in now.difference(&before).filter(|found| **found != wanted) {
                let key = (defect.name.to_owned(), code.clone());
                if consequences.contains_key(&key) {
                    used.insert(key);
                } else {
                    let message = evaluation.findings.iter().find(|f| f.code == *code && f.field == *field);
                    let message = message.map(|found| found.message.zh.as_str()).unwrap_or_default();
                    wrong.push(format!(
                        "{form}: {} also gives\t{}\t{code}\t{field}\t{message}",
                        defect.name, defect.name
                    ));
                }
            }
        }
    }
    let names: BTreeSet<&str> = defects().map(|defect| defect.name).collect();
    assert_eq!(names.len(), defects().count(), "two defects of one name");
    wrong.extend(names.iter().filter(|name| !planted.contains_key(*name)).map(|name| format!("{name}: nowhere")));
    wrong.extend(consequences.keys().filter(|key| !used.contains(*key)).map(|key| format!("no longer so: {key:?}")));
    let total: usize = planted.values().sum();
    assert!(wrong.is_empty(), "{} of {total} forms with {} defects:\n{}", wrong.len(), names.len(), wrong.join("\n"));
    assert!(names.len() >= 60 && total >= 300, "{} defects, {total} forms", names.len());
}
