//! The names a formula may use.

use std::collections::HashMap;
use std::sync::Arc;

use super::Type;
use crate::diagnostic::Bilingual;

/// One name: what it is called in formulas, its type, and one line on what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub name: Arc<str>,
    pub value_type: Type,
    pub doc: Bilingual,
}

/// The names visible to a formula, in a fixed order: a name's place in it is its slot, and evaluation
/// takes its values by slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    entries: Vec<Name>,
    slots: HashMap<Arc<str>, usize>,
    constants: usize,
}

impl Names {
    /// Of two equal names the later one is found; both keep their slot.
    pub fn new<N: Into<Arc<str>>>(names: impl IntoIterator<Item = (N, Type, Bilingual)>) -> Self {
        let entries: Vec<Name> =
            names.into_iter().map(|(name, value_type, doc)| Name { name: name.into(), value_type, doc }).collect();
        let slots = entries.iter().enumerate().map(|(slot, entry)| (Arc::clone(&entry.name), slot)).collect();
        Names { entries, slots, constants: 0 }
    }

    /// Says that the first `count` names are constants of the rules. A derivation shows a limit that was chosen,
    /// `min(7个 ÷ 6个, 1)`, with what it limited, whether it is written as a number or as such a name.
    #[must_use]
    pub fn with_constants(self, count: usize) -> Self {
        Names { constants: count, ..self }
    }

    pub fn constants(&self) -> usize {
        self.constants
    }

    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get(name).copied()
    }

    pub fn get(&self, slot: usize) -> Option<&Name> {
        self.entries.get(slot)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.entries.iter()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
