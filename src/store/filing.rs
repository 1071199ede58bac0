//! Finding evaluations by what they say, without the store knowing what that is.
//!
//! The caller gives a function from a payload to [`Filed`]: terms, such as eight bytes that stand for "year 2022",
//! and a rank. The index keeps, for some hundred records at a time, which of them have each term, and [`Query`]
//! intersects these sets. Whatever is filed follows from the payload, so it can be made anew; a change of what the
//! function says counts its version up.

use super::{Kind, StoredRecord};

/// A page ends with the record that brings it to this many bytes of payloads, however many records were asked for.
pub const PAGE_BYTES: usize = 8 << 20;

/// Stands for one thing that records can have in common.
pub type Term = [u8; 8];

/// What one record is filed under.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filed {
    /// Each once.
    pub terms: Vec<Term>,
    pub rank: u64,
}

/// How evaluations are filed.
#[derive(Debug, Clone, Copy)]
pub struct Filing {
    /// From 1; what was filed under another version is filed anew when the store opens. 0 files nothing.
    pub version: u32,
    pub file: fn(&[u8]) -> Filed,
}

impl Filing {
    /// Files nothing: [`Store::find`](super::Store::find) then finds nothing by a term. For tools that only read or
    /// mend; the next service files what they wrote.
    pub const NONE: Filing = Filing { version: 0, file: |_| Filed::default() };

    /// What the record is filed under; none for kinds that are not.
    pub(super) fn of(&self, kind: Kind, payload: &[u8]) -> Option<Filed> {
        (self.version > 0 && kind == Kind::Evaluation).then(|| (self.file)(payload))
    }
}

/// The order of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    NewestFirst = 0,
    OldestFirst = 1,
    /// By rank, then newest first.
    HighestFirst = 2,
    /// By rank, then oldest first.
    LowestFirst = 3,
}

impl Order {
    pub const ALL: [Order; 4] = [Order::NewestFirst, Order::OldestFirst, Order::HighestFirst, Order::LowestFirst];

    pub(super) fn is_by_rank(self) -> bool {
        matches!(self, Order::HighestFirst | Order::LowestFirst)
    }

    pub(super) fn is_ascending(self) -> bool {
        matches!(self, Order::OldestFirst | Order::LowestFirst)
    }
}

/// Which evaluations are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// All of them; each once.
    pub terms: Vec<Term>,
    pub order: Order,
    /// Where the page before ended.
    pub after: Option<Position>,
    pub limit: usize,
}

/// A place in an order: that of a record, whether or not there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 0 in the orders by time.
    pub rank: u64,
    pub id: String,
}

/// A page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub records: Vec<StoredRecord>,
    /// Where to go on; none after the last. A page may be short while there is more: it ends
    /// with [`PAGE_BYTES`], and where very many were asked for.
    pub next: Option<Position>,
}
