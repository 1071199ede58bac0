//! The Connect protocol's streams, in protobuf: what `buf curl` asks reflection by, and may call streams with.
//!
//! Messages are framed as in gRPC, so that they pass as they are. Only the end differs: the status is not in trailers
//! but in a last frame of JSON.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{BufMut, Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::Full;
use serde_json::json;
use tonic::body::Body;
use tonic::{Code, Status};

use super::{grpc_request, shown};
use crate::rpc::edge::calls::{Calls, status_in};
use crate::rpc::edge::trace::TRACEPARENT;

pub const CONTENT: &str = "application/connect+proto";
/// Marks the last frame.
const END: u8 = 2;

/// Answers a Connect stream.
pub async fn call(calls: Calls, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let response = calls.call(grpc_request(parts.uri, &parts.headers, body)).await;
    let (mut parts, body) = response.into_parts();
    let refused = Status::from_header_map(&parts.headers);
    let mut headers = HeaderMap::new();
    if let Some(trace) = parts.headers.remove(TRACEPARENT) {
        headers.insert(TRACEPARENT, trace);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(CONTENT));
    let body = match refused {
        Some(status) => Body::new(Full::new(last(&status))),
        None => Body::new(Streamed { inner: Some(body) }),
    };
    let mut response = Response::new(body);
    *response.headers_mut() = headers;
    response
}

/// The frame that ends a stream.
fn last(status: &Status) -> Bytes {
    let end = if status.code() == Code::Ok { json!({}) } else { json!({"error": shown(status)}) };
    let text = end.to_string();
    let mut frame = BytesMut::with_capacity(5 + text.len());
    frame.put_u8(END);
    frame.put_u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
    frame.put_slice(text.as_bytes());
    frame.freeze()
}

/// A gRPC answer whose trailers become the last frame.
struct Streamed {
    inner: Option<Body>,
}

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let status = match ready!(Pin::new(inner).poll_frame(cx)) {
            Some(Ok(frame)) => match frame.into_trailers() {
                Ok(trailers) => status_in(&trailers),
                Err(data) => return Poll::Ready(Some(Ok(data))),
            },
            Some(Err(status)) => status,
            None => Status::unknown("the answer ended without a status"),
        };
        self.inner = None;
        Poll::Ready(Some(Ok(Frame::data(last(&status)))))
    }
}
