//! Targets, actuals and the verdict on them.

use super::super::{Direction, Met, Row};
use super::meeting;

const COST: Row<'static> =
    Row { dimension: "产出指标", category: "成本指标", name: "", unit: "", fiscal_year: None };

#[track_caller]
fn verdicts(row: &Row<'_>, cases: &[(&str, &str, Met)]) {
    for (asked, given, met) in cases {
        let found = meeting(asked, given, row);
        assert_eq!(found.met, *met, "{asked} / {given}: {}", found.reason().zh);
    }
}

fn named(name: &str) -> Row<'_> {
    Row { name, ..Row::default() }
}

#[test]
fn approximate_values_prove_no_bound_they_straddle() {
    verdicts(
        &Row::default(),
        &[
            ("≥90%", "约90%", Met::Unknown),
            ("≥90%", "约110%", Met::Exceeded),
            ("≥90%", "约70%", Met::NotMet),
            ("≥90%", "90%左右", Met::Unknown),
            ("≥10场", "10余场", Met::Exceeded),
            ("≥10场", "近10场", Met::NotMet),
            ("约50人", "48人", Met::Unknown),
            ("约50人", "40人", Met::NotMet),
            ("95%及以上", "88.32%及以上", Met::Unknown),
            ("≥266米", "≥266米", Met::Met),
            ("6个", "超过6个", Met::Exceeded),
            ("6个", "不足6个", Met::NotMet),
        ],
    );
}

#[test]
fn units_convert_or_are_refused() {
    verdicts(
        &Row::default(),
        &[
            ("≤10万元", "95000元", Met::Met),
            ("≥3.5公里", "3500米", Met::Met),
            ("≥1亩", "667平方米", Met::Exceeded),
            ("≥2次", "2场", Met::Met),
            ("≥2个", "2家", Met::Met),
            ("≥2家", "2人", Met::Unknown),
            ("≥100人", "120人次", Met::Unknown),
            ("≥2次/年", "2次", Met::Met),
            ("≥1次/月", "12次", Met::Unknown),
            ("37个", "100%", Met::Unknown),
            ("2次", "已完成100%", Met::Judged),
            ("3艘", "3架", Met::Unknown),
            ("3艇", "3艇", Met::Met),
            ("3艇", "3舰", Met::Unknown),
            ("1000元/人", "1000元", Met::Met),
            ("≥1000元/人", "50000元", Met::Unknown),
            ("≥20分贝", "30dB", Met::Exceeded),
        ],
    );
}

#[test]
fn a_factor_of_ten_thousand_is_told_and_proves_nothing() {
    let found = meeting("≥10万元", "105000", &Row::default());
    assert_eq!((found.met, found.factor_slip), (Met::Unknown, true));
    let found = meeting("≤500万元", "4998000元", &Row::default());
    assert_eq!((found.met, found.factor_slip), (Met::Met, false));
    assert_eq!(found.actual_print().as_deref(), Some("499.8万元"));
}

#[test]
fn a_share_without_its_percent_sign_converts_only_where_that_is_proved() {
    verdicts(
        &Row::default(),
        &[
            ("≥95%", "0.95", Met::Met),
            ("≥95%", "0.9", Met::NotMet),
            ("95%", "0.98", Met::Exceeded),
            ("≤5%", "0.95", Met::Unknown),
            ("≥10%", "0.12", Met::Unknown),
            ("≥95%", "1", Met::Unknown),
            ("=100%", "100", Met::Met),
            ("95", "98%", Met::Unknown),
        ],
    );
    verdicts(&named("群众满意度"), &[("95", "98%", Met::Exceeded)]);
}

#[test]
fn the_good_side_of_a_bare_target_comes_from_the_row() {
    verdicts(&named("投诉率"), &[("5%", "3%", Met::Met), ("5%", "8%", Met::NotMet)]);
    verdicts(&named("投诉处理率"), &[("100%", "98%", Met::NotMet)]);
    verdicts(&named("事故起数"), &[("2起", "3起", Met::NotMet), ("0起", "0起", Met::Met)]);
    verdicts(
        &COST,
        &[("20万元", "18万元", Met::Met), ("20万元", "21万元", Met::NotMet), ("100%", "98%", Met::Unknown)],
    );
    verdicts(
        &Row { name: "补贴标准", ..COST },
        &[
            ("3000元/人", "2600元/人", Met::NotMet),
            ("3000元/人", "3500元/人", Met::Unknown),
            ("3000元/人", "3000元/人", Met::Met),
        ],
    );
    verdicts(
        &Row::default(),
        &[("3天", "2天", Met::Unknown), ("10万元", "12万元", Met::Unknown), ("6个", "7个", Met::Exceeded)],
    );
    assert_eq!(meeting("6个", "7个", &Row::default()).direction, Direction::HigherIsBetter);
}

#[test]
fn changes_have_a_sign() {
    verdicts(
        &Row::default(),
        &[
            ("增长5%以上", "增长6.2%", Met::Exceeded),
            ("增长5%以上", "下降6.2%", Met::NotMet),
            ("下降5%", "下降6%", Met::Exceeded),
            ("下降5%", "上升6%", Met::NotMet),
            ("下降5%", "5.5%", Met::Unknown),
            ("≥5%", "提高6个百分点", Met::Unknown),
        ],
    );
    verdicts(&named("能耗下降率"), &[("≥5%", "下降6%", Met::Exceeded)]);
}

#[test]
fn of_several_numbers_the_one_that_answers_or_none() {
    verdicts(
        &Row::default(),
        &[
            ("5个", "计划5个，实际完成4个", Met::NotMet),
            ("5个", "计划5个", Met::Unknown),
            ("10场", "10场，其中大型活动2场", Met::Met),
            ("7场", "上半年3场，下半年4场", Met::Unknown),
            ("宣传2次，培训100人", "宣传3次，培训120人", Met::Exceeded),
            ("宣传2次，培训100人", "宣传3次，培训80人", Met::NotMet),
            ("宣传2次，培训3场", "培训3场，宣传2次", Met::Met),
            ("宣传2次，培训3场", "共5次", Met::Unknown),
            ("新建≥3个", "新建3个，续建2个", Met::Met),
            ("每季度不少于1次", "每季度1次，全年4次", Met::Met),
            ("≥95%", "低于95%，为93%", Met::NotMet),
        ],
    );
    verdicts(&named("培训人数"), &[("100人", "培训100人，合格80人", Met::Met)]);
}

#[test]
fn words_that_say_otherwise_stop_a_number() {
    verdicts(
        &Row::default(),
        &[
            ("5个", "完成5个，其中2个未验收", Met::Judged),
            ("5个", "5个（2个未开展）", Met::Judged),
            ("5个", "5个未完成", Met::Judged),
            ("5个", "基本完成5个", Met::Judged),
            ("1项一等奖", "1项二等奖", Met::Judged),
            ("培训10场", "宣传10场", Met::Judged),
            ("培训10场", "举办培训班10场", Met::Met),
            ("合格率≥95%", "完成率96%", Met::Judged),
            ("合格率≥95%", "抽检合格率96%", Met::Exceeded),
            ("≤100万元", "节约2万元", Met::Unknown),
            ("≤100万元", "98万元，节约2万元", Met::Met),
            ("95%", "完成任务的98%", Met::Judged),
            ("95%", "未统计", Met::Judged),
        ],
    );
}

#[test]
fn dates_meet_deadlines() {
    verdicts(
        &Row::default(),
        &[
            ("2022年12月底前", "2022年12月20日", Met::Met),
            ("2022年12月底前", "2023年1月15日", Met::NotMet),
            ("12月底前", "11月30日", Met::Met),
            ("12月底前", "1月15日", Met::Unknown),
            ("2021.1.1-12.31", "2021年6月", Met::Met),
            ("2022年6月底前", "2022年上半年", Met::Met),
            ("2022年6月15日前", "2022年6月", Met::Unknown),
            ("2022年6月前", "2022年5月", Met::Met),
            ("2022年6月前", "2022年6月", Met::Unknown),
            ("2022年6月前", "2022年6月前", Met::Met),
            ("12月底前", "2023年1月15日", Met::Unknown),
            ("12月底前", "100%", Met::Unknown),
            ("12月底前", "已按时完成", Met::Judged),
            ("及时完成", "2022年11月", Met::Judged),
            ("2022年底完成", "2022年底未完成", Met::Judged),
        ],
    );
    let form = Row { fiscal_year: Some(2022), ..Row::default() };
    verdicts(&form, &[("12月底前", "2022年12月30日", Met::Met), ("12月底前", "2023年1月2日", Met::NotMet)]);
}

#[test]
fn what_a_formula_gets() {
    let found = meeting("执行率95%以上", "91.76%", &COST);
    assert_eq!((found.target_print().as_deref(), found.actual_print().as_deref()), (Some("95%"), Some("91.76%")));
    assert_eq!(found.reason().zh, "完成值 91.76% 未达到指标值 执行率95%以上");
    for number in ["0.5", "-0.5", "91.76", "1234.5678", "0.0001", "0.00001", "123456789012.345", "7"] {
        assert_eq!(meeting(number, number, &Row::default()).target_print().as_deref(), Some(number));
    }
    let found = meeting("≥95%", "0.9", &Row::default());
    assert_eq!(found.actual.map(|value| value.to_string()), Some("90".to_owned()));
}
