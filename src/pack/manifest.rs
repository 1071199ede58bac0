//! `pack.yaml`: what the pack is, what it extends, which forms it scores, where its rules come from.

use super::{Located, PackFiles};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node, Problems};

/// An inclusive range of fiscal years; an open end is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Years {
    pub from: Option<i32>,
    pub to: Option<i32>,
}

impl Years {
    pub fn contains(self, year: i32) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }

    pub fn overlaps(self, other: Years) -> bool {
        let below = |to: Option<i32>, from: Option<i32>| matches!((to, from), (Some(to), Some(from)) if to < from);
        !below(self.to, other.from) && !below(other.to, self.from)
    }
}

/// Which forms a pack scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliesTo {
    pub years: Years,
    /// Digits the project code starts with; empty matches every form.
    pub project_code_prefix: String,
    pub place: Place,
}

/// How points are awarded between the claim and what the rules allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Award {
    /// min(claimed, ceiling); the ceiling where nothing was claimed.
    #[default]
    ClaimWithinCeiling,
    /// Always the ceiling, whatever was claimed.
    Ceiling,
    /// Always the floor: judged rows get what is certain.
    Floor,
}

impl Award {
    const NAMES: [(&'static str, Award); 3] =
        [("claim_within_ceiling", Award::ClaimWithinCeiling), ("ceiling", Award::Ceiling), ("floor", Award::Floor)];

    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, award)| *award == self).map_or("", |(name, _)| name)
    }
}

/// A legal or other source that citations point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub id: String,
    pub document: String,
    pub title: String,
    pub issued: String,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub id: String,
    pub title: String,
    pub description: String,
    pub extends: Option<Located<String>>,
    /// Absent: the pack scores a form only when a request names it.
    pub applies_to: Option<AppliesTo>,
    /// Absent: inherited.
    pub award: Option<Award>,
    pub sources: Vec<Source>,
    pub place: Place,
}

impl Manifest {
    pub(super) fn from_node(node: &Node, files: &PackFiles, problems: &mut Problems) -> Option<Self> {
        let mut fields = Fields::of(node, problems);
        let id = fields.required_text("id");
        let title = fields.required_text("title");
        let description = fields.text("description").map(|(text, _)| text.to_owned()).unwrap_or_default();
        let extends = fields.text("extends").map(|(text, n)| Located::new(text.to_owned(), n.place.clone()));
        let applies_to = fields.optional("applies_to");
        let award = fields.text("award").and_then(|(text, n)| award_named(text, n, fields.problems()));
        let sources = fields.optional("sources");
        let place = fields.place().clone();
        fields.finish();
        let applies_to = applies_to.map(|n| applies_to_from(n, problems));
        let sources = sources.map(|n| sources_from(n, problems)).unwrap_or_default();
        let (id, id_node) = id?;
        if id != files.name {
            let message = Bilingual::new(
                format!("规则包编号 `{id}` 与所在文件夹 `{}` 不一致", files.name),
                format!("pack id `{id}` differs from its folder `{}`", files.name),
            );
            problems.push(Diagnostic::error("pack_id_mismatch", id_node.place.clone(), message));
        }
        Some(Manifest {
            // A wrong id is told of once: other packs find this one by its folder all the same.
            id: files.name.clone(),
            title: title.map(|(text, _)| text.to_owned()).unwrap_or_default(),
            description,
            extends,
            applies_to,
            award,
            sources,
            place,
        })
    }
}

fn award_named(text: &str, node: &Node, problems: &mut Problems) -> Option<Award> {
    let found = Award::NAMES.iter().find(|(name, _)| *name == text).map(|(_, award)| *award);
    if found.is_none() {
        let message =
            Bilingual::new(format!("没有 `{text}` 这种认定方式"), format!("there is no award policy `{text}`"));
        let names = Award::NAMES.map(|(name, _)| name);
        let unknown = Diagnostic::error("unknown_award", node.place.clone(), message)
            .with_help(Bilingual::new(format!("可用：{}", names.join("、")), format!("one of {}", names.join(", "))))
            .with_guess(text, names);
        problems.push(unknown);
    }
    found
}

fn applies_to_from(node: &Node, problems: &mut Problems) -> AppliesTo {
    let mut fields = Fields::of(node, problems);
    let years = fields.optional("fiscal_years");
    let prefix = fields.text("project_code_prefix").map(|(text, _)| text.to_owned()).unwrap_or_default();
    let place = fields.place().clone();
    fields.finish();
    AppliesTo { years: years.map(|n| years_from(n, problems)).unwrap_or_default(), project_code_prefix: prefix, place }
}

fn years_from(node: &Node, problems: &mut Problems) -> Years {
    let mut fields = Fields::of(node, problems);
    let mut year = |key| {
        let (text, n) = fields.text(key)?;
        let parsed = text.parse::<i32>().ok().filter(|year| (1949..=2199).contains(year));
        if parsed.is_none() {
            let message = Bilingual::new(
                format!("`{text}` 不是年度（1949 至 2199）"),
                format!("`{text}` is no fiscal year (1949 to 2199)"),
            );
            fields.problems().push(Diagnostic::error("bad_year", n.place.clone(), message));
        }
        parsed
    };
    let years = Years { from: year("from"), to: year("to") };
    fields.finish();
    if matches!((years.from, years.to), (Some(from), Some(to)) if from > to) {
        let message = Bilingual::new("起始年度晚于截止年度", "`from` is later than `to`");
        problems.push(Diagnostic::error("bad_year", node.place.clone(), message));
    }
    years
}

fn sources_from(node: &Node, problems: &mut Problems) -> Vec<Source> {
    let entries: &[(Key, Node)] = node.as_map().unwrap_or_else(|| {
        let message = Bilingual::new("sources 应为“编号: 内容”的映射", "`sources` must be a mapping from id to entry");
        problems.push(Diagnostic::error("wrong_type", node.place.clone(), message));
        &[]
    });
    entries
        .iter()
        .map(|(key, entry)| {
            let mut fields = Fields::of(entry, problems);
            let mut text = |key| fields.text(key).map(|(text, _)| text.to_owned()).unwrap_or_default();
            let (document, title, issued) = (text("document"), text("title"), text("issued"));
            fields.finish();
            Source { id: key.text.clone(), document, title, issued, place: key.place.clone() }
        })
        .collect()
}
