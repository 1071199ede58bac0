//! What records are filed under, as it is written: rows, and a count of all of them.
//!
//! ```text
//! terms (varint), each term (8)
//! rows (varint), each: length of id (varint), id, rank (8), terms (varint), each its place among the terms (varint)
//! ```

use std::collections::BTreeMap;

use crate::store::cursor::Cursor;
use crate::store::filing::{Filed, Term};

/// One record, and what it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub filed: Filed,
}

/// How many rows there are, and what they sum up to, whatever the order they are met in.
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

    pub fn add(&mut self, row: &Row) {
        let Row { id, filed: Filed { terms, rank } } = row;
        let over = |seed: u32| {
            let seed = crc32c::crc32c_append(crc32c::crc32c_append(seed, id.as_bytes()), &rank.to_le_bytes());
            terms.iter().fold(seed, |sum, term| crc32c::crc32c_append(sum, term))
        };
        self.count += 1;
        self.sum = self.sum.wrapping_add(u64::from(over(0)) << 32 | u64::from(over(!0).rotate_left(7)));
    }

    /// Whether both are of the same rows.
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

pub fn encode(rows: &[Row]) -> Vec<u8> {
    let mut places: BTreeMap<Term, u64> = BTreeMap::new();
    for term in rows.iter().flat_map(|row| &row.filed.terms) {
        places.insert(*term, 0);
    }
    let mut out = Vec::new();
    put_number(&mut out, places.len() as u64);
    for (place, (term, at)) in (0..).zip(&mut places) {
        *at = place;
        out.extend_from_slice(term);
    }
    put_number(&mut out, rows.len() as u64);
    for Row { id, filed: Filed { terms, rank } } in rows {
        put_number(&mut out, id.len() as u64);
        out.extend_from_slice(id.as_bytes());
        out.extend_from_slice(&rank.to_le_bytes());
        put_number(&mut out, terms.len() as u64);
        for term in terms {
            put_number(&mut out, places.get(term).copied().unwrap_or_default());
        }
    }
    out
}

/// Reads what [`encode`] wrote.
pub fn decode(bytes: &[u8]) -> Option<Vec<Row>> {
    let mut cursor = Cursor::new(bytes);
    let count = take_number(&mut cursor)?;
    let (dictionary, _) = cursor.bytes(count.checked_mul(size_of::<Term>())?)?.as_chunks::<8>();
    let mut rows = Vec::new();
    for _ in 0..take_number(&mut cursor)? {
        let length = take_number(&mut cursor)?;
        let id = std::str::from_utf8(cursor.bytes(length)?).ok()?.to_owned();
        let rank = cursor.u64()?;
        let count = take_number(&mut cursor)?;
        let terms = (0..count).map(|_| dictionary.get(take_number(&mut cursor)?).copied());
        let terms = terms.collect::<Option<Vec<Term>>>()?;
        rows.push(Row { id, filed: Filed { terms, rank } });
    }
    cursor.rest().is_empty().then_some(rows)
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7f) as u8);
}

fn take_number(cursor: &mut Cursor<'_>) -> Option<usize> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = cursor.u8()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(number).ok();
        }
    }
    None
}
