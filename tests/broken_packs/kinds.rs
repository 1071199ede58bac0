//! Every kind of defect that `heng check` knows, one at a time, with the text that an author reads.

use std::collections::BTreeSet;

use heng::diagnostic::{Lang, render};

use super::small::{marked, told, with};

/// File, what stands there, what is written instead, the code, and the characters that its place marks.
type Defect = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// 1. Names, types, arguments; keys once.
const NAMES: &[Defect] = &[
    ("p/methods.yaml", "share_of(actual, target)", "share_of(acutal, target)", "unknown_name", "acutal"),
    ("p/methods.yaml", "share_of(actual", "shareof(actual", "unknown_function", "shareof"),
    ("p/methods.yaml", "share_of(actual, target)", "share_of(actual)", "wrong_argument_count", "share_of"),
    ("p/methods.yaml", "share_of(actual, target)", "share_of(actual, name)", "type_mismatch", "share_of"),
    ("p/methods.yaml", "lookup(steps, ", "lookup(name, ", "type_mismatch", "name"),
    ("p/methods.yaml", "points_possible * share_of(actual, target)", "points_possible * ", "formula_syntax", "*"),
    ("p/methods.yaml", "source: s", "source: t", "unknown_source", "t"),
    ("p/methods.yaml", "basis: PRACTICE", "basis: PRACTISE", "unknown_basis", "PRACTISE"),
    ("p/methods.yaml", "achieved: \"", "achived: \"", "unknown_tier", "achived"),
    ("p/methods.yaml", "    jump:", "    jumps:", "unknown_key", "jumps"),
    ("p/methods.yaml", "  judged:\n", "  share:\n", "duplicate_key", "share"),
    ("p/scoring.yaml", "method: stepped", "method: steped", "unknown_method", "steped"),
    ("p/scoring.yaml", "meeting: JUDGED", "meeting: JUDGE", "unknown_word", "JUDGE"),
    ("p/scoring.yaml", "    method: judged\n", "", "entry_without_outcome", "title"),
    ("p/structure.yaml", "decimals: decimals", "decimals: decimal", "unknown_parameter", "decimal"),
    ("p/structure.yaml", "project_name:", "project_nam:", "unknown_field", "project_nam"),
    ("p/checks.yaml", "field: points_claimed", "field: points_claim", "unknown_field", "points_claim"),
    ("p/checks.yaml", "{points_claimed} 超过", "{points_claimd} 超过", "unknown_name", "points_claimd"),
    ("p/checks.yaml", "{points_claimed} 超过", "{points_claimed 超过", "formula_syntax", "超过分值"),
    (
        "p/checks.yaml",
        "when: points_claimed > points_possible",
        "when: points_claimed + points_possible",
        "type_mismatch",
        "points_claimed +",
    ),
    ("p/pack.yaml", "award: claim_within_ceiling", "award: claim_in_ceiling", "unknown_award", "claim_in_ceiling"),
    ("p/pack.yaml", "title: 试行办法\n", "", "missing_key", "id"),
];

/// 2.–3. Points close; bands and tables cover what they should.
const COVERS: &[Defect] = &[
    ("p/structure.yaml", "points: 60", "points: 50", "points_do_not_close", "titles"),
    ("p/structure.yaml", "[质量指标], points: 20", "[质量指标], points: 30", "points_do_not_close", "titles"),
    ("p/structure.yaml", "execution: {points: 10}", "execution: {points: 20}", "points_do_not_close", "{titles"),
    ("p/grades.yaml", "[60, 100]", "(60, 100]", "band_gap", "good"),
    ("p/grades.yaml", "[0, 60)", "[0, 60]", "band_overlap", "good"),
    ("p/grades.yaml", "\"[0, 60)\"", "[0, 60]", "bad_interval", "["),
    ("p/grades.yaml", "[0, 60)", "[60, 0)", "bad_interval", "\"[60, 0)\""),
    ("p/parameters.yaml", "\"[60, 90)\": 0.6", "\"[60, 80)\": 0.6", "band_gap", "{\"[0"),
    ("p/parameters.yaml", "\"[90, 100]\": 1", "\"[90, 110]\": 1", "row_outside", "\"[90, 110]\""),
    ("p/methods.yaml", "\"[0.6, 1]\"", "\"[0.7, 1]\"", "band_gap", "{achieved"),
    ("p/methods.yaml", "\"[0.6, 1]\"", "\"[0.6, 1.2]\"", "share_out_of_range", "\"[0.6, 1.2]\""),
];

/// 4.–5., 8. Scores stay within their points, are always there, go in the declared direction and do not jump.
const SCORES: &[Defect] = &[
    (
        "p/scripts/share.rhai",
        "min(done / wanted, capped(1))",
        "done / wanted * capped(1)",
        "score_out_of_range",
        "points_possible * share_of(actual, target)",
    ),
    (
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "points_possible * share_of(actual, target) - 1",
        "score_out_of_range",
        "points_possible * share_of(actual, target) - 1",
    ),
    (
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "points_possible * share_of(actual, target) * (actual / actual)",
        "undefined_at",
        "points_possible * share_of(actual, target) * (actual / actual)",
    ),
    (
        "p/methods.yaml",
        "direction: higher_is_better",
        "direction: lower_is_better",
        "direction_refuted",
        "lower_is_better",
    ),
    ("p/methods.yaml", "    jump: intended\n", "", "jump", "points_possible * lookup(steps, clamp(actual, 0, 100))"),
    (
        "p/scripts/share.rhai",
        "if done <= 0 {",
        "if done < wanted {",
        "jump",
        "points_possible * share_of(actual, target)",
    ),
    (
        "p/checks.yaml",
        "when: points_claimed > points_possible * limit",
        "when: points_claimed / points_possible > limit",
        "undefined_at",
        "points_claimed / points_possible > limit",
    ),
];

/// 6.–7. Everything is of use, has its ground and a case.
const USES: &[Defect] = &[
    (
        "p/scoring.yaml",
        "when: {comparable: true}",
        "when: {comparable: true, if: target < 0}",
        "unreachable_entry",
        "title",
    ),
    (
        "p/scoring.yaml",
        "when: {name: [满意度], comparable: true}",
        "when: {comparable: true}",
        "unreachable_entry",
        "title",
    ),
    (
        "p/parameters.yaml",
        "tables:",
        "  spare: {title: 备用, unit: 位, values: [{since: 2020, value: 2, cite: {source: s, basis: PRACTICE}}]}\ntables:",
        "unused_parameter",
        "{title: 备用",
    ),
    (
        "p/checks.yaml",
        "when: points_claimed > points_possible * limit",
        "when: points_floor > points_ceiling * limit",
        "dead_check",
        "points_floor > points_ceiling * limit",
    ),
    (
        "p/scripts/share.rhai",
        "if done <= 0 {",
        "if wanted <= 0 {\n        return 0;\n    }\n    if done <= 0 {",
        "dead_branch",
        "wanted <= 0",
    ),
    (
        "p/scoring.yaml",
        "    outcome: UNSCORED\n    cite: {source: s, basis: PRACTICE}\n",
        "    outcome: UNSCORED\n",
        "entry_without_citation",
        "title",
    ),
    ("p/cases/a.yaml", "{name: 满意度}", "{name: 场次}", "entry_without_case", "title"),
];

/// 9. Effective dates.
const DATES: &[Defect] = &[
    ("p/parameters.yaml", "      - {since: 2020, value: 1", "      - {since: 2022, value: 1", "date_hole", "{since"),
    ("p/parameters.yaml", "since: 2023", "since: 2020", "overlapping_dates", "{since"),
    ("p/parameters.yaml", "value: 1,", "value: 一,", "bad_number", "一"),
    ("p/pack.yaml", "from: 2020", "from: 2020, to: 2019", "bad_year", "{from"),
];

/// 10. Scripts stay in the language and inside its limits.
const SCRIPTS: &[Defect] = &[
    ("p/scripts/share.rhai", "if done <= 0 {", "if done <= 零 {", "unknown_name", "零"),
    ("p/scripts/share.rhai", "if done <= 0 {", "if done <= 0 ", "formula_syntax", "return"),
    ("p/scripts/share.rhai", "return 0;", "eval(\"0\")", "formula_syntax", "eval"),
    ("p/scripts/share.rhai", "return 0;", "import \"x\" as y;", "formula_syntax", "import"),
    (
        "p/scripts/share.rhai",
        "fn limit_of(most) { most }",
        "fn limit_of(most) { most }\nfn limit_of(most) { 1 }",
        "duplicate_function",
        "fn limit_of(most) { 1",
    ),
    (
        "p/scripts/share.rhai",
        "fn limit_of(most) { most }",
        "fn limit_of(most) { limit_of(most) }",
        "unsupported_construct",
        "limit_of(most) }",
    ),
    (
        "p/scripts/share.rhai",
        "fn limit_of(most) { most }",
        "fn limit_of(most) { let s = 0; for i in 0..1 { s += most } s }",
        "not_proven",
        "points_possible * share_of(actual, target)",
    ),
];

/// The writing of YAML, and which file is which.
const FILES: &[Defect] = &[
    ("p/grades.yaml", "\"[0, 60)\"", "[0, 60)", "yaml_syntax", "[0, 60)"),
    ("p/grades.yaml", "bands:", "bands: &all", "yaml_anchor", "&all"),
    ("p/grades.yaml", "title: 良", "title: !!str 良", "yaml_tag", "!!str"),
    ("p/grades.yaml", "bands:\n", "bands：\n", "yaml_syntax", "bands："),
    ("p/grades.yaml", "  good", "\tgood", "yaml_syntax", "\t"),
    ("p/grades.yaml", "title: 良", "title: 良\u{7}", "control_character", "\u{7}"),
    ("p/grade.yaml", "", "bands: {}\n", "unknown_file", "b"),
    ("p/pack.yaml", "id: p", "id: pp", "pack_id_mismatch", "pp"),
];

/// One pack over another.
const OVERLAYS: &[Defect] = &[
    ("q/pack.yaml", "extends: p", "extends: pp", "unknown_pack", "pp"),
    ("q/pack.yaml", ", project_code_prefix: \"44\"", "", "rival_packs", "{fiscal_years"),
    ("q/grades.yaml", "good:", "god:", "replaces_nothing", "god"),
    ("q/grades.yaml", "replaces: p", "replaces: q", "replaces_wrong_pack", "q"),
    ("q/grades.yaml", "{replaces: p, title: 优良}", "{title: 优, points: \"[90, 100]\"}", "already_defined", "good"),
    ("q/grades.yaml", "title: 优良", "points: \"[70, 100]\"", "band_gap", "good"),
    ("q/scoring.yaml", "", "scoring:\n  share: {replaces: p, method: shares}\n", "unknown_method", "shares"),
];

#[test]
fn the_small_pack_is_sound() {
    assert_eq!(told(&with("p/pack.yaml", "", "")), []);
}

#[test]
fn every_kind_of_defect_is_told_at_its_place_and_reads_well() {
    let chapters = [NAMES, COVERS, SCORES, USES, DATES, SCRIPTS, FILES, OVERLAYS];
    let mut wrong = Vec::new();
    let mut pages = [(Lang::Zh, String::new()), (Lang::En, String::new())];
    for (file, old, new, code, covered) in chapters.into_iter().flatten() {
        let packs = with(file, old, new);
        let problems = told(&packs);
        let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
        let length = covered.chars().count();
        let there = problems.first().and_then(|problem| marked(&packs, problem, Some(length)));
        if codes != BTreeSet::from([*code]) || there.as_deref() != Some(covered) {
            wrong.push(format!("{file}: `{new}` gives {codes:?} at {there:?}, not {code} at `{covered}`"));
        }
        let source = |name: &str| packs.iter().find_map(|pack| pack.source(name));
        for (lang, page) in &mut pages {
            page.push_str(&render::text(&problems, *lang, &source, false));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let [(_, zh), (_, en)] = pages;
    insta::assert_snapshot!("kinds.zh", zh);
    insta::assert_snapshot!("kinds.en", en);
}
