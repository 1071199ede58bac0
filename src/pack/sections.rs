//! Which file holds which section.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Manifest, PackFiles};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{self, Limits, Node, Problems};

/// File → the sections it may hold. `lexicon.yaml` is one section as a whole.
const FILES: &[(&str, &[&str])] = &[
    ("structure.yaml", &["dimensions", "alternatives", "groups", "columns", "attributes", "fields", "totals"]),
    ("parameters.yaml", &["parameters", "tables"]),
    ("methods.yaml", &["methods"]),
    ("scoring.yaml", &["scoring", "execution", "adjustments"]),
    ("grades.yaml", &["bands"]),
    ("checks.yaml", &["coverage", "checks", "words"]),
    ("lexicon.yaml", &[]),
];

const LEXICON: &str = "lexicon";

/// Sections that are lists of words instead of mappings.
const LISTS: &[&str] = &["groups"];

/// The sections that map ids to entries, in the order of the files.
pub fn section_names() -> impl Iterator<Item = &'static str> {
    FILES.iter().flat_map(|(_, sections)| sections.iter().copied())
}

/// A file of functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// As shown in diagnostics: `mof-2020/scripts/inverse.rhai`.
    pub file: Arc<str>,
    pub text: Arc<str>,
}

/// A pack as written.
#[derive(Debug, Clone)]
pub struct Pack {
    pub manifest: Manifest,
    /// Section → mapping from id to entry, or the list that it is.
    pub sections: BTreeMap<&'static str, Node>,
    pub scripts: Vec<Script>,
    pub digest: [u8; 32],
    /// Files that could not be read: what is missing may stand in them.
    pub unread: Vec<String>,
}

impl Pack {
    /// Reads every file, collecting all problems; `None` only when there is no usable `pack.yaml`.
    pub fn parse(files: &PackFiles, problems: &mut Problems) -> Option<Self> {
        let mut sections = BTreeMap::new();
        let mut scripts = Vec::new();
        let mut manifest = None;
        let mut unread = Vec::new();
        for (path, text) in &files.files {
            let shown = files.shown(path);
            if path == "pack.yaml" {
                manifest = read(&shown, text, problems).and_then(|node| Manifest::from_node(&node, files, problems));
            } else if let Some((_, names)) = FILES.iter().find(|(file, _)| file == path) {
                match read(&shown, text, problems) {
                    Some(node) => split(&node, names, &mut sections, problems),
                    None => unread.push(path.clone()),
                }
            } else if path.starts_with("scripts/") && path.ends_with(".rhai") {
                let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), Arc::from);
                scripts.push(Script { file: shown, text });
            } else if !(path.starts_with("cases/")
                || path.starts_with("forms/")
                || path.ends_with(".md")
                || super::case::is_blank_form(path))
            {
                problems.push(unknown_file(&shown, path));
            }
        }
        if manifest.is_none() && !files.files.contains_key("pack.yaml") {
            let place = Place::start_of(files.shown("pack.yaml"));
            let message = Bilingual::new("规则包缺少 pack.yaml", "the pack has no pack.yaml");
            problems.push(Diagnostic::error("missing_manifest", place, message));
        }
        Some(Pack { manifest: manifest?, sections, scripts, digest: files.digest(), unread })
    }
}

impl Pack {
    /// This pack with another text in one of its files; the others stay as they were read, and so does the digest.
    /// `None` when the text cannot be read.
    pub fn with_text(
        &self,
        files: &PackFiles,
        (path, text): (&str, &Arc<str>),
        problems: &mut Problems,
    ) -> Option<Self> {
        let mut pack = self.clone();
        let shown = files.shown(path);
        if path.starts_with("scripts/") {
            let script = pack.scripts.iter_mut().find(|script| script.file == shown)?;
            script.text = text.clone();
            return Some(pack);
        }
        let node = read(&shown, text, problems)?;
        if path == "pack.yaml" {
            pack.manifest = Manifest::from_node(&node, files, problems)?;
            return Some(pack);
        }
        let (_, names) = FILES.iter().find(|(file, _)| *file == path)?;
        pack.sections.retain(|name, _| !(names.contains(name) || (names.is_empty() && *name == LEXICON)));
        split(&node, names, &mut pack.sections, problems);
        Some(pack)
    }
}

fn read(shown: &Arc<str>, text: &str, problems: &mut Problems) -> Option<Node> {
    document::parse(shown.clone(), text, &Limits::RULES).map_err(|found| problems.extend(found)).ok()
}

fn split(
    node: &Node,
    names: &'static [&'static str],
    sections: &mut BTreeMap<&'static str, Node>,
    problems: &mut Problems,
) {
    if names.is_empty() {
        sections.insert(LEXICON, node.clone());
        return;
    }
    let mut fields = document::Fields::of(node, problems);
    let found: Vec<_> = names.iter().filter_map(|name| Some((*name, fields.optional(name)?.clone()))).collect();
    fields.finish();
    for (name, section) in found {
        if LISTS.contains(&name) {
            match section.as_list() {
                Some(_) => drop(sections.insert(name, section)),
                None => {
                    let message =
                        Bilingual::new(format!("`{name}` 下应为词的列表"), format!("`{name}` must be a list of words"));
                    problems.push(Diagnostic::error("wrong_type", section.place.clone(), message));
                }
            }
        } else if section.as_map().is_none() {
            let message = Bilingual::new(
                format!("`{name}` 下应为“编号: 内容”的映射"),
                format!("`{name}` must be a mapping from id to entry"),
            );
            problems.push(Diagnostic::error("wrong_type", section.place.clone(), message));
        } else {
            sections.insert(name, section);
        }
    }
}

fn unknown_file(shown: &Arc<str>, path: &str) -> Diagnostic {
    let known = FILES.iter().map(|(file, _)| *file).chain(["pack.yaml", "blank.yaml"]);
    let message = Bilingual::new(format!("规则包里没有 `{path}` 这种文件"), format!("a pack has no file `{path}`"));
    let mut diagnostic = Diagnostic::error("unknown_file", Place::start_of(shown.clone()), message);
    diagnostic.help = Bilingual::did_you_mean(path, known);
    diagnostic
}
