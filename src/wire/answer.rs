//! Answers that carry evaluations as the bytes that were stored and sent once, instead of as messages.
//!
//! On the wire a message within a message is its bytes behind its length, which is what a field of bytes is, too: so
//! these are the answers of the interface, and no evaluation is decoded only to be encoded again.
//! `an_answer_with_bytes_is_the_answer_of_the_interface` (`src/wire/tests`) holds them to it.

use bytes::Bytes;

/// `heng.v1.EvaluateFormResponse`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EvaluateFormResponse {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub evaluation: Option<Bytes>,
}

/// `heng.v1.GetEvaluationResponse`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct GetEvaluationResponse {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub evaluation: Option<Bytes>,
}

/// `heng.v1.FormResult`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct FormResult {
    #[prost(oneof = "EvaluationOrStatus", tags = "1, 2")]
    pub result: Option<EvaluationOrStatus>,
}

/// What became of a form.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum EvaluationOrStatus {
    #[prost(bytes = "bytes", tag = "1")]
    Evaluation(Bytes),
    #[prost(message, tag = "2")]
    Status(tonic_types::pb::Status),
}
