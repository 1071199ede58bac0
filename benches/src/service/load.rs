//! Calls as clients make them, with bytes that were encoded before: what is measured is the server.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::{Buf, BufMut, Bytes};
use http::uri::PathAndQuery;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

const CONNECTIONS: usize = 2;

/// How forms are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Unary,
    Bidi,
    /// So many forms in one call.
    Batch(usize),
}

/// What is sent: one message, and how many forms it holds.
#[derive(Clone)]
pub struct Shot {
    pub way: Way,
    pub message: Bytes,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub forms: usize,
    pub seconds: f64,
    /// Microseconds of each message, from its sending to its answer.
    pub waits: Vec<f64>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.forms as f64 / self.seconds
    }

    /// The wait that so many of a hundred messages do not exceed.
    pub fn percentile(&mut self, of_hundred: usize) -> f64 {
        self.waits.sort_by(f64::total_cmp);
        self.waits[(self.waits.len() - 1) * of_hundred / 100]
    }
}

/// Connections to one server.
pub struct Client {
    channels: Vec<Channel>,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
            channels.push(endpoint.tcp_nodelay(true).connect().await.expect("a server"));
        }
        Client { channels }
    }

    /// One call and its answer's bytes.
    pub async fn ask(&self, shot: &Shot) -> Bytes {
        unary(&mut grpc(&self.channels[0]), shot).await.expect("an answer")
    }

    /// So many messages at a time, for so long.
    pub async fn run(&self, shot: &Shot, in_flight: usize, time: Duration) -> Outcome {
        let begun = Instant::now();
        let until = begun + time;
        let mut tasks = JoinSet::new();
        match shot.way {
            Way::Unary | Way::Batch(_) => {
                for number in 0..in_flight {
                    tasks.spawn(calls(self.channels[number % CONNECTIONS].clone(), shot.clone(), until));
                }
            }
            Way::Bidi => {
                for (number, channel) in self.channels.iter().enumerate() {
                    let share = (in_flight + number) / CONNECTIONS;
                    if share > 0 {
                        tasks.spawn(stream(channel.clone(), shot.clone(), share, until));
                    }
                }
            }
        }
        let forms = if let Way::Batch(forms) = shot.way { forms } else { 1 };
        let waits = tasks.join_all().await.concat();
        Outcome { forms: waits.len() * forms, seconds: begun.elapsed().as_secs_f64(), waits }
    }

    /// So many messages a second whether or not answers come, for so long.
    pub async fn pace(&self, shot: &Shot, per_second: f64, time: Duration) -> Outcome {
        const TICK: Duration = Duration::from_millis(1);
        let begun = Instant::now();
        let mut tick = tokio::time::interval(TICK);
        let mut tasks = JoinSet::new();
        let mut sent = 0;
        while begun.elapsed() < time {
            tick.tick().await;
            let due = (begun.elapsed().as_secs_f64() * per_second) as usize;
            for number in sent..due {
                let (mut grpc, shot) = (grpc(&self.channels[number % CONNECTIONS]), shot.clone());
                tasks.spawn(async move {
                    let sent = Instant::now();
                    unary(&mut grpc, &shot).await.expect("an answer");
                    micros(sent)
                });
            }
            sent = sent.max(due);
        }
        let waits = tasks.join_all().await;
        Outcome { forms: waits.len(), seconds: begun.elapsed().as_secs_f64(), waits }
    }
}

async fn calls(channel: Channel, shot: Shot, until: Instant) -> Vec<f64> {
    let mut grpc = grpc(&channel);
    let mut waits = Vec::new();
    loop {
        let sent = Instant::now();
        if sent >= until {
            return waits;
        }
        unary(&mut grpc, &shot).await.expect("an answer");
        waits.push(micros(sent));
    }
}

async fn stream(channel: Channel, shot: Shot, in_flight: usize, until: Instant) -> Vec<f64> {
    let mut grpc = grpc(&channel);
    let (sender, requests) = mpsc::unbounded_channel();
    let mut sent = std::collections::VecDeque::new();
    for _ in 0..in_flight {
        sender.send(shot.message.clone()).expect("a stream");
        sent.push_back(Instant::now());
    }
    grpc.ready().await.expect("a server");
    let request = Request::new(UnboundedReceiverStream::new(requests));
    let path = PathAndQuery::from_static("/heng.v1.EvaluationService/StreamEvaluateForms");
    let mut answers = grpc.streaming(request, path, Raw).await.expect("a stream").into_inner();
    let (mut sender, mut waits) = (Some(sender), Vec::new());
    while answers.message().await.expect("an answer").is_some() {
        waits.push(micros(sent.pop_front().expect("a request")));
        let now = Instant::now();
        if now >= until {
            sender = None;
        }
        if let Some(sender) = &sender {
            sender.send(shot.message.clone()).expect("a stream");
            sent.push_back(now);
        }
    }
    waits
}

async fn unary(grpc: &mut Grpc<Channel>, shot: &Shot) -> Result<Bytes, Status> {
    grpc.ready().await.expect("a server");
    let path = match shot.way {
        Way::Batch(_) => "/heng.v1.EvaluationService/BatchEvaluateForms",
        Way::Unary | Way::Bidi => "/heng.v1.EvaluationService/EvaluateForm",
    };
    let answer = grpc.unary(Request::new(shot.message.clone()), PathAndQuery::from_static(path), Raw).await?;
    Ok(answer.into_inner())
}

fn grpc(channel: &Channel) -> Grpc<Channel> {
    Grpc::new(channel.clone()).max_decoding_message_size(usize::MAX)
}

fn micros(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e6
}

/// Messages as bytes.
#[derive(Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
