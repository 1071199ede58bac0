//! Drafts from files, and fragments over drafts.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::document::{Limits, Node, parse};
use crate::form::{Draft, Form, place_of};

const WHOLE: &str = "\
project_code: \"440307220601500400009\"
project_name: 投资推广和企业服务
fiscal_year: 2022
implementing_unit: 中心本级
primary_budget_unit: 中心
attributes: {主管部门: 商务局, 联系人: 张三}
funds:
  unit: 元
  points_possible: \"10\"
  points_claimed: 9.180
  execution_rate_claimed: 91.76%
  total: {budget_initial: \"6433500.00\", budget_annual: 5262824.65, budget_executed: 4829352.24}
  sources:
    - {name: 当年财政拨款, budget_annual: 5262824.65}
    - {name: 其他资金, budget_annual: —}
goals: [{period: annual, expected: 推广, achieved: 完成}]
indicators:
  - {dimension: 产出指标, category: 数量指标, name: 企业服务项目数, target: 6个, actual: 超过6个, points_possible: 9, points_claimed: 9}
  - {dimension: 产出指标, category: 成本指标, name: 按年度预算执行, target: 执行率95%以上, actual: 91.76%, points_possible: 8, points_claimed: 7, deviation_reason: 政策调整}
total: {points_possible: 100, points_claimed: 98.18}
";

fn node(text: &str) -> Node {
    parse("form.yaml", text, &Limits::FORM).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn read(text: &str) -> (Draft, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let draft = Draft::from_node(&node(text), &mut problems);
    (draft, problems)
}

fn clean(text: &str) -> Draft {
    let (draft, problems) = read(text);
    assert_eq!(problems, []);
    draft
}

/// The draft of [`WHOLE`] with a fragment over it.
fn over(fragment: &str) -> (Draft, Vec<String>) {
    let mut problems = Vec::new();
    let draft = clean(WHOLE).overlay(&node(fragment), &mut problems);
    (draft, told(&problems))
}

/// `line:column code sentence` of each.
fn told(problems: &[Diagnostic]) -> Vec<String> {
    let place = |d: &Diagnostic| d.place.as_ref().map(|p| format!("{}:{}", p.line, p.column)).unwrap_or_default();
    problems.iter().map(|d| format!("{} {} {}", place(d), d.code, d.message.zh)).collect()
}

#[test]
fn a_whole_form_is_read_as_typed() {
    let draft = clean(WHOLE);
    assert_eq!(draft.fiscal_year, "2022");
    assert_eq!(draft.attributes["联系人"], "张三");
    assert_eq!(draft.funds.points_claimed, "9.180", "digits stay as typed");
    assert_eq!(draft.funds.total.budget_initial, "6433500.00");
    assert_eq!(draft.funds.sources[1].amounts.budget_annual, "—");
    assert_eq!(draft.goals[0].achieved, "完成");
    assert_eq!(draft.indicators[1].deviation_reason, "政策调整");
    assert_eq!(draft.total.points_claimed, "98.18");
    assert!(Form::admit(draft).is_ok());
}

#[test]
fn proto3_json_names_and_snake_case_names_read_alike() {
    let mut camel = WHOLE.to_owned();
    for snake in [
        "project_code",
        "project_name",
        "fiscal_year",
        "implementing_unit",
        "primary_budget_unit",
        "points_possible",
        "points_claimed",
        "execution_rate_claimed",
        "budget_initial",
        "budget_annual",
        "budget_executed",
        "deviation_reason",
    ] {
        camel = camel.replace(snake, &crate::form::field::lower_camel(snake));
    }
    assert!(!camel.contains('_'));
    assert_eq!(clean(&camel), clean(WHOLE));
    let json =
        r#"{"projectName": "投资", "fiscalYear": 2022, "indicators": [{"name": "\u4e2d", "pointsClaimed": "9"}]}"#;
    let draft = clean(json);
    assert_eq!((draft.indicators[0].name.as_str(), draft.indicators[0].points_claimed.as_str()), ("中", "9"));
}

#[test]
fn what_does_not_belong_is_reported_with_its_place() {
    let (draft, problems) = read(
        "project_nam: x\nprojectName: y\nproject_name: z\nfiscal_year: [2022]\nfunds: 10\nindicators: {a: 1}\ntotal:\n  points: 100\n",
    );
    assert_eq!(
        told(&problems),
        [
            "2:1 duplicate_key `project_name` 与 `projectName` 是同一个键，只能写一个",
            "4:14 wrong_type 这里应为一段文字或一个数",
            "5:8 wrong_type 这里应为一个映射（键: 值）",
            "6:13 wrong_type 这里应为一个列表",
            "8:3 unknown_key 这里没有 `points` 这个键",
            "1:1 unknown_key 这里没有 `project_nam` 这个键",
        ]
    );
    assert_eq!(problems[5].help.as_ref().unwrap().zh, "是否想写 `project_name`？");
    assert_eq!(draft.project_name, "z");
}

#[test]
fn nothing_at_all_is_a_problem_and_no_panic() {
    for text in
        ["[]", "x", "1", "~", "[[[[]]]]", "{indicators: [1, ~, [], {}]}", "{attributes: [a]}", "{attributes: {a: []}}"]
    {
        let (_, problems) = read(text);
        assert!(!problems.is_empty(), "{text}");
    }
}

#[test]
fn a_hundred_thousand_rows_are_refused_without_being_kept() {
    let mut text = String::from("{project_name: a, fiscal_year: 2022, indicators: [");
    for row in 0..100_000 {
        let _ = write!(text, "{{name: r{row}}},");
    }
    text.push_str("]}");
    let draft = clean(&text);
    assert_eq!(draft.indicators.len(), 10_001);
    let violations = Form::admit(draft).unwrap_err();
    assert_eq!(violations[0].field, "indicators");
}

#[test]
fn a_fragment_replaces_what_it_gives_and_keeps_the_rest() {
    let (draft, problems) =
        over("{fiscal_year: 2023, funds: {total: {budget_executed: 0}}, attributes: {联系人: , 电话: 1}}");
    assert_eq!(problems, [""; 0]);
    assert_eq!(draft.fiscal_year, "2023");
    assert_eq!(draft.project_name, "投资推广和企业服务");
    assert_eq!(draft.funds.total.budget_executed, "0");
    assert_eq!(draft.funds.total.budget_annual, "5262824.65");
    assert_eq!(draft.attributes.keys().collect::<Vec<_>>(), ["主管部门", "电话"]);
    assert_eq!(draft.indicators.len(), 2);
}

#[test]
fn a_key_with_nothing_after_it_blanks_the_cell() {
    let (draft, problems) = over("{projectCode: , funds: {points_claimed: ~, unit: \"\"}}");
    assert_eq!(problems, [""; 0]);
    assert_eq!(
        (draft.project_code.as_str(), draft.funds.points_claimed.as_str(), draft.funds.unit.as_str()),
        ("", "", "")
    );
}

#[test]
fn a_list_replaces_the_list() {
    let (draft, _) = over("{indicators: [{name: 新指标}], goals: [], funds: {sources: []}}");
    assert_eq!(draft.indicators.len(), 1);
    assert_eq!(draft.indicators[0].target, "", "rows of a list start blank");
    assert!(draft.goals.is_empty() && draft.funds.sources.is_empty());
}

#[test]
fn a_mapping_changes_rows_by_path_by_number_or_by_name() {
    for key in ["\"indicators[1]\"", "1", "按年度预算执行"] {
        let (draft, problems) = over(&format!("indicators:\n  {key}: {{actual: 96%, deviation_reason: }}\n"));
        assert_eq!(problems, [""; 0], "{key}");
        assert_eq!(draft.indicators[1].actual, "96%", "{key}");
        assert_eq!(draft.indicators[1].deviation_reason, "", "{key}");
        assert_eq!(draft.indicators[1].target, "执行率95%以上", "{key}");
        assert_eq!(draft.indicators[0].actual, "超过6个", "{key}");
    }
    let (draft, problems) =
        over("{goals: {annual: {achieved: 未完成}}, funds: {sources: {其他资金: {budget_annual: 1}}}}");
    assert_eq!(problems, [""; 0]);
    assert_eq!(draft.goals[0].achieved, "未完成");
    assert_eq!(draft.funds.sources[1].amounts.budget_annual, "1");
}

#[test]
fn rows_are_taken_away_and_added_counting_the_rows_of_the_base() {
    let (draft, problems) = over("indicators: {0: , 1: {actual: 96%}, 2: {name: 第三行}}");
    assert_eq!(problems, [""; 0]);
    let names: Vec<&str> = draft.indicators.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["按年度预算执行", "第三行"]);
    assert_eq!(draft.indicators[0].actual, "96%");
}

#[test]
fn a_row_that_is_not_there_is_a_problem() {
    let (draft, problems) =
        over("indicators:\n  \"indicators[7]\": {actual: 1}\n  企业服务项目: {actual: 1}\n  3: ~\n");
    assert_eq!(draft.indicators.len(), 2);
    assert_eq!(
        problems,
        [
            "2:3 no_such_row 没有 `indicators[7]` 这一行；行号从 0 起，共 2 行",
            "3:3 no_such_row 没有 `企业服务项目` 这一行；行号从 0 起，共 2 行",
            "4:3 no_such_row 没有 `3` 这一行；行号从 0 起，共 2 行",
        ]
    );
    let twice = clean("indicators: [{name: a}, {name: a}]");
    let mut found = Vec::new();
    let _ = twice.overlay(&node("indicators: {a: {actual: 1}}"), &mut found);
    assert_eq!(told(&found), ["1:14 no_such_row 有 2 行都叫 `a`，请改用行号，如 `indicators[0]`"]);
}

#[test]
fn a_violation_is_found_again_in_the_file() {
    let file = node(WHOLE);
    let at = |path: &str| {
        let place = place_of(&file, path);
        format!("{}:{}", place.line, place.column)
    };
    assert_eq!(at("fiscal_year"), "3:14");
    assert_eq!(at("attributes.联系人"), "6:30");
    assert_eq!(at("funds.sources[1].budget_annual"), "15:35");
    assert_eq!(at("indicators[1].deviation_reason"), "19:145");
    assert_eq!(at("indicators[9].name"), at("indicators"), "the nearest part that is there");
    assert_eq!(at(""), "1:1");
    let json = node(r#"{"indicators": [{"pointsClaimed": "abc"}]}"#);
    assert_eq!(place_of(&json, "indicators[0].points_claimed").column, 35);
}

const LAYOUT: &str = "\
indicators:
  - {name: 甲, attributes: {指标性质: ≥, 佐证材料: \"\", 扣减分数: 2.50}}
  - {name: 乙}
funds: {sources: [{name: 财政资金, executionRateClaimed: 99.5%}]}
subtotals:
  - {dimension: 产出指标, points_possible: 50, pointsClaimed: 48.50}
  - {dimension: 产出指标, category: 数量指标, points_claimed: 20}
";

#[test]
fn columns_subtotals_and_rates_of_sources_are_read_as_typed() {
    let draft = clean(LAYOUT);
    let columns =
        [("佐证材料", ""), ("扣减分数", "2.50"), ("指标性质", "≥")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(draft.indicators[0].attributes, columns.into());
    assert!(draft.indicators[1].attributes.is_empty());
    assert_eq!(draft.funds.sources[0].execution_rate_claimed, "99.5%");
    assert_eq!(draft.subtotals[0].points_claimed, "48.50");
    assert_eq!((draft.subtotals[1].category.as_str(), draft.subtotals[1].points_claimed.as_str()), ("数量指标", "20"));
}

#[test]
fn a_fragment_enters_the_columns_of_a_row_and_the_subtotals() {
    let mut problems = Vec::new();
    let fragment = "\
indicators: {甲: {attributes: {指标性质: , 度量单位: 场}}}
subtotals: {数量指标: {points_possible: 20}, 2: {dimension: 效益指标}}
";
    let draft = clean(LAYOUT).overlay(&node(fragment), &mut problems);
    assert_eq!(told(&problems), Vec::<String>::new());
    let titles: Vec<&str> = draft.indicators[0].attributes.keys().map(String::as_str).collect();
    assert_eq!(titles, ["佐证材料", "度量单位", "扣减分数"]);
    assert_eq!(draft.subtotals[1].points_possible, "20");
    assert_eq!(draft.subtotals[2].dimension, "效益指标");
}
