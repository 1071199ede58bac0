//! Replaying stored evaluations: the same form under the revision that scored it gives the same bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::rules::{RevisionFault, compile_exactly, whole};
use super::{App, Refusal, Snapshot};
use crate::diagnostic::Bilingual;
use crate::evaluation::evaluate;
use crate::form::Form;
use crate::ruleset::{ENGINE_SEMANTICS, RuleSet};
use crate::store::{Kind, StoredRecord};
use crate::wire::difference::{Difference, first_difference};
use crate::wire::encode::{self, Identity};
use crate::wire::{decode, digest, stored};

/// What a replay of one evaluation came to.
#[derive(Debug, Clone)]
pub struct Replayed {
    pub id: String,
    /// Empty when the record cannot be read.
    pub rule_pack: String,
    pub revision: String,
    pub verdict: Verdict,
}

#[derive(Debug, Clone)]
pub enum Verdict {
    /// Byte for byte.
    Identical,
    /// The first place where the answers part.
    Differs(Difference),
    /// Its rules cannot be had; nothing is known about the answer.
    NoRules(RevisionFault),
    /// It was scored under other engine semantics, which this program does not have.
    OtherSemantics { made: u32 },
    /// The record itself is damaged.
    Unreadable(String),
}

impl Verdict {
    /// Whether the evaluation is not what the rules give: what an auditor must hear of.
    pub fn is_wrong(&self) -> bool {
        matches!(self, Verdict::Differs(_) | Verdict::Unreadable(_) | Verdict::NoRules(RevisionFault::Altered))
    }

    /// `snake_case`, for tools.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Identical => "identical",
            Verdict::Differs(_) => "differs",
            Verdict::NoRules(_) => "no_rules",
            Verdict::OtherSemantics { .. } => "other_semantics",
            Verdict::Unreadable(_) => "unreadable",
        }
    }

    /// One sentence for people.
    pub fn message(&self, revision: &str) -> Bilingual {
        match self {
            Verdict::Identical => Bilingual::new("逐字节一致", "identical, byte for byte"),
            Verdict::Differs(Difference { path, stored, replayed }) => Bilingual::new(
                format!("首个不同处 {path}：存档为 {stored}，重算为 {replayed}"),
                format!("first difference at {path}: stored {stored}, replayed {replayed}"),
            ),
            Verdict::NoRules(fault) => {
                let Bilingual { zh, en } = fault.message(revision);
                Bilingual::new(format!("无法回放：{zh}"), format!("cannot be replayed: {en}"))
            }
            Verdict::OtherSemantics { made } => Bilingual::new(
                format!("无法回放：当时的计算语义是 {made}，本程序是 {ENGINE_SEMANTICS}；请用当时的 heng"),
                format!(
                    "cannot be replayed: it was scored under engine semantics {made}, and this heng has {ENGINE_SEMANTICS}; use the heng of that time"
                ),
            ),
            Verdict::Unreadable(why) => Bilingual::new(format!("记录损坏：{why}"), format!("damaged: {why}")),
        }
    }
}

/// Replays a record of an evaluation; `rules` gives the revision that it names.
pub fn replay(
    record: &StoredRecord,
    rules: impl FnOnce(&str, &str) -> Result<Arc<RuleSet>, RevisionFault>,
) -> Replayed {
    let told = |rule_pack: &str, revision: &str, verdict| Replayed {
        id: record.id.clone(),
        rule_pack: rule_pack.to_owned(),
        revision: revision.to_owned(),
        verdict,
    };
    let stored = match stored::decode(&record.payload) {
        Ok(stored) => stored,
        Err(why) => return told("", "", Verdict::Unreadable(why.to_string())),
    };
    let stored::Record { form, evaluation, evaluated_at, rule_pack, revision, engine_semantics } = stored;
    let told = |verdict| told(&rule_pack, &revision, verdict);
    if engine_semantics != ENGINE_SEMANTICS {
        return told(Verdict::OtherSemantics { made: engine_semantics });
    }
    let set = match rules(&rule_pack, &revision) {
        Ok(set) => set,
        Err(RevisionFault::OtherSemantics { made }) => return told(Verdict::OtherSemantics { made }),
        Err(fault) => return told(Verdict::NoRules(fault)),
    };
    let admitted = decode::form_bytes(&form).map_err(|error| error.to_string()).and_then(|draft| {
        Form::admit(draft).map_err(|violations| match violations.first() {
            Some(violation) => format!("{}: {}", violation.field, violation.message.en),
            None => "the form is refused".to_owned(),
        })
    });
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(why) => return told(Verdict::Unreadable(why)),
    };
    let identity =
        Identity { id: record.id.clone(), form_digest: digest::of_form(&form), evaluated_at: Some(evaluated_at) };
    let again = encode::evaluation_bytes(&evaluate(&set, &admitted), &identity);
    told(match first_difference(&evaluation, &again) {
        None => Verdict::Identical,
        Some(difference) => Verdict::Differs(difference),
    })
}

/// Revisions as they come by on a walk over the ledger, compiled once each when somebody needs them.
#[derive(Default)]
pub struct Passed {
    payloads: Mutex<HashMap<String, Arc<[u8]>>>,
    compiled: Mutex<HashMap<String, Arc<Compiled>>>,
}

type Compiled = std::sync::OnceLock<Result<Arc<RuleSet>, RevisionFault>>;

impl Passed {
    /// Takes a record of a revision along.
    pub fn take(&self, record: &StoredRecord) {
        let payload = Arc::from(record.payload.as_slice());
        self.payloads.lock().unwrap_or_else(PoisonError::into_inner).insert(record.id.clone(), payload);
    }

    /// The payload of a revision that came by.
    pub fn payload(&self, revision: &str) -> Option<Arc<[u8]>> {
        self.payloads.lock().unwrap_or_else(PoisonError::into_inner).get(revision).cloned()
    }

    /// The revision; `elsewhere` is asked when it did not come by.
    pub fn rules(
        &self,
        revision: &str,
        elsewhere: impl FnOnce() -> Option<Arc<RuleSet>>,
    ) -> Result<Arc<RuleSet>, RevisionFault> {
        if self.payload(revision).is_none() {
            return elsewhere().ok_or(RevisionFault::Unknown);
        }
        let slot = {
            let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(compiled.entry(revision.to_owned()).or_default())
        };
        slot.get_or_init(|| {
            let stored = whole(revision, |revision| Ok(self.payload(revision)))?;
            compile_exactly(revision, &stored)
        })
        .clone()
    }
}

impl App {
    /// Replays one stored evaluation.
    pub async fn replay(&self, id: &str) -> Result<Replayed, Refusal> {
        let wanted = id.to_owned();
        self.heavy(move |app, _| {
            let record = app.store.get(Kind::Evaluation, &wanted)?;
            let record = record.ok_or(Refusal::NotFound { what: "evaluation", id: wanted })?;
            Ok(replay(&record, |rule_pack, revision| app.revision(rule_pack, revision)))
        })
        .await
    }

    /// The rules for a form: those that serve, or the revision that the request pins, as long as it is kept.
    pub(super) fn chosen(
        &self,
        snapshot: &Snapshot,
        rule_pack: &str,
        revision: &str,
        form: &Form,
    ) -> Result<Arc<RuleSet>, Refusal> {
        let year = form.fiscal_year().get();
        match snapshot.book.select(rule_pack, revision, year, form.project_code()) {
            Ok(set) => Ok(Arc::clone(set)),
            Err(selection) if revision.is_empty() => Err(Refusal::NoRules(selection)),
            Err(selection) => match self.rules.revisions().compiled(revision) {
                Ok(set) if rule_pack.is_empty() || set.id == rule_pack => Ok(set),
                Ok(_) | Err(RevisionFault::Unknown) => Err(Refusal::NoRules(selection)),
                Err(fault) => Err(Refusal::Revision { revision: revision.to_owned(), fault }),
            },
        }
    }

    /// Whether a request pins a revision that does not serve, so that it may have to be compiled.
    pub(super) fn is_pinned(&self, revision: &str) -> bool {
        !revision.is_empty() && !self.rules().book.sets().any(|set| set.revision == revision)
    }

    /// A revision that serves or is kept.
    pub(super) fn revision(&self, rule_pack: &str, revision: &str) -> Result<Arc<RuleSet>, RevisionFault> {
        match self.rules().book.get(rule_pack).filter(|set| set.revision == revision) {
            Some(set) => Ok(Arc::clone(set)),
            None => self.rules.revisions().compiled(revision),
        }
    }
}
