//! `methods.yaml`.

use serde_json::json;

use super::shape::{Shape, by_id, choice, entry, formula, interval, mapping, reference, text};

pub(super) fn methods() -> Shape {
    mapping("计分方法：一行怎样变成得分。").optional("methods", by_id("编号: 方法。", method()).or_nothing()).shape()
}

fn method() -> Shape {
    let tiers = by_id(
        "完成程度: 分值的比例区间，由人在区间内评判。各段合起来恰好是 [0, 1]。",
        interval("这一档可得分值的几成到几成。"),
    )
    .with("minProperties", json!(1));
    entry("一种计分方法。formula、tiers、ratio 恰写一项。")
        .required("title", text("名称，给人看。"))
        .optional("formula", formula("得分；须在 0 与分值之间，heng check 会证明。"))
        .optional("tiers", tiers)
        .optional("ratio", interval("分值的一个比例区间，由人评判；在 0 与 1 之间。"))
        .optional(
            "direction",
            choice(
                "作者的声明：完成值变大，得分怎么变；heng check 证明或反驳它。",
                [("higher_is_better", "完成值越大，得分不减"), ("lower_is_better", "完成值越大，得分不增")],
            ),
        )
        .optional("jump", choice("得分本来就要跳变的写 intended。", [("intended", "全得或不得、查表给分")]))
        .optional(
            "for",
            choice("给哪一行用；不写是指标行。", [("indicator", "指标行"), ("execution", "预算执行那一行")]),
        )
        .required("cite", reference("cite"))
        .one_of(&["formula", "tiers", "ratio"])
        .shape()
}
