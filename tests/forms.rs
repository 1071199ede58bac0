//! The real forms under `examples/forms`: what `docs/forms.md` says of each is what heng finds.
//!
//! `HENG_UPDATE=1 cargo test --test forms` writes the listings of the document anew.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and reads its files"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use heng::app::rules_folder;
use heng::diagnostic::Severity;
use heng::document::{Limits, Problems, parse};
use heng::evaluation::{Evaluation, Status, evaluate};
use heng::form::{Draft, Form};
use heng::quantity::Points;
use heng::reading::{Kind, Met};
use heng::ruleset::RuleBook;

/// What a listing begins with: ` ```text FORM PACK `.
const LISTING: &str = "```text ";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn book() -> RuleBook {
    let folder = rules_folder::load(&repository().join("rules")).expect("the shipped rules");
    RuleBook::compile(&folder).0.expect("the shipped rules compile")
}

fn form(name: &str) -> Form {
    let path = repository().join(format!("examples/forms/{name}.yaml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut problems = Problems::new();
    let draft = Draft::from_node(&parse(name, &text, &Limits::FORM).expect("it is YAML"), &mut problems);
    assert_eq!(problems, [], "{name}");
    Form::admit(draft).expect("a form")
}

/// Rows with both cells filled in, and those of them whose cells were both read and compared.
fn read_rows(evaluation: &Evaluation) -> (usize, usize) {
    let is_there = |kind: Kind| !matches!(kind, Kind::Blank | Kind::NotApplicable);
    let filled =
        || evaluation.indicators.iter().filter(|row| is_there(row.target.kind()) && is_there(row.actual.kind()));
    (filled().count(), filled().filter(|row| row.met() != Met::Unknown).count())
}

fn listing(evaluation: &Evaluation) -> String {
    let points = &evaluation.points;
    let claimed = points.claimed.map_or_else(|| "—".to_owned(), |points| points.to_string());
    let grade = evaluation.grade.as_ref().map_or("不评等级", |grade| grade.title.as_str());
    let (filled, read) = read_rows(evaluation);
    let open = evaluation.indicators.iter().filter(|row| row.score.status == Status::NeedsReview).count();
    let range = |low: Points, high: Points| if low == high { low.to_string() } else { format!("{low}–{high}") };
    let mut text = format!(
        "自评 {claimed}  核算 {}  认定 {}  {grade}\n指标 {} 行，填全 {filled} 行，读出 {read} 行，待复核 {open} 行\n",
        range(points.floor, points.ceiling),
        points.awarded,
        evaluation.indicators.len(),
    );
    for found in &evaluation.findings {
        let severity = match found.severity {
            Severity::Error => "错误",
            Severity::Warning => "提醒",
            Severity::Info => "提示",
        };
        let _ = writeln!(text, "{severity}  {}  {}\n      {}", found.code, found.field, found.message.zh);
    }
    if evaluation.findings.is_empty() {
        text.push_str("没有问题\n");
    }
    text
}

/// The document with every listing as heng gives it now, and what it lists.
fn written_anew(document: &str, book: &RuleBook) -> (String, BTreeSet<(String, String)>) {
    let (mut text, mut listed, mut lines) = (String::new(), BTreeSet::new(), document.lines());
    while let Some(line) = lines.next() {
        let _ = writeln!(text, "{line}");
        let Some((name, pack)) = line.strip_prefix(LISTING).and_then(|rest| rest.split_once(' ')) else { continue };
        let rules = book.get(pack).unwrap_or_else(|| panic!("there is no pack {pack}"));
        text.push_str(&listing(&evaluate(rules, &form(name))));
        text.push_str("```\n");
        assert!(listed.insert((name.to_owned(), pack.to_owned())), "{name} under {pack} is listed twice");
        lines.by_ref().find(|line| *line == "```").expect("a listing ends");
    }
    (text, listed)
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("examples/forms")).expect("the forms");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn the_document_says_what_is_found_on_every_form() {
    let path = repository().join("docs/forms.md");
    let document = fs::read_to_string(&path).expect("docs/forms.md");
    let (now, listed) = written_anew(&document, &book());
    if std::env::var_os("HENG_UPDATE").is_some() {
        fs::write(&path, &now).expect("it can be written");
    } else {
        assert!(now == document, "docs/forms.md: run `HENG_UPDATE=1 cargo test --test forms`\n{now}");
    }
    for file in files() {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        assert!(listed.contains(&(name.to_owned(), "mof-2020".to_owned())), "{name} is not in docs/forms.md");
    }
}

#[test]
fn a_form_that_is_not_covered_gets_one_finding_and_no_grade() {
    let book = book();
    let rules = book.get("mof-2020").expect("the national pack");
    for name in [
        "05-qingshen-gongzi",
        "18-hengshan-chubeiliang",
        "19-fuwu-maoyi",
        "26-lingling-linye-zhengti",
        "30-lvliang-hugong",
        "34-huanggang-shuibao",
        "38-suining-liangpin",
    ] {
        let evaluation = evaluate(rules, &form(name));
        assert_eq!(evaluation.findings.len(), 1, "{name}");
        assert!(evaluation.grade.is_none() && evaluation.points.awarded.is_zero(), "{name}");
    }
}

#[test]
fn nearly_every_row_that_is_filled_in_is_read() {
    let book = book();
    let rules = book.get("mof-2020").expect("the national pack");
    let (mut filled, mut read) = (0, 0);
    for file in files() {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        let (of, these) = read_rows(&evaluate(rules, &form(name)));
        (filled, read) = (filled + of, read + these);
    }
    let share = format!("{read} of {filled} rows");
    let document = fs::read_to_string(repository().join("docs/forms.md")).expect("docs/forms.md");
    assert!(document.contains(&share), "docs/forms.md should say: {share}");
    assert!(read * 100 >= filled * 97, "{share}");
}
