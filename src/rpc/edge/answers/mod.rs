//! How many bytes of answers may wait for clients that do not take them, and who has to go when they are too many.
//!
//! What is written into an answer counts until the last of it has left for the socket, whatever holds it meanwhile:
//! the body, a stream's buffer, or the connection's. Two rules keep the sum bounded, and keep slow clients from
//! costing the others their answers:
//!
//! - A connection that has bytes waiting for it and takes fewer than [`LEAST`] of them within the stall time is closed.
//! - When the memory runs short, the connection whose waiting bytes are the oldest is closed, and then the next one,
//!   until there is room. One that took everything written before the last few seconds is never among them.
//!
//! An answer that finds no room all the same is refused like any other call too many.

mod body;

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tonic::{Code, Status};

use crate::diagnostic::Bilingual;
use crate::rpc::status::status;

pub use body::waiting;

/// When a caller that was turned away may come back: until then a slow connection may have been closed.
const RETRY: Duration = Duration::from_secs(2);
/// Bytes that a connection takes within the stall time, if it is not stalled.
const LEAST: u64 = 16 * 1024;
/// Whoever took everything that was written this long ago is never closed for want of memory.
const LATE: Duration = Duration::from_secs(5);
/// How often the connections are looked at.
pub const LOOK: Duration = Duration::from_millis(500);

/// The bytes of all answers that wait.
#[derive(Debug)]
pub struct Answers {
    held: AtomicUsize,
    most: usize,
    stall: Duration,
    peers: Mutex<Vec<Weak<Peer>>>,
    /// An answer was refused since the connections were last looked at.
    short: AtomicBool,
    pub refused: AtomicU64,
    pub cut: AtomicU64,
}

impl Answers {
    /// Room for this many bytes. An answer that is larger is given while no other waits.
    pub fn new(most: usize, stall: Duration) -> Self {
        Answers {
            held: AtomicUsize::new(0),
            most,
            stall,
            peers: Mutex::default(),
            short: AtomicBool::new(false),
            refused: AtomicU64::new(0),
            cut: AtomicU64::new(0),
        }
    }

    /// Bytes that wait now.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Whether an answer of this many bytes finds room.
    pub fn admit(&self, bytes: usize) -> Result<(), Status> {
        let held = self.held();
        if held == 0 || held.saturating_add(bytes) <= self.most {
            return Ok(());
        }
        self.short.store(true, Ordering::Relaxed);
        self.refused.fetch_add(1, Ordering::Relaxed);
        let message = Bilingual::new(
            "等待客户端接收的应答过多，请稍后用同一请求号重试",
            "too many bytes of answers wait for clients that do not take them; retry a little later with the same request id",
        );
        Err(status(Code::Unavailable, "ANSWERS_NOT_TAKEN", &message, Some(RETRY)))
    }

    /// A new connection.
    pub fn connected(self: &Arc<Self>) -> Arc<Peer> {
        let peer = Arc::new(Peer {
            answers: Arc::clone(self),
            held: AtomicUsize::new(0),
            written: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            closed: Notify::new(),
            cut: AtomicBool::new(false),
            seen: Mutex::new(Seen { written: 0, at: Instant::now(), taken: 0, moved: Instant::now() }),
        });
        self.peers().push(Arc::downgrade(&peer));
        peer
    }

    /// Looks at every connection as it is `now`, and closes those that have to go.
    pub fn look(&self, now: Instant) {
        let mut late = Vec::new();
        self.peers().retain(|peer| {
            let Some(peer) = peer.upgrade() else { return false };
            if let Some(since) = peer.behind(now) {
                late.push((since, peer));
            }
            true
        });
        let limit = if self.short.swap(false, Ordering::Relaxed) { self.most / 2 } else { self.most / 4 * 3 };
        let mut held = self.held();
        late.sort_by_key(|(since, _)| *since);
        for (since, peer) in late {
            let stalled = now.duration_since(peer.seen().moved) >= self.stall;
            let waiting = peer.held.load(Ordering::Relaxed);
            if stalled || (held > limit && now.duration_since(since) >= LATE) {
                held = held.saturating_sub(waiting);
                if peer.cut.swap(true, Ordering::Relaxed) {
                    // Its bytes are on their way out.
                    continue;
                }
                tracing::warn!(bytes = waiting, stalled, "a connection that does not take its answers is closed");
                self.cut.fetch_add(1, Ordering::Relaxed);
                peer.closed.notify_one();
            }
        }
    }

    fn peers(&self) -> MutexGuard<'_, Vec<Weak<Peer>>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection: what waits for it, and whether it takes it.
#[derive(Debug)]
pub struct Peer {
    answers: Arc<Answers>,
    held: AtomicUsize,
    /// Bytes of answers since the connection began: made, and gone to the socket.
    written: AtomicU64,
    taken: AtomicU64,
    closed: Notify,
    /// It has been told to go.
    cut: AtomicBool,
    seen: Mutex<Seen>,
}

/// What the last looks at a connection saw.
#[derive(Debug)]
struct Seen {
    /// How much was written `at` that time. It moves on once all of that was taken.
    written: u64,
    at: Instant,
    /// How much was taken when it `moved` last.
    taken: u64,
    moved: Instant,
}

impl Peer {
    /// Ends when the connection has to go.
    pub async fn closed(&self) {
        self.closed.notified().await;
    }

    fn hold(&self, bytes: usize) {
        self.held.fetch_add(bytes, Ordering::Relaxed);
        self.answers.held.fetch_add(bytes, Ordering::Relaxed);
        self.written.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn release(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
        self.answers.held.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn take(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Since when bytes wait that were written then, if some do.
    fn behind(&self, now: Instant) -> Option<Instant> {
        let written = self.written.load(Ordering::Relaxed);
        let taken = self.taken.load(Ordering::Relaxed);
        let mut seen = self.seen();
        if self.held.load(Ordering::Relaxed) == 0 {
            *seen = Seen { written, at: now, taken, moved: now };
            return None;
        }
        if taken >= seen.taken.saturating_add(LEAST) {
            (seen.taken, seen.moved) = (taken, now);
        }
        if taken >= seen.written {
            (seen.written, seen.at) = (written, now);
        }
        Some(seen.at)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::FutureExt;
    use http_body_util::{BodyExt, Full};
    use tonic::body::Body;

    use super::*;

    const MIB: usize = 1 << 20;

    async fn answer(peer: &Arc<Peer>, bytes: usize) -> Body {
        waiting(Body::new(Full::new(Bytes::from(vec![7; bytes]))), Arc::clone(peer)).await
    }

    fn is_closed(peer: &Peer) -> bool {
        peer.closed().now_or_never().is_some()
    }

    #[tokio::test]
    async fn bytes_count_until_the_last_of_them_is_gone() {
        let answers = Arc::new(Answers::new(MIB, Duration::from_mins(1)));
        let peer = answers.connected();
        let mut body = answer(&peer, 100_000).await;
        // Nobody asked for it yet, and it counts.
        assert_eq!(answers.held(), 100_000);
        assert_eq!(http_body::Body::size_hint(&body).exact(), Some(100_000));
        assert!(answers.admit(MIB - 100_000).is_ok());
        assert_eq!(answers.admit(MIB - 99_999).unwrap_err().code(), Code::Unavailable);
        let mut slices = Vec::new();
        while let Some(frame) = body.frame().await {
            slices.push(frame.unwrap().into_data().unwrap());
        }
        assert_eq!(slices.iter().map(Bytes::len).collect::<Vec<_>>(), [vec![16_384; 6], vec![1_696]].concat());
        assert!(slices.iter().all(|slice| slice.iter().all(|byte| *byte == 7)));
        drop(body);
        let last = slices.pop();
        drop(slices);
        // One slice keeps the memory of all.
        assert_eq!((answers.held(), peer.taken.load(Ordering::Relaxed)), (100_000, 98_304));
        drop(last);
        assert_eq!((answers.held(), peer.taken.load(Ordering::Relaxed)), (0, 100_000));
    }

    #[tokio::test]
    async fn an_answer_that_is_dropped_unread_gives_its_bytes_back() {
        let answers = Arc::new(Answers::new(MIB, Duration::from_mins(1)));
        let peer = answers.connected();
        drop(answer(&peer, 5 * MIB).await);
        assert_eq!(answers.held(), 0);
        assert!(answers.admit(100 * MIB).is_ok(), "alone, any answer passes");
    }

    #[tokio::test]
    async fn who_takes_nothing_is_closed_after_the_stall_time_and_who_waits_for_nothing_is_not() {
        let answers = Arc::new(Answers::new(MIB, Duration::from_mins(1)));
        let [stalled, drips, idle] = [answers.connected(), answers.connected(), answers.connected()];
        let _held = answer(&stalled, 1000).await;
        let mut dripping = answer(&drips, 200_000).await;
        let began = Instant::now();
        for second in 0..59 {
            answers.look(began + Duration::from_secs(second));
            if second % 10 == 0 {
                drop(dripping.frame().await);
            }
        }
        assert!(!is_closed(&stalled));
        answers.look(began + Duration::from_mins(1));
        assert!(is_closed(&stalled));
        assert!(!is_closed(&drips) && !is_closed(&idle));
        answers.look(began + Duration::from_secs(111));
        assert!(is_closed(&drips) && !is_closed(&idle));
    }

    #[tokio::test]
    async fn when_memory_runs_short_the_oldest_go_until_there_is_room() {
        let answers = Arc::new(Answers::new(10 * MIB, Duration::from_hours(1)));
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let [old, older, prompt] = [answers.connected(), answers.connected(), answers.connected()];
        let first = answer(&older, 3 * MIB).await;
        answers.look(at(1));
        let _second = answer(&old, 3 * MIB).await;
        // Is given much and takes all of it, if never at the moment when it is looked at.
        let mut busy = answer(&prompt, MIB).await;
        for second in 2..20 {
            answers.look(at(second));
            let next = answer(&prompt, MIB).await;
            drop(std::mem::replace(&mut busy, next).collect().await);
        }
        assert!(![&old, &older, &prompt].into_iter().any(|peer| is_closed(peer)), "there is room");
        assert!(answers.admit(4 * MIB).is_err());
        answers.look(at(20));
        assert!(is_closed(&older) && !is_closed(&old) && !is_closed(&prompt));
        assert!(answers.admit(4 * MIB).is_err(), "its bytes are still there");
        drop(first);
        assert!(answers.admit(4 * MIB).is_ok());
    }
}
