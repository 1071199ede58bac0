//! What differs between two editions of the rules, without any form: entry by entry, in the numbers that they set.
//!
//! Bands, tables and parameters are compared by what they say for each score, argument and year, so that a row cut in
//! two changes nothing and a moved edge is told as the stretch that changes hands. Everything else is compared cell by
//! cell as it was written, after the overlays were laid over each other.

mod effects;
mod entries;
mod leaves;
mod partition;
mod scripts;
mod written;

use crate::diagnostic::{Bilingual, Place};
use crate::pack::PackFiles;
use crate::ruleset::{RuleBook, RuleSet};
use written::Written;

/// Rules that compiled, and the files they were compiled from.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'r> {
    pub book: &'r RuleBook,
    pub files: &'r [PackFiles],
}

/// What happened to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Added,
    Removed,
    Changed,
    /// It says what it said, at another place in an order that matters.
    Moved,
    /// It says what it said, and gives otherwise because of what it rests on.
    Follows,
}

impl Fate {
    /// `snake_case`, for tools.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Added => "added",
            Fate::Removed => "removed",
            Fate::Changed => "changed",
            Fate::Moved => "moved",
            Fate::Follows => "follows",
        }
    }

    pub fn title(self) -> Bilingual {
        match self {
            Fate::Added => Bilingual::new("新增", "added"),
            Fate::Removed => Bilingual::new("删去", "removed"),
            Fate::Changed => Bilingual::new("改动", "changed"),
            Fate::Moved => Bilingual::new("换了次序", "moved"),
            Fate::Follows => Bilingual::new("随之变动", "follows"),
        }
    }
}

/// A rule that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDifference {
    /// The packs it reaches: the one that wrote it, then those that inherit it, by their ids.
    pub packs: Vec<String>,
    pub section: String,
    /// Empty where the section is one rule.
    pub id: String,
    /// As the new rules have it, or else the old.
    pub title: String,
    pub fate: Fate,
    pub details: Vec<Detail>,
    pub old: Option<Place>,
    pub new: Option<Place>,
}

/// One thing that a rule says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub what: What,
    /// Absent: it says nothing there.
    pub old: Option<String>,
    pub new: Option<String>,
    pub old_place: Option<Place>,
    pub new_place: Option<Place>,
}

/// What is said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A cell, by the keys that lead to it: `when.if`.
    Cell(String),
    /// A word, added or gone: of the list behind these keys.
    Word(String),
    /// The value of a parameter from one fiscal year on, up to another where that has one of its own.
    Years { from: i32, to: Option<i32> },
    /// The value of a table, or the grade, on a stretch of arguments: `[90, 95)`.
    Stretch(String),
    /// What a method gives on a stretch of what it depends on, 完成率 in `[90%, 95%)`; from a fiscal year on, where it
    /// is not so in all.
    Piece { over: Bilingual, stretch: String, since: Option<i32> },
    /// A line of a script.
    Line,
    /// Where the entry stands among the others: before which.
    Order,
}

/// Every difference, by section in the order of the files.
pub fn differences(old: &Edition<'_>, new: &Edition<'_>) -> Vec<RuleDifference> {
    let (before, after) = (Written::of(old), Written::of(new));
    let mut all: Vec<RuleDifference> = Vec::new();
    let mut note = |found: RuleDifference| {
        let is_same = |known: &&mut RuleDifference| known.is_same_but_for_packs(&found);
        match all.iter_mut().find(is_same) {
            Some(known) => known.packs.extend(found.packs),
            None => all.push(found),
        }
    };
    let ids: std::collections::BTreeSet<&str> =
        old.book.sets().chain(new.book.sets()).map(|set| set.id.as_str()).collect();
    for id in ids {
        match (old.book.get(id), new.book.get(id)) {
            (Some(one), Some(other)) if one.revision == other.revision => {}
            (Some(one), Some(other)) => {
                if let (Some(before), Some(after)) = (before.pack(id), after.pack(id)) {
                    let mut found = entries::compare(id, &before, &after);
                    with_effects(id, (one, other), &mut found);
                    found.into_iter().for_each(&mut note);
                }
            }
            (one, other) => note(RuleDifference {
                packs: vec![id.to_owned()],
                section: "packs".to_owned(),
                id: id.to_owned(),
                title: one.or(other).map(|set| set.title.clone()).unwrap_or_default(),
                fate: if one.is_some() { Fate::Removed } else { Fate::Added },
                details: Vec::new(),
                old: one.map(|_| Place::start_of(format!("{id}/pack.yaml"))),
                new: other.map(|_| Place::start_of(format!("{id}/pack.yaml"))),
            }),
        }
    }
    let order = |found: &RuleDifference| written::sections().position(|section| section == found.section);
    all.sort_by_key(order);
    for found in &mut all {
        found.writer_first();
    }
    all
}

/// Adds what methods give otherwise, to what is told of them or by itself.
fn with_effects(pack: &str, (old, new): (&RuleSet, &RuleSet), found: &mut Vec<RuleDifference>) {
    for effect in effects::compare(old, new) {
        let id = &effect.new.id;
        match found.iter_mut().find(|known| known.section == METHODS && known.id == *id) {
            Some(known) => known.details.extend(effect.details),
            None => found.push(RuleDifference {
                packs: vec![pack.to_owned()],
                section: METHODS.to_owned(),
                id: id.clone(),
                title: effect.new.title.clone(),
                fate: Fate::Follows,
                details: effect.details,
                old: Some(effect.old.place.clone()),
                new: Some(effect.new.place.clone()),
            }),
        }
    }
}

const METHODS: &str = "methods";

impl RuleDifference {
    /// The pack in whose files it stands comes before those that inherit it.
    fn writer_first(&mut self) {
        let file = self.new.as_ref().or(self.old.as_ref()).map(|place| place.file.clone()).unwrap_or_default();
        self.packs.sort_by_key(|pack| !file.starts_with(&format!("{pack}/")));
    }

    fn is_same_but_for_packs(&self, other: &RuleDifference) -> bool {
        let RuleDifference { packs: _, section, id, title, fate, details, old, new } = self;
        (section, id, title, fate) == (&other.section, &other.id, &other.title, &other.fate)
            && (details, old, new) == (&other.details, &other.old, &other.new)
    }
}
