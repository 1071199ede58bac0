//! Packs as a person reads them.

use super::entry;
use crate::cli::layout::{Cell, Column, Ink, Screen, Table};
use crate::diagnostic::Lang;
use crate::pack::Years;
use crate::reference::{PackReference, section_title};

/// Characters of a revision that are enough to tell two apart.
const REVISION_SHOWN: usize = 12;

/// All packs, a line for each.
pub(super) fn packs(packs: &[PackReference], screen: Screen) -> String {
    let mut table = Table::new(vec![
        Column::short(screen.pick("规则包", "Pack")),
        Column::text(screen.pick("名称", "title")),
        Column::short(screen.pick("沿用", "extends")),
        Column::short(screen.pick("年度", "years")),
        Column::short(screen.pick("编码开头", "codes")),
        Column::right(screen.pick("校验", "checks")),
        Column::short(screen.pick("版本", "revision")),
    ]);
    for pack in packs {
        let checks = pack.sections.iter().find(|section| section.name == "checks").map_or(0, |s| s.entries.len());
        table.row(vec![
            Cell::new(pack.id.as_str()).ink(Ink::Strong),
            Cell::new(pack.title.as_str()),
            Cell::new(pack.extends.first().map_or("—", String::as_str)),
            Cell::new(years(pack, screen)),
            Cell::new(match pack.project_code_prefix.as_str() {
                "" => "—",
                prefix => prefix,
            }),
            Cell::new(checks.to_string()),
            Cell::new(revision(pack)).ink(Ink::Faint),
        ]);
    }
    let hint = screen.pick(
        "heng rules 规则包 列出它的全部规则；heng explain 编号 说明其中一条",
        "heng rules PACK lists its rules; heng explain CODE tells about one",
    );
    format!("{}\n{}\n", table.render(screen.width), Ink::Faint.paint(hint))
}

/// One pack, section by section.
pub(super) fn pack(pack: &PackReference, screen: Screen) -> String {
    let name = format!("{}  {} @ {}", pack.title, pack.id, revision(pack));
    let mut out = format!("{}\n{}\n", Ink::Strong.paint(&name), Ink::Faint.paint(&"━".repeat(screen.width)));
    let mut put = |zh: &str, en: &str, text: &str| {
        if !text.is_empty() {
            out.push_str(&entry::line(screen.pick(zh, en), text, Ink::Plain, screen));
        }
    };
    put("说明", "about", &pack.description);
    put("沿用", "extends", &pack.extends.join(" → "));
    let prefix = pack.project_code_prefix.as_str();
    let codes = match (prefix, screen.lang) {
        ("", _) => String::new(),
        (prefix, Lang::Zh) => format!("，项目编码以 {prefix} 开头"),
        (prefix, Lang::En) => format!(", project codes that begin with {prefix}"),
    };
    put("适用", "scores", &format!("{}{codes}", years(pack, screen)));
    put("认定方式", "award", pack.award.name());
    for (at, source) in pack.sources.iter().enumerate() {
        let document = match (source.document.as_str(), screen.lang) {
            ("", _) => String::new(),
            (document, Lang::Zh) => format!("（{document}）"),
            (document, Lang::En) => format!(" ({document})"),
        };
        let (zh, en) = if at == 0 { ("来源", "sources") } else { ("", "") };
        put(zh, en, &format!("{}  {}{document}", source.id, source.title));
    }
    if !pack.extends.is_empty() {
        put("↑", "↑", screen.pick("沿用自上级规则包，未改动", "inherited, unchanged"));
    }
    for section in &pack.sections {
        let title = format!("{}  {}", section_title(section.name).get(screen.lang), section.entries.len());
        out.push_str(&format!("\n{}  {}\n", Ink::Strong.paint(&title), Ink::Faint.paint(section.name)));
        for one in &section.entries {
            out.push_str(&entry::text(one, &pack.id, screen));
        }
    }
    out
}

fn revision(pack: &PackReference) -> String {
    pack.revision.trim_start_matches("sha256:").chars().take(REVISION_SHOWN).collect()
}

fn years(pack: &PackReference, screen: Screen) -> String {
    match pack.years {
        None => screen.pick("点名才用", "when named").to_owned(),
        Some(Years { from: None, to: None }) => screen.pick("任何年度", "any").to_owned(),
        Some(Years { from, to }) => {
            let year = |year: Option<i32>| year.map_or_else(String::new, |year| year.to_string());
            format!("{}–{}", year(from), year(to))
        }
    }
}
