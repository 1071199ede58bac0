//! Coverage for people: a table of the packs, and what no case reaches, with its place.

use super::titles;
use crate::cli::either;
use crate::cli::layout::{Cell, Column, Ink, Screen, Table};
use crate::diagnostic::{Bilingual, Lang};
use crate::quantity::Exact;
use crate::regress::{Coverage, GROUPS, Kind, PackCoverage};

/// The table by packs, and below it what is missing.
pub fn page(coverage: &Coverage, screen: Screen) -> String {
    let lang = screen.lang;
    let mut columns = vec![Column::short(either(lang, "规则包", "pack"))];
    columns.extend(GROUPS.iter().map(|(kind, _)| Column::right(titles::kind(*kind, lang))));
    let mut table = Table::new(columns);
    for pack in &coverage.packs {
        let counts = GROUPS.iter().map(|(kind, _)| pack.counts.get(kind).copied().unwrap_or_default());
        let cells = std::iter::once(Cell::new(pack.pack.clone()).ink(Ink::Place)).chain(counts.map(count));
        table.row(cells.collect());
    }
    if coverage.packs.len() > 1 {
        table.rule('─');
        let counts = GROUPS.iter().map(|(kind, _)| count(coverage.count(*kind)));
        table.row(std::iter::once(Cell::new(either(lang, "合计", "all"))).chain(counts).collect());
    }
    let mut text = format!("\n{}", table.render(screen.width));
    coverage.packs.iter().for_each(|pack| text.push_str(&missing(pack, lang)));
    text.push('\n');
    text
}

/// `12/15`, coloured where something is missing; a dash where there is nothing.
fn count((hit, all): (usize, usize)) -> Cell {
    match all {
        0 => Cell::new("—").ink(Ink::Faint),
        _ => Cell::new(format!("{hit}/{all}")).ink(if hit == all { Ink::Good } else { Ink::Warn }),
    }
}

fn missing(pack: &PackCoverage, lang: Lang) -> String {
    let mut text = String::new();
    for (kind, _) in GROUPS {
        let of_kind: Vec<_> = pack.missing.iter().filter(|missing| missing.item.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let title = match lang {
            Lang::Zh => format!("{}：没有案例到达的{}", pack.pack, titles::kind(kind, lang)),
            Lang::En => format!("{}: {} that no case reaches", pack.pack, titles::kind(kind, lang)),
        };
        text.push_str(&format!("\n{}\n", Ink::Strong.paint(&title)));
        for missing in of_kind {
            let ways: Vec<String> = missing.ways.iter().map(|way| titles::unseen(*way, lang)).collect();
            let ways = ways.join(either(lang, "，", ", "));
            let place = Ink::Place.paint(&missing.item.place.to_string());
            text.push_str(&format!("  {place}  {}  {ways}\n", name(kind, missing)));
        }
    }
    text
}

fn name(kind: Kind, missing: &crate::regress::Missing) -> String {
    let item = &missing.item;
    match kind {
        Kind::Lexicon => item.id.clone(),
        _ if item.id.is_empty() => item.section.to_owned(),
        _ => format!("{}.{}", item.section, item.id),
    }
}

/// How much must be reached: of everything, or of some kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Least {
    /// Kind, its name and per cent, at most 100.
    parts: Vec<(Kind, &'static str, Exact)>,
}

impl Least {
    /// Reads `90` or `entries=100,bands=100,checks=99.5`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let percent = |text: &str| {
            let number = Exact::parse(text.trim().trim_end_matches('%'));
            let number = number.filter(|number| !number.is_negative() && *number <= Exact::from_i64(100));
            number.ok_or_else(|| format!("`{text}` is no percentage from 0 to 100"))
        };
        if !text.contains('=') {
            let least = percent(text)?;
            return Ok(Least { parts: GROUPS.iter().map(|(kind, name)| (*kind, *name, least.clone())).collect() });
        }
        let mut parts = Vec::new();
        for part in text.split(',') {
            let (name, least) = part.split_once('=').ok_or_else(|| format!("`{part}` lacks `=PERCENT`"))?;
            let known = GROUPS.iter().find(|(_, known)| *known == name.trim());
            let names = || GROUPS.map(|(_, name)| name).join(", ");
            let (kind, name) = known.ok_or_else(|| format!("`{name}` is none of {}", names()))?;
            parts.push((*kind, *name, percent(least)?));
        }
        Ok(Least { parts })
    }

    /// What falls short of it, a sentence each.
    pub fn shortfalls(&self, coverage: &Coverage) -> Vec<Bilingual> {
        let short = self.parts.iter().filter_map(|(kind, name, least)| {
            let (hit, all) = coverage.count(*kind);
            let number = |count: usize| Exact::from_i64(i64::try_from(count).unwrap_or(i64::MAX));
            let enough = number(hit).mul(&Exact::from_i64(100)).ok()? >= number(all).mul(least).ok()?;
            (!enough).then(|| {
                Bilingual::new(
                    format!("{} 只到达 {hit}/{all}，要求 {least}%", titles::kind(*kind, Lang::Zh)),
                    format!("{name}: {hit} of {all} reached, {least}% asked for"),
                )
            })
        });
        short.collect()
    }
}
