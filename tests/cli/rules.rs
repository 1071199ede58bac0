//! `heng rules` and `heng explain`.

use super::{code, command, copied_rules, heng, json_lines, replaced, stderr, stdout};

/// One pack is compiled sooner than all.
const NATIONAL: &str = "rules/mof-2020";

#[test]
fn rules_lists_the_packs() {
    let page = stdout(&heng(&["rules"]));
    let row = page.lines().find(|line| line.starts_with("longgang-2022")).expect("the pack is listed");
    assert!(row.contains("mof-2020") && row.contains("2022–") && row.contains("440307"), "{page}");
    let [object] = json_lines(&heng(&["rules", "--json"])).try_into().expect("one object");
    let packs = object["packs"].as_array().expect("a list");
    let pack = packs.iter().find(|pack| pack["id"] == "longgang-2022").expect("the pack is listed");
    assert_eq!(pack["extends"][0], "mof-2020");
    assert_eq!(pack["appliesTo"]["projectCodePrefix"], "440307");
    assert!(pack["revision"].as_str().is_some_and(|revision| revision.starts_with("sha256:")));
}

#[test]
fn a_pack_shows_what_it_says_on_what_ground_and_where() {
    for columns in ["80", "120"] {
        let output = command(&["rules", "longgang-2022"]).env("COLUMNS", columns).output().expect("heng runs");
        let page = stdout(&output);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
        for shown in [
            "↑ proportional  按完成比例计分",
            "points_possible * min(",
            "completion_ratio_limit = 1（2020 年起）",
            "财预〔2020〕10号",
            "未核对原文",
            "mof-2020/methods.yaml:",
            "  goals.expected  预期目标",
            "longgang-2022/structure.yaml:",
        ] {
            assert!(page.contains(shown), "{shown} is not on the page:\n{page}");
        }
        assert!(!page.contains('\u{1b}'));
        for line in page.lines() {
            let cells = unicode_width::UnicodeWidthStr::width(line);
            assert!(cells <= columns.parse().expect("a number"), "{cells} cells of {columns}: {line}");
        }
    }
    let [object] = json_lines(&heng(&["rules", "longgang-2022", "--json"])).try_into().expect("one object");
    let methods = object["sections"]["methods"].as_array().expect("a list");
    let method = methods.iter().find(|method| method["code"] == "proportional").expect("it is inherited");
    assert_eq!(method["inherited"], true);
    assert_eq!(method["definedIn"]["file"], "mof-2020/methods.yaml");
    assert_eq!(method["citations"][0]["verified"], false);
    let fields = object["sections"]["fields"].as_array().expect("a list");
    let field = fields.iter().find(|field| field["code"] == "goals.expected").expect("it is changed");
    assert_eq!((&field["inherited"], &field["changedIn"][0]["keys"][0]), (&false.into(), &"max_length".into()));

    let section = stdout(&heng(&["rules", "mof-2020", "--section", "bands"]));
    assert!(section.contains("excellent  优") && !section.contains("proportional"), "{section}");
    for (arguments, said) in
        [(&["rules", "mof-2002"][..], "mof-2020"), (&["rules", "mof-2020", "--section", "checkz"], "checks")]
    {
        let output = heng(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn every_code_of_every_pack_has_a_page() {
    let [object] = json_lines(&heng(&["rules", "longgang-2022", "--json"])).try_into().expect("one object");
    let sections = object["sections"].as_object().expect("a mapping");
    let codes = sections.values().flat_map(|entries| entries.as_array().expect("a list"));
    let codes: Vec<&str> = codes.filter_map(|entry| entry["code"].as_str()).collect();
    assert!(codes.len() > 80, "{codes:?}");
    // One of each kind: starting the command for all would take long.
    for code_of in
        ["missing_deviation_reason", "proportional", "at_least", "completion_ratio_limit", "excellent", "output"]
    {
        assert!(codes.contains(&code_of), "{code_of}");
        let output = heng(&["explain", code_of, "--rules", NATIONAL]);
        assert_eq!(code(&output), 0, "{code_of}: {}", stderr(&output));
        assert!(stdout(&output).contains("mof-2020/"), "{code_of}: {}", stdout(&output));
    }
}

#[test]
fn a_finding_is_explained_with_a_case_that_shows_it() {
    let page = stdout(&heng(&["explain", "missing_deviation_reason", "--rules", NATIONAL]));
    for shown in [
        "missing_deviation_reason  错误",
        "得分 … 低于分值 …",
        "points_claimed < points_possible",
        "请写明未达目标的原因",
        "未核对原文",
        "mof-2020/checks.yaml:",
        "- case: ",
        "→ indicators[",
        "].deviation_reason",
    ] {
        assert!(page.contains(shown), "{shown} is not on the page:\n{page}");
    }
    let english = stdout(&heng(&["explain", "missing_deviation_reason", "--lang", "en"]));
    assert!(english.contains("source not checked") && english.contains("what to do"), "{english}");
    let [object] =
        json_lines(&heng(&["explain", "proportional", "--json", "--rules", NATIONAL])).try_into().expect("one object");
    let meaning = &object["meanings"][0];
    assert_eq!((&meaning["section"], &meaning["pack"]), (&"methods".into(), &"mof-2020".into()));
    assert!(meaning["example"]["result"].as_str().is_some_and(|result| result.contains(" ÷ ")), "{meaning}");
    assert!(meaning["constants"]["completion_ratio_limit"].is_string());
}

#[test]
fn explain_knows_diagnostics_functions_names_and_packs() {
    for (asked, shown) in [
        ("band_gap", "首尾相接"),
        ("unknown_name", "points_posible"),
        ("similarity", "相似度"),
        ("points_ceiling", "核算得分上限"),
        ("mof-2020", "heng rules mof-2020"),
        ("completion_ratio_limit", "methods.proportional"),
    ] {
        let output = heng(&["explain", asked, "--rules", NATIONAL]);
        assert_eq!(code(&output), 0, "{asked}: {}", stderr(&output));
        assert!(stdout(&output).contains(shown), "{asked}: {}", stdout(&output));
    }
    for (asked, said) in [("missing_deviation_reson", "`missing_deviation_reason`"), ("什么都不是", "heng rules")]
    {
        let output = heng(&["explain", asked, "--rules", NATIONAL]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn a_change_by_an_overlay_is_told_with_its_place() {
    let rules = copied_rules("explained");
    let checks = "checks:\n  missing_deviation_reason: {replaces: mof-2020, severity: WARNING}\n";
    std::fs::write(rules.join("longgang-2022/checks.yaml"), checks).expect("a rule file");
    let at = rules.to_str().expect("a path");
    let page = stdout(&heng(&["explain", "missing_deviation_reason", "--rules", at]));
    assert!(page.contains("missing_deviation_reason  错误"), "as the general pack has it: {page}");
    assert!(page.contains("longgang-2022/checks.yaml:2  (severity)"), "{page}");
    let local = stdout(&heng(&["explain", "missing_deviation_reason", "--rules", at, "--pack", "longgang-2022"]));
    assert!(local.contains("missing_deviation_reason  提醒"), "{local}");
    // Broken rules explain their own diagnostics.
    replaced(&rules.join("mof-2020/grades.yaml"), "[80, 90)", "[81, 90)");
    assert_eq!(code(&heng(&["explain", "band_gap", "--rules", at])), 0);
    assert_eq!(code(&heng(&["explain", "proportional", "--rules", at])), 2);
}

#[test]
fn the_reference_pages_are_written() {
    let dir = super::folder("pages");
    let output = heng(&["rules", "--markdown", dir.to_str().expect("a path")]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""));
    let page = std::fs::read_to_string(dir.join("rules/longgang-2022.md")).expect("it is written");
    assert!(page.contains("| `goals.expected` |") && page.contains("改写 `mof-2020`"), "{page}");
    let functions = std::fs::read_to_string(dir.join("functions.md")).expect("it is written");
    assert!(functions.contains("| `clamp(x, low, high) → number` |"));
}
