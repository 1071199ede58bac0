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
doubts:
  factor_slip: {title: 混用, unit: 倍, least: 20, most: 10}
  scale_dropped: {title: 漏写, least: 500}
  unit_drop: {title: 漏写, unit: 倍, least: 500}
  bare_one: {title: 只写 1, unit: '%', least: 0}
harms: {word: [事故]}
",
    );
    let expected = [
        "unknown_key 21: there is no key `word` here",
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
        "bad_number 17: least 20 is above most 10: no number would be doubted",
        "missing_key 18: `unit` is missing",
        "missing_key 18: `most` is missing",
        "unknown_key 19: there is no key `unit_drop` here",
        "bad_number 20: `0` must be a positive number such as 10000, 0.01 or 1/12",
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
fn what_is_doubted_is_the_packs() {
    let words = |doubts: &str| {
        format!(
            "comparators: {{at_most: {{comparison: AT_MOST, before: [≤]}}}}
measures: {{money: {{more_is_unclear: true}}, share: {{share: true}}}}
units:
  yuan: {{measure: money, words: [元]}}
  kilometre: {{factor: 1000, measure: length, words: [公里]}}
  percent: {{factor: 0.01, measure: share, words: ['%']}}
doubts: {{{doubts}}}
"
        )
    };
    let met = |doubts: &str, target: &str, actual: &str| {
        let (lexicon, problems) = compiled(&words(doubts));
        assert_eq!(problems, Vec::<String>::new());
        let row = Row::default();
        let [target, actual] =
            [(target, Side::Target), (actual, Side::Actual)].map(|(t, s)| read(t, &row, s, &lexicon));
        meet(&target, &actual, &row, &lexicon).met.name()
    };
    let slip = "factor_slip: {title: 混用, unit: 倍, least: 50, most: 200}";
    let scale = "scale_dropped: {title: 漏写, unit: 倍, least: 500, most: 2000}";
    let unit = "unit_dropped: {title: 漏写, unit: 倍, least: 500}";
    let one = "bare_one: {title: 只写 1, unit: '%', least: 50}";
    // Doubt, target, actual, and the verdicts with the doubt and without it.
    for (doubt, target, actual, with, without) in [
        (slip, "2元", "100元", "UNKNOWN", "UNKNOWN"),
        (slip, "≤2公里", "100公里", "UNKNOWN", "NOT_MET"),
        (slip, "≤2公里", "99公里", "NOT_MET", "NOT_MET"),
        (slip, "≤2公里", "400公里", "UNKNOWN", "NOT_MET"),
        (slip, "≤2公里", "401公里", "NOT_MET", "NOT_MET"),
        (slip, "≤400公里", "2公里", "UNKNOWN", "MET"),
        (slip, "≤0.02公里", "1公里", "UNKNOWN", "NOT_MET"),
        (slip, "≤0公里", "0公里", "MET", "MET"),
        (scale, "3.2公里", "1600", "UNKNOWN", "EXCEEDED"),
        (scale, "3.2公里", "1599", "EXCEEDED", "EXCEEDED"),
        (scale, "3.2公里", "6400", "UNKNOWN", "EXCEEDED"),
        (scale, "3.2公里", "6401", "EXCEEDED", "EXCEEDED"),
        (scale, "3.2公里", "3200公里", "EXCEEDED", "EXCEEDED"),
        (unit, "≤1000元", "1.99", "UNKNOWN", "MET"),
        (unit, "≤1000元", "2", "MET", "MET"),
        (unit, "≤1000元", "0", "MET", "MET"),
        (unit, "≤1000公里", "1.99", "MET", "MET"),
        (one, "50%", "1", "UNKNOWN", "NOT_MET"),
        (one, "49.9%", "1", "NOT_MET", "NOT_MET"),
        (one, "50元", "1", "NOT_MET", "NOT_MET"),
    ] {
        assert_eq!((met(doubt, target, actual), met("", target, actual)), (with, without), "{doubt} {target} {actual}");
    }
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
