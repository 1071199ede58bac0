//! What packs, functions and diagnostics say, for people: the data behind `heng rules`, `heng explain` and the
//! generated pages of the documentation.
//!
//! A pack is described from its merged sections as they are written, not from what they compile to: a section
//! that the language gains is listed without a change here.

mod entry;
mod labels;
mod markdown;
mod pages;
mod schema;

pub use entry::{Definition, Detail, Entry};
pub use labels::section_title;
pub use markdown::{functions_page, pack_page};
pub use pages::{Page, diagnostic_pages};
pub use schema::{FileSchema, file_schemas, schema_of};

use crate::document::{Key, Node, Problems};
use crate::pack::{Award, Pack, PackFiles, Source, Years, overlaid, section_names};
use crate::ruleset::RuleSet;

/// One pack with everything it inherits.
#[derive(Debug, Clone)]
pub struct PackReference {
    pub id: String,
    pub title: String,
    pub description: String,
    /// Ids of the packs it extends, the nearest first.
    pub extends: Vec<String>,
    /// `sha256:…`
    pub revision: String,
    /// Absent: the pack scores a form only when a request names it.
    pub years: Option<Years>,
    /// Digits that project codes start with; empty for every form.
    pub project_code_prefix: String,
    pub award: Award,
    pub sources: Vec<Source>,
    /// In the order of the files; none is empty.
    pub sections: Vec<Section>,
}

/// The entries of one section, in the order in which they count.
#[derive(Debug, Clone)]
pub struct Section {
    /// `checks`, `methods`, …
    pub name: &'static str,
    pub entries: Vec<Entry>,
}

impl PackReference {
    /// Describes a compiled pack; `folder` holds its files and those of the packs it extends.
    pub fn of(rules: &RuleSet, folder: &[PackFiles]) -> Self {
        let mut problems = Problems::new();
        let ids = rules.extends.iter().rev().chain([&rules.id]);
        let files = ids.filter_map(|id| folder.iter().find(|files| files.name == *id));
        let packs: Vec<Pack> = files.filter_map(|files| Pack::parse(files, &mut problems)).collect();
        let chain: Vec<&Pack> = packs.iter().collect();
        let merged = overlaid(&chain, &mut problems);
        let constants: Vec<Constant<'_>> = ["parameters", "tables", "words"]
            .into_iter()
            .flat_map(|section| {
                let entries = merged.get(section).and_then(Node::as_map).unwrap_or_default();
                entries.iter().map(move |(key, node)| Constant { section, name: &key.text, node })
            })
            .collect();
        let sections = section_names().filter_map(|name| {
            let of = |key: &Key, node: &Node| Entry::of(name, key, node, &chain, &rules.sources, &constants);
            let entries: Vec<Entry> =
                entry::written_in(merged.get(name)?).iter().map(|(key, node)| of(key, node)).collect();
            (!entries.is_empty()).then_some(Section { name, entries })
        });
        PackReference {
            id: rules.id.clone(),
            title: rules.title.clone(),
            description: rules.description.clone(),
            extends: rules.extends.clone(),
            revision: rules.revision.clone(),
            years: rules.applies_to.as_ref().map(|applies| applies.years),
            project_code_prefix: rules.applies_to.as_ref().map(|a| a.project_code_prefix.clone()).unwrap_or_default(),
            award: rules.award,
            sources: rules.sources.clone(),
            sections: sections.collect(),
        }
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.entries)
    }
}

/// A parameter, table or word list that formulas may name.
struct Constant<'p> {
    section: &'static str,
    name: &'p str,
    node: &'p Node,
}
