//! `parameters.yaml`, `grades.yaml`, and the grounds that numbers and rules stand on.

use serde_json::json;

use super::shape::{
    Shape, by_id, choice, entry, flag, interval, interval_key, list, mapping, number, reference, text, year,
};
use crate::ruleset::Basis;

/// `cite: {source, basis, …}`
pub(super) fn cite() -> Shape {
    let titles = Basis::ALL.map(Basis::title);
    let bases = Basis::ALL.iter().zip(&titles).map(|(basis, title)| (basis.name(), title.zh.as_str()));
    mapping("依据：来源、类别，以及是否核对过原文。")
        .required("source", text("来源的编号，写在本包或上级规则包 pack.yaml 的 sources 里。"))
        .required("basis", choice("依据的类别。", bases))
        .optional("article", text("条款，如 第八条；只有核对过原文（verified: true）才能写。"))
        .optional("quote", text("引文；只有核对过原文（verified: true）才能写。"))
        .optional("verified", flag("是否核对过原文；不写就是没有。"))
        .rule(json!({
            "if": {"anyOf": [{"required": ["article"]}, {"required": ["quote"]}]},
            "then": {"required": ["verified"], "properties": {"verified": {"const": true}}},
        }))
        .shape()
}

pub(super) fn parameters() -> Shape {
    mapping("规则里的数：带名称、单位、起始年度和依据。公式里写它们的编号。")
        .optional("parameters", by_id("参数。编号: 参数。", parameter()).or_nothing())
        .optional("tables", by_id("分档表。编号: 表；公式里用 lookup(编号, 数) 查。", table()).or_nothing())
        .shape()
}

fn parameter() -> Shape {
    let value = mapping("从某一年度起的取值。")
        .required("since", year("从哪个年度起"))
        .required("value", number("数值：十进制数，不写百分号"))
        .required("cite", reference("cite"))
        .shape();
    entry("一个参数。")
        .required("title", text("名称，给人看。"))
        .required("unit", text("单位，给人看：ratio、points、yuan、count、days……"))
        .required("values", list("各年度起的取值；同一年只能有一个。", value).with("minItems", json!(1)))
        .shape()
}

fn table() -> Shape {
    let rows = Shape::of(
        "区间: 数。各段合起来恰好是 covers，不缺不叠。",
        json!({
            "type": "object", "minProperties": 1, "propertyNames": interval_key(),
            "additionalProperties": number("这一段的数").value(),
        }),
    );
    entry("一张分档表：某个量在哪一段取哪个数。")
        .required("title", text("名称，给人看。"))
        .required("unit", text("单位，给人看，如 ratio → points。"))
        .required("covers", interval("全表的范围。"))
        .required("rows", rows)
        .required("cite", reference("cite"))
        .shape()
}

pub(super) fn grades() -> Shape {
    let band = entry("一个等级。")
        .required("title", text("名称，如 优。"))
        .required("points", interval("认定得分在哪一段。各档从 0 到总分，不缺不叠。"))
        .optional(
            "grade",
            choice("这一段没有等级时写 none。", [("none", "规定本身空着的一段，如整数分档的 89 到 90 之间")]),
        )
        .shape();
    mapping("多少分是什么等级。").optional("bands", by_id("编号: 等级。", band).or_nothing()).shape()
}
