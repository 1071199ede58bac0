//! Cells and how they read.

use super::super::{Kind, Role, Row, Side, read};
use super::{NATIONAL, actual, line, target};

#[track_caller]
fn reads(text: &str, expected: &str) {
    assert_eq!(line(&target(text)), expected, "{text}");
}

#[test]
fn numbers_in_every_notation() {
    for (text, expected) in [
        ("1200", "NUMBER EXACTLY 1200"),
        ("1,200", "NUMBER EXACTLY 1200"),
        ("１，２００．５０", "NUMBER EXACTLY 1200.5"),
        ("1.2E+05", "NUMBER EXACTLY 120000"),
        ("1e-3", "NUMBER EXACTLY 0.001"),
        ("54.O", "NUMBER EXACTLY 54"),
        ("-5%", "NUMBER EXACTLY -5 %"),
        ("−5%", "NUMBER EXACTLY -5 %"),
        ("一百二十人", "NUMBER EXACTLY 120 人"),
        ("壹佰贰拾叁元", "NUMBER EXACTLY 123 元"),
        ("两场", "NUMBER EXACTLY 2 场"),
        ("一百零五个", "NUMBER EXACTLY 105 个"),
        ("一万亿元", "NUMBER EXACTLY 1000000000000 元"),
        ("一点五倍", "NUMBER EXACTLY 1.5 倍"),
        ("十余场", "NUMBER MORE_THAN 10 场 ~"),
        ("百分之九十五", "NUMBER EXACTLY 95 %"),
        ("百分之95.5", "NUMBER EXACTLY 95.5 %"),
        ("百分之百", "NUMBER EXACTLY 100 %"),
        ("千分之三", "NUMBER EXACTLY 3 ‰"),
        ("万分之五", "NUMBER EXACTLY 0.5 ‰"),
        ("四分之三", "NUMBER EXACTLY 0.75"),
        ("3/4", "NUMBER EXACTLY 0.75"),
        ("九成", "NUMBER EXACTLY 9 成"),
        ("2.5倍", "NUMBER EXACTLY 2.5 倍"),
        ("1:0.8", "NUMBER EXACTLY 1.25 :"),
        ("3万5千元", "NUMBER EXACTLY 35000 元"),
        ("6.47亿元", "NUMBER EXACTLY 6.47 亿元"),
        ("零事故", "STATEMENT achieved"),
        ("95.%", "NUMBER EXACTLY 95 %"),
        ("90%≤合格率≤95%", "RANGE WITHIN 90..95 %"),
        ("≮97%", "NUMBER AT_LEAST 97 %"),
        ("九成五", "NUMBER EXACTLY 9.5 成"),
        ("12.8万户", "NUMBER EXACTLY 12.8 万户"),
        ("10000亩±5%", "RANGE WITHIN 9500..10500 亩"),
    ] {
        reads(text, expected);
    }
}

#[test]
fn what_only_looks_like_a_number() {
    for text in [
        "一致",
        "统一规范",
        "十四五规划",
        "二级公路",
        "第一名",
        "第五届博览会",
        "5G",
        "万无一失",
        "三三十人",
        "两不愁三保障",
    ] {
        assert_eq!(target(text).kind(), Kind::Statement, "{text}");
    }
    for text in ["1.2.3", "####", "**", "XX人", "≥", "≥人", "≠100%", "不低于5个以下", "7*24小时", "20 30", "4%、3%、2%"]
    {
        assert_eq!(target(text).kind(), Kind::Unreadable, "{text}");
    }
    let digits = "9".repeat(101);
    assert_eq!(target(&digits).kind(), Kind::Unreadable);
}

#[test]
fn comparisons_on_both_sides() {
    for (text, expected) in [
        ("≧95%", "NUMBER AT_LEAST 95 %"),
        ("＞＝95%", "NUMBER AT_LEAST 95 %"),
        ("═100%", "NUMBER EXACTLY 100 %"),
        ("95%及以上", "NUMBER AT_LEAST 95 %"),
        ("95%（含）以上", "NUMBER AT_LEAST 95 %"),
        ("95%以上（不含）", "NUMBER MORE_THAN 95 %"),
        ("不超过5天", "NUMBER AT_MOST 5 天"),
        ("控制在0.9‰以内", "NUMBER AT_MOST 0.9 ‰"),
        ("15%及其以下", "NUMBER AT_MOST 15 %"),
        ("未达到95%", "NUMBER LESS_THAN 95 %"),
        ("没有超过5个", "NUMBER AT_MOST 5 个"),
        ("超过90%以上", "NUMBER MORE_THAN 90 %"),
        ("达到95%以上", "NUMBER AT_LEAST 95 %"),
        ("2个项目以上", "NUMBER AT_LEAST 2 个"),
        ("至少全年完成2次宣传", "NUMBER AT_LEAST 2 次"),
        ("不超过预算10万元", "NUMBER AT_MOST 10 万元"),
        ("约90%", "NUMBER EXACTLY 90 % ~"),
        ("90%左右", "NUMBER EXACTLY 90 % ~"),
        ("近百分之九十", "NUMBER LESS_THAN 90 % ~"),
        ("10-20个", "RANGE WITHIN 10..20 个"),
        ("10%～20%", "RANGE WITHIN 10..20 %"),
        ("3万-5万元", "RANGE WITHIN 3..5 万元"),
        ("±5%", "RANGE WITHIN -5..5 %"),
        ("10±0.5毫米", "RANGE WITHIN 9.5..10.5 毫米"),
        ("≥60%且≤80%", "RANGE WITHIN 60..80 %"),
        ("不低于60%，不高于80%", "RANGE WITHIN 60..80 %"),
        ("由80%提高到95%", "NUMBER EXACTLY 95 %"),
    ] {
        reads(text, expected);
    }
}

#[test]
fn units_as_printed() {
    for (text, expected) in [
        ("400元/人、天", "元/人、天"),
        ("530元/人*月", "元/人*月"),
        ("5.50万元/辆.年", "万元/辆.年"),
        ("2批次/千人", "批次/千人"),
        ("≤28.40/株", "/株"),
        ("每亩300", "每亩"),
        ("40422套(间)", "套"),
        (">=98%(百分比)", "%"),
        ("3（个）", "个"),
        ("3个工作日内", "个工作日"),
        ("0.5个百分点", "个百分点"),
        ("3艘", "艘"),
        ("3艇", "艇"),
        ("9间数", "间数"),
        ("5 0 0 0 ㎡", ""),
        ("5000㎡", "㎡"),
        ("32 μg/m³", "μg/m³"),
        ("９０％", "%"),
    ] {
        assert_eq!(target(text).unit().unwrap_or(""), expected, "{text}");
    }
}

#[test]
fn days_and_periods() {
    for (text, expected) in [
        ("2022年12月31日前", "DATE AT_MOST 2022-12-31"),
        ("2022年12月底前完成", "DATE AT_MOST 2022-12-21/2022-12-31"),
        ("12月底之前", "DATE AT_MOST --12-21/--12-31"),
        ("年底前", "DATE AT_MOST --12-01/--12-31"),
        ("2022年底", "DATE EXACTLY 2022-12-01/2022-12-31"),
        ("2022年第三季度", "DATE EXACTLY 2022-07-01/2022-09-30"),
        ("上半年", "DATE EXACTLY --01-01/--06-30"),
        ("2021.1.1-12.31", "DATE WITHIN 2021-01-01/2021-12-31"),
        ("2023.07-2024.01", "DATE WITHIN 2023-07-01/2024-01-31"),
        ("2019年1月-2019年12月", "DATE WITHIN 2019-01-01/2019-12-31"),
        ("1-12月", "DATE WITHIN --01-01/--12-31"),
        ("2021-2023年", "DATE WITHIN 2021-01-01/2023-12-31"),
        ("12/31/2021", "DATE EXACTLY 2021-12-31"),
        ("2022-12-31", "DATE EXACTLY 2022-12-31"),
        ("20221231", "DATE EXACTLY 2022-12-31"),
        ("二〇二二年十二月", "DATE EXACTLY 2022-12-01/2022-12-31"),
        ("十二月底前", "DATE AT_MOST --12-21/--12-31"),
        ("2020年2月", "DATE EXACTLY 2020-02-01/2020-02-29"),
        ("不晚于2022年6月30日", "DATE AT_MOST 2022-06-30"),
        ("2022年7月1日起", "DATE AT_LEAST 2022-07-01"),
        ("每年12月底前", "DATE AT_MOST --12-21/--12-31"),
        ("2017年>27000人", "NUMBER MORE_THAN 27000 人"),
        ("22年12月", "DATE EXACTLY 2022-12-01/2022-12-31"),
        ("2022年Q3", "DATE EXACTLY 2022-07-01/2022-09-30"),
        ("2022年内", "DATE WITHIN 2022-01-01/2022-12-31"),
        ("一年内", "NUMBER AT_MOST 1 年"),
        ("每月10日前", "DATE AT_MOST"),
        ("零", "NUMBER EXACTLY 0"),
        ("≥上年", "STATEMENT"),
        ("≤预算数", "STATEMENT"),
        ("3个月", "NUMBER EXACTLY 3 个月"),
    ] {
        reads(text, expected);
    }
    assert_ne!(target("2022年13月").kind(), Kind::Date);
    assert_ne!(target("2021年2月30日").kind(), Kind::Date);
}

#[test]
fn words_and_their_tiers() {
    for (text, expected) in [
        ("圆满完成活动", "STATEMENT achieved"),
        ("稳步提升", "STATEMENT achieved"),
        ("基本完成", "STATEMENT partly"),
        ("有所提升", "STATEMENT partly"),
        ("未完成", "STATEMENT poorly"),
        ("未按时完成", "STATEMENT poorly"),
        ("1-2期未及时", "STATEMENT poorly"),
        ("未统计", "STATEMENT poorly"),
        ("无投诉", "STATEMENT achieved"),
        ("未发生安全事故", "STATEMENT achieved"),
        ("无重大安全责任事故", "STATEMENT achieved"),
        ("不断提升", "STATEMENT achieved"),
        ("未延期", "STATEMENT achieved"),
        ("不明显", "STATEMENT poorly"),
        ("好", "STATEMENT achieved"),
        ("中", "STATEMENT partly"),
        ("否", "STATEMENT poorly"),
        ("合格率", "STATEMENT"),
        ("拓宽", "STATEMENT"),
        ("未完成3个", "STATEMENT poorly"),
        ("3个未完成", "STATEMENT poorly"),
        ("还差2个", "STATEMENT partly"),
        ("2022年底未完成", "STATEMENT poorly"),
    ] {
        assert_eq!(line(&actual(text)), expected, "{text}");
    }
}

#[test]
fn nothing_and_not_applicable() {
    for text in ["", " ", "\u{200b}\n"] {
        assert_eq!(target(text).kind(), Kind::Blank, "{text:?}");
    }
    for text in ["不适用", "/", "—", "——", "-", "无", "N/A", "无。", "不适用（本年无此项）", "不涉及"]
    {
        assert_eq!(target(text).kind(), Kind::NotApplicable, "{text}");
    }
}

#[test]
fn a_printed_cell_keeps_its_statements_notes_and_places() {
    let text = "大型活动不少于\n1场，其他各类推广\n活动按工作计划开\n\n展 ";
    let reading = target(text);
    assert_eq!(line(&reading), "NUMBER AT_LEAST 1 场");
    assert_eq!(reading.others.len(), 1);
    assert_eq!(reading.said(&reading.others[0]), "其他各类推广\n活动按工作计划开\n\n展");
    let shown: Vec<(Role, &str)> =
        reading.spans.iter().map(|span| (span.role, text.get(span.start..span.end).unwrap_or("?"))).collect();
    assert!(shown.starts_with(&[(Role::Comparator, "不少于"), (Role::Number, "1"), (Role::Unit, "场")]), "{shown:?}");

    let text = "1场（第五届中\n国国际进口博览会）";
    let reading = actual(text);
    assert_eq!(line(&reading), "NUMBER EXACTLY 1 场");
    let note =
        reading.spans.iter().find(|span| span.role == Role::Note).and_then(|span| text.get(span.start..span.end));
    assert_eq!(note, Some("（第五届中\n国国际进口博览会）"));
}

#[test]
fn in_a_row_about_time_a_deadline_outranks_a_number() {
    let text = "2022年底前完成3个项目";
    let row = Row { category: "时效指标", ..Row::default() };
    assert_eq!(line(&read(text, &row, Side::Target, &NATIONAL)), "DATE AT_MOST 2022-12-01/2022-12-31");
    assert_eq!(line(&target(text)), "NUMBER EXACTLY 3 个");
}

#[test]
fn a_repeated_name_is_no_value() {
    let row = Row { name: "5座以上桥梁维修数", ..Row::default() };
    assert_eq!(line(&read("5座以上桥梁维修数20处", &row, Side::Target, &NATIONAL)), "NUMBER EXACTLY 20 处");
}
