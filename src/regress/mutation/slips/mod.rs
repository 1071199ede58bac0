//! The rule files section by section: what in them can be got wrong.

mod edges;
mod formula;
mod lexicon;
mod mutant;
mod operator;
mod source;
mod tokens;

use std::ops::Range;

pub use formula::number_slips;
pub use mutant::Mutant;
pub use operator::Operator;
pub use tokens::{Kind, tokens};

use crate::document::{self, Key, Limits, Node, Shape};
use crate::pack::PackFiles;
use edges::Written;
use formula::slips;
use mutant::Maker;
use source::{Source, fits};

/// Every mutant of a pack's own files, in their order. Titles, messages, help, citations and sources decide no score
/// and have none; nor do the years and codes a pack applies to, which choose among packs.
pub fn mutants(files: &PackFiles) -> Vec<Mutant> {
    let mut all = Vec::new();
    for (path, text) in &files.files {
        let source = Source::new(path, files.shown(path), text);
        let mut maker = Maker::new(&files.name, &source);
        if path.starts_with("scripts/") {
            script(&mut maker);
        } else if let Ok(root) = document::parse(source.shown.clone(), text, &Limits::RULES) {
            match path.as_str() {
                "pack.yaml" => award(&mut maker, &root),
                "lexicon.yaml" => lexicon::section(&mut maker, &root),
                "structure.yaml" | "parameters.yaml" | "methods.yaml" | "scoring.yaml" | "grades.yaml"
                | "checks.yaml" => sections(&mut maker, &root),
                _ => {}
            }
        }
        all.extend(maker.finish());
    }
    all
}

/// The entries of a mapping; none where it is none.
pub fn entries(node: &Node) -> &[(Key, Node)] {
    node.as_map().unwrap_or_default()
}

fn sections(maker: &mut Maker<'_>, root: &Node) {
    for (key, section) in entries(root) {
        let name = key.text.as_str();
        let each: fn(&mut Maker<'_>, &str, &Node) = match name {
            "dimensions" => dimension,
            "alternatives" => alternative,
            "columns" | "attributes" => column,
            "fields" => field,
            "totals" => points,
            "parameters" => parameter,
            "tables" => table,
            "methods" => method,
            "scoring" | "execution" => entry,
            "adjustments" => adjustment,
            "coverage" | "checks" => check,
            _ => |_, _, _| {},
        };
        for (key, node) in entries(section) {
            each(maker, &format!("{name}.{}", key.text), node);
        }
        match name {
            "groups" => words(maker, name, section),
            "words" => {
                entries(section).iter().for_each(|(key, list)| words(maker, &format!("words.{}", key.text), list));
            }
            "bands" => cover(maker, name, entries(section).iter().filter_map(|(_, band)| band.get("points"))),
            _ => {}
        }
        if matches!(name, "scoring" | "execution" | "adjustments" | "coverage" | "checks" | "columns") {
            left_out(maker, name, section);
        }
        if matches!(name, "scoring" | "execution" | "adjustments" | "coverage") {
            swapped(maker, name, section);
        }
    }
}

fn award(maker: &mut Maker<'_>, root: &Node) {
    let Some((node, range)) = root.get("award").and_then(|node| Some((node, maker.source.content(node)?))) else {
        return;
    };
    for policy in ["claim_within_ceiling", "ceiling", "floor"] {
        if node.as_text() != Some(policy) {
            maker.replace(Operator::Award, "award", range.clone(), policy);
        }
    }
}

fn dimension(maker: &mut Maker<'_>, path: &str, node: &Node) {
    points(maker, path, node);
    under(maker, path, node, "titles", words);
    for (key, category) in node.get("categories").map(entries).unwrap_or_default() {
        dimension(maker, &format!("{path}.{}", key.text), category);
    }
}

fn alternative(maker: &mut Maker<'_>, path: &str, node: &Node) {
    for (key, number) in node.get("points").map(entries).unwrap_or_default() {
        numbers(maker, Operator::Points, &format!("{path}.{}", key.text), number);
    }
}

fn points(maker: &mut Maker<'_>, path: &str, node: &Node) {
    under(maker, path, node, "points", |maker, path, node| numbers(maker, Operator::Points, path, node));
}

fn column(maker: &mut Maker<'_>, path: &str, node: &Node) {
    under(maker, path, node, "titles", words);
    for key in ["role", "type"] {
        key_left_out(maker, Operator::Effect, path, node, key);
    }
}

fn field(maker: &mut Maker<'_>, path: &str, node: &Node) {
    under(maker, path, node, "required", switch);
    under(maker, path, node, "max_length", |maker, path, node| numbers(maker, Operator::Number, path, node));
}

fn parameter(maker: &mut Maker<'_>, path: &str, node: &Node) {
    let values = node.get("values").and_then(Node::as_list).unwrap_or_default();
    for item in values {
        under(maker, path, item, "value", |maker, path, node| numbers(maker, Operator::Parameter, path, node));
    }
    // The year of an only value may be any that lies before the pack's own.
    for item in values.iter().filter(|_| values.len() > 1) {
        under(maker, path, item, "since", |maker, path, node| numbers(maker, Operator::Parameter, path, node));
    }
}

fn table(maker: &mut Maker<'_>, path: &str, node: &Node) {
    let rows = node.get("rows").map(entries).unwrap_or_default();
    let intervals: Vec<Written> =
        rows.iter().filter_map(|(key, _)| Written::find(maker.source, key_content(maker.source, key)?)).collect();
    edges::shared(maker, path, &intervals);
    for (key, number) in rows {
        numbers(maker, Operator::Number, &format!("{path}.{}", key.text), number);
    }
}

fn method(maker: &mut Maker<'_>, path: &str, node: &Node) {
    under(maker, path, node, "formula", formula);
    under(maker, path, node, "tiers", |maker, path, tiers| cover(maker, path, entries(tiers).iter().map(|(_, n)| n)));
    under(maker, path, node, "ratio", |maker, path, ratio| {
        let written = maker.source.content(ratio).and_then(|content| Written::find(maker.source, content));
        written.iter().for_each(|written| edges::alone(maker, path, written));
    });
}

fn entry(maker: &mut Maker<'_>, path: &str, node: &Node) {
    for (key, asked) in node.get("when").map(entries).unwrap_or_default() {
        let path = format!("{path}.when.{}", key.text);
        if key.text == "if" {
            formula(maker, &path, asked);
        }
        match asked.as_list() {
            Some(items) if items.len() > 1 => words(maker, &path, asked),
            _ => node.get("when").iter().for_each(|when| {
                if let Some(range) = maker.source.entry(when, key) {
                    maker.leave_out(Operator::Condition, &path, range);
                }
            }),
        }
    }
    under(maker, path, node, "outcome", |maker, path, outcome| {
        let now = match outcome.as_text() {
            Some("NEEDS_REVIEW") => "NOT_APPLICABLE",
            _ => "NEEDS_REVIEW",
        };
        scalar(maker, Operator::Effect, path, outcome, now);
    });
}

fn adjustment(maker: &mut Maker<'_>, path: &str, node: &Node) {
    under(maker, path, node, "when", condition);
    under(maker, path, node, "points", formula);
    under(maker, path, node, "enabled", switch);
}

fn check(maker: &mut Maker<'_>, path: &str, node: &Node) {
    under(maker, path, node, "when", condition);
    under(maker, path, node, "enabled", switch);
    key_left_out(maker, Operator::Effect, path, node, "effect");
    under(maker, path, node, "severity", |maker, path, severity| {
        let now = match severity.as_text() {
            Some("WARNING") => "ERROR",
            _ => "WARNING",
        };
        scalar(maker, Operator::Severity, path, severity, now);
    });
}

/// A formula's slips, and the whole of it turned round.
fn condition(maker: &mut Maker<'_>, path: &str, node: &Node) {
    if let Some(range) = maker.source.content(node) {
        let turned = format!("({}) == false", maker.source.get(&range));
        maker.replace(Operator::Negation, path, range, turned);
    }
    formula(maker, path, node);
}

fn formula(maker: &mut Maker<'_>, path: &str, node: &Node) {
    for slip in slips(node.as_text().unwrap_or_default()) {
        let Some(range) = maker.source.inside(node, slip.from, slip.to) else { continue };
        // Quotation marks in a quoted scalar carry a backslash: they stay, and what is between them goes.
        if slip.operator == Operator::Text {
            let inner = maker.source.inside(node, slip.from + 1, slip.to - 1);
            inner.into_iter().for_each(|inner| maker.replace(slip.operator, path, inner, ""));
        } else {
            maker.replace(slip.operator, path, range, slip.now);
        }
    }
}

fn script(maker: &mut Maker<'_>) {
    let text = maker.source.text.clone();
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let names = functions(&text);
    for slip in slips(&text) {
        let (Some(from), Some(to)) = (bytes.get(slip.from), bytes.get(slip.to)) else { continue };
        let name = names.iter().rev().find(|(at, _)| *at <= slip.from).map_or("", |(_, name)| name);
        maker.replace(slip.operator, name, *from..*to, slip.now);
    }
}

/// Where each function of a script begins, in characters, and its name.
fn functions(text: &str) -> Vec<(usize, String)> {
    let tokens = tokens(text);
    let names =
        tokens.iter().zip(tokens.iter().skip(1)).filter(|(word, name)| word.is("fn") && name.kind == Kind::Name);
    names.map(|(word, name)| (word.from, name.text.clone())).collect()
}

/// Every item of a list left out; a list of one with its key would be another rule, not a word less.
pub fn words(maker: &mut Maker<'_>, path: &str, list: &Node) {
    for item in list.as_list().unwrap_or_default() {
        if let (Some(word), Some(range)) = (item.as_text(), maker.source.item(list, item)) {
            maker.leave_out(Operator::Word, &format!("{path}[{word}]"), range);
        }
    }
}

/// Intervals that cover a range together.
fn cover<'n>(maker: &mut Maker<'_>, path: &str, intervals: impl Iterator<Item = &'n Node>) {
    let source = maker.source;
    let written: Vec<Written> = intervals.filter_map(|node| Written::find(source, source.content(node)?)).collect();
    edges::shared(maker, path, &written);
}

pub fn numbers(maker: &mut Maker<'_>, operator: Operator, path: &str, node: &Node) {
    for now in number_slips(node.as_text().unwrap_or_default()) {
        scalar(maker, operator, path, node, &now);
    }
}

fn switch(maker: &mut Maker<'_>, path: &str, node: &Node) {
    let now = if node.as_text() == Some("true") { "false" } else { "true" };
    scalar(maker, Operator::Switch, path, node, now);
}

/// Another text for a scalar, in its own quotation marks.
pub fn scalar(maker: &mut Maker<'_>, operator: Operator, path: &str, node: &Node, now: &str) {
    if let Some(range) = maker.source.content(node).filter(|_| fits(node, now)) {
        maker.replace(operator, path, range, now);
    }
}

/// Hands what stands under `key` to `make`, with the path that leads there.
pub fn under(
    maker: &mut Maker<'_>,
    path: &str,
    node: &Node,
    key: &str,
    make: impl FnOnce(&mut Maker<'_>, &str, &Node),
) {
    if let Some(found) = node.get(key) {
        make(maker, &format!("{path}.{key}"), found);
    }
}

pub fn key_left_out(maker: &mut Maker<'_>, operator: Operator, path: &str, node: &Node, name: &str) {
    let Some((key, _)) = entries(node).iter().find(|(key, _)| key.text == name) else { return };
    if let Some(range) = maker.source.entry(node, key) {
        maker.leave_out(operator, &format!("{path}.{name}"), range);
    }
}

/// What an entry may say that decides no score and no finding.
const TOLD: [&str; 5] = ["replaces", "title", "message", "help", "cite"];

fn left_out(maker: &mut Maker<'_>, name: &str, section: &Node) {
    // Without an entry that only words another one differently, that one stays as it was.
    let decides = |node: &Node| {
        node.get("replaces").is_none() || entries(node).iter().any(|(key, _)| !TOLD.contains(&key.text.as_str()))
    };
    for (key, _) in entries(section).iter().filter(|(_, node)| decides(node)) {
        if let Some(range) = maker.source.entry(section, key) {
            maker.leave_out(Operator::Entry, &format!("{name}.{}", key.text), range);
        }
    }
}

/// First match wins, and adjustments apply one after the other: the order of neighbours.
fn swapped(maker: &mut Maker<'_>, name: &str, section: &Node) {
    let source = maker.source;
    let all = entries(section);
    for ((first, one), (second, other)) in all.iter().zip(all.iter().skip(1)) {
        let ranges = source.entry(section, first).zip(source.entry(section, second));
        // What replaces an entry stands where that one stood.
        let has_own_place = |node: &Node| matches!(node.shape, Shape::Map(_)) && node.get("replaces").is_none();
        let Some((before, after)) = ranges.filter(|_| has_own_place(one) && has_own_place(other)) else { continue };
        let edits = vec![(before.clone(), ended(source, &after)), (after.clone(), ended(source, &before))];
        let told = (format!("{}, {}", first.text, second.text), format!("{}, {}", second.text, first.text));
        maker.put(Operator::Order, &format!("{name}.{}", first.text), told, edits);
    }
}

/// An entry's text; in block style with the end of its last line, which the file's last line may lack.
fn ended(source: &Source, range: &Range<usize>) -> String {
    let text = source.get(range);
    let is_block = range.start == 0 || source.text.get(..range.start).is_some_and(|before| before.ends_with('\n'));
    if is_block && !text.ends_with('\n') { format!("{text}\n") } else { text.to_owned() }
}

/// A key's text, without its quotation marks.
fn key_content(source: &Source, key: &Key) -> Option<Range<usize>> {
    let range = source.range(&key.place)?;
    let is_quoted = source.get(&range).starts_with(['"', '\'']);
    Some(if is_quoted { range.start + 1..range.end.checked_sub(1)? } else { range })
}
