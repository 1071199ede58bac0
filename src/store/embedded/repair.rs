//! Mending a damaged journal from what else holds its entries, proven by the journal's own chain.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::{EmbeddedStore, Options, Recovery};
use crate::store::Kind;
use crate::store::error::StoreError;
use crate::store::index::Index;
use crate::store::journal::{self, Digest, Entry, Found, Rewriter};
use crate::store::mark::MarkFile;

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// Entries that were damaged or missing in the journal and came back from the index.
    pub restored: u64,
    /// Where the damaged journal was put, when it was replaced.
    pub kept_aside: Option<PathBuf>,
    /// The store as it opened afterwards.
    pub recovery: Recovery,
}

/// Opens the store; a damaged journal is written anew first, from its own good entries and the index's copies.
/// The damaged one is kept aside. A damaged index is rebuilt.
///
/// # Errors
/// [`StoreError::Lost`] when some entry is in neither, or the copies do not fit the chain: nothing was changed.
pub fn repair(root: &Path, options: &Options) -> Result<Repaired, StoreError> {
    super::folder::require_format(root)?;
    let (restored, kept_aside) = match EmbeddedStore::open(root, options.clone()) {
        Ok(store) => return Ok(Repaired { restored: 0, kept_aside: None, recovery: store.recovery().clone() }),
        Err(StoreError::Damaged { .. }) => {
            let (restored, aside) = mend(&Folder::open_existing(root)?, options)?;
            (restored, Some(aside))
        }
        Err(error) => return Err(error),
    };
    let store = EmbeddedStore::open(root, options.clone())?;
    Ok(Repaired { restored, kept_aside, recovery: store.recovery().clone() })
}

fn mend(folder: &Folder, options: &Options) -> Result<(u64, PathBuf), StoreError> {
    let mark = MarkFile::read(&folder.mark())?;
    let index = Index::open(&folder.index(), options.index_cache_bytes).ok();
    let sources = Sources::gather(folder, index.as_ref())?;
    let acknowledged = mark.map_or(0, |mark| mark.sequence).max(sources.last());

    let mended = folder.root().join("journal.mended");
    fs::remove_dir_all(&mended).ok();
    fs::create_dir_all(&mended).map_err(StoreError::io(format!("make {}", mended.display())))?;
    let mut writer = Rewriter::begin(&mended, options.limits())?;
    let mut restored = 0;
    for sequence in 1..=acknowledged {
        let previous = writer.tail().digest;
        let (entry, from_index) = sources.entry(sequence, &previous).ok_or(StoreError::Lost { sequence })?;
        writer.write(&entry)?;
        restored += u64::from(from_index);
    }
    if mark.is_some_and(|mark| mark.sequence == acknowledged && mark.digest != writer.tail().digest) {
        return Err(StoreError::Lost { sequence: acknowledged });
    }
    let tail = writer.finish()?;
    drop(index);

    let mut aside = folder.root().join("journal.damaged");
    while aside.exists() {
        aside.as_mut_os_string().push("+");
    }
    let doing = || StoreError::io("put the mended journal in place");
    fs::remove_file(folder.seal()).ok();
    fs::rename(folder.journal(), &aside).map_err(doing())?;
    fs::rename(&mended, folder.journal()).map_err(doing())?;
    MarkFile::open(&folder.mark())?.0.settle(&tail)?;
    folder.settle()?;
    Ok((restored, aside))
}

/// Where good entries are: the journal's segments and the index.
struct Sources<'a> {
    folder: &'a Folder,
    /// Intact entries by sequence; more than one where a segment stands twice.
    journal: BTreeMap<u64, Vec<Found>>,
    index: Option<&'a Index>,
    ids: HashMap<u64, (Kind, String)>,
}

impl<'a> Sources<'a> {
    fn gather(folder: &'a Folder, index: Option<&'a Index>) -> Result<Self, StoreError> {
        let mut journal: BTreeMap<u64, Vec<Found>> = BTreeMap::new();
        for (sequence, found) in journal::salvage(&folder.journal())? {
            journal.entry(sequence).or_default().push(found);
        }
        let mut ids = HashMap::new();
        if let Some(index) = index {
            // What of a damaged index can be read is worth having: the chain tells what is true.
            index.each_record(&mut |sequence, kind, id| drop(ids.insert(sequence, (kind, id.to_owned())))).ok();
        }
        Ok(Sources { folder, journal, index, ids })
    }

    /// The last sequence that anybody knows of.
    fn last(&self) -> u64 {
        let in_journal = self.journal.keys().next_back().copied().unwrap_or(0);
        in_journal.max(self.ids.keys().copied().max().unwrap_or(0))
    }

    /// The entry of this sequence that follows `previous`, and whether it came from the index.
    fn entry(&self, sequence: u64, previous: &Digest) -> Option<(Vec<u8>, bool)> {
        let fits = |bytes: &[u8]| {
            Entry::read(bytes).is_ok_and(|entry| {
                entry.sequence == sequence && entry.previous == *previous && entry.bytes.len() == bytes.len()
            })
        };
        let found = self.journal.get(&sequence).into_iter().flatten();
        let in_journal = found.filter_map(|found| found.read(&self.folder.journal())).find(|bytes| fits(bytes));
        if let Some(bytes) = in_journal {
            return Some((bytes, false));
        }
        let (kind, id) = self.ids.get(&sequence)?;
        let bytes = self.index?.entry(*kind, id).ok()??;
        fits(&bytes).then_some((bytes, true))
    }
}
