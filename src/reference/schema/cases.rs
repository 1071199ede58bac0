//! `cases/*.yaml`.

use serde_json::json;

use super::form::{self, Lists};
use super::shape::{Mapping, Shape, choice, list, mapping, reference, text, texts, truth};
use crate::reading::{Kind, Met};

pub(super) fn cases() -> Shape {
    let case = mapping("一个案例：一张自评表和它应得的结果。")
        .required("case", text("一句话：什么样的表应得什么。同一规则包里不重名。"))
        .optional("form", form())
        .optional("matrix", matrix())
        .required("want", want())
        .shape();
    list("案例的列表。", case)
}

pub(super) fn definitions() -> Vec<(&'static str, Shape)> {
    let score = score(mapping("预算执行的结果。").optional("rate", value("执行率（比率）"))).shape();
    let mut all = form::definitions();
    all.extend([("execution_result", score), ("row_result", row()), ("reading", reading())]);
    all
}

/// Rows of values; what they are called is the author's choice.
fn matrix() -> Shape {
    let row = Shape::of("一行：名称: 值。", json!({"type": "object", "additionalProperties": true}));
    let doc = "许多行取值，一行就是一个案例：名称、form 和 want 里的 {名称} 换成这一行的值。";
    list(doc, row).with("minItems", json!(1))
}

/// A word of the answer, or the name of a value of the matrix.
fn word<'a>(doc: &str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Shape {
    let words = choice(doc, words).value();
    Shape::of(doc, json!({"anyOf": [words, {"type": "string", "pattern": "\\{.+\\}"}]}))
}

fn form() -> Shape {
    let fragment = form::of("一个片段，叠在 blank.yaml 上：只写与它不同之处。", Lists::WholeOrPatch);
    let path = text("自评表文件的路径，从规则包的文件夹算起：forms/某表.yaml");
    let doc = "自评表：文件的路径，或叠在 blank.yaml 上的片段；不写就是 blank.yaml 本身。";
    Shape::of(doc, json!({"anyOf": [fragment.value(), path.value()]}))
}

/// A value of the answer: numbers count as numbers, null asks for nothing there.
fn value(doc: &str) -> Shape {
    text(doc).or_nothing()
}

fn want() -> Shape {
    let points = mapping("全表的得分。")
        .optional("possible", value("分值"))
        .optional("claimed", value("自评得分"))
        .optional("floor", value("核算得分下限"))
        .optional("ceiling", value("核算得分上限"))
        .optional("awarded", value("认定得分"))
        .shape();
    let rows = Shape::of(
        "各行的结果。路径: 结果，如 \"indicators[0]\": {pointsCeiling: \"18\"}。",
        json!({
            "type": "object", "additionalProperties": false,
            "patternProperties": {"^indicators\\[[0-9]+\\]$": reference("row_result").value()},
        }),
    );
    mapping("应得的结果：只写要紧的几项，名称与结果 JSON 相同。数按数值比较；null 要求没有值。")
        .optional("rulePack", value("用的是哪个规则包"))
        .optional("complete", truth("是否评价完整"))
        .optional("grade", value("等级的编号"))
        .optional("adjustments", value("改变了总分的调整的编号，以“, ”相连"))
        .optional("points", points)
        .optional("execution", reference("execution_result"))
        .optional("indicators", rows)
        .optional("findings", findings())
        .shape()
}

fn findings() -> Shape {
    let codes = |doc: &str| texts(&format!("{doc}写“代码”或“代码@栏目”。"));
    mapping("应有、不应有的问题。")
        .optional("include", codes("应有的。"))
        .optional("exclude", codes("不应有的。"))
        .optional("only", codes("应有的，且此外不得有。"))
        .shape()
}

fn score(block: Mapping) -> Mapping {
    let statuses = [
        ("SCORED", "已核算"),
        ("NOT_APPLICABLE", "不适用"),
        ("NEEDS_REVIEW", "需人工复核"),
        ("FAILED", "规则执行失败"),
    ];
    block
        .optional("status", word("这一行怎样了。", statuses))
        .optional("pointsPossible", value("分值"))
        .optional("pointsClaimed", value("自评得分"))
        .optional("pointsFloor", value("核算得分下限"))
        .optional("pointsCeiling", value("核算得分上限"))
        .optional("pointsAwarded", value("认定得分"))
        .optional("method", value("计分方法的编号"))
        .optional("derivation", value("推导，如 20 × 9场 ÷ 10场 = 18"))
        .optional("adjustments", value("改变了得分的调整的编号，以“, ”相连"))
}

fn row() -> Shape {
    let meetings = Met::ALL.map(|met| (met.name(), super::scoring::met_title(met)));
    score(mapping("一行的结果。"))
        .optional("met", word("是否达到指标值。", meetings))
        .optional("dimension", value("一级指标的编号"))
        .optional("category", value("二级指标的编号"))
        .optional("name", value("三级指标名称"))
        .optional("target", reference("reading"))
        .optional("actual", reference("reading"))
        .also("^(target|actual)\\.[a-z]+$", value("读法的一项，如 target.kind"))
        .shape()
}

fn reading() -> Shape {
    let kinds = Kind::ALL.map(|kind| (kind.name(), super::scoring::kind_title(kind)));
    mapping("一格读成什么。")
        .optional("text", value("原文"))
        .optional("kind", word("读成什么。", kinds))
        .optional("comparison", value("比较关系，如 AT_LEAST"))
        .optional("value", value("数"))
        .optional("low", value("区间的下限"))
        .optional("high", value("区间的上限"))
        .optional("unit", value("单位"))
        .optional("tier", value("完成程度"))
        .optional("date", value("日期"))
        .shape()
}
