//! `structure.yaml`.

use serde_json::{Value, json};

use super::shape::{Mapping, Shape, by_id, choice, entry, flag, list, mapping, number, reference, text, texts, whole};
use crate::ruleset::FieldRule;

pub(super) fn structure() -> Shape {
    mapping("自评表应是什么样子：指标的分类与分值，各地另有的栏，栏目的要求，总分。")
        .optional("dimensions", by_id("一级指标。编号: 一级指标。", dimension()).or_nothing())
        .optional("alternatives", by_id("一级指标分值的其他分法，如没有满意度指标时。", alternative()).or_nothing())
        .optional("groups", groups().or_nothing())
        .optional("columns", by_id("指标表里另有的栏。编号就是公式里的名字。", column()).or_nothing())
        .optional("attributes", by_id("表头、表尾另有的栏。编号就是公式里的名字。", attribute()).or_nothing())
        .optional("fields", fields().or_nothing())
        .optional("totals", totals().or_nothing())
        .shape()
}

fn titled(group: Mapping) -> Mapping {
    group
        .optional("titles", texts("表上印的名称，第一个最常用。空格和后面括号里的话不算。"))
        .optional("points", number("规则规定的分值；没有规定的不写。"))
}

fn dimension() -> Shape {
    let category = titled(mapping("一个二级指标。")).shape();
    titled(entry("一个一级指标。"))
        .optional("categories", by_id("二级指标。编号: 二级指标；都有分值的，其和须等于一级指标的分值。", category))
        .shape()
}

fn alternative() -> Shape {
    entry("一种分法：恰好给表上有的那些一级指标分值的，就用它。")
        .required("title", text("名称，给人看。"))
        .required(
            "points",
            by_id(
                "一级指标的编号: 分值；加上预算执行须等于总分。",
                number("分值，大于 0").with("exclusiveMinimum", json!(0)),
            ),
        )
        .shape()
}

fn groups() -> Shape {
    let ways =
        [("PARENT", "有分值而没有指标值的一行，要求写在下面各行"), ("MERGED", "自己也有指标值的一行与下面各行合用")];
    list("几行可以怎样合用一个分值。上下级规则包的接在一起。", choice("一种合用的办法。", ways))
}

/// Cells that forms of a region have beside the usual ones.
fn printed(column: Mapping) -> Mapping {
    column.required("titles", texts("表上印的名称，第一个最常用。")).optional(
        "type",
        choice(
            "格子里是什么；不写是文字。",
            [
                ("text", "文字"),
                ("number", "数"),
                ("money", "金额，折成元；没写单位的照资金表的单位"),
                ("ratio", "比率：91.76% 是 0.9176"),
            ],
        ),
    )
}

fn column() -> Shape {
    let roles = [("COMPARATOR", "与年度指标值连起来读：≥ 和 95"), ("UNIT", "指标值、完成值没写单位时用它")];
    printed(entry("指标表里的一栏。")).optional("role", choice("另外的用处；只有文字栏能有。", roles)).shape()
}

fn attribute() -> Shape {
    printed(entry("表头或表尾的一栏。")).shape()
}

pub(super) fn field() -> Shape {
    entry("对一栏的要求。")
        .required("title", text("名称，给人看。"))
        .optional("required", flag("必填"))
        .optional("derived", flag("由系统带出（置灰）"))
        .optional("max_length", whole("字数上限", 1, u32::MAX))
        .shape()
}

fn fields() -> Shape {
    let field = reference("field").value();
    let known: serde_json::Map<String, Value> =
        FieldRule::PATHS.iter().map(|path| ((*path).to_owned(), field.clone())).collect();
    let regional = FieldRule::REGIONAL.map(|prefix| prefix.replace('.', "\\."));
    let regional = regional.map(|prefix| (format!("^{prefix}."), field.clone()));
    Shape::of(
        "对各栏的要求。键是自评表里的路径：indicators 和 goals 代表其中每一行；另有的栏写 attributes.印制名称、\
         indicators.attributes.印制名称。",
        json!({
            "type": "object", "additionalProperties": false, "properties": known,
            "patternProperties": serde_json::Map::from_iter(regional),
        }),
    )
}

fn totals() -> Shape {
    let points = |doc: &str| entry(doc).required("points", number("分值")).shape();
    let rounding =
        entry("每行得分四舍五入到几位小数。").required("decimals", text("参数的编号；它的值是 0、1 或 2。")).shape();
    mapping("全表与预算执行的分值，得分的小数位数。三项都要有。")
        .optional("form", points("全表的总分。"))
        .optional("execution", points("预算执行那一行的分值。"))
        .optional("rounding", rounding)
        .shape()
}
