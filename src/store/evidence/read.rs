//! Reading evidence: every byte is accounted for, and the chain is computed again.

use sha2::{Digest as _, Sha256};

use super::{ASIDE, END, ENTRY, LINK, MAGIC, VERSION};
use crate::store::StoredRecord;
use crate::store::cursor::Cursor;
use crate::store::journal::{Digest, Entry, Link};
use crate::store::ledger::LedgerHead;
use crate::store::record;

/// What a file of evidence holds, its chain proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where the chain begins.
    pub first: u64,
    /// What the file says the ledger ended at, and what its chain leads to.
    pub head: LedgerHead,
    /// Enclosed beside the chain, because records refer to them.
    pub aside: Vec<StoredRecord>,
    /// In the order of the ledger.
    pub records: Vec<StoredRecord>,
    /// Entries of the chain whose records are not shown.
    pub links: u64,
}

/// Why a file proves nothing. Sentences for auditors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    #[error("this is no evidence of heng: it does not begin with \"HENGEVID\"")]
    NotEvidence,
    #[error("evidence of version {found}, but this heng reads version {VERSION}: use a newer heng")]
    Newer { found: u32 },
    #[error("the file is cut short or damaged at byte {offset}: {what}")]
    Damaged { offset: usize, what: &'static str },
    #[error("entry {sequence} breaks the chain: {what}")]
    Broken { sequence: u64, what: &'static str },
    #[error("the chain leads to {found}, not to the head that the file states")]
    OtherHead { found: String },
}

/// Reads a whole file.
///
/// # Errors
/// The first thing that does not hold.
pub fn read(bytes: &[u8]) -> Result<Evidence, EvidenceError> {
    let mut reader = Reader { bytes, at: 0 };
    let magic: [u8; 8] = reader.array().map_err(|_| EvidenceError::NotEvidence)?;
    if magic != MAGIC {
        return Err(EvidenceError::NotEvidence);
    }
    let found = u32::from_le_bytes(reader.array()?);
    if found != VERSION {
        return Err(EvidenceError::Newer { found });
    }
    let head = LedgerHead { sequence: u64::from_le_bytes(reader.array()?), digest: reader.array()? };
    let mut chain =
        Chain { reached: None, found: Evidence { first: 0, head, aside: Vec::new(), records: Vec::new(), links: 0 } };
    loop {
        let start = reader.at;
        let (tag, body) = reader.section()?;
        match tag {
            ASIDE if chain.reached.is_none() => {
                let (record, _) = entry(body, start)?;
                chain.found.aside.push(record);
            }
            ENTRY => {
                let (record, entry) = entry(body, start)?;
                chain.step(entry.sequence, entry.previous, entry.digest())?;
                chain.found.records.push(record);
            }
            LINK => {
                let link = Link::decode(body).ok_or(reader.damaged(start, "a link that is none"))?;
                chain.step(link.sequence(), link.previous(), link.digest())?;
                chain.found.links += 1;
            }
            END => {
                let sum: Digest = Sha256::digest(bytes.get(..start).unwrap_or_default()).into();
                if body != sum {
                    return Err(reader.damaged(start, "the sum over the file does not hold"));
                }
                if reader.at != bytes.len() {
                    return Err(reader.damaged(reader.at, "something follows the end"));
                }
                return chain.finish();
            }
            _ => return Err(reader.damaged(start, "a section that cannot stand here")),
        }
    }
}

fn entry(body: &[u8], offset: usize) -> Result<(StoredRecord, Entry<'_>), EvidenceError> {
    let damaged = |what| EvidenceError::Damaged { offset, what };
    let entry = Entry::read(body).map_err(|_| damaged("an entry whose checksum does not hold"))?;
    if entry.bytes.len() != body.len() {
        return Err(damaged("something follows the entry"));
    }
    let record = record::decode(entry.record, entry.sequence).map_err(|_| damaged("an entry without a record"))?;
    Ok((record, entry))
}

struct Chain {
    reached: Option<(u64, Digest)>,
    found: Evidence,
}

impl Chain {
    fn step(&mut self, sequence: u64, previous: Digest, digest: Digest) -> Result<(), EvidenceError> {
        match self.reached {
            None => self.found.first = sequence,
            Some((last, _)) if last.checked_add(1) != Some(sequence) => {
                return Err(EvidenceError::Broken { sequence, what: "it does not follow the one before" });
            }
            Some((_, before)) if before != previous => {
                return Err(EvidenceError::Broken { sequence, what: "it does not carry the digest of the one before" });
            }
            Some(_) => {}
        }
        self.reached = Some((sequence, digest));
        Ok(())
    }

    fn finish(self) -> Result<Evidence, EvidenceError> {
        let Chain { reached, found } = self;
        match reached {
            Some((sequence, digest)) if LedgerHead { sequence, digest } == found.head => Ok(found),
            Some((sequence, _)) => Err(EvidenceError::OtherHead { found: format!("another entry {sequence}") }),
            None => Err(EvidenceError::OtherHead { found: "nothing".to_owned() }),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], EvidenceError> {
        let mut cursor = Cursor::new(self.bytes.get(self.at..).unwrap_or_default());
        let array = cursor.array().ok_or(self.damaged(self.at, "it ends here"))?;
        self.at += N;
        Ok(array)
    }

    fn section(&mut self) -> Result<(u8, &'a [u8]), EvidenceError> {
        let [tag] = self.array()?;
        let length = u32::from_le_bytes(self.array()?);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (body, _) = rest.split_at_checked(length).ok_or(self.damaged(self.at, "the section runs past the end"))?;
        self.at += length;
        Ok((tag, body))
    }

    fn damaged(&self, offset: usize, what: &'static str) -> EvidenceError {
        EvidenceError::Damaged { offset: offset.min(self.bytes.len()), what }
    }
}
