//! A file of a pack as a tree that a test can change, written back as JSON, which is YAML too.

use std::sync::Arc;

use heng::document::{Limits, Node, Problems, Scalar, ScalarStyle, Shape, parse};
use serde_json::Value;

/// A file in the eyes of heng, to whom every scalar is a text, and in those of an editor, who knows numbers.
#[derive(Clone)]
pub struct Document {
    pub typed: Value,
    text: Value,
}

impl Document {
    pub fn of(name: &str, text: &str) -> Self {
        Document::read(name, text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
    }

    pub fn read(name: &str, text: &str) -> Result<Self, Problems> {
        let node = parse(name, text, &Limits::RULES)?;
        Ok(Document { typed: typed(&node), text: texts(&node) })
    }

    /// As a file that heng reads.
    pub fn written(&self) -> Arc<str> {
        self.text.to_string().into()
    }

    /// With something else under this pointer.
    pub fn with(&self, pointer: &str, value: &Value) -> Self {
        let mut changed = self.clone();
        for tree in [&mut changed.typed, &mut changed.text] {
            *tree.pointer_mut(pointer).expect(pointer) = value.clone();
        }
        changed
    }

    /// With one key more in the mapping under this pointer.
    pub fn with_key(&self, pointer: &str, key: &str) -> Self {
        let mut changed = self.clone();
        for tree in [&mut changed.typed, &mut changed.text] {
            let mapping = tree.pointer_mut(pointer).and_then(Value::as_object_mut).expect(pointer);
            mapping.insert(key.to_owned(), Value::String("1".to_owned()));
        }
        changed
    }

    /// Without the key that this pointer ends in.
    pub fn without(&self, pointer: &str) -> Self {
        let (mapping, key) = pointer.rsplit_once('/').expect("a key below the root");
        let key = key.replace("~1", "/").replace("~0", "~");
        let mut changed = self.clone();
        for tree in [&mut changed.typed, &mut changed.text] {
            let mapping = tree.pointer_mut(mapping).and_then(Value::as_object_mut).expect(pointer);
            assert!(mapping.remove(&key).is_some(), "{pointer}");
        }
        changed
    }
}

fn texts(node: &Node) -> Value {
    build(node, &|scalar| Value::String(scalar.text.clone()))
}

/// As YAML 1.2 tells scalars apart.
fn typed(node: &Node) -> Value {
    build(node, &|scalar| match (scalar.style, scalar.text.as_str()) {
        (ScalarStyle::Plain, "true") => Value::Bool(true),
        (ScalarStyle::Plain, "false") => Value::Bool(false),
        (ScalarStyle::Plain, text) => match serde_json::from_str(text) {
            Ok(Value::Number(number)) => Value::Number(number),
            _ => Value::String(text.to_owned()),
        },
        (_, text) => Value::String(text.to_owned()),
    })
}

fn build(node: &Node, scalar: &dyn Fn(&Scalar) -> Value) -> Value {
    match &node.shape {
        Shape::Scalar(one) if one.is_null() => Value::Null,
        Shape::Scalar(one) => scalar(one),
        Shape::List(items) => Value::Array(items.iter().map(|item| build(item, scalar)).collect()),
        Shape::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.text.clone(), build(node, scalar))).collect())
        }
    }
}
