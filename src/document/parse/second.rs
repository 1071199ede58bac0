//! The second reader: `serde_yaml` walks the finished tree, and must find the same lists, mappings and texts.
//!
//! Scalars are compared as typed, never as numbers: heng does not care what a YAML reader takes `010` for.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Key, Node, Shape};

/// # Errors
/// Where the two readers differ: every differing text up to the first difference in structure.
pub(super) fn agrees(node: &Node, readable: &str) -> Result<(), Vec<Diagnostic>> {
    let mut found = Vec::new();
    let text = as_yaml_1_2(readable);
    let outcome = Same { node, found: &mut found }.deserialize(serde_yaml::Deserializer::from_str(&text));
    if let Err(error) = outcome
        && found.is_empty()
    {
        found.push(disagreement(place_of(&error, node)));
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// libyaml still takes NEL, LS and PS for line breaks, as YAML 1.1 did; here they are characters like others.
fn as_yaml_1_2(text: &str) -> String {
    text.replace(['\u{85}', '\u{2028}', '\u{2029}'], "\u{fffc}")
}

fn place_of(error: &serde_yaml::Error, node: &Node) -> Place {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    match error.location() {
        Some(at) => Place::new(node.place.file.clone(), number(at.line()), number(at.column()), 1),
        None => node.place.clone(),
    }
}

fn disagreement(place: Place) -> Diagnostic {
    Diagnostic::error(
        "yaml_readers_disagree",
        place,
        Bilingual::new(
            "这里的写法有歧义：两个 YAML 读取器读出的结果不同",
            "two YAML readers understand this differently",
        ),
    )
    .with_help(Bilingual::new("请换一种写法，例如给文字加上引号", "write it in another way, for example with quotes"))
}

/// Reads a value and compares it with `node`.
struct Same<'t> {
    node: &'t Node,
    found: &'t mut Vec<Diagnostic>,
}

impl<'de> DeserializeSeed<'de> for Same<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Same { node, found } = self;
        match &node.shape {
            Shape::Scalar(scalar) => {
                SameText { text: &scalar.text, place: &node.place, found }.deserialize(deserializer)
            }
            Shape::List(items) => deserializer.deserialize_seq(SameList { items, found }),
            Shape::Map(entries) => deserializer.deserialize_map(SameMap { entries, found }),
        }
    }
}

struct SameText<'t> {
    text: &'t str,
    place: &'t Place,
    found: &'t mut Vec<Diagnostic>,
}

impl<'de> DeserializeSeed<'de> for SameText<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for SameText<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text != self.text && as_yaml_1_2(text) != as_yaml_1_2(self.text) {
            self.found.push(disagreement(self.place.clone()));
        }
        Ok(())
    }
}

struct SameList<'t> {
    items: &'t [Node],
    found: &'t mut Vec<Diagnostic>,
}

impl<'de> Visitor<'de> for SameList<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.items.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for node in self.items {
            if list.next_element_seed(Same { node, found: self.found })?.is_none() {
                return Err(A::Error::custom("the list is shorter"));
            }
        }
        match list.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("the list is longer")),
        }
    }
}

struct SameMap<'t> {
    entries: &'t [(Key, Node)],
    found: &'t mut Vec<Diagnostic>,
}

impl<'de> Visitor<'de> for SameMap<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a mapping of {}", self.entries.len())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        for (key, node) in self.entries {
            if map.next_key_seed(SameText { text: &key.text, place: &key.place, found: self.found })?.is_none() {
                return Err(A::Error::custom("the mapping is shorter"));
            }
            map.next_value_seed(Same { node, found: self.found })?;
        }
        match map.next_key::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("the mapping is longer")),
        }
    }
}
