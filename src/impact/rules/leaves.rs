//! Two nodes compared cell by cell.

use super::{Detail, What};
use crate::diagnostic::Place;
use crate::document::Node;

/// Longer texts of whole mappings and lists, in characters, are cut.
const MOST_SHOWN: usize = 200;

/// Where a key leads.
pub(super) fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// What a side says, and where.
pub(super) type Said = Option<(String, Place)>;

/// A difference of one cell.
pub(super) fn detail(what: What, old: Said, new: Said) -> Detail {
    let ((old, old_place), (new, new_place)) = (old.unzip(), new.unzip());
    Detail { what, old, new, old_place, new_place }
}

/// Every cell that differs below `path`; either side may say nothing there.
pub(super) fn compare(path: &str, old: Option<&Node>, new: Option<&Node>, found: &mut Vec<Detail>) {
    let said = |node: &Node| (shown(node), node.place.clone());
    let cell = || What::Cell(path.to_owned());
    let (Some(one), Some(other)) = (old, new) else {
        if old.is_some() || new.is_some() {
            found.push(detail(cell(), old.map(said), new.map(said)));
        }
        return;
    };
    match (one.as_map(), other.as_map(), words(one), words(other)) {
        (Some(old), Some(new), ..) => {
            for (key, node) in old {
                let beside = new.iter().find(|(other, _)| other.text == key.text).map(|(_, node)| node);
                compare(&below(path, &key.text), Some(node), beside, found);
            }
            for (key, node) in new.iter().filter(|(key, _)| !old.iter().any(|(other, _)| other.text == key.text)) {
                compare(&below(path, &key.text), None, Some(node), found);
            }
        }
        (.., Some(old), Some(new)) => compare_words(path, &old, &new, found),
        _ if shown(one) == shown(other) => {}
        _ => found.push(detail(cell(), Some(said(one)), Some(said(other)))),
    }
}

/// A list of texts.
fn words(node: &Node) -> Option<Vec<(String, Place)>> {
    let items = node.as_list()?;
    items.iter().map(|item| Some((item.as_text()?.to_owned(), item.place.clone()))).collect()
}

fn compare_words(path: &str, old: &[(String, Place)], new: &[(String, Place)], found: &mut Vec<Detail>) {
    let lacks = |list: &[(String, Place)], word: &str| !list.iter().any(|(known, _)| known == word);
    let what = || What::Word(path.to_owned());
    for said in old.iter().filter(|(word, _)| lacks(new, word)) {
        found.push(detail(what(), Some(said.clone()), None));
    }
    for said in new.iter().filter(|(word, _)| lacks(old, word)) {
        found.push(detail(what(), None, Some(said.clone())));
    }
}

/// A node in one line.
pub(super) fn shown(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text);
    if text.chars().count() <= MOST_SHOWN {
        return text;
    }
    text.chars().take(MOST_SHOWN).chain(['…']).collect()
}

fn write(node: &Node, text: &mut String) {
    let separate = |text: &mut String, at: usize| text.push_str(if at == 0 { "" } else { ", " });
    if let Some(entries) = node.as_map() {
        text.push('{');
        for (at, (key, value)) in entries.iter().enumerate() {
            separate(text, at);
            text.push_str(&key.text);
            text.push_str(": ");
            write(value, text);
        }
        text.push('}');
    } else if let Some(items) = node.as_list() {
        text.push('[');
        for (at, item) in items.iter().enumerate() {
            separate(text, at);
            write(item, text);
        }
        text.push(']');
    } else {
        text.push_str(node.as_text().unwrap_or_default());
    }
}
