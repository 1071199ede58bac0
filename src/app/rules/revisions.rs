//! Revisions of rules: kept once under their content hash, compiled when somebody asks for them.

#![expect(clippy::disallowed_methods, reason = "the rim: a revision carries the time it was kept")]

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::pack::PackFiles;
use crate::ruleset::{ENGINE_SEMANTICS, RuleBook, RuleSet, revision_of};
use crate::store::{Kind, NewRecord, Put, Store, StoreError};
use crate::wire::stored::{self, Revision, StoredError};

/// Compiled revisions kept at hand, besides those that serve. One takes a few MiB.
const AT_HAND: usize = 16;

/// Why a revision cannot be used.
#[derive(Debug, Clone)]
pub enum RevisionFault {
    /// It is not in the store.
    Unknown,
    Store(StoreError),
    Unreadable(StoredError),
    /// The revision that has a part of its files is not where it is.
    Incomplete {
        extends: String,
    },
    /// Its files are not those that its hash says.
    Altered,
    /// Under this engine the same files score otherwise, and are another revision.
    OtherSemantics {
        made: u32,
    },
    /// This engine does not take its files any more.
    Broken(Vec<Diagnostic>),
}

impl RevisionFault {
    /// The sentence about this revision.
    pub fn message(&self, revision: &str) -> Bilingual {
        match self {
            RevisionFault::Unknown => {
                Bilingual::new(format!("没有保存过版本 {revision}"), format!("revision {revision} is not in the store"))
            }
            RevisionFault::Store(error) => {
                Bilingual::new(format!("版本 {revision} 读取失败"), format!("revision {revision}: {error}"))
            }
            RevisionFault::Unreadable(why) => Bilingual::new(
                format!("版本 {revision} 无法读取"),
                format!("revision {revision} cannot be read: {why}"),
            ),
            RevisionFault::Incomplete { extends } => Bilingual::new(
                format!("版本 {revision} 缺少它所继承的版本 {extends} 的文件"),
                format!("revision {revision} lacks the files of revision {extends}, which it extends"),
            ),
            RevisionFault::Altered => Bilingual::new(
                format!("版本 {revision} 的文件与其摘要不符"),
                format!("the files of revision {revision} are not those that its hash says"),
            ),
            RevisionFault::OtherSemantics { made } => Bilingual::new(
                format!("版本 {revision} 属于计算语义 {made}，本程序的计算语义是 {ENGINE_SEMANTICS}；请重新发布其文件"),
                format!(
                    "revision {revision} belongs to engine semantics {made}, and this heng has {ENGINE_SEMANTICS}; publish its files again"
                ),
            ),
            RevisionFault::Broken(problems) => {
                let first = problems.iter().find(|problem| problem.is_error()).map(|problem| problem.message.clone());
                let Bilingual { zh, en } = first.unwrap_or_default();
                Bilingual::new(
                    format!("版本 {revision} 的规则无法编译：{zh}"),
                    format!("the rules of revision {revision} do not compile: {en}"),
                )
            }
        }
    }
}

impl From<StoredError> for RevisionFault {
    fn from(why: StoredError) -> Self {
        RevisionFault::Unreadable(why)
    }
}

/// A revision with all its files, wherever `payload_of` finds them.
pub fn whole<P: AsRef<[u8]>>(
    revision: &str,
    payload_of: impl Fn(&str) -> Result<Option<P>, StoreError>,
) -> Result<Revision, RevisionFault> {
    let read = |revision: &str| match payload_of(revision).map_err(RevisionFault::Store)? {
        Some(payload) => stored::decode_revision(payload.as_ref()).map(Some).map_err(RevisionFault::Unreadable),
        None => Ok(None),
    };
    let found = read(revision)?.ok_or(RevisionFault::Unknown)?;
    stored::completed(found, |extends| read(extends)?.ok_or(RevisionFault::Incomplete { extends: extends.to_owned() }))
}

/// Compiles a revision whatever engine semantics it was made under, after proving that its files are what the hash
/// says. Under other semantics than it was made, the set has another revision.
pub fn compile(revision: &str, stored: &Revision) -> Result<Arc<RuleSet>, RevisionFault> {
    if revision_of(&stored.packs, stored.engine_semantics) != revision {
        return Err(RevisionFault::Altered);
    }
    let (book, problems) = RuleBook::compile(&stored.packs);
    let set = book.as_ref().and_then(|book| book.get(&stored.rule_pack)).cloned();
    set.ok_or(RevisionFault::Broken(problems))
}

/// Compiles a revision to score by it.
pub fn compile_exactly(revision: &str, stored: &Revision) -> Result<Arc<RuleSet>, RevisionFault> {
    if stored.engine_semantics != ENGINE_SEMANTICS {
        return Err(RevisionFault::OtherSemantics { made: stored.engine_semantics });
    }
    compile(revision, stored)
}

/// The files that the revision of a set covers, the most general pack first.
pub fn files_of(set: &RuleSet, folder: &[PackFiles]) -> Vec<PackFiles> {
    let names = set.extends.iter().rev().chain(std::iter::once(&set.id));
    names.filter_map(|name| folder.iter().find(|pack| pack.name == *name).cloned()).collect()
}

/// Submits records and waits until all are durable: one sync for all of them. Blocks.
pub(super) fn put_all(store: &dyn Store, records: Vec<NewRecord>) -> Vec<Result<Put, StoreError>> {
    let submit = |record| {
        let (sender, receiver) = mpsc::channel();
        store.submit(record, Box::new(move |outcome| drop(sender.send(outcome))));
        receiver
    };
    let waiting: Vec<_> = records.into_iter().map(submit).collect();
    waiting.into_iter().map(|receiver| receiver.recv().unwrap_or(Err(StoreError::Poisoned))).collect()
}

/// Somebody else may have kept the same content meanwhile.
fn kept(put: Result<Put, StoreError>) -> Result<(), StoreError> {
    match put {
        Ok(_) | Err(StoreError::DuplicateId { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The revisions of a store. Everything here blocks.
pub struct Revisions {
    store: Arc<dyn Store>,
    /// The one used last comes last.
    compiled: Mutex<Vec<Arc<RuleSet>>>,
}

impl Revisions {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Revisions { store, compiled: Mutex::default() }
    }

    /// Keeps the revisions of sets with their files; one that is there already is left as it is.
    pub fn keep_all<'s>(
        &self,
        sets: impl IntoIterator<Item = &'s RuleSet>,
        folder: &[PackFiles],
    ) -> Result<(), StoreError> {
        // What extends nothing first: whoever refers to it finds it.
        let mut steps: BTreeMap<usize, Vec<&RuleSet>> = BTreeMap::new();
        for set in sets {
            steps.entry(set.extends.len()).or_default().push(set);
        }
        for step in steps.into_values() {
            let mut records = Vec::new();
            for set in step {
                records.extend(self.record(set, folder, "", "")?);
            }
            put_all(&*self.store, records).into_iter().try_for_each(kept)?;
        }
        Ok(())
    }

    /// Keeps a revision that somebody published.
    pub fn keep_for(&self, set: &RuleSet, folder: &[PackFiles], author: &str, reason: &str) -> Result<(), StoreError> {
        let record = self.record(set, folder, author, reason)?;
        put_all(&*self.store, record.into_iter().collect()).into_iter().try_for_each(kept)
    }

    /// The record of a revision that is not kept yet. Files that the revision of another pack has are left to it.
    fn record(
        &self,
        set: &RuleSet,
        folder: &[PackFiles],
        author: &str,
        reason: &str,
    ) -> Result<Option<NewRecord>, StoreError> {
        if self.store.get(Kind::Revision, &set.revision)?.is_some() {
            return Ok(None);
        }
        let mut packs = files_of(set, folder);
        let mut extends_revision = String::new();
        if let Some((own, extended)) = packs.split_last().filter(|(_, extended)| !extended.is_empty()) {
            let revision = revision_of(extended, ENGINE_SEMANTICS);
            if self.store.get(Kind::Revision, &revision)?.is_some() {
                (packs, extends_revision) = (vec![own.clone()], revision);
            }
        }
        let revision = Revision {
            rule_pack: set.id.clone(),
            engine_semantics: ENGINE_SEMANTICS,
            kept_at: Timestamp::now(),
            author: author.to_owned(),
            reason: reason.to_owned(),
            packs,
            extends_revision,
        };
        Ok(Some(NewRecord {
            kind: Kind::Revision,
            id: set.revision.clone(),
            request_id: None,
            request_digest: [0; 32],
            payload: stored::encode_revision(&revision),
        }))
    }

    /// The revision with all its files.
    pub fn stored(&self, revision: &str) -> Result<Revision, RevisionFault> {
        let payload_of = |revision: &str| Ok(self.store.get(Kind::Revision, revision)?.map(|record| record.payload));
        whole(revision, payload_of)
    }

    /// The compiled revision, to score by it.
    pub fn compiled(&self, revision: &str) -> Result<Arc<RuleSet>, RevisionFault> {
        if let Some(set) = self.at_hand(revision) {
            return Ok(set);
        }
        let set = compile_exactly(revision, &self.stored(revision)?)?;
        let mut compiled = self.lock();
        if compiled.len() >= AT_HAND {
            compiled.remove(0);
        }
        compiled.push(Arc::clone(&set));
        Ok(set)
    }

    fn at_hand(&self, revision: &str) -> Option<Arc<RuleSet>> {
        let mut compiled = self.lock();
        let at = compiled.iter().position(|set| set.revision == revision)?;
        let set = compiled.remove(at);
        compiled.push(Arc::clone(&set));
        Some(set)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<RuleSet>>> {
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
