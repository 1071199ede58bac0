//! Longest match over the lexicon's words.

use std::collections::{BTreeMap, VecDeque};

/// Words and what they stand for. A look-up walks at most the longest word: texts are read in linear time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Trie<T> {
    root: Node,
    /// The characters on the edges of all nodes, those of a node side by side and sorted.
    edges: Vec<char>,
    /// Where each edge leads to.
    nodes: Vec<Node>,
    values: Vec<T>,
    /// The root's edges again, by character: their index counted from 1, 0 where there is none. Empty when not
    /// asked for.
    firsts: Vec<u32>,
    /// A bit for the remainder of every character that a word begins with: most characters are told by it.
    begins: [u64; BEGINS],
    /// Whether a word begins with an ASCII character.
    ascii: bool,
}

/// Characters below this have their place in `firsts`: everything up to the end of the common ideographs.
const FIRSTS: usize = 0xa000;
const BEGINS: usize = 16;
/// Up to so many edges are looked through one by one.
const FEW: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Node {
    /// Where its edges begin, and how many they are.
    edges: u32,
    count: u32,
    /// Index into the values, counted from 1; 0 where no word ends.
    value: u32,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        let (edges, nodes, values, firsts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Trie { root: Node::default(), edges, nodes, values, firsts, begins: [0; BEGINS], ascii: false }
    }
}

impl<T> Trie<T> {
    pub fn of(words: BTreeMap<String, T>) -> Self {
        let mut trie = Trie::default();
        let words: Vec<(Vec<char>, T)> =
            words.into_iter().map(|(word, value)| (word.chars().collect(), value)).collect();
        let spelt: Vec<&[char]> = words.iter().map(|(word, _)| word.as_slice()).collect();
        trie.grow(&spelt);
        for c in spelt.iter().filter_map(|word| word.first()) {
            trie.ascii |= c.is_ascii();
            let (place, bit) = place_of(*c);
            if let Some(bits) = trie.begins.get_mut(place) {
                *bits |= bit;
            }
        }
        trie.values = words.into_iter().map(|(_, value)| value).collect();
        trie
    }

    /// Builds the nodes level by level. `words` is sorted, and the value of each has its index.
    fn grow(&mut self, words: &[&[char]]) {
        /// A node that still needs its edges: the edge that leads to it, which words go through it, and how many
        /// characters in.
        struct Open {
            edge: Option<usize>,
            from: usize,
            to: usize,
            depth: usize,
        }
        let mut open = VecDeque::from([Open { edge: None, from: 0, to: words.len(), depth: 0 }]);
        while let Some(Open { edge, mut from, to, depth }) = open.pop_front() {
            let mut node = Node { edges: index(self.edges.len()), ..Node::default() };
            if from < to && words.get(from).is_some_and(|word| word.len() == depth) {
                from += 1;
                node.value = index(from);
            }
            while let Some(c) = words.get(from..to).and_then(|words| words.first()?.get(depth)).copied() {
                let shares = |word: &&&[char]| word.get(depth) == Some(&c);
                let end = from + words.get(from..to).unwrap_or_default().iter().take_while(shares).count();
                open.push_back(Open { edge: Some(self.edges.len()), from, to: end, depth: depth + 1 });
                self.edges.push(c);
                self.nodes.push(Node::default());
                node.count += 1;
                from = end;
            }
            match edge.and_then(|edge| self.nodes.get_mut(edge)) {
                Some(place) => *place = node,
                None => self.root = node,
            }
        }
    }

    /// The same trie, faster where nothing is found; for the one that is asked at every character.
    pub fn with_firsts(mut self) -> Self {
        self.firsts = vec![0; FIRSTS];
        // The root's edges are the first of all.
        for (c, number) in self.edges.iter().take(self.root.count as usize).zip(1..) {
            if let Some(first) = self.firsts.get_mut(u32::from(*c) as usize) {
                *first = number;
            }
        }
        self
    }

    /// The node that `c` leads to from the root, by the table where that has the character.
    fn first(&self, c: char) -> Option<Node> {
        if let Some(number) = self.firsts.get(u32::from(c) as usize) {
            return self.nodes.get((*number as usize).checked_sub(1)?).copied();
        }
        if self.may_begin(c) { self.next(self.root, c) } else { None }
    }

    /// False where no word begins with `c`.
    fn may_begin(&self, c: char) -> bool {
        let (place, bit) = place_of(c);
        self.begins.get(place).is_some_and(|bits| bits & bit != 0)
    }

    /// The node that `c` leads to.
    fn next(&self, node: Node, c: char) -> Option<Node> {
        let from = node.edges as usize;
        let edges = self.edges.get(from..from + node.count as usize)?;
        let found =
            if edges.len() <= FEW { edges.iter().position(|edge| *edge == c) } else { edges.binary_search(&c).ok() };
        self.nodes.get(from + found?).copied()
    }

    /// The longest word `text` starts with: its length in bytes and its value.
    pub fn longest(&self, text: &str) -> Option<(usize, &T)> {
        let mut characters = text.chars();
        let mut node = self.first(characters.next()?)?;
        let mut best = None;
        loop {
            if node.value != 0 {
                best = Some((text.len() - characters.as_str().len(), node.value));
            }
            if node.count == 0 {
                break;
            }
            let Some(next) = characters.next().and_then(|c| self.next(node, c)) else { break };
            node = next;
        }
        let (length, value) = best?;
        self.values.get(value as usize - 1).map(|value| (length, value))
    }

    /// The value of exactly this word.
    pub fn get(&self, word: &str) -> Option<&T> {
        self.longest(word).filter(|(length, _)| *length == word.len()).map(|(_, value)| value)
    }

    /// Every word found in `text`, from left to right, the longest at each place, none overlapping.
    pub fn all_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a T> {
        let mut rest = text.chars();
        std::iter::from_fn(move || {
            loop {
                let here = rest.as_str();
                let c = rest.next()?;
                if c.is_ascii() && !self.ascii {
                    continue;
                }
                if self.may_begin(c)
                    && let Some((length, value)) = self.longest(here)
                {
                    rest = here.get(length..).unwrap_or_default().chars();
                    return Some(value);
                }
            }
        })
    }
}

/// A lexicon has far fewer words than this holds.
fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Which word of `begins`, and which bit in it.
fn place_of(c: char) -> (usize, u64) {
    let rest = u32::from(c) as usize % (BEGINS * 64);
    (rest / 64, 1 << (rest % 64))
}
