//! What a change of rules does to generated forms, held against evaluating both sides in full.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test starts the command, writes the files it reads, and fails by panicking"
)]

#[path = "impact/command.rs"]
mod command;
#[path = "impact/forms.rs"]
mod forms;
#[path = "impact/rules.rs"]
mod rules;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::evaluation::{Evaluation, evaluate};
use heng::form::Form;
use heng::impact::{Budget, Change, Comparison, FormImpact, Impact, Side, Standing};
use heng::pack::PackFiles;
use heng::quantity::{Exact, Points};
use heng::ruleset::RuleBook;

/// Every kind of change that moves scores: pack, file, what stands there, what is to stand there.
const EDITS: &[(&str, &str, &str, &str)] = &[
    (
        "mof-2020",
        "parameters.yaml",
        "    title: 正向指标计分的完成率上限，达到即满分\n    unit: ratio\n    values:\n      - {since: 2020, value: 1,",
        "    title: 正向指标计分的完成率上限，达到即满分\n    unit: ratio\n    values:\n      - {since: 2020, value: 0.9,",
    ),
    ("mof-2020", "grades.yaml", "good: {title: 良, points: \"[80, 90)\"}", "good: {title: 良, points: \"[82, 90)\"}"),
    ("mof-2020", "grades.yaml", "fair: {title: 中, points: \"[60, 80)\"}", "fair: {title: 中, points: \"[60, 82)\"}"),
    ("mof-2020", "methods.yaml", "achieved: \"[0.8, 1]\"", "achieved: \"[0.85, 1]\""),
    ("mof-2020", "methods.yaml", "partly: \"[0.6, 0.8)\"", "partly: \"[0.6, 0.85)\""),
    ("mof-2020", "lexicon.yaml", "部分, 有所, 一般", "部分, 一般"),
    ("mof-2020", "pack.yaml", "award: claim_within_ceiling", "award: ceiling"),
    ("longgang-2022", "pack.yaml", "fiscal_years: {from: 2022}", "fiscal_years: {from: 2023}"),
    ("mof-2020", "pack.yaml", "fiscal_years: {from: 2020}", "fiscal_years: {from: 2021}"),
];

/// The national pack and those of four regions.
fn shipped() -> Vec<PackFiles> {
    let mut folder =
        rules_folder::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).expect("the shipped rules");
    folder.retain(|files| ["mof-2020", "longgang-2022", "guangxi", "sichuan-2023", "shanxi"].contains(&&*files.name));
    folder
}

fn generated(count: usize, seed: u64) -> Vec<Form> {
    forms::drafts(count, seed).into_iter().map(|draft| Form::admit(draft).expect("a form")).collect()
}

fn compiled(folder: &[PackFiles]) -> RuleBook {
    let (book, problems) = RuleBook::compile(folder);
    book.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// The shipped rules with these edits; each is of something that stands there.
fn edited(edits: &[(&str, &str, &str, &str)]) -> RuleBook {
    let mut folder = shipped();
    for (pack, file, from, to) in edits {
        let files = &mut folder.iter_mut().find(|files| files.name == *pack).expect("the pack").files;
        let text = files.get_mut(*file).expect("the file");
        assert!(text.contains(from), "{pack}/{file} does not say {from}");
        *text = Arc::from(text.replacen(from, to, 1));
    }
    compiled(&folder)
}

fn evaluated(book: &RuleBook, form: &Form) -> Option<Evaluation> {
    let set = book.select("", "", form.fiscal_year().get(), form.project_code()).ok()?;
    Some(evaluate(set, form))
}

/// What is told of a form is what two full evaluations say.
fn assert_told_truly(told: &FormImpact, old: Option<&Evaluation>, new: Option<&Evaluation>) {
    for (side, evaluation) in [(&told.old, old), (&told.new, new)] {
        match (side, evaluation) {
            (Side::NoRules(_), None) => {}
            (Side::Scored(scored), Some(evaluation)) => {
                assert_eq!(scored.points, evaluation.points, "{}", told.label);
                assert_eq!(scored.grade, evaluation.grade, "{}", told.label);
                assert_eq!(scored.complete, evaluation.complete, "{}", told.label);
                assert_eq!(scored.revision, evaluation.revision, "{}", told.label);
            }
            other => panic!("{}: {other:?}", told.label),
        }
    }
    let (Some(old), Some(new)) = (old, new) else { return };
    let told_rows: BTreeMap<&str, _> = told.rows.iter().map(|row| (row.field.as_str(), row)).collect();
    for (before, after) in old.indicators.iter().zip(&new.indicators) {
        let is_same = before.score.status == after.score.status
            && before.met() == after.met()
            && before.score.method() == after.score.method()
            && before.score.derivation() == after.score.derivation()
            && (before.score.floor, before.score.ceiling, before.score.awarded)
                == (after.score.floor, after.score.ceiling, after.score.awarded);
        match told_rows.get(before.field().as_str()) {
            None => assert!(is_same, "{} {}: a change is missing", told.label, before.field()),
            Some(row) => {
                let (one, other) = (row.old.as_ref().expect("a row"), row.new.as_ref().expect("a row"));
                assert_eq!(one.awarded, before.score.awarded);
                assert_eq!(one.derivation, before.score.derivation());
                assert_eq!(other.ceiling, after.score.ceiling);
                assert_eq!(other.derivation, after.score.derivation());
                assert!(!is_same || one.entry != other.entry, "{} {}: nothing changed", told.label, before.field());
            }
        }
    }
    let codes = |evaluation: &Evaluation| {
        let mut codes: Vec<_> =
            evaluation.findings.iter().map(|f| (f.code.clone(), f.field.clone(), f.severity)).collect();
        codes.sort();
        codes
    };
    let (mut before, after) = (codes(old), codes(new));
    for finding in &told.findings {
        let key = (finding.code.clone(), finding.field.clone(), finding.severity);
        if finding.appears {
            before.push(key);
        } else {
            let at = before.iter().position(|known| *known == key).expect("what vanishes was there");
            before.remove(at);
        }
    }
    before.sort();
    assert_eq!(before, after, "{}", told.label);
}

/// Counts everything again from full evaluations, the plain way.
#[derive(Default, Debug, PartialEq)]
struct Counted {
    awarded: usize,
    sum: Option<Exact>,
    loss: Option<Points>,
    migration: BTreeMap<(String, String), usize>,
    findings: BTreeMap<(String, bool), usize>,
}

fn standing(evaluation: Option<&Evaluation>) -> String {
    match evaluation {
        None => "no rules".to_owned(),
        Some(evaluation) => evaluation.grade.as_ref().map_or("none".to_owned(), |grade| grade.id.clone()),
    }
}

impl Counted {
    fn add(&mut self, old: Option<&Evaluation>, new: Option<&Evaluation>) {
        *self.migration.entry((standing(old), standing(new))).or_default() += 1;
        let (Some(old), Some(new)) = (old, new) else { return };
        let delta = new.points.awarded.checked_sub(old.points.awarded).expect("within range");
        self.awarded += usize::from(!delta.is_zero());
        self.sum = Some(self.sum.clone().unwrap_or(Exact::ZERO).add(&delta.to_exact()).expect("a sum"));
        self.loss = Some(self.loss.unwrap_or(Points::ZERO).min(delta));
        for (from, to, appears) in [(old, new, false), (new, old, true)] {
            let mut others: Vec<_> = to.findings.iter().map(|f| (&f.code, &f.field, f.severity)).collect();
            for finding in &from.findings {
                let key = (&finding.code, &finding.field, finding.severity);
                match others.iter().position(|known| *known == key) {
                    Some(at) => drop(others.swap_remove(at)),
                    None => *self.findings.entry((finding.code.clone(), appears)).or_default() += 1,
                }
            }
        }
    }

    fn of(impact: &Impact) -> Self {
        let name = |standing: &Standing| match standing {
            Standing::Graded { id, .. } => id.clone(),
            Standing::Ungraded => "none".to_owned(),
            Standing::NoRules => "no rules".to_owned(),
        };
        let mut migration = BTreeMap::new();
        for (old, new, count) in impact.grades.counts() {
            *migration.entry((name(old), name(new))).or_default() += count;
        }
        let findings = impact
            .findings
            .iter()
            .flat_map(|(code, tally)| [((code.clone(), false), tally.vanish), ((code.clone(), true), tally.appear)]);
        Counted {
            awarded: impact.changes.get(&Change::Awarded).copied().unwrap_or(0),
            sum: Some(impact.deltas.sum().clone()),
            loss: Some(impact.deltas.largest_loss()),
            migration,
            findings: findings.filter(|(_, count)| *count > 0).collect(),
        }
    }
}

/// Compares forms both ways; the tally is put together from `parts` tallies in turn.
fn compared(old: &RuleBook, new: &RuleBook, forms: &[Form], parts: usize) -> Impact {
    let comparison = Comparison::new(old, new);
    let mut tallies: Vec<Impact> = (0..parts).map(|_| comparison.tally(20)).collect();
    let mut counted = Counted::default();
    for (at, form) in forms.iter().enumerate() {
        let label = format!("form {at:05}");
        let (before, after) = (evaluated(old, form), evaluated(new, form));
        let told = comparison.compare(&label, form);
        assert_told_truly(&told, before.as_ref(), after.as_ref());
        counted.add(before.as_ref(), after.as_ref());
        tallies.get_mut(at % parts).expect("a part").record(told);
    }
    let mut whole = comparison.tally(20);
    tallies.into_iter().rev().for_each(|part| whole.merge(part));
    let whole = whole.finish();
    assert_eq!(whole.forms, forms.len());
    assert_eq!(Counted::of(&whole), counted);
    whole
}

#[test]
fn what_is_told_is_what_two_full_evaluations_say() {
    let forms = generated(80, 7);
    let old = compiled(&shipped());
    let mut awarded = 0;
    // Each edit alone where it stands alone; the edits of bands and of tiers only make sense together.
    let alone = [&EDITS[..1], &EDITS[1..3], &EDITS[3..5], &EDITS[5..6], &EDITS[6..7], &EDITS[7..8], &EDITS[8..9]];
    for edits in alone.into_iter().chain([EDITS]) {
        let new = edited(edits);
        let impact = compared(&old, &new, &forms, 3);
        assert!(impact.changes.values().sum::<usize>() > 0, "{edits:?} change nothing");
        awarded += impact.changes.get(&Change::Awarded).copied().unwrap_or(0);
        if edits.len() == EDITS.len() {
            assert_eq!(impact, compared(&old, &new, &forms, 1), "the parts do not matter");
        }
        let moved: usize = impact.deltas.histogram().iter().filter(|bin| bin.sign != 0).map(|bin| bin.forms).sum();
        assert_eq!(moved, impact.changes.get(&Change::Awarded).copied().unwrap_or(0));
    }
    assert!(awarded > 60, "{awarded}");
}

#[test]
fn rules_that_did_not_change_change_nothing() {
    let book = compiled(&shipped());
    let impact = compared(&book, &compiled(&shipped()), &generated(30, 3), 2);
    assert_eq!((impact.changed, impact.changes.len(), impact.top.len()), (0, 0, 0));
}

#[test]
fn the_forms_that_move_most_are_kept_in_their_order() {
    let (old, new) = (compiled(&shipped()), edited(EDITS));
    let comparison = Comparison::new(&old, &new);
    let forms = generated(60, 11);
    let told: Vec<FormImpact> =
        forms.iter().enumerate().map(|(at, form)| comparison.compare(&format!("{at:03}"), form)).collect();
    let mut moves: Vec<Exact> = told.iter().filter_map(|form| Some(form.delta()?.to_exact().abs())).collect();
    moves.sort_by(|one, other| other.cmp(one));
    for keep in [0, 1, 5, 500] {
        let mut tally = comparison.tally(keep);
        told.iter().for_each(|form| tally.record(form.clone()));
        let top = tally.finish().top;
        assert_eq!(top.len(), keep.min(told.iter().filter(|form| form.changes_score()).count()));
        let kept: Vec<Exact> = top.iter().filter_map(|form| Some(form.delta()?.to_exact().abs())).collect();
        assert_eq!(kept.as_slice(), &moves[..kept.len()]);
    }
}

#[test]
fn a_budget_holds_up_to_its_limit() {
    let (old, new) = (compiled(&shipped()), edited(EDITS));
    let impact = compared(&old, &new, &generated(60, 5), 1);
    let (changed, drops, largest) = (impact.changed, impact.grades.drops(), impact.deltas.largest());
    assert!(changed > 1 && drops > 0 && !largest.is_zero(), "{changed} {drops} {largest}");
    let exact = Budget { max_changed: Some(changed), max_delta: Some(largest), max_grade_drops: Some(drops) };
    assert_eq!(exact.exceeded_by(&impact), []);
    let cent = Points::parse("0.01").expect("a cent");
    let tight = Budget {
        max_changed: Some(changed - 1),
        max_delta: largest.checked_sub(cent),
        max_grade_drops: Some(drops - 1),
    };
    let limits: Vec<&str> = tight.exceeded_by(&impact).iter().map(|excess| excess.limit).collect();
    assert_eq!(limits, ["max_changed", "max_delta", "max_grade_drops"]);
    assert_eq!(Budget::default().exceeded_by(&impact), []);
}

/// `cargo test --release --test impact -- --ignored --nocapture`
#[test]
#[ignore = "for a release build"]
fn ten_thousand_forms() {
    let (old, new) = (compiled(&shipped()), edited(EDITS));
    let impact = compared(&old, &new, &generated(10_000, 1), 4);
    assert!(impact.changed > 1000, "{}", impact.changed);
}
