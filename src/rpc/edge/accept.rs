//! The listening socket and its connections: how many there are, how long they may take, how they end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tonic::body::Body;
use tower::util::option_layer;
use tower::{Layer, ServiceExt};

use super::Edge;
use super::answers::{self, Answers, Peer};
use super::metrics::Metrics;

/// A connection says within this time which protocol it speaks, and HTTP/1.1 sends the head of each request.
const FIRST_BYTES: Duration = Duration::from_secs(10);
/// How often a partial first line is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// What an HTTP/2 connection begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// An HTTP/2 peer that does not answer a ping within this time is gone.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// An older connection is asked to come back as a new one, and closed after the drain.
const LONGEST_LIFE: Duration = Duration::from_hours(2);
const LAST_CALLS: Duration = Duration::from_mins(2);
const STREAMS_PER_CONNECTION: u32 = 256;
/// Streams that a peer opened and reset before heng took them up; more end the connection.
const PENDING_RESETS: usize = 64;
const HEADER_BYTES: u32 = 16 * 1024;
/// Bytes of answers that wait for a slow reader, for each stream.
const SEND_BUFFER: usize = 256 * 1024;
/// A peer may send this much ahead of what is read, for each stream and for the connection.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 2 * 1024 * 1024;
/// Descriptors that are not for connections: the store's files, the rules, the log.
const OTHER_FILES: u64 = 128;

/// What the port takes at most.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at a time; one more is closed at once.
    pub connections: usize,
    /// How long calls may go on once the server is asked to stop.
    pub grace: Duration,
}

/// A bound socket, not accepting yet.
pub struct Listener {
    socket: TcpListener,
}

impl Listener {
    pub fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let socket = std::net::TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        Ok(Listener { socket: TcpListener::from_std(socket)? })
    }

    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Accepts until `shutdown` ends, then lets what is under way finish within the grace, at most.
    pub async fn serve(self, edge: Edge, limits: Limits, shutdown: impl Future<Output = ()>) {
        let most = usize::try_from(raise_file_limit().saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX);
        let most = limits.connections.min(most.max(1));
        let metrics = Arc::clone(&edge.metrics);
        let looking = tokio::spawn(look_at_connections(Arc::clone(&edge.answers)));
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                Some(_) = connections.join_next() => continue,
                () = &mut shutdown => break,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // A peer that was gone again, or no file descriptor left: neither is the end of the server.
                    tracing::warn!(%error, "a connection was not accepted");
                    sleep(LOOK_AGAIN).await;
                    continue;
                }
            };
            metrics.connections_total.fetch_add(1, Ordering::Relaxed);
            if connections.len() >= most {
                metrics.connections_refused.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            connections.spawn(connection(stream, edge.clone()));
        }
        drop(self.socket);
        edge.stop.send_replace(true);
        let drained = timeout(limits.grace, async { while connections.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!(connections = connections.len(), "the grace is over: what is still under way is cut off");
        }
        connections.shutdown().await;
        looking.abort();
    }
}

/// Closes connections that leave their answers lying.
async fn look_at_connections(answers: Arc<Answers>) {
    let mut tick = interval(answers::LOOK);
    loop {
        answers.look(tick.tick().await);
    }
}

/// Lets the process open as many files as it may, within reason; how many that are.
fn raise_file_limit() -> u64 {
    const ENOUGH: u64 = 65_536;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(ENOUGH).min(ENOUGH);
    let now = current.unwrap_or(ENOUGH);
    if now < wanted && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).is_ok() {
        return wanted;
    }
    now
}

/// An open connection, counted.
struct Open(Arc<Metrics>);

impl Open {
    fn count(metrics: &Arc<Metrics>) -> Self {
        metrics.connections.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(metrics))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn connection(stream: TcpStream, edge: Edge) {
    let stopping = edge.stop.subscribe();
    let _open = Open::count(&edge.metrics);
    let peer = edge.answers.connected();
    // Small answers leave at once.
    stream.set_nodelay(true).ok();
    let Ok(Ok(http2)) = timeout(FIRST_BYTES, speaks_http2(&stream)).await else { return };
    let service = option_layer(edge.origins.layer()).layer(edge);
    let asked = Arc::clone(&peer);
    let service = service.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&asked));
        request
    });
    let (io, service) = (TokioIo::new(stream), TowerToHyperService::new(service));
    if http2 {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PING_TIMEOUT)
            .max_concurrent_streams(STREAMS_PER_CONNECTION)
            .max_pending_accept_reset_streams(PENDING_RESETS)
            .max_header_list_size(HEADER_BYTES)
            .max_send_buf_size(SEND_BUFFER)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .serve_connection(io, service);
        live(connection, &peer, stopping).await;
    } else {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(FIRST_BYTES)
            .max_header_size(HEADER_BYTES as usize)
            .serve_connection(io, service);
        live(connection, &peer, stopping).await;
    }
}

/// Serves a connection to its end, or until it is old or the server stops: then its last calls may finish. One that does
/// not take its answers is dropped.
async fn live(connection: impl GracefulConnection, peer: &Peer, mut stopping: watch::Receiver<bool>) {
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = peer.closed() => return,
        _ = stopping.wait_for(|stopping| *stopping) => {}
        () = sleep(LONGEST_LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = timeout(LAST_CALLS, connection) => {}
        () = peer.closed() => {}
    }
}

/// Waits until the peer's first bytes tell HTTP/2 from HTTP/1.1. They stay unread.
async fn speaks_http2(stream: &TcpStream) -> std::io::Result<bool> {
    let mut bytes = [0; PREFACE.len()];
    loop {
        let count = stream.peek(&mut bytes).await?;
        let seen = bytes.get(..count).unwrap_or_default();
        if seen.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if !PREFACE.starts_with(seen) || seen.len() == PREFACE.len() {
            return Ok(seen == PREFACE);
        }
        sleep(LOOK_AGAIN).await;
    }
}
