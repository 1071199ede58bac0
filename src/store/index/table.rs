//! What evaluations are found by, in memory: closed segments, and the newest rows, which are not one yet.
//!
//! | key | value |
//! |---|---|
//! | `h` number (8, big-endian) piece (4, big-endian) | rows that one write brought |
//! | `s` number (8, big-endian) piece (4, big-endian) | the rows of a closed segment, by id |
//! | `g` | the tally of all rows |
//!
//! Rows are written with the records they are of. When the newest would fill a segment, they are taken out of `h` and
//! written as one, in the same write. A row takes about a hundred bytes here, and half of that on the disk.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::guard::IndexFault;
use super::layout::{self, PIECE};
use super::rows::{self, Row, Tally};
use super::segment::{Bits, Place, ROWS, Segment};
use super::sled_index::{damaged, unseal};
use crate::store::filing::{Order, Position, Query};

pub const GROUPS: u8 = b'h';
pub const SEGMENTS: u8 = b's';
pub const TALLY_KEY: &[u8] = b"g";

#[derive(Debug)]
pub struct Table {
    tally: Tally,
    segments: Vec<Segment>,
    /// Fewer than a segment has.
    newest: Vec<Row>,
    /// The keys under which the newest rows are.
    groups: Vec<Vec<u8>>,
    next_group: u64,
}

/// Rows on their way into a table: what to write first, and what is true when it is written.
#[derive(Debug)]
pub struct Change {
    pub put: Vec<(Vec<u8>, Vec<u8>)>,
    pub remove: Vec<Vec<u8>>,
    tally: Tally,
    closed: Vec<Segment>,
    newest: Vec<Row>,
    groups: Vec<Vec<u8>>,
}

impl Table {
    pub fn new(version: u32) -> Self {
        let tally = Tally::new(version);
        Table { tally, segments: Vec::new(), newest: Vec::new(), groups: Vec::new(), next_group: 0 }
    }

    pub fn version(&self) -> u32 {
        self.tally.version
    }

    /// Reads what is filed, and compares it with its tally.
    pub fn load(db: &sled::Db, tally: &Tally) -> Result<Self, IndexFault> {
        let mut table = Table::new(tally.version);
        each_rows(db, SEGMENTS, &mut |_, rows, _| {
            rows.iter().for_each(|row| table.tally.add(row));
            table.segments.push(Segment::new(&rows));
        })?;
        each_rows(db, GROUPS, &mut |number, rows, keys| {
            rows.iter().for_each(|row| table.tally.add(row));
            table.newest.extend(rows);
            table.groups.extend(keys);
            table.next_group = number + 1;
        })?;
        if table.tally.counts_as(tally) { Ok(table) } else { Err(damaged("it is not filed as it should be")) }
    }

    /// What taking these rows in changes.
    pub fn change(&self, rows: Vec<Row>) -> Change {
        let mut tally = self.tally;
        rows.iter().for_each(|row| tally.add(row));
        let (mut put, mut remove, mut closed) = (vec![(TALLY_KEY.to_vec(), tally.encode())], Vec::new(), Vec::new());
        let mut newest = rows;
        if self.newest.len() + newest.len() >= ROWS {
            remove.clone_from(&self.groups);
            newest = [self.newest.as_slice(), &newest].concat();
            newest.sort_by(|one, other| one.id.cmp(&other.id));
            let rest = newest.split_off(newest.len() / ROWS * ROWS);
            for (number, full) in (self.segments.len() as u64..).zip(newest.chunks(ROWS)) {
                put.extend(pieces(SEGMENTS, number, full));
                closed.push(Segment::new(full));
            }
            newest = rest;
        }
        let mut groups = Vec::new();
        if !newest.is_empty() {
            let written: Vec<_> = pieces(GROUPS, self.next_group, &newest).collect();
            groups.extend(written.iter().map(|(key, _)| key.clone()));
            put.extend(written);
        }
        Change { put, remove, tally, closed, newest, groups }
    }

    /// Makes the change, once it is written.
    pub fn make(&mut self, change: Change) {
        let Change { put: _, remove: _, tally, closed, newest, groups } = change;
        if !closed.is_empty() {
            self.segments.extend(closed);
            self.newest.clear();
            self.groups.clear();
        }
        self.newest.extend(newest);
        self.groups.extend(groups);
        self.next_group += 1;
        self.tally = tally;
    }

    /// The first `most` places that have every term, in the order that is asked for.
    pub fn find(&self, query: &Query, most: usize) -> Vec<Position> {
        let Query { terms, order, after, limit: _ } = query;
        let order = *order;
        let after = after.as_ref().map(|Position { rank, id }| (*rank, id.as_str()));
        let is_behind = |place: Place<'_>| match after {
            Some(after) if order.is_ascending() => place > after,
            Some(after) => place < after,
            None => true,
        };
        let has_all = |row: &&Row| terms.iter().all(|term| row.filed.terms.contains(term));
        let newest = self.newest.iter().filter(has_all).map(|row| {
            let rank = if order.is_by_rank() { row.filed.rank } else { 0 };
            Head { place: (rank, row.id.as_str()), order, list: None }
        });
        let lists = self.segments.iter().filter_map(|segment| {
            let at = first_behind(segment, order, &is_behind);
            let place = segment.place(order, at)?;
            Some(Head { place, order, list: Some(List { segment, at, bits: None }) })
        });
        let mut heads: BinaryHeap<Head<'_>> = newest.filter(|head| is_behind(head.place)).chain(lists).collect();
        let mut found = Vec::new();
        while found.len() < most {
            let Some(Head { place: (rank, id), list, .. }) = heads.pop() else { break };
            let Some(List { segment, at, bits }) = list else {
                found.push(Position { rank, id: id.to_owned() });
                continue;
            };
            // A segment is looked into only when its first row would be next.
            let (bits, from) = match bits {
                Some(bits) => {
                    found.push(Position { rank, id: id.to_owned() });
                    (bits, at + 1)
                }
                None => match segment.matching(terms) {
                    Some(bits) => (bits, at),
                    None => continue,
                },
            };
            if let Some((at, place)) = segment.next(order, &bits, from) {
                heads.push(Head { place, order, list: Some(List { segment, at, bits: Some(bits) }) });
            }
        }
        found
    }
}

/// How many places of the segment's order are not behind.
fn first_behind(segment: &Segment, order: Order, is_behind: &dyn Fn(Place<'_>) -> bool) -> usize {
    let (mut low, mut high) = (0, segment.len());
    if segment.place(order, 0).is_some_and(is_behind) {
        return 0;
    }
    if segment.len().checked_sub(1).and_then(|last| segment.place(order, last)).is_some_and(|last| !is_behind(last)) {
        return high;
    }
    while low < high {
        let middle = low.midpoint(high);
        if segment.place(order, middle).is_some_and(is_behind) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// A place that may be the next: that of a row, or, while its segment was not looked into, none before it.
struct Head<'t> {
    place: Place<'t>,
    order: Order,
    list: Option<List<'t>>,
}

/// The rows of a segment from the place `at` of its order on; those that match once it was looked into.
struct List<'t> {
    segment: &'t Segment,
    at: usize,
    bits: Option<Bits>,
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let ascending = self.place.cmp(&other.place);
        if self.order.is_ascending() { ascending.reverse() } else { ascending }
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Head<'_> {}

fn pieces(name: u8, number: u64, rows: &[Row]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let bytes = rows::encode(rows);
    let pieces: Vec<_> = bytes.chunks(PIECE).map(<[u8]>::to_vec).collect();
    (0_u32..)
        .zip(pieces)
        .map(move |(piece, bytes)| ([&[name], number.to_be_bytes().as_slice(), &piece.to_be_bytes()].concat(), bytes))
}

/// Shows number, rows and keys of everything that was written under this name.
pub fn each_rows(
    db: &sled::Db,
    name: u8,
    visit: &mut dyn FnMut(u64, Vec<Row>, Vec<Vec<u8>>),
) -> Result<(), IndexFault> {
    let mut show = |number: u64, bytes: &[u8], keys: Vec<Vec<u8>>| {
        let rows = rows::decode(bytes).ok_or_else(|| damaged("what is filed cannot be read"))?;
        visit(number, rows, keys);
        Ok::<_, IndexFault>(())
    };
    let mut open: Option<(u64, Vec<u8>, Vec<Vec<u8>>)> = None;
    for item in db.scan_prefix([name]) {
        let (key, value) = item?;
        let number = layout::number(&key).ok_or_else(|| damaged("an unknown key"))?;
        let body = unseal(&key, &value)?;
        match &mut open {
            Some((same, bytes, keys)) if *same == number => {
                bytes.extend_from_slice(body);
                keys.push(key.to_vec());
            }
            _ => {
                if let Some((number, bytes, keys)) = open.replace((number, body.to_vec(), vec![key.to_vec()])) {
                    show(number, &bytes, keys)?;
                }
            }
        }
    }
    open.map_or(Ok(()), |(number, bytes, keys)| show(number, &bytes, keys))
}
