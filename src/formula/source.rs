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

    /// The whole operand whose first token is at `first` and whose last begins at `last`: up to a logical operator, a
    /// comma, a brace or a bracket that it did not open. Brackets around its first part are its own.
    pub(super) fn extent(&self, first: Span, last: usize) -> Span {
        let mut start = first.offset;
        let mut end = self.operand_end(start);
        while end <= last
            && let Some(open) = self.bracket_before(start)
        {
            start = open;
            end = self.operand_end(start);
        }
        let text = self.characters.get(start..end).unwrap_or_default();
        let blank = text.iter().rev().take_while(|c| c.is_whitespace()).count();
        Span { offset: start, length: text.len().saturating_sub(blank).max(1) }
    }

    /// Where an operand ends that begins at `from`.
    fn operand_end(&self, from: usize) -> usize {
        let mut open = 0_usize;
        let mut at = from;
        while let Some(c) = self.at(at) {
            match c {
                '"' => at += self.token_length(at).saturating_sub(1),
                '(' | '[' => open += 1,
                ')' | ']' if open > 0 => open -= 1,
                ')' | ']' | ',' | ';' | '{' | '}' if open == 0 => return at,
                '&' | '|' | '?' if open == 0 && self.at(at + 1) == Some(c) => return at,
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// The bracket that opens right before `start`.
    fn bracket_before(&self, start: usize) -> Option<usize> {
        let before = self.characters.get(..start)?;
        let at = before.iter().rposition(|c| !c.is_whitespace())?;
        (self.at(at) == Some('(')).then_some(at)
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
