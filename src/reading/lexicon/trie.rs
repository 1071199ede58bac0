//! Longest match over the lexicon's words.

use std::collections::BTreeMap;

/// Words and what they stand for. A look-up walks at most the longest word: texts are read in linear time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Trie<T> {
    /// The root is node 0.
    nodes: Vec<Node<T>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node<T> {
    /// Sorted by character.
    edges: Vec<(char, usize)>,
    value: Option<T>,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Trie { nodes: vec![Node { edges: Vec::new(), value: None }] }
    }
}

impl<T> Trie<T> {
    pub fn of(words: BTreeMap<String, T>) -> Self {
        let mut trie = Trie::default();
        for (word, value) in words {
            trie.insert(&word, value);
        }
        trie
    }

    fn insert(&mut self, word: &str, value: T) {
        let mut at = 0;
        for c in word.chars() {
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            at = match node.edges.binary_search_by_key(&c, |(edge, _)| *edge) {
                Ok(index) => node.edges.get(index).map_or(0, |(_, node)| *node),
                Err(index) => {
                    node.edges.insert(index, (c, next));
                    self.nodes.push(Node { edges: Vec::new(), value: None });
                    next
                }
            };
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.value = Some(value);
        }
    }

    /// The longest word `text` starts with: its length in bytes and its value.
    pub fn longest(&self, text: &str) -> Option<(usize, &T)> {
        let mut best = None;
        let mut at = 0;
        for (start, c) in text.char_indices() {
            let node = self.nodes.get(at)?;
            let Ok(index) = node.edges.binary_search_by_key(&c, |(edge, _)| *edge) else { break };
            at = node.edges.get(index)?.1;
            if let Some(value) = self.nodes.get(at).and_then(|node| node.value.as_ref()) {
                best = Some((start + c.len_utf8(), value));
            }
        }
        best
    }

    /// The value of exactly this word.
    pub fn get(&self, word: &str) -> Option<&T> {
        self.longest(word).filter(|(length, _)| *length == word.len()).map(|(_, value)| value)
    }

    /// Every word found in `text`, from left to right, the longest at each place, none overlapping.
    pub fn all_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a T> {
        let mut rest = text;
        std::iter::from_fn(move || {
            while let Some(c) = rest.chars().next() {
                if let Some((length, value)) = self.longest(rest) {
                    rest = rest.get(length..).unwrap_or_default();
                    return Some(value);
                }
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
            None
        })
    }
}
