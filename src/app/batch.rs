//! Evaluating many forms that came together.

use std::num::NonZero;
use std::thread::available_parallelism;

use super::evaluate::{INLINE_ROWS, Prepared};
use super::wanted::{Asker, Waiter};
use super::{App, EvaluateRequest, Refusal};
use crate::diagnostic::Bilingual;

/// Forms in one batch at most.
pub const LARGEST_BATCH: usize = 500;

impl App {
    /// Evaluates each form by itself; the answers come in the order of the requests. All cores score, unless that takes
    /// longer to ask for than to do; then the records enter the store together, so that they are made durable as one
    /// group.
    pub async fn evaluate_batch(
        &self,
        requests: Vec<EvaluateRequest>,
    ) -> Result<Vec<Result<Vec<u8>, Refusal>>, Refusal> {
        if requests.is_empty() || requests.len() > LARGEST_BATCH {
            let message = Bilingual::new(
                format!("一批应有 1 至 {LARGEST_BATCH} 张自评表，这里有 {} 张", requests.len()),
                format!("a batch has 1 to {LARGEST_BATCH} forms; this one has {}", requests.len()),
            );
            return Err(Refusal::of_field("requests", message));
        }
        let (_waiter, asker) = Waiter::new();
        let rows: usize = requests.iter().map(EvaluateRequest::rows).sum();
        if rows <= INLINE_ROWS && !requests.iter().any(|request| self.is_pinned(&request.revision)) {
            return Ok(self.answers(self.prepare_all(requests, &asker)).await);
        }
        let each = requests.len().div_ceil(available_parallelism().map_or(1, NonZero::get));
        let mut requests = requests.into_iter();
        let mut parts = Vec::new();
        loop {
            let part: Vec<EvaluateRequest> = requests.by_ref().take(each).collect();
            if part.is_empty() {
                break;
            }
            let (app, asker) = (self.clone(), asker.clone());
            let turn = self.scoring.next().await?;
            parts.push(tokio::task::spawn_blocking(move || {
                let _turn = turn;
                app.prepare_all(part, &asker)
            }));
        }
        let mut prepared = Vec::new();
        for part in parts {
            prepared.extend(part.await.map_err(|error| Refusal::Internal(error.to_string()))?);
        }
        Ok(self.answers(prepared).await)
    }

    /// All are submitted before the first is waited for.
    async fn answers(&self, prepared: Vec<Result<Prepared, Refusal>>) -> Vec<Result<Vec<u8>, Refusal>> {
        let kept: Vec<_> = prepared.into_iter().map(|one| one.map(|one| self.submit(one))).collect();
        let mut answers = Vec::with_capacity(kept.len());
        for one in kept {
            answers.push(match one {
                Ok(kept) => kept.answer().await,
                Err(refusal) => Err(refusal),
            });
        }
        answers
    }

    fn prepare_all(&self, requests: Vec<EvaluateRequest>, asker: &Asker) -> Vec<Result<Prepared, Refusal>> {
        requests.into_iter().map(|request| self.prepare(request, asker)).collect()
    }
}
