//! Evaluating one form, durably.

#![expect(clippy::disallowed_methods, reason = "the rim: an answer carries the time it was made")]

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::{App, Refusal};
use crate::diagnostic::Bilingual;
use crate::evaluation::evaluate;
use crate::form::{Draft, Form};
use crate::ruleset::ENGINE_SEMANTICS;
use crate::store::{Kind, MAX_REQUEST_ID, NewRecord, StoreError, StoredRecord};
use crate::wire::encode::Identity;
use crate::wire::{digest, encode, stored};

/// Forms with more rows than this are evaluated off the threads that serve requests.
const INLINE_ROWS: usize = 200;

/// A form and what is asked of it; an empty text asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct EvaluateRequest {
    pub draft: Draft,
    /// The same id and form again gives the first answer again.
    pub request_id: String,
    /// Evaluate, store nothing.
    pub validate_only: bool,
    pub rule_pack: String,
    pub revision: String,
}

/// What the pure part of a request made.
struct Prepared {
    form: Vec<u8>,
    evaluation: Vec<u8>,
    digest: [u8; 32],
    id: String,
    evaluated_at: Timestamp,
    rule_pack: String,
    revision: String,
}

impl App {
    /// The encoded `heng.v1.Evaluation`. It is durable before it is returned, unless `validate_only`.
    pub async fn evaluate(&self, request: EvaluateRequest) -> Result<Vec<u8>, Refusal> {
        if request.request_id.len() > MAX_REQUEST_ID || request.request_id.chars().any(char::is_control) {
            let message = Bilingual::new(
                format!("请求号最多 {MAX_REQUEST_ID} 字节，不含控制字符"),
                format!("a request id has at most {MAX_REQUEST_ID} bytes and no control character"),
            );
            return Err(Refusal::of_field("request_id", message));
        }
        let (request_id, validate_only) = (request.request_id.clone(), request.validate_only);
        let prepared = if request.draft.indicators.len() > INLINE_ROWS {
            let app = self.clone();
            tokio::task::spawn_blocking(move || app.prepare(request))
                .await
                .map_err(|error| Refusal::Internal(error.to_string()))??
        } else {
            self.prepare(request)?
        };
        if validate_only { Ok(prepared.evaluation) } else { self.keep(prepared, request_id).await }
    }

    fn prepare(&self, request: EvaluateRequest) -> Result<Prepared, Refusal> {
        let form = Form::admit(request.draft).map_err(Refusal::Invalid)?;
        let snapshot = self.rules();
        let rules = snapshot
            .book
            .select(&request.rule_pack, &request.revision, form.fiscal_year().get(), form.project_code())
            .map_err(Refusal::NoRules)?;
        let evaluation = evaluate(rules, &form);
        let canonical = digest::canonical(&form);
        let id = if request.validate_only { String::new() } else { self.ids.next() };
        let evaluated_at = Timestamp::now();
        let identity =
            Identity { id: id.clone(), form_digest: digest::of_form(&canonical), evaluated_at: Some(evaluated_at) };
        Ok(Prepared {
            evaluation: encode::evaluation_bytes(&evaluation, &identity),
            digest: digest::of_request(&canonical, &request.rule_pack, &request.revision),
            form: canonical,
            id,
            evaluated_at,
            rule_pack: rules.id.clone(),
            revision: rules.revision.clone(),
        })
    }

    async fn keep(&self, prepared: Prepared, request_id: String) -> Result<Vec<u8>, Refusal> {
        let Prepared { form, evaluation, digest, id, evaluated_at, rule_pack, revision } = prepared;
        let record =
            stored::Record { form, evaluation, evaluated_at, rule_pack, revision, engine_semantics: ENGINE_SEMANTICS };
        let (sender, receiver) = oneshot::channel();
        let record = NewRecord {
            kind: Kind::Evaluation,
            id,
            request_id: Some(request_id).filter(|id| !id.is_empty()),
            request_digest: digest,
            payload: stored::encode(&record),
        };
        self.store.submit(record, Box::new(move |outcome| drop(sender.send(outcome))));
        let put = receiver.await.map_err(|_| Refusal::Store(StoreError::Poisoned))??;
        answer(put.into_record())
    }
}

/// The encoded evaluation of a record.
pub(super) fn answer(record: StoredRecord) -> Result<Vec<u8>, Refusal> {
    match stored::decode(&record.payload) {
        Ok(stored) => Ok(stored.evaluation),
        Err(why) => Err(Refusal::Unreadable { id: record.id, why }),
    }
}
