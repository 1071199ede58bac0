//! Rows that say what other rows say already.
//!
//! Linear in the texts, times the logarithm of the rows: every text is folded once and looked up by what it says, never
//! compared with every other row.

use std::collections::BTreeMap;

use super::rows::ReadRow;
use crate::formula::folded;
use crate::reading::Kind;

/// A name that has so few characters besides its numerals says too little to be like another.
const LEAST_ALIKE: usize = 2;
/// Fewer characters put in another order may say something else.
const LEAST_REORDERED: usize = 4;
/// How long names are in which one character more or less may be overlooked: 困难群众临时救助(金)发放率.
const ONE_MORE: std::ops::RangeInclusive<usize> = 8..=64;

/// What one row shares with others. Rows are numbered from 1, texts are alike by what they say: spaces,
/// punctuation and width aside. All absent where the text is blank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Echoes {
    /// The first earlier row of the same dimension with the same name.
    pub duplicate_row: Option<usize>,
    /// Where there is none: the first earlier row of the same dimension whose name is the same but for numerals
    /// and signs, or for the order of its characters, or for one character more or less in a long name.
    pub near_duplicate_row: Option<usize>,
    /// The first earlier row of another dimension with the same name.
    pub other_dimension_row: Option<usize>,
    /// How many rows give this reason, this one included.
    pub reason_repeats: Option<usize>,
    /// How many rows have this actual, this one included; absent where it is a number, a range or a date.
    pub actual_repeats: Option<usize>,
}

/// Fills in [`ReadRow::echoes`] of all rows.
pub(super) fn mark(rows: &mut [ReadRow<'_>]) {
    let names: Vec<Vec<char>> = rows.iter().map(|row| folded(row.indicator.name())).collect();
    let reasons: Vec<Vec<char>> = rows.iter().map(|row| folded(row.indicator.deviation_reason())).collect();
    let actuals: Vec<Vec<char>> = rows.iter().map(in_words).collect();
    let found = {
        let dimensions = numbered(rows.iter().map(|row| row.dimension.as_str()));
        let (reasons, actuals) = (how_often(&reasons), how_often(&actuals));
        let repeated = reasons.into_iter().zip(actuals);
        let named = repeats_of_names(&names, &dimensions);
        named.into_iter().zip(repeated).map(|(named, (reason_repeats, actual_repeats))| Echoes {
            reason_repeats,
            actual_repeats,
            ..named
        })
    };
    let found: Vec<Echoes> = found.collect();
    for (row, found) in rows.iter_mut().zip(found) {
        row.echoes = found;
    }
}

/// The actual where it is words: equal numbers and dates are no repetition.
fn in_words(row: &ReadRow<'_>) -> Vec<char> {
    match row.actual.kind() {
        Kind::Statement | Kind::Unreadable => folded(row.indicator.actual()),
        Kind::Number | Kind::Range | Kind::Date | Kind::NotApplicable | Kind::Blank => Vec::new(),
    }
}

/// A small number for each text, equal for equal texts.
fn numbered<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<usize> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    texts
        .map(|text| {
            let next = known.len();
            *known.entry(text).or_insert(next)
        })
        .collect()
}

/// For each text in how many places it stands; absent for an empty one.
fn how_often(texts: &[Vec<char>]) -> Vec<Option<usize>> {
    let mut counts: BTreeMap<&[char], usize> = BTreeMap::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        *counts.entry(text).or_default() += 1;
    }
    texts.iter().map(|text| counts.get(text.as_slice()).copied()).collect()
}

/// Of a name the first row and its dimension, and the first row of a dimension other than that one's.
type Places = [Option<(usize, usize)>; 2];

fn repeats_of_names(names: &[Vec<char>], dimensions: &[usize]) -> Vec<Echoes> {
    let mut within: BTreeMap<(usize, &[char]), usize> = BTreeMap::new();
    let mut across: BTreeMap<&[char], Places> = BTreeMap::new();
    let mut alike = Alike::default();
    let mut found = Vec::with_capacity(names.len());
    for (index, (name, dimension)) in names.iter().zip(dimensions).enumerate() {
        if name.is_empty() {
            found.push(Echoes::default());
            continue;
        }
        let row = index + 1;
        let duplicate_row = within.get(&(*dimension, name.as_slice())).copied();
        within.entry((*dimension, name)).or_insert(row);
        let places = across.entry(name).or_default();
        let elsewhere = places.iter().flatten().find(|(_, other)| other != dimension).map(|(row, _)| *row);
        match places {
            [first @ None, _] => *first = Some((row, *dimension)),
            [Some((_, first)), second @ None] if first != dimension => *second = Some((row, *dimension)),
            _ => {}
        }
        let near = alike.find_and_keep(*dimension, row, skeleton(name));
        found.push(Echoes {
            duplicate_row,
            near_duplicate_row: near.filter(|_| duplicate_row.is_none()),
            other_dimension_row: elsewhere,
            ..Echoes::default()
        });
    }
    found
}

/// A folded name without its numerals and signs.
fn skeleton(name: &[char]) -> Vec<char> {
    let numeral = |c: char| c.is_numeric() || "零一二两三四五六七八九十百千万亿".contains(c);
    name.iter().copied().filter(|c| c.is_alphanumeric() && !numeral(*c)).collect()
}

/// The names met so far, by all that makes another one like them. Rows of unlike dimensions are never alike.
#[derive(Default)]
struct Alike {
    /// By the row that had it first.
    skeletons: BTreeMap<usize, Vec<char>>,
    equal: BTreeMap<(usize, Vec<char>), usize>,
    reordered: BTreeMap<(usize, Vec<char>), usize>,
    /// Hashes of whole skeletons, and of skeletons that lack one character. Equal hashes are looked into.
    whole: BTreeMap<(usize, u64), usize>,
    lacking_one: BTreeMap<(usize, u64), usize>,
    /// Characters compared because of equal hashes: the tests bound them.
    #[cfg(test)]
    compared: usize,
}

impl Alike {
    /// The first row whose name is like this one; then this one is known too.
    fn find_and_keep(&mut self, dimension: usize, row: usize, skeleton: Vec<char>) -> Option<usize> {
        let length = skeleton.len();
        if length < LEAST_ALIKE {
            return None;
        }
        let mut first = None;
        let mut meet = |found: Option<usize>| first = [first, found].into_iter().flatten().min();
        meet(Some(*self.equal.entry((dimension, skeleton.clone())).or_insert(row)));
        if length >= LEAST_REORDERED {
            let mut sorted = skeleton.clone();
            sorted.sort_unstable();
            meet(Some(*self.reordered.entry((dimension, sorted)).or_insert(row)));
        }
        if ONE_MORE.contains(&length) {
            let (whole, lacking) = hashes(&skeleton);
            for (left_out, hash) in lacking.iter().enumerate() {
                let shorter = self.whole.get(&(dimension, *hash)).copied();
                meet(shorter.filter(|other| self.lacks(&skeleton, left_out, *other)));
                self.lacking_one.entry((dimension, *hash)).or_insert(row);
            }
            let longer = self.lacking_one.get(&(dimension, whole)).copied();
            meet(longer.filter(|other| self.is_lacking_one(*other, &skeleton)));
            self.whole.entry((dimension, whole)).or_insert(row);
            self.skeletons.insert(row, skeleton);
        }
        first.filter(|found| *found < row)
    }

    /// Whether `longer` without one character is the skeleton of an earlier row.
    fn lacks(&mut self, longer: &[char], left_out: usize, earlier: usize) -> bool {
        #[cfg(test)]
        {
            self.compared += longer.len();
        }
        let kept = longer.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, c)| c);
        self.skeletons.get(&earlier).is_some_and(|shorter| kept.eq(shorter))
    }

    /// Whether the skeleton of an earlier row without some character is `shorter`.
    fn is_lacking_one(&mut self, earlier: usize, shorter: &[char]) -> bool {
        #[cfg(test)]
        {
            self.compared += shorter.len();
        }
        let Some(longer) = self.skeletons.get(&earlier).filter(|longer| longer.len() == shorter.len() + 1) else {
            return false;
        };
        let left_out = longer.iter().zip(shorter).take_while(|(one, other)| one == other).count();
        longer.iter().skip(left_out + 1).eq(shorter.iter().skip(left_out))
    }
}

/// The hash of a text, and those of the text without each of its characters in turn, in linear time.
fn hashes(text: &[char]) -> (u64, Vec<u64>) {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut before = Vec::with_capacity(text.len() + 1);
    let mut hash = 0_u64;
    before.push(hash);
    for c in text {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*c)) + 1);
        before.push(hash);
    }
    let mut power = 1_u64;
    let mut lacking: Vec<u64> = Vec::with_capacity(text.len());
    for pair in before.windows(2).rev() {
        if let [without, with] = pair {
            let rest = hash.wrapping_sub(with.wrapping_mul(power));
            lacking.push(without.wrapping_mul(power).wrapping_add(rest));
            power = power.wrapping_mul(BASE);
        }
    }
    lacking.reverse();
    (hash, lacking)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The near duplicates of names that all stand in one dimension.
    fn near(names: &[&str]) -> Vec<Option<usize>> {
        let names: Vec<Vec<char>> = names.iter().map(|name| folded(name)).collect();
        repeats_of_names(&names, &vec![0; names.len()]).into_iter().map(|row| row.near_duplicate_row).collect()
    }

    #[test]
    fn names_are_alike_but_for_what_does_not_tell_them_apart() {
        for (one, other) in [
            ("培训班1期", "培训班2期"),
            ("第一季度完成率", "第二季度完成率"),
            ("群众满意度", "群众满意度（%）"),
            ("完成培训人数", "培训完成人数"),
            ("困难群众临时救助发放率", "困难群众临时救助金发放率"),
            ("困难群众临时救助金发放率", "困难群众临时救助发放率"),
            ("x困难群众临时救助发放率", "困难群众临时救助发放率"),
            ("困难群众临时救助发放率", "困难群众临时救助发放率x"),
        ] {
            assert_eq!(near(&[one, other]), [None, Some(1)], "{one} {other}");
        }
        for (one, other) in [
            ("培训场次", "培训人次"),
            ("培训合格率", "培训不合格率"),
            ("城东片区道路改造面积", "城西片区道路改造面积"),
            ("户数", "数户"),
            ("一", "二"),
            ("培训人数", "培训人数"),
            ("", ""),
        ] {
            assert_eq!(near(&[one, other]), [None, None], "{one} {other}");
        }
        assert_eq!(near(&["培训班1期", "培训班2期", "培训班3期", "培训班2期"]), [None, Some(1), Some(1), None]);
    }

    #[test]
    fn the_same_name_is_found_within_its_dimension_and_in_others() {
        let names: Vec<Vec<char>> =
            ["甲甲", "乙乙", "甲甲", "甲 甲", "甲甲", "甲甲。"].iter().map(|name| folded(name)).collect();
        let found = repeats_of_names(&names, &[0, 0, 1, 0, 2, 1]);
        let within: Vec<_> = found.iter().map(|row| row.duplicate_row).collect();
        let across: Vec<_> = found.iter().map(|row| row.other_dimension_row).collect();
        assert_eq!(within, [None, None, None, Some(1), None, Some(3)]);
        assert_eq!(across, [None, None, Some(1), Some(3), Some(1), Some(1)]);
    }

    #[test]
    fn hashes_that_lack_a_character_are_those_of_the_shorter_text() {
        let text: Vec<char> = "困难群众临时救助".chars().collect();
        let (_, lacking) = hashes(&text);
        for (left_out, hash) in lacking.iter().enumerate() {
            let mut shorter = text.clone();
            shorter.remove(left_out);
            assert_eq!(hashes(&shorter).0, *hash, "{left_out}");
        }
    }

    #[test]
    fn the_work_grows_with_the_rows_and_not_with_their_pairs() {
        for rows in [500, 2_000] {
            let mut alike = Alike::default();
            for row in 1..=rows {
                let name: String =
                    (0..64).map(|index| if (row >> (index % 12)) & 1 == 1 { '甲' } else { '乙' }).collect();
                alike.find_and_keep(0, row, name.chars().skip(row % 2).collect());
            }
            assert!(alike.compared <= rows * 64 * 66, "{rows}: {}", alike.compared);
        }
    }
}
