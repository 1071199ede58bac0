//! Messages → proto3 JSON, as the command line prints it.
//!
//! Like the canonical mapping, with three decisions that it leaves open or differs in: scalars, lists and maps are
//! always there, even when empty, so that a reader need not know defaults; messages and `optional` fields are
//! there only when set; enum values are short (`SCORED`, not `INDICATOR_STATUS_SCORED`). Names are lowerCamelCase
//! and fields stand in the order of their numbers.

use std::sync::LazyLock;

use jiff::Timestamp;
use prost::{Message, Name};
use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage,
    Value,
};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::encode::{self, Identity};
use super::pb;
use crate::evaluation::Evaluation;
use crate::reading::Reading;

/// Why a message has no JSON: a defect of heng, not of the data.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error("the descriptor set does not describe {0}")]
    Undescribed(String),
    #[error("the message does not fit its descriptor: {0}")]
    Mismatch(#[from] prost::DecodeError),
    #[error("{0}")]
    Unwritable(#[from] serde_json::Error),
}

/// How the JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One line, without the line break.
    Line,
    /// Indented by two spaces.
    Pretty,
}

/// An evaluation, as the command line prints it.
///
/// # Errors
/// See [`JsonError`].
pub fn evaluation(evaluation: &Evaluation, identity: &Identity, layout: Layout) -> Result<String, JsonError> {
    message(&encode::evaluation(evaluation, identity), layout)
}

/// How a text was read.
///
/// # Errors
/// See [`JsonError`].
pub fn reading(reading: &Reading, layout: Layout) -> Result<String, JsonError> {
    message(&encode::reading(reading), layout)
}

/// Any message of the interface.
///
/// # Errors
/// See [`JsonError`].
pub fn message<M: Message + Name>(message: &M, layout: Layout) -> Result<String, JsonError> {
    let dynamic = DynamicMessage::decode(described(M::full_name())?, message.encode_to_vec().as_slice())?;
    let object = Object(&dynamic);
    Ok(match layout {
        Layout::Line => serde_json::to_string(&object)?,
        Layout::Pretty => serde_json::to_string_pretty(&object)?,
    })
}

fn described(name: String) -> Result<MessageDescriptor, JsonError> {
    static POOL: LazyLock<Option<DescriptorPool>> = LazyLock::new(|| DescriptorPool::decode(pb::DESCRIPTORS).ok());
    POOL.as_ref().and_then(|pool| pool.get_message_by_name(&name)).ok_or(JsonError::Undescribed(name))
}

struct Object<'m>(&'m DynamicMessage);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let descriptor = self.0.descriptor();
        if descriptor.full_name() == "google.protobuf.Timestamp" {
            return serializer.serialize_str(&rfc3339(self.0).ok_or_else(|| S::Error::custom("not a time"))?);
        }
        let mut map = serializer.serialize_map(None)?;
        for field in descriptor.fields() {
            if !field.supports_presence() || self.0.has_field(&field) {
                let value = self.0.get_field(&field);
                map.serialize_entry(field.json_name(), &Member { value: &value, field: &field })?;
            }
        }
        map.end()
    }
}

/// What stands under a field: one value, a list or a map.
struct Member<'m> {
    value: &'m Value,
    field: &'m FieldDescriptor,
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = self.field.kind();
        match self.value {
            Value::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    list.serialize_element(&Single { value, kind: &kind })?;
                }
                list.end()
            }
            Value::Map(entries) => {
                let kind = match &kind {
                    Kind::Message(entry) => entry.map_entry_value_field().kind(),
                    _ => kind,
                };
                let mut keys: Vec<&MapKey> = entries.keys().collect();
                keys.sort();
                let mut map = serializer.serialize_map(Some(keys.len()))?;
                for key in keys {
                    if let Some(value) = entries.get(key) {
                        map.serialize_entry(&key_text(key), &Single { value, kind: &kind })?;
                    }
                }
                map.end()
            }
            value => Single { value, kind: &kind }.serialize(serializer),
        }
    }
}

struct Single<'m> {
    value: &'m Value,
    kind: &'m Kind,
}

impl Serialize for Single<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::I32(value) => serializer.serialize_i32(*value),
            Value::U32(value) => serializer.serialize_u32(*value),
            Value::I64(value) => serializer.collect_str(value),
            Value::U64(value) => serializer.collect_str(value),
            Value::String(value) => serializer.serialize_str(value),
            Value::EnumNumber(number) => match self.kind {
                Kind::Enum(descriptor) => short_name(descriptor, *number, serializer),
                _ => serializer.serialize_i32(*number),
            },
            Value::Message(message) => Object(message).serialize(serializer),
            Value::F32(_) | Value::F64(_) | Value::Bytes(_) | Value::List(_) | Value::Map(_) => {
                Err(S::Error::custom("the interface has no floats, bytes or nested lists"))
            }
        }
    }
}

/// `INDICATOR_STATUS_SCORED` of `IndicatorStatus` is `SCORED`; a number that has no name is the number.
fn short_name<S: Serializer>(descriptor: &EnumDescriptor, number: i32, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(value) = descriptor.get_value(number) else { return serializer.serialize_i32(number) };
    let mut prefix = String::new();
    for letter in descriptor.name().chars() {
        if letter.is_ascii_uppercase() && !prefix.is_empty() {
            prefix.push('_');
        }
        prefix.push(letter.to_ascii_uppercase());
    }
    prefix.push('_');
    serializer.serialize_str(value.name().strip_prefix(&prefix).unwrap_or(value.name()))
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
    }
}

/// UTC; 0, 3, 6 or 9 digits of the second, as proto3 JSON has them.
fn rfc3339(message: &DynamicMessage) -> Option<String> {
    let seconds = message.get_field_by_number(1)?.as_i64()?;
    let nanos = message.get_field_by_number(2)?.as_i32()?;
    let time = Timestamp::new(seconds, nanos).ok()?;
    let digits = match nanos {
        0 => 0,
        _ if nanos % 1_000_000 == 0 => 3,
        _ if nanos % 1_000 == 0 => 6,
        _ => 9,
    };
    Some(format!("{time:.digits$}"))
}
