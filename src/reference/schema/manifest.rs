//! `pack.yaml`.

use super::shape::{Shape, by_id, choice, mapping, text, year};
use crate::pack::Award;

pub(super) fn pack() -> Shape {
    let award = |award: Award, zh| (award.name(), zh);
    mapping("一个规则包：一份评分办法，或某地对它的改写。")
        .required("id", text("编号，与所在文件夹同名。"))
        .required("title", text("名称，给人看。"))
        .optional("description", text("说明：依据什么，哪些是国家规定，哪些是本地规定或通行做法。"))
        .optional("extends", text("在哪个规则包上改写（写它的编号）。不写就是从头写起，各节都要有。"))
        .optional("applies_to", applies_to())
        .optional(
            "award",
            choice(
                "在自评得分与规则允许的得分之间怎么认定；不写就沿用上级规则包，都没写的是 claim_within_ceiling。",
                [
                    award(Award::ClaimWithinCeiling, "自评得分与核算上限中较低者；没有自评的取上限"),
                    award(Award::Ceiling, "一律取核算上限"),
                    award(Award::Floor, "一律取核算下限：靠评判的行只给有把握的分"),
                ],
            ),
        )
        .optional("sources", by_id("依据的来源：编号: 来源。各处的 cite.source 写这里的编号。", source()))
        .shape()
}

fn applies_to() -> Shape {
    let years = mapping("年度范围，两头都含，可只写一头。")
        .optional("from", year("起始年度"))
        .optional("to", year("截止年度"))
        .shape();
    mapping("哪些自评表归它评；不写则只有点名时才用。几个规则包都适用时，项目编码前缀最长的说了算。")
        .optional("fiscal_years", years)
        .optional("project_code_prefix", text("项目编码以什么开头，如 \"440307\"。"))
        .shape()
}

fn source() -> Shape {
    mapping("一份文件、一张印制的表，或一种通行做法。")
        .optional("document", text("文号，如 财预〔2020〕10号；没有的写 \"\"。"))
        .optional("title", text("名称"))
        .optional("issued", text("印发日期，如 2020-02-25"))
        .shape()
}
