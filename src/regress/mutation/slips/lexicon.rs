//! Slips in the lexicon: a word less, or of another kind; a factor, a day, a switch.

use super::mutant::Maker;
use super::operator::Operator;
use super::{entries, key_left_out, numbers, scalar, words};
use crate::document::{Node, Shape};

/// Every entry of every section.
pub fn section(maker: &mut Maker<'_>, root: &Node) {
    for (key, node) in entries(root) {
        walk(maker, &key.text, node);
    }
}

fn walk(maker: &mut Maker<'_>, path: &str, node: &Node) {
    for (key, value) in entries(node) {
        let inner = format!("{path}.{}", key.text);
        match &value.shape {
            Shape::List(_) => words(maker, &inner, value),
            Shape::Map(_) => walk(maker, &inner, value),
            Shape::Scalar(_) => told(maker, path, &key.text, (node, value)),
        }
    }
}

/// What an entry says beside its words.
fn told(maker: &mut Maker<'_>, path: &str, key: &str, (node, value): (&Node, &Node)) {
    let inner = format!("{path}.{key}");
    match (key, value.as_text().unwrap_or_default()) {
        ("comparison" | "change" | "direction" | "means", text) => {
            if let Some(now) = another(text) {
                scalar(maker, Operator::Meaning, &inner, value, now);
            }
        }
        ("measure" | "denied", _) => key_left_out(maker, Operator::Meaning, path, node, key),
        (_, "true") => key_left_out(maker, Operator::Switch, path, node, key),
        ("from" | "to", text) if text.contains('-') => {
            if let Some(now) = next_day(text) {
                scalar(maker, Operator::Number, &inner, value, &now);
            }
        }
        ("factor", text) if text.contains('/') => scalar(maker, Operator::Number, &inner, value, "1"),
        _ => numbers(maker, Operator::Number, &inner, value),
    }
}

fn another(meaning: &str) -> Option<&'static str> {
    Some(match meaning {
        "AT_LEAST" => "MORE_THAN",
        "MORE_THAN" | "EXACTLY" => "AT_LEAST",
        "AT_MOST" => "LESS_THAN",
        "LESS_THAN" | "WITHIN" => "AT_MOST",
        "INCREASE" => "DECREASE",
        "DECREASE" => "INCREASE",
        "HIGHER_IS_BETTER" => "LOWER_IS_BETTER",
        "LOWER_IS_BETTER" | "EXACT" | "UNKNOWN" => "HIGHER_IS_BETTER",
        "OVER" => "UNDER",
        "UNDER" | "ABOUT" => "OVER",
        _ => return None,
    })
}

/// `12-31` → `12-30`, `06-01` → `06-02`.
fn next_day(text: &str) -> Option<String> {
    let (month, day) = text.split_once('-')?;
    let day: u8 = day.parse().ok()?;
    Some(format!("{month}-{:02}", if day > 15 { day - 1 } else { day + 1 }))
}
