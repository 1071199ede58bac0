//! Slips in intervals: an end moved, or given to the neighbour.

use std::ops::Range;

use super::formula::number_slips;
use super::mutant::Maker;
use super::operator::Operator;
use super::source::Source;
use crate::quantity::Exact;

/// An interval as it stands in the file.
pub struct Written {
    open: Range<usize>,
    low: Range<usize>,
    high: Range<usize>,
    close: Range<usize>,
}

impl Written {
    /// Finds the parts of `[0.6, 0.8)`; nothing where that is no interval.
    pub fn find(source: &Source, content: Range<usize>) -> Option<Self> {
        let text = source.get(&content);
        let part = |from: usize, to: usize| content.start + from..content.start + to;
        let open = text.chars().next()?.len_utf8();
        let close = text.len() - text.chars().next_back()?.len_utf8();
        let comma = text.find([',', '，'])?;
        let behind = comma + text.get(comma..)?.chars().next()?.len_utf8();
        let number = |from: usize, to: usize| {
            let inner = text.get(from..to)?;
            let start = from + (inner.len() - inner.trim_start().len());
            Some(part(start, start + inner.trim().len()))
        };
        Some(Written {
            open: part(0, open),
            low: number(open, comma)?,
            high: number(behind, close)?,
            close: part(close, text.len()),
        })
    }
}

/// The edges at which two intervals of a cover meet: moved up, moved down, and given to the other side.
pub fn shared(maker: &mut Maker<'_>, operator_path: &str, all: &[Written]) {
    let source = maker.source;
    for below in all {
        let edge = Exact::parse(source.get(&below.high));
        for above in all.iter().filter(|above| edge.is_some() && Exact::parse(source.get(&above.low)) == edge) {
            let number = source.get(&below.high).to_owned();
            for now in number_slips(&number) {
                let edits = vec![(below.high.clone(), now.clone()), (above.low.clone(), now.clone())];
                maker.put(Operator::Edge, operator_path, (number.clone(), now), edits);
            }
            let (close, open) = (source.get(&below.close), source.get(&above.open));
            let turned = (turned(close), turned(open));
            let edits = vec![(below.close.clone(), turned.0.clone()), (above.open.clone(), turned.1.clone())];
            let told =
                (format!("{number}{close} {open}{number}"), format!("{number}{} {}{number}", turned.0, turned.1));
            maker.put(Operator::Edge, operator_path, told, edits);
        }
    }
}

/// The ends of an interval that stands alone.
pub fn alone(maker: &mut Maker<'_>, path: &str, one: &Written) {
    for end in [&one.low, &one.high] {
        for now in number_slips(maker.source.get(end)) {
            maker.replace(Operator::Edge, path, end.clone(), now);
        }
    }
    for bracket in [&one.open, &one.close] {
        let now = turned(maker.source.get(bracket));
        maker.replace(Operator::Edge, path, bracket.clone(), now);
    }
}

fn turned(bracket: &str) -> String {
    let now = match bracket {
        "[" => "(",
        "(" => "[",
        "]" => ")",
        ")" => "]",
        "［" => "（",
        "（" => "［",
        "］" => "）",
        "）" => "］",
        other => other,
    };
    now.to_owned()
}
