//! Evaluating one form, durably.

#![expect(clippy::disallowed_methods, reason = "the rim: an answer carries the time it was made")]

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::wanted::{Asker, Waiter};
use super::{App, Counters, Refusal};
use crate::diagnostic::Bilingual;
use crate::evaluation::evaluate_while;
use crate::form::{Draft, Form};
use crate::ruleset::ENGINE_SEMANTICS;
use crate::store::{Kind, MAX_REQUEST_ID, NewRecord, Put, StoreError, StoredRecord};
use crate::wire::encode::Identity;
use crate::wire::{digest, encode, stored};

/// Forms with more rows than this are evaluated off the threads that serve requests, in turns: what a form needs while it
/// is scored is many times its size.
pub(super) const INLINE_ROWS: usize = 200;

/// A form and what is asked of it; an empty text asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct EvaluateRequest {
    /// Without one the request is refused.
    pub draft: Option<Draft>,
    /// The same id and form again gives the first answer again.
    pub request_id: String,
    /// Evaluate, store nothing.
    pub validate_only: bool,
    pub rule_pack: String,
    pub revision: String,
}

impl EvaluateRequest {
    /// Rows of the form.
    pub(super) fn rows(&self) -> usize {
        self.draft.as_ref().map_or(0, |draft| draft.indicators.len())
    }
}

/// What the pure part of a request made.
pub(super) struct Prepared {
    evaluation: Vec<u8>,
    /// None when nothing is to be stored.
    kept_with: Option<KeptWith>,
}

/// What is stored besides the evaluation.
struct KeptWith {
    form: Vec<u8>,
    request_id: String,
    request_digest: [u8; 32],
    id: String,
    evaluated_at: Timestamp,
    rule_pack: String,
    revision: String,
}

/// A prepared answer on its way.
pub(super) enum Kept {
    /// Nothing was to be stored.
    Answered(Vec<u8>),
    /// The store has it; the evaluation is the answer, unless the same request was answered before.
    Waiting(Vec<u8>, oneshot::Receiver<Result<Put, StoreError>>),
}

impl Kept {
    /// The encoded evaluation, once it is durable.
    pub async fn answer(self) -> Result<Vec<u8>, Refusal> {
        match self {
            Kept::Answered(evaluation) => Ok(evaluation),
            Kept::Waiting(evaluation, receiver) => {
                match receiver.await.map_err(|_| Refusal::Store(StoreError::Poisoned))?? {
                    Put::Stored(_) => Ok(evaluation),
                    Put::Existing(record) => answer(record),
                }
            }
        }
    }
}

impl App {
    /// The encoded `heng.v1.Evaluation`. It is durable before it is returned, unless `validate_only`.
    pub async fn evaluate(&self, request: EvaluateRequest) -> Result<Vec<u8>, Refusal> {
        let (_waiter, asker) = Waiter::new();
        let prepared = if request.rows() > INLINE_ROWS || self.is_pinned(&request.revision) {
            let turn = self.scoring.next().await?;
            let app = self.clone();
            let scored = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                app.prepare(request, &asker)
            });
            scored.await.map_err(|error| Refusal::Internal(error.to_string()))??
        } else {
            self.prepare(request, &asker)?
        };
        self.submit(prepared).answer().await
    }

    /// Waits until a form of so many rows would be scored: whoever has many does not ask for the next one before.
    pub async fn ready_for(&self, rows: usize) {
        if rows > INLINE_ROWS {
            drop(self.scoring.next().await);
        }
    }

    /// Everything but storing.
    pub(super) fn prepare(&self, request: EvaluateRequest, asker: &Asker) -> Result<Prepared, Refusal> {
        self.score(request, asker).inspect_err(|_| Counters::count(&self.counters.refused))
    }

    fn score(&self, request: EvaluateRequest, asker: &Asker) -> Result<Prepared, Refusal> {
        let EvaluateRequest { draft, request_id, validate_only, rule_pack, revision } = request;
        if request_id.len() > MAX_REQUEST_ID || request_id.chars().any(char::is_control) {
            let message = Bilingual::new(
                format!("请求号最多 {MAX_REQUEST_ID} 字节，不含控制字符"),
                format!("a request id has at most {MAX_REQUEST_ID} bytes and no control character"),
            );
            return Err(Refusal::of_field("request_id", message));
        }
        let Some(draft) = draft else {
            let message = Bilingual::new("请求里没有自评表", "the request has no form");
            return Err(Refusal::of_field("form", message));
        };
        let form = Form::admit(draft).map_err(Refusal::Invalid)?;
        let snapshot = self.rules();
        let rules = &self.chosen(&snapshot, &rule_pack, &revision, &form)?;
        let evaluation = evaluate_while(rules, &form, &|| asker.is_wanted()).ok_or(Refusal::Abandoned)?;
        let canonical = digest::canonical(&form);
        let id = if validate_only { String::new() } else { self.ids.next() };
        let evaluated_at = Timestamp::now();
        let identity =
            Identity { id: id.clone(), form_digest: digest::of_form(&canonical), evaluated_at: Some(evaluated_at) };
        let evaluation = encode::evaluation_bytes(&evaluation, &identity);
        let kept_with = (!validate_only).then(|| KeptWith {
            // Compared only with that of the same request id.
            request_digest: match request_id.as_str() {
                "" => [0; 32],
                _ => digest::of_request(&canonical, &rule_pack, &revision),
            },
            form: canonical,
            request_id,
            id,
            evaluated_at,
            rule_pack: rules.id.clone(),
            revision: rules.revision.clone(),
        });
        Ok(Prepared { evaluation, kept_with })
    }

    /// Hands the answer to the store, without waiting.
    pub(super) fn submit(&self, prepared: Prepared) -> Kept {
        let Prepared { evaluation, kept_with } = prepared;
        let Some(kept_with) = kept_with else {
            Counters::count(&self.counters.validated);
            return Kept::Answered(evaluation);
        };
        let KeptWith { form, request_id, request_digest, id, evaluated_at, rule_pack, revision } = kept_with;
        let record = stored::Record {
            form,
            evaluation: evaluation.clone(),
            evaluated_at,
            rule_pack,
            revision,
            engine_semantics: ENGINE_SEMANTICS,
        };
        let (sender, receiver) = oneshot::channel();
        let record = NewRecord {
            kind: Kind::Evaluation,
            id,
            request_id: Some(request_id).filter(|id| !id.is_empty()),
            request_digest,
            payload: stored::encode(record),
        };
        let counters = Arc::clone(&self.counters);
        let done = move |outcome| {
            Counters::count(match &outcome {
                Ok(Put::Stored(_)) => &counters.stored,
                Ok(Put::Existing(_)) => &counters.repeated,
                Err(_) => &counters.refused,
            });
            drop(sender.send(outcome));
        };
        self.store.submit(record, Box::new(done));
        Kept::Waiting(evaluation, receiver)
    }
}

/// The encoded evaluation of a record.
pub(super) fn answer(record: StoredRecord) -> Result<Vec<u8>, Refusal> {
    match stored::decode(&record.payload) {
        Ok(stored) => Ok(stored.evaluation),
        Err(why) => Err(Refusal::Unreadable { id: record.id, why }),
    }
}
