//! A character of a scalar's text → its place in the file.
//!
//! YAML folds lines, drops indentation and replaces escapes, so the offset in the text says little about the
//! column. The source is read once more from where the scalar starts, and each decoded character remembers
//! where it came from. When this does not give back the very text the parser gave, no place inside the scalar
//! is claimed.

#[cfg(test)]
mod tests;

use super::{Node, Scalar, ScalarStyle};
use crate::diagnostic::Place;
use crate::diagnostic::render::lines;

/// The place of `length` characters of the text from `offset` (in characters, from 0). It ends where its
/// first line ends. The offset after the last character stands just behind it; anything further, and a text
/// that cannot be traced, gives the place of the whole scalar.
pub(super) fn place_at(node: &Node, scalar: &Scalar, offset: usize, length: usize) -> Place {
    inside(node, scalar, offset, length).unwrap_or_else(|| node.place.clone())
}

fn inside(node: &Node, scalar: &Scalar, offset: usize, length: usize) -> Option<Place> {
    let spots = trace(node, scalar)?;
    let at = |spot: &Spot, length: u32| Place::new(node.place.file.clone(), spot.line, spot.column, length);
    let Some(first) = spots.get(offset) else {
        let last = spots.last().filter(|_| offset == spots.len())?;
        return Some(at(&Spot { column: last.column + last.width, ..*last }, 1));
    };
    let wanted = spots.iter().skip(offset).take(length.max(1));
    let last = wanted.take_while(|spot| spot.line == first.line).last()?;
    Some(at(first, (last.column + last.width).saturating_sub(first.column)))
}

/// Where one decoded character stands; `width` is its length in the source: 6 for `\u4e2d`, 0 for a break.
#[derive(Debug, Clone, Copy)]
struct Spot {
    line: u32,
    column: u32,
    width: u32,
}

/// The scalar decoded again, up to the length of the parser's text.
struct Trace<L> {
    text: String,
    spots: Vec<Spot>,
    wanted: usize,
    /// The lines of the source from the first one of the scalar, with their numbers.
    lines: L,
}

fn trace(node: &Node, scalar: &Scalar) -> Option<Vec<Spot>> {
    let column = usize::try_from(node.place.column).ok()?.checked_sub(1)?;
    let wanted = scalar.text.chars().count();
    let breaks = scalar.text.chars().take_while(|c| *c == '\n').count();
    // Empty lines above a block scalar's first content are part of its text.
    let above = match scalar.style {
        ScalarStyle::Literal | ScalarStyle::Folded if breaks < wanted => breaks,
        _ => 0,
    };
    let first = usize::try_from(node.place.line).ok()?.checked_sub(1 + above)?;
    let lines = (1_u32..).zip(lines(&node.source)).skip(first);
    let mut trace = Trace { text: String::new(), spots: Vec::new(), wanted, lines };
    match scalar.style {
        ScalarStyle::Literal | ScalarStyle::Folded if breaks == wanted => {
            trace.lines.next()?;
            trace.empty_lines(breaks);
        }
        ScalarStyle::Literal => trace.literal(above, column),
        ScalarStyle::Folded => trace.folded(above, column),
        ScalarStyle::Plain => trace.flow(column, None),
        ScalarStyle::SingleQuoted => trace.flow(column + 1, Some('\'')),
        ScalarStyle::DoubleQuoted => trace.flow(column + 1, Some('"')),
    }
    (trace.text == scalar.text).then_some(trace.spots)
}

impl<'s, L: Iterator<Item = (u32, &'s str)>> Trace<L> {
    fn is_full(&self) -> bool {
        self.spots.len() >= self.wanted
    }

    fn push(&mut self, c: char, spot: Spot) {
        if !self.is_full() {
            self.text.push(c);
            self.spots.push(spot);
        }
    }

    /// Characters that stand for themselves, from `column` (from 0).
    fn push_run(&mut self, run: &str, line: u32, column: usize) {
        for (c, at) in run.chars().zip(column..) {
            self.push(c, Spot::new(line, at, 1));
        }
    }

    fn push_breaks(&mut self, breaks: Vec<Spot>) {
        for spot in breaks {
            self.push('\n', spot);
        }
    }

    fn empty_lines(&mut self, count: usize) {
        for _ in 0..count {
            if let Some((line, text)) = self.lines.next().filter(|(_, text)| text.trim().is_empty()) {
                self.push('\n', Spot::new(line, text.chars().count(), 0));
            }
        }
    }

    fn literal(&mut self, above: usize, indent: usize) {
        self.empty_lines(above);
        while !self.is_full() {
            let Some((line, content)) = self.next_content(indent) else { return };
            self.push_run(content, line, indent);
            self.push('\n', Spot::new(line, indent + content.chars().count(), 0));
        }
    }

    fn folded(&mut self, above: usize, indent: usize) {
        self.empty_lines(above);
        let mut next = self.next_content(indent);
        while let Some((line, content)) = next.filter(|_| !self.is_full()) {
            self.push_run(content, line, indent);
            let end = Spot::new(line, indent + content.chars().count(), 0);
            let mut empty = Vec::new();
            next = loop {
                match self.next_content(indent) {
                    Some((line, "")) => empty.push(Spot::new(line, 0, 0)),
                    next => break next,
                }
            };
            let keeps_break = |line: &str| line.starts_with([' ', '\t']);
            if keeps_break(content) || next.is_none_or(|(_, line)| keeps_break(line)) {
                self.push('\n', end);
                self.push_breaks(empty);
            } else {
                self.fold(end, empty);
            }
        }
    }

    /// The next line of a block scalar without its indentation; nothing once a line is indented less.
    fn next_content(&mut self, indent: usize) -> Option<(u32, &'s str)> {
        let (line, text) = self.lines.next()?;
        let spaces = text.chars().take_while(|c| *c == ' ').take(indent).count();
        let content = text.get(spaces..)?;
        (spaces == indent || content.is_empty()).then_some((line, content))
    }

    /// A line break between texts: a space, or one break for each empty line.
    fn fold(&mut self, end: Spot, empty: Vec<Spot>) {
        if empty.is_empty() {
            self.push(' ', end);
        }
        self.push_breaks(empty);
    }

    /// Plain and quoted scalars, from `column` (from 0) of the first line.
    fn flow(&mut self, column: usize, quote: Option<char>) {
        let Some((line, text)) = self.lines.next() else { return };
        let mut ending = self.flow_line(line, text, column, quote);
        while let Some(ended) = ending {
            let mut empty = Vec::new();
            let Some((line, text)) = self.lines.by_ref().find(|(line, text)| {
                let is_empty = text.trim_matches(BLANK).is_empty();
                if is_empty {
                    empty.push(Spot::new(*line, 0, 0));
                }
                !is_empty
            }) else {
                return;
            };
            match ended {
                Ending::Break(end) => self.fold(end, empty),
                Ending::EscapedBreak => self.push_breaks(empty),
            }
            let indent = text.chars().take_while(|c| BLANK.contains(c)).count();
            ending = self.flow_line(line, text, indent, quote);
        }
    }

    /// One line of a plain or quoted scalar; nothing when the scalar ends on it.
    fn flow_line(&mut self, line: u32, text: &str, from: usize, quote: Option<char>) -> Option<Ending> {
        let mut column = from;
        let mut rest = text.get(text.char_indices().nth(from).map_or(text.len(), |(at, _)| at)..)?;
        while let Some(c) = rest.chars().next() {
            let blanks = rest.chars().take_while(|c| BLANK.contains(c)).count();
            if blanks == rest.len() {
                break;
            }
            let (decoded, width) = match (quote, c) {
                _ if blanks > 0 => {
                    self.push_run(rest.get(..blanks)?, line, column);
                    (None, blanks)
                }
                (Some('\''), '\'') if rest.starts_with("''") => (Some('\''), 2),
                (Some(quote), c) if c == quote => return None,
                (Some('"'), '\\') if rest.len() == 1 => return Some(Ending::EscapedBreak),
                (Some('"'), '\\') => escape(rest).map(|(c, width)| (Some(c), width))?,
                _ => (Some(c), 1),
            };
            if let Some(c) = decoded {
                self.push(c, Spot::new(line, column, width));
            }
            if self.is_full() {
                return None;
            }
            column += width;
            rest = rest.get(rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at)..)?;
        }
        Some(Ending::Break(Spot::new(line, column, 0)))
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// How a line of a flow scalar that does not close it ends.
enum Ending {
    Break(Spot),
    /// A backslash before the break: nothing of it is in the text.
    EscapedBreak,
}

impl Spot {
    /// `column` from 0, as counted while reading.
    fn new(line: u32, column: usize, width: usize) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Spot { line, column: number(column.saturating_add(1)), width: number(width) }
    }
}

/// The character that the escape at the start of `text` stands for, and the length of the escape.
fn escape(text: &str) -> Option<(char, usize)> {
    let kind = text.chars().nth(1)?;
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return Some((simple_escape(kind)?, 2)),
    };
    let code = hexadecimal(text.get(2..)?, digits)?;
    if let Some(c) = char::from_u32(code) {
        return Some((c, 2 + digits));
    }
    let low = hexadecimal(text.get(6..)?.strip_prefix("\\u")?, 4)?;
    let pair = [u16::try_from(code).ok()?, u16::try_from(low).ok()?];
    Some((char::decode_utf16(pair).next()?.ok()?, 12))
}

fn hexadecimal(text: &str, digits: usize) -> Option<u32> {
    u32::from_str_radix(text.get(..digits)?, 16).ok()
}

fn simple_escape(kind: char) -> Option<char> {
    Some(match kind {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => kind,
        _ => return None,
    })
}
