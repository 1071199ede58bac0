//! Folded texts of many rows, side by side, and which of them are equal.

use crate::formula::fold_into;

/// A text for each row, in the order of the rows.
#[derive(Default)]
pub(super) struct Texts {
    /// Of all texts, one behind the other.
    characters: Vec<char>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    pub fn folded<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> Self {
        /// Characters of an ordinary name.
        const NAME: usize = 16;
        let characters = Vec::with_capacity(texts.len() * NAME);
        let mut all = Texts { characters, ends: Vec::with_capacity(texts.len()) };
        for text in texts {
            fold_into(text, &mut all.characters);
            all.end();
        }
        all
    }

    /// The texts without the characters that `kept` is false for.
    pub fn only(&self, kept: impl Fn(char) -> bool) -> Self {
        let mut texts =
            Texts { characters: Vec::with_capacity(self.characters.len()), ends: Vec::with_capacity(self.ends.len()) };
        let mut start = 0;
        for end in &self.ends {
            for c in self.characters.get(start..*end).unwrap_or_default() {
                if kept(*c) {
                    texts.characters.push(*c);
                }
            }
            texts.end();
            start = *end;
        }
        texts
    }

    /// The rows whose texts are `told`, under the hash of each.
    pub fn hashed(&self, told: impl Fn(&[char]) -> bool, hash: impl Fn(usize, &[char]) -> u64) -> Vec<Hashed> {
        let mut rows = Vec::with_capacity(self.ends.len());
        let texts = self.iter().enumerate().filter(|(_, text)| told(text));
        texts.for_each(|(row, text)| rows.push(Hashed { hash: hash(row, text), row }));
        rows
    }

    fn end(&mut self) {
        self.ends.push(self.characters.len());
    }

    pub fn get(&self, row: usize) -> &[char] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.characters.get(start..*end)).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &[char]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = self.characters.get(start..*end).unwrap_or_default();
            start = *end;
            text
        })
    }
}

/// A row, from zero, under the hash of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hashed {
    pub hash: u64,
    pub row: usize,
}

/// Tells `found` of each text that several rows have: the rows, in their order. Texts are looked at only where hashes
/// are equal; `same` may be false for two of one text, and then `text` is asked.
pub(super) fn repeated<T: Ord>(
    mut rows: Vec<Hashed>,
    same: impl Fn(usize, usize) -> bool,
    text: impl Fn(usize) -> T,
    mut found: impl FnMut(&[Hashed]),
) {
    rows.sort_unstable();
    for bucket in rows.chunk_by_mut(|one, other| one.hash == other.hash) {
        let Some((first, others)) = bucket.split_first().filter(|(_, others)| !others.is_empty()) else { continue };
        if others.iter().all(|other| same(first.row, other.row)) {
            found(bucket);
            continue;
        }
        bucket.sort_by_cached_key(|one| text(one.row));
        let texts = bucket.chunk_by(|one, other| text(one.row) == text(other.row));
        texts.filter(|rows| rows.len() > 1).for_each(&mut found);
    }
}

/// Odd, so that no two numbers have the same product with it.
pub(super) const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The hash of a text goes on by one character.
pub(super) fn step(hash: u64, c: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(c)) + 1)
}

pub(super) fn hash_of(text: &[char]) -> u64 {
    text.iter().fold(0, |hash, c| step(hash, *c))
}
