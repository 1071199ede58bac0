//! One entry of a section: what it says, on what ground, and where it is written.

use super::Constant;
use super::labels;
use crate::diagnostic::{Bilingual, Place};
use crate::document::{Key, Node, Problems, Shape};
use crate::pack::{Pack, Source};
use crate::ruleset::Citation;

/// Keys that are shown apart from the details.
const APART: &[&str] = &["title", "cite", "replaces"];

#[derive(Debug, Clone)]
pub struct Entry {
    pub section: &'static str,
    pub code: String,
    /// Empty where the entry has none; English only where the pack has it.
    pub title: Bilingual,
    pub details: Vec<Detail>,
    /// Its own, then those of its values; none twice.
    pub citations: Vec<Citation>,
    /// Parameters, tables and word lists that it names, with their values.
    pub constants: Vec<(String, Bilingual)>,
    /// The pack that wrote it first, then those that changed it. Never empty.
    pub definitions: Vec<Definition>,
}

/// What stands under one key.
#[derive(Debug, Clone)]
pub struct Detail {
    pub key: String,
    pub label: Bilingual,
    pub text: Bilingual,
    /// As written.
    pub node: Node,
}

/// Where a pack writes an entry.
#[derive(Debug, Clone)]
pub struct Definition {
    pub pack: String,
    pub place: Place,
    /// The keys it writes; empty for a list.
    pub keys: Vec<String>,
}

impl Entry {
    pub(super) fn of(
        section: &'static str,
        key: &Key,
        node: &Node,
        chain: &[&Pack],
        sources: &[Source],
        constants: &[Constant<'_>],
    ) -> Self {
        let mut texts = Vec::new();
        scalars(node, &mut texts);
        let is_itself = |constant: &Constant<'_>| constant.section == section && constant.name == key.text;
        let named = constants.iter().filter(|constant| !is_itself(constant));
        let named = named.filter(|constant| texts.iter().any(|text| mentions(text, constant.name)));
        Entry {
            section,
            code: key.text.clone(),
            title: title(node),
            details: details(node),
            citations: citations(node, sources),
            constants: named.map(|constant| (constant.name.to_owned(), value(constant.node))).collect(),
            definitions: definitions(section, &key.text, chain),
        }
    }

    /// The text under a key.
    pub fn detail(&self, key: &str) -> Option<&Detail> {
        self.details.iter().find(|detail| detail.key == key)
    }

    /// What it is called in answers: a check's findings may have another code than the check.
    pub fn called(&self) -> &str {
        self.detail("code").and_then(|detail| detail.node.as_text()).unwrap_or(&self.code)
    }

    /// The pack that wrote it first.
    pub fn owner(&self) -> &str {
        self.definitions.first().map_or("", |definition| definition.pack.as_str())
    }

    /// Whether a pack of this id wrote it or changed it; otherwise the pack inherits it.
    pub fn is_written_by(&self, pack: &str) -> bool {
        self.definitions.iter().any(|definition| definition.pack == pack)
    }
}

/// The entries of a section; the words of one that is a list stand for themselves.
pub(super) fn written_in(section: &Node) -> Vec<(Key, Node)> {
    let word = |item: &Node| Some((Key { text: item.as_text()?.to_owned(), place: item.place.clone() }, item.clone()));
    match &section.shape {
        Shape::Map(entries) => entries.clone(),
        Shape::List(items) => items.iter().filter_map(word).collect(),
        Shape::Scalar(_) => Vec::new(),
    }
}

fn definitions(section: &str, code: &str, chain: &[&Pack]) -> Vec<Definition> {
    let written = chain.iter().filter_map(|pack| {
        let entries = written_in(pack.sections.get(section)?);
        let (key, node) = entries.iter().find(|(key, _)| key.text == code)?;
        let keys = node.as_map().unwrap_or_default().iter().map(|(key, _)| key.text.clone());
        Some(Definition {
            pack: pack.manifest.id.clone(),
            place: key.place.clone(),
            keys: keys.filter(|key| key != "replaces").collect(),
        })
    });
    written.collect()
}

/// The title, the first of the printed titles, or what a finding says, without its values.
fn title(node: &Node) -> Bilingual {
    if let Some(title) = node.get("title").and_then(Node::as_text) {
        return Bilingual::new(title, "");
    }
    if let Some(first) = node.get("titles").and_then(first_text) {
        return Bilingual::new(first, "");
    }
    let message = |lang: &str| node.get("message").and_then(|message| message.get(lang)).and_then(Node::as_text);
    Bilingual::new(message("zh").map(outline).unwrap_or_default(), message("en").map(outline).unwrap_or_default())
}

fn first_text(node: &Node) -> Option<&str> {
    match &node.shape {
        Shape::List(items) => items.first()?.as_text(),
        _ => node.as_text(),
    }
}

/// `得分 {points_claimed} 低于…` → `得分 … 低于…`
fn outline(template: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in template.chars() {
        match c {
            '{' => {
                inside = true;
                text.push('…');
            }
            '}' => inside = false,
            _ if inside => {}
            c => text.push(c),
        }
    }
    text
}

fn details(node: &Node) -> Vec<Detail> {
    let detail = |key: &str, node: &Node| Detail {
        key: key.to_owned(),
        label: labels::key_title(key),
        text: node.as_text().and_then(labels::word_title).unwrap_or_else(|| value(node)),
        node: node.clone(),
    };
    match node.as_map() {
        Some(entries) => entries
            .iter()
            .filter(|(key, _)| !APART.contains(&key.text.as_str()))
            .map(|(key, node)| detail(&key.text, node))
            .collect(),
        None if node.as_list().is_some() => vec![detail("words", node)],
        None => Vec::new(),
    }
}

/// A value in one line.
fn value(node: &Node) -> Bilingual {
    match &node.shape {
        Shape::Scalar(scalar) => Bilingual::new(scalar.text.trim(), scalar.text.trim()),
        Shape::List(items) => {
            let items: Vec<Bilingual> = items.iter().map(value).collect();
            joined(&items)
        }
        Shape::Map(_) => match (node.get("zh"), node.get("en")) {
            (Some(zh), Some(en)) => Bilingual::new(value(zh).zh, value(en).en),
            _ => mapping(node),
        },
    }
}

/// A parameter's values and their years, or `key: value` for each key but those that are shown apart.
fn mapping(node: &Node) -> Bilingual {
    if let (Some(since), Some(number)) = (node.get("since").and_then(Node::as_text), node.get("value")) {
        let number = value(number);
        return Bilingual::new(format!("{}（{since} 年起）", number.zh), format!("{} (since {since})", number.en));
    }
    if let Some(values) = node.get("values").or_else(|| node.get("rows")) {
        return value(values);
    }
    if let Some(first) = node.get("titles").and_then(first_text).filter(|_| node.get("points").is_none()) {
        return Bilingual::new(first, first);
    }
    let shown = node.as_map().unwrap_or_default().iter().filter(|(key, _)| key.text != "cite");
    let items: Vec<Bilingual> = shown
        .map(|(key, node)| {
            let value = value(node);
            Bilingual::new(format!("{}: {}", key.text, value.zh), format!("{}: {}", key.text, value.en))
        })
        .collect();
    joined(&items)
}

fn joined(items: &[Bilingual]) -> Bilingual {
    let (zh, en): (Vec<&str>, Vec<&str>) = items.iter().map(|item| (item.zh.as_str(), item.en.as_str())).unzip();
    Bilingual::new(zh.join("；"), en.join("; "))
}

/// Every `cite` below a node.
fn citations(node: &Node, sources: &[Source]) -> Vec<Citation> {
    fn collect(node: &Node, sources: &[Source], found: &mut Vec<Citation>) {
        for (key, node) in node.as_map().unwrap_or_default() {
            if key.text == "cite" {
                let citation = Citation::from_node(node, sources, &mut Problems::new());
                found.extend(citation.filter(|citation| !found.contains(citation)));
            } else {
                collect(node, sources, found);
            }
        }
        node.as_list().unwrap_or_default().iter().for_each(|node| collect(node, sources, found));
    }
    let mut found = Vec::new();
    collect(node, sources, &mut found);
    found
}

fn scalars<'n>(node: &'n Node, texts: &mut Vec<&'n str>) {
    match &node.shape {
        Shape::Scalar(scalar) => texts.push(&scalar.text),
        Shape::List(items) => items.iter().for_each(|item| scalars(item, texts)),
        Shape::Map(entries) => entries.iter().for_each(|(_, node)| scalars(node, texts)),
    }
}

/// Whether a text names something: as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
}
