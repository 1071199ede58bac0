//! The functions on running text: numbers, percentages, dates and the words of a list.

use super::*;

/// Evaluates a formula over one text `t` and one list of words, both ways.
fn over(formula: &str, t: &str, list: &[&str]) -> Value {
    let names =
        Names::new([("t", Type::Text), ("list", Type::Words)].map(|(name, of)| (name, of, Bilingual::default())));
    let values = [Value::Text(t.into()), Value::Words(Arc::new(Words::new(list.iter().copied())))];
    let formula = Formula::compile(formula, &names, Type::Number, &Scripts::none()).unwrap();
    assert!(formula.is_compiled());
    let (compiled, interpreted) = (formula.evaluate(&values), formula.interpret(&values));
    assert_eq!(compiled, interpreted, "{t}");
    assert_eq!(formula.explain(&values, &|_, _| None).map(|(value, _)| value), compiled, "{t}");
    compiled.unwrap()
}

#[test]
fn the_first_number_is_one_that_counts_something() {
    for (t, want) in [
        ("完成培训 96 人", "96"),
        ("完成１，０５０人", "1"),
        ("完成1,050人", "1050"),
        ("完成1,05人", "1"),
        ("完成1234,567人", "1234"),
        ("满意度95.5%", "0.955"),
        ("满意度９５．５％", "0.955"),
        ("满意度 95 ％", "0.95"),
        ("百分之95", "0.95"),
        ("3‰", "0.003"),
        ("1.2万人", "12000"),
        ("3千万元", "30000000"),
        ("2万亿元", "2000000000000"),
        ("3千米", "3"),
        ("5百分点", "5"),
        ("提高0.5个百分点", "0.5"),
        ("增长 -3.5%", "-0.035"),
        ("10人-20人", "10"),
        ("人数-20", "20"),
        ("偏差（−2）", "-2"),
        ("10-20人", "10"),
        ("96.", "96"),
        (".5", "5"),
        ("", "absent"),
        ("无", "absent"),
        ("二十人", "absent"),
        ("10²平方米", "10"),
        // Figures that count nothing.
        ("2022年培训96人", "96"),
        ("2022年12月31日前96人", "96"),
        ("12月底96人", "96"),
        ("2022-12-31完成96份", "96"),
        ("20221231完成96份", "20221231"),
        ("2022.12.31，96份", "96"),
        ("第3季度96人", "96"),
        ("第 2 批 96 人", "96"),
        ("A4纸96包", "96"),
        ("按GB50300-2013验收96处", "96"),
        ("PM2.5浓度35微克", "35"),
        ("见1.2.3节，96处", "96"),
        ("1.培训96人", "96"),
        ("1、培训96人", "96"),
        ("（1）培训96人", "96"),
        ("培训。2）96人", "96"),
        ("培训（96）人", "96"),
        ("1.5万人", "15000"),
        ("440307220601500400009为编码", "440307220601500400009"),
        ("44030722060150040000944030722060150040000912", "absent"),
        ("22年培训96人", "22"),
        ("3个月", "3"),
    ] {
        assert_eq!(over("first_number(t)", t, &[]), value(want), "{t}");
    }
}

#[test]
fn a_number_after_a_word_stands_in_the_same_clause() {
    let words = ["样本", "有效问卷", "问卷"];
    for (t, want) in [
        ("回收有效问卷 96 份", "96"),
        ("发放问卷100份，回收96份", "100"),
        ("样本量：1,200人", "1200"),
        ("问卷调查于2022年12月开展，共96份", "absent"),
        ("问卷调查2022年12月收回96份", "96"),
        ("开展问卷调查。96人参加", "absent"),
        ("开展问卷调查\n96人参加", "absent"),
        ("开展问卷调查，发放有效问卷（含网络）96份", "96"),
        ("96份问卷", "absent"),
        ("问卷满意度98%，样本96", "0.98"),
        ("样本", "absent"),
        ("", "absent"),
    ] {
        assert_eq!(over("number_after(t, list)", t, &words), value(want), "{t}");
    }
    assert_eq!(over("number_after(t, list)", "问卷96", &["", "问卷"]), value("96"));
    assert_eq!(over("number_after(t, list)", "问卷96", &[]), Value::Absent);
}

#[test]
fn percentages_add_up_as_ratios() {
    for (t, sum, how_many) in [
        ("优60%、良30%、差10%", "1", "3"),
        ("优60％，良35.5%", "0.955", "2"),
        ("95-98%", "0.98", "1"),
        ("提高5个百分点", "absent", "0"),
        ("共96份", "absent", "0"),
        ("3‰", "absent", "0"),
        ("百分之60和百分之40", "1", "2"),
        ("", "absent", "0"),
    ] {
        assert_eq!(over("percentages_sum(t)", t, &[]), value(sum), "{t}");
        assert_eq!(over("percentages_count(t)", t, &[]), value(how_many), "{t}");
    }
}

#[test]
fn a_date_becomes_a_number_of_days() {
    let christmas = over("day(t)", "2022-12-25", &[]);
    for t in [
        "2022年12月25日",
        "2022 年 12 月 25 日",
        "２０２２年１２月２５日",
        "于2022/12/25完成",
        "2022.12.25",
        "2022.12.25。",
        "20221225",
        "填报日期：20221225",
        "二〇二二年十二月二十五日",
        "二○二二年十二月二十五日",
        "2022年12月25号",
        "2022年1月完成，2022年12月25日验收",
        "2022年13月1日，2022年12月25日",
        "2023年2月29日；2022年12月25日",
    ] {
        assert_eq!(over("day(t)", t, &[]), christmas, "{t}");
    }
    for t in [
        "2022年12月",
        "12月25日",
        "2022-12",
        "2022年",
        "1220221225",
        "20221225元",
        "2022.12",
        "十二月二十五日",
        "2022-12-251",
        "",
    ] {
        assert_eq!(over("day(t)", t, &[]), Value::Absent, "{t}");
    }
    for (later, earlier, days) in [
        ("2026年1月16日", "2025-08-07", "162"),
        ("2024年3月1日", "2024年2月28日", "2"),
        ("2022年1月1日", "2022年1月1日", "0"),
    ] {
        let formula = format!("day(t) - day(\"{earlier}\")");
        assert_eq!(over(&formula, later, &[]), value(days), "{later} {earlier}");
    }
}

#[test]
fn a_year_is_written_with_its_sign_or_in_a_date() {
    for (t, want) in [
        ("2022年度目标", "2022"),
        ("2022 年", "2022"),
        ("二〇二三年三月", "2023"),
        ("2021-2023年", "2021"),
        ("2021年—2023年", "2021"),
        ("2021——2023年", "2021"),
        ("完成于2022-12-25", "2022"),
        ("2022/12", "2022"),
        ("财预〔2020〕10号", "absent"),
        ("2022人", "absent"),
        ("1022年", "absent"),
        ("3年内", "absent"),
        ("2100年", "absent"),
        ("", "absent"),
    ] {
        assert_eq!(over("year_in(t)", t, &[]), value(want), "{t}");
    }
}

#[test]
fn words_are_counted_where_they_stand() {
    for (t, list, occurrences, different) in [
        ("显著提高，明显提高", &["显著", "明显", "提高"][..], "4", "3"),
        ("有效问卷", &["问卷", "有效问卷", "有效"], "1", "3"),
        ("有效问卷，问卷", &["问卷", "有效问卷"], "2", "2"),
        ("提高提高", &["提高", "提高"], "2", "1"),
        ("aaa", &["aa"], "1", "1"),
        ("无", &["", "显著"], "0", "0"),
        ("", &["显著"], "0", "0"),
    ] {
        assert_eq!(over("count_any(t, list)", t, list), value(occurrences), "{t}");
        assert_eq!(over("words_in(t, list)", t, list), value(different), "{t}");
    }
}

#[test]
fn the_longest_texts_stay_within_the_budget_of_a_formula() {
    let words: Vec<String> = (0..500).map(|index| format!("词{index}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    for pattern in ["词1问卷96份，", "2022年12月31日", "1,111,", "第 ", "词49", "百分之5"] {
        let t = pattern.repeat(20_000 / pattern.chars().count());
        for function in ["count_any(t, list)", "words_in(t, list)", "number_after(t, list)"] {
            over(function, &t, &words);
        }
        for function in ["first_number(t)", "percentages_sum(t)", "percentages_count(t)", "day(t)", "year_in(t)"] {
            over(function, &t, &[]);
        }
    }
}
