//! Two editions of one pack, entry by entry.

use std::collections::BTreeSet;

use super::leaves::{self, detail};
use super::partition::{Stretch, differing};
use super::written::{LEXICON, MANIFEST, SCRIPTS, WholePack};
use super::{Detail, Fate, RuleDifference, What, scripts};
use crate::diagnostic::Place;
use crate::document::{Key, Node};
use crate::pack::section_names;
use crate::quantity::{Exact, Interval};

/// Sections in which the order decides: the first that matches wins, or one is applied after the other.
const ORDERED: &[&str] = &["coverage", "scoring", "execution", "adjustments"];
/// Sections that are told as one rule.
const BANDS: &str = "bands";

/// What differs between two editions of a pack.
pub(super) fn compare(pack: &str, old: &WholePack<'_>, new: &WholePack<'_>) -> Vec<RuleDifference> {
    let mut found = Vec::new();
    found.extend(manifest(old, new));
    for section in section_names().chain([LEXICON]) {
        let (before, after) = (old.sections.get(section), new.sections.get(section));
        let map = |node: Option<&'_ Node>| node.and_then(Node::as_map).map(<[_]>::to_vec).unwrap_or_default();
        let (entries, others) = (map(before), map(after));
        if entries.is_empty() && others.is_empty() {
            found.extend(whole(section, before, after));
            continue;
        }
        if section == BANDS {
            found.extend(bands(&entries, &others));
        }
        found.extend(section_differences(section, &entries, &others));
    }
    let files: BTreeSet<_> = old.scripts.keys().chain(new.scripts.keys()).collect();
    for file in files {
        let text = |pack: &WholePack<'_>| pack.scripts.get(file).cloned().unwrap_or_default();
        let details = scripts::compare(file, &text(old), &text(new));
        let place = Place::start_of(file.clone());
        let places = [old, new].map(|pack| pack.scripts.contains_key(file).then(|| place.clone()));
        found.extend(changed((SCRIPTS, file.as_ref(), String::new()), details, places));
    }
    found.iter_mut().for_each(|difference| difference.packs = vec![pack.to_owned()]);
    found
}

/// A rule that changed, if it did.
fn changed(
    (section, id, title): (&str, &str, String),
    details: Vec<Detail>,
    [old, new]: [Option<Place>; 2],
) -> Option<RuleDifference> {
    let fate = match (&old, &new) {
        (None, Some(_)) => Fate::Added,
        (Some(_), None) => Fate::Removed,
        _ if details.is_empty() => return None,
        _ => Fate::Changed,
    };
    Some(RuleDifference {
        packs: Vec::new(),
        section: section.to_owned(),
        id: id.to_owned(),
        title,
        fate,
        details,
        old,
        new,
    })
}

fn manifest(old: &WholePack<'_>, new: &WholePack<'_>) -> Option<RuleDifference> {
    let (before, after) = (old.fields(), new.fields());
    let keys: Vec<&str> = {
        let mut keys: Vec<&str> = before.iter().chain(&after).map(|(key, ..)| *key).collect();
        let mut seen = BTreeSet::new();
        keys.retain(|key| seen.insert(*key));
        keys
    };
    let mut details = Vec::new();
    for key in keys {
        let side = |fields: &'_ [(&str, String, Place)]| {
            fields.iter().find(|(own, ..)| *own == key).map(|(_, text, place)| (text.clone(), place.clone()))
        };
        let (one, other) = (side(&before), side(&after));
        if one.as_ref().map(|(text, _)| text) != other.as_ref().map(|(text, _)| text) {
            details.push(detail(What::Cell(key.to_owned()), one, other));
        }
    }
    let places = [old, new].map(|pack| Some(pack.manifest.place.clone()));
    changed((MANIFEST, &new.manifest.id, new.manifest.title.clone()), details, places)
}

/// A section that is one list.
fn whole(section: &str, old: Option<&Node>, new: Option<&Node>) -> Option<RuleDifference> {
    let mut details = Vec::new();
    leaves::compare("", old, new, &mut details);
    if details.is_empty() {
        return None;
    }
    let places = [old, new].map(|node| node.map(|node| node.place.clone()));
    changed((section, "", String::new()), details, places)
}

fn section_differences(section: &str, old: &[(Key, Node)], new: &[(Key, Node)]) -> Vec<RuleDifference> {
    let named = |entries: &'_ [(Key, Node)], id: &str| entries.iter().find(|(key, _)| key.text == id).cloned();
    let mut found = Vec::new();
    let gone = old.iter().filter(|(key, _)| named(new, &key.text).is_none());
    for (key, _) in new.iter().chain(gone) {
        let (before, after) = (named(old, &key.text), named(new, &key.text));
        let (one, other) = (before.as_ref().map(|(_, node)| node), after.as_ref().map(|(_, node)| node));
        let mut details = Vec::new();
        if let (Some(one), Some(other)) = (one, other) {
            entry(section, one, other, &mut details);
        }
        let title = other.or(one).and_then(title_of).unwrap_or_default();
        let places = [&before, &after].map(|side| side.as_ref().map(|(key, _)| key.place.clone()));
        found.extend(changed((section, &key.text, title), details, places));
    }
    if ORDERED.contains(&section) {
        found.extend(moved(section, old, new));
    }
    found
}

fn title_of(node: &Node) -> Option<String> {
    let title = ["title", "titles", "message"].iter().find_map(|key| node.get(key))?;
    let text = title.as_text().or_else(|| title.as_list()?.first()?.as_text()).or_else(|| title.get("zh")?.as_text());
    text.map(str::to_owned)
}

/// The cells of an entry; what has a meaning beyond its text is compared by that.
fn entry(section: &str, old: &Node, new: &Node, found: &mut Vec<Detail>) {
    let special = match section {
        "parameters" => "values",
        "tables" => "rows",
        BANDS => "points",
        _ => "",
    };
    let cells = |node: &'_ Node| node.as_map().unwrap_or_default().to_vec();
    let (before, after) = (cells(old), cells(new));
    let keys = before.iter().chain(after.iter().filter(|(key, _)| old.get(&key.text).is_none()));
    for (key, _) in keys {
        match (key.text.as_str(), old.get(&key.text), new.get(&key.text)) {
            ("values", Some(one), Some(other)) if special == "values" => values(one, other, found),
            ("rows", Some(one), Some(other)) if special == "rows" => rows(one, other, found),
            ("points", ..) if special == "points" => {}
            (key, one, other) => leaves::compare(key, one, other, found),
        }
    }
}

/// A parameter year by year.
fn values(old: &Node, new: &Node, found: &mut Vec<Detail>) {
    let read = |node: &'_ Node| -> Vec<(i32, String, Node)> {
        let items = node.as_list().unwrap_or_default().iter();
        let mut values: Vec<_> = items
            .filter_map(|item| {
                let text = item.get("value")?.as_text()?;
                // 1.0 and 1 are one number.
                let value = Exact::parse(text).map_or_else(|| text.to_owned(), |value| value.to_string());
                Some((item.get("since")?.as_text()?.parse().ok()?, value, item.clone()))
            })
            .collect();
        values.sort_by_key(|(since, ..)| *since);
        values
    };
    let (old, new) = (read(old), read(new));
    let years: BTreeSet<i32> = old.iter().chain(&new).map(|(since, ..)| *since).collect();
    let in_force = |values: &'_ [(i32, String, Node)], year: i32| {
        values.iter().rev().find(|(since, ..)| *since <= year).map(|(_, value, at)| (value.clone(), at.place.clone()))
    };
    let mut last: Option<Detail> = None;
    for year in years {
        let (one, other) = (in_force(&old, year), in_force(&new, year));
        let text = |side: &Option<(String, Place)>| side.as_ref().map(|(text, _)| text.clone());
        let ends = |mut detail: Detail| {
            if let What::Years { to, .. } = &mut detail.what {
                *to = Some(year - 1);
            }
            detail
        };
        if let Some(open) = &last
            && (&open.old, &open.new) == (&text(&one), &text(&other))
        {
            continue;
        }
        found.extend(last.take().map(ends));
        if text(&one) != text(&other) {
            last = Some(detail(What::Years { from: year, to: None }, one, other));
        }
    }
    found.extend(last);
    // What each value rests on.
    for (since, value, at) in &new {
        let before = old.iter().find(|(year, text, _)| (year, text) == (since, value));
        if let Some((.., was)) = before {
            leaves::compare(&format!("values[{since}].cite"), was.get("cite"), at.get("cite"), found);
        }
    }
}

/// A table, argument by argument.
fn rows(old: &Node, new: &Node, found: &mut Vec<Detail>) {
    let read = |node: &Node| -> Vec<Stretch> {
        let entries = node.as_map().unwrap_or_default().iter();
        entries
            .filter_map(|(key, value)| {
                let text = value.as_text()?;
                let value = Exact::parse(text).map_or_else(|| text.to_owned(), |value| value.to_string());
                Some((Interval::parse(&key.text)?, value))
            })
            .collect()
    };
    let place = |node: &Node, at: &Interval| {
        let holds = |(key, _): &&(Key, Node)| {
            Interval::parse(&key.text).is_some_and(|row| row.contains(&at.low) || row.contains(&at.high))
        };
        node.as_map()
            .unwrap_or_default()
            .iter()
            .find(holds)
            .map_or_else(|| node.place.clone(), |(key, _)| key.place.clone())
    };
    for (at, one, other) in differing(&read(old), &read(new)) {
        let (one, other) = (one.zip(Some(place(old, &at))), other.zip(Some(place(new, &at))));
        found.push(detail(What::Stretch(at.to_string()), one, other));
    }
}

/// All grades as one rule: which score gets which.
fn bands(old: &[(Key, Node)], new: &[(Key, Node)]) -> Option<RuleDifference> {
    let read = |entries: &[(Key, Node)]| -> Vec<Stretch> {
        let stretch = |(key, node): &(Key, Node)| {
            let at = Interval::parse(node.get("points")?.as_text()?)?;
            let graded = node.get("grade").is_none();
            Some((at, if graded { title_of(node).unwrap_or_else(|| key.text.clone()) } else { "—".to_owned() }))
        };
        entries.iter().filter_map(stretch).collect()
    };
    let place = |entries: &[(Key, Node)], told: &str| {
        let own = |(key, node): &&(Key, Node)| title_of(node).as_deref() == Some(told) || key.text == told;
        entries.iter().find(own).map(|(key, _)| key.place.clone())
    };
    let mut details = Vec::new();
    for (at, one, other) in differing(&read(old), &read(new)) {
        let old_place = one.as_deref().and_then(|told| place(old, told));
        let new_place = other.as_deref().and_then(|told| place(new, told));
        details.push(Detail { what: What::Stretch(at.to_string()), old: one, new: other, old_place, new_place });
    }
    let places = [old, new].map(|entries| entries.first().map(|(key, _)| key.place.clone()));
    changed((BANDS, "", String::new()), details, places)
}

/// Entries that are there on both sides and stand otherwise among each other: the fewest whose moving explains it.
fn moved(section: &str, old: &[(Key, Node)], new: &[(Key, Node)]) -> Vec<RuleDifference> {
    let position = |id: &str| old.iter().position(|(key, _)| key.text == id);
    let kept: Vec<(usize, &(Key, Node))> =
        new.iter().filter_map(|entry| Some((position(&entry.0.text)?, entry))).collect();
    let stays = longest_rising(&kept.iter().map(|(at, _)| *at).collect::<Vec<_>>());
    let after = |entries: &'_ [(Key, Node)], id: &str| {
        let at = entries.iter().position(|(key, _)| key.text == id)?;
        entries.get(at + 1).map(|(key, _)| key.text.clone())
    };
    let mut found = Vec::new();
    for (index, (at, (key, node))) in kept.iter().enumerate() {
        if stays.contains(&index) {
            continue;
        }
        let old_place = old.get(*at).map(|(key, _)| key.place.clone());
        let order = Detail {
            what: What::Order,
            old: after(old, &key.text),
            new: after(new, &key.text),
            old_place: old_place.clone(),
            new_place: Some(key.place.clone()),
        };
        found.push(RuleDifference {
            packs: Vec::new(),
            section: section.to_owned(),
            id: key.text.clone(),
            title: title_of(node).unwrap_or_default(),
            fate: Fate::Moved,
            details: vec![order],
            old: old_place,
            new: Some(key.place.clone()),
        });
    }
    found
}

/// The places of a longest rising subsequence.
fn longest_rising(numbers: &[usize]) -> BTreeSet<usize> {
    // For each place: how long the best run that ends there is, and what comes before it in that run.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let before = (0..at).filter(|earlier| numbers.get(*earlier).is_some_and(|value| value < number));
        let longest = before.max_by_key(|earlier| best.get(*earlier).map_or(0, |(length, _)| *length));
        let length = longest.and_then(|earlier| best.get(earlier)).map_or(1, |(length, _)| length + 1);
        best.push((length, longest));
    }
    let mut at = (0..best.len()).max_by_key(|at| best.get(*at).map_or(0, |(length, _)| *length));
    let mut places = BTreeSet::new();
    while let Some(place) = at {
        places.insert(place);
        at = best.get(place).and_then(|(_, before)| *before);
    }
    places
}
