//! The generated pages of the documentation.

use super::{Entry, PackReference, Section, section_title};
use crate::diagnostic::Bilingual;
use crate::formula::{Type, functions};
use crate::pack::Years;
use crate::ruleset::name_tables;

const GENERATED: &str = "<!-- 由 heng rules --markdown docs 生成，请勿手改 -->";

/// Keys whose values are formulas.
const FORMULAS: &[&str] = &["when", "formula", "points"];

/// `docs/rules/<pack>.md`: the pack in Chinese. What it inherits unchanged is told by name only.
pub fn pack_page(pack: &PackReference) -> String {
    let mut page = format!("{GENERATED}\n\n# {}（`{}`）\n\n", pack.title, pack.id);
    if !pack.description.is_empty() {
        page.push_str(&format!("{}\n\n", pack.description));
    }
    page.push_str(&facts(pack));
    page.push_str(&sources(pack));
    for section in &pack.sections {
        page.push_str(&section_text(pack, section));
    }
    page
}

fn facts(pack: &PackReference) -> String {
    let parents = pack.extends.iter().map(|id| format!("[`{id}`]({id}.md)")).collect::<Vec<_>>().join(" → ");
    let applies = match &pack.years {
        None => "点名才用".to_owned(),
        Some(years) => {
            let prefix = match pack.project_code_prefix.as_str() {
                "" => "任何项目编码".to_owned(),
                prefix => format!("项目编码以 {prefix} 开头"),
            };
            format!("{}，{prefix}", years_text(*years))
        }
    };
    let mut lines = vec![format!("- 适用：{applies}"), format!("- 认定方式：`{}`", pack.award.name())];
    if !parents.is_empty() {
        lines.insert(0, format!("- 沿用：{parents}"));
    }
    lines.join("\n") + "\n\n"
}

fn years_text(years: Years) -> String {
    match (years.from, years.to) {
        (Some(from), Some(to)) => format!("{from} 至 {to} 年度"),
        (Some(from), None) => format!("{from} 年度起"),
        (None, Some(to)) => format!("{to} 年度为止"),
        (None, None) => "任何年度".to_owned(),
    }
}

fn sources(pack: &PackReference) -> String {
    if pack.sources.is_empty() {
        return String::new();
    }
    let mut text = "## 来源\n\n| 编号 | 文号 | 名称 |\n|---|---|---|\n".to_owned();
    for source in &pack.sources {
        text.push_str(&format!("| `{}` | {} | {} |\n", source.id, cell(&source.document), cell(&source.title)));
    }
    text + "\n"
}

fn section_text(pack: &PackReference, section: &Section) -> String {
    let (own, inherited): (Vec<&Entry>, Vec<&Entry>) =
        section.entries.iter().partition(|entry| entry.is_written_by(&pack.id));
    let mut text = format!("## {}\n\n", section_title(section.name).zh);
    if !own.is_empty() {
        text.push_str("| 编号 | 名称 | 内容 | 依据 |\n|---|---|---|---|\n");
        for entry in own {
            text.push_str(&row(pack, entry));
        }
        text.push('\n');
    }
    if !inherited.is_empty() {
        let names: Vec<String> = inherited.iter().map(|entry| format!("`{}`", entry.code)).collect();
        text.push_str(&format!("沿用 {} 项：{}\n\n", names.len(), names.join("、")));
    }
    text
}

fn row(pack: &PackReference, entry: &Entry) -> String {
    let mut contents: Vec<String> = entry
        .details
        .iter()
        .map(|detail| {
            let is_formula = FORMULAS.contains(&detail.key.as_str()) && detail.node.as_text().is_some();
            let text = &detail.text.zh;
            format!("{}：{}", detail.label.zh, if is_formula { format!("`{}`", code(text)) } else { cell(text) })
        })
        .collect();
    contents.extend(entry.constants.iter().map(|(name, value)| format!("`{name}` = {}", cell(&value.zh))));
    if entry.owner() != pack.id {
        contents.push(format!("改写 `{}` 的同名条目", entry.owner()));
    }
    let grounds: Vec<String> = entry.citations.iter().map(|citation| cell(&citation.sentence().zh)).collect();
    format!("| `{}` | {} | {} | {} |\n", entry.code, cell(&entry.title.zh), contents.join("<br>"), grounds.join("<br>"))
}

/// A text as it may stand in a cell of a table.
fn cell(text: &str) -> String {
    code(text).replace('<', "&lt;")
}

/// The same between backticks.
fn code(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// `docs/functions.md`: the names and functions of formulas, in both languages.
pub fn functions_page() -> String {
    let mut page = format!("{GENERATED}\n\n# 公式可用的函数与名字 · Functions and names of formulas\n\n");
    page.push_str("## 函数 · Functions\n\n| 函数 | 说明 | English |\n|---|---|---|\n");
    for function in functions() {
        let Bilingual { zh, en } = &function.doc;
        page.push_str(&format!("| `{}` | {} | {} |\n", code(&function.signature), cell(zh), cell(en)));
    }
    for (title, names) in name_tables() {
        page.push_str(&format!(
            "\n## {} · {}\n\n| 名字 | 类型 | 说明 | English |\n|---|---|---|---|\n",
            title.zh, title.en
        ));
        for name in names {
            let kind = match name.kind {
                Type::Number => "数 number",
                Type::Boolean => "是非 boolean",
                Type::Text => "文本 text",
                _ => "词表 words",
            };
            page.push_str(&format!("| `{}` | {kind} | {} | {} |\n", name.name, cell(&name.doc.zh), cell(&name.doc.en)));
        }
    }
    page
}
