//! The body of an answer as gRPC has it, watched to its end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tonic::body::Body;
use tonic::{Code, Status};

use super::calls::status_in;
use super::ticket::Ticket;

/// Cuts an answer off, with a status.
pub type Cut = Pin<Box<dyn Future<Output = Status> + Send>>;

/// Ends the call's ticket with the status that stands in the trailers, or with that of the cut where it comes first, or
/// with a refusal when it finds no room.
pub struct EndedBody {
    /// None once it was cut off.
    inner: Option<Body>,
    ticket: Option<Ticket>,
    cut: Option<Cut>,
}

impl EndedBody {
    pub fn new(inner: Body, ticket: Ticket, cut: Option<Cut>) -> Self {
        EndedBody { inner: Some(inner), ticket: Some(ticket), cut }
    }

    /// The last frame of an answer that does not go on.
    fn cut_off(&mut self, status: &Status) -> Result<Frame<Bytes>, Status> {
        self.inner = None;
        self.end(status.code());
        let mut trailers = HeaderMap::new();
        status.add_header(&mut trailers).map(|()| Frame::trailers(trailers))
    }

    fn end(&mut self, code: Code) {
        if let Some(ticket) = self.ticket.take() {
            ticket.end(code);
        }
    }
}

impl http_body::Body for EndedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let Poll::Ready(frame) = Pin::new(inner).poll_frame(cx) else {
            let Some(cut) = &mut self.cut else { return Poll::Pending };
            let status = ready!(cut.as_mut().poll(cx));
            return Poll::Ready(Some(self.cut_off(&status)));
        };
        let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map_or(0, Bytes::len);
        let room = self.ticket.as_ref().filter(|_| bytes > 0).map_or(Ok(()), |ticket| ticket.admit(bytes));
        if let Err(status) = room {
            return Poll::Ready(Some(self.cut_off(&status)));
        }
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    let code = status_in(trailers).code();
                    self.end(code);
                }
            }
            Some(Err(status)) => {
                let code = status.code();
                self.end(code);
            }
            None => self.end(Code::Unknown),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(SizeHint::default, http_body::Body::size_hint)
    }
}
