//! Word lists that formulas look for in texts.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// A list of words, in the order it was written, and where to look in it: what a text is asked for is decided by
/// one walk over the text, however long the list is.
#[derive(Debug, Clone, Default)]
pub struct Words {
    list: Vec<Arc<str>>,
    /// First character and place in `list` of every word that is not empty, by character.
    by_first: Vec<(char, usize)>,
    /// The bits of first characters, by their last ten bits: most characters of a text begin no word.
    firsts: [u64; 16],
}

impl Words {
    pub fn new(words: impl IntoIterator<Item = impl Into<Arc<str>>>) -> Self {
        let list: Vec<Arc<str>> = words.into_iter().map(Into::into).collect();
        let first = |(place, word): (usize, &Arc<str>)| Some((word.chars().next()?, place));
        let mut by_first: Vec<(char, usize)> = list.iter().enumerate().filter_map(first).collect();
        by_first.sort_unstable();
        let mut firsts = [0; 16];
        for (c, _) in &by_first {
            let (word, bit) = bit_of(*c);
            if let Some(bits) = firsts.get_mut(word) {
                *bits |= bit;
            }
        }
        Words { list, by_first, firsts }
    }

    /// Whether `text` is one of the words.
    pub fn has(&self, text: &str) -> bool {
        match text.chars().next() {
            Some(first) => self.beginning(first).any(|word| word == text),
            None => self.list.iter().any(|word| word.is_empty()),
        }
    }

    /// Whether one of the words stands in `text`; the empty word stands nowhere.
    pub fn any_in(&self, text: &str) -> bool {
        let mut chars = text.chars();
        loop {
            let from = chars.as_str();
            let Some(first) = chars.next() else { return false };
            if self.may_begin(first) && self.beginning(first).any(|word| from.starts_with(word)) {
                return true;
            }
        }
    }

    #[inline]
    fn may_begin(&self, first: char) -> bool {
        let (word, bit) = bit_of(first);
        self.firsts.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// The words that begin with a character.
    fn beginning(&self, first: char) -> impl Iterator<Item = &str> {
        let places = if self.may_begin(first) { self.by_first.as_slice() } else { &[] };
        let from = places.partition_point(|(c, _)| *c < first);
        let found = places.iter().skip(from).take_while(move |(c, _)| *c == first);
        found.filter_map(|(_, place)| self.list.get(*place).map(|word| &**word))
    }
}

/// Which of the sixteen words, and the bit in it.
#[inline]
fn bit_of(c: char) -> (usize, u64) {
    let low = u32::from(c) & 0x3FF;
    ((low >> 6) as usize, 1 << (low & 63))
}

impl Deref for Words {
    type Target = [Arc<str>];

    fn deref(&self) -> &[Arc<str>] {
        &self.list
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Eq for Words {}

impl Hash for Words {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.list.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists and texts with what is nasty: empty words, one word within another, one beginning, half a character.
    const LISTS: [&[&str]; 5] =
        [&[], &[""], &["", "无"], &["有所提升", "有所", "提", "%", "无"], &["é", "e", "𠮷", "吉"]];
    const TEXTS: [&str; 10] = ["", "无", "没有", "有所提高", "有", "已提", "95%", "e\u{301}", "𠮷野家", "有有所"];

    #[test]
    fn what_the_index_finds_is_what_looking_for_every_word_finds() {
        for list in LISTS {
            let words = Words::new(list.iter().copied());
            for text in TEXTS {
                assert_eq!(words.has(text), list.contains(&text), "{list:?} {text}");
                let stands = list.iter().any(|word| !word.is_empty() && text.contains(word));
                assert_eq!(words.any_in(text), stands, "{list:?} {text}");
            }
        }
    }

    #[test]
    fn lists_are_equal_by_their_words_in_order() {
        assert_eq!(Words::new(["a", "b"]), Words::new(["a", "b"]));
        assert_ne!(Words::new(["a", "b"]), Words::new(["b", "a"]));
    }
}
