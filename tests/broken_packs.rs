//! One defect at a time in the shipped packs and a sample of what they do not use: each gives one diagnostic, at the place where it stands.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "broken_packs/kinds.rs"]
mod kinds;
#[path = "broken_packs/money.rs"]
mod money;
#[path = "broken_packs/small.rs"]
mod small;
#[path = "broken_packs/styles.rs"]
mod styles;

use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::diagnostic::Diagnostic;
use heng::document::Problems;
use heng::pack::PackFiles;
use heng::ruleset::RuleBook;

/// File, what stands there, what is written instead, the code, and the words that the place must cover.
const DEFECTS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "mof-2020/methods.yaml",
        "points_possible * min(max(",
        "points_posible * min(max(",
        "unknown_name",
        "points_posible",
    ),
    (
        "mof-2020/methods.yaml",
        "/ target, completion_ratio_limit)",
        "/ target, completion_ratio_limit",
        "formula_syntax",
        "t",
    ),
    (
        "mof-2020/methods.yaml",
        "inverse_linear(points_possible, target,",
        "inverse_linear(points_possible,",
        "wrong_argument_count",
        "inverse_linear",
    ),
    ("mof-2020/methods.yaml", "inverse_linear(points", "inverse_lineer(points", "unknown_function", "inverse_lineer"),
    (
        "mof-2020/methods.yaml",
        "if met { points_possible } else { 0 }",
        "if met { points_possible } else { \"零\" }",
        "type_mismatch",
        "if",
    ),
    ("mof-2020/methods.yaml", "formula: if actual <= 0", "formula: >-\n      if actual <= 零", "unknown_name", "零"),
    (
        "mof-2020/methods.yaml",
        "formula: if met { points_possible } else { 0 }",
        "formula: |\n      if met { points_possible }\n      else { nought }",
        "unknown_name",
        "nought",
    ),
    (
        "mof-2020/methods.yaml",
        "formula: if met { points_possible } else { 0 }",
        "formula: 'if met { points_possible } else { nought }'",
        "unknown_name",
        "nought",
    ),
    (
        "mof-2020/methods.yaml",
        "formula: if met { points_possible } else { 0 }",
        "formula: \"if met { points_\\u0070ossible } else { nought }\"",
        "unknown_name",
        "nought",
    ),
    ("mof-2020/methods.yaml", "partly: \"[0.6, 0.8)\"", "partly: \"[0.6, 0.7)\"", "band_gap", "achieved"),
    ("mof-2020/methods.yaml", "ratio: \"[0, 1]\"", "ratio: \"[0, 1.2]\"", "share_out_of_range", "\"[0, 1.2]\""),
    (
        "mof-2020/methods.yaml",
        "direction: higher_is_better",
        "direction: higher_is_beter",
        "unknown_word",
        "higher_is_beter",
    ),
    ("mof-2020/methods.yaml", "title: 按完成比例计分", "titel: 按完成比例计分", "unknown_key", "titel"),
    ("mof-2020/scoring.yaml", "{if: budget_annual == 0}", "{if: budget_anual == 0}", "unknown_name", "budget_anual"),
    ("mof-2020/grades.yaml", "\"[80, 90)\"", "\"[80, 89]\"", "band_gap", "excellent"),
    ("mof-2020/grades.yaml", "\"[80, 90)\"", "\"[80, 90)\", grade: nil", "unknown_word", "nil"),
    ("mof-2020/grades.yaml", "\"[80, 90)\"", "\"[80, 90]\"", "band_overlap", "excellent"),
    ("mof-2020/grades.yaml", "\"[80, 90)\"", "\"[90, 80)\"", "bad_interval", "\"[90, 80)\""),
    ("mof-2020/structure.yaml", "points: 50", "points: 55", "points_do_not_close", "titles"),
    ("mof-2020/structure.yaml", "indicators.target:", "indicators.targets:", "unknown_field", "indicators.targets"),
    (
        "mof-2020/structure.yaml",
        "decimals: score_decimals",
        "decimals: score_decimal",
        "unknown_parameter",
        "score_decimal",
    ),
    ("mof-2020/scoring.yaml", "method: proportional", "method: proportionl", "unknown_method", "proportionl"),
    ("mof-2020/scoring.yaml", "target: RANGE", "target: RANG", "unknown_word", "RANG"),
    (
        "mof-2020/scoring.yaml",
        "outcome: NOT_APPLICABLE\n",
        "outcome: NOT_APPLICABLE\n    method: judged\n",
        "entry_without_outcome",
        "title",
    ),
    ("mof-2020/parameters.yaml", "since: 2020, value: 1.3", "since: 2021, value: 1.3", "date_hole", "{since"),
    ("mof-2020/parameters.yaml", "value: 1.3", "value: 1.3x", "bad_number", "1.3x"),
    (
        "mof-2020/checks.yaml",
        "severity: ERROR\n    for: field",
        "severity: EROR\n    for: field",
        "unknown_word",
        "EROR",
    ),
    (
        "mof-2020/checks.yaml",
        "得分 {points_claimed} 超过",
        "得分 {points_clamed} 超过",
        "unknown_name",
        "points_clamed",
    ),
    ("mof-2020/checks.yaml", "得分 {points_claimed} 超过", "得分 {points_claimed 超过", "formula_syntax", "超过"),
    (
        "mof-2020/pack.yaml",
        "award: claim_within_ceiling",
        "award: claim_within_celing",
        "unknown_award",
        "claim_within_celing",
    ),
    ("mof-2020/pack.yaml", "id: mof-2020", "id: mof-2021", "pack_id_mismatch", "mof-2021"),
    ("mof-2020/scripts/methods.rhai", "actual <= target {", "actual <= targt {", "unknown_name", "targt"),
    ("longgang-2022/pack.yaml", "extends: mof-2020", "extends: mof-2002", "unknown_pack", "mof-2002"),
    (
        "longgang-2022/structure.yaml",
        "project_code: {replaces: mof-2020, required: true}",
        "project_cod: {replaces: mof-2020, required: true}",
        "replaces_nothing",
        "project_cod",
    ),
    (
        "longgang-2022/structure.yaml",
        "project_code: {replaces: mof-2020, required: true}",
        "project_code: {title: 编码, required: true}",
        "already_defined",
        "project_code",
    ),
    (
        "longgang-2022/structure.yaml",
        "project_code: {replaces: mof-2020,",
        "project_code: {replaces: mof-2002,",
        "replaces_wrong_pack",
        "mof-2002",
    ),
    ("language-sample/parameters.yaml", "\"[80, 90)\": 0.8", "\"[80, 89)\": 0.8", "band_gap", "{\"[90"),
    ("language-sample/parameters.yaml", "\"[80, 90)\": 0.8", "\"[80, 90]\": 0.8", "band_overlap", "{\"[90"),
    ("language-sample/parameters.yaml", "\"[0, 60)\": 0", "\"[-1, 60)\": 0", "row_outside", "\"[-1, 60)\""),
    ("language-sample/parameters.yaml", "\"[0, 60)\": 0", "\"0 – 60\": 0", "bad_interval", "\"0 – 60\""),
    ("language-sample/parameters.yaml", "\"[0, 60)\": 0", "\"[0, 60)\": none", "bad_number", "none"),
    ("language-sample/parameters.yaml", "covers: \"[0, 100]\"", "covers: 0 to 100", "bad_interval", "0 to 100"),
    (
        "language-sample/parameters.yaml",
        "tables:",
        "tables:\n  score_tolerance: {title: 甲, unit: 乙, covers: \"[0, 1]\", rows: {\"[0, 1]\": 1}, cite: {source: sample, basis: PRACTICE}}",
        "name_taken",
        "score_tolerance",
    ),
    (
        "language-sample/methods.yaml",
        "lookup(satisfaction_share,",
        "lookup(satisfaction_shar,",
        "unknown_name",
        "satisfaction_shar",
    ),
    (
        "language-sample/methods.yaml",
        "lookup(satisfaction_share,",
        "lookup(sample_words,",
        "type_mismatch",
        "sample_words",
    ),
    ("language-sample/scoring.yaml", "for: execution", "for: executions", "unknown_word", "executions"),
    (
        "language-sample/scoring.yaml",
        "max(points - deduction, 0)",
        "max(point - deduction, 0)",
        "unknown_name",
        "point ",
    ),
    ("language-sample/scoring.yaml", "when: deduction > 0", "when: deduction", "type_mismatch", "deduction"),
    (
        "language-sample/scoring.yaml",
        "points: max(points - deduction, 0)",
        "points: deduction > 0",
        "type_mismatch",
        "deduction > 0",
    ),
    (
        "language-sample/scoring.yaml",
        "when: deduction > 0",
        "when: form_points_ceiling > 0",
        "unknown_name",
        "form_points_ceiling",
    ),
    ("language-sample/scoring.yaml", "when: day(submitted_on)", "when: actual_day", "unknown_name", "actual_day"),
    ("language-sample/scoring.yaml", "    for: form\n", "", "missing_key", "title"),
    (
        "language-sample/scoring.yaml",
        "lookup(execution_cap,",
        "lookup(execution_caps,",
        "unknown_name",
        "execution_caps",
    ),
    ("language-sample/methods.yaml", "points_possible * lookup", "points * lookup", "unknown_name", "points"),
    (
        "language-sample-district/scoring.yaml",
        "over_achievement: {replaces",
        "over_achieved: {replaces",
        "replaces_nothing",
        "over_achieved",
    ),
    ("mof-2020/grades.yaml", "bands:", "bands: &all", "yaml_anchor", "&all"),
    ("mof-2020/structure.yaml", "columns:\n", "columns:\n  target: {titles: [某栏]}\n", "name_taken", "target"),
    (
        "mof-2020/structure.yaml",
        "columns:\n",
        "columns:\n  score_tolerance: {titles: [某栏]}\n",
        "name_taken",
        "score_tolerance",
    ),
    (
        "mof-2020/structure.yaml",
        "attributes:\n",
        "attributes:\n  evidence: {titles: [某栏]}\n",
        "name_taken",
        "evidence",
    ),
    ("mof-2020/structure.yaml", "role: COMPARATOR", "role: COMPARATR", "unknown_word", "COMPARATR"),
    ("mof-2020/structure.yaml", "role: UNIT", "role: COMPARATOR", "duplicate_column", "unit"),
    ("mof-2020/structure.yaml", "role: UNIT", "role: UNIT, type: number", "role_needs_text", "UNIT"),
    (
        "mof-2020/structure.yaml",
        "[扣减分数, 扣分], type: number",
        "[扣减分数, 扣分], type: nummer",
        "unknown_word",
        "nummer",
    ),
    ("mof-2020/structure.yaml", "[扣减分数, 扣分]", "[扣减分数, 佐证材料]", "duplicate_column", "deduction"),
    ("mof-2020/structure.yaml", "  survey: {titles:", "  survey: {title:", "unknown_key", "title"),
    ("mof-2020/structure.yaml", "{titles: [项目负责人]}", "{titles: [项目负责人], role: UNIT}", "unknown_key", "role"),
    ("mof-2020/structure.yaml", "[PARENT, MERGED]", "[PARENT, MERGD]", "unknown_word", "MERGD"),
    ("mof-2020/structure.yaml", "[PARENT, MERGED]", "{PARENT: 1}", "wrong_type", "{"),
    (
        "mof-2020/structure.yaml",
        "groups:",
        "alternatives:\n  two: {title: 两类, points: {output: 60, benefit: 20}}\ngroups:",
        "points_do_not_close",
        "two",
    ),
    (
        "mof-2020/structure.yaml",
        "groups:",
        "alternatives:\n  two: {title: 两类, points: {output: 60, benefits: 30}}\ngroups:",
        "unknown_dimension",
        "benefits",
    ),
    (
        "mof-2020/structure.yaml",
        "groups:",
        "alternatives:\n  two: {title: 两类, points: {output: 90, benefit: 0}}\ngroups:",
        "bad_number",
        "0",
    ),
    (
        "mof-2020/structure.yaml",
        "groups:",
        "alternatives:\n  again: {title: 照旧, points: {output: 40, benefit: 40, satisfaction: 10}}\ngroups:",
        "unreachable_entry",
        "again",
    ),
    (
        "mof-2020/structure.yaml",
        "groups:",
        "alternatives:\n  usual: {title: 两类, points: {output: 60, benefit: 30}}\ngroups:",
        "name_taken",
        "usual",
    ),
    (
        "mof-2020/structure.yaml",
        "      other: {titles: [其他满意度指标, 其他满意度]}",
        "      other: {titles: [其他满意度指标, 其他满意度], points: ten}",
        "bad_number",
        "ten",
    ),
    (
        "mof-2020/checks.yaml",
        "when: indicator_count > 1 && blank_points_count",
        "when: indicator_count > 1 && form_points_ceiling",
        "unknown_name",
        "form_points_ceiling",
    ),
    (
        "mof-2020/checks.yaml",
        "  no_points_column:",
        "  missing_required_field:",
        "already_defined",
        "missing_required_field",
    ),
    (
        "mof-2020/checks.yaml",
        "  no_points_column:\n",
        "  no_points_column:\n    severity: ERROR\n",
        "unknown_key",
        "severity",
    ),
    (
        "mof-2020/checks.yaml",
        "    field: project_name\n",
        "    field: attributes.stated_grad\n",
        "unknown_field",
        "attributes.stated_grad",
    ),
    (
        "mof-2020/checks.yaml",
        "    severity: ERROR\n    for: indicator\n",
        "    severity: ERROR\n    effect: NO_GRAD\n    for: indicator\n",
        "unknown_word",
        "NO_GRAD",
    ),
    ("mof-2020/grades.yaml", "  poor:", "  fair:", "duplicate_key", "fair"),
];

fn shipped() -> Vec<PackFiles> {
    let load = |folder: &str| rules_folder::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect(folder);
    let samples = load("tests/packs").into_iter().filter(|pack| pack.name.starts_with("language-sample"));
    [load("rules"), samples.collect()].concat()
}

/// A pack with those it extends, and one that inherits from the national pack: what is inherited is told of once.
fn concerned(pack: &str) -> Vec<PackFiles> {
    let shipped = shipped();
    let mut names = vec!["longgang-2022".to_owned()];
    let mut next = Some(pack.to_owned());
    while let Some(name) = next {
        let manifest = shipped.iter().find(|files| files.name == name).and_then(|files| files.files.get("pack.yaml"));
        let extends = manifest.and_then(|text| text.lines().find_map(|line| line.strip_prefix("extends: ")));
        next = extends.map(|parent| parent.split('#').next().unwrap_or_default().trim().to_owned());
        names.push(name);
    }
    names.push("mof-2020".to_owned());
    shipped.into_iter().filter(|files| names.contains(&files.name)).collect()
}

fn problems(folder: &[PackFiles]) -> Problems {
    RuleBook::compile(folder).1
}

#[test]
fn the_shipped_packs_are_sound() {
    assert_eq!(problems(&shipped()), []);
}

#[test]
fn every_defect_is_told_once_at_its_place() {
    let wrong: Vec<String> = DEFECTS.iter().filter_map(|defect| told_wrongly(defect).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told_wrongly((file, old, new, code, covered): &(&str, &str, &str, &str, &str)) -> Result<(), String> {
    let (pack, path) = file.split_once('/').expect("pack/file");
    let mut folder = concerned(pack);
    let files = folder.iter_mut().find(|files| files.name == *pack).expect("a shipped pack");
    let text = files.files.get(path).expect("a shipped file").replacen(old, new, 1);
    if !text.contains(new) {
        return Err(format!("{file} no longer holds `{old}`"));
    }
    let text: Arc<str> = text.into();
    files.files.insert((*path).to_owned(), Arc::clone(&text));
    let errors: Problems = problems(&folder).into_iter().filter(Diagnostic::is_error).collect();
    let told: Vec<&str> = errors.iter().map(|problem| problem.code).collect();
    let place = errors.first().and_then(|first| first.place.clone()).ok_or(format!("{file}: `{new}` passes"))?;
    let line = text.lines().nth(place.line as usize - 1).unwrap_or_default();
    let there: String = line.chars().skip(place.column as usize - 1).take(covered.chars().count()).collect();
    if told.iter().all(|told| told == code) && place.file.as_ref() == *file && there == *covered {
        return Ok(());
    }
    Err(format!("`{new}` gives {told:?} at {place} (`{there}`), not {code} at `{covered}`"))
}
