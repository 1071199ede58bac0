//! A formula may stand in any scalar that YAML has: its mistakes are told at their own characters all the same.

use std::sync::Arc;

use heng::diagnostic::{Lang, render};
use heng::pack::PackFiles;

use super::small::{marked, told, with};

/// What stands in `methods.yaml` or another file in place of words of it; each has one `nought`, which is no name.
const STYLES: &[(&str, &str, &str, &str)] = &[
    ("plain", "p/methods.yaml", "points_possible * share_of(actual, target)", "points_possible * nought # 注释 nought"),
    (
        "plain over lines",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "points_possible\n      * share_of(actual,\n        nought)",
    ),
    (
        "plain over an empty line",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "points_possible\n\n      * nought",
    ),
    (
        "plain with tabs and wide characters",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "if name == \"优秀😀\" {\t0\t} else {\tnought }",
    ),
    ("plain in braces", "p/scoring.yaml", "{comparable: true}", "{comparable: true, if: actual > nought}"),
    (
        "plain in braces over lines",
        "p/scoring.yaml",
        "{comparable: true}",
        "{\n      comparable: true,\n      if: actual >\n        nought\n    }",
    ),
    (
        "plain as an explicit value",
        "p/methods.yaml",
        "formula: points_possible * share_of(actual, target)",
        "? formula\n    : points_possible * nought",
    ),
    (
        "single quotes",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "'if name == \"甲''乙''\" { 0 } else { nought }'",
    ),
    (
        "single quotes over lines",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "'points_possible *\n\n      nought '",
    ),
    (
        "double quotes with escapes",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "\"if name == \\\"\\u4f18\\U0001f600\\\" { 0 }\\t else { nought }\"",
    ),
    (
        "double quotes over lines",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "\"points_possible *\n      nought\"",
    ),
    (
        "double quotes with an escaped break",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "\"points_possi\\\n      ble * \\\n      nought\"",
    ),
    (
        "literal",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "|\n      if met { 0 }\n      else { nought }",
    ),
    (
        "literal, stripped, indented within",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "|-\n      if met {\n          0\n      } else {\n        \tnought\n      }",
    ),
    (
        "literal, kept, behind empty lines",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "|+\n\n\n      // 按“比例”计分 😀\n      points_possible * nought\n\n",
    ),
    (
        "literal with its indentation told",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        "|2-\n         points_possible\n      * nought",
    ),
    (
        "folded",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        ">\n      if met { 0 }\n      else { nought }",
    ),
    (
        "folded, stripped, indented within",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        ">-\n      if met {\n          0\n        } else {\n\n      nought }",
    ),
    (
        "folded, kept",
        "p/methods.yaml",
        "points_possible * share_of(actual, target)",
        ">+\n      points_possible\n      * nought\n\n",
    ),
    ("a template", "p/checks.yaml", "超过分值 {points_possible}", "超过“分值” {nought}"),
    (
        "a template, folded",
        "p/checks.yaml",
        "message: {zh: \"得分 {points_claimed} 超过分值 {points_possible}\", en: \"{points_claimed} is more than {points_possible}\"}",
        "message:\n      zh: >-\n        得分 {points_claimed}\n        超过分值 {nought}\n      en: too much",
    ),
    (
        "JSON",
        "p/grades.yaml",
        "bands:\n  good: {title: 良, points: \"[60, 100]\"}\n",
        "{\"bands\": {\"good\": {\"title\": \"良\\ud83d\\ude00\", \"points\": \"nought\"},\n",
    ),
    (
        "a script",
        "p/scripts/share.rhai",
        "min(done / wanted, capped(1))",
        "/* “比例”\t😀 */\tmin(done / nought, capped(1))",
    ),
    ("a script's text", "p/scripts/share.rhai", "return 0;", "return if \"优😀\" == \"优\" { 0 } else { nought };"),
];

fn in_all_files(packs: &[PackFiles], change: &dyn Fn(&str) -> String) -> Vec<PackFiles> {
    let changed = |pack: &PackFiles| PackFiles {
        files: pack.files.iter().map(|(path, text)| (path.clone(), Arc::from(change(text)))).collect(),
        ..pack.clone()
    };
    packs.iter().map(changed).collect()
}

#[test]
fn a_mistake_is_told_at_its_characters_in_every_style() {
    let mut page = String::new();
    let mut wrong = Vec::new();
    for (style, file, old, new) in STYLES {
        let mut packs = with(file, old, new);
        if *style == "JSON" {
            packs = with(
                file,
                "bands:\n  good: {title: 良, points: \"[60, 100]\"}\n  poor: {title: 差, points: \"[0, 60)\"}\n",
                &format!("{new} \"poor\": {{\"title\": \"差\", \"points\": \"[0, 60)\"}}}}}}\n"),
            );
        }
        let files = [
            packs.clone(),
            in_all_files(&packs, &|text| text.replace('\n', "\r\n")),
            in_all_files(&packs, &|text| format!("\u{feff}{text}")),
            in_all_files(&packs, &|text| format!("\u{feff}{}", text.replace('\n', "\r\n"))),
        ];
        for (ends, packs) in ["LF", "CR LF", "a mark and LF", "a mark and CR LF"].iter().zip(&files) {
            let problems = told(packs);
            let places: Vec<_> =
                problems.iter().map(|problem| marked(packs, problem, None).unwrap_or_default()).collect();
            let right = places.iter().all(|marked| marked.trim_matches('"') == "nought") && !places.is_empty();
            if !right {
                wrong.push(format!("{style}, {ends}: {places:?} of {problems:#?}"));
            }
        }
        let source = |name: &str| packs.iter().find_map(|pack| pack.source(name));
        page.push_str(&format!("── {style}\n{}", render::text(&told(&packs), Lang::Zh, &source, false)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!("styles", page);
}
