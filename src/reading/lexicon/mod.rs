//! The words of a rule pack, compiled for look-up.
//!
//! Every word the reader understands is data of the pack (`lexicon.yaml`): sections of entries by id, each
//! with its word lists, so that an overlay extends an entry by naming it. Compiled once per rule set into
//! one trie; immutable afterwards.

mod collect;
mod compile;
mod doubts;
mod index;
mod measure;
mod sense;
mod trie;

use std::sync::Arc;

use super::meeting::Direction;
use super::statement::Change;
use super::surface::fold;
use crate::quantity::Exact;

use doubts::Doubts;
pub(super) use doubts::Times;
pub use index::{WordEntry, WordIndex};
use measure::UnitEntry;
pub(super) use measure::{Counted, Measure, Reconciled, UnitId};
pub(super) use sense::{Approximation, Sense, Word};
use trie::Trie;

/// A compiled lexicon, shared by all readings of a rule set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lexicon {
    words: Trie<Word>,
    units: Vec<UnitEntry>,
    scales: Vec<Exact>,
    tiers: Vec<Tier>,
    periods: Vec<YearPart>,
    month_parts: Vec<(u8, u8)>,
    names: Trie<Direction>,
    categories: Trie<Direction>,
    deadline_rows: Trie<()>,
    share_names: Trie<bool>,
    /// Grades of things, by number: 一等, 省级.
    grades: Trie<usize>,
    /// What 约 and 左右 allow on either side, as a share of the number.
    tolerance: Option<Exact>,
    doubts: Doubts,
}

/// A tier of words, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tier {
    id: Arc<str>,
    /// The tier that its words mean after a negation, if they mean one.
    denied: Option<usize>,
}

/// A named stretch of the year: month and day of its first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct YearPart {
    pub first: (u8, u8),
    pub last: (u8, u8),
}

impl Lexicon {
    /// Ids of the tiers, best first.
    pub fn tiers(&self) -> impl Iterator<Item = &str> {
        self.tiers.iter().map(|tier| &*tier.id)
    }

    /// The longest word `text` starts with, and its length in bytes.
    pub(super) fn longest(&self, text: &str) -> Option<(usize, &Word)> {
        self.words.longest(text)
    }

    pub(super) fn word(&self, text: &str) -> Option<&Word> {
        self.words.get(text)
    }

    pub(super) fn scale(&self, index: usize) -> Option<&Exact> {
        self.scales.get(index)
    }

    pub(super) fn tier_id(&self, index: usize) -> Option<&Arc<str>> {
        self.tiers.get(index).map(|tier| &tier.id)
    }

    pub(super) fn denied_tier(&self, index: usize) -> Option<usize> {
        self.tiers.get(index)?.denied
    }

    pub(super) fn is_worst_tier(&self, index: usize) -> bool {
        index + 1 == self.tiers.len()
    }

    pub(super) fn worst_tier(&self) -> Option<usize> {
        self.tiers.len().checked_sub(1)
    }

    pub(super) fn period(&self, index: usize) -> Option<YearPart> {
        self.periods.get(index).copied()
    }

    /// First and last day of a part of a month; the last is capped by the month's own.
    pub(super) fn month_part(&self, index: usize) -> Option<(u8, u8)> {
        self.month_parts.get(index).copied()
    }

    pub(super) fn tolerance(&self) -> Option<&Exact> {
        self.tolerance.as_ref()
    }

    /// The good side of what `name` names. The last word decides: in 投诉处理率 it is the 处理率.
    pub(super) fn direction_of_name(&self, name: &str) -> Option<Direction> {
        self.names.all_in(name).last().copied()
    }

    pub(super) fn direction_of_category(&self, category: &str) -> Option<Direction> {
        self.categories.all_in(category).last().copied()
    }

    /// Whether `name` speaks of such a change (降低率, 增长率), so that a bare number is one.
    pub(super) fn names_change(&self, name: &str, change: Change) -> bool {
        self.words.all_in(name).any(|word| word.change() == Some(change))
    }

    /// Whether `text` names something nobody wants: 投诉, 不合格.
    pub(super) fn names_harm(&self, text: &str) -> bool {
        let is_worst = |word: &Word| word.tier().is_some_and(|tier| self.is_worst_tier(tier));
        self.words.all_in(text).any(|word| word.has(Sense::Harm) || is_worst(word))
    }

    /// Whether `text` speaks of one, not of all: 平均每户补助.
    pub(super) fn names_average(&self, text: &str) -> bool {
        self.words.all_in(text).any(|word| word.has(Sense::Average) || word.has(Sense::Each))
    }

    /// Whether `text` tells of a beginning: 开工时间.
    pub(super) fn names_beginning(&self, text: &str) -> bool {
        self.words.all_in(text).any(|word| word.has(Sense::Beginning))
    }

    /// Whether `word` is a unit behind numbers and nothing anywhere else.
    pub(super) fn only_counts(&self, word: &Word) -> bool {
        word.has_only([Sense::Unit(UnitId(0))])
            && word.unit().and_then(|id| self.unit(id)).is_some_and(|unit| unit.only_counts)
    }

    /// What names a thing in a piece of text: idioms, words that an ending makes a name (合格 of 合格率), and what the
    /// lexicon does not know.
    pub(super) fn name_in(&self, text: &str) -> String {
        let text = fold(text);
        let mut name = String::new();
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            let (length, word) = self.longest(rest).map_or((c.len_utf8(), None), |(length, word)| (length, Some(word)));
            let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let ends_name = |word: &Word| word.has(Sense::NameEnding);
            let is_name = match word {
                Some(word) if ends_name(word) => false,
                Some(word) => {
                    word.has(Sense::Idiom)
                        || word.has(Sense::Beginning)
                        || self.longest(after).is_some_and(|(_, next)| ends_name(next))
                }
                None => c.is_alphanumeric(),
            };
            if is_name {
                name.push_str(taken);
            }
            rest = after;
        }
        name
    }

    /// Whether the actual speaks of no grade that the target does not name; a target without grades asks for none.
    pub(super) fn same_grades(&self, target: &str, actual: &str) -> bool {
        self.grades.all_in(target).next().is_none()
            || self.grades.all_in(actual).all(|grade| self.grades.all_in(target).any(|one| one == grade))
    }

    /// Whether rows of this category are about time, so that a date outranks a number.
    pub(super) fn is_deadline_row(&self, category: &str) -> bool {
        self.deadline_rows.all_in(category).next().is_some()
    }

    /// Whether `name` names a share (率, 满意度), so that a bare number is a percentage.
    pub(super) fn is_share_name(&self, name: &str) -> bool {
        self.share_names.all_in(name).last().copied().unwrap_or(false)
    }
}
