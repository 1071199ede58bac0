//! `heng test --mutate` over a small pack: every kind of slip occurs, what is called noticed or not is so when the
//! slip is really made, and the cases it proposes notice.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "this test starts the command, writes the files it reads, and fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use heng::regress::mutation::{Operator, Proposal};
use serde_json::Value;

const SAMPLE: &str = "tests/mutation/rules/sample";

/// A copy of the sample in a folder of this test's own.
fn sample(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutation").join(test);
    drop(std::fs::remove_dir_all(&folder));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE), &folder.join("sample"));
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder of our own");
    for entry in std::fs::read_dir(from).expect("the sample").flatten() {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            std::fs::copy(&path, &copied).expect("a file");
        }
    }
}

fn heng(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heng"));
    command.arg("test").arg(folder).args(arguments).env_remove("CLICOLOR_FORCE").env_remove("COLUMNS");
    command.output().expect("heng runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("heng was not killed")
}

/// The mutants by id, and the last line.
fn mutated(folder: &Path, arguments: &[&str]) -> (BTreeMap<String, Value>, Value) {
    let output = heng(folder, &[&["--mutate", "--json"], arguments].concat());
    let text = String::from_utf8(output.stdout).expect("text");
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let total = lines.pop().expect("a last line");
    let id = |line: &Value| line["mutant"].as_str().expect("an id").to_owned();
    let count = lines.len();
    let mutants: BTreeMap<String, Value> = lines.into_iter().map(|line| (id(&line), line)).collect();
    assert_eq!(mutants.len(), count, "no two mutants have one id");
    (mutants, total)
}

fn of_fate<'m>(mutants: &'m BTreeMap<String, Value>, fate: &str) -> BTreeSet<&'m str> {
    mutants.iter().filter(|(_, mutant)| mutant["fate"] == fate).map(|(id, _)| id.as_str()).collect()
}

#[test]
fn every_kind_of_slip_occurs_and_the_numbers_add_up() {
    let (mutants, total) = mutated(&sample("kinds"), &["--no-proposals"]);
    let found: BTreeSet<&str> = mutants.values().filter_map(|mutant| mutant["operator"].as_str()).collect();
    let all: BTreeSet<&str> = Operator::ALL.into_iter().map(Operator::name).collect();
    assert_eq!(found, all);
    let count = |fate| of_fate(&mutants, fate).len();
    assert_eq!(total["mutants"]["total"], mutants.len());
    assert_eq!(total["mutants"]["killed"], count("killed") + count("refused"));
    assert_eq!(total["mutants"]["refused"], count("refused"));
    assert_eq!(total["mutants"]["survived"], count("survived"));
    assert!(["killed", "refused", "survived"].into_iter().all(|fate| count(fate) > 5), "{total}");
    assert_eq!((&total["passed"], &total["failed"]), (&Value::from(3), &Value::from(0)));
    let cited = ["cite", "title", "message", "help", "sources", "description"];
    let is_cited = |path: &Value| cited.iter().any(|part| path.as_str().is_some_and(|path| path.ends_with(part)));
    assert!(mutants.values().all(|mutant| !is_cited(&mutant["path"])), "what decides nothing is left alone");
}

/// The oracle: the slip is made in the file itself, by line and column, and the command run on it.
#[test]
fn what_is_said_of_a_slip_is_so_when_it_is_made() {
    let folder = sample("made");
    let (mutants, _) = mutated(&folder, &["--no-proposals"]);
    let mut tried = BTreeMap::new();
    for (number, mutant) in mutants.values().enumerate() {
        let text = |key: &str| mutant[key].as_str().expect("a text").to_owned();
        let (was, now, fate) = (text("was"), text("now"), text("fate"));
        let is_plain =
            !was.contains('\n') && !now.is_empty() && text("operator") != "edge" && text("operator") != "order";
        if !is_plain || number % 4 != 0 {
            continue;
        }
        let path = folder.join(text("file"));
        let written = std::fs::read_to_string(&path).expect("the file");
        let at = |key: &str| usize::try_from(mutant[key].as_u64().expect("a number")).expect("small") - 1;
        let changed: Vec<String> = written
            .lines()
            .enumerate()
            .map(|(line, text)| {
                if line != at("line") {
                    return text.to_owned();
                }
                let start = text.char_indices().nth(at("column")).expect("a column").0;
                let (before, rest) = text.split_at(start);
                format!("{before}{now}{}", rest.strip_prefix(was.as_str()).expect("what was there"))
            })
            .collect();
        std::fs::write(&path, changed.join("\n") + "\n").expect("a file of our own");
        let wanted = match fate.as_str() {
            "killed" => 1,
            "refused" => 2,
            _ => 0,
        };
        assert_eq!(code(&heng(&folder, &[])), wanted, "{mutant}");
        *tried.entry(fate).or_insert(0) += 1;
        std::fs::write(&path, written).expect("a file of our own");
    }
    assert!(tried.len() == 3 && tried.values().sum::<i32>() > 12, "{tried:?}");
}

#[test]
fn the_case_that_is_proposed_notices() {
    let folder = sample("proposed");
    let (before, _) = mutated(&folder, &["scoring.yaml"]);
    let survivors = of_fate(&before, "survived");
    let with_case: BTreeSet<&str> = survivors.iter().copied().filter(|id| before[*id]["case"].is_string()).collect();
    assert!(with_case.len() > 3, "{} of {}", with_case.len(), survivors.len());
    let cases: Vec<&str> = with_case.iter().filter_map(|id| before[*id]["case"].as_str()).collect();
    std::fs::write(folder.join("sample/cases/mutation.yaml"), cases.concat()).expect("a file of our own");
    let output = heng(&folder, &[]);
    assert_eq!(code(&output), 0, "the rules as written pass: {}", String::from_utf8_lossy(&output.stdout));
    let (after, _) = mutated(&folder, &["scoring.yaml", "--no-proposals"]);
    let still = of_fate(&after, "survived");
    assert!(with_case.is_disjoint(&still), "{:?}", with_case.intersection(&still));
    for id in survivors.difference(&with_case) {
        assert!(before[*id]["tried"].as_u64() > Some(10), "{}", before[*id]);
    }
}

#[test]
fn the_line_that_is_proposed_notices_a_lost_word() {
    let folder = sample("words");
    let (before, _) = mutated(&folder, &["lexicon.yaml comparators"]);
    let lost =
        before.values().find(|mutant| mutant["path"] == "comparators.at_least.before[不少于]").expect("the word");
    assert_eq!(lost["fate"], "survived");
    let line = lost["reading"].as_str().expect("a line");
    assert!(line.starts_with("不少于10场\t"), "{line}");
    let table = format!("{}\n{line}\n", Proposal::columns());
    std::fs::write(folder.join("sample/cases/words.tsv"), table).expect("a file of our own");
    assert_eq!(code(&heng(&folder, &[])), 0);
    let (after, _) = mutated(&folder, &["lexicon.yaml comparators", "--no-proposals"]);
    let id = lost["mutant"].as_str().expect("an id");
    assert_eq!(after[id]["fate"], "killed");
    assert_eq!(after[id]["by"], "sample/cases/words.tsv:2:1");
}

#[test]
fn a_survivor_is_shown_with_its_place_its_lines_and_the_case() {
    let folder = sample("shown");
    let output = heng(&folder, &["adjustments.deduction.points 公式", "--mutate", "--lang", "zh"]);
    assert_eq!(code(&output), 2, "no such slip");
    let output = heng(&folder, &["adjustments.deduction.points constant: 0", "--mutate"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("sample/scoring.yaml:"), "{text}");
    assert!(
        text.contains("-     points: max(points - 1, 0)") && text.contains("+     points: max(points - 1, 1)"),
        "{text}"
    );
    assert!(text.contains("- case: ") && text.contains("form: {indicators: "), "{text}");
    assert!(text.ends_with("3 passed, 0 failed\n"), "{text}");
}

#[test]
fn accepted_survivors_need_a_reason_and_stale_ones_are_told() {
    let folder = sample("accepted");
    let (mutants, _) = mutated(&folder, &["--no-proposals"]);
    let entries = |ids: &[&str]| ids.iter().map(|id| format!("    {id}: 某处\n")).collect::<Vec<_>>().concat();
    let survivors: Vec<&str> = of_fate(&mutants, "survived").into_iter().collect();
    let baseline = folder.join("sample/.mutants.yaml");
    std::fs::write(&baseline, format!("- reason: 等价\n  mutants:\n{}", entries(&survivors))).expect("a file");
    let output = heng(&folder, &["--mutate", "--no-proposals"]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stdout));
    let killed = *of_fate(&mutants, "killed").first().expect("one");
    let stale = entries(&[&[killed, "000000000000"], survivors.as_slice()].concat());
    std::fs::write(&baseline, format!("- reason: 等价\n  mutants:\n{stale}")).expect("a file");
    let output = heng(&folder, &["--mutate", "--no-proposals"]);
    assert_eq!(code(&output), 1);
    let told = String::from_utf8(output.stderr).expect("text");
    assert!(told.contains(killed) && told.contains("000000000000") && told.lines().count() == 2, "{told}");
    std::fs::write(&baseline, format!("- mutants:\n{}", entries(&survivors))).expect("a file");
    assert_eq!(code(&heng(&folder, &["--mutate", "--no-proposals"])), 2, "a reason is needed");
}

#[test]
fn the_least_share_decides_where_it_is_given() {
    let folder = sample("least");
    let run = |least: &str| code(&heng(&folder, &["--mutate", "--no-proposals", "--min-killed", least]));
    assert_eq!((run("0"), run("100"), run("101")), (0, 1, 2));
    assert_eq!(code(&heng(&folder, &["--mutate", "--no-proposals"])), 1, "without it every survivor counts");
}

#[test]
fn ids_stay_when_lines_move() {
    let folder = sample("moved");
    let (before, _) = mutated(&folder, &["--no-proposals"]);
    for name in ["scoring.yaml", "checks.yaml", "lexicon.yaml", "scripts/share.rhai"] {
        let path = folder.join("sample").join(name);
        let comment = if name.ends_with("rhai") { "// 注\n\n" } else { "# 注\n\n" };
        let text = std::fs::read_to_string(&path).expect("the file");
        std::fs::write(&path, format!("{comment}{text}")).expect("a file of our own");
    }
    let (after, _) = mutated(&folder, &["--no-proposals"]);
    assert!(before.keys().eq(after.keys()));
}

#[test]
fn rules_whose_cases_fail_are_not_mutated() {
    let folder = sample("failing");
    std::fs::write(folder.join("sample/cases/wrong.yaml"), "- {case: 错, want: {grade: poor}}\n").expect("a file");
    let output = heng(&folder, &["--mutate"]);
    assert_eq!(code(&output), 1);
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("3 passed, 1 failed\n"));
}
