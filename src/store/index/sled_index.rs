//! Reading and writing the index.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::census::Census;
use super::chunks::{self, Chunks};
use super::guard::{IndexFault, guarded};
use super::layout::{self, IndexTail, Item, Place};
use super::rows::{Row, Tally};
use super::table::{self, GROUPS, SEGMENTS, TALLY_KEY, Table};
use crate::store::error::StoreError;
use crate::store::filing::{Filed, PAGE_BYTES};
use crate::store::journal::{Digest, Entry};
use crate::store::record;
use crate::store::{Kind, StoredRecord};

/// sled, opened under our own lock.
pub struct Index {
    /// `None` only while it is being dropped.
    db: Option<sled::Db>,
    /// Where entries are put next, once that was asked for.
    chunks: Mutex<Option<Chunks>>,
    /// What evaluations are found by, once it was read; none while they are not filed.
    pub(super) table: RwLock<Option<Table>>,
}

/// Journal entries on their way into the index.
pub struct Intake<'a> {
    /// All bytes of the entries, one after the other.
    pub bytes: &'a [u8],
    pub entries: Vec<Indexed<'a>>,
    /// Digest of the last.
    pub digest: Digest,
}

/// What a journal entry is found by.
pub struct Indexed<'a> {
    pub sequence: u64,
    /// Bytes of the entry.
    pub length: usize,
    pub kind: Kind,
    pub id: &'a str,
    pub request_id: Option<&'a str>,
    /// What the record is found by, where it is.
    pub filed: Option<&'a Filed>,
}

impl Index {
    /// Opens or makes the index with a cache of this many bytes. The caller holds the store's lock.
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Self, IndexFault> {
        for snapshot in unfinished_snapshots(folder) {
            // Left by a crash while sled wrote a snapshot; sled takes it for corruption.
            fs::remove_file(&snapshot).ok();
        }
        let config = sled::Config::new().path(folder).cache_capacity(cache_bytes).flush_every_ms(Some(500));
        let db = open_patiently(&config)?;
        Ok(Index { db: Some(db), chunks: Mutex::default(), table: RwLock::default() })
    }

    /// The last entry that was taken in; `None` in an empty index.
    pub fn tail(&self) -> Result<Option<IndexTail>, IndexFault> {
        self.tail_and_chunks().map(|found| found.map(|(tail, _)| tail))
    }

    fn tail_and_chunks(&self) -> Result<Option<(IndexTail, u64)>, IndexFault> {
        let db = self.db()?;
        guarded(|| match db.get(layout::TAIL_KEY)? {
            Some(value) => layout::decode_tail(unseal(layout::TAIL_KEY, &value)?).map(Some),
            None => Ok(None),
        })
    }

    fn chunks(&self) -> Result<Chunks, IndexFault> {
        if let Some(chunks) = *self.chunks.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(chunks);
        }
        let (db, full) = (self.db()?, self.tail_and_chunks()?.map_or(0, |(_, chunks)| chunks));
        guarded(|| Chunks::open(db, full))
    }

    /// Reads and verifies everything but the tail: the sums to compare with the journal's.
    pub fn take_census(&self) -> Result<Census, IndexFault> {
        let db = self.db()?;
        let full = self.chunks()?.next;
        guarded(|| {
            let mut census = Census::default();
            let (mut filed, mut counted) = (None, Tally::default());
            let (mut entries, mut chunks) = (0, 0);
            for item in db.iter() {
                let (key, value) = item?;
                let name = key.get(1..).unwrap_or_default();
                match layout::item(&key) {
                    Some(Item::Record) => {
                        let entry = entry_under(db, &key, &value)?;
                        let entry = Entry::read(&entry).map_err(damaged)?;
                        census.add_record(entry.sequence, entry.bytes);
                        entries += entry.bytes.len();
                    }
                    Some(Item::Request(kind)) => census.add_request(kind, text(name)?, text(unseal(&key, &value)?)?),
                    // What is behind the last full one is of a write that was cut short.
                    Some(Item::Chunk) if layout::number(&key).is_none_or(|number| number >= full) => {}
                    Some(Item::Chunk) => chunks += value.len(),
                    Some(Item::Tally) => filed = Tally::decode(unseal(&key, &value)?),
                    // Rows are counted below.
                    Some(Item::Tail | Item::Rows) => {}
                    None => return Err(damaged("an unknown key")),
                }
            }
            if entries != chunks {
                return Err(damaged(format!("its entries have {entries} bytes, its chunks {chunks}")));
            }
            // Rows without their tally were left behind half-way, and are made anew.
            let Some(filed) = filed else { return Ok(census) };
            for name in [SEGMENTS, GROUPS] {
                table::each_rows(db, name, &mut |_, rows, _| rows.iter().for_each(|row| counted.add(row)))?;
            }
            if filed.counts_as(&counted) { Ok(census) } else { Err(damaged("it is not filed as it should be")) }
        })
    }

    /// Takes entries in, all or none. They must follow the index's tail and be synced in the journal. They are filed
    /// if everything before them is, by the same filing. One thread at a time may call this.
    pub fn apply(&self, intake: Intake<'_>, filing: u32) -> Result<(), IndexFault> {
        let Intake { bytes, entries, digest } = intake;
        let Some(sequence) = entries.last().map(|last| last.sequence) else { return Ok(()) };
        if filing > 0 && self.table().is_none() && self.tail()?.is_none() {
            self.set_table(Some(Table::new(filing)));
        }
        let is_filed = filing > 0 && self.is_filed_by(filing)?;
        let (db, before) = (self.db()?, self.chunks()?);
        let mut batch = sled::Batch::default();
        let after = guarded(|| before.put(db, bytes, &mut batch))?;
        let mut put = |key: Vec<u8>, body: &[u8]| {
            let value = layout::seal(&key, body);
            batch.insert(key, value);
        };
        let (mut rows, mut start) = (Vec::new(), 0);
        for Indexed { sequence, length, kind, id, request_id, filed } in entries {
            put(layout::record_key(kind, id), &layout::encode_place(&before.place(sequence, start, length)));
            if let Some(request_id) = request_id {
                put(layout::request_key(kind, request_id), id.as_bytes());
            }
            rows.extend(filed.map(|filed| Row { id: id.to_owned(), filed: filed.clone() }));
            start += length;
        }
        put(layout::TAIL_KEY.to_vec(), &layout::encode_tail(&IndexTail { sequence, digest }, after.next));
        let change = self.table().as_ref().filter(|_| is_filed).map(|table| table.change(rows));
        match &change {
            Some(change) => {
                change.put.iter().for_each(|(key, body)| put(key.clone(), body));
                change.remove.iter().for_each(|key| batch.remove(key.as_slice()));
            }
            // What is filed is no longer all.
            None => batch.remove(TALLY_KEY),
        }
        guarded(|| Ok(db.apply_batch(batch)?))?;
        *self.chunks.lock().unwrap_or_else(PoisonError::into_inner) = Some(after);
        match change {
            Some(change) => self.make(change),
            None => self.set_table(None),
        }
        Ok(())
    }

    pub fn get(&self, kind: Kind, id: &str) -> Result<Option<StoredRecord>, StoreError> {
        let key = layout::record_key(kind, id);
        let found = self.db().and_then(|db| {
            guarded(|| match db.get(&key)? {
                Some(value) => read_record(db, &key, &value).map(Some),
                None => Ok(None),
            })
        });
        found.map_err(|fault| fault.at(id))
    }

    /// Whether there is a record of this kind with this id.
    pub fn holds(&self, kind: Kind, id: &str) -> Result<bool, StoreError> {
        let found = self.db().and_then(|db| guarded(|| Ok(db.contains_key(layout::record_key(kind, id))?)));
        found.map_err(|fault| fault.at(id))
    }

    pub fn find_request(&self, kind: Kind, request_id: &str) -> Result<Option<StoredRecord>, StoreError> {
        let key = layout::request_key(kind, request_id);
        let id = self.db().and_then(|db| {
            guarded(|| match db.get(&key)? {
                Some(value) => Ok(Some(text(unseal(&key, &value)?)?.to_owned())),
                None => Ok(None),
            })
        });
        let Some(id) = id.map_err(|fault| fault.at(request_id))? else {
            return Ok(None);
        };
        match self.get(kind, &id)? {
            Some(record) if record.request_id.as_deref() == Some(request_id) => Ok(Some(record)),
            _ => Err(damaged("its record is missing or belongs to another request").at(request_id)),
        }
    }

    pub fn page(&self, kind: Kind, before: Option<&str>, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let first = layout::records_of(kind);
        let from = vec![first];
        let to = before.map_or_else(|| vec![first + 1], |before| layout::record_key(kind, before));
        let records = self.db().and_then(|db| {
            guarded(|| {
                let mut records = Vec::new();
                let mut bytes = 0;
                for item in db.range(from..to).rev().take(limit) {
                    let (key, value) = item?;
                    let record = read_record(db, &key, &value)?;
                    bytes += record.payload.len();
                    records.push(record);
                    if bytes >= PAGE_BYTES {
                        break;
                    }
                }
                Ok(records)
            })
        });
        records.map_err(|fault| fault.at("a page of records"))
    }

    /// Makes everything taken in durable in sled's own files.
    pub fn flush(&self) -> Result<(), IndexFault> {
        let db = self.db()?;
        guarded(|| Ok(db.flush().map(drop)?))
    }

    /// The journal entry of the record of this kind with this id.
    pub fn entry(&self, kind: Kind, id: &str) -> Result<Option<Vec<u8>>, IndexFault> {
        let db = self.db()?;
        let key = layout::record_key(kind, id);
        guarded(|| db.get(&key)?.map(|value| entry_under(db, &key, &value)).transpose())
    }

    /// Shows sequence, kind and id of every record, until one cannot be read.
    pub fn each_record(&self, visit: &mut dyn FnMut(u64, Kind, &str)) -> Result<(), IndexFault> {
        let db = self.db()?;
        guarded(|| {
            for kind in Kind::ALL {
                for item in db.scan_prefix([layout::records_of(kind)]) {
                    let (key, value) = item?;
                    visit(place(&key, &value)?.sequence, kind, text(key.get(1..).unwrap_or_default())?);
                }
            }
            Ok(())
        })
    }

    /// Closes sled's files. Nothing can be read or written afterwards.
    pub fn close(&mut self) {
        // sled writes out what it holds when it is dropped, and may panic over it; the journal has everything.
        let db = self.db.take();
        guarded(|| {
            drop(db);
            Ok(())
        })
        .ok();
    }

    pub(super) fn db(&self) -> Result<&sled::Db, IndexFault> {
        self.db.as_ref().ok_or_else(|| damaged("it is closed"))
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.close();
    }
}

pub(super) fn read_record(db: &sled::Db, key: &[u8], value: &[u8]) -> Result<StoredRecord, IndexFault> {
    let entry = entry_under(db, key, value)?;
    let entry = Entry::read(&entry).map_err(damaged)?;
    let record = record::decode(entry.record, entry.sequence).map_err(damaged)?;
    if layout::record_key(record.kind, &record.id) != key {
        return Err(damaged(format!("record {} stands here", record.id)));
    }
    Ok(record)
}

/// The bytes of the entry whose place this value is.
fn entry_under(db: &sled::Db, key: &[u8], value: &[u8]) -> Result<Vec<u8>, IndexFault> {
    chunks::read(db, &place(key, value)?)
}

fn place(key: &[u8], value: &[u8]) -> Result<Place, IndexFault> {
    layout::decode_place(unseal(key, value)?).ok_or_else(|| damaged("its value is no place"))
}

pub(super) fn unseal<'a>(key: &[u8], value: &'a [u8]) -> Result<&'a [u8], IndexFault> {
    layout::unseal(key, value).ok_or_else(|| damaged("the checksum does not hold"))
}

fn text(bytes: &[u8]) -> Result<&str, IndexFault> {
    std::str::from_utf8(bytes).map_err(damaged)
}

pub(super) fn damaged(what: impl std::fmt::Display) -> IndexFault {
    IndexFault::Damaged(what.to_string())
}

/// sled's threads may hold its lock for a moment after a store of this process was dropped.
fn open_patiently(config: &sled::Config) -> Result<sled::Db, IndexFault> {
    let give_up = Instant::now() + Duration::from_secs(5);
    loop {
        match guarded(|| Ok(config.open()?)) {
            Err(IndexFault::Damaged(what)) if what.contains("could not acquire lock") && Instant::now() < give_up => {
                thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}

fn unfinished_snapshots(folder: &Path) -> Vec<PathBuf> {
    let items = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = items.map(|item| item.path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "generating")).collect()
}
