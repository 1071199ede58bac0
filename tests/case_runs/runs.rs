//! Which cases run, in which order, and how it is told.

use std::io::{BufRead, BufReader, Read};

use super::bench::{Bench, Run};

#[test]
fn cases_come_in_the_order_of_packs_and_files_on_all_cores() {
    let bench = Bench::new("order");
    let many: Vec<String> =
        (0..200).map(|n| format!("- {{case: 第 {n} 例, want: {{points: {{awarded: \"100\"}}}}}}\n")).collect();
    bench.write("village/cases/many.yaml", &many.concat());
    let run = bench.test(&["第"]);
    let names: Vec<String> = (0..200).map(|n| format!("通过 village  第 {n} 例")).collect();
    assert_eq!(run.cases(), names);
    assert_eq!(run.last(), "200 passed, 0 failed");
    assert!(run.out().contains("共 200 个案例：200 通过，0 失败"), "{}", run.out());
}

#[test]
fn a_slow_case_is_marked() {
    let bench = Bench::new("slow");
    let run = bench.test(&["--slow", "0", "自评过高"]);
    assert!(run.out().lines().next().is_some_and(|line| line.contains("] 慢")), "{}", run.out());
    assert!(run.out().contains("1 偏慢"), "{}", run.out());
    assert!(!bench.test(&["--slow", "100000"]).out().contains('慢'));
}

#[test]
fn the_old_derivation_stands_beside_the_new_one() {
    let bench = Bench::new("derivations");
    bench.replace(
        "village/cases/village.yaml",
        "pointsAwarded: 54}",
        "pointsAwarded: 55, derivation: \"60 × 90 ÷ 100 = 55\"}",
    );
    let run = bench.test(&["自评过高", "--lang", "en"]);
    let page = run.out();
    let lines: Vec<&str> = page.lines().map(str::trim).collect();
    assert_eq!(run.code(), 1);
    assert!(lines[1].starts_with("indicators[0] points awarded -1: wanted 55, got 54"), "{page}");
    assert_eq!(lines[2], "old how 60 × 90 ÷ 100 = 55");
    assert_eq!(lines[3], "new how 60 × 90户 ÷ 100户 = 54");
    assert!(
        lines[4].contains("scoring.at_least (village/scoring.yaml:3:5) → methods.proportional (village/methods.yaml:"),
        "{page}"
    );
}

#[test]
fn cases_are_chosen_by_pack_and_by_the_rule_they_reach() {
    let bench = Bench::new("filters");
    let names = |arguments: &[&str]| -> Vec<String> {
        let run = bench.test(arguments);
        run.cases().into_iter().map(|line| line.replace("通过 village  ", "")).collect()
    };
    assert_eq!(names(&["--pack", "village"]).len(), 6);
    assert_eq!(bench.test(&["--pack", "vilage"]).code(), 2);
    assert!(bench.test(&["--pack", "vilage"]).talk().contains("`village`"));
    for rule in ["reason_short", "checks.reason_short", "village/checks.yaml:11"] {
        assert_eq!(names(&["--rule", rule]), ["通水 59户，得 0 分", "通水 80户，得 48 分"], "{rule}");
    }
    let scripts = bench.folder.join("village/scripts/share.rhai:3");
    assert_eq!(names(&["--rule", scripts.to_str().expect("a path")]).len(), 6);
    assert_eq!(names(&["--rule", "bands.fair"]), ["通水 60户，得 36 分"]);
    assert_eq!(names(&["--rule", "village/grades.yaml:4"]), ["通水 59户，得 0 分"]);
    // A line between the first of an entry and the next entry is the entry's.
    assert_eq!(names(&["--rule", "village/checks.yaml:7"]), ["自评过高"]);
    assert_eq!(names(&["--rule", "village/scoring.yaml:9", "村民"]), ["村民反映没有完成"]);
    let none = bench.test(&["--rule", "otherwise"]);
    assert_eq!((none.code(), none.last().as_str()), (2, "0 passed, 0 failed"));
    let unknown = bench.test(&["--rule", "reason_shrt"]);
    assert_eq!((unknown.code(), unknown.out().as_str()), (2, ""));
    assert!(unknown.talk().contains("`reason_short`"), "{}", unknown.talk());
}

#[test]
fn a_junit_report_has_every_case() {
    let bench = Bench::new("junit");
    bench.replace("village/cases/village.yaml", "pointsAwarded: 54", "pointsAwarded: 5<4");
    bench.write(
        "village/cases/broken.yaml",
        "- {case: 坏, form: {indicators: []}, want: {complete: true}}\n- nothing\n",
    );
    let file = bench.folder.join("report.xml");
    let run = bench.test(&["--junit", file.to_str().expect("a path")]);
    assert_eq!(run.code(), 1);
    let xml = std::fs::read_to_string(&file).expect("the report");
    for part in [
        "<testsuites name=\"heng test\" tests=\"10\" skipped=\"0\" failures=\"1\" errors=\"4\"",
        "classname=\"village\"",
        "<failure message=\"indicators[0] 认定得分：想要 5&lt;4，得到 54",
        "name=\"通水 100户，得 60 分\"",
        "<testsuite name=\"case files\" tests=\"3\"",
        "type=\"form_refused\"",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
}

#[test]
fn watching_runs_again_when_something_changes() {
    let bench = Bench::new("watch");
    let mut child = bench.start(&["--watch"]);
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut next = || {
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.ends_with(" failed"));
        line.expect("a run ends")
    };
    assert_eq!(next(), "6 passed, 0 failed");
    bench.replace("village/cases/village.yaml", "pointsAwarded: 54", "pointsAwarded: 53");
    assert_eq!(next(), "5 passed, 1 failed");
    // Rules that do not compile end nothing.
    bench.write("village/grades.yaml", "bands: [\n");
    bench.replace("village/cases/village.yaml", "pointsAwarded: 53", "pointsAwarded: 54");
    bench.write("village/grades.yaml", "bands:\n  good: {title: 好, points: \"[80, 100]\"}\n  fair: {title: 中, points: \"[60, 80)\"}\n  poor: {title: 差, points: \"[0, 60)\"}\n");
    assert_eq!(next(), "6 passed, 0 failed");
    // Closing its input ends it.
    drop(child.stdin.take());
    let mut talk = String::new();
    drop(child.stderr.take().expect("piped").read_to_string(&mut talk));
    let status = child.wait().expect("heng ends");
    assert!(status.success(), "{talk}");
    assert!(talk.contains("village/cases/village.yaml"), "{talk}");
}

#[test]
fn the_last_line_of_json_is_alone_on_standard_output() {
    let bench = Bench::new("json");
    let Run(output) = bench.test(&["--json", "--coverage", "--min", "100"]);
    let run = Run(output);
    assert_eq!(run.code(), 1);
    let lines = run.json();
    assert_eq!(lines.len(), 7);
    assert_eq!((&lines[6]["passed"], &lines[6]["failed"]), (&6.into(), &0.into()));
    assert!(lines.iter().all(|line| !line.to_string().contains("took")), "no times: {lines:?}");
}
