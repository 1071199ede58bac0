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
    pub fn folded<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut all = Texts::default();
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
        for text in self.iter() {
            texts.characters.extend(text.iter().filter(|c| kept(**c)));
            texts.end();
        }
        texts
    }

    fn end(&mut self) {
        self.ends.push(self.characters.len());
    }

    pub fn get(&self, row: usize) -> &[char] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.characters.get(start..*end)).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &[char]> {
        (0..self.ends.len()).map(|row| self.get(row))
    }
}

/// A row, from zero, under the hash of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hashed {
    pub hash: u64,
    pub row: usize,
}

/// Tells `found` of each text that several rows have: the rows, in their order. Texts are looked at only where hashes
/// are equal.
pub(super) fn repeated<T: Ord>(mut rows: Vec<Hashed>, text: impl Fn(usize) -> T, mut found: impl FnMut(&[Hashed])) {
    rows.sort_unstable();
    for bucket in rows.chunk_by_mut(|one, other| one.hash == other.hash) {
        if bucket.len() > 1 {
            bucket.sort_by_cached_key(|one| text(one.row));
            let same = bucket.chunk_by(|one, other| text(one.row) == text(other.row));
            same.filter(|rows| rows.len() > 1).for_each(&mut found);
        }
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
