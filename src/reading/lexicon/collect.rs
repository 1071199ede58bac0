//! Gathering words and their senses, and what can be wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::grammar::chinese_value;
use super::super::statement::Unit;
use super::super::surface::fold;
use super::Lexicon;
use super::sense::{Sense, Word};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Node, Problems};
use crate::quantity::Exact;

/// The words met so far.
#[derive(Default)]
pub(super) struct Collected {
    /// The senses of each word and where they were given.
    words: BTreeMap<String, Vec<(Sense, Place)>>,
}

impl Collected {
    /// The words, without their places; `lexicon` has its units already.
    pub fn into_words(self, lexicon: &Lexicon) -> BTreeMap<String, Word> {
        let bare = |(printed, senses): (String, Vec<(Sense, Place)>)| {
            let mut word = Word::of(senses.into_iter().map(|(sense, _)| sense).collect());
            word.is_numeral = chinese_value(&printed).is_some();
            let measure = word.unit().and_then(|id| lexicon.measure_of(id));
            word.alone = measure.map(|measure| Arc::new(Unit { printed: printed.as_str().into(), measure }));
            (printed, word)
        };
        self.words.into_iter().map(bare).collect()
    }

    /// Takes the words under `key`, each with `sense`.
    pub fn take(&mut self, fields: &mut Fields<'_, '_>, key: &'static str, sense: Sense) {
        for (word, node) in fields.texts(key) {
            self.add(word, node, sense, fields.problems());
        }
    }

    fn add(&mut self, word: &str, node: &Node, sense: Sense, problems: &mut Problems) {
        let folded = fold(word);
        if folded.is_empty() {
            let message = Bilingual::new("词不能为空", "a word must not be empty");
            problems.push(Diagnostic::error("empty_word", node.place.clone(), message));
            return;
        }
        let senses = self.words.entry(folded).or_default();
        if let Some((theirs, place)) = senses.iter().find(|(theirs, _)| excludes(*theirs, sense)) {
            let diagnostic = if *theirs == sense {
                let message = Bilingual::new(format!("`{word}` 重复了"), format!("`{word}` is listed twice"));
                Diagnostic::warning("repeated_word", node.place.clone(), message)
            } else {
                let message = Bilingual::new(
                    format!("`{word}` 已有另一种同类含义"),
                    format!("`{word}` already has another meaning of this kind"),
                );
                Diagnostic::error("ambiguous_word", node.place.clone(), message)
            };
            problems.push(diagnostic.with_related(place.clone(), Bilingual::new("另一处在这里", "the other one")));
            return;
        }
        senses.push((sense, node.place.clone()));
    }
}

/// Whether one word cannot carry both: two units, two tiers, two bounds at one place.
fn excludes(a: Sense, b: Sense) -> bool {
    let is_tier = |sense| matches!(sense, Sense::Tier(_) | Sense::WholeTier(_));
    let is_before = |sense| matches!(sense, Sense::Before(_) | Sense::Adverb(_));
    std::mem::discriminant(&a) == std::mem::discriminant(&b) || is_tier(a) && is_tier(b) || is_before(a) && is_before(b)
}

/// An exact number of the lexicon: `10000`, `0.01`, `1/12`; above zero.
pub(super) fn exact_of(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Exact> {
    let (text, node) = fields.text(key)?;
    let value = match text.split_once('/') {
        Some((top, bottom)) => Exact::parse(top).zip(Exact::parse(bottom)).and_then(|(a, b)| a.div(&b).ok()),
        None => Exact::parse(text),
    };
    let positive = value.filter(|value| *value > Exact::ZERO);
    if positive.is_none() {
        let message = Bilingual::new(
            format!("`{text}` 应为正数，如 10000、0.01 或 1/12"),
            format!("`{text}` must be a positive number such as 10000, 0.01 or 1/12"),
        );
        fields.problems().push(Diagnostic::error("bad_number", node.place.clone(), message));
    }
    positive
}

/// One of a fixed set of names.
pub(super) fn choice_of<T: Copy>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    known: &[(&'static str, T)],
) -> Option<T> {
    let (text, node) = fields.required_text(key)?;
    let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names = known.iter().map(|(name, _)| *name);
        let list = names.clone().collect::<Vec<_>>().join(", ");
        let message = Bilingual::new(format!("`{key}` 没有 `{text}` 这个取值"), format!("`{key}` cannot be `{text}`"));
        let diagnostic = Diagnostic::error("unknown_value", node.place.clone(), message)
            .with_help(Bilingual::new(format!("可用的取值：{list}"), format!("known values: {list}")))
            .with_guess(text, names);
        fields.problems().push(diagnostic);
    }
    found
}
