//! The least that a gRPC server does: it decodes the same request and encodes a prepared answer. With a journal it
//! answers once as many bytes as heng stores are durable.

use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::BufMut;
use futures_util::{Stream, StreamExt};
use heng::wire::pb::v1 as pb;
use http::{Request, Response};
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint, key_len, message, string};
use tonic::body::Body;
use tonic::codec::{Codec, EncodeBuf, Encoder};
use tonic::server::{Grpc, NamedService, StreamingService, UnaryService};
use tonic::{Status, Streaming};
use tonic_prost::{ProstCodec, ProstDecoder};
use tower_service::Service;

use crate::journal::Committer;

/// Streams answer as many of their requests at a time as heng does.
const STREAM_IN_FLIGHT: usize = 32;

/// Arguments: the file of an encoded evaluation; bytes of a record; the journal, or `-`; the address.
pub fn run(arguments: &[String]) {
    let [answer, record, journal, address] = arguments else { panic!("ANSWER RECORD JOURNAL ADDRESS") };
    let answer = std::fs::read(answer).expect("an answer");
    let answer = Arc::new(pb::Evaluation::decode(&*answer).expect("an evaluation"));
    let record = record.parse().expect("bytes of a record");
    let committer = (journal != "-").then(|| Committer::start(Path::new(journal), record));
    let address: SocketAddr = address.parse().expect("an address");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = tonic::transport::Server::builder().tcp_nodelay(true).add_service(Echo { answer, committer });
        server.serve(address).await.expect("a server");
    });
}

#[derive(Clone)]
struct Echo {
    answer: Arc<pb::Evaluation>,
    committer: Option<Committer>,
}

impl Echo {
    async fn durable(&self, records: usize) {
        if let Some(committer) = &self.committer {
            committer.commit(records).await;
        }
    }
}

/// An answer that is encoded from the one prepared message.
enum Answer {
    One(Arc<pb::Evaluation>),
    Many(Arc<pb::Evaluation>, usize),
    Item(String, Arc<pb::Evaluation>),
}

impl Answer {
    fn encode(&self, buffer: &mut impl BufMut) {
        let result = |tag: u32, evaluation: &pb::Evaluation, buffer: &mut dyn BufMut| {
            let mut buffer = buffer;
            let length = evaluation.encoded_len();
            let inner = key_len(1) + encoded_len_varint(length as u64) + length;
            encode_key(tag, WireType::LengthDelimited, &mut buffer);
            encode_varint(inner as u64, &mut buffer);
            message::encode(1, evaluation, &mut buffer);
        };
        match self {
            Answer::One(evaluation) => message::encode(1, &**evaluation, buffer),
            Answer::Many(evaluation, count) => (0..*count).for_each(|_| result(1, evaluation, buffer)),
            Answer::Item(correlation_id, evaluation) => {
                string::encode(1, correlation_id, buffer);
                result(2, evaluation, buffer);
            }
        }
    }
}

struct EchoCodec<M>(PhantomData<M>);

impl<M: Message + Default + Send + 'static> Codec for EchoCodec<M> {
    type Encode = Answer;
    type Decode = M;
    type Encoder = AnswerEncoder;
    type Decoder = ProstDecoder<M>;

    fn encoder(&mut self) -> AnswerEncoder {
        AnswerEncoder
    }

    fn decoder(&mut self) -> ProstDecoder<M> {
        ProstCodec::<M, M>::default().decoder()
    }
}

struct AnswerEncoder;

impl Encoder for AnswerEncoder {
    type Item = Answer;
    type Error = Status;

    fn encode(&mut self, item: Answer, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        item.encode(buffer);
        Ok(())
    }
}

type Answered<T> = Pin<Box<dyn Future<Output = Result<tonic::Response<T>, Status>> + Send>>;

struct Unary(Echo);

impl UnaryService<pb::EvaluateFormRequest> for Unary {
    type Response = Answer;
    type Future = Answered<Answer>;

    fn call(&mut self, request: tonic::Request<pb::EvaluateFormRequest>) -> Self::Future {
        let echo = self.0.clone();
        Box::pin(async move {
            drop(request);
            echo.durable(1).await;
            Ok(tonic::Response::new(Answer::One(echo.answer)))
        })
    }
}

struct Batch(Echo);

impl UnaryService<pb::BatchEvaluateFormsRequest> for Batch {
    type Response = Answer;
    type Future = Answered<Answer>;

    fn call(&mut self, request: tonic::Request<pb::BatchEvaluateFormsRequest>) -> Self::Future {
        let echo = self.0.clone();
        Box::pin(async move {
            let count = request.into_inner().requests.len();
            echo.durable(count).await;
            Ok(tonic::Response::new(Answer::Many(echo.answer, count)))
        })
    }
}

struct Bidi(Echo);

impl StreamingService<pb::StreamEvaluateFormsRequest> for Bidi {
    type Response = Answer;
    type ResponseStream = Pin<Box<dyn Stream<Item = Result<Answer, Status>> + Send>>;
    type Future = Answered<Self::ResponseStream>;

    fn call(&mut self, request: tonic::Request<Streaming<pb::StreamEvaluateFormsRequest>>) -> Self::Future {
        let echo = self.0.clone();
        let answers = request.into_inner().map(move |request| {
            let echo = echo.clone();
            async move {
                let correlation_id = request?.correlation_id;
                echo.durable(1).await;
                Ok(Answer::Item(correlation_id, echo.answer))
            }
        });
        Box::pin(async { Ok(tonic::Response::new(Box::pin(answers.buffered(STREAM_IN_FLIGHT)) as _)) })
    }
}

impl NamedService for Echo {
    const NAME: &'static str = "heng.v1.EvaluationService";
}

impl Service<Request<Body>> for Echo {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let echo = self.clone();
        Box::pin(async move {
            let answer = match request.uri().path().rsplit('/').next() {
                Some("EvaluateForm") => grpc(EchoCodec(PhantomData)).unary(Unary(echo), request).await,
                Some("BatchEvaluateForms") => grpc(EchoCodec(PhantomData)).unary(Batch(echo), request).await,
                Some("StreamEvaluateForms") => grpc(EchoCodec(PhantomData)).streaming(Bidi(echo), request).await,
                _ => Status::unimplemented("an echo").into_http(),
            };
            Ok(answer)
        })
    }
}

fn grpc<M: Message + Default + Send + 'static>(codec: EchoCodec<M>) -> Grpc<EchoCodec<M>> {
    Grpc::new(codec).max_decoding_message_size(usize::MAX)
}
