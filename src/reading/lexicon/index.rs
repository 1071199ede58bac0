//! Which entries of a lexicon a text speaks of: what coverage asks, not what readers need.

use std::collections::{BTreeMap, BTreeSet};

use super::super::surface::fold;
use crate::diagnostic::Place;
use crate::document::Node;

/// Keys under which an entry lists other entries, not words.
const REFERENCES: &[&str] = &["same_as", "divides"];

/// An entry, as far as one file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordEntry {
    /// `comparators.at_least`, or the section alone where it is one entry.
    pub id: String,
    /// Of its first word in that file.
    pub place: Place,
}

/// The words of a lexicon with the entries they stand in.
#[derive(Debug, Clone, Default)]
pub struct WordIndex {
    entries: Vec<WordEntry>,
    /// Folded word → indexes of entries.
    words: BTreeMap<String, BTreeSet<usize>>,
    /// Characters of the longest word that begins so.
    longest: BTreeMap<char, usize>,
}

impl WordIndex {
    /// Of a pack's `lexicon.yaml`, overlays merged.
    pub fn of(lexicon: &Node) -> Self {
        let mut index = WordIndex::default();
        for (section, node) in lexicon.as_map().unwrap_or_default() {
            let entries = node.as_map().unwrap_or_default();
            if entries.iter().any(|(_, entry)| entry.as_map().is_none()) {
                index.entry(&section.text, node);
                continue;
            }
            for (key, entry) in entries {
                index.entry(&format!("{}.{}", section.text, key.text), entry);
            }
        }
        index
    }

    pub fn entries(&self) -> &[WordEntry] {
        &self.entries
    }

    /// The entries of which a text has a word: where words begin at one place, of the longest.
    pub fn met(&self, text: &str) -> BTreeSet<usize> {
        let mut met = BTreeSet::new();
        let folded: Vec<char> = fold(text).chars().collect();
        let mut rest = folded.as_slice();
        while !rest.is_empty() {
            let word = rest.first().and_then(|first| self.longest.get(first)).and_then(|longest| {
                (1..=*longest.min(&rest.len())).rev().find_map(|length| {
                    let word: String = rest.iter().take(length).collect();
                    Some((length, self.words.get(&word)?))
                })
            });
            let (length, entries) = word.map_or((1, None), |(length, entries)| (length, Some(entries)));
            met.extend(entries.into_iter().flatten());
            rest = rest.get(length..).unwrap_or_default();
        }
        met
    }

    fn entry(&mut self, id: &str, node: &Node) {
        let listed = node.as_map().unwrap_or_default().iter().filter(|(key, _)| !REFERENCES.contains(&&*key.text));
        let words = listed.flat_map(|(key, value)| match value.as_list() {
            Some(words) => words,
            None if key.text == "words" => std::slice::from_ref(value),
            None => &[],
        });
        for (word, place) in words.filter_map(|word| Some((fold(word.as_text()?), &word.place))) {
            let known = self.entries.iter().rposition(|entry| entry.id == id && entry.place.file == place.file);
            let index = known.unwrap_or_else(|| {
                self.entries.push(WordEntry { id: id.to_owned(), place: place.clone() });
                self.entries.len() - 1
            });
            if let Some(first) = word.chars().next() {
                let longest = self.longest.entry(first).or_default();
                *longest = (*longest).max(word.chars().count());
            }
            self.words.entry(word).or_default().insert(index);
        }
    }
}
