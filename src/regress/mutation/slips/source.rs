//! The text of a rule file, to turn places into bytes and to cut entries out of it.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Place;
use crate::document::{Key, Node, Scalar, ScalarStyle, Shape};

/// A file with the start of each of its lines, in bytes.
pub struct Source {
    /// Below the pack's folder: `scripts/methods.rhai`.
    pub path: String,
    /// As places name it: `mof-2020/scripts/methods.rhai`.
    pub shown: Arc<str>,
    pub text: Arc<str>,
    lines: Vec<usize>,
}

impl Source {
    pub fn new(path: &str, shown: Arc<str>, text: &Arc<str>) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Source { path: path.to_owned(), shown, text: text.clone(), lines }
    }

    /// The text of a stretch.
    pub fn get(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The place that a stretch begins at; its length is that of its first line.
    pub fn place(&self, range: &Range<usize>) -> Place {
        let line = self.lines.partition_point(|start| *start <= range.start);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(0);
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let column = count(self.get(&(start..range.start)).trim_start_matches('\u{feff}')).saturating_add(1);
        let length = count(self.get(range).lines().next().unwrap_or_default());
        Place::new(self.shown.clone(), u32::try_from(line).unwrap_or(u32::MAX), column, length)
    }

    /// Where a place stands, in bytes.
    pub fn range(&self, place: &Place) -> Option<Range<usize>> {
        let start = self.offset(place.line, place.column)?;
        let end = self.offset(place.line, place.column.checked_add(place.length)?)?;
        Some(start..end)
    }

    fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.lines.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let mark = if line == 1 && self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let rest = self.text.get(start + mark..)?;
        let skipped = usize::try_from(column).ok()?.checked_sub(1)?;
        let within = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(skipped)?;
        Some(start + mark + within)
    }

    /// The characters `from..to` of a scalar's text, as they stand in the file.
    pub fn inside(&self, node: &Node, from: usize, to: usize) -> Option<Range<usize>> {
        let first = self.range(&node.place_at(from, 1))?;
        let last = self.range(&node.place_at(to.checked_sub(1)?, 1))?;
        (first.start < last.end).then_some(first.start..last.end)
    }

    /// All of a scalar, without its quotes.
    pub fn content(&self, node: &Node) -> Option<Range<usize>> {
        self.inside(node, 0, node.as_text()?.chars().count())
    }

    /// An entry of a mapping with its key; in block style all its lines.
    pub fn entry(&self, map: &Node, key: &Key) -> Option<Range<usize>> {
        let key = self.range(&key.place)?;
        if self.is_flow(map, '{') { self.flow_item(key.start) } else { Some(self.block(key.start)) }
    }

    /// An item of a list; in block style all its lines.
    pub fn item(&self, list: &Node, item: &Node) -> Option<Range<usize>> {
        let start = self.range(&item.place)?.start;
        if self.is_flow(list, '[') {
            return self.flow_item(start);
        }
        let line = self.line_start(start);
        let dash = self.text.get(line..start)?.rfind('-')?;
        Some(self.block(line + dash))
    }

    fn is_flow(&self, node: &Node, bracket: char) -> bool {
        self.range(&node.place)
            .is_some_and(|range| self.text.get(range.start..).is_some_and(|t| t.starts_with(bracket)))
    }

    fn line_start(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|start| *start <= at);
        line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(0)
    }

    /// The lines from the one of `at` to the next that is indented no more than `at`; comments and empty lines
    /// before that one belong to what follows.
    fn block(&self, at: usize) -> Range<usize> {
        let start = self.line_start(at);
        let indent = at - start;
        let is_item = self.text.get(at..).is_some_and(is_list_item);
        let mut end = self.text.len();
        let mut ink_end = None;
        for begin in self.lines.iter().copied().filter(|begin| *begin > start) {
            let line = self.text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default();
            let depth = line.len() - line.trim_start_matches(' ').len();
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                ink_end.get_or_insert(begin);
            } else if depth < indent || (depth == indent && (is_item || !is_list_item(line))) {
                end = ink_end.unwrap_or(begin);
                break;
            } else {
                ink_end = None;
            }
        }
        start..end
    }

    /// An item of a flow collection up to, not with, the comma or bracket that ends it.
    fn flow_item(&self, start: usize) -> Option<Range<usize>> {
        let mut depth = 0_usize;
        let (mut quote, mut escaped) = (None, false);
        // A quotation mark inside a plain scalar is a letter like any other.
        let mut begins = true;
        for (at, c) in self.text.get(start..)?.char_indices() {
            match (quote, c) {
                (Some('"'), '\\') if !escaped => {
                    escaped = true;
                    continue;
                }
                (Some(open), _) if open == c && !escaped => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if begins => quote = Some(c),
                (None, '{' | '[') => depth += 1,
                (None, ',' | '}' | ']') if depth == 0 => {
                    let item = self.text.get(start..start + at)?;
                    return Some(start..start + item.trim_end().len());
                }
                (None, '}' | ']') => depth -= 1,
                (None, _) => {}
            }
            escaped = false;
            begins = matches!(c, '{' | '[' | ',' | ':') || (begins && c.is_whitespace());
        }
        None
    }

    /// What has to go with an item so that its collection stays whole: the comma after it, or the one before.
    pub fn with_separator(&self, item: Range<usize>) -> Range<usize> {
        if self.get(&item).ends_with('\n') {
            return item;
        }
        let after = self.text.get(item.end..).unwrap_or_default();
        let blank = after.len() - after.trim_start().len();
        if after.trim_start().starts_with(',') {
            let behind = after.get(blank + 1..).unwrap_or_default();
            return item.start..item.end + blank + 1 + (behind.len() - behind.trim_start_matches(' ').len());
        }
        let before = self.text.get(..item.start).unwrap_or_default();
        match before.trim_end().strip_suffix(',') {
            Some(kept) => kept.len()..item.end,
            None => item,
        }
    }
}

/// A list may stand under its key without being indented.
fn is_list_item(line: &str) -> bool {
    line.trim_start().strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']))
}

/// Whether a text may stand in place of a scalar as it is written.
pub fn fits(node: &Node, text: &str) -> bool {
    match &node.shape {
        Shape::Scalar(Scalar { style: ScalarStyle::Plain, .. }) => !text.contains(['{', '}', '[', ']', ',', '#', ':']),
        Shape::Scalar(Scalar { style: ScalarStyle::DoubleQuoted, .. }) => !text.contains(['"', '\\']),
        Shape::Scalar(Scalar { style: ScalarStyle::SingleQuoted, .. }) => !text.contains('\''),
        _ => true,
    }
}
