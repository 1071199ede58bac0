//! What a lexicon's author is told.

use super::super::{Row, Side, meet, read};
use super::{compiled, line};

#[test]
fn mistakes_are_reported_together_each_at_its_line() {
    let (_, problems) = compiled(
        "comparators:
  at_least: {comparison: ATLEAST, before: [≥]}
units:
  yuan: {measure: money, words: [元], same_as: [yun]}
  wan: {factor: -1, words: [元]}
tiers:
  good: {words: [好, 好, ''], denied: gud}
  bad: {words: [好]}
periods:
  end: {from: 12月, to: '12-31', words: [年底]}
month_parts:
  end: {from: 21, to: 32, words: [底]}
approximations:
  about: {means: ABOUT, tolerance: 1/0}
idiom: {words: [一致]}
harms: {word: [事故]}
",
    );
    let expected = [
        "unknown_key 16: there is no key `word` here",
        "unknown_value 2: `comparison` cannot be `ATLEAST`",
        "bad_number 14: `1/0` must be a positive number such as 10000, 0.01 or 1/12",
        "unknown_unit 4: the lexicon has no `yun`",
        "ambiguous_word 5: `元` already has another meaning of this kind",
        "bad_number 5: `-1` must be a positive number such as 10000, 0.01 or 1/12",
        "repeated_word 7: `好` is listed twice",
        "empty_word 7: a word must not be empty",
        "unknown_tier 7: the lexicon has no `gud`",
        "ambiguous_word 8: `好` already has another meaning of this kind",
        "bad_day 10: write `12月` as month-day: \"12-31\"",
        "bad_day 12: `32` is no day of a month",
        "unknown_key 15: there is no key `idiom` here",
    ];
    for one in expected {
        assert!(problems.iter().any(|problem| problem == one), "missing: {one}\nfound: {problems:#?}");
    }
}

#[test]
fn an_empty_lexicon_still_reads_numbers_and_words() {
    let (lexicon, problems) = compiled("{}");
    assert_eq!(problems, Vec::<String>::new());
    let row = Row::default();
    let read = |text| read(text, &row, Side::Target, &lexicon);
    assert_eq!(line(&read("95%")), "NUMBER EXACTLY 95");
    assert_eq!(line(&read("不少于5场")), "NUMBER EXACTLY 5 场");
    assert_eq!(line(&read("圆满完成")), "STATEMENT");
    assert_eq!(meet(&read("5"), &read("5"), &row, &lexicon).met.name(), "MET");
}

#[test]
fn a_new_word_is_one_line() {
    let base = "units: {percent: {measure: share, factor: 0.01, words: ['%', 个百分比]}}\ncomparators: {least: {comparison: AT_LEAST, before: [保底]}}";
    let (lexicon, problems) = compiled(base);
    assert_eq!(problems, Vec::<String>::new());
    let row = Row::default();
    assert_eq!(line(&read("保底95个百分比", &row, Side::Target, &lexicon)), "NUMBER AT_LEAST 95 个百分比");
}

#[test]
fn tiers_are_listed_best_first() {
    assert_eq!(super::NATIONAL.tiers().collect::<Vec<_>>(), ["achieved", "partly", "poorly"]);
}
