//! Some hundred rows that are full and closed: their terms as sets of bits, their order by rank.

use super::rows::Row;
use crate::store::filing::{Filed, Order, Term};

/// Rows in a segment: few enough to be looked through before they are one, many enough that terms share their room.
pub const ROWS: usize = 1024;
const WORD: usize = u16::BITS as usize;
const WORDS: usize = ROWS / WORD;
/// So few rows are looked through for the next one, instead of the order for one of them.
const FEW: u32 = 32;

/// The rank and the id of a row; in the orders by time all ranks are 0.
pub type Place<'t> = (u64, &'t str);

/// The rows of a term: as many numbers as rows, or, from [`WORDS`] on, one bit for each row of the segment.
#[derive(Debug, Clone, Copy)]
pub struct Bits([u16; WORDS]);

impl Bits {
    const NONE: Bits = Bits([0; WORDS]);
    const ALL: Bits = Bits([!0; WORDS]);

    fn set(&mut self, row: u16) {
        let (word, bit) = (usize::from(row) / WORD, usize::from(row) % WORD);
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    fn has(&self, row: u16) -> bool {
        let (word, bit) = (usize::from(row) / WORD, usize::from(row) % WORD);
        self.0.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    fn of(stored: &[u16]) -> Self {
        match stored.try_into() {
            Ok(words) => Bits(words),
            Err(_) => {
                let mut bits = Bits::NONE;
                stored.iter().for_each(|row| bits.set(*row));
                bits
            }
        }
    }

    fn and(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn rows(&self) -> impl Iterator<Item = u16> {
        let words = (0_u16..).step_by(WORD).zip(&self.0).filter(|(_, word)| **word != 0);
        words.flat_map(|(first, word)| (first..).take(WORD).filter(move |row| word >> (row - first) & 1 == 1))
    }
}

/// At most [`ROWS`] rows in the order of their ids, numbered from 0.
#[derive(Debug)]
pub struct Segment {
    ids: Box<str>,
    /// Where each id ends.
    ends: Box<[u32]>,
    ranks: Box<[u64]>,
    /// The rows by rank and id.
    by_rank: Box<[u16]>,
    terms: Box<[Term]>,
    /// Where the rows of each term end in `stored`.
    term_ends: Box<[u32]>,
    stored: Box<[u16]>,
}

impl Segment {
    /// Of at most [`ROWS`] rows, whose ids are sorted.
    pub fn new(rows: &[Row]) -> Self {
        let rows = rows.get(..ROWS).unwrap_or(rows);
        let mut ids = String::new();
        let (mut ends, mut ranks, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for (number, Row { id, filed: Filed { terms, rank } }) in (0_u16..).zip(rows) {
            ids.push_str(id);
            ends.push(narrow(ids.len()));
            ranks.push(*rank);
            pairs.extend(terms.iter().map(|term| (u64::from_be_bytes(*term), number)));
        }
        pairs.sort_unstable();
        let mut by_rank: Vec<u16> = (0_u16..).take(rows.len()).collect();
        by_rank.sort_by_key(|number| ranks.get(usize::from(*number)).copied());
        let (mut terms, mut term_ends, mut stored) = (Vec::new(), Vec::new(), Vec::new());
        for of_term in pairs.chunk_by(|(one, _), (other, _)| one == other) {
            let numbers = of_term.iter().map(|(_, number)| *number);
            if of_term.len() < WORDS {
                stored.extend(numbers);
            } else {
                let mut bits = Bits::NONE;
                numbers.for_each(|number| bits.set(number));
                stored.extend(bits.0);
            }
            terms.extend(of_term.first().map(|(term, _)| term.to_be_bytes()));
            term_ends.push(narrow(stored.len()));
        }
        Segment {
            ids: ids.into(),
            ends: ends.into(),
            ranks: ranks.into(),
            by_rank: by_rank.into(),
            terms: terms.into(),
            term_ends: term_ends.into(),
            stored: stored.into(),
        }
    }

    pub fn len(&self) -> usize {
        self.ranks.len()
    }

    /// The rows that have every term; none if there are none.
    pub fn matching(&self, terms: &[Term]) -> Option<Bits> {
        let mut bits = Bits::ALL;
        for term in terms {
            let found = self.terms.binary_search(term).ok()?;
            bits.and(&Bits::of(span(&self.stored, &self.term_ends, found)?));
        }
        Some(bits).filter(|bits| bits.count() > 0)
    }

    /// The place that stands at `at` in the order, counted from 0.
    pub fn place(&self, order: Order, at: usize) -> Option<Place<'_>> {
        self.row(order, at).and_then(|row| self.place_of(order, row))
    }

    /// The first place from `at` on whose row is among `bits`, and where it stands.
    pub fn next(&self, order: Order, bits: &Bits, at: usize) -> Option<(usize, Place<'_>)> {
        if bits.count() > FEW {
            return (at..self.len()).find_map(|at| {
                let row = self.row(order, at).filter(|row| bits.has(*row))?;
                Some((at, self.place_of(order, row)?))
            });
        }
        let first = self.key(order, self.row(order, at)?)?;
        let keys = bits.rows().filter_map(|row| self.key(order, row));
        let key = if order.is_ascending() {
            keys.filter(|key| *key >= first).min()
        } else {
            keys.filter(|key| *key <= first).max()
        }?;
        Some((self.position(order, key)?, self.place_of(order, key.1)?))
    }

    /// Sorts rows as their places do: ids are sorted.
    fn key(&self, order: Order, row: u16) -> Option<(u64, u16)> {
        let rank = *self.ranks.get(usize::from(row))?;
        Some((if order.is_by_rank() { rank } else { 0 }, row))
    }

    /// Where the row of this key stands in the order.
    fn position(&self, order: Order, key: (u64, u16)) -> Option<usize> {
        let at = if order.is_by_rank() {
            self.by_rank.binary_search_by_key(&Some(key), |row| self.key(order, *row)).ok()?
        } else {
            usize::from(key.1)
        };
        if order.is_ascending() { Some(at) } else { self.len().checked_sub(at + 1) }
    }

    fn row(&self, order: Order, at: usize) -> Option<u16> {
        let at = if order.is_ascending() { at } else { self.len().checked_sub(at + 1)? };
        if order.is_by_rank() { self.by_rank.get(at).copied() } else { u16::try_from(at).ok() }
    }

    fn place_of(&self, order: Order, row: u16) -> Option<Place<'_>> {
        let row = usize::from(row);
        let rank = if order.is_by_rank() { *self.ranks.get(row)? } else { 0 };
        let start = row.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        Some((rank, self.ids.get(start as usize..*self.ends.get(row)? as usize)?))
    }
}

fn span<'s>(stored: &'s [u16], ends: &[u32], place: usize) -> Option<&'s [u16]> {
    let start = place.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
    stored.get(start as usize..*ends.get(place)? as usize)
}

fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
