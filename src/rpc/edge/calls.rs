//! gRPC calls behind the gate: deadlines kept, bodies weighed, statuses completed and noted.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderMap, Request, Response};
use http_body::Body as _;
use tokio::sync::watch;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::{Code, Status};
use tower::{Service, ServiceExt};
use tracing::{Instrument, Span};

use super::budget::{Budget, Weighed};
use super::ended::{Cut, EndedBody};
use super::ticket::{Gate, Ticket};
use super::trace::TRACEPARENT;
use crate::diagnostic::Bilingual;
use crate::rpc::evaluation_service::EvaluationService;
use crate::rpc::status::status;
use crate::wire::pb::v1::evaluation_service_server::EvaluationServiceServer;
use crate::wire::transcode;

/// When to look for the service again.
const RETRY: Duration = Duration::from_secs(1);

const EVALUATIONS: &str = "/heng.v1.EvaluationService/";

/// What answers calls: the service that most of them are for, and the others by their names.
#[derive(Clone)]
pub struct Services {
    pub evaluations: EvaluationServiceServer<EvaluationService>,
    pub others: Routes,
}

impl Services {
    async fn call(mut self, request: Request<Body>) -> Response<Body> {
        let answered = if is_evaluation(&request) {
            self.evaluations.call(request).await
        } else {
            self.others.oneshot(request).await
        };
        match answered {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

fn is_evaluation(request: &Request<Body>) -> bool {
    request.uri().path().starts_with(EVALUATIONS)
}

/// The services, for whichever protocol a call came by.
#[derive(Clone)]
pub struct Calls {
    pub gate: Gate,
    pub budget: Budget,
    pub services: Services,
    /// True once the server is asked to stop.
    pub stopping: watch::Receiver<bool>,
}

impl Calls {
    /// A call as gRPC has it.
    pub async fn call(self, request: Request<Body>) -> Response<Body> {
        match self.gate.enter(request.uri().path(), request.headers()) {
            (ticket, Ok(())) => self.run(ticket, request).await,
            (ticket, Err(status)) => refused(ticket, &status),
        }
    }

    /// A call that was let in. Its end is noted when the last of the answer leaves.
    pub async fn run(self, ticket: Ticket, request: Request<Body>) -> Response<Body> {
        if let Err(status) = plain(request.headers()) {
            return refused(ticket, &status);
        }
        let load = self.budget.load();
        let one = transcode::methods().get(request.uri().path()).is_some_and(|method| method.unary);
        let weighed = if one { Weighed::whole } else { Weighed::messages };
        let request = request.map(|body| Body::new(weighed(body, Arc::clone(&load))));
        let cut = cut(&ticket, request.uri().path(), self.stopping);
        // Scoring has nothing to say but the line at its end, which names the trace itself.
        let span = if is_evaluation(&request) {
            Span::none()
        } else {
            tracing::info_span!("call", trace = ticket.trace().id())
        };
        let answer = self.services.call(request).instrument(span);
        let mut response = match in_time(ticket.deadline(), answer).await {
            Ok(response) => response,
            Err(status) => return refused(ticket, &status),
        };
        // The message is answered, and with it what was made of it is gone.
        drop(load);
        if let Some(trace) = ticket.trace().header() {
            response.headers_mut().insert(TRACEPARENT, trace);
        }
        // A status in the headers: the call ended without an answer.
        if let Some(found) = Status::from_header_map(response.headers()) {
            if let Some(completed) = completed(&found) {
                return refused(ticket, &completed);
            }
            ticket.end(found.code());
            return response;
        }
        if response.body().is_end_stream() {
            ticket.end(Code::Unknown);
            return response;
        }
        response.map(|body| Body::new(EndedBody::new(body, ticket, cut)))
    }
}

/// Refuses messages that are compressed: what they take in memory is not what arrives. `headers` are those of any
/// protocol.
pub fn plain(headers: &HeaderMap) -> Result<(), Status> {
    let named = ["grpc-encoding", "content-encoding", "connect-content-encoding"];
    let encodings = named.into_iter().filter_map(|name| headers.get(name));
    if encodings.into_iter().all(|encoding| encoding == "identity") {
        return Ok(());
    }
    let message = Bilingual::new(
        "不支持压缩的请求，请不加压缩地发送",
        "compressed requests are not supported; send them without compression",
    );
    Err(status(Code::Unimplemented, "COMPRESSED", &message, None))
}

/// The answer, unless the deadline passes first. An answer that is there at once never bothers the timer.
async fn in_time<T>(deadline: Option<Instant>, answer: impl Future<Output = T>) -> Result<T, Status> {
    let (mut answer, mut expired) = (pin!(answer), pin!(Ticket::expired(deadline)));
    poll_fn(|cx| {
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Poll::Ready(Err(Ticket::too_late()));
        }
        match answer.as_mut().poll(cx) {
            Poll::Ready(answer) => Poll::Ready(Ok(answer)),
            Poll::Pending => expired.as_mut().poll(cx).map(Err),
        }
    })
    .await
}

/// What ends an answer before its time: the deadline and, for those that only watch, the stop of the server.
fn cut(ticket: &Ticket, path: &str, mut stopping: watch::Receiver<bool>) -> Option<Cut> {
    let deadline = ticket.deadline();
    let watches = path.starts_with("/grpc.");
    if deadline.is_none() && !watches {
        return None;
    }
    Some(Box::pin(async move {
        tokio::select! {
            status = Ticket::expired(deadline) => status,
            _ = stopping.wait_for(|stopping| *stopping), if watches => {
                let message = Bilingual::new("服务正在停止", "the service is stopping");
                status(Code::Unavailable, "STOPPING", &message, Some(RETRY))
            }
        }
    }))
}

/// An answer that is nothing but a status.
pub fn refused(ticket: Ticket, status: &Status) -> Response<Body> {
    let mut response = status.clone().into_http::<Body>();
    if let Some(trace) = ticket.trace().header() {
        response.headers_mut().insert(TRACEPARENT, trace);
    }
    ticket.end(status.code());
    response
}

/// A status that the library gave, with what every error of heng carries; none where it has details or is none.
fn completed(found: &Status) -> Option<Status> {
    if !found.details().is_empty() || found.code() == Code::Ok {
        return None;
    }
    let (reason, zh) = match found.code() {
        Code::OutOfRange => ("MESSAGE_TOO_LARGE", "消息超过 16 MiB 的上限"),
        Code::Unimplemented => ("NO_SUCH_METHOD", "本服务没有这个方法，或不支持这种编码"),
        Code::Internal | Code::InvalidArgument => ("MALFORMED_MESSAGE", "消息无法解码"),
        Code::Cancelled => ("CANCELLED", "请求已取消"),
        _ => ("TRANSPORT", "请求未能完成"),
    };
    let en = if found.message().is_empty() { "there is no such method" } else { found.message() };
    Some(status(found.code(), reason, &Bilingual::new(zh, en), None))
}

impl Service<Request<Body>> for Calls {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let calls = self.clone();
        Box::pin(async move { Ok(Calls::call(calls, request).await) })
    }
}

/// The status in trailers.
pub fn status_in(trailers: &HeaderMap) -> Status {
    Status::from_header_map(trailers).unwrap_or_else(|| Status::unknown("the answer ended without a status"))
}
