//! Every character of every decoded text must be found again in the source.

use proptest::prelude::*;

use super::trace;
use crate::diagnostic::render::lines;
use crate::document::{Limits, Node, Shape, parse};

/// The stretch of the source that a place marks.
fn marked(node: &Node, offset: usize, length: usize) -> String {
    let place = node.place_at(offset, length);
    let line = lines(&node.source).nth(place.line as usize - 1).unwrap();
    line.chars().skip(place.column as usize - 1).take(place.length as usize).collect()
}

/// Checks each character of each scalar of the tree; returns how many.
fn check_tree(node: &Node) -> usize {
    match &node.shape {
        Shape::List(items) => items.iter().map(check_tree).sum(),
        Shape::Map(entries) => entries.iter().map(|(_, node)| check_tree(node)).sum(),
        Shape::Scalar(scalar) if scalar.is_null() => 0,
        Shape::Scalar(scalar) => {
            let spots = trace(node, scalar).unwrap_or_else(|| panic!("no trace of {scalar:?} in {:?}", node.source));
            for (offset, (c, spot)) in scalar.text.chars().zip(&spots).enumerate() {
                let line = lines(&node.source).nth(spot.line as usize - 1).unwrap();
                let rest: String = line.chars().skip(spot.column as usize - 1).collect();
                let segment = marked(node, offset, 1);
                let found = match spot.width {
                    0 => matches!(c, ' ' | '\n') && rest.trim().is_empty(),
                    1 => segment == c.to_string(),
                    2 if segment == "''" => c == '\'',
                    _ => segment.starts_with('\\') && segment.chars().count() == spot.width as usize,
                };
                assert!(found, "{c:?} is not {segment:?} at {}:{} of {:?}", spot.line, spot.column, node.source);
            }
            spots.len()
        }
    }
}

#[test]
fn every_style_maps_back() {
    let cases = [
        "a: 圆满完成 目标  x\n",
        "a: 第一行\n  第二行\n\n\n  第三行 # 注\nb: 1\n",
        "a: '它''s 全部''' # c\n",
        "a: 'x  \n  y\n\n  z '\n",
        r#"a: "制\t表\u4e2d\U0001f600\x41 \"引\" \\ \/""#,
        "a: \"折 \\\n   行\\\n\n   \\ 空\n   尾  \"\n",
        "a: |\n  第一行\n\n    缩进\n  末行\n",
        "a: |2-\n    前两格是缩进\n   x\n\n",
        "a: |+\n\n\n  前有空行\n\n\nb: 1\n",
        "a: |\n  没有行尾",
        "a: >\n  折叠\n  一行\n\n  另段\n    更深\n    更深\n  回来\n\n\n",
        "a: >-\n\n  前空\n  后\n",
        "a: |+\n\n\nb: 1\n",
        "a: >2\n   带空格\n  不带\n",
        "- - - '深'\n    - |\n      块\n",
        "a: 行\r\n  行\r\nb: |\r\n  块\r\n  块\r\nc: \"x\r\n  y\"\r\n",
        "{\"a\": \"x\\ud83d\\ude00y\", \"b\": [\"中\\n\", 9.180]}",
        "\u{feff}a: 有标记\n",
    ];
    for text in cases {
        let node = parse("t.yaml", text, &Limits::RULES).unwrap_or_else(|problems| panic!("{text:?}: {problems:?}"));
        assert!(check_tree(&node) > 1, "{text:?}");
    }
}

#[test]
fn stretches_and_ends() {
    let node = parse("t.yaml", "a: \"x \\u4e2d文 + y\"\nb: |\n  一二三\n  四\n", &Limits::RULES).unwrap();
    let (a, b) = (node.get("a").unwrap(), node.get("b").unwrap());
    assert_eq!(marked(a, 2, 2), "\\u4e2d文");
    assert_eq!(marked(a, 0, 99), "x \\u4e2d文 + y", "a stretch ends with its line");
    assert_eq!(marked(a, 8, 1), "\"", "the offset after the last character");
    assert_eq!(a.place_at(9, 1), a.place, "past the text: the scalar itself");
    assert_eq!(marked(b, 1, 5), "二三");
    assert_eq!((b.place_at(4, 1).line, b.place_at(4, 1).column), (4, 3));
    assert_eq!(node.place_at(0, 1), node.place, "a mapping has no characters");
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "中", "a", " ", "  ", "\n", "\n  ", "\n\n", "\r\n", "\t", "'", "''", "\"", "\\", "\\n", "\\u4e2d", "\\\n", "#",
        " #", ": ", ":", "- ", "|\n  ", ">\n  ", "|-\n  ", ">+\n  ", "|2\n  ", "[", "]", "{", "}", ",", "b: ", "\nb: ",
        "😀", "\u{2028}",
    ]);
    let head = prop::sample::select(vec![
        "a: ",
        "a: '",
        "a: \"",
        "a: |\n  ",
        "a: >\n  ",
        "a:\n  - ",
        "- ",
        "{a: ",
        "a: >-\n\n   ",
    ]);
    let tail = prop::sample::select(vec!["", "\n", "'\n", "\"\n", "}", "\nb: 1\n"]);
    (head, prop::collection::vec(piece, 0..12), tail)
        .prop_map(|(head, pieces, tail)| head.to_owned() + pieces.concat().as_str() + tail)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever the gate lets through can be traced, and nothing makes it panic.
    #[test]
    fn whatever_parses_maps_back(text in soup()) {
        if let Ok(node) = parse("t.yaml", &text, &Limits::RULES) {
            check_tree(&node);
        }
    }
}
