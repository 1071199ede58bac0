//! The tree.

use std::sync::Arc;

use super::scalar;
use crate::diagnostic::Place;

/// How a scalar was written; needed to find a character of its text again in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A scalar as typed. Only a plain `null`, `~` or nothing at all is null; `no`, `on` and `0x10` are texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after YAML's unquoting and folding.
    pub text: String,
    pub style: ScalarStyle,
}

impl Scalar {
    pub fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain && matches!(self.text.as_str(), "" | "~" | "null")
    }
}

/// A key of a mapping, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub text: String,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order of the file; keys are unique.
    Map(Vec<(Key, Node)>),
}

/// A value with its place and the file it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub shape: Shape,
    pub place: Place,
    /// The whole text of the file, shared: excerpts and places inside scalars come from it.
    pub source: Arc<str>,
}

impl Node {
    pub fn as_text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar(scalar) if !scalar.is_null() => Some(&scalar.text),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(&self.shape, Shape::Scalar(scalar) if scalar.is_null())
    }

    pub fn as_map(&self) -> Option<&[(Key, Node)]> {
        match &self.shape {
            Shape::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.shape {
            Shape::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.iter().find(|(k, _)| k.text == key).map(|(_, node)| node)
    }

    /// Where the character at `offset` (in characters, from 0) of this scalar's text stands in the file,
    /// whatever style it is written in; the scalar's own place for anything else.
    pub fn place_at(&self, offset: usize, length: usize) -> Place {
        match &self.shape {
            Shape::Scalar(scalar) => scalar::place_at(self, scalar, offset, length),
            _ => self.place.clone(),
        }
    }
}
