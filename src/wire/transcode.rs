//! proto3 JSON ↔ protobuf for every method of the interface, by its descriptor.
//!
//! This is the canonical mapping, for clients over HTTP: enum values have their full names, what is unset is left
//! out, and fields may be written in `lowerCamelCase` or `snake_case`. A field that no message has is refused, so that a
//! misspelt cell of a form is not taken for a blank one. ([`json`](super::json) is the command line's mapping.)

use std::collections::BTreeMap;
use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};

use super::pb;

/// A method of the interface.
#[derive(Debug)]
pub struct Method {
    /// `heng.v1.EvaluationService`
    pub service: String,
    /// `EvaluateForm`
    pub name: String,
    /// One message in, one message out.
    pub unary: bool,
    input: MessageDescriptor,
    output: MessageDescriptor,
}

/// Why a message cannot be translated.
#[derive(Debug, thiserror::Error)]
pub enum TranscodeError {
    #[error("the request is not JSON of a {message}: {why}")]
    NotJson { message: String, why: String },
    #[error("the answer has no JSON: {0}")]
    NoJson(String),
}

impl Method {
    /// The protobuf bytes of a request in JSON.
    ///
    /// # Errors
    /// [`TranscodeError::NotJson`] with the place in the text.
    pub fn request_of_json(&self, json: &[u8]) -> Result<Vec<u8>, TranscodeError> {
        let refused = |why: serde_json::Error| TranscodeError::NotJson {
            message: self.input.name().to_owned(),
            why: why.to_string(),
        };
        let json = if json.trim_ascii().is_empty() { b"{}" } else { json };
        let mut text = serde_json::Deserializer::from_slice(json);
        let message = DynamicMessage::deserialize(self.input.clone(), &mut text).map_err(refused)?;
        text.end().map_err(refused)?;
        Ok(message.encode_to_vec())
    }

    /// The JSON of an answer in protobuf.
    ///
    /// # Errors
    /// [`TranscodeError::NoJson`]: a defect of heng.
    pub fn json_of_answer(&self, answer: &[u8]) -> Result<Vec<u8>, TranscodeError> {
        let defect = |why: String| TranscodeError::NoJson(why);
        let message = DynamicMessage::decode(self.output.clone(), answer).map_err(|why| defect(why.to_string()))?;
        serde_json::to_vec(&message).map_err(|why| defect(why.to_string()))
    }
}

/// The methods of heng's services by their paths: `/heng.v1.EvaluationService/EvaluateForm`.
pub fn methods() -> &'static BTreeMap<String, Method> {
    static METHODS: LazyLock<BTreeMap<String, Method>> = LazyLock::new(|| {
        let services = POOL.iter().flat_map(DescriptorPool::services);
        let methods = services.flat_map(|service| service.methods().collect::<Vec<_>>());
        let named = methods.map(|method| {
            let service = method.parent_service().full_name().to_owned();
            let path = format!("/{service}/{}", method.name());
            let unary = !method.is_client_streaming() && !method.is_server_streaming();
            let name = method.name().to_owned();
            (path, Method { service, name, unary, input: method.input(), output: method.output() })
        });
        named.collect()
    });
    &METHODS
}

/// What a detail of an error says, as JSON; none for a type that the interface does not have.
pub fn json_of_detail(type_name: &str, value: &[u8]) -> Option<serde_json::Value> {
    let descriptor = POOL.as_ref()?.get_message_by_name(type_name)?;
    let message = DynamicMessage::decode(descriptor, value).ok()?;
    message.serialize_with_options(serde_json::value::Serializer, &SerializeOptions::new()).ok()
}

static POOL: LazyLock<Option<DescriptorPool>> = LazyLock::new(|| DescriptorPool::decode(pb::DESCRIPTORS).ok());
