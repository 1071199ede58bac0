//! Which ways a run takes, and where the forks stand.

use super::*;

/// Every fork as its text with the ways that a run over the sample row takes, of all there are.
fn seen(text: &str, scripts_text: &str) -> Vec<String> {
    let scripts = if scripts_text.is_empty() { Scripts::none() } else { scripts(scripts_text).unwrap() };
    let formula = compile_with(text, &scripts);
    let (watched, _) = formula.watch(&values());
    let shown = |fork: &Fork| {
        let source = if fork.file.is_some() { scripts_text } else { text };
        let printed: String = source.chars().skip(fork.spot.offset).take(fork.spot.length).collect();
        let ways = watched.forks.get(fork).map(|ways| ways.iter().map(ToString::to_string).collect::<String>());
        format!("{printed} {}/{}", ways.unwrap_or_default(), fork.ways)
    };
    formula.live(&[]).forks.iter().map(shown).collect()
}

#[test]
fn a_run_is_seen_at_every_fork_it_passes() {
    for (text, scripts, want) in [
        ("points_possible * min(actual / target, 1)", "", vec!["min 0/2"]),
        ("min(8, points_possible)", "", vec!["min 01/2"]),
        ("clamp(actual, 95, 100)", "", vec!["clamp 1/3"]),
        ("if late { 1 } else { 2 }", "", vec!["late 0/2"]),
        ("late && actual > target || zero == 0", "", vec!["late 0/2", "actual > target 1/2", "zero == 0 0/2"]),
        ("!late && actual > target", "", vec!["!late 1/2", "actual > target /2"]),
        ("(actual + 1) / target > 1 && late", "", vec!["(actual + 1) / target > 1 1/2", "late /2"]),
        ("(late && zero > 0) || late", "", vec!["late 0/2", "zero > 0 1/2", "late 0/2"]),
        (
            "late && (actual ?? 0) > min(target, 9)",
            "",
            vec!["late 0/2", "(actual ?? 0) > min(target, 9) 0/2", "actual 0/2", "min 1/2"],
        ),
        ("blank_number ?? actual ?? 0", "", vec!["blank_number 1/2", "actual 0/2"]),
        ("\"a && b\" == reason || \"（)\" == reason", "", vec!["\"a && b\" == reason 1/2", "\"（)\" == reason 1/2"]),
        // A function is seen where it is written, whoever calls it.
        (
            "capped(actual) + capped(200)",
            "fn capped(x) {\n    if x > 100 || x < 0 {\n        return 100;\n    }\n    x\n}",
            vec!["x > 100 01/2", "x < 0 1/2"],
        ),
    ] {
        assert_eq!(seen(text, scripts), want, "{text}");
    }
}

#[test]
fn what_constants_settle_is_no_fork() {
    // The first two names are constants here.
    let formula =
        compile("if points_possible > 5 && actual < 100 { target } else if late { zero } else { min(1, zero) }");
    let period = |text: &str| vec![number(text), number("91.76")];
    let slots = |live: Live| live.names.iter().map(|slot| NAMES[*slot].0).collect::<Vec<_>>().join(" ");
    let settled = formula.live(&[period("8"), period("9")]);
    assert_eq!((settled.forks.len(), slots(settled).as_str()), (0, "points_possible actual target"));
    let settled = formula.live(&[period("1"), period("2")]);
    assert_eq!((settled.forks.len(), slots(settled).as_str()), (2, "points_possible actual zero late"));
    for periods in [&[period("8"), period("1")][..], &[]] {
        let open = formula.live(periods);
        assert_eq!((open.forks.len(), slots(open).as_str()), (4, "points_possible actual target zero late"));
    }
}

#[test]
fn what_was_read_on_the_way_is_known() {
    let formula = compile("if late { lookup(grades, actual) } else { target }");
    let (watched, _) = formula.watch(&values());
    let slot = |name: &str| NAMES.iter().position(|(known, _)| *known == name).unwrap();
    assert_eq!(watched.names, ["late", "grades", "actual"].map(slot).into_iter().collect());
    let rows: Vec<String> = watched.rows.iter().map(|found| found.row.to_string()).collect();
    assert_eq!(rows, ["[90, 100]"]);
    // Up to where it fails, and of a loop at least the names.
    assert_eq!(compile("actual / zero > 1 && late").watch(&values()).0.names, ["actual", "zero"].map(slot).into());
    let scripts = scripts("fn total(n) { let s = 0; for i in 1..=n { s += i } s }").unwrap();
    let (looped, _) = compile_with("total(target)", &scripts).watch(&values());
    assert_eq!(looped.names, [slot("target")].into());
}
