//! What holds on one way through the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Key;
use crate::proof::algebra::Constraint;
use crate::proof::decide::plainly_impossible;

/// The texts that a name may stand for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::proof) enum Texts {
    Among(BTreeSet<Arc<str>>),
    /// Any but these.
    Beyond(BTreeSet<Arc<str>>),
}

impl Texts {
    pub fn any() -> Self {
        Texts::Beyond(BTreeSet::new())
    }

    pub fn among<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Texts::Among(texts.into_iter().map(|text| Arc::from(text.as_ref())).collect())
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Texts::Among(texts) if texts.is_empty())
    }

    pub fn both(&self, other: &Texts) -> Texts {
        match (self, other) {
            (Texts::Among(one), Texts::Among(two)) => Texts::Among(one & two),
            (Texts::Among(one), Texts::Beyond(two)) | (Texts::Beyond(two), Texts::Among(one)) => {
                Texts::Among(one - two)
            }
            (Texts::Beyond(one), Texts::Beyond(two)) => Texts::Beyond(one | two),
        }
    }

    /// Those of this set that are not in the other.
    pub fn without(&self, other: &Texts) -> Texts {
        match other {
            Texts::Among(texts) => self.both(&Texts::Beyond(texts.clone())),
            Texts::Beyond(texts) => self.both(&Texts::Among(texts.clone())),
        }
    }

    pub fn is_within(&self, other: &Texts) -> bool {
        self.without(other).is_empty()
    }

    /// One of them.
    pub fn example(&self) -> Option<Arc<str>> {
        match self {
            Texts::Among(texts) => texts.first().cloned(),
            Texts::Beyond(texts) => {
                ["甲", "乙", "丙", "丁"].into_iter().map(Arc::from).find(|text| !texts.contains(text))
            }
        }
    }
}

/// What is supposed of the inputs; each part holds together with all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::proof) struct Facts {
    pub present: BTreeMap<Key, bool>,
    pub texts: BTreeMap<Key, Texts>,
    /// Truth values of names, and of questions about texts that nobody computes here.
    pub truths: BTreeMap<String, bool>,
    pub reals: Vec<Constraint>,
    /// What one of several cases that were put together supposed of texts: no fact, but a good example.
    pub examples: BTreeMap<Key, Texts>,
}

impl Facts {
    /// The texts that a name is best given.
    pub fn best_texts(&self, key: Key) -> Option<&Texts> {
        self.texts.get(&key).or_else(|| self.examples.get(&key))
    }

    /// With this supposed too; nothing where that plainly contradicts what is known.
    pub fn suppose(&self, constraint: Constraint) -> Option<Facts> {
        match constraint.settled() {
            Some(true) => return Some(self.clone()),
            Some(false) => return None,
            None if self.reals.contains(&constraint) => return Some(self.clone()),
            None => {}
        }
        let mut facts = self.clone();
        facts.reals.push(constraint);
        (!plainly_impossible(facts.reals.iter().cloned())).then_some(facts)
    }

    pub fn suppose_present(&self, key: Key, present: bool) -> Option<Facts> {
        match self.present.get(&key) {
            Some(known) => (*known == present).then(|| self.clone()),
            None => {
                let mut facts = self.clone();
                facts.present.insert(key, present);
                Some(facts)
            }
        }
    }

    pub fn suppose_text(&self, key: Key, texts: &Texts) -> Option<Facts> {
        let own = self.texts.get(&key).map_or_else(|| texts.clone(), |own| own.both(texts));
        if own.is_empty() {
            return None;
        }
        let mut facts = self.clone();
        facts.texts.insert(key, own);
        Some(facts)
    }

    pub fn suppose_truth(&self, atom: &str, truth: bool) -> Option<Facts> {
        match self.truths.get(atom) {
            Some(known) => (*known == truth).then(|| self.clone()),
            None => {
                let mut facts = self.clone();
                facts.truths.insert(atom.to_owned(), truth);
                Some(facts)
            }
        }
    }

    /// Both at once; nothing where they plainly contradict each other.
    pub fn and(&self, other: &Facts) -> Option<Facts> {
        let mut facts = self.clone();
        for (key, present) in &other.present {
            if *facts.present.entry(*key).or_insert(*present) != *present {
                return None;
            }
        }
        for (atom, truth) in &other.truths {
            if *facts.truths.entry(atom.clone()).or_insert(*truth) != *truth {
                return None;
            }
        }
        for (key, texts) in &other.texts {
            let own = facts.texts.get(key).map_or_else(|| texts.clone(), |own| own.both(texts));
            if own.is_empty() {
                return None;
            }
            facts.texts.insert(*key, own);
        }
        for (key, texts) in &other.examples {
            facts.examples.entry(*key).or_insert_with(|| texts.clone());
        }
        let new = other.reals.iter().filter(|constraint| !self.reals.contains(constraint));
        facts.reals.extend(new.cloned());
        (!plainly_impossible(facts.reals.iter().cloned())).then_some(facts)
    }
}
