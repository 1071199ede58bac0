//! The packs of an edition as written, each laid over those it extends.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Edition;
use crate::diagnostic::Place;
use crate::document::{Node, Problems};
use crate::pack::{Manifest, Pack, overlaid, section_names};

/// What stands beside the sections of the files.
pub(super) const MANIFEST: &str = "pack";
pub(super) const LEXICON: &str = "lexicon";
pub(super) const SCRIPTS: &str = "scripts";

/// Everything that may differ, in the order in which it is told.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    ["packs", MANIFEST].into_iter().chain(section_names()).chain([LEXICON, SCRIPTS])
}

pub(super) struct Written {
    packs: Vec<Pack>,
    chains: BTreeMap<String, Vec<String>>,
}

/// One pack with all that it inherits.
pub(super) struct WholePack<'w> {
    pub manifest: &'w Manifest,
    pub award: &'static str,
    pub sections: BTreeMap<&'static str, Node>,
    /// Script files by their names.
    pub scripts: BTreeMap<Arc<str>, Arc<str>>,
}

impl Written {
    /// What compiled once parses again.
    pub fn of(edition: &Edition<'_>) -> Self {
        let mut problems = Problems::new();
        let packs = edition.files.iter().filter_map(|files| Pack::parse(files, &mut problems)).collect();
        let chain = |set: &crate::ruleset::RuleSet| {
            // The most general first.
            set.extends.iter().rev().chain([&set.id]).cloned().collect()
        };
        Written { packs, chains: edition.book.sets().map(|set| (set.id.clone(), chain(set))).collect() }
    }

    pub fn pack(&self, id: &str) -> Option<WholePack<'_>> {
        let named = |id: &String| self.packs.iter().find(|pack| pack.manifest.id == *id);
        let chain: Vec<&Pack> = self.chains.get(id)?.iter().filter_map(named).collect();
        let award = chain.iter().rev().find_map(|pack| pack.manifest.award).unwrap_or_default().name();
        let scripts = chain.iter().flat_map(|pack| &pack.scripts);
        Some(WholePack {
            manifest: &chain.last()?.manifest,
            award,
            sections: overlaid(&chain, &mut Problems::new()),
            scripts: scripts.map(|script| (script.file.clone(), script.text.clone())).collect(),
        })
    }
}

impl WholePack<'_> {
    /// The manifest's own fields, those that decide scores, with where they stand.
    pub fn fields(&self) -> Vec<(&'static str, String, Place)> {
        let manifest = self.manifest;
        let mut fields = vec![
            ("title", manifest.title.clone(), manifest.place.clone()),
            ("award", self.award.to_owned(), manifest.place.clone()),
        ];
        if let Some(extends) = &manifest.extends {
            fields.push(("extends", extends.value.clone(), extends.place.clone()));
        }
        if let Some(applies) = &manifest.applies_to {
            let year = |year: Option<i32>| year.map_or("…".to_owned(), |year| year.to_string());
            let years = format!("{} – {}", year(applies.years.from), year(applies.years.to));
            fields.push(("applies_to.fiscal_years", years, applies.place.clone()));
            fields.push(("applies_to.project_code_prefix", applies.project_code_prefix.clone(), applies.place.clone()));
        }
        fields
    }
}
