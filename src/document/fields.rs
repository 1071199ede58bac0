//! Reading a mapping field by field, collecting every problem.

use super::{Key, Node, Shape};
use crate::diagnostic::{Bilingual, Diagnostic, Place};

/// The diagnostics of one run, in the order they were met.
pub type Problems = Vec<Diagnostic>;

/// A mapping being read. Ask for each known field once, then call [`Fields::finish`]: it reports the keys
/// nobody asked for, with a suggestion.
pub struct Fields<'n, 'p> {
    entries: &'n [(Key, Node)],
    place: Place,
    asked: Vec<&'static str>,
    missing: Vec<(&'static str, Diagnostic)>,
    problems: &'p mut Problems,
}

impl<'n, 'p> Fields<'n, 'p> {
    /// Starts reading; a node that is no mapping is reported and read as an empty one.
    pub fn of(node: &'n Node, problems: &'p mut Problems) -> Self {
        let entries = match &node.shape {
            Shape::Map(entries) => entries.as_slice(),
            _ => {
                problems.push(expected(node, "一个映射（键: 值）", "a mapping (key: value)"));
                &[]
            }
        };
        Fields { entries, place: node.place.clone(), asked: Vec::new(), missing: Vec::new(), problems }
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn problems(&mut self) -> &mut Problems {
        self.problems
    }

    /// The value under `key`; null counts as absent.
    pub fn optional(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.entries.iter().find(|(k, _)| k.text == key).map(|(_, n)| n).filter(|n| !n.is_null())
    }

    /// Like [`Fields::optional`], but its absence is an error.
    pub fn required(&mut self, key: &'static str) -> Option<&'n Node> {
        let found = self.optional(key);
        if found.is_none() {
            let message = Bilingual::new(format!("缺少 `{key}`"), format!("`{key}` is missing"));
            self.missing.push((key, Diagnostic::error("missing_key", self.place.clone(), message)));
        }
        found
    }

    /// A scalar's text with its node.
    pub fn text(&mut self, key: &'static str) -> Option<(&'n str, &'n Node)> {
        let node = self.optional(key)?;
        scalar_text(node, self.problems).map(|text| (text, node))
    }

    pub fn required_text(&mut self, key: &'static str) -> Option<(&'n str, &'n Node)> {
        let node = self.required(key)?;
        scalar_text(node, self.problems).map(|text| (text, node))
    }

    /// `true` or `false`; absent is `None`.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let (text, node) = self.text(key)?;
        match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.problems.push(expected(node, "true 或 false", "true or false"));
                None
            }
        }
    }

    /// The scalars of a list; a single scalar counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<(&'n str, &'n Node)> {
        let Some(node) = self.optional(key) else { return Vec::new() };
        match &node.shape {
            Shape::List(items) => {
                items.iter().filter_map(|item| scalar_text(item, self.problems).map(|text| (text, item))).collect()
            }
            _ => scalar_text(node, self.problems).map(|text| (text, node)).into_iter().collect(),
        }
    }

    /// The entries of a mapping under `key`, in file order; absent is empty.
    pub fn entries(&mut self, key: &'static str) -> &'n [(Key, Node)] {
        match self.optional(key) {
            Some(node) => map_entries(node, self.problems),
            None => &[],
        }
    }

    /// Reports every key nobody asked for, and every key that is missing; a key that is only misspelt is one
    /// mistake, not two.
    pub fn finish(mut self) {
        for (key, _) in self.entries {
            if !self.asked.contains(&key.text.as_str()) {
                let known = self.asked.join(", ");
                let diagnostic = Diagnostic::error(
                    "unknown_key",
                    key.place.clone(),
                    Bilingual::new(
                        format!("这里没有 `{}` 这个键", key.text),
                        format!("there is no key `{}` here", key.text),
                    ),
                )
                .with_help(Bilingual::new(format!("可用的键：{known}"), format!("known keys: {known}")))
                .with_guess(&key.text, self.asked.iter().copied());
                let meant = Bilingual::did_you_mean(&key.text, self.asked.iter().copied());
                self.missing
                    .retain(|(name, _)| meant != Bilingual::did_you_mean(&key.text, [*name]) || meant.is_none());
                self.problems.push(diagnostic);
            }
        }
        self.problems.extend(self.missing.into_iter().map(|(_, diagnostic)| diagnostic));
    }
}

fn map_entries<'n>(node: &'n Node, problems: &mut Problems) -> &'n [(Key, Node)] {
    node.as_map().unwrap_or_else(|| {
        problems.push(expected(node, "一个映射（键: 值）", "a mapping (key: value)"));
        &[]
    })
}

fn scalar_text<'n>(node: &'n Node, problems: &mut Problems) -> Option<&'n str> {
    let text = node.as_text();
    if text.is_none() {
        problems.push(expected(node, "一段文字或一个数", "a text or a number"));
    }
    text
}

fn expected(node: &Node, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "wrong_type",
        node.place.clone(),
        Bilingual::new(format!("这里应为{zh}"), format!("expected {en} here")),
    )
}
