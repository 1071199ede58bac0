//! Filing records in the index, and finding them.

use super::guard::{IndexFault, guarded};
use super::layout;
use super::postings::{self, Search, Step, TALLY_KEY, Tally};
use super::sled_index::{Index, damaged, read_record, unseal};
use crate::store::error::StoreError;
use crate::store::filing::{Filing, Found, PAGE_BYTES, Query};
use crate::store::{Kind, StoredRecord};

/// Postings in one write when everything is filed anew.
const BATCH: usize = 20_000;

impl Index {
    /// Files every record anew, unless that was done by this very filing. How many were filed.
    ///
    /// While it is under way there is no tally, so that whatever interrupts it leads here again.
    pub fn file_anew(&self, filing: &Filing) -> Result<Option<u64>, IndexFault> {
        let db = self.db()?;
        if filing.version == 0 || self.tally()?.is_some_and(|tally| tally.version == filing.version) {
            return Ok(None);
        }
        guarded(|| {
            db.remove(TALLY_KEY)?;
            let mut batch = sled::Batch::default();
            for kind in [postings::BY_ID, postings::BY_RANK] {
                for (count, key) in db.scan_prefix([kind]).keys().enumerate() {
                    batch.remove(key?);
                    if count % BATCH == BATCH - 1 {
                        db.apply_batch(std::mem::take(&mut batch))?;
                    }
                }
            }
            let (mut tally, mut records, mut waiting) = (Tally::new(filing.version), 0_u64, 0);
            for item in db.scan_prefix([layout::records_of(Kind::Evaluation)]) {
                let (key, value) = item?;
                let record = read_record(db, &key, &value)?;
                let filed = filing.of(record.kind, &record.payload).unwrap_or_default();
                for key in postings::keys(&record.id, &filed) {
                    tally.add(&key);
                    batch.insert(key, sled::IVec::default());
                    waiting += 1;
                }
                records += 1;
                if waiting >= BATCH {
                    db.apply_batch(std::mem::take(&mut batch))?;
                    waiting = 0;
                }
            }
            batch.insert(TALLY_KEY, layout::seal(TALLY_KEY, &tally.encode()));
            db.apply_batch(batch)?;
            Ok(Some(records).filter(|records| *records > 0))
        })
    }

    /// What is filed, by its own count.
    pub fn tally(&self) -> Result<Option<Tally>, IndexFault> {
        let db = self.db()?;
        guarded(|| match db.get(TALLY_KEY)? {
            Some(value) => {
                let tally = Tally::decode(unseal(TALLY_KEY, &value)?);
                tally.map(Some).ok_or_else(|| damaged("the count of its postings is none"))
            }
            None => Ok(None),
        })
    }

    /// Evaluations that have every term, in the order that is asked for.
    pub fn find(&self, query: &Query) -> Result<Found, StoreError> {
        let found = self.db().and_then(|db| guarded(|| search(db, query)));
        found.map_err(|fault| fault.at("a page of what was found"))
    }
}

fn search(db: &sled::Db, query: &Query) -> Result<Found, IndexFault> {
    let Query { terms, order, after, limit } = query;
    let records = layout::records_of(Kind::Evaluation);
    let mut search = Search::new(terms, *order, after.as_ref(), records);
    let mut found = Found::default();
    let mut bytes = 0;
    while found.records.len() < *limit && bytes < PAGE_BYTES {
        match search.step(db)? {
            Step::Id(id) => {
                let record = record(db, &id)?;
                bytes += record.payload.len();
                found.records.push(record);
            }
            Step::End => return Ok(found),
            Step::Pause => {
                found.next = search.position();
                return Ok(found);
            }
        }
    }
    let next = search.position().or_else(|| after.clone());
    // Only a further record, or the doubt whether there is one, makes a next page.
    found.next = next.filter(|_| !matches!(search.step(db), Ok(Step::End)));
    Ok(found)
}

fn record(db: &sled::Db, id: &str) -> Result<StoredRecord, IndexFault> {
    let key = layout::record_key(Kind::Evaluation, id);
    let value = db.get(&key)?.ok_or_else(|| damaged(format!("record {id} is filed and missing")))?;
    read_record(db, &key, &value)
}
