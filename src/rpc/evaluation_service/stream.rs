//! `StreamEvaluateForms`: many forms over one call, answered in their order.

use std::pin::Pin;

use futures_util::stream::{Stream, StreamExt};
use tokio::task::JoinHandle;
use tonic::{Status, Streaming};

use super::{asked, form_result};
use crate::app::{App, Refusal};
use crate::diagnostic::Bilingual;
use crate::wire::answer::FormResult;
use crate::wire::pb::v1 as pb;

/// Requests of one stream that are worked on at a time. No further one is read: the client's sending then waits, as
/// it does when the client does not take its answers, or a large form waits for its turn.
const IN_FLIGHT: usize = 32;
const LONGEST_CORRELATION: usize = 128;

pub type Answers = Pin<Box<dyn Stream<Item = Result<pb::StreamEvaluateFormsResponse, Status>> + Send>>;

pub fn answers(app: App, requests: Streaming<pb::StreamEvaluateFormsRequest>) -> Answers {
    // A message that cannot be read ends the stream, after the answers to those before it.
    let started = requests.then(move |request| {
        let app = app.clone();
        async move {
            let request = request?;
            app.ready_for(rows(&request)).await;
            Ok(Running::start(&app, request))
        }
    });
    Box::pin(started.map(finished).buffered(IN_FLIGHT))
}

fn rows(request: &pb::StreamEvaluateFormsRequest) -> usize {
    let form = request.request.as_ref().and_then(|request| request.form.as_ref());
    form.map_or(0, |form| form.indicators.len())
}

async fn finished(running: Result<Running, Status>) -> Result<pb::StreamEvaluateFormsResponse, Status> {
    let Running { correlation_id, task } = running?;
    let answer = task.finished().await;
    Ok(pb::StreamEvaluateFormsResponse { correlation_id, result: Some(answer) })
}

/// A form on its way, on whichever core is free.
struct Running {
    correlation_id: String,
    task: Task,
}

impl Running {
    fn start(app: &App, request: pb::StreamEvaluateFormsRequest) -> Self {
        let app = app.clone();
        let pb::StreamEvaluateFormsRequest { correlation_id, request } = request;
        let too_long = correlation_id.len() > LONGEST_CORRELATION;
        let task = tokio::spawn(async move {
            if too_long {
                let message = Bilingual::new(
                    format!("关联号最多 {LONGEST_CORRELATION} 字节"),
                    format!("a correlation id has at most {LONGEST_CORRELATION} bytes"),
                );
                return form_result(Err(Refusal::of_field("correlation_id", message)));
            }
            form_result(app.evaluate(asked(request.unwrap_or_default())).await)
        });
        Running { correlation_id, task: Task(task) }
    }
}

/// Ends with the stream: nobody else waits for it.
struct Task(JoinHandle<FormResult>);

impl Task {
    async fn finished(mut self) -> FormResult {
        match (&mut self.0).await {
            Ok(answer) => answer,
            Err(error) => form_result(Err(Refusal::Internal(error.to_string()))),
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
