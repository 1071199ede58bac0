//! `lexicon.yaml` → [`Lexicon`].

use std::collections::BTreeMap;

use super::super::kind::Comparison;
use super::super::meeting::Direction;
use super::super::statement::Change;
use super::super::surface::fold;
use super::collect::{Collected, choice_of, exact_of};
use super::doubts::Doubts;
use super::measure::{MeasureEntry, UnitEntry, UnitId};
use super::sense::{Approximation, Sense};
use super::trie::Trie;
use super::{Lexicon, Tier, YearPart};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::{Fields, Key, Node, Problems};
use crate::quantity::Exact;

/// Sections that are one entry of words with one sense.
const PLAIN: &[(&str, Sense)] = &[
    ("between", Sense::Between),
    ("plus_minus", Sense::Tolerance),
    ("minus", Sense::Minus),
    ("per", Sense::Per),
    ("each", Sense::Each),
    ("fillers", Sense::Filler),
    ("inclusive", Sense::Inclusive),
    ("exclusive", Sense::Exclusive),
    ("levels", Sense::Level),
    ("origins", Sense::Origin),
    ("ordinals", Sense::Ordinal),
    ("labels", Sense::Label),
    ("conditions", Sense::Condition),
    ("name_endings", Sense::NameEnding),
    ("plans", Sense::Planned),
    ("actuals", Sense::Actual),
    ("parts", Sense::Part),
    ("beginnings", Sense::Beginning),
    ("averages", Sense::Average),
    ("exceptions", Sense::Exception),
    ("progress", Sense::Progress),
    ("occasions", Sense::Occasion),
    ("next_year", Sense::NextYear),
    ("shortfalls", Sense::Shortfall),
    ("surpluses", Sense::Surplus),
    ("negations", Sense::Negation),
    ("denials", Sense::Denial),
    ("relatives", Sense::Relative),
    ("harms", Sense::Harm),
    ("idioms", Sense::Idiom),
    ("placeholders", Sense::Placeholder),
    ("days_of_month", Sense::DayOfMonth),
    ("not_applicable", Sense::NotApplicable),
];

impl Lexicon {
    /// Compiles the `lexicon.yaml` of a pack, overlays merged; what is wrong with it goes to `problems` and
    /// is left out.
    pub fn from_node(node: &Node, problems: &mut Problems) -> Lexicon {
        let mut lexicon = Lexicon::default();
        let mut words = Collected::default();
        let mut fields = Fields::of(node, problems);
        for (section, sense) in PLAIN {
            if let Some(node) = fields.optional(section) {
                let mut entry = Fields::of(node, fields.problems());
                words.take(&mut entry, "words", *sense);
                entry.finish();
            }
        }
        comparators(&mut fields, &mut words);
        changes(&mut fields, &mut words);
        lexicon.tolerance = approximations(&mut fields, &mut words);
        lexicon.doubts = Doubts::from_fields(&mut fields);
        lexicon.scales = scales(&mut fields, &mut words);
        let measures = measures(&mut fields);
        lexicon.units = units(&mut fields, &mut words, &measures);
        lexicon.tiers = tiers(&mut fields, &mut words);
        lexicon.periods = periods(&mut fields, &mut words);
        lexicon.month_parts = month_parts(&mut fields, &mut words);
        (lexicon.names, lexicon.categories) = directions(&mut fields);
        lexicon.deadline_rows = Trie::of(deadline_rows(&mut fields));
        lexicon.share_names = Trie::of(share_names(&mut fields));
        lexicon.grades = Trie::of(grades(&mut fields));
        fields.finish();
        lexicon.words = Trie::of(words.into_words(&lexicon)).with_firsts();
        lexicon
    }
}

/// Reads every entry of a section.
fn each(fields: &mut Fields<'_, '_>, section: &'static str, mut read: impl FnMut(&Key, &mut Fields<'_, '_>)) {
    for (key, node) in fields.entries(section) {
        let mut entry = Fields::of(node, fields.problems());
        read(key, &mut entry);
        entry.finish();
    }
}

fn comparators(fields: &mut Fields<'_, '_>, words: &mut Collected) {
    let known = Comparison::ALL.map(|comparison| (comparison.name(), comparison));
    each(fields, "comparators", |_, entry| {
        let Some(comparison) = choice_of(entry, "comparison", &known) else { return };
        words.take(entry, "before", Sense::Before(comparison));
        words.take(entry, "adverbs", Sense::Adverb(comparison));
        words.take(entry, "after", Sense::After(comparison));
        words.take(entry, "before_dates", Sense::BeforeDate(comparison));
        words.take(entry, "after_dates", Sense::AfterDate(comparison));
    });
}

fn changes(fields: &mut Fields<'_, '_>, words: &mut Collected) {
    let known = [("INCREASE", Change::Increase), ("DECREASE", Change::Decrease)];
    each(fields, "changes", |_, entry| {
        let Some(change) = choice_of(entry, "change", &known) else { return };
        words.take(entry, "words", Sense::Change(change));
    });
}

fn approximations(fields: &mut Fields<'_, '_>, words: &mut Collected) -> Option<Exact> {
    #[derive(Clone, Copy)]
    enum Means {
        About,
        Over,
        Under,
    }
    let known = [("ABOUT", Means::About), ("OVER", Means::Over), ("UNDER", Means::Under)];
    let mut tolerance = None;
    each(fields, "approximations", |_, entry| match choice_of(entry, "means", &known) {
        Some(Means::About) => {
            tolerance = exact_of(entry, "tolerance").or_else(|| tolerance.take());
            words.take(entry, "before", Sense::Approximate(Approximation::AboutBefore));
            words.take(entry, "after", Sense::Approximate(Approximation::AboutAfter));
        }
        Some(Means::Over) => words.take(entry, "after", Sense::Approximate(Approximation::OverAfter)),
        Some(Means::Under) => words.take(entry, "before", Sense::Approximate(Approximation::UnderBefore)),
        None => {}
    });
    tolerance
}

fn scales(fields: &mut Fields<'_, '_>, words: &mut Collected) -> Vec<Exact> {
    let mut scales = Vec::new();
    each(fields, "scales", |_, entry| {
        let Some(factor) = exact_of(entry, "factor") else { return };
        words.take(entry, "words", Sense::Scale(scales.len()));
        scales.push(factor);
    });
    scales
}

fn measures(fields: &mut Fields<'_, '_>) -> BTreeMap<String, MeasureEntry> {
    let mut measures = BTreeMap::new();
    each(fields, "measures", |key, entry| {
        let read = MeasureEntry {
            unclear: entry.boolean("unclear").unwrap_or(false),
            more_is_unclear: entry.boolean("more_is_unclear").unwrap_or(false),
            share: entry.boolean("share").unwrap_or(false),
            describes: entry.boolean("describes").unwrap_or(false),
            ratio: entry.boolean("ratio").unwrap_or(false),
            clock: entry.boolean("clock").unwrap_or(false),
            difference: entry.boolean("difference").unwrap_or(false),
        };
        measures.insert(key.text.clone(), read);
    });
    measures
}

fn units(
    fields: &mut Fields<'_, '_>,
    words: &mut Collected,
    measures: &BTreeMap<String, MeasureEntry>,
) -> Vec<UnitEntry> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let ids: BTreeMap<String, UnitId> = fields
        .entries("units")
        .iter()
        .zip(0_u16..)
        .map(|((key, _), index)| (key.text.clone(), UnitId(index)))
        .collect();
    let mut units = Vec::new();
    each(fields, "units", |key, entry| {
        if let Some(id) = ids.get(&key.text) {
            words.take(entry, "words", Sense::Unit(*id));
        }
        let name = entry.text("measure").map_or_else(|| key.text.clone(), |(text, _)| text.to_owned());
        let about = measures.get(&name).cloned();
        let count = numbers.len();
        let measure = *numbers.entry(name).or_insert(count);
        let factor = exact_of(entry, "factor").unwrap_or(Exact::ONE);
        let implied = entry.boolean("implied").unwrap_or(false);
        let only_counts = entry.boolean("only_counts").unwrap_or(false);
        let mut listed = |key: &'static str| {
            let mut listed = Vec::new();
            for (name, node) in entry.texts(key) {
                match ids.get(name) {
                    Some(id) => listed.push(*id),
                    None => entry.problems().push(unknown_entry("unknown_unit", name, node, ids.keys())),
                }
            }
            listed
        };
        let (same_as, divides) = (listed("same_as"), listed("divides"));
        units.push(UnitEntry { measure, entry: about, factor, same_as, implied, divides, only_counts });
    });
    units
}

fn tiers(fields: &mut Fields<'_, '_>, words: &mut Collected) -> Vec<Tier> {
    let ids: Vec<&str> = fields.entries("tiers").iter().map(|(key, _)| key.text.as_str()).collect();
    let mut tiers: Vec<Tier> = Vec::new();
    each(fields, "tiers", |key, entry| {
        words.take(entry, "words", Sense::Tier(tiers.len()));
        words.take(entry, "whole", Sense::WholeTier(tiers.len()));
        let denied = entry.text("denied").and_then(|(name, node)| {
            let index = ids.iter().position(|id| *id == name);
            if index.is_none() {
                entry.problems().push(unknown_entry("unknown_tier", name, node, &ids));
            }
            index
        });
        tiers.push(Tier { id: key.text.as_str().into(), denied });
    });
    tiers
}

fn periods(fields: &mut Fields<'_, '_>, words: &mut Collected) -> Vec<YearPart> {
    let mut periods = Vec::new();
    each(fields, "periods", |_, entry| {
        let (Some(first), Some(last)) = (month_and_day(entry, "from"), month_and_day(entry, "to")) else { return };
        words.take(entry, "words", Sense::Period(periods.len()));
        periods.push(YearPart { first, last });
    });
    periods
}

fn month_and_day(entry: &mut Fields<'_, '_>, key: &'static str) -> Option<(u8, u8)> {
    let (text, node) = entry.required_text(key)?;
    let parsed = text
        .split_once('-')
        .and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)))
        .filter(|(month, day)| (1..=12).contains(month) && (1..=31).contains(day));
    if parsed.is_none() {
        let message = Bilingual::new(
            format!("`{text}` 应写成 月-日，如 \"12-31\""),
            format!("write `{text}` as month-day: \"12-31\""),
        );
        entry.problems().push(Diagnostic::error("bad_day", node.place.clone(), message));
    }
    parsed
}

fn month_parts(fields: &mut Fields<'_, '_>, words: &mut Collected) -> Vec<(u8, u8)> {
    let mut parts = Vec::new();
    each(fields, "month_parts", |_, entry| {
        let days = [day_of(entry, "from"), day_of(entry, "to")];
        let [Some(first), Some(last)] = days else { return };
        words.take(entry, "words", Sense::MonthPart(parts.len()));
        parts.push((first, last));
    });
    parts
}

fn day_of(entry: &mut Fields<'_, '_>, key: &'static str) -> Option<u8> {
    let (text, node) = entry.required_text(key)?;
    let day = text.parse().ok().filter(|day| (1..=31).contains(day));
    if day.is_none() {
        let message = Bilingual::new(format!("`{text}` 不是一个月里的日子"), format!("`{text}` is no day of a month"));
        entry.problems().push(Diagnostic::error("bad_day", node.place.clone(), message));
    }
    day
}

fn directions(fields: &mut Fields<'_, '_>) -> (Trie<Direction>, Trie<Direction>) {
    let known = [Direction::HigherIsBetter, Direction::LowerIsBetter, Direction::Exact, Direction::Unknown]
        .map(|direction| (direction.name(), direction));
    let (mut names, mut categories) = (BTreeMap::new(), BTreeMap::new());
    each(fields, "directions", |_, entry| {
        let Some(direction) = choice_of(entry, "direction", &known) else { return };
        names.extend(entry.texts("names").into_iter().map(|(word, _)| (fold(word), direction)));
        categories.extend(entry.texts("categories").into_iter().map(|(word, _)| (fold(word), direction)));
    });
    (Trie::of(names), Trie::of(categories))
}

fn deadline_rows(fields: &mut Fields<'_, '_>) -> BTreeMap<String, ()> {
    let Some(node) = fields.optional("deadline_rows") else { return BTreeMap::new() };
    let mut entry = Fields::of(node, fields.problems());
    let words = entry.texts("categories").into_iter().map(|(word, _)| (fold(word), ())).collect();
    entry.finish();
    words
}

fn grades(fields: &mut Fields<'_, '_>) -> BTreeMap<String, usize> {
    let mut grades = BTreeMap::new();
    let mut count = 0;
    each(fields, "grades", |_, entry| {
        grades.extend(entry.texts("words").into_iter().map(|(word, _)| (fold(word), count)));
        count += 1;
    });
    grades
}

fn share_names(fields: &mut Fields<'_, '_>) -> BTreeMap<String, bool> {
    let Some(node) = fields.optional("share_names") else { return BTreeMap::new() };
    let mut entry = Fields::of(node, fields.problems());
    let mut words: BTreeMap<String, bool> =
        entry.texts("names").into_iter().map(|(word, _)| (fold(word), true)).collect();
    words.extend(entry.texts("not").into_iter().map(|(word, _)| (fold(word), false)));
    entry.finish();
    words
}

fn unknown_entry(
    code: &'static str,
    name: &str,
    node: &Node,
    known: impl IntoIterator<Item = impl AsRef<str>>,
) -> Diagnostic {
    let known: Vec<String> = known.into_iter().map(|name| name.as_ref().to_owned()).collect();
    let message = Bilingual::new(format!("词典里没有 `{name}`"), format!("the lexicon has no `{name}`"));
    Diagnostic::error(code, node.place.clone(), message).with_guess(name, known.iter().map(String::as_str))
}
