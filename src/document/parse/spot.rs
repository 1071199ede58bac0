//! saphyr's marks → places, over the text of the file.

use std::sync::Arc;

use saphyr_parser::{Marker, Span};

use crate::diagnostic::Place;
use crate::document::{Scalar, ScalarStyle};

/// A position in the text that moves with the parser, so that looking at the text around a mark costs the
/// distance from the last one and not from the start of the file.
pub(super) struct Spot<'s> {
    file: Arc<str>,
    source: &'s str,
    /// In characters.
    index: usize,
    byte: usize,
}

impl<'s> Spot<'s> {
    pub(super) fn new(file: Arc<str>, source: &'s str) -> Self {
        Spot { file, source, index: 0, byte: 0 }
    }

    pub(super) fn file(&self) -> Arc<str> {
        self.file.clone()
    }

    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    /// `mark` as a place; saphyr counts lines from 1 and columns from 0, both in characters.
    pub(super) fn place(&self, mark: Marker, length: usize) -> Place {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place::new(self.file.clone(), number(mark.line()), number(mark.col().saturating_add(1)), number(length))
    }

    /// The place of what stands at `mark` up to the next blank.
    pub(super) fn word(&mut self, mark: Marker) -> Place {
        let length = self.rest(mark).chars().take_while(|c| !c.is_whitespace()).count();
        self.place(mark, length)
    }

    /// The place of a scalar. A block scalar stands at its first line with content, or at its `|` or `>`
    /// when it has none; that one is looked for after `last_end`, the end of the token before.
    pub(super) fn scalar_place(&mut self, scalar: &Scalar, span: Span, last_end: Marker) -> Place {
        let one_line = span.start.line() == span.end.line();
        match scalar.style {
            ScalarStyle::Plain if one_line => self.place(span.start, span.len()),
            ScalarStyle::Plain => self.rest_of_line(span.start),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let length = quoted_length(self.rest(span.start), scalar.style);
                self.place(span.start, length)
            }
            ScalarStyle::Literal | ScalarStyle::Folded if scalar.text.contains(|c| c != '\n') => {
                self.rest_of_line(span.start)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let header = indicator_after(self.rest(last_end), last_end);
                self.place(header.unwrap_or(span.start), 1)
            }
        }
    }

    /// The line up to `mark`, and the word at it.
    pub(super) fn line_before(&mut self, mark: Marker) -> &'s str {
        self.go(mark);
        let before = self.source.get(..self.byte).unwrap_or_default();
        before.rsplit(['\n', '\r']).next().unwrap_or_default()
    }

    fn rest_of_line(&mut self, mark: Marker) -> Place {
        let length = first_line(self.rest(mark)).trim_end().chars().count();
        self.place(mark, length)
    }

    fn rest(&mut self, mark: Marker) -> &'s str {
        self.go(mark);
        self.source.get(self.byte..).unwrap_or_default()
    }

    fn go(&mut self, mark: Marker) {
        let target = mark.index();
        if target >= self.index {
            let rest = self.source.get(self.byte..).unwrap_or_default();
            self.byte += rest.chars().take(target - self.index).map(char::len_utf8).sum::<usize>();
        } else {
            let before = self.source.get(..self.byte).unwrap_or_default();
            self.byte -= before.chars().rev().take(self.index - target).map(char::len_utf8).sum::<usize>();
        }
        self.index = target;
    }
}

fn first_line(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

/// The length of a quoted scalar on its first line, quotes included. A line of JSON may be the whole file, so
/// nothing behind the closing quote is looked at.
fn quoted_length(text: &str, style: ScalarStyle) -> usize {
    let mut inked = 1;
    let mut chars = (1_usize..).zip(text.chars()).skip(1).take_while(|(_, c)| !matches!(c, '\n' | '\r')).peekable();
    while let Some((length, c)) = chars.next() {
        match (style, c) {
            (ScalarStyle::DoubleQuoted, '\\') => inked = chars.next().map_or(length, |(length, _)| length),
            (ScalarStyle::DoubleQuoted, '"') => return length,
            (ScalarStyle::SingleQuoted, '\'') => match chars.next_if(|(_, next)| *next == '\'') {
                Some((length, _)) => inked = length,
                None => return length,
            },
            (_, ' ' | '\t') => {}
            _ => inked = length,
        }
    }
    inked
}

/// The `|` or `>` that comes next in `text`, which begins at `from`.
fn indicator_after(text: &str, from: Marker) -> Option<Marker> {
    let (mut line, mut column, mut in_comment) = (from.line(), from.col(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\r' => {
                if c == '\n' || chars.peek() != Some(&'\n') {
                    (line, column, in_comment) = (line + 1, 0, false);
                }
                continue;
            }
            _ if in_comment => {}
            '#' => in_comment = true,
            '|' | '>' => return Some(Marker::new(0, line, column)),
            ' ' | '\t' | ':' | '-' | '?' => {}
            _ => return None,
        }
        column += 1;
    }
    None
}
