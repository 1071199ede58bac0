//! What the cases reach, and what is missing at the edges.

use std::path::Path;

use serde_json::{Value, json};

use super::bench::Bench;

/// The last line of a run with coverage.
fn counted(bench: &Bench, arguments: &[&str]) -> Value {
    let run = bench.test(&[&["--coverage", "--json"], arguments].concat());
    run.json().pop().expect("a last line")
}

#[test]
fn coverage_counts_what_cases_reach_and_names_the_rest() {
    let bench = Bench::new("coverage");
    let total = counted(&bench, &[]);
    assert_eq!(
        total["coverage"],
        json!({
            "entries": [3, 5], "methods": [3, 3], "bands": [6, 8], "branches": [15, 17],
            "checks": [2, 2], "parameters": [3, 3], "lexicon": [4, 5],
        })
    );
    let uncovered: Vec<String> = total["uncovered"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            format!(
                "{} {}:{}",
                one["id"].as_str().unwrap_or(""),
                one["place"]["file"].as_str().unwrap_or(""),
                one["place"]["line"]
            )
        })
        .collect();
    assert_eq!(
        uncovered,
        [
            "units.percent village/lexicon.yaml:4",
            "execution village/methods.yaml:5",
            // A table that a parameter switches off is not asked for.
            "execution_share [0.5, 0.9) village/parameters.yaml:19",
            "execution_share [0, 0.5) village/parameters.yaml:19",
            "otherwise village/scoring.yaml:11",
            "no_budget village/scoring.yaml:19",
        ]
    );
    let page = bench.test(&["--coverage"]).out();
    assert!(page.contains("village/scoring.yaml:11:5  scoring.otherwise  没有用到"), "{page}");
    assert!(page.ends_with("6 passed, 0 failed\n"), "{page}");
}

#[test]
fn a_check_is_covered_when_it_was_seen_to_fire_and_to_be_silent() {
    let bench = Bench::new("coverage-checks");
    // Without the case in which it fires.
    bench.replace("village/cases/village.yaml", "findings: {include: [claims_too_much]}", "complete: true");
    bench.replace("village/cases/village.yaml", "actual: 90户, deviation_reason: 另十户明年通水", "actual: 100户");
    bench.replace("village/cases/village.yaml", "awarded: '94'", "awarded: '100'");
    bench.replace("village/cases/village.yaml", "pointsAwarded: 54", "pointsAwarded: 60");
    let total = counted(&bench, &[]);
    assert_eq!(total["coverage"]["checks"], json!([1, 2]));
    let missing = total["uncovered"].as_array().expect("a list").iter().find(|one| one["kind"] == "checks");
    assert_eq!(
        missing.map(|one| (one["id"].clone(), one["what"].clone())),
        Some(("claims_too_much".into(), json!(["没有报出过"])))
    );
}

#[test]
fn too_little_coverage_fails() {
    let bench = Bench::new("coverage-min");
    for (least, code) in [
        ("60", 0),
        ("60.1", 1),
        ("checks=100,methods=100", 0),
        ("checks=100,bands=75", 0),
        ("bands=75.1", 1),
        ("100%", 1),
    ] {
        let run = bench.test(&["--min", least]);
        assert_eq!(run.code(), code, "{least}: {}", run.talk());
        assert_eq!(run.talk().is_empty(), code == 0, "{}", run.talk());
        assert_eq!(run.last(), "6 passed, 0 failed", "{least}");
    }
    assert!(bench.test(&["--min", "bands=75.1"]).talk().contains("档次 只到达 6/8，要求 75.1%"));
    for wrong in ["101", "-1", "no", "banks=1", "bands"] {
        assert_eq!(bench.test(&[&format!("--min={wrong}")]).code(), 2, "{wrong}");
    }
}

#[test]
fn the_shipped_packs_are_covered() {
    let shipped = Bench { folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("rules") };
    let run = shipped.test(&["--min", "entries=100,methods=100,bands=100,checks=100,parameters=100"]);
    assert_eq!((run.code(), run.talk().as_str()), (0, ""), "{}", run.out());
}

#[test]
fn an_lcov_trace_says_how_often_lines_and_branches_were_reached() {
    let bench = Bench::new("lcov");
    let file = bench.folder.join("trace.info");
    let run = bench.test(&["--lcov", file.to_str().expect("a path")]);
    assert_eq!(run.code(), 0, "{}", run.talk());
    let trace = std::fs::read_to_string(&file).expect("the trace");
    let records: Vec<&str> = trace.split("end_of_record\n").filter(|record| !record.is_empty()).collect();
    let of = |name: &str| {
        let is_of = |record: &&&str| record.lines().any(|line| line.starts_with("SF:") && line.ends_with(name));
        *records.iter().find(is_of).expect(name)
    };
    // Six cases; two entries of the scoring are reached, and one of the execution.
    let scoring = of("/village/scoring.yaml");
    for line in ["DA:3,6", "DA:7,6", "DA:11,0", "DA:15,6", "DA:19,0"] {
        assert!(scoring.contains(&format!("{line}\n")), "{line}: {scoring}");
    }
    let script = of("/village/scripts/share.rhai");
    assert!(script.contains("BRDA:3,0,0,1\n") && script.contains("BRDA:3,0,1,5\n"), "{script}");
    for record in records {
        let count = |head: &str| record.lines().filter(|line| line.starts_with(head)).count();
        let said = |head: &str| {
            record.lines().find_map(|line| line.strip_prefix(head)).and_then(|n| n.parse::<usize>().ok()).expect(head)
        };
        assert_eq!((count("DA:"), count("BRDA:")), (said("LF:"), said("BRF:")), "{record}");
        let sources = record.lines().find_map(|line| line.strip_prefix("SF:")).expect("a file");
        assert!(bench.folder.join(sources).is_file(), "genhtml finds {sources}");
    }
}

#[test]
fn the_proposed_cases_pass_and_complete_the_edges() {
    let bench = Bench::new("boundaries");
    let first = bench.test(&["--boundaries"]);
    assert_eq!(first.code(), 0, "{}", first.talk());
    assert!(first.talk().contains("18 处缺"), "{}", first.talk());
    let yaml = first.out();
    for edge in ["bands 80 恰好：80", "tables.execution_share 0.9 之下：0.89999", "methods.proportional 0.6 之上：0.61"]
    {
        assert!(yaml.contains(edge), "{edge}\n{yaml}");
    }
    bench.write("village/cases/boundaries.yaml", &yaml);
    let run = bench.test(&[]);
    assert_eq!((run.code(), run.last().as_str()), (0, "24 passed, 0 failed"), "{}", run.out());
    let again = bench.test(&["--boundaries", "--json"]);
    let counts = again.json().pop().expect("a last line");
    assert_eq!(counts["boundaries"]["missing"], 0, "{}", again.out());
    // The rows of the table that no case had reached are reached now.
    assert_eq!(counted(&bench, &[])["coverage"]["bands"], json!([8, 8]));
}

#[test]
fn an_edge_that_moves_is_caught_by_its_boundary_cases() {
    let bench = Bench::new("boundaries-catch");
    bench.write("village/cases/boundaries.yaml", &bench.test(&["--boundaries"]).out());
    for (file, old, new) in [
        (
            "village/grades.yaml",
            "\"[80, 100]\"}\n  fair: {title: 中, points: \"[60, 80)\"",
            "\"(80, 100]\"}\n  fair: {title: 中, points: \"[60, 80]\"",
        ),
        ("village/parameters.yaml", "\"[0.9, 1]\": 1, \"[0.5, 0.9)\": 0.5", "\"(0.9, 1]\": 1, \"[0.5, 0.9]\": 0.5"),
        ("village/scripts/share.rhai", "done < lowest", "done <= lowest"),
        ("village/checks.yaml", "actual > 0", "actual >= 0"),
    ] {
        bench.replace(file, old, new);
        assert_eq!(bench.test(&[]).code(), 1, "{new}");
        bench.replace(file, new, old);
    }
    assert_eq!(bench.test(&[]).code(), 0);
}
