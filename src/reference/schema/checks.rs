//! `checks.yaml`.

use super::shape::{Mapping, Shape, by_id, choice, entry, flag, formula, list, mapping, reference, text};
use crate::diagnostic::Severity;

pub(super) fn checks() -> Shape {
    let words = list("一个词表；公式里写它的编号，如 contains_any(target_text, 编号)。", text("一个词"));
    mapping("要指出哪些问题。校验从不改变得分。")
        .optional("coverage", by_id("哪些表不归这个规则包评。第一个成立的是唯一的问题。", coverage()).or_nothing())
        .optional("checks", by_id("校验。编号就是问题的代码。", check()).or_nothing())
        .optional("words", by_id("词表。上下级规则包的同名词表接在一起，不必写 replaces。", words).or_nothing())
        .shape()
}

/// `{zh: …, en: …}`
pub(super) fn message() -> Shape {
    let template = |language: &str| {
        text(&format!(
            "{language}。{{公式}} 显示公式的值，如 {{points_claimed}}；{{公式:%}} 显示成百分数；{{{{ 和 }}}} 是花括号本身。"
        ))
    };
    mapping("中文、英文各一句。").required("zh", template("中文")).required("en", template("英文")).shape()
}

fn told(entry: Mapping) -> Shape {
    entry
        .required("when", formula("条件；成立就是一处问题。因空白而算不出的条件视为不成立。"))
        .optional(
            "field",
            text("指到哪一栏，从所看的对象往下写：deviation_reason、attributes.编号；看全表的从头写起。"),
        )
        .required("message", reference("message"))
        .required("help", reference("message"))
        .required("cite", reference("cite"))
        .optional("enabled", flag("false：关掉一条沿用的校验。"))
        .shape()
}

fn coverage() -> Shape {
    told(entry("一种不归这个规则包评的版式：各行待复核，认定 0 分，不给等级。"))
}

fn check() -> Shape {
    let severities = Severity::ALL.map(|severity| (severity.name(), severity_title(severity)));
    let check = entry("一条校验。")
        .required("severity", choice("程度。", severities))
        .optional("code", text("问题的代码；几条校验看同一件事时才写，不写就是编号。"))
        .required(
            "for",
            choice(
                "逐个看什么。",
                [
                    ("form", "全表，一次"),
                    ("indicator", "每个指标行"),
                    ("goal", "每个总体目标"),
                    ("source", "每个资金来源"),
                    ("dimension", "每个一级指标"),
                    ("category", "每个二级指标"),
                    ("field", "structure.yaml 里的每个栏目，有几行看几行"),
                ],
            ),
        )
        .optional("effect", choice("成立时还怎样。", [("NO_GRADE", "全表不给等级")]));
    told(check)
}

fn severity_title(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误：须更正",
        Severity::Warning => "提醒：请核对",
        Severity::Info => "提示",
    }
}
