//! How much of the rules the cases reach.
//!
//! Every pack is counted by what it wrote itself: what it inherits belongs to the pack that wrote it, and whichever
//! case reaches it, of whatever pack, counts there.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{Item, Kind, Reach, Way, items};
use crate::diagnostic::Place;
use crate::ruleset::RuleBook;

/// What is counted apart, with its name in JSON and on the command line.
pub const GROUPS: [(Kind, &str); 7] = [
    (Kind::Entry, "entries"),
    (Kind::Method, "methods"),
    (Kind::Band, "bands"),
    (Kind::Branch, "branches"),
    (Kind::Check, "checks"),
    (Kind::Parameter, "parameters"),
    (Kind::Lexicon, "lexicon"),
];

/// Something that no case reached, or not in every way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub item: Item,
    /// Those of its ways that no case took; at least one.
    pub ways: Vec<Way>,
}

/// How much of a pack's own rules the cases reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackCoverage {
    pub pack: String,
    /// Reached and all, of every kind that the pack has something of. Branches are counted by their ways; a check is
    /// reached when some case sees it fire and some sees it silent.
    pub counts: BTreeMap<Kind, (usize, usize)>,
    /// In the order of files and lines.
    pub missing: Vec<Missing>,
    /// Every item with how many cases took each of its ways, in the order of files and lines.
    pub hits: Vec<(Item, Vec<usize>)>,
}

/// How much of the rules the cases reach, by packs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    pub packs: Vec<PackCoverage>,
}

impl Coverage {
    /// Of the packs that `wanted` asks for, by all cases that were seen.
    pub fn of<'r>(book: &RuleBook, wanted: impl Fn(&str) -> bool, seen: impl Iterator<Item = &'r Reach>) -> Self {
        let mut times: BTreeMap<(Place, Way), usize> = BTreeMap::new();
        for taken in seen.flat_map(Reach::taken) {
            *times.entry(taken.clone()).or_default() += 1;
        }
        let all = all_items(book);
        let packs = book.sets().filter(|rules| wanted(&rules.id)).map(|rules| {
            let prefix = format!("{}/", rules.id);
            let own = all.iter().filter(|item| item.place.file.starts_with(&prefix));
            PackCoverage::of(&rules.id, own.cloned().collect(), &times)
        });
        Coverage { packs: packs.collect() }
    }

    /// Reached and all of a kind, over all packs.
    pub fn count(&self, kind: Kind) -> (usize, usize) {
        let counts = self.packs.iter().filter_map(|pack| pack.counts.get(&kind));
        counts.fold((0, 0), |(hit, all), (more, of)| (hit + more, all + of))
    }
}

impl PackCoverage {
    fn of(pack: &str, items: Vec<Item>, times: &BTreeMap<(Place, Way), usize>) -> Self {
        let mut counts: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
        let (mut missing, mut hits) = (Vec::new(), Vec::new());
        for item in items {
            let at = |place: &Place, way: Way| times.get(&(place.clone(), way)).copied().unwrap_or(0);
            let condition = item.condition.as_ref();
            let taken = |way: &Way| at(&item.place, *way).max(condition.map_or(0, |place| at(place, *way)));
            let each: Vec<usize> = item.ways.iter().map(taken).collect();
            let ways: Vec<Way> = item.ways.iter().copied().filter(|way| taken(way) == 0).collect();
            let count = counts.entry(item.kind).or_default();
            if item.kind == Kind::Branch {
                *count = (count.0 + item.ways.len() - ways.len(), count.1 + item.ways.len());
            } else {
                *count = (count.0 + usize::from(ways.is_empty()), count.1 + 1);
            }
            if !ways.is_empty() {
                missing.push(Missing { item: item.clone(), ways });
            }
            hits.push((item, each));
        }
        PackCoverage { pack: pack.to_owned(), counts, missing, hits }
    }
}

/// Everything that the packs write, each thing once, in the order of files and lines.
fn all_items(book: &RuleBook) -> Vec<Item> {
    let mut all: Vec<Item> = book.sets().flat_map(|rules| items(rules)).collect();
    let key = |item: &Item| (item.place.clone(), item.kind, item.ways.clone());
    all.sort_by_key(key);
    let mut seen = BTreeSet::new();
    all.retain(|item| seen.insert(key(item)));
    all
}
