//! Names that are nearly the same.

use super::texts::{BASE, Hashed, Texts, hash_of, repeated, step};

/// A name that has so few characters besides its numerals says too little to be like another.
const LEAST_ALIKE: usize = 2;
/// Fewer characters put in another order may say something else.
const LEAST_REORDERED: usize = 4;
/// How long names are in which one character more or less may be overlooked: 困难群众临时救助(金)发放率.
const ONE_MORE: std::ops::RangeInclusive<usize> = 8..=64;

/// For each row, by its folded name and the number of its dimension: the first earlier row of the same dimension whose
/// name is like it. Rows are numbered from zero.
pub(super) fn first_alike(names: &Texts, dimensions: &[usize]) -> Vec<Option<usize>> {
    let mut alike = Alike::of(names, dimensions);
    alike.find();
    alike.first
}

/// How many characters are compared on the way.
#[cfg(test)]
pub(super) fn compared_in(names: &Texts, dimensions: &[usize]) -> usize {
    let mut alike = Alike::of(names, dimensions);
    alike.find();
    alike.compared
}

/// Whether a character of a folded name is neither a numeral nor a sign.
fn tells_apart(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => !is_numeral(c),
        'a'..='z' => true,
        _ => c.is_alphanumeric() && !c.is_numeric() && !is_numeral(c),
    }
}

fn is_numeral(c: char) -> bool {
    /// A bit for the remainder of each numeral, by which most other characters are told.
    const MAY_BE: u64 = {
        let (mut bits, mut rest) = (0, NUMERALS.as_slice());
        while let [c, others @ ..] = rest {
            bits |= 1 << (*c as u32 % 64);
            rest = others;
        }
        bits
    };
    MAY_BE >> (u32::from(c) % 64) & 1 == 1 && NUMERALS.contains(&c)
}

const NUMERALS: [char; 16] =
    ['零', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿'];

struct Alike<'n> {
    /// Names without numerals and signs.
    skeletons: Texts,
    dimensions: &'n [usize],
    /// The first row found so far.
    first: Vec<Option<usize>>,
    /// Characters compared because of equal hashes: the tests bound them.
    #[cfg(test)]
    compared: usize,
}

impl<'n> Alike<'n> {
    fn of(names: &Texts, dimensions: &'n [usize]) -> Self {
        Alike {
            skeletons: names.only(tells_apart),
            dimensions,
            first: Vec::new(),
            #[cfg(test)]
            compared: 0,
        }
    }

    fn find(&mut self) {
        self.first = self.reordered();
        self.one_more();
    }

    fn dimension(&self, row: usize) -> usize {
        self.dimensions.get(row).copied().unwrap_or(0)
    }

    /// Takes note that two rows are alike, if `earlier` is the earlier one.
    fn meet(first: &mut [Option<usize>], row: usize, earlier: usize) {
        if let Some(first) = first.get_mut(row).filter(|_| earlier < row) {
            *first = Some(first.map_or(earlier, |known| known.min(earlier)));
        }
    }

    /// Names of the same characters, in the same order where they are short.
    fn reordered(&self) -> Vec<Option<usize>> {
        let any_order = |skeleton: &[char]| skeleton.len() >= LEAST_REORDERED;
        let hash = |row, skeleton: &[char]| {
            let hash = if any_order(skeleton) { hash_of_characters(skeleton) } else { hash_of(skeleton) };
            within(self.dimension(row), hash)
        };
        let rows = self.skeletons.hashed(|skeleton| skeleton.len() >= LEAST_ALIKE, hash);
        let text = |row| {
            let mut text = self.skeletons.get(row).to_vec();
            if any_order(&text) {
                text.sort_unstable();
            }
            (self.dimension(row), text)
        };
        let mut found = vec![None; self.dimensions.len()];
        let same = |one, other| {
            self.dimension(one) == self.dimension(other) && self.skeletons.get(one) == self.skeletons.get(other)
        };
        repeated(rows, same, text, |same| {
            if let Some((first, others)) = same.split_first() {
                others.iter().for_each(|other| Self::meet(&mut found, other.row, first.row));
            }
        });
        found
    }

    /// Long names of which one lacks a character of the other. Each is looked up by its hash without each of its
    /// characters in turn, among the hashes of whole names.
    fn one_more(&mut self) {
        let hash = |row, skeleton: &[char]| within(self.dimension(row), hash_of(skeleton));
        let mut shorter = self.skeletons.hashed(|skeleton| ONE_MORE.contains(&skeleton.len()), hash);
        if shorter.len() < 2 {
            return;
        }
        let longer = shorter.clone();
        let filter = Filter::of(&shorter);
        shorter.sort_unstable();
        // For the first row of each hash, the first row that has one character more.
        let mut one_more: Vec<(usize, usize)> = Vec::new();
        let mut prefixes = Vec::new();
        for Hashed { row, .. } in longer {
            let dimension = self.dimension(row);
            let mut hits = Vec::new();
            lacking_one(self.skeletons.get(row), &mut prefixes, |left_out, hash| {
                let hash = within(dimension, hash);
                if filter.may_have(hash) {
                    hits.push((left_out, hash));
                }
            });
            for (left_out, hash) in hits {
                let at = shorter.partition_point(|other| other.hash < hash);
                let Some(other) = shorter.get(at).filter(|other| other.hash == hash).map(|other| other.row) else {
                    continue;
                };
                if self.lacks(row, left_out, other) {
                    Self::meet(&mut self.first, row, other);
                    one_more.push((other, row));
                }
            }
        }
        one_more.sort_unstable();
        one_more.dedup_by_key(|(shorter, _)| *shorter);
        if !one_more.is_empty() {
            self.lacking(&shorter, &one_more);
        }
    }

    /// Tells all rows of a name which row has one character more.
    fn lacking(&mut self, sorted: &[Hashed], one_more: &[(usize, usize)]) {
        for same in sorted.chunk_by(|one, other| one.hash == other.hash) {
            let Some(Hashed { row: first, .. }) = same.first() else { continue };
            let Ok(at) = one_more.binary_search_by_key(first, |(shorter, _)| *shorter) else { continue };
            let Some((_, longer)) = one_more.get(at).copied() else { continue };
            for Hashed { row, .. } in same {
                if self.is_same(*first, *row) {
                    Self::meet(&mut self.first, *row, longer);
                }
            }
        }
    }

    /// Whether the name of `longer` without one character is that of `shorter`.
    fn lacks(&mut self, longer: usize, left_out: usize, shorter: usize) -> bool {
        let (long, short) = (self.skeletons.get(longer), self.skeletons.get(shorter));
        #[cfg(test)]
        {
            self.compared += long.len();
        }
        let kept = long.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, c)| c);
        self.dimension(longer) == self.dimension(shorter) && kept.eq(short)
    }

    fn is_same(&mut self, one: usize, other: usize) -> bool {
        let (text, of_other) = (self.skeletons.get(one), self.skeletons.get(other));
        #[cfg(test)]
        {
            self.compared += text.len();
        }
        self.dimension(one) == self.dimension(other) && text == of_other
    }
}

/// The hash of a text among those of its dimension.
fn within(dimension: usize, hash: u64) -> u64 {
    let number = u64::try_from(dimension).unwrap_or(0);
    hash ^ number.wrapping_add(1).wrapping_mul(BASE).rotate_left(17)
}

/// A hash that does not depend on the order of the characters.
fn hash_of_characters(text: &[char]) -> u64 {
    text.iter().fold(0, |hash: u64, c| {
        let scattered = (u64::from(u32::from(*c)) + 1).wrapping_mul(BASE);
        hash.wrapping_add((scattered ^ scattered >> 29).wrapping_mul(BASE))
    })
}

/// Calls `each` with the place of each character but those that repeat the one before them, and the hash of the text
/// without it. Linear; `prefixes` is room to work in.
fn lacking_one(text: &[char], prefixes: &mut Vec<u64>, mut each: impl FnMut(usize, u64)) {
    prefixes.clear();
    let mut hash = 0;
    for c in text {
        prefixes.push(hash);
        hash = step(hash, *c);
    }
    let mut power = 1_u64;
    let mut with = hash;
    for (left_out, without) in prefixes.iter().enumerate().rev() {
        let repeats = left_out > 0 && text.get(left_out) == text.get(left_out - 1);
        if !repeats {
            let rest = hash.wrapping_sub(with.wrapping_mul(power));
            each(left_out, without.wrapping_mul(power).wrapping_add(rest));
        }
        power = power.wrapping_mul(BASE);
        with = *without;
    }
}

/// Tells most hashes that are not among some others.
struct Filter {
    bits: Vec<u64>,
    /// By how much a hash is shifted to become the index of its bit.
    shift: u32,
}

impl Filter {
    /// Bits for each hash.
    const SPARSE: usize = 32;

    fn of(rows: &[Hashed]) -> Self {
        let bits = (rows.len() * Filter::SPARSE).next_power_of_two().max(1024);
        let mut filter = Filter { bits: vec![0; bits / 64], shift: u64::BITS - bits.trailing_zeros() };
        for row in rows {
            let (word, bit) = filter.place(row.hash);
            if let Some(word) = filter.bits.get_mut(word) {
                *word |= bit;
            }
        }
        filter
    }

    fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        // The upper half of a hash depends on all characters.
        let index = hash >> self.shift;
        (usize::try_from(index / 64).unwrap_or(0), 1 << (index % 64))
    }
}
