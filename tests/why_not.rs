//! Why a form has no more points: the account closes on every form, and every change that is told does what it says
//! when it is typed into the form and evaluated anew.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and reads its files"
)]

#[path = "impact/forms.rs"]
mod forms;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::counterfactual::{Answer, Cause, Change, Goal, Line, WhyNot};
use heng::document::{Limits, Problems, parse};
use heng::evaluation::{Evaluation, evaluate};
use heng::form::{Draft, Form};
use heng::pack::PackFiles;
use heng::quantity::{Exact, Points};
use heng::ruleset::{RuleBook, RuleSet};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> Vec<PackFiles> {
    let mut folder = rules_folder::load(&here().join("rules")).expect("the shipped rules");
    let region = here().join("examples/new-region/qinghe-2024");
    folder.extend(rules_folder::load(&region).expect("the region of the guide"));
    folder
}

fn book(folder: &[PackFiles]) -> RuleBook {
    let (book, problems) = RuleBook::compile(folder);
    book.unwrap_or_else(|| panic!("{problems:#?}"))
}

fn draft(path: &Path) -> Draft {
    let text = fs::read_to_string(path).expect("it can be read");
    let mut problems = Problems::new();
    let name: Arc<str> = path.display().to_string().into();
    let draft = Draft::from_node(&parse(name, &text, &Limits::FORM).expect("it is YAML"), &mut problems);
    assert_eq!(problems, []);
    draft
}

/// Every form of the examples.
fn examples() -> Vec<(String, Draft)> {
    let mut paths = vec![
        here().join("examples/longgang-2022.yaml"),
        here().join("examples/new-region/qinghe-2024/forms/jiangtan-2024.yaml"),
    ];
    let entries = fs::read_dir(here().join("examples/forms")).expect("the forms");
    paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), draft(path))).collect()
}

fn rules<'b>(book: &'b RuleBook, draft: &Draft) -> &'b RuleSet {
    let year = draft.fiscal_year.parse().expect("a year");
    book.select("", "", year, &draft.project_code).expect("rules for it")
}

/// Types a change into a form, by the path that it tells.
fn typed(draft: &mut Draft, field: &str, new: &str, evaluation: &Evaluation) {
    let new = new.to_owned();
    if let Some(rest) = field.strip_prefix("indicators[") {
        let (row, cell) = rest.split_once("].").expect("a row and a cell");
        let at: usize = row.parse().expect("a row");
        let row = draft.indicators.get_mut(at).expect("the row is there");
        match cell {
            "actual" => row.actual = new,
            "points_claimed" => row.points_claimed = new,
            "deviation_reason" => row.deviation_reason = new,
            "actual_structured.tier" => row.actual_structured.tier = new,
            "actual_structured.date" => row.actual_structured.date = new,
            "actual_structured.value" => {
                row.actual_structured.value = new;
                let unit = evaluation.indicators.get(at).and_then(|row| row.actual.unit());
                unit.unwrap_or_default().clone_into(&mut row.actual_structured.unit);
            }
            other => {
                let title = other.strip_prefix("attributes.").unwrap_or_else(|| panic!("{field}"));
                row.attributes.insert(title.to_owned(), new);
            }
        }
        return;
    }
    match field {
        "funds.points_claimed" => draft.funds.points_claimed = new,
        "funds.total.budget_executed" => draft.funds.total.budget_executed = new,
        other => {
            let title = other.strip_prefix("attributes.").unwrap_or_else(|| panic!("{field}"));
            draft.attributes.insert(title.to_owned(), new);
        }
    }
}

fn evaluated(rules: &RuleSet, draft: &Draft) -> Evaluation {
    evaluate(rules, &Form::admit(draft.clone()).expect("a form"))
}

/// The points between possible and awarded, added up from the rows themselves.
fn lacking(evaluation: &Evaluation) -> Exact {
    let scores =
        evaluation.execution.iter().map(|line| &line.score).chain(evaluation.indicators.iter().map(|row| &row.score));
    let possible = scores
        .filter_map(|score| score.possible)
        .fold(Exact::ZERO, |sum, points| sum.add(&points.to_exact()).expect("a sum"));
    possible.sub(&evaluation.points.awarded.to_exact()).expect("a difference")
}

/// What a change says is what happens.
fn assert_true(name: &str, rules: &RuleSet, draft: &Draft, why: &WhyNot, answer: &Answer) {
    let reaches = |draft: &Draft| answer.goal.is_reached(rules, &evaluated(rules, draft));
    let with = |changes: &[(&str, &str)]| {
        let mut draft = draft.clone();
        for (field, new) in changes {
            typed(&mut draft, field, new, &why.evaluation);
        }
        draft
    };
    let pair = |change: &Change| (change.field.clone(), change.new.clone());
    for change in &answer.changes {
        let (field, new) = pair(change);
        let then = with(&[(&field, &new)]);
        assert!(reaches(&then), "{name}: {change:?}");
        let told = evaluated(rules, &then);
        assert_eq!(
            (told.points.awarded, told.grade),
            (change.then.awarded, change.then.grade.clone()),
            "{name}: {change:?}"
        );
        if let Some((value, awarded)) = &change.short {
            let short = with(&[(&field, value)]);
            assert!(!reaches(&short), "{name}: a step less reaches it too: {change:?}");
            assert_eq!(evaluated(rules, &short).points.awarded, *awarded, "{name}");
        }
    }
    if !answer.together.is_empty() {
        assert!(answer.changes.is_empty(), "{name}: one would be enough");
        let pairs: Vec<(String, String)> = answer.together.iter().map(pair).collect();
        let all: Vec<(&str, &str)> = pairs.iter().map(|(field, new)| (field.as_str(), new.as_str())).collect();
        let then = with(&all);
        assert!(reaches(&then), "{name}: {answer:?}");
        assert_eq!(Some(evaluated(rules, &then).points.awarded), answer.at_most.as_ref().map(|most| most.awarded));
        for one in &all {
            assert!(!reaches(&with(&[*one])), "{name}: {one:?} alone is enough");
        }
    }
    assert_eq!(answer.is_reached, reaches(draft), "{name}");
}

/// The account closes, and every change holds; gives the causes that were met and how many changes were told.
fn explained(name: &str, rules: &RuleSet, draft: &Draft, goal: Option<Goal>) -> (BTreeSet<Cause>, usize) {
    let why = WhyNot::of(rules, draft.clone(), goal).expect("a form");
    let direct = evaluated(rules, draft);
    assert_eq!(why.evaluation, direct, "{name}");
    assert_eq!(why.ledger.sum(), lacking(&direct), "{name}: {:#?}", why.ledger);
    for loss in &why.ledger.losses {
        assert!(
            !loss.points.is_zero() && !loss.sentence.zh.is_empty() && !loss.sentence.en.is_empty(),
            "{name}: {loss:?}"
        );
        if loss.line != Line::Form {
            assert!(loss.place.contains(".yaml"), "{name}: {loss:?}");
        }
    }
    assert_eq!(why.no_grade.is_empty(), direct.grade.is_some(), "{name}");
    why.answers.iter().for_each(|answer| assert_true(name, rules, draft, &why, answer));
    let told = why.answers.iter().map(|answer| answer.changes.len() + answer.together.len()).sum();
    (why.ledger.losses.iter().map(|loss| loss.cause).collect(), told)
}

#[test]
fn the_account_closes_and_every_change_does_what_it_says() {
    let book = book(&folder());
    let (mut causes, mut told) = (BTreeSet::new(), 0);
    for (name, draft) in examples() {
        let (met, changes) = explained(&name, rules(&book, &draft), &draft, None);
        causes.extend(met);
        told += changes;
    }
    assert!(told > 20, "{told}");
    for (number, draft) in forms::drafts(12, 21).iter().enumerate() {
        let (met, changes) = explained(&format!("generated {number}"), rules(&book, draft), draft, None);
        causes.extend(met);
        told += changes;
    }
    assert!(told > 60, "{told}");
    for cause in [Cause::Method, Cause::Tier, Cause::Claim, Cause::Withheld, Cause::NotCovered, Cause::Adjustment] {
        assert!(causes.contains(&cause), "{cause:?} was not met: {causes:?}");
    }
}

/// `cargo test --release --test why_not -- --ignored`
#[test]
#[ignore = "for a release build"]
fn the_account_closes_over_a_thousand_forms() {
    let book = book(&folder());
    for (number, draft) in forms::drafts(1000, 22).iter().enumerate() {
        explained(&format!("generated {number}"), rules(&book, draft), draft, None);
    }
}

/// 投资推广和企业服务: row 6 wants 95 % and has 91.76 %. 8 × 94.95 ÷ 95 is 7.9957…, which is 8.00 in two decimals.
#[test]
fn the_smallest_change_is_exact() {
    let book = book(&folder());
    let mut sample = draft(&here().join("examples/longgang-2022.yaml"));
    sample.indicators.get_mut(5).expect("row 6").points_claimed = "8".to_owned();
    let why = WhyNot::of(rules(&book, &sample), sample.clone(), None).expect("a form");
    let answer = why.answers.iter().find(|answer| answer.goal == Goal::Full(Line::Row(5))).expect("row 6 lacks points");
    let [change] = answer.changes.as_slice() else { panic!("{answer:#?}") };
    assert_eq!((change.old.as_str(), change.new.as_str()), ("91.76%", "94.95%"));
    assert_eq!(change.short.as_ref().map(|(value, _)| value.as_str()), Some("94.94%"));
    let edge = |percent: &str| {
        let share = Exact::parse(percent).expect("a number").div(&Exact::from_i64(95)).expect("a share");
        Points::fix(&share.mul(&Exact::from_i64(8)).expect("points"))
    };
    assert_eq!((edge("94.95").to_string(), edge("94.94").to_string()), ("8".to_owned(), "7.99".to_owned()));
}

#[test]
fn a_goal_is_a_grade_or_a_number_of_points() {
    let book = book(&folder());
    let sample = draft(&here().join("examples/longgang-2022.yaml"));
    let set = rules(&book, &sample);
    let points = |text: &str| Goal::Points(Points::parse(text).expect("points"));
    for (text, goal) in [
        ("优", Some(Goal::Grade("excellent".to_owned()))),
        (" good ", Some(Goal::Grade("good".to_owned()))),
        ("99.5", Some(points("99.5"))),
        ("极好", None),
        ("-1", None),
        ("", None),
    ] {
        assert_eq!(Goal::parse(text, set), goal, "{text}");
    }
    // Below, at and above what it has; 99.98 needs more than one cell, 101 is out of reach.
    for (wanted, reached, found) in
        [("98.18", true, true), ("98.19", false, true), ("99.98", false, true), ("101", false, false)]
    {
        let why = WhyNot::of(set, sample.clone(), Some(points(wanted))).expect("a form");
        let first = why.answers.first().expect("an answer to what was asked");
        assert_eq!(first.is_reached, reached, "{wanted}");
        assert_eq!(reached || !first.changes.is_empty() || !first.together.is_empty(), found, "{wanted}: {first:#?}");
        explained(wanted, set, &sample, Some(points(wanted)));
    }
}

/// A cap of the total, a deduction of a row: both are told with their rule, and what lifts them is found.
#[test]
fn adjustments_are_accounted_for() {
    let mut folder = folder();
    let national = folder.iter_mut().find(|files| files.name == "mof-2020").expect("it is shipped");
    let text = national.files.get_mut("scoring.yaml").expect("it has one");
    let adjustments = "
adjustments:
  no_reason:
    title: 没有达标又没有写原因
    for: indicator
    when: met == false && blank(deviation_reason)
    points: max(points - 1, 0)
    cite: {source: cn-practice, basis: PRACTICE}
  low_execution_cap:
    title: 执行率低，总分封顶
    for: form
    when: execution_rate < 0.95
    points: min(points, 79)
    cite: {source: cn-practice, basis: PRACTICE}
";
    *text = Arc::from(format!("{text}{adjustments}"));
    let book = book(&folder);
    let mut sample = draft(&here().join("examples/longgang-2022.yaml"));
    sample.indicators.get_mut(5).expect("row 6").deviation_reason = String::new();
    let set = rules(&book, &sample);
    let why = WhyNot::of(set, sample.clone(), None).expect("a form");
    let adjusted: Vec<(Line, &str)> = why
        .ledger
        .losses
        .iter()
        .filter(|loss| loss.cause == Cause::Adjustment)
        .map(|loss| (loss.line, loss.rule.as_str()))
        .collect();
    assert_eq!(adjusted, [(Line::Row(5), "adjustments.no_reason"), (Line::Form, "adjustments.low_execution_cap")]);
    assert_eq!(why.evaluation.points.awarded.to_string(), "79");
    let next = why.answers.first().expect("the next grade");
    assert_eq!(next.goal, Goal::Grade("good".to_owned()));
    let fields: Vec<&str> = next.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["funds.total.budget_executed"], "{next:#?}");
    // 0.95 × 5262824.65 is 4999683.4175: the next 分 is the first that is enough.
    let change = next.changes.first().expect("a change");
    assert_eq!(change.new, "4999683.42");
    explained("adjusted", set, &sample, None);
}
