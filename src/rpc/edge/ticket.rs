//! One call from its first byte to its status: admitted or turned away, timed, counted and logged.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tonic::{Code, Status};

use super::answers::Answers;
use super::deadline;
use super::metrics::{Metrics, code_name};
use super::trace::Trace;
use crate::diagnostic::Bilingual;
use crate::rpc::status::status;
use crate::wire::transcode;

/// How long a call may take that names no deadline itself. Streams of messages may stay open; checks, replays and
/// the ledger may take long.
const LONGEST_EVALUATION: Duration = Duration::from_mins(2);
const LONGEST_OTHER: Duration = Duration::from_hours(1);
/// When a caller that was turned away may come back.
const RETRY: Duration = Duration::from_millis(500);

/// Lets calls in while there is room.
#[derive(Clone)]
pub struct Gate {
    pub metrics: Arc<Metrics>,
    answers: Arc<Answers>,
    room: Arc<Semaphore>,
}

/// A call that was let in. Dropped without an end, it counts as cancelled.
pub struct Ticket {
    metrics: Arc<Metrics>,
    answers: Arc<Answers>,
    path: String,
    trace: Trace,
    began: Instant,
    deadline: Option<Instant>,
    ended: bool,
    _room: Option<OwnedSemaphorePermit>,
}

impl Gate {
    /// Room for this many calls at a time.
    pub fn new(metrics: Arc<Metrics>, answers: Arc<Answers>, calls: usize) -> Self {
        Gate { metrics, answers, room: Arc::new(Semaphore::new(calls.min(Semaphore::MAX_PERMITS))) }
    }

    /// Whether there is room for so many bytes of an answer.
    pub fn admit(&self, bytes: usize) -> Result<(), Status> {
        self.answers.admit(bytes)
    }

    /// Lets a call in, or says why not. Whether the service is well may always be asked.
    pub fn enter(&self, path: &str, headers: &HeaderMap) -> (Ticket, Result<(), Status>) {
        let began = Instant::now();
        let method = transcode::methods().get(path);
        let always = path.starts_with("/grpc.health.");
        let room = if always { None } else { Arc::clone(&self.room).try_acquire_owned().ok() };
        let full = !always && room.is_none();
        let usual = method.filter(|method| method.unary).map(|method| match method.service.as_str() {
            "heng.v1.EvaluationService" => LONGEST_EVALUATION,
            _ => LONGEST_OTHER,
        });
        let deadline = deadline::timeout(headers).or(usual).and_then(|timeout| began.checked_add(timeout));
        self.metrics.started(path);
        self.metrics.in_flight.fetch_add(1, Ordering::Relaxed);
        let ticket = Ticket {
            metrics: Arc::clone(&self.metrics),
            answers: Arc::clone(&self.answers),
            path: path.to_owned(),
            trace: Trace::of(headers),
            began,
            deadline,
            ended: false,
            _room: room,
        };
        if !full {
            // Before it costs anything: there will hardly be room for its answer.
            let room = if always { Ok(()) } else { self.answers.admit(0) };
            return (ticket, room);
        }
        self.metrics.shed.fetch_add(1, Ordering::Relaxed);
        let message = Bilingual::new(
            "同时处理的请求过多，请稍后重试",
            "too many requests are being worked on; try again a little later",
        );
        (ticket, Err(status(Code::Unavailable, "OVERLOADED", &message, Some(RETRY))))
    }
}

impl Ticket {
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Whether there is room for so many bytes of an answer.
    pub fn admit(&self, bytes: usize) -> Result<(), Status> {
        self.answers.admit(bytes)
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Ends when the caller waits no longer; never where there is no deadline.
    pub async fn expired(deadline: Option<Instant>) -> Status {
        match deadline {
            Some(deadline) => tokio::time::sleep_until(deadline).await,
            None => std::future::pending().await,
        }
        Ticket::too_late()
    }

    pub fn too_late() -> Status {
        let message = Bilingual::new(
            "超过时限，结果未知；请用同一请求号重试",
            "the deadline passed and the outcome is unknown; retry with the same request id",
        );
        status(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &message, None)
    }

    /// The call ended with this code.
    pub fn end(mut self, code: Code) {
        self.note(code);
    }

    fn note(&mut self, code: Code) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let took = self.began.elapsed();
        let code = i32::from(code);
        self.metrics.handled(&self.path, code, took);
        self.metrics.in_flight.fetch_sub(1, Ordering::Relaxed);
        // Names of methods, codes and times only: nothing of what a form says.
        let method = if transcode::methods().contains_key(&self.path) { self.path.as_str() } else { "other" };
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(target: "heng::request", method, code = code_name(code), micros, trace = self.trace.id());
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.note(Code::Cancelled);
    }
}
