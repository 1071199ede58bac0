//! Where two encoded evaluations part.

use prost::Message;
use serde_json::Value;

use super::json::{self, Layout};
use super::pb::v1 as pb;

/// The first place where two answers differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As in the JSON of the evaluation: `indicators[5].pointsCeiling`; `byte 12` where the JSON is the same.
    pub path: String,
    pub stored: String,
    pub replayed: String,
}

/// `None` when the bytes are the same.
pub fn first_difference(stored: &[u8], replayed: &[u8]) -> Option<Difference> {
    if stored == replayed {
        return None;
    }
    let values = (tree(stored), tree(replayed));
    if let (Some(one), Some(other)) = &values
        && let Some(found) = between(one, other, String::new())
    {
        return Some(found);
    }
    let at = stored.iter().zip(replayed).position(|(one, other)| one != other);
    let at = at.unwrap_or_else(|| stored.len().min(replayed.len()));
    let byte = |bytes: &[u8]| bytes.get(at).map_or_else(|| "nothing".to_owned(), |byte| format!("0x{byte:02x}"));
    Some(Difference { path: format!("byte {at}"), stored: byte(stored), replayed: byte(replayed) })
}

fn tree(bytes: &[u8]) -> Option<Value> {
    let message = pb::Evaluation::decode(bytes).ok()?;
    serde_json::from_str(&json::message(&message, Layout::Line).ok()?).ok()
}

fn between(one: &Value, other: &Value, path: String) -> Option<Difference> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            let here =
                one.iter().find_map(|(key, value)| between(value, other.get(key).unwrap_or(&Value::Null), below(key)));
            let added = || other.iter().find(|(key, _)| !one.contains_key(*key));
            here.or_else(|| added().and_then(|(key, value)| between(&Value::Null, value, below(key))))
        }
        (Value::Array(one), Value::Array(other)) => (0..one.len().max(other.len())).find_map(|at| {
            let item = |list: &[Value]| list.get(at).cloned().unwrap_or(Value::Null);
            between(&item(one), &item(other), format!("{path}[{at}]"))
        }),
        _ => (one != other).then(|| Difference { path, stored: shown(one), replayed: shown(other) }),
    }
}

/// A value as a message may repeat it.
fn shown(value: &Value) -> String {
    const SHOWN: usize = 120;
    let text = value.to_string();
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain(['…']).collect() }
}
