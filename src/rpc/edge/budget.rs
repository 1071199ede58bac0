//! How many bytes of requests may be in memory at a time, over all connections together.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tonic::body::Body;
use tonic::{Code, Status};

use crate::diagnostic::Bilingual;
use crate::rpc::status::status;

const RETRY: Duration = Duration::from_secs(1);

/// Counts the bytes of bodies that are being read.
#[derive(Debug, Clone)]
pub struct Budget {
    held: Arc<AtomicUsize>,
    most: usize,
}

impl Budget {
    pub fn new(most: usize) -> Self {
        Budget { held: Arc::new(AtomicUsize::new(0)), most }
    }

    /// What one request puts on it, nothing as yet.
    pub fn load(&self) -> Arc<Load> {
        Arc::new(Load { budget: self.clone(), held: AtomicUsize::new(0) })
    }
}

/// The bytes of one request. They count until the last who knows them forgets them.
#[derive(Debug)]
pub struct Load {
    budget: Budget,
    held: AtomicUsize,
}

impl Load {
    /// Counts bytes in; whether they are too many.
    fn add(&self, bytes: usize) -> bool {
        self.held.fetch_add(bytes, Ordering::Relaxed);
        self.budget.held.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) > self.budget.most
    }

    /// Counts all but so many bytes out.
    fn keep(&self, bytes: usize) {
        let done = self.held.swap(bytes, Ordering::Relaxed).saturating_sub(bytes);
        self.budget.held.fetch_sub(done, Ordering::Relaxed);
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.keep(0);
    }
}

/// A request's body. Its bytes count from their arrival until the message behind theirs is asked for, or for as long as
/// their load is known to somebody.
pub struct Weighed {
    inner: Body,
    load: Arc<Load>,
    framing: Option<Framing>,
    /// Bytes of the message that is arriving.
    unfinished: usize,
}

impl Weighed {
    /// A stream of gRPC messages: whoever asks for the next has done with those that are whole.
    pub fn messages(inner: Body, load: Arc<Load>) -> Self {
        Weighed { inner, load, framing: Some(Framing::default()), unfinished: 0 }
    }

    /// A body that is one message.
    pub fn whole(inner: Body, load: Arc<Load>) -> Self {
        Weighed { inner, load, framing: None, unfinished: 0 }
    }

    /// Counts bytes that arrived, unless they are too many.
    fn weigh(&mut self, data: &[u8]) -> Result<(), Status> {
        if self.load.add(data.len()) {
            let message = Bilingual::new(
                "正在接收的数据过多，请稍后重试",
                "too many bytes of requests are being received; try again a little later",
            );
            return Err(status(Code::ResourceExhausted, "TOO_MANY_BYTES", &message, Some(RETRY)));
        }
        if let Some(framing) = &mut self.framing {
            self.unfinished = framing.unfinished(data);
        }
        Ok(())
    }
}

/// Where one gRPC message ends and the next begins: a flag and four bytes of length stand before each.
#[derive(Debug, Default)]
struct Framing {
    /// Bytes of the prefix of the message that is arriving.
    prefix: Vec<u8>,
    /// Bytes of it that arrived, the prefix included.
    arrived: usize,
    /// Bytes of it that are still to come, once its prefix is whole.
    to_come: usize,
}

impl Framing {
    const PREFIX: usize = 5;

    /// Takes bytes in; how many of the message that is arriving there are now.
    fn unfinished(&mut self, mut data: &[u8]) -> usize {
        while let Some((first, rest)) = data.split_first() {
            if self.prefix.len() < Self::PREFIX {
                self.prefix.push(*first);
                self.arrived += 1;
                data = rest;
                if let [_, length @ ..] = self.prefix.as_slice()
                    && let Ok(length) = <[u8; 4]>::try_from(length)
                {
                    self.to_come = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
                }
            } else {
                let taken = data.len().min(self.to_come);
                self.arrived += taken;
                self.to_come -= taken;
                data = data.get(taken..).unwrap_or_default();
            }
            if self.prefix.len() == Self::PREFIX && self.to_come == 0 {
                *self = Framing::default();
            }
        }
        self.arrived
    }
}

impl http_body::Body for Weighed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.framing.is_some() {
            self.load.keep(self.unfinished);
        }
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && let Err(status) = self.weigh(data)
        {
            return Poll::Ready(Some(Err(status)));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream::iter;
    use http_body_util::{BodyExt, Full, StreamBody};

    use super::*;

    fn message(length: u32) -> Vec<u8> {
        let mut bytes = vec![0];
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.resize(bytes.len() + length as usize, 7);
        bytes
    }

    #[test]
    fn only_the_message_that_is_arriving_counts_however_it_is_cut() {
        let all: Vec<u8> = [message(10), message(0), message(300)].concat();
        for cut in 1..40 {
            let mut framing = Framing::default();
            let mut at = 0;
            for piece in all.chunks(cut) {
                at += piece.len();
                let unfinished = framing.unfinished(piece);
                let begun = [0, 15, 20, 325].into_iter().rfind(|end| *end <= at).unwrap();
                assert_eq!(unfinished, at - begun, "pieces of {cut}, at {at}");
            }
        }
    }

    #[tokio::test]
    async fn a_body_beyond_the_budget_is_refused_and_gives_its_bytes_back() {
        let budget = Budget::new(1000);
        let body = |bytes: usize| Body::new(Full::new(Bytes::from(vec![0; bytes])));
        assert!(Weighed::whole(body(1000), budget.load()).collect().await.is_ok());
        let refused = Weighed::whole(body(1001), budget.load()).collect().await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
        // Who knows the load keeps it.
        let load = budget.load();
        assert!(Weighed::whole(body(700), Arc::clone(&load)).collect().await.is_ok());
        assert!(Weighed::whole(body(700), budget.load()).collect().await.is_err());
        drop(load);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
        // A stream of many messages is never heavier than one of them, and weighs while that is worked on.
        let frames = iter((0..100).map(|_| Ok::<_, Status>(Frame::data(Bytes::from(message(400))))));
        let stream = Body::new(StreamBody::new(frames));
        let mut stream = Weighed::messages(stream, budget.load());
        while let Some(frame) = stream.frame().await {
            assert!(frame.is_ok());
            assert_eq!(budget.held.load(Ordering::Relaxed), 405);
        }
        drop(stream);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
    }
}
