//! Laying a pack over the one it extends.
//!
//! Overlay order is national → province → city → district → year. An entry that carries
//! `replaces: <pack>` takes over the entry of the same id: fields it names are its own, the others are
//! inherited. An entry without it is new; an id that exists already, and a `replaces` that replaces
//! nothing, are errors. Word lists, groups and the lexicon only grow: a list under the same id is extended.

use std::collections::BTreeMap;

use super::Pack;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Key, Node, Problems, Shape};

/// Sections whose lists an overlay extends instead of replacing.
const GROWING: &[&str] = &["groups", "lexicon", "words"];

const REPLACES: &str = "replaces";

/// The sections of a pack after all its ancestors, the most general first in `chain`.
pub fn overlaid(chain: &[&Pack], problems: &mut Problems) -> BTreeMap<&'static str, Node> {
    let mut merged: BTreeMap<&'static str, Node> = BTreeMap::new();
    let mut owners: BTreeMap<(&'static str, String), String> = BTreeMap::new();
    for pack in chain {
        for (section, node) in &pack.sections {
            let section = *section;
            let combined = match merged.get(section) {
                Some(base) if GROWING.contains(&section) => grown(base, node),
                Some(base) => replaced((section, base), node, &owners, problems),
                None if GROWING.contains(&section) => node.clone(),
                None => replaced((section, &nothing(node)), node, &owners, problems),
            };
            for (key, _) in node.as_map().unwrap_or_default() {
                owners.insert((section, key.text.clone()), pack.manifest.id.clone());
            }
            merged.insert(section, combined);
        }
    }
    merged
}

/// What stands before the first entry of a section.
fn nothing(section: &Node) -> Node {
    Node { shape: Shape::Map(Vec::new()), ..section.clone() }
}

fn replaced(
    (section, base): (&'static str, &Node),
    over: &Node,
    owners: &BTreeMap<(&'static str, String), String>,
    problems: &mut Problems,
) -> Node {
    let mut entries: Vec<(Key, Node)> = base.as_map().unwrap_or_default().to_vec();
    let mut added = Vec::new();
    for (key, entry) in over.as_map().unwrap_or_default() {
        let existing = entries.iter().position(|(k, _)| k.text == key.text);
        match (existing, entry.get(REPLACES)) {
            (Some(index), Some(claim)) => {
                check_owner(section, key, claim, owners, problems);
                if let Some((_, slot)) = entries.get_mut(index) {
                    *slot = inherit(section, slot, entry);
                }
            }
            (Some(index), None) => {
                let owner = owners.get(&(section, key.text.clone())).cloned().unwrap_or_default();
                problems.push(already_defined(key, &owner, entries.get(index).map(|(k, _)| k.place.clone())));
            }
            (None, Some(claim)) => {
                problems.push(replaces_nothing(key, &claim.place, entries.iter().map(|(k, _)| k.text.as_str())));
            }
            (None, None) => added.push((key.clone(), entry.clone())),
        }
    }
    // First match wins here: what a region adds speaks before what it inherits.
    if matches!(section, "scoring" | "execution" | "coverage") {
        added.extend(entries);
        entries = added;
    } else {
        entries.extend(added);
    }
    Node { shape: Shape::Map(entries), ..over.clone() }
}

/// Of each of these groups an entry has one: naming one lets go of the inherited others.
const EXCLUSIVE: &[(&[&str], &[&str])] =
    &[(&["scoring", "execution"], &["method", "outcome"]), (&["methods"], &["formula", "tiers", "ratio"])];

/// The fields of `over` (but for `replaces`), then those of `base` that it does not name or stand in for.
fn inherit(section: &str, base: &Node, over: &Node) -> Node {
    let gone = |key: &str| {
        let mut groups = EXCLUSIVE.iter().filter(|(sections, _)| sections.contains(&section)).map(|(_, group)| group);
        groups.any(|group| group.contains(&key) && group.iter().any(|other| over.get(other).is_some()))
    };
    let (Some(old), Some(new)) = (base.as_map(), over.as_map()) else { return over.clone() };
    let mut fields: Vec<_> = new.iter().filter(|(k, _)| k.text != REPLACES).cloned().collect();
    for (key, value) in old {
        if over.get(&key.text).is_none() && !gone(&key.text) {
            fields.push((key.clone(), value.clone()));
        }
    }
    Node { shape: Shape::Map(fields), ..over.clone() }
}

/// Union: mappings key by key, lists one after the other, scalars by the overlay's.
fn grown(base: &Node, over: &Node) -> Node {
    match (&base.shape, &over.shape) {
        (Shape::Map(old), Shape::Map(new)) => {
            let mut entries = old.clone();
            for (key, value) in new {
                match entries.iter_mut().find(|(k, _)| k.text == key.text) {
                    Some((_, slot)) => *slot = grown(slot, value),
                    None => entries.push((key.clone(), value.clone())),
                }
            }
            Node { shape: Shape::Map(entries), ..over.clone() }
        }
        (Shape::List(old), Shape::List(new)) => {
            let items = old.iter().chain(new.iter().filter(|item| !old.contains(item))).cloned().collect();
            Node { shape: Shape::List(items), ..over.clone() }
        }
        // A key without a value adds nothing.
        _ if over.is_null() => base.clone(),
        _ => over.clone(),
    }
}

fn check_owner(
    section: &'static str,
    key: &Key,
    claim: &Node,
    owners: &BTreeMap<(&'static str, String), String>,
    problems: &mut Problems,
) {
    let Some(owner) = owners.get(&(section, key.text.clone())) else { return };
    if claim.as_text() != Some(owner.as_str()) {
        let message = Bilingual::new(
            format!("`{}` 是规则包 `{owner}` 定义的，replaces 应写 `{owner}`", key.text),
            format!("`{}` is defined by pack `{owner}`; write `replaces: {owner}`", key.text),
        );
        problems.push(Diagnostic::error("replaces_wrong_pack", claim.place.clone(), message));
    }
}

fn already_defined(key: &Key, owner: &str, first: Option<Place>) -> Diagnostic {
    let message = Bilingual::new(
        format!("`{}` 已由规则包 `{owner}` 定义", key.text),
        format!("`{}` is already defined by pack `{owner}`", key.text),
    );
    let help = Bilingual::new(
        format!("要改写它，请加一行 `replaces: {owner}`；否则换一个编号"),
        format!("to change it, add `replaces: {owner}`; otherwise choose another id"),
    );
    let diagnostic = Diagnostic::error("already_defined", key.place.clone(), message).with_help(help);
    match first {
        Some(place) => diagnostic.with_related(place, Bilingual::new("原定义在这里", "first defined here")),
        None => diagnostic,
    }
}

fn replaces_nothing<'a>(key: &Key, place: &Place, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = Bilingual::new(
        format!("`{}` 声明了 replaces，但上级规则包里没有这个编号", key.text),
        format!("`{}` says it replaces an entry, but no pack it extends has that id", key.text),
    );
    Diagnostic::error("replaces_nothing", key.place.clone(), message)
        .with_related(place.clone(), Bilingual::new("在这里声明", "claimed here"))
        .with_help(Bilingual::new(
            "若是新增的条目，请删去 replaces 这一行",
            "for a new entry, delete the `replaces` line",
        ))
        .with_guess(&key.text, known)
}
