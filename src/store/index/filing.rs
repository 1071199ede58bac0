//! Filing records in the index, and finding them.

use std::sync::{PoisonError, RwLockReadGuard};

use super::guard::{IndexFault, guarded};
use super::layout;
use super::rows::{Row, Tally};
use super::segment::ROWS;
use super::sled_index::{Index, damaged, read_record, unseal};
use super::table::{Change, GROUPS, SEGMENTS, TALLY_KEY, Table};
use crate::store::error::StoreError;
use crate::store::filing::{Filing, Found, PAGE_BYTES, Position, Query};
use crate::store::{Kind, StoredRecord};

/// Keys in one write when what was filed is taken out.
const BATCH: usize = 20_000;
/// Places that one search gives at most; a longer page is short.
const MOST_PLACES: usize = 10_000;

impl Index {
    /// Files every record anew, unless that was done by this very filing and can be read. How many were filed.
    ///
    /// While it is under way there is no tally, so that whatever interrupts it leads here again.
    pub fn file_anew(&self, filing: &Filing) -> Result<Option<u64>, IndexFault> {
        if filing.version == 0 || self.is_filed_by(filing.version)? {
            return Ok(None);
        }
        let db = self.db()?;
        self.set_table(None);
        guarded(|| {
            db.remove(TALLY_KEY)?;
            let mut batch = sled::Batch::default();
            for name in [GROUPS, SEGMENTS] {
                for (count, key) in db.scan_prefix([name]).keys().enumerate() {
                    batch.remove(key?);
                    if count % BATCH == BATCH - 1 {
                        db.apply_batch(std::mem::take(&mut batch))?;
                    }
                }
            }
            db.apply_batch(batch)?;
            let (mut table, mut records) = (Table::new(filing.version), 0_u64);
            let mut rows = Vec::new();
            for item in db.scan_prefix([layout::records_of(Kind::Evaluation)]) {
                let (key, value) = item?;
                let record = read_record(db, &key, &value)?;
                let filed = filing.of(record.kind, &record.payload).unwrap_or_default();
                rows.push(Row { id: record.id, filed });
                records += 1;
                if rows.len() == ROWS {
                    write(db, &mut table, std::mem::take(&mut rows), false)?;
                }
            }
            write(db, &mut table, rows, true)?;
            self.set_table(Some(table));
            Ok(Some(records).filter(|records| *records > 0))
        })
    }

    /// Whether everything is filed by this version of a filing; it is in memory then. What is filed and cannot be read
    /// is not filed: it can be made anew.
    pub(super) fn is_filed_by(&self, version: u32) -> Result<bool, IndexFault> {
        if let Some(table) = self.table().as_ref() {
            return Ok(table.version() == version);
        }
        let tally = match self.tally() {
            Ok(tally) => tally,
            Err(IndexFault::Damaged(_)) => None,
            Err(fault) => return Err(fault),
        };
        let Some(tally) = tally.filter(|tally| tally.version == version) else { return Ok(false) };
        match self.load(&tally) {
            Err(IndexFault::Damaged(_)) => Ok(false),
            loaded => loaded.map(|()| true),
        }
    }

    fn load(&self, tally: &Tally) -> Result<(), IndexFault> {
        let db = self.db()?;
        let table = guarded(|| Table::load(db, tally))?;
        self.set_table(Some(table));
        Ok(())
    }

    pub(super) fn table(&self) -> RwLockReadGuard<'_, Option<Table>> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_table(&self, table: Option<Table>) {
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = table;
    }

    /// Makes a change that is written.
    pub(super) fn make(&self, change: Change) {
        if let Some(table) = self.table.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            table.make(change);
        }
    }

    /// What is filed, by its own count.
    pub fn tally(&self) -> Result<Option<Tally>, IndexFault> {
        let db = self.db()?;
        guarded(|| match db.get(TALLY_KEY)? {
            Some(value) => {
                let tally = Tally::decode(unseal(TALLY_KEY, &value)?);
                tally.map(Some).ok_or_else(|| damaged("the count of what is filed is none"))
            }
            None => Ok(None),
        })
    }

    /// Evaluations that have every term, in the order that is asked for.
    pub fn find(&self, query: &Query) -> Result<Found, StoreError> {
        let found = self.db().and_then(|db| {
            let most = query.limit.min(MOST_PLACES);
            // One more tells whether there is a next page.
            let places = if query.terms.is_empty() && !query.order.is_by_rank() {
                guarded(|| by_time(db, query, most + 1))?
            } else {
                self.places(query, most + 1)?
            };
            guarded(|| page(db, query, &places, most))
        });
        found.map_err(|fault| fault.at("a page of what was found"))
    }

    fn places(&self, query: &Query, most: usize) -> Result<Vec<Position>, IndexFault> {
        if self.table().is_none()
            && let Some(tally) = self.tally()?
        {
            self.load(&tally)?;
        }
        Ok(self.table().as_ref().map(|table| table.find(query, most)).unwrap_or_default())
    }
}

fn write(db: &sled::Db, table: &mut Table, rows: Vec<Row>, last: bool) -> Result<(), IndexFault> {
    let change = table.change(rows);
    let mut batch = sled::Batch::default();
    for (key, body) in &change.put {
        if last || key != TALLY_KEY {
            batch.insert(key.as_slice(), layout::seal(key, body));
        }
    }
    db.apply_batch(batch)?;
    table.make(change);
    Ok(())
}

/// Places of all evaluations, which their own keys give.
fn by_time(db: &sled::Db, query: &Query, most: usize) -> Result<Vec<Position>, IndexFault> {
    let first = layout::records_of(Kind::Evaluation);
    let after = query.after.as_ref().map(|after| layout::record_key(Kind::Evaluation, &after.id));
    let (start, end) = (vec![first], vec![first + 1]);
    let keys: Box<dyn Iterator<Item = _>> = match (query.order.is_ascending(), after) {
        (true, Some(after)) => Box::new(db.range([after, vec![0]].concat()..end).keys()),
        (true, None) => Box::new(db.range(start..end).keys()),
        (false, after) => Box::new(db.range(start..after.unwrap_or(end)).keys().rev()),
    };
    let ids = keys.take(most).map(|key| {
        let key = key?;
        let id = std::str::from_utf8(key.get(1..).unwrap_or_default()).map_err(damaged)?;
        Ok(Position { rank: 0, id: id.to_owned() })
    });
    ids.collect()
}

/// The records at the first `most` places, as far as they go on one page.
fn page(db: &sled::Db, query: &Query, places: &[Position], most: usize) -> Result<Found, IndexFault> {
    let mut found = Found { records: Vec::new(), next: query.after.clone().filter(|_| !places.is_empty()) };
    let mut bytes = 0;
    for (place, position) in places.iter().enumerate().take(most) {
        let record = record(db, &position.id)?;
        bytes += record.payload.len();
        found.records.push(record);
        found.next = Some(position.clone()).filter(|_| place + 1 < places.len());
        if bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(found)
}

fn record(db: &sled::Db, id: &str) -> Result<StoredRecord, IndexFault> {
    let key = layout::record_key(Kind::Evaluation, id);
    let value = db.get(&key)?.ok_or_else(|| damaged(format!("record {id} is filed and missing")))?;
    read_record(db, &key, &value)
}
