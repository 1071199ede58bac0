//! Which entries can match a row, settled when the rules are compiled: for every property that entries ask for, and
//! every value it can have, the entries that this value suits. A row's candidates are what all its values suit.

use super::{Entry, When};
use crate::reading::{Comparison, Direction, Kind, Met};

/// What the entries ask of a row, its condition aside.
#[derive(Debug, Clone, Copy)]
pub struct RowKey<'a> {
    pub dimension: &'a str,
    pub category: &'a str,
    pub name: &'a str,
    pub target: Kind,
    pub actual: Kind,
    pub comparison: Option<Comparison>,
    pub meeting: Met,
    pub direction: Direction,
    /// The actual's tier, when words told one.
    pub tier: Option<&'a str>,
    /// Both readings are numbers in one unit.
    pub comparable: bool,
}

/// The entries of a table by what they ask for.
#[derive(Debug, Clone, Default)]
pub struct Keyed {
    blocks: Vec<Block>,
}

/// A bit for each of 64 entries.
type Bits = u64;
const BLOCK: usize = 64;

/// What 64 entries, one after the other, ask for.
#[derive(Debug, Clone)]
struct Block {
    target: [Bits; Kind::ALL.len()],
    actual: [Bits; Kind::ALL.len()],
    /// The last for a row without one.
    comparison: [Bits; Comparison::ALL.len() + 1],
    meeting: [Bits; Met::ALL.len()],
    direction: [Bits; Direction::ALL.len()],
    comparable: [Bits; 2],
    dimension: Worded,
    category: Worded,
    tier: Worded,
    /// Entries that ask for words in the name, and the words.
    named: Bits,
    names: Vec<(usize, Vec<String>)>,
}

/// Entries by a word that they name.
#[derive(Debug, Clone)]
struct Worded {
    known: Vec<(String, Bits)>,
    /// Those that ask for no word, which any word suits.
    any: Bits,
}

impl Keyed {
    pub(in crate::ruleset) fn of(entries: &[Entry]) -> Self {
        Keyed { blocks: entries.chunks(BLOCK).map(Block::of).collect() }
    }

    /// The indexes of the entries that a row suits, ascending.
    pub fn candidates<'k>(&'k self, key: &'k RowKey<'_>) -> impl Iterator<Item = usize> + 'k {
        self.blocks.iter().enumerate().flat_map(move |(number, block)| {
            let suits = Suits { left: block.suiting(key) };
            suits.filter(|at| block.is_named(*at, key.name)).map(move |at| number * BLOCK + at)
        })
    }
}

/// The places of the bits that are set, ascending.
struct Suits {
    left: Bits,
}

impl Iterator for Suits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let at = usize::try_from(self.left.trailing_zeros()).ok().filter(|at| *at < BLOCK)?;
        self.left &= self.left - 1;
        Some(at)
    }
}

impl Block {
    fn of(entries: &[Entry]) -> Self {
        let whens = || entries.iter().map(|entry| &entry.when);
        let names = whens().enumerate().filter(|(_, when)| !when.name.is_empty());
        let names: Vec<(usize, Vec<String>)> = names.map(|(at, when)| (at, when.name.clone())).collect();
        let comparison = |at: usize| Comparison::ALL.get(at).copied();
        Block {
            target: suited(entries, |when, at| asks(&when.target, Kind::ALL.get(at))),
            actual: suited(entries, |when, at| asks(&when.actual, Kind::ALL.get(at))),
            comparison: suited(entries, |when, at| asks(&when.comparison, comparison(at).as_ref())),
            meeting: suited(entries, |when, at| asks(&when.meeting, Met::ALL.get(at))),
            direction: suited(entries, |when, at| asks(&when.direction, Direction::ALL.get(at))),
            comparable: suited(entries, |when, at| when.comparable.is_none_or(|wanted| usize::from(wanted) == at)),
            dimension: Worded::of(entries, |when| &when.dimension),
            category: Worded::of(entries, |when| &when.category),
            tier: Worded::of(entries, |when| &when.tier),
            named: names.iter().fold(0, |bits, (at, _)| bits | bit(*at)),
            names,
        }
    }

    /// The entries that a row suits, words in its name aside.
    fn suiting(&self, key: &RowKey<'_>) -> Bits {
        let at = |list: &[Bits], at: usize| list.get(at).copied().unwrap_or(0);
        at(&self.target, key.target as usize)
            & at(&self.actual, key.actual as usize)
            & at(&self.comparison, key.comparison.map_or(Comparison::ALL.len(), |comparison| comparison as usize))
            & at(&self.meeting, key.meeting as usize)
            & at(&self.direction, key.direction as usize)
            & at(&self.comparable, usize::from(key.comparable))
            & self.dimension.suiting(Some(key.dimension))
            & self.category.suiting(Some(key.category))
            & self.tier.suiting(key.tier)
    }

    fn is_named(&self, at: usize, name: &str) -> bool {
        if self.named & bit(at) == 0 {
            return true;
        }
        let words = self.names.iter().find(|(known, _)| *known == at).map(|(_, words)| words.as_slice());
        words.unwrap_or_default().iter().any(|word| name.contains(word.as_str()))
    }
}

impl Worded {
    fn of(entries: &[Entry], words: impl Fn(&When) -> &Vec<String>) -> Self {
        let mut worded = Worded { known: Vec::new(), any: 0 };
        for (at, entry) in entries.iter().enumerate() {
            if words(&entry.when).is_empty() {
                worded.any |= bit(at);
            }
        }
        for (at, entry) in entries.iter().enumerate() {
            for word in words(&entry.when) {
                match worded.known.iter_mut().find(|(known, _)| known == word) {
                    Some((_, bits)) => *bits |= bit(at),
                    None => worded.known.push((word.clone(), worded.any | bit(at))),
                }
            }
        }
        worded
    }

    fn suiting(&self, word: Option<&str>) -> Bits {
        let known = word.filter(|_| !self.known.is_empty());
        let found = known.and_then(|word| self.known.iter().find(|(known, _)| known == word));
        found.map_or(self.any, |(_, bits)| *bits)
    }
}

fn bit(at: usize) -> Bits {
    1 << at
}

/// An empty list asks for nothing.
fn asks<T: PartialEq>(list: &[T], value: Option<&T>) -> bool {
    list.is_empty() || value.is_some_and(|value| list.contains(value))
}

/// For each of the values, the entries that it suits.
fn suited<const N: usize>(entries: &[Entry], suits: impl Fn(&When, usize) -> bool) -> [Bits; N] {
    std::array::from_fn(|value| {
        let suiting = entries.iter().enumerate().filter(|(_, entry)| suits(&entry.when, value));
        suiting.fold(0, |bits, (at, _)| bits | bit(at))
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::diagnostic::Place;
    use crate::ruleset::Outcome;

    /// Numbers that are the same in every run.
    struct Dice(Cell<u64>);

    impl Dice {
        fn roll(&self, sides: usize) -> usize {
            let next = self.0.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.0.set(next);
            usize::try_from(next >> 33).unwrap() % sides
        }

        /// Nothing as a rule, or else a few of them.
        fn some<T: Clone>(&self, all: &[T]) -> Vec<T> {
            if self.roll(3) > 0 {
                return Vec::new();
            }
            all.iter().filter(|_| self.roll(2) == 0).cloned().collect()
        }
    }

    const WORDS: [&str; 4] = ["", "output", "产出", "满意度"];

    fn entry(dice: &Dice) -> Entry {
        let words = WORDS.map(str::to_owned);
        let when = When {
            dimension: dice.some(&words),
            category: dice.some(&words),
            name: dice.some(&words),
            target: dice.some(&Kind::ALL),
            actual: dice.some(&Kind::ALL),
            comparison: dice.some(&Comparison::ALL),
            meeting: dice.some(&Met::ALL),
            direction: dice.some(&Direction::ALL),
            tier: dice.some(&words),
            comparable: [None, Some(true), Some(false)][dice.roll(3)],
            condition: None,
        };
        Entry {
            id: String::new(),
            title: String::new(),
            when,
            condition_text: String::new(),
            condition_at: None,
            outcome: Outcome::NeedsReview,
            citation: None,
            place: Place::start_of("scoring.yaml"),
        }
    }

    /// One entry and one row, list by list, as the language defines it.
    fn matches(when: &When, key: &RowKey<'_>) -> bool {
        fn asks<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        let word = |list: &[String], word: &str| list.is_empty() || list.iter().any(|known| known == word);
        word(&when.dimension, key.dimension)
            && word(&when.category, key.category)
            && (when.name.is_empty() || when.name.iter().any(|word| key.name.contains(word.as_str())))
            && asks(&when.target, &key.target)
            && asks(&when.actual, &key.actual)
            && (when.comparison.is_empty() || key.comparison.is_some_and(|found| when.comparison.contains(&found)))
            && asks(&when.meeting, &key.meeting)
            && asks(&when.direction, &key.direction)
            && (when.tier.is_empty() || key.tier.is_some_and(|tier| word(&when.tier, tier)))
            && when.comparable.is_none_or(|wanted| wanted == key.comparable)
    }

    #[test]
    fn the_candidates_are_what_asking_entry_by_entry_finds() {
        let dice = Dice(Cell::new(8));
        let mut found = 0;
        for entries in [0, 1, 15, 63, 64, 65, 200] {
            let entries: Vec<Entry> = (0..entries).map(|_| entry(&dice)).collect();
            let keyed = Keyed::of(&entries);
            for _ in 0..300 {
                let key = RowKey {
                    dimension: WORDS[dice.roll(4)],
                    category: ["output", "其他"][dice.roll(2)],
                    name: ["", "服务对象满意度", "output产出"][dice.roll(3)],
                    target: Kind::ALL[dice.roll(7)],
                    actual: Kind::ALL[dice.roll(7)],
                    comparison: Some(Comparison::ALL[dice.roll(6)]).filter(|_| dice.roll(3) > 0),
                    meeting: Met::ALL[dice.roll(5)],
                    direction: Direction::ALL[dice.roll(4)],
                    tier: Some(WORDS[dice.roll(4)]).filter(|_| dice.roll(2) > 0),
                    comparable: dice.roll(2) > 0,
                };
                let asked = entries.iter().enumerate().filter(|(_, entry)| matches(&entry.when, &key));
                let asked: Vec<usize> = asked.map(|(at, _)| at).collect();
                assert_eq!(keyed.candidates(&key).collect::<Vec<_>>(), asked, "{key:?}");
                found += asked.len();
            }
        }
        assert!(found > 1000, "the rows hardly ever suit an entry: {found}");
    }

    #[test]
    fn the_values_stand_at_their_places() {
        assert!(Kind::ALL.iter().enumerate().all(|(at, kind)| *kind as usize == at));
        assert!(Comparison::ALL.iter().enumerate().all(|(at, comparison)| *comparison as usize == at));
        assert!(Met::ALL.iter().enumerate().all(|(at, met)| *met as usize == at));
        assert!(Direction::ALL.iter().enumerate().all(|(at, direction)| *direction as usize == at));
    }
}
