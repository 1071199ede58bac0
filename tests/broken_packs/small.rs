//! A small pack without a flaw that uses every part of the language, and a variant of it.

use std::sync::Arc;

use heng::diagnostic::Diagnostic;
use heng::pack::{PackFiles, parse_cases};
use heng::regress::{Runner, prove};
use heng::ruleset::RuleBook;

const FILES: &[(&str, &str)] = &[
    (
        "p/pack.yaml",
        "id: p
title: 试行办法
applies_to: {fiscal_years: {from: 2020}}
award: claim_within_ceiling
sources:
  s: {document: 试〔2020〕1号, title: 试行办法}
",
    ),
    (
        "p/structure.yaml",
        "dimensions:
  output:
    titles: [产出指标]
    points: 60
    categories:
      quantity: {titles: [数量指标], points: 40}
      quality: {titles: [质量指标], points: 20}
  benefit: {titles: [效益指标], points: 30}
fields:
  project_name: {title: 项目名称, required: true}
totals:
  form: {points: 100}
  execution: {points: 10}
  rounding: {decimals: decimals}
",
    ),
    (
        "p/parameters.yaml",
        "parameters:
  decimals: {title: 小数位, unit: 位, values: [{since: 2020, value: 2, cite: {source: s, basis: PRACTICE}}]}
  limit:
    title: 超额上限
    unit: ratio
    values:
      - {since: 2020, value: 1, cite: {source: s, basis: PRACTICE}}
      - {since: 2023, value: 1, cite: {source: s, basis: PRACTICE}}
tables:
  steps:
    title: 满意度分档
    unit: ratio
    covers: \"[0, 100]\"
    rows: {\"[0, 60)\": 0, \"[60, 90)\": 0.6, \"[90, 100]\": 1}
    cite: {source: s, basis: PRACTICE}
",
    ),
    (
        "p/methods.yaml",
        "methods:
  share:
    title: 按比例
    formula: points_possible * share_of(actual, target)
    direction: higher_is_better
    cite: {source: s, basis: PRACTICE}
  stepped:
    title: 分档
    formula: points_possible * lookup(steps, clamp(actual, 0, 100))
    jump: intended
    cite: {source: s, basis: PRACTICE}
  judged:
    title: 评判
    tiers: {achieved: \"[0.6, 1]\", poorly: \"[0, 0.6)\"}
    cite: {source: s, basis: PRACTICE}
",
    ),
    (
        "p/scoring.yaml",
        "scoring:
  none:
    title: 目标不为正
    when: {comparable: true, if: \"!(target > 0)\"}
    outcome: UNSCORED
    cite: {source: s, basis: PRACTICE}
  satisfied:
    title: 满意度
    when: {name: [满意度], comparable: true}
    method: stepped
  share:
    title: 按比例
    when: {comparable: true}
    method: share
  judged:
    title: 评判
    when: {meeting: JUDGED}
    method: judged
",
    ),
    (
        "p/grades.yaml",
        "bands:
  good: {title: 良, points: \"[60, 100]\"}
  poor: {title: 差, points: \"[0, 60)\"}
",
    ),
    (
        "p/checks.yaml",
        "checks:
  over:
    severity: ERROR
    for: indicator
    field: points_claimed
    when: points_claimed > points_possible * limit
    message: {zh: \"得分 {points_claimed} 超过分值 {points_possible}\", en: \"{points_claimed} is more than {points_possible}\"}
    help: {zh: 请改正, en: correct it}
    cite: {source: s, basis: PRACTICE}
",
    ),
    ("p/lexicon.yaml", "tiers:\n  achieved: {words: [完成]}\n  poorly: {words: [未完成]}\n"),
    (
        "p/scripts/share.rhai",
        "// 完成比例，封顶
fn share_of(done, wanted) {
    if done <= 0 {
        return 0;
    }
    min(done / wanted, capped(1))
}
fn capped(most) { min(most, limit_of(most)) }
fn limit_of(most) { most }
",
    ),
    (
        "p/blank.yaml",
        "project_name: 培训
fiscal_year: 2022
indicators:
  - {dimension: 产出指标, category: 数量指标, name: 场次, target: 10, actual: 9, points_possible: \"20\"}
",
    ),
    (
        "p/cases/a.yaml",
        "- case: 一行
  want: {complete: \"true\"}
- case: 目标为零
  form: {indicators: {0: {target: \"0\"}}}
  want: {complete: \"true\"}
- case: 满意度
  form: {indicators: {0: {name: 满意度}}}
  want: {complete: \"true\"}
- case: 完成与否
  form: {indicators: {0: {target: 完成, actual: 未完成}}}
  want: {complete: \"true\"}
",
    ),
    ("q/pack.yaml", "id: q\ntitle: 某市办法\nextends: p\napplies_to: {fiscal_years: {from: 2021}, project_code_prefix: \"44\"}\n"),
    ("q/grades.yaml", "bands:\n  good: {replaces: p, title: 优良}\n"),
];

/// The packs with one change: in this file, the first of these words are replaced. A file that is not there is made.
pub fn with(file: &str, old: &str, new: &str) -> Vec<PackFiles> {
    let mut packs: Vec<PackFiles> = Vec::new();
    let made = [(file, "")].into_iter().filter(|(file, _)| !FILES.iter().any(|(known, _)| known == file));
    for (path, text) in FILES.iter().copied().chain(made) {
        let (name, path_in_pack) = path.split_once('/').expect("pack/file");
        let text = if path == file {
            assert!(text.contains(old), "{file} holds no `{old}`");
            text.replacen(old, new, 1)
        } else {
            text.to_owned()
        };
        if packs.last().is_none_or(|pack| pack.name != name) {
            match packs.iter().position(|pack| pack.name == name) {
                Some(index) => packs[index..].rotate_left(1),
                None => packs.push(PackFiles { name: name.to_owned(), ..PackFiles::default() }),
            }
        }
        packs.last_mut().expect("it was put there").files.insert(path_in_pack.to_owned(), Arc::from(text));
    }
    packs.sort_by(|one, other| one.name.cmp(&other.name));
    packs
}

/// All that `heng check` tells of them.
pub fn told(packs: &[PackFiles]) -> Vec<Diagnostic> {
    let (book, mut problems) = RuleBook::compile(packs);
    for pack in packs {
        parse_cases(pack, &mut problems);
    }
    if let Some(book) = &book {
        problems.extend(prove(&Runner { book, folder: packs, form_file: &|_, _| None }, None).problems);
    }
    problems
}

/// The characters that a problem's place marks, or as many from there on, read from its file.
pub fn marked(packs: &[PackFiles], problem: &Diagnostic, length: Option<usize>) -> Option<String> {
    let place = problem.place.as_ref()?;
    let text = packs.iter().find_map(|pack| pack.source(&place.file))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    let line = text.split('\n').nth(place.line as usize - 1)?;
    Some(line.chars().skip(place.column as usize - 1).take(length.unwrap_or(place.length as usize)).collect())
}
