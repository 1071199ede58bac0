//! A form: the blank one, those that cases name, and those that are evaluated.

use serde_json::json;

use super::scoring::comparison_title;
use super::shape::{Mapping, Shape, by_id, choice, list, mapping, reference, text};
use crate::quantity::MoneyUnit;
use crate::reading::Comparison;

/// What may stand where a form has a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    Whole,
    /// In a case a mapping changes some rows of the blank form.
    WholeOrPatch,
}

pub(super) fn form() -> Shape {
    of("一张自评表。数一律照表上写；没有填的格子不写，或写 \"\"。", Lists::Whole)
}

/// The parts of a form, each defined once.
pub(super) fn definitions() -> Vec<(&'static str, Shape)> {
    vec![
        ("goal", goal()),
        ("source", source()),
        ("indicator", indicator()),
        ("subtotal", subtotal()),
        ("amounts", amounts(mapping("金额，照表上写；单位见 funds.unit。")).shape()),
        ("structured", structured()),
    ]
}

pub(super) fn of(doc: &str, lists: Lists) -> Shape {
    let form = mapping(doc);
    let form = cell(form, "project_code", "项目编码");
    let form = cell(form, "project_name", "项目名称");
    let form = cell(form, "fiscal_year", "年度");
    let form = cell(form, "implementing_unit", "实施单位");
    let form = cell(form, "primary_budget_unit", "一级预算单位");
    form.optional("attributes", attributes("表头、表尾另有的栏。印制的名称: 内容。"))
        .optional("funds", funds(lists).or_nothing())
        .optional("goals", rows("总体目标", "goal", lists).or_nothing())
        .optional("indicators", rows("指标行", "indicator", lists).or_nothing())
        .optional("total", points(mapping("总分行。")).shape().or_nothing())
        .optional("subtotals", rows("一级、二级指标的小计", "subtotal", lists).or_nothing())
        .shape()
}

/// A cell under either of its names: `project_code`, `projectCode`.
fn cell(block: Mapping, key: &'static str, doc: &str) -> Mapping {
    block.spelt(key, &camel(key), text(doc).or_nothing())
}

pub(super) fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

fn attributes(doc: &str) -> Shape {
    by_id(doc, text("照表上写").or_nothing()).or_nothing()
}

fn rows(name: &str, row: &str, lists: Lists) -> Shape {
    let whole = list(&format!("{name}，照表上的次序。"), reference(row));
    if lists == Lists::Whole {
        return whole;
    }
    let patch = by_id(
        &format!("{name}的改动。行号（从 0 起）、路径或名称: 改动；写 null 去掉该行，比最后一行大一的行号新增一行。"),
        reference(row).or_nothing(),
    );
    Shape::of(
        &format!("{name}：写成列表就全部替换；写成“行号: 改动”就只改那几行。"),
        json!({"anyOf": [whole.value(), patch.value()]}),
    )
}

fn funds(lists: Lists) -> Shape {
    let units = MoneyUnit::ALL.map(MoneyUnit::name);
    let block = mapping("资金使用情况。")
        .optional("unit", text("金额的单位：元 或 万元；不写是元。").with("examples", json!(units)).or_nothing());
    let block = cell(points(block), "execution_rate_claimed", "填报的执行率，如 91.76%");
    block
        .optional("total", reference("amounts").or_nothing())
        .optional("sources", rows("资金来源", "source", lists).or_nothing())
        .shape()
}

fn amounts(block: Mapping) -> Mapping {
    let block = cell(block, "budget_initial", "年初预算数");
    let block = cell(block, "budget_annual", "全年预算数");
    cell(block, "budget_executed", "全年执行数")
}

fn points(block: Mapping) -> Mapping {
    let block = cell(block, "points_possible", "分值");
    cell(block, "points_claimed", "自评得分")
}

fn goal() -> Shape {
    let block = cell(mapping("一个总体目标。"), "period", "期间：annual（年度）或 long_term（中长期）");
    let block = cell(block, "expected", "预期目标");
    cell(block, "achieved", "实际完成情况").shape()
}

fn source() -> Shape {
    let block = cell(mapping("一个资金来源。"), "name", "名称，如 当年财政拨款");
    cell(amounts(block), "execution_rate_claimed", "填报的执行率").shape()
}

fn indicator() -> Shape {
    let block = cell(mapping("一个指标行。"), "dimension", "一级指标：印制的名称或编号");
    let block = cell(block, "category", "二级指标：印制的名称或编号");
    let block = cell(block, "name", "三级指标名称");
    let block = cell(block, "target", "年度指标值，照表上写：≥10场");
    let block = cell(block, "actual", "实际完成值，照表上写");
    let block = cell(points(block), "deviation_reason", "偏差原因分析及改进措施");
    let structured = || reference("structured").or_nothing();
    block
        .spelt("target_structured", "targetStructured", structured())
        .spelt("actual_structured", "actualStructured", structured())
        .optional("attributes", attributes("指标表里另有的栏。印制的名称: 内容。"))
        .shape()
}

fn subtotal() -> Shape {
    let block = cell(mapping("表上的一个小计。"), "dimension", "一级指标");
    let block = cell(block, "category", "二级指标；一级指标的小计不写");
    points(block).shape()
}

fn structured() -> Shape {
    let comparisons = Comparison::ALL.map(|one| (one.name(), comparison_title(one)));
    let comparisons = choice("比较关系", comparisons).value();
    let comparison =
        json!({"anyOf": [comparisons, {"type": ["string", "null"], "pattern": "^(COMPARISON_[A-Z_]+)?$"}]});
    let block =
        mapping("随原文附上的结构化值；原文照印，按它核算。").optional("comparison", Shape::of("比较关系", comparison));
    let block = cell(block, "value", "数");
    let block = cell(block, "low", "区间的下限");
    let block = cell(block, "high", "区间的上限");
    let block = cell(block, "unit", "单位");
    let block = cell(block, "date", "日期，如 2022-12-31");
    cell(block, "tier", "完成程度的编号").shape()
}
