use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::{json_line, text};
use crate::diagnostic::{Bilingual, Diagnostic, Lang, Place, Severity};

const PACK: &str = "\u{feff}名称: 甲\r\n\t公式：满分 × \u{202e}min(实际\u{200b} / 目标)\t# 尾\r\n\r\nlast";

fn source_of(file: &str) -> Option<Arc<str>> {
    (file == "p/m.yaml").then(|| PACK.into())
}

fn at(line: u32, column: u32, length: u32) -> Place {
    Place::new("p/m.yaml".into(), line, column, length)
}

fn problem(place: Place) -> Diagnostic {
    Diagnostic::error("unknown_name", place, Bilingual::new("没有 `实际` 这个名称", "there is no name `实际`"))
}

#[test]
fn reads_like_rustc_in_both_languages() {
    let diagnostic = problem(at(2, 2, 2))
        .with_help(Bilingual::new("是否想写 `目标`？", "did you mean `目标`?"))
        .with_related(at(1, 1, 2), Bilingual::new("名称在这里", "the name is here"));
    insta::assert_snapshot!(text(std::slice::from_ref(&diagnostic), Lang::Zh, &source_of, false), @r"
    错误[unknown_name]: 没有 `实际` 这个名称
     --> p/m.yaml:2:2
      |
    2 |     公式：满分 × �min(实际� / 目标)    # 尾
      |     ^^^^
      |
      = 帮助: 是否想写 `目标`？
    参见: 名称在这里
     --> p/m.yaml:1:1
      |
    1 | 名称: 甲
      | ----
    ");
    let warning = Diagnostic { severity: Severity::Warning, ..problem(at(4, 1, 4)) };
    insta::assert_snapshot!(text(&[warning, diagnostic], Lang::En, &source_of, false), @r"
    warning[unknown_name]: there is no name `实际`
     --> p/m.yaml:4:1
      |
    4 | last
      | ^^^^

    error[unknown_name]: there is no name `实际`
     --> p/m.yaml:2:2
      |
    2 |     公式：满分 × �min(实际� / 目标)    # 尾
      |     ^^^^
      |
      = help: did you mean `目标`?
    note: the name is here
     --> p/m.yaml:1:1
      |
    1 | 名称: 甲
      | ----
    ");
}

/// The caret begins below the first marked character and is as wide as the marked text.
#[test]
fn carets_stand_under_what_they_mark() {
    let cases = [
        (1, 1, 2, "名称"),
        (1, 5, 1, "甲"),
        (2, 5, 2, "满分"),
        (2, 21, 2, "目标"),
        (2, 27, 1, "尾"),
        (4, 1, 4, "last"),
    ];
    for (line, column, length, marked) in cases {
        let shown = text(&[problem(at(line, column, length))], Lang::Zh, &source_of, false);
        let rows: Vec<&str> = shown.lines().collect();
        let caret_row = rows.iter().position(|row| row.contains('^')).unwrap();
        let (excerpt, carets) = (rows[caret_row - 1], rows[caret_row]);
        let before = excerpt.split(marked).next().unwrap();
        assert_eq!(carets.find('^').unwrap(), before.width(), "{shown}");
        assert_eq!(carets.matches('^').count(), marked.width(), "{shown}");
        assert!(!shown.contains(['\u{202e}', '\u{200b}', '\r', '\t', '\u{feff}']), "{shown:?}");
    }
}

#[test]
fn no_place_is_too_odd() {
    for line in [0, 1, 2, 3, 4, 5, u32::MAX] {
        for column in [0, 1, 3, 99, u32::MAX] {
            for length in [1, 99, u32::MAX] {
                let place = Place { file: "p/m.yaml".into(), line, column, length };
                let shown = text(&[problem(place)], Lang::En, &source_of, true);
                assert!(shown.contains(&format!("{line}:{column}")), "{shown}");
            }
        }
    }
    let elsewhere = problem(Place::start_of("other.yaml"));
    assert!(text(&[elsewhere], Lang::En, &source_of, false).contains("--> other.yaml:1:1"));
    let nowhere = Diagnostic { place: None, ..problem(at(1, 1, 1)) };
    assert_eq!(text(&[nowhere], Lang::Zh, &source_of, false), "错误[unknown_name]: 没有 `实际` 这个名称\n\n");
}

#[test]
fn a_long_line_is_cut_around_the_caret() {
    let line: String = "前".repeat(100_000) + "坏掉" + "后".repeat(100_000).as_str();
    let source = move |_: &str| Some(Arc::from(line.as_str()));
    let shown = text(&[problem(at(1, 100_001, 2))], Lang::Zh, &source, false);
    assert!(shown.contains("坏掉") && shown.contains("m.yaml:1:100001"), "{shown}");
    assert!(shown.lines().all(|row| row.width() <= 130), "{shown}");
}

#[test]
fn escapes_in_messages_reach_no_terminal() {
    let message = Bilingual::new("键 `\u{1b}[31m\n`", "key `\u{1b}[31m\n`");
    let diagnostic = Diagnostic::error("x", at(1, 1, 1), message.clone())
        .with_help(message.clone())
        .with_related(at(1, 1, 1), message);
    assert!(!text(&[diagnostic], Lang::Zh, &source_of, false).contains('\u{1b}'));
}

#[test]
fn json_is_one_line_with_all_keys() {
    let diagnostic = problem(at(2, 5, 2)).with_related(at(1, 1, 2), Bilingual::new("这里\n", "here"));
    assert_eq!(
        json_line(&diagnostic, Lang::Zh),
        r#"{"code":"unknown_name","severity":"ERROR","message":"没有 `实际` 这个名称","file":"p/m.yaml","line":2,"column":5,"help":null,"related":[{"message":"这里\n","file":"p/m.yaml","line":1,"column":1}]}"#
    );
    let nowhere = Diagnostic { place: None, ..diagnostic };
    assert!(json_line(&nowhere, Lang::En).contains(r#""file":null,"line":null,"column":null"#));
}
