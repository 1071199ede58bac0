//! Terms and ranks in the index: what evaluations are found by.
//!
//! | key | value |
//! |---|---|
//! | `p` term (8) id | nothing: the term's records by id |
//! | `o` term (8) rank (8, big-endian) id | nothing: the same by rank |
//! | `f` | version (4), count (8) and sum (8) of all postings |
//!
//! Postings have no checksum of their own. `f` changes in the same write as they do, and what is read at the start
//! is compared with it; who finds a record by a posting looks whether the record says so.

use crate::store::cursor::Cursor;
use crate::store::filing::{Filed, Order, Position, Term};

pub const BY_ID: u8 = b'p';
pub const BY_RANK: u8 = b'o';
pub const TALLY_KEY: &[u8] = b"f";
/// Has every record, in the order by rank; by id the records' own keys do.
pub const EVERY: Term = [0; 8];
/// Steps that one search may take: a tenth of a second.
const MOST_STEPS: usize = 20_000;
/// Steps to the next key that are tried before a list is entered anew.
const STRIDE: usize = 4;
const RANK: usize = size_of::<u64>();

/// How many postings there are, and what they sum up to, whatever the order they are met in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub version: u32,
    pub count: u64,
    sum: u64,
}

impl Tally {
    pub fn new(version: u32) -> Self {
        Tally { version, ..Tally::default() }
    }

    pub fn add(&mut self, key: &[u8]) {
        self.count += 1;
        let (one, other) = (crc32c::crc32c(key), crc32c::crc32c_append(!0, key));
        self.sum = self.sum.wrapping_add(u64::from(one) << 32 | u64::from(other.rotate_left(7)));
    }

    /// Whether both are of the same postings.
    pub fn counts_as(&self, other: &Tally) -> bool {
        (self.count, self.sum) == (other.count, other.sum)
    }

    pub fn encode(&self) -> Vec<u8> {
        let Tally { version, count, sum } = self;
        [version.to_le_bytes().as_slice(), &count.to_le_bytes(), &sum.to_le_bytes()].concat()
    }

    pub fn decode(body: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(body);
        let tally = Tally { version: cursor.u32()?, count: cursor.u64()?, sum: cursor.u64()? };
        cursor.rest().is_empty().then_some(tally)
    }
}

/// The keys of one record's postings.
pub fn keys(id: &str, filed: &Filed) -> impl Iterator<Item = Vec<u8>> {
    let Filed { terms, rank } = filed;
    let rank = rank.to_be_bytes();
    let by_id = terms.iter().map(move |term| [&[BY_ID], term.as_slice(), id.as_bytes()].concat());
    let ranked = terms.iter().chain([&EVERY]);
    by_id.chain(ranked.map(move |term| [&[BY_RANK], term.as_slice(), &rank, id.as_bytes()].concat()))
}

/// The keys that share a prefix, and what each has behind it: ids, or ranks and ids. It is read in one direction.
struct List {
    prefix: Vec<u8>,
    ascending: bool,
    /// Where it is read, and the entry that was read last.
    open: Option<(sled::Iter, Vec<u8>)>,
}

impl List {
    /// The first entry of the list that `from` admits, in its order. Each `from` is further on than the one before.
    fn seek(&mut self, db: &sled::Db, from: From<'_>) -> Result<Option<&[u8]>, sled::Error> {
        let near = self.near(from)?;
        if !near {
            let mut open = self.enter(db, from);
            let entry = self.next(&mut open)?;
            self.open = entry.map(|entry| (open, entry));
        }
        Ok(self.open.as_ref().map(|(_, entry)| entry.as_slice()))
    }

    /// Whether the entry is where the list is read, or a few steps on.
    fn near(&mut self, from: From<'_>) -> Result<bool, sled::Error> {
        let Some((mut open, mut entry)) = self.open.take() else { return Ok(false) };
        for _ in 0..STRIDE {
            if from.admits(&entry, self.ascending) {
                self.open = Some((open, entry));
                return Ok(true);
            }
            match self.next(&mut open)? {
                Some(next) => entry = next,
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    fn next(&self, open: &mut sled::Iter) -> Result<Option<Vec<u8>>, sled::Error> {
        let found = if self.ascending { open.next() } else { open.next_back() };
        Ok(found.transpose()?.map(|(key, _)| key.get(self.prefix.len()..).unwrap_or_default().to_vec()))
    }

    fn enter(&self, db: &sled::Db, from: From<'_>) -> sled::Iter {
        let (start, end) = (self.prefix.clone(), behind(&self.prefix));
        let bound = |entry: &[u8]| [self.prefix.as_slice(), entry].concat();
        match (from, self.ascending) {
            (From::Start, _) => db.range(start..end),
            (From::At(entry), true) => db.range(bound(entry)..end),
            (From::Behind(entry), true) => db.range([bound(entry), vec![0]].concat()..end),
            (From::At(entry), false) => db.range(start..=bound(entry)),
            (From::Behind(entry), false) => db.range(start..bound(entry)),
        }
    }
}

/// The first key behind all that begin with the prefix. No prefix here is all ones.
fn behind(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

/// Where a search begins.
#[derive(Debug, Clone, Copy)]
enum From<'e> {
    Start,
    At(&'e [u8]),
    Behind(&'e [u8]),
}

impl From<'_> {
    fn admits(&self, entry: &[u8], ascending: bool) -> bool {
        let ahead = |bound: &[u8]| if ascending { entry > bound } else { entry < bound };
        match self {
            From::Start => true,
            From::At(bound) => entry == *bound || ahead(bound),
            From::Behind(bound) => ahead(bound),
        }
    }
}

/// Entries that are in every list, in their order.
pub struct Search {
    lists: Vec<List>,
    order: Order,
    /// The last entry that is dealt with: given out, or not in every list.
    passed: Option<Vec<u8>>,
    steps: usize,
}

/// What a search came to.
pub enum Step {
    /// The id of a record.
    Id(String),
    End,
    /// It took too long; it can go on from [`Search::position`].
    Pause,
}

impl Search {
    /// `records` is what the keys of records by id begin with.
    pub fn new(terms: &[Term], order: Order, after: Option<&Position>, records: u8) -> Self {
        let list = |prefix: Vec<u8>| List { prefix, ascending: order.is_ascending(), open: None };
        let kind = if order.is_by_rank() { BY_RANK } else { BY_ID };
        let mut lists: Vec<List> = terms.iter().map(|term| list([&[kind], term.as_slice()].concat())).collect();
        if lists.is_empty() {
            lists.push(list(if order.is_by_rank() { [&[BY_RANK], EVERY.as_slice()].concat() } else { vec![records] }));
        }
        let passed = after.map(|Position { rank, id }| {
            let rank = rank.to_be_bytes();
            [if order.is_by_rank() { rank.as_slice() } else { &[] }, id.as_bytes()].concat()
        });
        Search { lists, order, passed, steps: 0 }
    }

    /// Goes on to the next entry that every list has.
    pub fn step(&mut self, db: &sled::Db) -> Result<Step, sled::Error> {
        let Some((first, others)) = self.lists.split_first_mut() else { return Ok(Step::End) };
        let passed = self.passed.take();
        let from = passed.as_deref().map_or(From::Start, From::Behind);
        let Some(mut candidate) = first.seek(db, from)?.map(<[u8]>::to_vec) else { return Ok(Step::End) };
        'candidates: loop {
            for list in others.iter_mut() {
                self.steps += 1;
                let Some(entry) = list.seek(db, From::At(&candidate))? else { return Ok(Step::End) };
                if entry == candidate {
                    continue;
                }
                // Nothing before `entry` is in every list.
                let entry = entry.to_vec();
                let next = first.seek(db, From::At(&entry))?.map(<[u8]>::to_vec);
                let rejected = std::mem::replace(&mut candidate, next.unwrap_or_default());
                if candidate.is_empty() {
                    return Ok(Step::End);
                }
                if self.steps > MOST_STEPS {
                    self.passed = Some(rejected);
                    return Ok(Step::Pause);
                }
                continue 'candidates;
            }
            let id = candidate.get(if self.order.is_by_rank() { RANK } else { 0 }..).unwrap_or_default();
            let id = String::from_utf8_lossy(id).into_owned();
            self.passed = Some(candidate);
            return Ok(Step::Id(id));
        }
    }

    /// Where the search stands.
    pub fn position(&self) -> Option<Position> {
        let passed = self.passed.as_deref()?;
        let (rank, id) =
            if self.order.is_by_rank() { passed.split_at_checked(RANK)? } else { (&[0; RANK][..], passed) };
        let rank = u64::from_be_bytes(rank.try_into().ok()?);
        Some(Position { rank, id: String::from_utf8_lossy(id).into_owned() })
    }
}
