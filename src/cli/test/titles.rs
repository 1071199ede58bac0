//! What the facets of an evaluation, and the ways of rules, are called.

use crate::cli::either;
use crate::diagnostic::Lang;
use crate::regress::{Kind, Way};

/// `indicators[5].pointsCeiling` → `indicators[5] 核算上限`.
pub fn facet(path: &str, lang: Lang) -> String {
    let (row, name) = path.rsplit_once('.').unwrap_or(("", path));
    let title = FACETS.iter().find(|(known, ..)| *known == name).map(|(_, zh, en)| either(lang, zh, en));
    match (row, title) {
        ("" | "points", Some(title)) => title.to_owned(),
        ("execution", Some(title)) => format!("{} {title}", either(lang, "预算执行", "execution")),
        (row, Some(title)) => format!("{row} {title}"),
        (_, None) => path.to_owned(),
    }
}

const FACETS: &[(&str, &str, &str)] = &[
    ("possible", "分值", "points possible"),
    ("claimed", "自评得分", "points claimed"),
    ("floor", "核算下限", "points floor"),
    ("ceiling", "核算上限", "points ceiling"),
    ("awarded", "认定得分", "points awarded"),
    ("pointsPossible", "分值", "points possible"),
    ("pointsClaimed", "自评得分", "points claimed"),
    ("pointsFloor", "核算下限", "points floor"),
    ("pointsCeiling", "核算上限", "points ceiling"),
    ("pointsAwarded", "认定得分", "points awarded"),
    ("rate", "执行率", "rate"),
    ("grade", "等级", "grade"),
    ("findings", "校验问题", "finding"),
    ("status", "状态", "status"),
    ("met", "达标情况", "met"),
    ("derivation", "推导", "derivation"),
    ("method", "方法", "method"),
];

/// What coverage counts.
pub fn kind(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Entry => either(lang, "计分条目", "entries"),
        Kind::Method => either(lang, "计分方法", "methods"),
        Kind::Band => either(lang, "档次", "bands"),
        Kind::Branch => either(lang, "分支", "branches"),
        Kind::Check => either(lang, "校验", "checks"),
        Kind::Parameter => either(lang, "参数", "parameters"),
        Kind::Lexicon => either(lang, "词典", "lexicon"),
    }
}

/// What no case saw of something.
pub fn unseen(way: Way, lang: Lang) -> String {
    let text = match way {
        Way::Used => either(lang, "没有用到", "never used"),
        Way::Fires => either(lang, "没有报出过", "never fires"),
        Way::Silent => either(lang, "没有不报的时候", "never stays silent"),
        Way::Holds => either(lang, "条件没有成立过", "condition never holds"),
        Way::Fails => either(lang, "条件没有不成立过", "condition never fails"),
        Way::Present => either(lang, "从来是空的", "never there"),
        Way::Absent => either(lang, "从来不空", "never absent"),
        Way::Argument(index) => {
            let number = index + 1;
            return match lang {
                Lang::Zh => format!("没有取到第 {number} 个参数"),
                Lang::En => format!("argument {number} never chosen"),
            };
        }
    };
    text.to_owned()
}
