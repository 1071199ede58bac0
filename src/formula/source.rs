//! The text of a formula, to turn the interpreter's positions into character offsets and to read again
//! what its syntax tree does not keep.

use rhai::Position;
use rust_decimal::Decimal;

use super::compiled::Spot;
use super::fault::Span;
use crate::quantity::Exact;

#[derive(Debug, Clone)]
pub(super) struct Source {
    characters: Vec<char>,
    /// Offset of the first character of each line.
    lines: Vec<usize>,
}

impl Source {
    pub(super) fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let after_breaks = characters.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(offset, _)| offset + 1);
        let lines = std::iter::once(0).chain(after_breaks).collect();
        Source { characters, lines }
    }

    /// Where the token at `position` stands. A position that is none, as at the end of the text, is the end.
    pub(super) fn span(&self, position: Position) -> Span {
        let offset = self.offset(position).min(self.characters.len().saturating_sub(1));
        Span { offset, length: self.token_length(offset) }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    pub(super) fn spot(&self, span: Span) -> Spot {
        let Span { offset, length } = span;
        let line = self.line(offset);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(0);
        Spot { offset, length: length.max(1), line, column: offset.saturating_sub(start) + 1 }
    }

    pub(super) fn at(&self, offset: usize) -> Option<char> {
        self.characters.get(offset).copied()
    }

    pub(super) fn whole(&self) -> Span {
        Span { offset: 0, length: self.characters.len() }
    }

    /// The decimal literal at `position` in all its digits: the syntax tree has `kept` 28 of them.
    pub(super) fn decimal(&self, position: Position, kept: Decimal) -> Exact {
        match Exact::parse(&self.literal(position)) {
            Some(magnitude) if kept.is_sign_negative() => magnitude.neg(),
            Some(magnitude) => magnitude,
            None => Exact::from_decimal(kept),
        }
    }

    /// Whether the integer literal at `position` is written in another base, such as `0x1F`.
    pub(super) fn has_base(&self, position: Position) -> bool {
        self.literal(position).contains(|c: char| c.is_ascii_alphabetic())
    }

    /// The characters of the number at `position`, past the signs that the parser made part of it.
    fn literal(&self, position: Position) -> String {
        let rest = self.characters.get(self.offset(position)..).unwrap_or_default();
        let literal: String = rest
            .iter()
            .skip_while(|c| matches!(c, '-' | '+' | '(') || c.is_whitespace())
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
            .filter(|c| **c != '_')
            .collect();
        // `1..5` is a range, and `5.` is the number 5.
        let literal = literal.split_once("..").map_or(literal.as_str(), |(low, _)| low);
        literal.strip_suffix('.').unwrap_or(literal).to_owned()
    }

    pub(super) fn offset(&self, position: Position) -> usize {
        let (Some(line), Some(column)) = (position.line(), position.position()) else { return self.characters.len() };
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied();
        start.map_or(self.characters.len(), |start| start + column.saturating_sub(1))
    }

    fn token_length(&self, offset: usize) -> usize {
        let rest = self.characters.get(offset..).unwrap_or_default();
        let count = |accept: fn(&char) -> bool| rest.iter().take_while(|c| accept(c)).count();
        match rest.first() {
            Some('"') => 2 + rest.iter().skip(1).take_while(|c| !matches!(c, '"' | '\n')).count(),
            Some(c) if c.is_ascii_digit() => count(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')),
            Some(c) if c.is_alphabetic() || *c == '_' => count(|c| c.is_alphanumeric() || *c == '_'),
            Some('=' | '!' | '<' | '>' | '&' | '|' | '*' | '?' | '.') => {
                count(|c| matches!(c, '=' | '!' | '<' | '>' | '&' | '|' | '*' | '?' | '.')).min(2)
            }
            _ => 1,
        }
    }
}
