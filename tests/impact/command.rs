//! `heng impact` as its users and their scripts see it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use heng::form::Draft;
use serde_json::{Value, json};

use super::forms;

fn heng(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heng"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env("COLUMNS", "120");
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.output().expect("heng runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("heng was not killed")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// A folder of its own, with the national pack in `rules`.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("impact-{name}"));
    fs::remove_dir_all(&folder).ok();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/mof-2020"), &folder.join("rules/mof-2020"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join("rules/mof-2020").join(file);
    let text = fs::read_to_string(&path).expect("the file");
    assert!(text.contains(from));
    fs::write(&path, text.replacen(from, to, 1)).expect("written");
}

const LIMIT: (&str, &str) = (
    "达到即满分\n    unit: ratio\n    values:\n      - {since: 2020, value: 1, cite: {source: cn-2020-10",
    "达到即满分\n    unit: ratio\n    values:\n      - {since: 2020, value: 0.9, cite: {source: cn-2020-10",
);

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("a path").to_owned()
}

const SAMPLE: &str = "examples/longgang-2022.yaml";
const FORMS: &str = "examples/forms";

#[test]
fn the_exit_code_says_whether_scores_change_and_whether_limits_hold() {
    let folder = scratch("codes");
    edit(&folder, "parameters.yaml", LIMIT.0, LIMIT.1);
    let (old, new) = ("rules/mof-2020", path(&folder, "rules"));
    let run = |more: &[&str]| code(&heng(&[&["impact", "--from", old, "--to", new.as_str()], more].concat()));
    assert_eq!(run(&[SAMPLE]), 1);
    assert_eq!(code(&heng(&["impact", "--from", old, "--to", old, SAMPLE])), 0);
    assert_eq!(code(&heng(&["impact", "--from", old, "--to", old])), 0);
    assert_eq!(run(&[]), 1, "without forms: the rules differ");
    // The sample moves by 2.3 points, within its grade.
    for (limits, want) in [
        (&["--max-changed", "1"][..], 0),
        (&["--max-changed", "0"], 1),
        (&["--max-delta", "2.3"], 0),
        (&["--max-delta", "2.29"], 1),
        (&["--max-grade-drops", "0"], 0),
        (&["--max-changed", "1", "--max-delta", "1"], 1),
    ] {
        assert_eq!(run(&[&[SAMPLE], limits].concat()), want, "{limits:?}");
    }
    for wrong in [
        &["impact", "--from", "nowhere", "--to", old][..],
        &["impact", "--from", "sha256:00", "--to", old],
        &["impact", "--from", old, "--to", old, "nothing.yaml"],
    ] {
        let output = heng(wrong);
        assert_eq!(code(&output), 2, "{wrong:?}");
        assert!(output.stderr.len() > 10, "{wrong:?}");
    }
}

#[test]
fn the_page_tells_rules_and_scores() {
    let folder = scratch("page");
    edit(&folder, "parameters.yaml", LIMIT.0, LIMIT.1);
    let output =
        heng(&["impact", "--from", "rules/mof-2020", "--top", "20", "--to", &path(&folder, "rules"), FORMS, SAMPLE]);
    let page = text(&output.stdout);
    assert!(page.contains("15 张表中 ") && page.contains("……另有 "), "{page}");
    for shown in [
        "参数  completion_ratio_limit",
        "2020 年起：1 → 0.9",
        "mof-2020/parameters.yaml",
        "完成率 ∈ (90%, 100%]：points_possible × actual ÷ target → 0.9 × points_possible",
        "产出指标 · 数量指标",
        "scoring.at_least",
        "98.18 → 95.88 (-2.3)",
        "8 × 91.76% ÷ 95% = 7.73",
        "8 × min(91.76% ÷ 95%, 0.9) = 7.2",
    ] {
        assert!(page.contains(shown), "{shown} is not on the page:\n{page}");
    }
    let widest = page.lines().map(unicode_width::UnicodeWidthStr::width).max();
    assert!(widest <= Some(120), "{widest:?}");
    let english =
        heng(&["impact", "--lang", "en", "--from", "rules/mof-2020", "--to", &path(&folder, "rules"), SAMPLE]);
    let english = text(&english.stdout);
    assert!(
        english.contains("1 of 1 forms change their scores") && english.contains("since 2020: 1 → 0.9"),
        "{english}"
    );
}

#[test]
fn json_is_one_object_and_csv_has_a_line_for_every_form_and_row() {
    let folder = scratch("json");
    edit(&folder, "parameters.yaml", LIMIT.0, LIMIT.1);
    let csv = path(&folder, "impact.csv");
    let output = heng(&[
        "impact",
        "--json",
        "--top",
        "20",
        "--csv",
        &csv,
        "--from",
        "rules/mof-2020",
        "--to",
        &path(&folder, "rules"),
        FORMS,
        SAMPLE,
    ]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(told["forms"], 15);
    let top = told["top"].as_array().expect("a list");
    assert!(top.iter().any(|form| form["form"] == SAMPLE && form["delta"] == "-2.3"), "{told}");
    let counted: u64 =
        told["grades"]["migration"].as_array().expect("a list").iter().filter_map(|cell| cell["forms"].as_u64()).sum();
    assert_eq!(counted, 15);
    let written = fs::read_to_string(&csv).expect("the file");
    let lines: Vec<Vec<String>> = written.strip_prefix('\u{FEFF}').expect("a mark").lines().map(cells).collect();
    let (head, lines) = lines.split_first().expect("a head");
    assert!(lines.iter().all(|line| line.len() == head.len()), "{written}");
    let of = |word: &str| lines.iter().filter(|line| line[0] == word).collect::<Vec<_>>();
    assert_eq!(of("表").len(), 15);
    let rows = told["byCategory"].as_array().expect("a list").iter();
    let rows: u64 = rows.filter_map(|row| Some(row["changed"].as_u64()? + row["otherwise"].as_u64()?)).sum();
    assert_eq!(u64::try_from(of("行").len()).expect("few"), rows);
    // Old and new stand side by side, from the status to the points awarded.
    let differs = |line: &&Vec<String>| (11..19).step_by(2).any(|at| line[at] != line[at + 1]);
    let changed: BTreeSet<&String> = lines.iter().filter(differs).map(|line| &line[1]).collect();
    assert_eq!(told["changed"], changed.len());
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("a cell").push(c),
        }
    }
    cells
}

#[test]
fn rules_come_out_of_git_without_a_checkout() {
    let folder = scratch("git");
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-C", folder.to_str().expect("a path"), "-c", "user.name=heng", "-c", "user.email=heng@example.org"])
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "first"]);
    git(&["tag", "v1"]);
    edit(&folder, "parameters.yaml", LIMIT.0, LIMIT.1);
    git(&["commit", "--quiet", "-am", "second"]);
    let rules = path(&folder, "rules");
    // What is on the disk is not asked.
    edit(&folder, "grades.yaml", "title: 良", "title: 良好");
    let sections = |output: &Output| -> Vec<String> {
        let told: Value = serde_json::from_slice(&output.stdout).expect("one object");
        let rules = told["rules"].as_array().expect("a list").iter();
        rules
            .map(|rule| format!("{}.{}", rule["section"].as_str().unwrap_or(""), rule["id"].as_str().unwrap_or("")))
            .collect()
    };
    let limit = ["parameters.completion_ratio_limit", "methods.proportional"];
    for (from, to, want) in [
        ("v1", "git:HEAD:rules", &limit[..]),
        ("HEAD~1", "git:HEAD", &limit),
        ("git:v1:rules/mof-2020", "git:HEAD:rules/mof-2020", &limit),
        ("git:HEAD:rules", rules.as_str(), &["bands.", "bands.good"]),
        ("git:v1", "git:v1:rules/", &[]),
    ] {
        let output = heng(&["impact", "--json", "--rules", &rules, "--from", from, "--to", to]);
        assert_eq!(sections(&output), want, "{from} → {to}: {}", text(&output.stderr));
        assert_eq!(code(&output), i32::from(!want.is_empty()));
    }
    for (from, said) in [
        ("v2", "没有文件夹 `v2`"),
        ("--upload-pack=x", "git"),
        ("git:v1:nowhere", "git"),
        ("git:HEAD:rules/mof-2020/cases", "没有规则包"),
    ] {
        let from = format!("--from={from}");
        let output = heng(&["impact", "--rules", &rules, &from, "--to", &rules]);
        assert_eq!(code(&output), 2, "{from}");
        assert!(text(&output.stderr).contains(said), "{from}: {}", text(&output.stderr));
    }
}

#[test]
fn many_forms_are_compared_in_any_file() {
    let folder = scratch("many");
    edit(&folder, "parameters.yaml", LIMIT.0, LIMIT.1);
    let lines: String = forms::drafts(40, 9).iter().map(|draft| json(draft) + "\n").collect();
    let file = folder.join("forms.ndjson");
    // One of them twice, and one that is no form.
    let first = lines.lines().next().expect("a form").to_owned();
    fs::write(&file, format!("{lines}{first}\n{{\"project_name\":\"\"}}\n")).expect("written");
    let output = heng(&[
        "impact",
        "--json",
        "--from",
        "rules/mof-2020",
        "--to",
        &path(&folder, "rules"),
        file.to_str().expect("a path"),
    ]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!((&told["forms"], &told["repeated"], &told["refused"]), (&40.into(), &1.into(), &1.into()));
    assert!(text(&output.stderr).contains("forms.ndjson:42"), "{}", text(&output.stderr));
}

/// The form as a line of a file.
fn json(draft: &Draft) -> String {
    let rows: Vec<Value> = draft
        .indicators
        .iter()
        .map(|row| {
            json!({
                "dimension": row.dimension, "category": row.category, "name": row.name,
                "target": row.target, "actual": row.actual,
                "points_possible": row.points_possible, "points_claimed": row.points_claimed,
                "deviation_reason": row.deviation_reason,
            })
        })
        .collect();
    let (funds, total) = (&draft.funds, &draft.funds.total);
    let goals: Vec<Value> = draft
        .goals
        .iter()
        .map(|goal| json!({"period": goal.period, "expected": goal.expected, "achieved": goal.achieved}))
        .collect();
    json!({
        "project_code": draft.project_code, "project_name": draft.project_name, "fiscal_year": draft.fiscal_year,
        "implementing_unit": draft.implementing_unit, "primary_budget_unit": draft.primary_budget_unit,
        "funds": {
            "unit": funds.unit, "points_possible": funds.points_possible, "points_claimed": funds.points_claimed,
            "total": {
                "budget_initial": total.budget_initial, "budget_annual": total.budget_annual,
                "budget_executed": total.budget_executed,
            },
        },
        "goals": goals, "indicators": rows, "total": {"points_possible": draft.total.points_possible},
    })
    .to_string()
}
