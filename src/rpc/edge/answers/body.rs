//! The body of an answer, counted while it waits.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::Peer;

/// Bytes that are handed to the connection at a time: as many as a frame of HTTP/2 has. Whether a client takes
/// something is seen by them.
const SLICE: usize = 16 * 1024;

/// The body for this connection. Its first piece is made at once, not when the client is ready for it: what a client
/// that never is ready causes must count, too.
pub async fn waiting(inner: Body, peer: Arc<Peer>) -> Body {
    if inner.is_end_stream() {
        return inner;
    }
    let mut body = Waiting { inner: Some(inner), peer, chunk: None, ahead: None };
    poll_fn(|cx| {
        if let Poll::Ready(frame) = body.pull(cx) {
            body.ahead = frame;
        }
        Poll::Ready(())
    })
    .await;
    Body::new(body)
}

struct Waiting {
    /// None behind its end.
    inner: Option<Body>,
    peer: Arc<Peer>,
    /// Bytes that are handed out slice by slice, and how many were.
    chunk: Option<(Arc<Chunk>, usize)>,
    /// What comes after the chunk.
    ahead: Option<Result<Frame<Bytes>, Status>>,
}

impl Waiting {
    /// Takes the next frame in: bytes become the chunk; what is none is given back.
    fn pull(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        match ready!(Pin::new(inner).poll_frame(cx)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(bytes) => {
                    self.peer.hold(bytes.len());
                    self.chunk = Some((Arc::new(Chunk { bytes, peer: Arc::clone(&self.peer) }), 0));
                    Poll::Ready(None)
                }
                Err(frame) => Poll::Ready(Some(Ok(frame))),
            },
            Some(Err(status)) => Poll::Ready(Some(Err(status))),
            None => {
                self.inner = None;
                Poll::Ready(None)
            }
        }
    }

    /// The next slice of the chunk.
    fn slice(&mut self) -> Option<Bytes> {
        let (chunk, from) = self.chunk.take()?;
        let to = from.saturating_add(SLICE).min(chunk.bytes.len());
        if to < chunk.bytes.len() {
            self.chunk = Some((Arc::clone(&chunk), to));
        }
        Some(Bytes::from_owner(Slice { chunk, from, to }))
    }

    fn rest(&self) -> u64 {
        self.chunk.as_ref().map_or(0, |(chunk, from)| chunk.bytes.len().saturating_sub(*from) as u64)
    }
}

impl http_body::Body for Waiting {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        loop {
            if let Some(slice) = self.slice() {
                return Poll::Ready(Some(Ok(Frame::data(slice))));
            }
            if let Some(frame) = self.ahead.take() {
                return Poll::Ready(Some(frame));
            }
            let frame = ready!(self.pull(cx));
            if frame.is_some() || self.inner.is_none() {
                return Poll::Ready(frame);
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let over = self.inner.as_ref().is_none_or(http_body::Body::is_end_stream);
        over && self.chunk.is_none() && self.ahead.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(self.rest()));
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(self.rest()));
        }
        hint
    }
}

/// Bytes that were written in one go.
struct Chunk {
    bytes: Bytes,
    peer: Arc<Peer>,
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.peer.release(self.bytes.len());
    }
}

/// A part of a chunk, wherever it is held until it is gone.
struct Slice {
    chunk: Arc<Chunk>,
    from: usize,
    to: usize,
}

impl AsRef<[u8]> for Slice {
    fn as_ref(&self) -> &[u8] {
        self.chunk.bytes.get(self.from..self.to).unwrap_or_default()
    }
}

impl Drop for Slice {
    fn drop(&mut self) {
        self.chunk.peer.take(self.to.saturating_sub(self.from));
    }
}
