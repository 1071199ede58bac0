use super::{Limits, parse};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Shape};

/// `code@line:column+length` of each problem.
fn problems(text: &str) -> Vec<String> {
    problems_within(text, &Limits::RULES)
}

fn problems_within(text: &str, limits: &Limits) -> Vec<String> {
    let brief = |d: Diagnostic| {
        let place = d.place.expect("every problem of a text has a place");
        format!("{}@{}+{}", d.code, place.to_string().trim_start_matches("t.yaml:"), place.length)
    };
    parse("t.yaml", text, limits).err().unwrap_or_default().into_iter().map(brief).collect()
}

fn read(text: &str) -> Node {
    parse("t.yaml", text, &Limits::RULES).unwrap_or_else(|found| panic!("{text:?}: {found:#?}"))
}

/// The tree on one line: texts in quotes, `null` bare.
fn outline(node: &Node) -> String {
    match &node.shape {
        Shape::Scalar(scalar) if scalar.is_null() => "null".into(),
        Shape::Scalar(scalar) => format!("{:?}", scalar.text),
        Shape::List(items) => format!("[{}]", items.iter().map(outline).collect::<Vec<_>>().join(", ")),
        Shape::Map(entries) => {
            let entry = |(key, node): &(_, _)| format!("{}: {}", crate::document::Key::clone(key).text, outline(node));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

#[test]
fn texts_stay_as_typed() {
    let cases = [
        ("a: 9.180", r#"{a: "9.180"}"#),
        (
            "a: 010\nb: 0x10\nc: 1e3\nd: 440307220601500400009\n",
            r#"{a: "010", b: "0x10", c: "1e3", d: "440307220601500400009"}"#,
        ),
        ("a: no\nb: on\nc: .inf\n", r#"{a: "no", b: "on", c: ".inf"}"#),
        ("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n", r#"{a: null, b: null, c: null, d: "", e: "null"}"#),
        ("a: [0.6, 0.8]\nb: '[0.6, 0.8)'\n", r#"{a: ["0.6", "0.8"], b: "[0.6, 0.8)"}"#),
        ("- 一\n-\n  - 二\n- {三: }\n- []\n- {}\n", r#"["一", ["二"], {三: null}, [], {}]"#),
        ("a:\n- 1\n- 2\n", r#"{a: ["1", "2"]}"#),
        ("a: |\n  没有行尾", r#"{a: "没有行尾\n"}"#),
        ("---\na: 1\n...\n", r#"{a: "1"}"#),
        ("\u{feff}a: 1", r#"{a: "1"}"#),
        ("a: 1\r\nb: 2\r\n", r#"{a: "1", b: "2"}"#),
        ("a: 行\u{2028}隔\u{85}符", "{a: \"行\\u{2028}隔\\u{85}符\"}"),
        ("'<<': 1", r#"{<<: "1"}"#),
        ("约: 完成率≥95% #注\n", r#"{约: "完成率≥95%"}"#),
        ("just a text", r#""just a text""#),
        (
            "{\"a\":1,\"b\":[true,null,\"x\\/y\\u4e2d\\n\"],\n\t\"c\":{}}",
            r#"{a: "1", b: ["true", null, "x/y中\n"], c: {}}"#,
        ),
        (r#"{"𠮷": "\ud842\udfb7\\ud842 \"", "\ud83d\ude00": 1}"#, r#"{𠮷: "𠮷\\ud842 \"", 😀: "1"}"#),
        (r"a: \ud83d\ude00", r#"{a: "\\ud83d\\ude00"}"#),
    ];
    for (text, expected) in cases {
        assert_eq!(outline(&read(text)), expected, "{text:?}");
    }
}

#[test]
fn refused_with_a_place() {
    let cases: &[(&str, &[&str])] = &[
        ("", &["empty_file@1:1+1"]),
        ("\u{feff}\n# 只有注释\n", &["empty_file@1:1+1"]),
        ("---\n", &["empty_file@1:1+1"]),
        ("a: 甲\0乙", &["control_character@1:5+1"]),
        ("a: 1\r\nb: \u{7f}", &["control_character@2:4+1"]),
        ("名称: 1\n别名: 2\n名称: 3\n", &["duplicate_key@3:1+2"]),
        ("a: 1\n\"a\": 2\n'a': 3\n", &["duplicate_key@2:1+3", "duplicate_key@3:1+3"]),
        ("x: {k: 1, k: 2}\nx: 1\n", &["duplicate_key@1:11+1", "duplicate_key@2:1+1"]),
        ("a: &锚 1\nb: *锚\n", &["yaml_anchor@1:4+2", "yaml_alias@2:4+2"]),
        ("a: *无\n", &["yaml_alias@1:4+1"]),
        ("a: !!str 1\nb: !x [1]\n", &["yaml_tag@1:4+5", "yaml_tag@2:4+2"]),
        ("a: 1\n<<: {b: 1}\n", &["yaml_merge_key@2:1+2"]),
        ("a: 1\n---\nb: 2\n", &["several_documents@2:1+3"]),
        ("? [a]\n: 1\n? {b: 1}\n: 2\n", &["key_not_scalar@1:3+1", "key_not_scalar@3:3+1"]),
        (": 1\n", &["empty_key@1:1+1"]),
        ("a: 'x\n", &["yaml_syntax@1:4+1"]),
        ("a: b: c\n", &["yaml_syntax@1:5+1"]),
        ("a: 1\n名称：值\nb: 2\n", &["yaml_syntax@2:1+4"]),
        ("a: [1, 2\n", &["yaml_syntax@1:9+1"]),
        ("a: \"\\q\"\n", &["yaml_syntax@1:4+1"]),
        ("a: {\"x\": \"\\ud83d\"}\n", &["yaml_syntax@1:10+1"]),
        ("a:\n\t- 1\n", &["yaml_syntax@2:1+1"]),
        ("a: 1\n\u{feff}b: 1", &["yaml_syntax@2:1+1"]),
        ("a: 1\na: 2\nb: [\n", &["yaml_syntax@3:5+1"]),
    ];
    for (text, expected) in cases {
        assert_eq!(problems(text), *expected, "{text:?}");
    }
}

#[test]
fn places_cover_the_first_line_of_what_they_mark() {
    let text = "甲乙: \"引 号\" # 注\nlist:\n- 一\n-   'it''s'   \nflow: [a, {b: 多 行\n  文字}]\nblock: |+ # x |\n\n   内容 内容  \n   二\nnone: >-\n  # 不是注释?\nempty: |\nlast: x";
    let node = read(text);
    let at = |node: &Node| format!("{}:{}+{}", node.place.line, node.place.column, node.place.length);
    let entries = node.as_map().unwrap();
    let values: Vec<String> = entries.iter().map(|(_, node)| at(node)).collect();
    assert_eq!(values, ["1:5+5", "3:1+1", "5:7+1", "9:4+5", "12:3+7", "13:8+1", "14:7+1"]);
    let keys: Vec<String> =
        entries.iter().map(|(k, _)| format!("{}:{}+{}", k.place.line, k.place.column, k.place.length)).collect();
    assert_eq!(keys, ["1:1+2", "2:1+4", "5:1+4", "7:1+5", "11:1+4", "13:1+5", "14:1+4"]);
    let list: Vec<String> = node.get("list").unwrap().as_list().unwrap().iter().map(at).collect();
    assert_eq!(list, ["3:3+1", "4:5+7"]);
    let flow = node.get("flow").unwrap().as_list().unwrap();
    assert_eq!(
        (at(&flow[0]), at(&flow[1]), at(flow[1].get("b").unwrap())),
        ("5:8+1".into(), "5:11+1".into(), "5:15+3".into())
    );
    assert_eq!(at(&node), "1:1+2", "a block mapping stands at its first key");
    assert_eq!(
        at(read("a:\n  b:\n").get("a").unwrap().get("b").unwrap()),
        "2:3+1",
        "a missing value stands at its key"
    );
}

#[test]
fn a_surrogate_pair_moves_nothing_after_it() {
    let node = read(r#"{"a": "\ud83d\ude00", "b": "x"}"#);
    let place = &node.get("b").unwrap().place;
    assert_eq!((place.column, place.length), (28, 3));
    assert_eq!(node.get("a").unwrap().place.length, 14);
}

#[test]
fn the_first_of_two_equal_keys_is_named() {
    let found = parse("t.yaml", "a: 1\nb: 2\na: 3\n", &Limits::RULES).unwrap_err();
    assert_eq!(found[0].related[0].place.to_string(), "t.yaml:1:1");
}

#[test]
fn full_width_marks_are_pointed_out() {
    let cases = [
        ("a: 1\n名称：值\n", "`名称：值` 用了全角冒号"),
        ("名称：值\nb: 2\n", "`名称：值` 用了全角冒号"),
        ("a: [1，2\n", "全角逗号"),
        ("a: {k: “x”: 1}\n", "中文引号"),
    ];
    for (text, expected) in cases {
        let found = parse("t.yaml", text, &Limits::RULES).unwrap_err();
        assert!(found[0].help.as_ref().is_some_and(|help| help.zh.contains(expected)), "{text:?}: {found:?}");
    }
}

#[test]
fn what_the_readers_take_differently_is_refused() {
    let cases = [
        ("- >\n  \t中\n", "yaml_readers_disagree@2:3+1"),
        ("\t中\n", "yaml_readers_disagree@1:1+1"),
        ("a: [b:1]\n", "ok"),
    ];
    for (text, expected) in cases {
        assert_eq!(problems(text).first().map_or("ok", String::as_str), expected, "{text:?}");
    }
}

/// The first problem of a text that was built to be slow, and the time it took.
fn first_problem(text: &str) -> String {
    let found = problems(text);
    assert!(found.len() <= 100);
    let code = found.first().map_or("ok", |problem| problem.split('@').next().unwrap());
    code.into()
}

#[test]
fn deep_nesting_is_refused_before_it_costs_anything() {
    let mib = 1 << 20;
    let cases = [
        ("[".repeat(mib - 1), "too_deep"),
        ("{".repeat(mib - 1), "too_deep"),
        ("{a: [".repeat(mib / 6), "too_deep"),
        ("- ".repeat(mib / 2 - 1), "too_deep"),
        ("? ".repeat(mib / 2 - 1), "key_not_scalar"),
        (": ".repeat(mib / 2 - 1), "empty_key"),
        ("a: ".to_owned() + "[".repeat(65).as_str() + "]".repeat(65).as_str(), "too_deep"),
        (" ".repeat(mib + 1), "file_too_large"),
        ("[".repeat(64) + "]".repeat(64).as_str(), "ok"),
    ];
    for (text, code) in cases {
        let found = first_problem(&text);
        assert_eq!(found, code, "{:?}", text.get(..12));
    }
}

#[test]
fn large_texts_are_read_or_refused() {
    let mib = 1 << 20;
    let cases = [
        ("- a\n".repeat(mib / 4), "too_many_values"),
        ("a: 1\n".repeat(mib / 5 - 9_800), "duplicate_key"),
        ("\"".to_owned() + "\\ud83d\\ude00".repeat(mib / 13).as_str(), "yaml_syntax"),
        ("\n".repeat(mib - 1) + "'", "yaml_syntax"),
        ("#".repeat(mib), "empty_file"),
        ("a: x".to_owned() + " x".repeat(mib / 3).as_str(), "ok"),
        ("a: |".to_owned() + "\n  x\n".repeat(mib / 6).as_str(), "ok"),
    ];
    for (text, code) in cases {
        let found = first_problem(&text);
        assert_eq!(found, code, "{:?}", text.get(..12));
    }
}

#[test]
fn a_file_at_its_limit_is_read() {
    let row = r#"{"name": "投资推广", "target": "≥95%", "points": "9.180", "tags": [1, 2]}, "#;
    let json = format!("[{}1]", row.repeat((4 << 20) / row.len()));
    let many = Limits { nodes: 2_000_000, ..Limits::FORM };
    assert_eq!(problems_within(&json, &many), Vec::<String>::new());
    assert!(problems_within(&json, &Limits::FORM).iter().all(|problem| problem.starts_with("too_many_values")));
    let few = Limits { nodes: 3, ..Limits::RULES };
    assert_eq!(problems_within("[1, 2]", &few), Vec::<String>::new());
    assert_eq!(problems_within("[1, 2, 3]", &few), ["too_many_values@1:1+1"]);
}
