//! What sections and keys of rule files are called by people.

use crate::diagnostic::Bilingual;

/// The heading of a section; its own name where none is set.
pub fn section_title(name: &str) -> Bilingual {
    titled(SECTIONS, name)
}

/// The label of a key; the key itself where none is set.
pub(super) fn key_title(key: &str) -> Bilingual {
    titled(KEYS, key)
}

/// What people call a fixed word that stands alone under a key.
pub(super) fn word_title(word: &str) -> Option<Bilingual> {
    let known = WORDS.iter().find(|(known, ..)| *known == word)?;
    Some(Bilingual::new(known.1, known.2))
}

fn titled(table: &[(&str, &str, &str)], name: &str) -> Bilingual {
    let known = table.iter().find(|(known, ..)| *known == name);
    known.map_or_else(|| Bilingual::new(name, name), |(_, zh, en)| Bilingual::new(*zh, *en))
}

const SECTIONS: &[(&str, &str, &str)] = &[
    ("dimensions", "一级指标", "Dimensions"),
    ("alternatives", "分值的其他分法", "Other weights"),
    ("columns", "指标表的其他栏", "Columns"),
    ("attributes", "表头表尾的其他栏", "Attributes"),
    ("groups", "合用分值的行", "Rows that share points"),
    ("fields", "栏目", "Fields"),
    ("totals", "总分", "Totals"),
    ("parameters", "参数", "Parameters"),
    ("tables", "分档表", "Tables"),
    ("words", "词表", "Word lists"),
    ("methods", "计分方法", "Methods"),
    ("scoring", "计分条目（自上而下，先符合者生效）", "Scoring (first match wins)"),
    ("execution", "预算执行的计分条目", "Scoring of the execution"),
    ("adjustments", "计分之后的调整", "Adjustments"),
    ("bands", "等级", "Grades"),
    ("coverage", "不评的版式", "Layouts that are not covered"),
    ("checks", "校验", "Checks"),
];

const KEYS: &[(&str, &str, &str)] = &[
    ("categories", "二级指标", "categories"),
    ("code", "问题编号", "finding"),
    ("covers", "范围", "covers"),
    ("decimals", "小数位数", "decimals"),
    ("derived", "系统生成", "derived"),
    ("direction", "方向", "direction"),
    ("effect", "效果", "effect"),
    ("enabled", "启用", "enabled"),
    ("field", "指向", "points at"),
    ("for", "逐个看", "for each"),
    ("formula", "公式", "formula"),
    ("help", "怎么办", "what to do"),
    ("max_length", "字数上限", "longest text"),
    ("message", "问题", "finding"),
    ("method", "计分方法", "method"),
    ("outcome", "结果", "outcome"),
    ("points", "分值", "points"),
    ("ratio", "得分比例", "share"),
    ("required", "必填", "required"),
    ("role", "作用", "role"),
    ("rows", "分段", "rows"),
    ("severity", "程度", "severity"),
    ("tiers", "完成程度", "tiers"),
    ("titles", "印制名称", "printed titles"),
    ("type", "类型", "type"),
    ("unit", "单位", "unit"),
    ("values", "取值", "values"),
    ("when", "条件", "when"),
    ("words", "词", "words"),
];

const WORDS: &[(&str, &str, &str)] = &[
    ("ERROR", "错误", "error"),
    ("WARNING", "提醒", "warning"),
    ("INFO", "提示", "note"),
    ("true", "是", "yes"),
    ("false", "否", "no"),
];
