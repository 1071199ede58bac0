//! The Connect protocol's unary calls: a POST with JSON or protobuf, an answer with the same, an error as JSON.
//!
//! Each is turned into the gRPC call it stands for and runs like one, so that every unary method of every service
//! can be called with nothing but curl.

pub mod stream;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bytes::{BufMut, Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full, Limited};
use serde::Serialize;
use tonic::body::Body;
use tonic::{Code, Status};

use super::budget::Weighed;
use super::calls::{Calls, plain, status_in};
use super::ticket::Ticket;
use super::trace::TRACEPARENT;
use crate::diagnostic::Bilingual;
use crate::rpc::LARGEST_REQUEST;
use crate::rpc::status::{inner_status, status};
use crate::wire::transcode::{self, Method};

/// Texts longer than this are translated off the threads that serve requests.
const INLINE_BYTES: usize = 128 * 1024;
/// A gRPC message has a flag and four bytes of length before it.
const PREFIX: usize = 5;

/// How the messages of a call are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Json,
    Proto,
}

impl Codec {
    /// None for a content type that is not Connect's.
    pub fn of(content_type: &str) -> Option<Codec> {
        let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, "charset=utf-8"));
        let utf8 = parameters.trim().eq_ignore_ascii_case("charset=utf-8");
        match kind.trim().to_ascii_lowercase().as_str() {
            "application/json" if utf8 => Some(Codec::Json),
            "application/proto" => Some(Codec::Proto),
            _ => None,
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Codec::Json => "application/json",
            Codec::Proto => "application/proto",
        })
    }
}

/// Answers a Connect call.
pub async fn call(calls: Calls, codec: Codec, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let (ticket, entered) = calls.gate.enter(&path, request.headers());
    let trace = ticket.trace().header();
    let mut response = match entered {
        Ok(()) => match transcode::methods().get(&path).filter(|method| method.unary) {
            Some(method) => answer(calls, ticket, (codec, method), request).await,
            None => {
                let message = Bilingual::new(
                    "本服务没有这个方法；流式方法请用 gRPC 调用",
                    "there is no such unary method; call streaming methods over gRPC",
                );
                failed(ticket, &status(Code::Unimplemented, "NO_SUCH_METHOD", &message, None))
            }
        },
        Err(status) => failed(ticket, &status),
    };
    if let Some(trace) = trace {
        response.headers_mut().insert(TRACEPARENT, trace);
    }
    response
}

async fn answer(
    calls: Calls,
    ticket: Ticket,
    (codec, method): (Codec, &'static Method),
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let message = tokio::select! {
        biased;
        status = Ticket::expired(ticket.deadline()) => Err(status),
        message = read(&calls, &parts.headers, body) => message,
    };
    let message = match message {
        Ok(message) => translated(message, codec, |json| method.request_of_json(json)).await,
        Err(status) => Err(status),
    };
    let message = match message {
        Ok(message) => message,
        Err(status) => return failed(ticket, &status),
    };
    let gate = calls.gate.clone();
    let response = calls.run(ticket, grpc_request(parts.uri, &parts.headers, framed(&message))).await;
    let answer = match unary(response).await {
        Ok((headers, message)) => {
            let message = translated(message, codec, |proto| method.json_of_answer(proto)).await;
            // As JSON it may be several times as large.
            message.and_then(|message| gate.admit(message.len()).map(|()| (headers, message)))
        }
        Err(status) => Err(status),
    };
    match answer {
        Ok((headers, message)) => {
            let mut response = Response::new(Body::new(Full::new(message)));
            *response.headers_mut() = headers;
            response.headers_mut().insert(CONTENT_TYPE, codec.content_type());
            response
        }
        Err(status) => error(&status),
    }
}

async fn read(calls: &Calls, headers: &HeaderMap, body: Body) -> Result<Bytes, Status> {
    plain(headers)?;
    let body = Limited::new(Weighed::whole(body, calls.budget.load()), LARGEST_REQUEST);
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            let message = Bilingual::new("消息超过 16 MiB 的上限", "a message has at most 16 MiB");
            Err(status(Code::ResourceExhausted, "MESSAGE_TOO_LARGE", &message, None))
        }
        Err(error) => Err(Status::from_error(error)),
    }
}

/// Protobuf as it is, JSON through `translate`.
async fn translated<E: std::fmt::Display + Send + 'static>(
    message: Bytes,
    codec: Codec,
    translate: impl Fn(&[u8]) -> Result<Vec<u8>, E> + Send + 'static,
) -> Result<Bytes, Status> {
    let refused = |error: E| {
        let message = Bilingual::new("请求不是这个方法的 JSON，请检查字段名和类型", error.to_string());
        status(Code::InvalidArgument, "MALFORMED_MESSAGE", &message, None)
    };
    match codec {
        Codec::Proto => Ok(message),
        Codec::Json if message.len() <= INLINE_BYTES => translate(&message).map(Bytes::from).map_err(refused),
        Codec::Json => match tokio::task::spawn_blocking(move || translate(&message)).await {
            Ok(translated) => translated.map(Bytes::from).map_err(refused),
            Err(error) => Err(Status::internal(error.to_string())),
        },
    }
}

/// A message as gRPC frames it.
fn framed(message: &[u8]) -> Body {
    let mut framed = BytesMut::with_capacity(PREFIX + message.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    framed.put_slice(message);
    Body::new(Full::new(framed.freeze()))
}

/// The gRPC call that a Connect call stands for.
pub fn grpc_request(uri: http::Uri, headers: &HeaderMap, body: Body) -> Request<Body> {
    let mut request = Request::new(body);
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = uri;
    *request.version_mut() = Version::HTTP_2;
    let ours = ["content-type", "content-length", "content-encoding", "accept-encoding", "connection", "te"];
    for (name, value) in headers.iter().filter(|(name, _)| !ours.contains(&name.as_str())) {
        request.headers_mut().append(name.clone(), value.clone());
    }
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    request.headers_mut().insert("te", HeaderValue::from_static("trailers"));
    request
}

/// Metadata and message of a gRPC answer.
async fn unary(response: Response<Body>) -> Result<(HeaderMap, Bytes), Status> {
    let (parts, body) = response.into_parts();
    if let Some(status) = Status::from_header_map(&parts.headers) {
        return Err(status);
    }
    let collected = body.collect().await?;
    let ended = collected.trailers().map(status_in);
    let status = ended.unwrap_or_else(|| Status::internal("the answer has no status"));
    if status.code() != Code::Ok {
        return Err(status);
    }
    let mut framed = collected.to_bytes();
    if framed.len() < PREFIX {
        return Err(Status::internal("the answer has no message"));
    }
    let message = framed.split_off(PREFIX);
    let mut headers = parts.headers;
    let transport = ["grpc-accept-encoding", "grpc-encoding", "content-type", "date"];
    transport.into_iter().for_each(|name| drop(headers.remove(name)));
    Ok((headers, message))
}

/// A call that ends before it reached its service.
fn failed(ticket: Ticket, status: &Status) -> Response<Body> {
    ticket.end(status.code());
    error(status)
}

/// An error as Connect writes it. What people read comes first.
#[derive(Debug, Serialize)]
pub struct Shown {
    code: &'static str,
    message: String,
    details: Vec<ShownDetail>,
}

#[derive(Debug, Serialize)]
struct ShownDetail {
    r#type: String,
    /// The detail in plain words, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    debug: Option<serde_json::Value>,
    /// The detail for programs, base64 without padding.
    value: String,
}

pub fn shown(status: &Status) -> Shown {
    let details = inner_status(status).details.into_iter().map(|detail| {
        let kind = detail.type_url.rsplit('/').next().unwrap_or_default().to_owned();
        let debug = transcode::json_of_detail(&kind, &detail.value);
        ShownDetail { r#type: kind, debug, value: BASE64_STANDARD_NO_PAD.encode(&detail.value) }
    });
    Shown { code: named(status.code()).1, message: status.message().to_owned(), details: details.collect() }
}

fn error(status: &Status) -> Response<Body> {
    let (http, _) = named(status.code());
    let body = serde_json::to_vec(&shown(status)).unwrap_or_default();
    let mut response = Response::new(Body::new(Full::new(Bytes::from(body))));
    *response.status_mut() = http;
    response.headers_mut().insert(CONTENT_TYPE, Codec::Json.content_type());
    if http == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(HeaderName::from_static("retry-after"), HeaderValue::from_static("1"));
    }
    response
}

/// HTTP's number and Connect's name of a code.
fn named(code: Code) -> (StatusCode, &'static str) {
    match code {
        // Not an error; whoever gets here has none of the others.
        Code::Ok | Code::Unknown => (StatusCode::INTERNAL_SERVER_ERROR, "unknown"),
        Code::Cancelled => (StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST), "canceled"),
        Code::InvalidArgument => (StatusCode::BAD_REQUEST, "invalid_argument"),
        Code::DeadlineExceeded => (StatusCode::GATEWAY_TIMEOUT, "deadline_exceeded"),
        Code::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        Code::AlreadyExists => (StatusCode::CONFLICT, "already_exists"),
        Code::PermissionDenied => (StatusCode::FORBIDDEN, "permission_denied"),
        Code::ResourceExhausted => (StatusCode::TOO_MANY_REQUESTS, "resource_exhausted"),
        Code::FailedPrecondition => (StatusCode::BAD_REQUEST, "failed_precondition"),
        Code::Aborted => (StatusCode::CONFLICT, "aborted"),
        Code::OutOfRange => (StatusCode::BAD_REQUEST, "out_of_range"),
        Code::Unimplemented => (StatusCode::NOT_IMPLEMENTED, "unimplemented"),
        Code::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        Code::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Code::DataLoss => (StatusCode::INTERNAL_SERVER_ERROR, "data_loss"),
        Code::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
    }
}
