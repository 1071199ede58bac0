//! What stands between the network and the services: one port for gRPC, gRPC-Web, Connect's JSON and protobuf, and
//! the probes, over HTTP/1.1 and HTTP/2 without TLS.
//!
//! ```text
//! accept ── connection cap, first-byte deadline ──▶ hyper ── Edge ─┬─ probes
//!                                                                  ├─ gRPC ─────────────┐
//!                                                                  ├─ gRPC-Web ─────────┤
//!                                                                  └─ Connect ── gRPC ──┴▶ Calls ──▶ services
//! ```
//!
//! [`calls::Calls`] is where every call passes whatever it came by: the gate that sheds load, the deadline, the
//! budget of bytes, metrics and the log. [`answers`] counts what leaves by any of them.

#![expect(clippy::disallowed_methods, reason = "the rim: metrics tell of the process")]

mod accept;
mod answers;
mod budget;
mod calls;
mod connect;
mod deadline;
mod ended;
mod metrics;
mod origin;
mod probes;
mod ticket;
mod trace;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use tokio::sync::watch;
use tonic::body::Body;
use tonic_web::GrpcWebLayer;
use tower::{Layer, Service, ServiceExt};

use crate::app::App;

pub use accept::{Limits, Listener};
use answers::{Answers, Peer};
use budget::Budget;
use calls::Calls;
pub use calls::Services;
use connect::Codec;
use metrics::Metrics;
pub use origin::Origins;
use ticket::Gate;

/// Bytes of requests that may be in memory, over all connections together: of streams until a message is whole, of other
/// calls until they are answered.
const BYTES_IN_FLIGHT: usize = 128 * 1024 * 1024;

/// What the calls take at most.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Calls that are worked on at a time.
    pub calls: usize,
    /// Bytes of answers that wait for clients to take them.
    pub answers: usize,
    /// How long a connection may leave what waits for it.
    pub stall: Duration,
}

/// Answers every request of the port.
#[derive(Clone)]
pub struct Edge {
    app: App,
    calls: Calls,
    origins: Arc<Origins>,
    metrics: Arc<Metrics>,
    answers: Arc<Answers>,
    /// Says once that the server is asked to stop.
    stop: watch::Sender<bool>,
}

impl Edge {
    pub fn new(app: App, services: Services, origins: Origins, room: Room) -> Self {
        let metrics = Arc::new(Metrics::new());
        let answers = Arc::new(Answers::new(room.answers, room.stall));
        let gate = Gate::new(Arc::clone(&metrics), Arc::clone(&answers), room.calls);
        let (stop, stopping) = watch::channel(false);
        let calls = Calls { gate, budget: Budget::new(BYTES_IN_FLIGHT), services, stopping };
        Edge { app, calls, origins: Arc::new(origins), metrics, answers, stop }
    }

    /// The answer, counted for as long as the connection does not take it.
    async fn answer_to(self, request: Request<Body>) -> Response<Body> {
        let peer = request.extensions().get::<Arc<Peer>>().cloned();
        let (parts, body) = self.answer(request).await.into_parts();
        let body = match peer {
            Some(peer) => answers::waiting(body, peer).await,
            None => body,
        };
        Response::from_parts(parts, body)
    }

    async fn answer(self, request: Request<Body>) -> Response<Body> {
        let (method, path) = (request.method(), request.uri().path());
        if let Some(answer) = probes::answer(&self, (method, path)) {
            return answer;
        }
        if !self.origins.admit(request.headers(), request.uri()) {
            let why = "pages of this origin may not call heng; the operator can allow them with --allow-origin\n";
            return said(StatusCode::FORBIDDEN, why);
        }
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let call = Protocol::of(content_type, request.version());
        match (call, method == Method::POST) {
            (_, false) => {
                let mut answer = said(StatusCode::NOT_FOUND, "heng answers POST /SERVICE/METHOD, see docs/api.md\n");
                if call.is_some() {
                    *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
                    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
                }
                answer
            }
            (Some(Protocol::Grpc), _) => self.calls.call(request).await,
            (Some(Protocol::GrpcWeb), _) => match GrpcWebLayer::new().layer(self.calls).oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
            (Some(Protocol::Connect(codec)), _) => connect::call(self.calls, codec, request).await,
            (Some(Protocol::ConnectStream), _) => connect::stream::call(self.calls, request).await,
            (None, _) => {
                let kinds = "application/json, application/proto, application/grpc, application/grpc-web";
                let why = format!("unsupported content type; heng takes {kinds} (gRPC over HTTP/2 only)\n");
                let mut answer = said(StatusCode::UNSUPPORTED_MEDIA_TYPE, &why);
                answer.headers_mut().insert("accept-post", HeaderValue::from_static(kinds));
                answer
            }
        }
    }
}

/// How a call is written.
#[derive(Debug, Clone, Copy)]
enum Protocol {
    Grpc,
    GrpcWeb,
    Connect(Codec),
    ConnectStream,
}

impl Protocol {
    fn of(content_type: &str, version: Version) -> Option<Protocol> {
        let is = |kind: &str| {
            let rest = content_type.strip_prefix(kind);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
        };
        if is("application/grpc-web") || is("application/grpc-web-text") {
            Some(Protocol::GrpcWeb)
        } else if is("application/grpc") {
            Some(Protocol::Grpc).filter(|_| version == Version::HTTP_2)
        } else if content_type == connect::stream::CONTENT {
            Some(Protocol::ConnectStream)
        } else {
            Codec::of(content_type).map(Protocol::Connect)
        }
    }
}

fn said(status: StatusCode, why: &str) -> Response<Body> {
    probes::page(status, &HeaderValue::from_static("text/plain; charset=utf-8"), why.to_owned())
}

impl Service<Request<Body>> for Edge {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let edge = self.clone();
        Box::pin(async move { Ok(edge.answer_to(request).await) })
    }
}
