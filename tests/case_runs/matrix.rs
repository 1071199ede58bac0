//! One case written for many rows.

use super::bench::Bench;

#[test]
fn every_row_is_a_case_of_its_own() {
    let bench = Bench::new("matrix-rows");
    let run = bench.test(&[]);
    assert_eq!((run.code(), run.talk().as_str()), (0, ""), "{}", run.out());
    assert_eq!(
        run.cases(),
        [
            "通过 village  通水 100户，得 60 分",
            "通过 village  通水 60户，得 36 分",
            "通过 village  通水 59户，得 0 分",
            "通过 village  通水 80户，得 48 分",
            "通过 village  自评过高",
            "通过 village  村民反映没有完成",
        ]
    );
    let places: Vec<(String, u64)> = bench.test(&["--json"]).json()[..4]
        .iter()
        .map(|line| (line["case"].as_str().unwrap_or("").to_owned(), line["place"]["line"].as_u64().unwrap_or(0)))
        .collect();
    assert_eq!(places[0], ("通水 100户，得 60 分".to_owned(), 5), "at the row, not at the case");
    assert_eq!(places[3].1, 8);
}

#[test]
fn a_row_that_fails_is_told_at_its_own_cell() {
    let bench = Bench::new("matrix-fails");
    bench.replace("village/cases/village.yaml", "得分: \"36\"", "得分: \"35\"");
    let run = bench.test(&["--json"]);
    assert_eq!(run.code(), 1);
    let lines = run.json();
    let failed: Vec<_> = lines.iter().filter(|line| line["outcome"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    let difference = &failed[0]["differences"][0];
    assert_eq!(
        (&difference["want"], &difference["got"], &difference["delta"]),
        (&"35".into(), &"36".into(), &"1".into())
    );
    assert_eq!(difference["place"]["line"], 6);
    assert_eq!(lines.last().map(|line| line["failed"].clone()), Some(1.into()));
}

#[test]
fn what_does_not_fit_its_matrix_is_told_with_its_place() {
    // What is written instead of the cases, the code, and the line and column it is told at.
    let wrong: &[(&str, &str, (u64, u64))] = &[
        (
            "- case: 通水 {户数}\n  form: {indicators: {0: {actual: \"{户数量}\"}}}\n  matrix:\n    - {户数: 100户}\n  want: {complete: true}\n",
            "undefined_placeholder",
            (2, 36),
        ),
        (
            "- case: 通水 {户数}\n  matrix:\n    - {户数: 100户, 得分: 1}\n  want: {complete: true}\n",
            "unused_placeholder",
            (3, 18),
        ),
        (
            "- case: 通水 {户数}\n  matrix:\n    - {户数: 1}\n    - {}\n  want: {complete: true}\n",
            "undefined_placeholder",
            (1, 9),
        ),
        ("- case: 通水\n  matrix: []\n  want: {complete: true}\n", "wrong_type", (2, 11)),
        ("- case: 通水\n  matrix: {户数: 1}\n  want: {complete: true}\n", "wrong_type", (2, 11)),
        ("- case: 通水\n  matrix: [1]\n  want: {complete: true}\n", "wrong_type", (2, 12)),
        (
            "- case: 通水 {户数}\n  form: {project_name: \"甲{户数\"}\n  matrix: [{户数: 1}]\n  want: {complete: true}\n",
            "bad_template",
            (2, 26),
        ),
        (
            "- case: 通水 {户数}\n  matrix: [{户数: 1}, {户数: 1}]\n  want: {complete: true}\n",
            "duplicate_case",
            (2, 21),
        ),
    ];
    let bench = Bench::new("matrix-wrong");
    for (text, code, place) in wrong {
        bench.write("village/cases/village.yaml", text);
        let run = bench.test(&["--lang", "en"]);
        assert_eq!(run.code(), 1, "{code}: {}", run.out());
        let at = format!("village/cases/village.yaml:{}:{}", place.0, place.1);
        assert!(run.out().contains(&format!("error[{code}]")) && run.out().contains(&at), "{at}\n{}", run.out());
    }
}

#[test]
fn values_stand_inside_texts_and_braces_can_be_written() {
    let bench = Bench::new("matrix-inside");
    bench.write(
        "village/cases/village.yaml",
        "- case: 名称里没有占位符
  form: {project_name: \"通水{{{n}}}户\", indicators: {0: {name: \"{名}户数\"}}}
  matrix:
    - {n: 1, 名: 通水}
    - {n: 22, 名: ~}
  want: {indicators: {\"indicators[0]\": {name: \"{名}户数\"}}}
",
    );
    let run = bench.test(&[]);
    assert_eq!(run.code(), 0, "{}", run.out());
    assert_eq!(
        run.cases(),
        ["通过 village  名称里没有占位符（n 1，名 通水）", "通过 village  名称里没有占位符（n 22，名 —）"]
    );
}
