//! `scoring.yaml`.

use super::shape::{Mapping, Shape, by_id, choice, entry, flag, formula, mapping, one_or_more, reference, text, texts};
use crate::reading::{Comparison, Direction, Kind, Met};

pub(super) fn scoring() -> Shape {
    let execution = mapping("预算执行那一行要满足的条件。").optional("if", formula("条件")).shape();
    let first = "自上而下，先符合的生效；在上级规则包上新增的排在沿用的前面。";
    mapping("哪一行用哪种方法，以及计分之后的调整。")
        .optional("scoring", by_id(&format!("指标行。编号: 条目。{first}"), row_entry(when())).or_nothing())
        .optional("execution", by_id(&format!("预算执行。编号: 条目。{first}"), row_entry(execution)).or_nothing())
        .optional("adjustments", by_id("计分之后的扣分、封顶，自上而下依次生效。", adjustment()).or_nothing())
        .shape()
}

fn row_entry(when: Shape) -> Shape {
    entry("一个条目。method 与 outcome 恰写一项。")
        .required("title", text("名称，给人看。"))
        .optional("when", when)
        .optional("method", text("计分方法的编号（methods.yaml）。"))
        .optional(
            "outcome",
            choice(
                "不用方法计分的，结果是什么。",
                [
                    ("NOT_APPLICABLE", "不参与，没有分"),
                    ("NEEDS_REVIEW", "下限 0，上限为分值；复核之前按自评认定"),
                    ("UNSCORED", "下限 0，上限为分值；改正之前认定 0 分"),
                    ("IN_GROUP", "没有分：与前面的行合用分值"),
                ],
            ),
        )
        .optional("cite", reference("cite"))
        .one_of(&["method", "outcome"])
        .shape()
}

/// What a row must be like. What is not written is not asked; of a list one is enough.
fn when() -> Shape {
    readings(mapping("这一行要满足的条件。没写的不问；写成列表的，符合其一即可。"))
        .optional("dimension", texts("一级指标的编号（structure.yaml）。"))
        .optional("category", texts("二级指标的编号（structure.yaml）。"))
        .optional("name", texts("词；三级指标名称含有其中之一。"))
        .optional("tier", texts("实际完成值的完成程度：词典 tiers 的编号。"))
        .optional("comparable", flag("true：指标值与完成值都是数，且单位相通。"))
        .optional("if", formula("其他条件"))
        .shape()
}

fn readings(when: Mapping) -> Mapping {
    let kinds = |doc: &str| one_or_more(choice(doc, Kind::ALL.map(|kind| (kind.name(), kind_title(kind)))));
    let comparisons = Comparison::ALL.map(|one| (one.name(), comparison_title(one)));
    let meetings = Met::ALL.map(|met| (met.name(), met_title(met)));
    let directions = Direction::ALL.map(|one| (one.name(), direction_title(one)));
    when.optional("target", kinds("年度指标值读成什么。"))
        .optional("actual", kinds("实际完成值读成什么。"))
        .optional("comparison", one_or_more(choice("指标值的比较关系。", comparisons)))
        .optional("meeting", one_or_more(choice("是否达到指标值。", meetings)))
        .optional("direction", one_or_more(choice("这一行怎样算好。", directions)))
}

pub(super) fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "一个数",
        Kind::Range => "一个区间",
        Kind::Date => "日期、期限或期间",
        Kind::Statement => "一句话",
        Kind::NotApplicable => "写明不适用",
        Kind::Blank => "没有填",
        Kind::Unreadable => "读不出一个值",
    }
}

pub(super) fn comparison_title(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::AtLeast => "不少于",
        Comparison::AtMost => "不超过",
        Comparison::MoreThan => "大于",
        Comparison::LessThan => "小于",
        Comparison::Exactly => "等于；没写比较关系",
        Comparison::Within => "在两端之间，两端都含",
    }
}

pub(super) fn met_title(met: Met) -> &'static str {
    match met {
        Met::Met => "达到",
        Met::Exceeded => "超过",
        Met::NotMet => "没有达到",
        Met::Judged => "只能靠人评判",
        Met::Unknown => "断定不了",
    }
}

pub(super) fn direction_title(direction: Direction) -> &'static str {
    match direction {
        Direction::HigherIsBetter => "越高越好",
        Direction::LowerIsBetter => "越低越好",
        Direction::Exact => "多了少了都不对",
        Direction::Unknown => "看不出来",
    }
}

fn adjustment() -> Shape {
    entry("一项调整：从到此为止的得分算出新的得分。")
        .required("title", text("名称，给人看。"))
        .required(
            "for",
            choice("调整什么的得分。", [("indicator", "指标行"), ("execution", "预算执行"), ("form", "全表总分")]),
        )
        .optional("when", formula("条件；不写就总是调整。"))
        .required("points", formula("调整后的得分；points 是到此为止的得分，如 min(points, 79)。"))
        .required("cite", reference("cite"))
        .optional("enabled", flag("false：关掉一项沿用的调整。"))
        .shape()
}
