//! The command line as its users and their scripts see it: exit codes, what goes to which stream, and the
//! figures of the sample form.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "this test starts the command, writes the files it reads, and fails by panicking"
)]

#[path = "cli/check.rs"]
mod of_check;
#[path = "cli/folder.rs"]
mod of_a_folder;
#[path = "cli/rules.rs"]
mod of_the_rules;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const SAMPLE: &str = "examples/longgang-2022.yaml";
fn heng(arguments: &[&str]) -> Output {
    heng_with_input(arguments, b"")
}

fn heng_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("heng starts");
    // A command that reads nothing closes its input: that is its right.
    drop(child.stdin.take().expect("piped").write_all(input));
    child.wait_with_output().expect("heng ends")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heng"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("COLUMNS").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("heng was not killed")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is text")
}

/// Standard output, every line of it JSON.
fn json_lines(output: &Output) -> Vec<Value> {
    let lines = stdout(output);
    lines.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder of our own");
    folder
}

fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder of our own");
    std::fs::write(&path, content).expect("a file of our own");
    path.to_str().expect("a readable path").to_owned()
}

/// The shipped rules, to be changed.
fn copied_rules(name: &str) -> PathBuf {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder of our own");
        for entry in std::fs::read_dir(from).expect("the rules are there").flatten() {
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if from.is_dir() {
                copy(&from, &to);
            } else {
                std::fs::copy(&from, &to).expect("a rule file");
            }
        }
    }
    let folder = folder(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &folder);
    folder
}

fn replaced(path: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(path).expect("a rule file");
    assert!(text.contains(old), "{} has no `{old}`", path.display());
    std::fs::write(path, text.replacen(old, new, 1)).expect("a rule file");
}

/// A form of one row, all of it sound.
const SOUND: &str = r#"{"project_name":"试验项目","fiscal_year":2023,"indicators":[
{"dimension":"产出指标","category":"数量指标","name":"培训场次","target":"10场","actual":"10场","points_possible":"90","points_claimed":"90"}]}"#;

#[test]
fn the_sample_form_has_its_figures() {
    let output = heng(&["eval", SAMPLE, "--json"]);
    assert_eq!(code(&output), 1, "some findings are errors");
    assert_eq!(stderr(&output), "");
    let [evaluation] = json_lines(&output).try_into().expect("one form, one line");
    let figures = [
        ("/id", ""),
        ("/rulePack", "longgang-2022"),
        ("/projectCode", "440307220601500400009"),
        ("/points/possible", "100"),
        ("/points/claimed", "98.18"),
        ("/points/awarded", "98.18"),
        ("/points/ceiling", "98.91"),
        ("/grade/id", "excellent"),
        ("/grade/title", "优"),
        ("/execution/rate", "0.9176"),
        ("/execution/pointsAwarded", "9.18"),
        ("/indicators/0/met", "MET"),
        ("/indicators/1/met", "EXCEEDED"),
        ("/indicators/5/field", "indicators[5]"),
        ("/indicators/5/category", "cost"),
        ("/indicators/5/target/comparison", "AT_LEAST"),
        ("/indicators/5/target/value", "95"),
        ("/indicators/5/met", "NOT_MET"),
        ("/indicators/5/pointsCeiling", "7.73"),
        ("/indicators/5/pointsClaimed", "7"),
        ("/indicators/5/pointsAwarded", "7"),
        ("/indicators/5/derivation", "8 × 91.76% ÷ 95% = 7.73"),
        ("/indicators/13/status", "NOT_APPLICABLE"),
    ];
    for (path, want) in figures {
        assert_eq!(evaluation.pointer(path).and_then(Value::as_str), Some(want), "{path}");
    }
    assert_eq!(evaluation["complete"], true);
    assert_eq!(evaluation["indicators"].as_array().map(Vec::len), Some(14));
    for digest in ["formDigest", "revision"] {
        assert!(evaluation[digest].as_str().is_some_and(|text| text.starts_with("sha256:")), "{digest}");
    }
    let findings: Vec<String> = evaluation["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            format!("{}@{}", finding["code"].as_str().unwrap_or(""), finding["field"].as_str().unwrap_or(""))
        })
        .collect();
    for wanted in [
        "missing_deviation_reason@indicators[5].deviation_reason",
        "score_formula_mismatch@indicators[5].points_claimed",
        "goal_copied_from_expectation@goals[0].achieved",
        "unquantified_indicator_dominates@indicators[7].points_possible",
    ] {
        assert!(findings.iter().any(|found| found == wanted), "{wanted} is not among {findings:?}");
    }
}

#[test]
fn the_page_shows_the_scores_the_sign_and_the_ground() {
    let output = heng(&["eval", SAMPLE]);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    let page = stdout(&output);
    assert!(!page.contains('\u{1b}'), "no colour where no terminal is");
    for shown in [
        "投资推广和企业服务",
        "98.91",
        "8 × 91.76%",
        "▼   6",
        "等级优",
        "〔依据未核对原文〕",
        "indicators[5].deviation_reason",
    ] {
        assert!(page.contains(shown), "{shown} is not on the page:\n{page}");
    }
    let english = stdout(&heng(&["eval", SAMPLE, "--lang", "en"]));
    assert!(english.contains("Awarded 98.18, excellent") && english.contains("[source not checked]"), "{english}");
    let coloured = stdout(&heng(&["eval", SAMPLE, "--color", "always"]));
    assert!(coloured.contains('\u{1b}'));
}

#[test]
fn no_line_of_the_page_is_wider_than_the_screen() {
    for columns in ["80", "100", "120", "160"] {
        let output = command(&["eval", SAMPLE]).env("COLUMNS", columns).output().expect("heng runs");
        for line in stdout(&output).lines() {
            let cells = unicode_width::UnicodeWidthStr::width(line);
            assert!(cells <= columns.parse().expect("a number"), "{cells} cells of {columns}: {line}");
        }
    }
}

#[test]
fn a_sound_form_from_any_door_exits_with_zero() {
    let folder = folder("sound");
    let whole = SOUND.replace("\"fiscal_year\":2023", "\"fiscal_year\":2023,\"implementing_unit\":\"某单位\"");
    let one_line = whole.replace('\n', "");
    let path = file(&folder, "a/form.json", &whole);
    file(&folder, "a/.hidden.json", "not a form");
    file(&folder, "a/notes.txt", "not a form");
    file(&folder, "b/forms.ndjson", format!("{one_line}\n\n{one_line}\n"));
    let whole_folder = folder.to_str().expect("a path");
    for (arguments, input, lines) in [
        (vec!["eval", &path, "--json"], "", 1),
        (vec!["eval", whole_folder, "--json"], "", 3),
        (vec!["eval", "-", "--json"], whole.as_str(), 1),
        (vec!["eval", "-", "--format", "json"], &format!("{one_line}\n{one_line}\n"), 2),
    ] {
        let output = heng_with_input(&arguments, input.as_bytes());
        let found = json_lines(&output);
        assert_eq!(found.len(), lines, "{arguments:?}");
        let errors = found.iter().flat_map(|form| form["findings"].as_array().cloned().unwrap_or_default());
        let errors = errors.filter(|finding| finding["severity"] == "ERROR").count();
        assert_eq!(code(&output), i32::from(errors > 0), "{arguments:?}: {}", stdout(&output));
    }
}

/// What is wrong, the file, and a stretch of what standard error says.
fn bad_forms() -> Vec<(&'static str, &'static str, Vec<u8>, &'static str)> {
    let row = r#"{"name":"a","target":"1个","actual":"1个","points_possible":"1","points_claimed":"1"}"#;
    let form = |rows: &str| format!(r#"{{"project_name":"x","fiscal_year":2022,"indicators":[{rows}]}}"#).into_bytes();
    vec![
        ("nothing", "empty.yaml", Vec::new(), "empty.yaml:1:1"),
        ("no YAML", "not.yaml", b"a: [1, 2\nb: }".to_vec(), "not.yaml:2:"),
        ("no form", "prose.yaml", "一段话".into(), "prose.yaml:1:1"),
        ("no indicators", "none.json", form(""), "indicators"),
        ("a number beyond any", "e400.json", form(&row.replace("\"1\"", "\"1e400\"")), "indicators[0].points_possible"),
        ("rows without end", "rows.json", form(&vec![row; 100_000].join(",\n")), "rows.json:"),
        ("a text of a megabyte", "long.json", form(&row.replace("1个", &"长".repeat(350_000))), "indicators[0].target"),
        ("NUL", "nul.yaml", b"project_name: \"a\0b\"\n".to_vec(), "nul.yaml:1:17"),
        ("NUL, escaped", "nul.json", form(&row.replace("\"a\"", r#""a\u0000""#)), "indicators[0].name"),
        ("a text that runs backwards", "rtl.json", form(&row.replace("\"a\"", "\"a\u{202e}b\"")), "indicators[0].name"),
        ("an unknown key", "typo.json", form(&row.replace("\"target\"", "\"targt\"")), "`target`"),
        ("a key twice", "twice.yaml", b"project_name: a\nproject_name: b\n".to_vec(), "twice.yaml:2:1"),
        ("bytes that are no text", "latin.yaml", b"project_name: \xff\n".to_vec(), "UTF-8"),
        ("brackets without end", "deep.json", vec![b'['; 1_000_000], "deep.json:1:"),
        (
            "a year without rules",
            "old.yaml",
            b"{project_name: a, fiscal_year: 2001, indicators: [{name: a}]}".to_vec(),
            "2001",
        ),
    ]
}

#[test]
fn what_is_no_form_is_refused_by_name_and_place() {
    let folder = folder("bad");
    for (what, name, content, said) in bad_forms() {
        let path = file(&folder, name, content);
        let output = heng(&["eval", &path]);
        assert_eq!(code(&output), 2, "{what}");
        assert_eq!(stdout(&output), "", "{what}: an error is no result");
        let talk = stderr(&output);
        assert!(talk.contains(&path) && talk.contains(said), "{what}: {talk}");
        assert!(talk.len() < 20_000, "{what}: {} bytes of talk", talk.len());
    }
}

#[test]
fn a_refusal_is_an_object_among_the_others_and_stops_nothing() {
    let folder = folder("mixed");
    let missing = folder.join("missing.yaml").to_str().expect("a path").to_owned();
    let empty = folder.join("empty");
    std::fs::create_dir_all(&empty).expect("a folder of our own");
    let bad = file(
        &folder,
        "bad.yaml",
        "project_name: x\nfiscal_year: 2022\nindicators:\n  - {name: a, points_possible: many}\n",
    );
    let lines = file(&folder, "lines.ndjson", format!("{}\n{{\"project_name\": \"x\"}}\n", SOUND.replace('\n', "")));
    let output = heng(&["eval", "--json", &missing, &bad, empty.to_str().expect("a path"), &lines, SAMPLE]);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    let found = json_lines(&output);
    let refused: Vec<bool> = found.iter().map(|line| line.get("error").is_some()).collect();
    assert_eq!(refused, [true, true, true, false, true, false]);
    assert_eq!(found[1]["file"], bad);
    let violation = &found[1]["error"]["violations"][0];
    assert_eq!(violation["field"], "indicators[0].points_possible");
    assert_eq!((&violation["line"], &violation["column"]), (&Value::from(4), &Value::from(32)));
    assert!(found[1]["error"]["message"].as_str().is_some_and(|message| message.contains("many")));
    assert_eq!(found[4]["error"]["violations"][0]["line"], 2, "the line of the file, not of the form");

    let alone = heng(&["eval", "--json", &missing]);
    assert_eq!((code(&alone), json_lines(&alone).len()), (2, 1));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in [&["eval", SAMPLE, SAMPLE, SAMPLE][..], &["test"], &["read", "--file", "tests/data/readings.tsv"]]
    {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("heng starts");
        let mut first = [0; 16];
        child.stdout.take().expect("piped").read_exact(&mut first).expect("some output");
        let output = child.wait_with_output().expect("heng ends");
        assert!(!stderr(&output).contains("panicked"), "{arguments:?}: {}", stderr(&output));
        assert!(code(&output) <= 1, "{arguments:?}");
    }
}

#[test]
fn calc_gives_the_exact_value_and_the_points() {
    let output = heng(&["calc", "8 * min(actual / target, 1)", "actual=91.76%", "target=95%", "--json"]);
    assert_eq!(code(&output), 0);
    let answer = &json_lines(&output)[0];
    assert_eq!(answer["compiled"], true);
    assert_eq!(answer["points"], "7.73");
    assert_eq!(answer["derivation"], "8 × 91.76% ÷ 95%");
    assert!(answer["value"].as_str().is_some_and(|value| value.starts_with("≈7.7271")));
    for (expr, value) in [
        ("3 * 0.325 / 3", Value::from("0.325")),
        ("1/2 == 0.5", Value::from(true)),
        ("-1 + 3", Value::from("2")),
        ("if 1 > 2 { \"甲\" } else { \"乙\" }", Value::from("乙")),
    ] {
        assert_eq!(json_lines(&heng(&["calc", expr, "--json"]))[0]["value"], value, "{expr}");
    }
    let pack = heng(&["calc", "overachievement_limit", "--pack", "mof-2020", "--year", "2022", "--json"]);
    assert_eq!(json_lines(&pack)[0]["value"], "1.3");
}

#[test]
fn calc_points_at_what_is_wrong() {
    let output = heng(&["calc", "超额 + actul", "actual=1"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    let talk = stderr(&output);
    let under = |what: &str| {
        let line = talk.lines().find_map(|line| line.strip_suffix(what)).expect("the formula and its caret are shown");
        unicode_width::UnicodeWidthStr::width(line)
    };
    assert!(talk.contains("`actual`"), "a suggestion: {talk}");
    assert_eq!(under("actul"), under("^^^^^"), "the caret stands under the name:\n{talk}");
    for (arguments, said) in [
        (&["calc", "1 / 0"][..], "除数为零"),
        (&["calc", "1 / 0", "--lang", "en"], "division by zero"),
        (&["calc", "a", "a"], "名称=值"),
        (&["calc", "--file", "no-such.tsv"], "no-such.tsv"),
        (&["calc", "--pack", "no-such", "1"], "no-such"),
    ] {
        let output = heng(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn calc_reads_a_table() {
    let folder = folder("calc");
    let table = "expr\tvars\twant\n1 + x\t{\"x\": \"2\"}\t3.0\nx\t{\"x\": \"true\"}\ttrue\n1/3\t{}\t\n1 +\t\t1\nx\t{\"x\": \"甲\"}\t甲\n";
    let path = file(&folder, "cases.tsv", table);
    let output = heng(&["calc", "--file", &path, "--json"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    let found = json_lines(&output);
    assert_eq!(found[0], serde_json::json!({"value": "3", "compiled": true}));
    assert_eq!(found[1], serde_json::json!({"value": true, "compiled": true}));
    assert_eq!(found[2]["value"], "≈0.333333333333");
    assert_eq!(found[2]["want"], "", "a wanted blank is wanted");
    assert!(found[3]["error"].is_string());
    assert_eq!(found[4]["value"], "甲");
    let written = "expr\tvars\twant\na + b\t{\"a\": \"+1.2E+3\", \"b\": \".5\"}\t1200.5\na\t{\"a\": \"-0\"}\t0e10\n\
                   a * b\t{\"a\": \"1e-30\", \"b\": \"5.\"}\t5E-30\n-1 / a\t{\"a\": \"6\"}\t-1/6\n";
    let path = file(&folder, "notations.tsv", written);
    for way in [&[][..], &["--interpreted"]] {
        let output = heng(&[&["calc", "--file", &path, "--json"], way].concat());
        assert_eq!((code(&output), json_lines(&output).len()), (0, 4), "{}", stdout(&output));
        let last = &json_lines(&output)[3];
        assert_eq!(
            *last,
            serde_json::json!({"value": "≈-0.166666666667", "compiled": way.is_empty(), "fraction": "-1/6"})
        );
    }
    for text in ["1e", "e5", ".", "1e99999999999", "1e2147483647", "1.2.3", "١"] {
        let output = heng(&["calc", "a", &format!("a={text}"), "--json"]);
        assert_eq!(json_lines(&output)[0]["value"], text, "no number, so a text");
    }
    let unwanted = file(&folder, "free.tsv", "expr\tvars\n1/3\t{}\n");
    assert_eq!(code(&heng(&["calc", "--file", &unwanted, "--json"])), 0);
    assert_eq!(code(&heng(&["calc", "--file", &file(&folder, "head.tsv", "formula\n1\n")])), 2);
}

#[test]
fn read_shows_what_was_read_and_whether_it_is_met() {
    let output = heng(&["read", "执行率95%以上", "91.76%", "--json"]);
    assert_eq!(code(&output), 0);
    let pair = &json_lines(&output)[0];
    assert_eq!((&pair["met"], &pair["target"]["comparison"]), (&Value::from("NOT_MET"), &Value::from("AT_LEAST")));
    assert_eq!(pair["actual"]["value"], "91.76");
    assert!(pair["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    let shown = stdout(&heng(&["read", "执行率95%以上", "91.76%"]));
    // Six cells of words that are not used, then number, unit and comparator.
    assert!(shown.contains("\n                  ~~~~~~~\n") && shown.contains("未达标"), "{shown}");

    let folder = folder("read");
    let path = file(&folder, "pairs.tsv", "name\ttarget\tactual\n投诉次数\t5次\t3次\n场次\t5场\n\t不适用\t不适用\n");
    let found = json_lines(&heng(&["read", "--file", &path, "--json"]));
    let kinds: Vec<&str> = found.iter().filter_map(|pair| pair["actual"]["kind"].as_str()).collect();
    assert_eq!(kinds, ["NUMBER", "BLANK", "NOT_APPLICABLE"]);
    assert_eq!(code(&heng(&["read", "--file", "no-such.tsv"])), 2);
    assert_eq!(code(&heng(&["read", "1", "2", "--pack", "no-such"])), 2);
}

#[test]
fn check_reports_everything_at_its_place() {
    let sound = heng(&["check"]);
    assert_eq!((code(&sound), stderr(&sound).as_str()), (0, ""), "{}", stdout(&sound));
    assert_eq!(
        (code(&heng(&["check", "--json"])), stdout(&heng(&["check", "--json"])).contains("\"ERROR\"")),
        (0, false)
    );
    assert_eq!(code(&heng(&["check", "rules/longgang-2022"])), 0, "one pack, with what it extends");
    assert_eq!(code(&heng(&["check", "no-such-folder"])), 2);
    assert_eq!(code(&heng(&["eval", SAMPLE, "--rules", "no-such-folder"])), 2);

    let rules = copied_rules("check");
    let at = rules.to_str().expect("a path");
    replaced(&rules.join("mof-2020/methods.yaml"), "points_possible * min(", "points_posible * min(");
    replaced(&rules.join("mof-2020/grades.yaml"), "[80, 90)", "[81, 90)");
    let output = heng(&["check", at]);
    let page = stdout(&output);
    assert_eq!(code(&output), 1);
    assert!(page.contains("mof-2020/methods.yaml:") && page.contains("`points_possible`"), "{page}");
    assert!(page.contains("mof-2020/grades.yaml:"), "all in one run: {page}");
    assert!(page.ends_with("2 个错误，0 个警告；1 处可用 --fix 改好\n"), "{page}");
    let found = json_lines(&heng(&["check", at, "--json"]));
    assert!(found.iter().all(|line| line["code"].is_string() && line["line"].is_u64() && line["column"].is_u64()));
    for command in [&["eval", SAMPLE, "--rules", at][..], &["test", at]] {
        let output = heng(command);
        assert_eq!(code(&output), 2, "broken rules score nothing: {command:?}");
        assert!(stderr(&output).contains("mof-2020/methods.yaml:"), "{command:?}");
    }
}

#[test]
fn a_changed_number_changes_the_answer() {
    let rules = copied_rules("changed");
    let methods = rules.join("mof-2020/methods.yaml");
    replaced(&methods, "achieved: \"[0.8, 1]\"", "achieved: \"[0.9, 1]\"");
    replaced(&methods, "partly: \"[0.6, 0.8)\"", "partly: \"[0.6, 0.9)\"");
    let at = rules.to_str().expect("a path");
    let floor = |output: Output| json_lines(&output)[0]["points"]["floor"].as_str().map(str::to_owned);
    let (old, new) =
        (floor(heng(&["eval", SAMPLE, "--json"])), floor(heng(&["eval", SAMPLE, "--json", "--rules", at])));
    assert!(old.is_some() && new.is_some() && old != new, "{old:?} {new:?}");
}

#[test]
fn rows_keep_as_many_decimals_as_the_parameter_says() {
    let rules = copied_rules("decimals");
    let parameters = rules.join("mof-2020/parameters.yaml");
    replaced(
        &parameters,
        "unit: decimals\n    values:\n      - {since: 2020, value: 2",
        "unit: decimals\n    values:\n      - {since: 2020, value: 1",
    );
    let at = rules.to_str().expect("a path");
    let form = &json_lines(&heng(&["eval", SAMPLE, "--json", "--rules", at]))[0];
    assert_eq!(form["indicators"][5]["pointsCeiling"], "7.7");
    assert_eq!(form["execution"]["pointsCeiling"], "9.2");
    replaced(
        &parameters,
        "unit: decimals\n    values:\n      - {since: 2020, value: 1",
        "unit: decimals\n    values:\n      - {since: 2020, value: 7",
    );
    assert_eq!(code(&heng(&["check", at])), 1);
}

#[test]
fn test_ends_with_the_plain_count() {
    let output = heng(&["test", "rules"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{}", stdout(&output));
    let last = |output: &Output| stdout(output).lines().last().map(str::to_owned).unwrap_or_default();
    let passed = stdout(&output).lines().filter(|line| line.starts_with("通过")).count();
    assert!(passed >= 40);
    assert_eq!(last(&output), format!("{passed} passed, 0 failed"));
    let object = json_lines(&heng(&["test", "--json"])).pop().expect("a last line");
    assert_eq!((&object["passed"], &object["failed"]), (&Value::from(passed), &Value::from(0)));

    let filtered = heng(&["test", "龙岗样表"]);
    assert_eq!(code(&filtered), 0);
    assert!(stdout(&filtered).lines().filter(|line| line.starts_with("通过")).all(|line| line.contains("龙岗样表")));
    let none = heng(&["test", "rules", "没有这样的案例"]);
    assert_eq!((code(&none), last(&none).as_str()), (2, "0 passed, 0 failed"));
    assert_eq!(code(&heng(&["test", "no-such-folder", "x"])), 2);
}

#[test]
fn a_failing_case_shows_the_score_first() {
    let rules = copied_rules("failing");
    let case = rules.join("longgang-2022/cases/sample.yaml");
    let text = std::fs::read_to_string(&case).expect("a case file");
    let text = text.replacen("pointsCeiling: \"7.73\"", "pointsCeiling: \"7.00\"", 1);
    std::fs::write(&case, text).expect("a case file");
    let at = rules.to_str().expect("a path");
    let output = heng(&["test", at, "longgang-2022"]);
    let page = stdout(&output);
    assert_eq!(code(&output), 1);
    assert!(page.lines().last().is_some_and(|line| line.ends_with(" passed, 1 failed")), "{page}");
    let failed: Vec<&str> = page.lines().skip_while(|line| !line.starts_with("失败")).collect();
    assert!(failed[1].contains("+0.73：想要 7.00，得到 7.73"), "{page}");
    assert!(failed[2].contains("8 × 91.76% ÷ 95% = 7.73") && failed[3].contains("mof-2020/methods.yaml:"), "{page}");
    let objects = json_lines(&heng(&["test", at, "longgang-2022", "--json"]));
    let object = objects.iter().find(|object| object["outcome"] == "failed").expect("the failed case");
    assert_eq!(object["differences"][0]["delta"], "0.73");
}

#[test]
fn a_wrong_command_line_exits_with_two() {
    for arguments in [&["eval"][..], &["calc"], &["read"], &["nonsense"], &["eval", SAMPLE, "--lang", "fr"]] {
        let output = heng(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
    }
    assert_eq!(code(&heng(&["--version"])), 0);
    assert_eq!(code(&heng(&["eval", SAMPLE, "--server", "http://127.0.0.1:1"])), 2);
}

#[test]
fn the_sample_of_the_cases_is_the_sample_of_the_examples() {
    let read =
        |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("readable");
    let kept = read("rules/longgang-2022/forms/longgang-2022.yaml");
    // The pack's file tells editors its schema first.
    let kept = kept.split_once('\n').filter(|(first, _)| first.contains("$schema=")).map_or(&*kept, |(_, form)| form);
    assert_eq!(kept, read(SAMPLE));
}
