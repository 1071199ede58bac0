//! Going through changed scores.

use super::bench::Bench;

const CASES: &str = "village/cases/village.yaml";

/// A tenth of the points of the first row goes to the second.
fn changed(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.replace("village/scripts/share.rhai", "min(done, 1)", "min(done, 1) / 2");
    bench
}

#[test]
fn accepting_rewrites_the_wanted_values_and_nothing_else() {
    let bench = changed("review-accept");
    let before = bench.read(CASES);
    let run = bench.answering(&["--review"], "a\na\na\na\na\n");
    assert_eq!(run.code(), 0, "{}\n{}", run.out(), run.talk());
    assert_eq!(run.last(), "6 passed, 0 failed");
    assert!(run.out().contains("接受 5 处，拒绝 0 处，待定 0 处"), "{}", run.out());
    let wanted = before
        .replace("得分: \"60\"", "得分: \"30\"")
        .replace("得分: \"36\"", "得分: \"18\"")
        .replace("得分: \"48\"", "得分: \"24\"")
        .replace("awarded: '94'", "awarded: '67'")
        .replace("pointsAwarded: 54", "pointsAwarded: 27")
        .replace("grade: good", "grade: fair");
    assert_eq!(bench.read(CASES), wanted, "comments, quotes and blanks stay as they were");
}

#[test]
fn the_delta_comes_first_then_the_derivation() {
    let bench = changed("review-shown");
    let run = bench.answering(&["--review", "自评过高"], "s\nq\n");
    let page = run.out();
    let lines: Vec<&str> = page.lines().skip_while(|line| !line.starts_with("[1/2]")).collect();
    assert!(lines[1].contains("认定得分 -27：想要 94，得到 67"), "{page}");
    assert!(page.contains("60 × 90户 ÷ 100户 ÷ 2 = 27"), "{page}");
}

#[test]
fn rejected_fails_skipped_stays_pending_and_the_end_of_the_input_skips_the_rest() {
    for (answers, told) in [
        ("r\ns\n", "接受 0 处，拒绝 1 处，待定 4 处"),
        ("", "接受 0 处，拒绝 0 处，待定 5 处"),
        ("nonsense\na\nq\n", "接受 1 处，拒绝 0 处，待定 4 处"),
    ] {
        let bench = changed("review-left");
        let before = bench.read(CASES);
        let run = bench.answering(&["--review"], answers);
        assert_eq!(run.code(), 1, "a change that is not accepted fails");
        assert!(run.out().contains(told), "{answers:?}: {}", run.out());
        assert_eq!(bench.read(CASES) == before, !answers.contains('a'), "{answers:?}");
    }
}

#[test]
fn pending_changes_are_listed_for_tools() {
    let bench = changed("review-json");
    let run = bench.test(&["--review", "--json"]);
    let lines = run.json();
    assert_eq!((run.code(), lines.len()), (1, 6));
    assert_eq!((&lines[0]["row"], &lines[0]["state"]), (&"indicators[0]".into(), &"pending".into()));
    assert_eq!(lines[0]["differences"][0]["delta"], "-30");
    assert_eq!((&lines[5]["pending"], &lines[5]["failed"]), (&5.into(), &4.into()));
    let clean = Bench::new("review-clean").test(&["--review"]);
    assert_eq!((clean.code(), clean.last().as_str()), (0, "6 passed, 0 failed"));
}

#[test]
fn what_cannot_be_rewritten_where_it_stands_says_so() {
    let bench = changed("review-composed");
    // Two rows share one wanted scalar that now differs, and one is put together from two parts.
    bench.write(
        CASES,
        "- case: 共用 {n}
  form: {indicators: {0: {actual: \"{n}户\", points_claimed: ~, deviation_reason: 缺少管材}}}
  matrix: [{n: 100}, {n: 80}]
  want: {indicators: {\"indicators[0]\": {pointsCeiling: \"55\"}}}
- case: 拼成 {n}
  form: {indicators: {0: {actual: 80户, points_claimed: ~, deviation_reason: 缺少管材}}}
  matrix: [{n: 4}]
  want: {indicators: {\"indicators[0]\": {pointsCeiling: \"{n}8\"}}}
",
    );
    let run = bench.answering(&["--review"], "a\na\na\n");
    assert_eq!(run.code(), 1);
    let talk = run.talk();
    assert!(talk.contains("village.yaml:4:56：matrix 的几行共用这个值"), "{talk}");
    assert!(talk.contains("village.yaml:8:56：这里的值由几部分拼成"), "{talk}");
    assert!(run.out().contains("接受 1 处，拒绝 0 处，待定 2 处"), "{}", run.out());
    assert!(bench.read(CASES).contains("pointsCeiling: \"30\"") && bench.read(CASES).contains("\"{n}8\""));
}
