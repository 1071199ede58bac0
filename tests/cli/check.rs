//! `heng check`: its formats, its repairs, and how it follows changes.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use super::{Value, code, command, file, folder, heng, json_lines, replaced, stderr, stdout};

/// A small pack without a flaw.
const PACK: &[(&str, &str)] = &[
    (
        "pack.yaml",
        "id: p\ntitle: 试验\napplies_to: {fiscal_years: {from: 2020}}\nsources:\n  s: {document: \"\", title: 办法}\n",
    ),
    (
        "structure.yaml",
        "dimensions:\n  d: {titles: [产出], points: 90}\ntotals:\n  form: {points: 100}\n  execution: {points: 10}\n  rounding: {decimals: decimals}\n",
    ),
    (
        "parameters.yaml",
        "parameters:\n  decimals: {title: 小数, unit: n, values: [{since: 2020, value: 2, cite: {source: s, basis: PRACTICE}}]}\n",
    ),
    (
        "methods.yaml",
        "methods:\n  share:\n    title: 按比例\n    formula: points_possible * clamp(actual / target, 0, 1)\n    direction: higher_is_better\n    cite: {source: s, basis: PRACTICE}\n",
    ),
    (
        "scoring.yaml",
        "scoring:\n  none:\n    title: 目标不为正\n    when: {if: \"!(target > 0)\"}\n    outcome: UNSCORED\n    cite: {source: s, basis: PRACTICE}\n  share:\n    title: 按比例\n    when: {comparable: true}\n    method: share\n",
    ),
    ("grades.yaml", "bands:\n  all: {title: 全, points: \"[0, 100]\"}\n"),
    ("lexicon.yaml", "tiers:\n  achieved: {words: [完成]}\n"),
    (
        "blank.yaml",
        "project_name: 培训\nfiscal_year: 2022\nindicators:\n  - {dimension: 产出, name: 场次, target: 10, actual: 9, points_possible: \"20\"}\n",
    ),
    (
        "cases/a.yaml",
        "- case: 一行\n  want: {complete: \"true\"}\n- case: 目标为零\n  form: {indicators: {0: {target: \"0\"}}}\n  want: {complete: \"true\"}\n",
    ),
];

/// The pack in a folder `name`, with these words replaced in its files.
fn pack(name: &str, changes: &[(&str, &str, &str)]) -> PathBuf {
    let folder = folder(name);
    for (path, text) in PACK {
        file(&folder, &format!("p/{path}"), text);
    }
    for (path, old, new) in changes {
        replaced(&folder.join("p").join(path), old, new);
    }
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a readable path")
}

/// A name, a word with all that formats must escape, and a key that stands twice.
fn faulty(name: &str) -> PathBuf {
    pack(
        name,
        &[
            ("methods.yaml", "clamp(actual / target", "clamp(actul / target"),
            ("methods.yaml", "direction: higher_is_better", "direction: \"上升, 50%: 是\""),
            ("grades.yaml", "bands:\n", "bands:\n  all: {title: 半, points: \"[0, 50)\"}\n"),
        ],
    )
}

#[test]
fn every_format_tells_the_same_problems() {
    let rules = faulty("formats");
    let at = text(&rules);
    let found = heng(&["check", at, "--json"]);
    assert_eq!(code(&found), 1);
    let places: Vec<String> = json_lines(&found)
        .iter()
        .map(|one| format!("{at}/{}:{}:{}", one["file"].as_str().expect("a file"), one["line"], one["column"]))
        .collect();
    assert!(places.len() >= 3, "{places:?}");

    let concise = heng(&["check", at, "--format", "concise"]);
    let lines: Vec<String> = stdout(&concise).lines().map(str::to_owned).collect();
    assert_eq!(code(&concise), 1);
    assert_eq!(lines.len(), places.len());
    for (line, place) in lines.iter().zip(&places) {
        assert!(line.starts_with(&format!("{place}: error[")), "{line} is not at {place}");
    }
    assert!(stderr(&concise).contains("个错误"), "{}", stderr(&concise));

    let github = stdout(&heng(&["check", at, "--format", "github"]));
    assert_eq!(github.lines().count(), places.len(), "{github}");
    let word = github.lines().find(|line| line.contains("title=unknown_word::")).expect("it is told");
    assert!(word.starts_with("::error file=") && word.contains(",line=5,endLine=5,col=16,endColumn="), "{word}");
    assert!(word.contains("`上升, 50%25: 是`%0A"), "{word}");

    let junit = stdout(&heng(&["check", at, "--format", "junit"]));
    assert!(junit.starts_with("<?xml version=\"1.0\""), "{junit}");
    assert!(junit.contains(&format!("failures=\"{}\"", places.len())), "{junit}");
    assert!(junit.contains("<testcase name=\"lexicon.yaml\" classname=\"p/lexicon.yaml\"/>"), "{junit}");
    assert!(junit.contains("type=\"unknown_word\"") && junit.contains("50%: 是"), "{junit}");
}

#[test]
fn sarif_names_rules_regions_and_repairs() {
    let rules = faulty("sarif");
    let output = heng(&["check", text(&rules), "--format", "sarif", "--lang", "en"]);
    assert_eq!(code(&output), 1);
    let log: Value = serde_json::from_str(&stdout(&output)).expect("SARIF is JSON");
    assert_eq!((&log["version"], &log["runs"][0]["columnKind"]), (&"2.1.0".into(), &"unicodeCodePoints".into()));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = log["runs"][0]["results"].as_array().expect("results");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(rules[index]["help"]["text"].as_str().is_some_and(|page| page.len() > 20), "{}", rules[index]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["endColumn"].as_u64() > region["startColumn"].as_u64(), "{result}");
    }
    let name = results.iter().find(|result| result["ruleId"] == "unknown_name").expect("it is told");
    let replacement = &name["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "actual");
    let region = &replacement["deletedRegion"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&38.into(), &43.into()));
    let twice = results.iter().find(|result| result["ruleId"] == "duplicate_key").expect("it is told");
    assert_eq!(twice["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 2, "{twice}");
}

#[test]
fn sound_rules_give_empty_reports() {
    let rules = pack("sound", &[]);
    for (format, want) in [("concise", Some("")), ("github", Some("")), ("sarif", None), ("junit", None)] {
        let output = heng(&["check", text(&rules), "--format", format]);
        assert_eq!(code(&output), 0, "{format}: {}{}", stdout(&output), stderr(&output));
        assert!(want.is_none_or(|want| stdout(&output) == want), "{format}: {}", stdout(&output));
    }
    let refused = heng(&["rules", "--format", "sarif"]);
    assert_eq!((code(&refused), stdout(&refused).as_str()), (2, ""));
    assert!(stderr(&refused).contains("--json"), "{}", stderr(&refused));
}

/// What stands there, what is written instead, and what the repair makes of it.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("methods.yaml", "clamp(actual", "clamp(actul", "clamp(actual"),
    (
        "methods.yaml",
        "points_possible * clamp(actual / target, 0, 1)",
        "\"points_posible × clamp（actual ÷ target, 0, 1）\"",
        "\"points_possible * clamp(actual / target, 0, 1)\"",
    ),
    ("methods.yaml", "    direction:", "    directoin:", "    direction:"),
    ("methods.yaml", "method", "method", "method"),
    ("methods.yaml", "direction: higher_is_better", "direction: 'higher_is_beter'", "direction: 'higher_is_better'"),
    ("grades.yaml", "\"[0, 100]\"", "[0, 100]", "\"[0, 100]\""),
    (
        "grades.yaml",
        "all: {title: 全, points: \"[0, 100]\"}",
        "low: {title: 低, points: [0, 60)}\n  all: {title: 全, points: \"[60, 100]\"}",
        "low: {title: 低, points: \"[0, 60)\"}\n  all: {title: 全, points: \"[60, 100]\"}",
    ),
    ("scoring.yaml", "method: share", "method： share", "method: share"),
    ("scoring.yaml", "outcome: UNSCORED", "outcome: UNSCOERD", "outcome: UNSCORED"),
];

#[test]
fn slips_are_repaired_once_and_for_all() {
    for (index, (path, old, new, want)) in SLIPS.iter().enumerate() {
        let rules = pack("repaired", &[(path, old, new)]);
        let changed = rules.join("p").join(path);
        let before = std::fs::read_to_string(&changed).expect("a rule file");
        let shown = heng(&["check", text(&rules), "--diff"]);
        assert_eq!(std::fs::read_to_string(&changed).expect("a rule file"), before, "--diff changes nothing");
        let output = heng(&["check", text(&rules), "--fix"]);
        let after = std::fs::read_to_string(&changed).expect("a rule file");
        let original = PACK.iter().find(|(name, _)| name == path).expect("a file").1;
        assert_eq!(after, original.replacen(old, want, 1), "slip {index}: {}{}", stdout(&output), stderr(&output));
        assert_eq!(code(&output), 0, "slip {index}: {}{}", stdout(&output), stderr(&output));
        let is_slip = before != after;
        assert_eq!(code(&shown), i32::from(is_slip), "slip {index}: {}", stdout(&shown));
        for line in after.lines().filter(|line| !before.lines().any(|old| old == *line)) {
            assert!(stdout(&shown).contains(&format!("\n+{line}\n")), "slip {index}: {}", stdout(&shown));
        }
        let again = heng(&["check", text(&rules), "--fix"]);
        assert!(!stderr(&again).contains("已改正"), "slip {index}: {}", stderr(&again));
        assert_eq!(std::fs::read_to_string(&changed).expect("a rule file"), after);
        let names: Vec<_> = std::fs::read_dir(rules.join("p")).expect("a folder").flatten().collect();
        assert_eq!(names.len(), PACK.len(), "nothing is left beside the files: {names:?}");
    }
}

/// What may have been meant otherwise is left alone.
const DOUBTS: &[(&str, &str, &str)] = &[
    ("methods.yaml", "clamp(actual", "clamp(acual_"),
    ("methods.yaml", "points_possible * clamp(actual / target, 0, 1)", "points_possible * clamp(actual / 100％, 0, 1)"),
    (
        "methods.yaml",
        "formula: points_possible * clamp(actual / target, 0, 1)",
        "formula: \"points_possible * clamp(actual / t\\u0061rge, 0, 1)\"",
    ),
    (
        "methods.yaml",
        "    direction: higher_is_better\n",
        "    direction: higher_is_better\n    directon: higher_is_better\n",
    ),
    (
        "methods.yaml",
        "methods:\n  share:\n    title: 按比例\n    formula: points_possible * clamp(actual / target, 0, 1)\n    direction: higher_is_better\n    cite: {source: s, basis: PRACTICE}\n",
        "methods:\n  share: {title: 按比例, formula: points_possible * clamp(actual / target，0, 1), cite: {source: s, basis: PRACTICE}}\n",
    ),
    ("grades.yaml", "\"[0, 100]\"", "[100, 0]"),
    ("parameters.yaml", "values:", "valeus: [], values:"),
];

#[test]
fn what_is_not_certain_is_left_alone() {
    for (path, old, new) in DOUBTS {
        let rules = pack("doubtful", &[(path, old, new)]);
        let changed = rules.join("p").join(path);
        let before = std::fs::read_to_string(&changed).expect("a rule file");
        let output = heng(&["check", text(&rules), "--fix"]);
        assert_eq!(code(&output), 1, "{new}: {}", stdout(&output));
        assert_eq!(std::fs::read_to_string(&changed).expect("a rule file"), before, "{new}: {}", stderr(&output));
    }
}

#[test]
fn a_repaired_file_keeps_its_line_ends_its_mark_and_its_rights() {
    let rules = pack("kept", &[]);
    let path = rules.join("p/methods.yaml");
    let sound = format!("\u{feff}{}", std::fs::read_to_string(&path).expect("a rule file").replace('\n', "\r\n"));
    std::fs::write(&path, sound.replace("target", "targt")).expect("a rule file");
    let mut rights = std::fs::metadata(&path).expect("a rule file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o640);
    std::fs::set_permissions(&path, rights.clone()).expect("a rule file");
    let output = heng(&["check", text(&rules), "--fix", "--lang", "en"]);
    assert_eq!((code(&output), std::fs::read_to_string(&path).expect("a rule file")), (0, sound));
    let kept = std::fs::metadata(&path).expect("a rule file").permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept) & 0o777, 0o640);
    assert!(stderr(&output).contains("repaired p/methods.yaml:4:"), "{}", stderr(&output));
}

/// A check that runs until its input ends, and the lines it writes.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn of(rules: &Path) -> Self {
        let mut child = command(&["check", text(rules), "--watch", "--format", "concise"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("heng starts");
        let talk = BufReader::new(child.stderr.take().expect("piped"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in talk.lines().map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
        Watching { child, lines }
    }

    /// Waits for a line that holds these words.
    fn until(&self, words: &str) {
        let mut heard = Vec::new();
        while !heard.last().is_some_and(|line: &String| line.contains(words)) {
            let line = self.lines.recv_timeout(Duration::from_mins(1)).ok();
            assert!(line.is_some(), "no `{words}` in {heard:#?}");
            heard.extend(line);
        }
    }
}

#[test]
fn a_watched_folder_is_checked_again_when_it_changes() {
    let rules = pack("watched", &[]);
    let mut watching = Watching::of(&rules);
    watching.until("没有问题");
    let methods = rules.join("p/methods.yaml");
    replaced(&methods, "actual", "actul");
    watching.until("p/methods.yaml");
    watching.until("1 个错误");
    replaced(&methods, "actul", "actual");
    watching.until("没有问题");
    drop(watching.child.stdin.take());
    assert_eq!(watching.child.wait().expect("heng ends").code(), Some(0));
}
