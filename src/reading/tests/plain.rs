//! The short cut reads as the grammar does.

use super::super::plain::Plain;
use super::super::read::by_grammar;
use super::super::{Row, Side};
use super::{NATIONAL, actual};

/// Every word of the lexicon, and more: whatever its file holds between quotes, commas and brackets.
fn words() -> Vec<&'static str> {
    let file = include_str!("../../../rules/mof-2020/lexicon.yaml");
    let mut words: Vec<&str> = file
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '{' | '}' | '#'))
        .filter(|word| !word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

const NUMBERS: [&str; 22] = [
    "0",
    "1",
    "5",
    "12",
    "31",
    "100",
    "2022",
    "20221231",
    "98765",
    "0.95",
    "1.0",
    "91.76",
    "2022.5",
    "12.31",
    "007",
    "123456789012345678",
    "12345678901234567.8",
    "1234567890123456789",
    "1.",
    "1,234",
    "1e5",
    "1.2.3",
];

const FEW_NUMBERS: [&str; 5] = ["0", "12", "2022", "0.95", "20221231"];

/// Reads `text` both ways, if it can be read the short way; whether it can.
fn agrees(text: &str, row: &Row<'_>) -> bool {
    let Some(plain) = Plain::of(text, row, &NATIONAL) else { return false };
    let short = plain.reading(text, &NATIONAL);
    for side in [Side::Target, Side::Actual] {
        assert_eq!(short, by_grammar(text, row, side, &NATIONAL), "{text}");
    }
    true
}

#[test]
fn a_plain_number_reads_the_same_by_the_grammar() {
    let row = Row { category: "时效指标", name: "完成时间", ..Row::default() };
    let words = words();
    assert!(words.len() > 500, "{}", words.len());
    assert!(NUMBERS.iter().filter(|number| agrees(number, &row)).count() >= 12);
    let (mut leading, mut trailing) = (Vec::new(), Vec::new());
    for word in words {
        let some = |read: &dyn Fn(&str) -> [String; 2]| {
            FEW_NUMBERS.iter().flat_map(|number| read(number)).filter(|text| agrees(text, &row)).count() > 0
        };
        if some(&|number| [format!("{word}{number}"), format!("{word}{number}%")]) {
            leading.push(word);
        }
        if some(&|number| [format!("{number}{word}"), format!("≥{number}{word}")]) {
            trailing.push(word);
        }
    }
    assert!(leading.len() > 10 && trailing.len() > 100, "{leading:?} {trailing:?}");
    let has_unit = |word: &&&str| actual(&format!("5{word}")).unit().is_some();
    let (units, bounds): (Vec<&&str>, Vec<&&str>) = trailing.iter().partition(has_unit);
    for (unit, before) in units.iter().zip(leading.iter().cycle()) {
        for bound in &bounds {
            agrees(&format!("91.76{unit}{bound}"), &row);
        }
        assert!(agrees(&format!("{before}12{unit}"), &row), "{before} {unit}");
        agrees(&format!("12{unit}{unit}"), &row);
        agrees(&format!("0.5万{unit}"), &row);
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_grammar() {
    let named = Row { name: "5G基站数", ..Row::default() };
    assert!(!agrees("5个", &named));
    for text in [
        "",
        "≥",
        "个",
        "12场，",
        "１２场",
        "12 场",
        "约12场",
        "12场左右",
        "不低于12场以上",
        "1万",
        "3万5千元",
        "十万元",
        "2022.5",
        "12月",
        "12-15",
        "十二场",
    ] {
        assert!(!agrees(text, &Row::default()), "{text}");
    }
    for text in ["≥95%", "100%", "12场", "不少于12种", "98%以上", "50", "≥0.5", "≧735人次", "≥11.376万元"]
    {
        assert!(agrees(text, &Row::default()), "{text}");
    }
}
