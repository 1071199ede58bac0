//! The ledger: proving all of it, taking evidence out of it, and checking evidence on any machine.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::replay::{Passed, Replayed, Verdict, replay};
use super::rules::{RevisionFault, whole};
use super::wanted::Asker;
use super::{App, Refusal};
use crate::ruleset::revision_of;
use crate::store::{
    Evidence, EvidenceError, EvidenceWriter, Kind, LedgerHead, StoreError, StoredRecord, Visit, read_evidence,
};
use crate::wire::stored::{self, Activation};

/// Pieces of an export that wait for a slow reader.
const PIECES_AHEAD: usize = 16;

/// What a walk over the whole ledger came to.
#[derive(Debug, Clone)]
pub struct LedgerReport {
    pub head: LedgerHead,
    pub evaluations: u64,
    pub revisions: u64,
    pub activations: u64,
    /// What breaks the chain behind the head, if something does.
    pub broken: Option<StoreError>,
}

/// Which records evidence is wanted of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerWish {
    /// Of evaluations, revisions and activations with these ids.
    Ids(Vec<String>),
    /// Of everything between these sequences, both included; 0 stands for the first and for the last.
    Span { from: u64, to: u64 },
}

/// Why there is no evidence.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ExportFault<E> {
    #[error(transparent)]
    Store(StoreError),
    #[error("there is no record with id `{0}`")]
    Unknown(String),
    #[error("the ledger has no such records: it ends at {last}")]
    Empty { last: u64 },
    /// Whoever takes the bytes does not take them any more.
    #[error("the evidence cannot be written")]
    Taker(E),
}

/// A walk over some ledger: as often as it is asked for.
pub type Walk<'w> = dyn Fn(&mut Visit<'_>) -> Result<LedgerHead, StoreError> + 'w;

/// What an export will enclose.
struct Plan {
    head: LedgerHead,
    first: u64,
    /// Sequences of the records shown whole, those of the revisions they need included.
    whole: BTreeSet<u64>,
}

/// Hands the bytes of evidence to `take`, piece by piece. The ledger is walked twice.
pub fn export_evidence<E>(
    walk: &Walk<'_>,
    wish: &LedgerWish,
    mut take: impl FnMut(Vec<u8>) -> Result<(), E>,
) -> Result<LedgerHead, ExportFault<E>> {
    let plan = plan(walk, wish)?;
    let mut writer = EvidenceWriter::begin(&plan.head, &mut take).map_err(ExportFault::Taker)?;
    let mut stopped = None;
    walk(&mut |entry| {
        let sequence = entry.record.sequence;
        let put = match plan.whole.contains(&sequence) {
            true if sequence < plan.first => writer.aside(&entry),
            true => writer.whole(&entry),
            false if sequence > plan.first => writer.passing(&entry),
            false => Ok(()),
        };
        match put {
            Ok(()) if sequence < plan.head.sequence => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(()),
            Err(why) => {
                stopped = Some(why);
                ControlFlow::Break(())
            }
        }
    })
    .map_err(ExportFault::Store)?;
    match stopped {
        Some(why) => Err(ExportFault::Taker(why)),
        None => writer.finish().map(|()| plan.head).map_err(ExportFault::Taker),
    }
}

fn plan<E>(walk: &Walk<'_>, wish: &LedgerWish) -> Result<Plan, ExportFault<E>> {
    let mut missing: BTreeSet<&str> = match wish {
        LedgerWish::Ids(ids) => ids.iter().map(String::as_str).collect(),
        LedgerWish::Span { .. } => BTreeSet::new(),
    };
    let mut wanted = BTreeSet::new();
    let mut needed = BTreeSet::new();
    let mut revisions = BTreeMap::new();
    let head = walk(&mut |entry| {
        let record = &entry.record;
        if record.kind == Kind::Revision {
            revisions.insert(record.id.clone(), (record.sequence, stored::extended_by(&record.payload)));
        }
        let is_wanted = match wish {
            LedgerWish::Ids(ids) => ids.contains(&record.id),
            LedgerWish::Span { from, to } => record.sequence >= *from && (*to == 0 || record.sequence <= *to),
        };
        if is_wanted {
            missing.remove(record.id.as_str());
            wanted.insert(record.sequence);
            needed.extend(revision_behind(record));
        }
        ControlFlow::Continue(())
    })
    .map_err(ExportFault::Store)?;
    if let Some(id) = missing.first() {
        return Err(ExportFault::Unknown((*id).to_owned()));
    }
    let first = wanted.first().copied().ok_or(ExportFault::Empty { last: head.sequence })?;
    let mut whole = wanted;
    while let Some(revision) = needed.pop_first() {
        if let Some((sequence, extends)) = revisions.remove(&revision) {
            whole.insert(sequence);
            needed.extend(extends);
        }
    }
    Ok(Plan { head, first, whole })
}

/// The revision that a record is about. What that one refers to is needed with it.
fn revision_behind(record: &StoredRecord) -> Option<String> {
    match record.kind {
        Kind::Evaluation => stored::decode(&record.payload).ok().map(|stored| stored.revision),
        Kind::Activation => stored::decode_activation(&record.payload).ok().map(|found| found.to_revision),
        Kind::Revision => Some(record.id.clone()),
    }
}

/// What evidence proves.
#[derive(Debug, Clone)]
pub struct EvidenceReport {
    pub first: u64,
    pub head: LedgerHead,
    /// Entries of the chain whose records are not shown.
    pub links: u64,
    /// Each replayed under its enclosed revision.
    pub evaluations: Vec<Replayed>,
    /// Each with what is wrong with it.
    pub revisions: Vec<(String, Option<RevisionFault>)>,
    /// Each with its id; the reason when it cannot be read.
    pub activations: Vec<(String, Result<Activation, String>)>,
}

impl EvidenceReport {
    /// Evaluations that are not wrong as far as can be told, but whose answers could not be computed again.
    pub fn unreplayed(&self) -> usize {
        let unknown = |verdict: &Verdict| !verdict.is_wrong() && !matches!(verdict, Verdict::Identical);
        self.evaluations.iter().filter(|replayed| unknown(&replayed.verdict)).count()
    }

    /// Whether something enclosed is not what it claims to be. What merely cannot be replayed here is not wrong.
    pub fn is_wrong(&self) -> bool {
        self.evaluations.iter().any(|replayed| replayed.verdict.is_wrong())
            || self.revisions.iter().any(|(_, fault)| fault.is_some())
            || self.activations.iter().any(|(_, activation)| activation.is_err())
    }
}

/// Computes everything in a file of evidence again: its bytes, its chain, the hashes of its revisions, and every
/// answer under the revision that is enclosed with it.
///
/// # Errors
/// The file or its chain is broken: nothing in it is proven.
pub fn verify_evidence(bytes: &[u8]) -> Result<EvidenceReport, EvidenceError> {
    let Evidence { first, head, aside, records, links } = read_evidence(bytes)?;
    let passed = Passed::default();
    let of_kind = |kind: Kind| aside.iter().chain(&records).filter(move |record| record.kind == kind);
    of_kind(Kind::Revision).for_each(|record| passed.take(record));
    let evaluations =
        of_kind(Kind::Evaluation).map(|record| replay(record, |_, revision| passed.rules(revision, || None))).collect();
    let revisions = of_kind(Kind::Revision).map(|record| (record.id.clone(), fault_of(record, &passed))).collect();
    let activations = of_kind(Kind::Activation).map(|record| {
        let activation = stored::decode_activation(&record.payload).map_err(|why| why.to_string());
        (record.id.clone(), activation)
    });
    Ok(EvidenceReport { first, head, links, evaluations, revisions, activations: activations.collect() })
}

/// What is wrong with a record of a revision: its files, with those of the revisions that it refers to, must be those of
/// its id.
fn fault_of(record: &StoredRecord, passed: &Passed) -> Option<RevisionFault> {
    match whole(&record.id, |revision| Ok(passed.payload(revision))) {
        Ok(found) if revision_of(&found.packs, found.engine_semantics) == record.id => None,
        Ok(_) => Some(RevisionFault::Altered),
        Err(fault) => Some(fault),
    }
}

impl App {
    /// Walks the whole ledger. That it is broken is an answer, no refusal.
    pub async fn verify_ledger(&self) -> Result<LedgerReport, Refusal> {
        self.heavy(|app, asker| {
            let mut report = LedgerReport {
                head: LedgerHead { sequence: 0, digest: [0; 32] },
                evaluations: 0,
                revisions: 0,
                activations: 0,
                broken: None,
            };
            let walked = app.store.walk(&mut |entry| {
                report.head = LedgerHead { sequence: entry.record.sequence, digest: entry.digest };
                match entry.record.kind {
                    Kind::Evaluation => report.evaluations += 1,
                    Kind::Revision => report.revisions += 1,
                    Kind::Activation => report.activations += 1,
                }
                if asker.is_wanted() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            match walked {
                Ok(_) if !asker.is_wanted() => Err(Refusal::Abandoned),
                Ok(_) => Ok(report),
                Err(error @ (StoreError::Damaged { .. } | StoreError::NotAStore { .. })) => {
                    report.broken = Some(error);
                    Ok(report)
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// Evidence, piece by piece. A refusal comes as the last piece; whoever stops taking ends the work.
    pub fn export_ledger(&self, wish: LedgerWish) -> mpsc::Receiver<Result<Vec<u8>, Refusal>> {
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        let app = self.clone();
        tokio::spawn(async move {
            let pieces = sender.clone();
            let outcome = app.heavy(move |app, asker| app.export(&wish, &pieces, asker)).await;
            if let Err(refusal) = outcome {
                sender.send(Err(refusal)).await.ok();
            }
        });
        receiver
    }

    fn export(
        &self,
        wish: &LedgerWish,
        pieces: &mpsc::Sender<Result<Vec<u8>, Refusal>>,
        asker: &Asker,
    ) -> Result<(), Refusal> {
        let store = Arc::clone(&self.store);
        let walk = |visit: &mut Visit<'_>| store.walk(visit);
        let give = |piece: Vec<u8>| {
            let taken = asker.is_wanted() && pieces.blocking_send(Ok(piece)).is_ok();
            if taken { Ok(()) } else { Err(()) }
        };
        export_evidence(&walk, wish, give).map(drop).map_err(|fault| match fault {
            ExportFault::Store(error) => Refusal::Store(error),
            ExportFault::Unknown(id) => Refusal::NotFound { what: "record", id },
            ExportFault::Empty { last } => Refusal::NotFound { what: "record", id: format!("> {last}") },
            ExportFault::Taker(()) => Refusal::Abandoned,
        })
    }
}
