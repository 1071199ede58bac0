//! `heng eval` over many forms.

use super::{SAMPLE, SOUND, Value, code, command, file, folder, heng, json_lines, stderr, stdout};

/// A folder of good and broken forms, and of files that are none.
fn mixed(name: &str) -> String {
    let folder = folder(name);
    for number in 0..12 {
        let form = SOUND.replace("试验项目", &format!("项目{number}")).replace("\"10场\",\"points", "\"9场\",\"points");
        file(&folder, &format!("{}/form-{number:02}.json", number % 3), form);
    }
    file(&folder, "1/broken.yaml", "a: [1, 2\nb: }");
    file(&folder, "2/rules.yaml", "checks: {}");
    file(&folder, "README.md", "no form");
    file(&folder, ".hidden.json", "no form");
    folder.to_str().expect("a path").to_owned()
}

#[test]
fn a_folder_is_listed_and_summed_up() {
    let output = heng(&["eval", &mixed("listed")]);
    assert_eq!(code(&output), 1);
    let (page, talk) = (stdout(&output), stderr(&output));
    let rows: Vec<&str> = page.lines().filter(|line| line.contains("form-")).collect();
    assert_eq!(rows.len(), 12, "{page}");
    assert!(rows[0].starts_with("0/form-00.json  项目0 ") && rows[0].contains("90    →  81"), "{page}");
    assert!(rows.is_sorted(), "in the order of their paths: {page}");
    for shown in [
        "共 14 张自评表：评价 12 张",
        "未接受 2 张",
        "产出指标 · 培训场次   108       10%    12",
        "score_formula_mismatch",
        "1/broken.yaml:2:2：",
        "1 个 .md 文件",
    ] {
        assert!(page.contains(shown), "{shown} is not on the page:\n{page}");
    }
    assert_eq!(talk.lines().filter(|line| line.starts_with("略过 ")).count(), 2, "{talk}");
    assert!(!page.contains('\u{1b}') && !talk.contains('\u{1b}') && !talk.contains("评价中"), "no terminal, no bar");
    assert!(!page.contains("hidden"));
}

#[test]
fn the_list_fits_the_screen() {
    let folder = mixed("fits");
    for columns in ["80", "120"] {
        let output = command(&["eval", &folder]).env("COLUMNS", columns).output().expect("heng runs");
        let page = stdout(&output);
        for line in page.lines().take_while(|line| !line.contains("未接受的文件")) {
            let cells = unicode_width::UnicodeWidthStr::width(line);
            assert!(cells <= columns.parse().expect("a number"), "{cells} cells of {columns}: {line}");
        }
    }
}

#[test]
fn a_folder_gives_a_line_for_each_form_and_nothing_else() {
    let output = heng(&["eval", "--json", &mixed("lines")]);
    assert_eq!(code(&output), 1);
    let found = json_lines(&output);
    let files: Vec<&str> = found.iter().filter_map(|line| line["file"].as_str()).collect();
    assert_eq!(files.len(), 12);
    assert!(files.is_sorted() && files[0].ends_with("lines/0/form-00.json"), "{files:?}");
    assert!(found.iter().all(|line| line["points"]["awarded"] == "81" && line.get("error").is_none()));
    assert_eq!(stderr(&output).lines().count(), 2, "{}", stderr(&output));
}

#[test]
fn a_thousand_forms_come_in_their_order() {
    let folder = folder("thousand");
    let forms: String =
        (0..1000).map(|number| SOUND.replace('\n', "").replace("试验项目", &format!("项目{number}")) + "\n").collect();
    let path = file(&folder, "forms.ndjson", forms);
    let found = json_lines(&heng(&["eval", "--json", &path]));
    let names: Vec<&str> = found.iter().filter_map(|form| form["projectName"].as_str()).collect();
    assert_eq!(names, (0..1000).map(|number| format!("项目{number}")).collect::<Vec<_>>());
    assert!(found.iter().all(|form| form.get("file").is_none()), "a file that was named needs no name");
    let page = stdout(&heng(&["eval", &path]));
    assert!(page.contains("forms.ndjson:1000") && page.contains("评价 1000 张"), "{}", page.len());
}

#[test]
fn one_form_is_a_page_and_many_are_a_list_unless_asked() {
    let one = stdout(&heng(&["eval", SAMPLE]));
    let two = stdout(&heng(&["eval", SAMPLE, SAMPLE]));
    let pages = stdout(&heng(&["eval", "--pages", SAMPLE, SAMPLE]));
    assert!(one.starts_with("项目支出绩效自评表") && !one.contains("共 1 张"));
    assert!(two.contains("共 2 张自评表") && two.lines().filter(|line| line.starts_with(SAMPLE)).count() == 2, "{two}");
    assert_eq!(pages.matches("项目支出绩效自评表  ").count(), 2);
    assert!(pages.contains("共 2 张自评表"));
    let english = stdout(&heng(&["eval", "--lang", "en", SAMPLE, SAMPLE]));
    assert!(english.contains("2 forms: 2 evaluated") && english.contains("excellent"), "{english}");
}

#[test]
fn a_folder_without_a_form_cannot_be_evaluated() {
    let folder = folder("formless");
    file(&folder, "broken.yaml", "[");
    let output = heng(&["eval", folder.to_str().expect("a path")]);
    assert_eq!(code(&output), 2);
    let lines = heng(&["eval", "--json", folder.to_str().expect("a path")]);
    assert_eq!((code(&lines), json_lines(&lines)), (2, Vec::<Value>::new()));
}
