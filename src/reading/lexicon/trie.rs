//! Longest match over the lexicon's words.

use std::collections::BTreeMap;

/// Words and what they stand for. A look-up walks at most the longest word: texts are read in linear time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Trie<T> {
    /// The root is node 0.
    nodes: Vec<Node<T>>,
    /// The root's edges again, by character, 0 where there is none; empty when not asked for.
    firsts: Vec<u32>,
}

/// Characters below this have their place in `firsts`: everything up to the end of the common ideographs.
const FIRSTS: usize = 0xa000;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node<T> {
    /// Sorted by character.
    edges: Vec<(char, usize)>,
    value: Option<T>,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Trie { nodes: vec![Node { edges: Vec::new(), value: None }], firsts: Vec::new() }
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

    /// The same trie, faster where nothing is found; for the one that is asked at every character.
    pub fn with_firsts(mut self) -> Self {
        self.firsts = vec![0; FIRSTS];
        for (c, node) in self.nodes.first().map_or(&[][..], |root| &root.edges) {
            if let (Some(first), Ok(node)) = (self.firsts.get_mut(u32::from(*c) as usize), u32::try_from(*node)) {
                *first = node;
            }
        }
        self
    }

    /// The node that `c` leads to; from the root by its table where that has the character.
    fn next(&self, at: usize, c: char) -> Option<usize> {
        if at == 0
            && let Some(node) = self.firsts.get(u32::from(c) as usize)
        {
            return usize::try_from(*node).ok().filter(|node| *node != 0);
        }
        let edges = &self.nodes.get(at)?.edges;
        let index = edges.binary_search_by_key(&c, |(edge, _)| *edge).ok()?;
        edges.get(index).map(|(_, node)| *node)
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
            let Some(next) = self.next(at, c) else { break };
            at = next;
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
