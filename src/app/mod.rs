//! The use cases, without transport.
//!
//! [`App`] takes drafts and gives encoded answers; whoever calls it (rpc, later a console) only translates.
//! A form's way: admit → one snapshot of the rules → evaluate → store → answer.

mod batch;
mod counters;
mod evaluate;
mod heavy;
mod ids;
mod ledger;
mod publishing;
mod query;
mod refusal;
mod replay;
mod rules;
pub mod rules_folder;
mod stored_impact;
mod wanted;

use std::sync::Arc;

pub use batch::LARGEST_BATCH;
pub use counters::Counters;
pub use evaluate::EvaluateRequest;
pub use ids::IdSource;
pub use ledger::{EvidenceReport, ExportFault, LedgerReport, LedgerWish, export_evidence, verify_evidence};
pub use publishing::{Publication, SentFiles, Trial};
pub use query::{FILING, Filter, FindingTally, Group, Grouping, Loss, Order, Page, PageTokens, Summary};
pub use refusal::Refusal;
pub use replay::{Passed, Replayed, Verdict, replay};
pub use rules::{
    ActivateRequest, Beyond, FolderTerms, Gate, LiveRules, RevisionFault, Snapshot, Standing, StartError,
    whole as whole_revision,
};
pub use rules_folder::FolderWatch;

use crate::store::Store;
use heavy::Turns;

/// Everything a request may need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    rules: Arc<LiveRules>,
    store: Arc<dyn Store>,
    ids: Arc<IdSource>,
    tokens: Arc<PageTokens>,
    counters: Arc<Counters>,
    turns: Turns,
    scoring: Turns,
}

impl App {
    pub fn new(rules: Arc<LiveRules>, store: Arc<dyn Store>, tokens: PageTokens) -> Self {
        App {
            rules,
            store,
            ids: Arc::new(IdSource::default()),
            tokens: Arc::new(tokens),
            counters: Arc::default(),
            turns: Turns::few(),
            scoring: Turns::per_core(),
        }
    }

    /// The rules as they are now.
    pub fn rules(&self) -> Arc<Snapshot> {
        self.rules.current()
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }
}
