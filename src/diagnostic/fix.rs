//! A repair that is certain.

use std::ops::Range;

use super::{Bilingual, Place};

/// One stretch of a line, written otherwise. It is offered only where nothing else can have been meant, and it
/// fits only a file that still holds what is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Where `from` stands; the place of a quoted text may begin at its quote.
    pub place: Place,
    pub from: String,
    pub to: String,
}

impl Fix {
    pub fn new(place: &Place, from: impl Into<String>, to: impl Into<String>) -> Self {
        let (from, to) = (from.into(), to.into());
        let length = u32::try_from(from.chars().count()).unwrap_or(u32::MAX);
        Fix { place: Place::new(place.file.clone(), place.line, place.column, length), from, to }
    }

    /// What it does.
    pub fn sentence(&self) -> Bilingual {
        let Fix { from, to, .. } = self;
        Bilingual::new(format!("把 `{from}` 改成 `{to}`"), format!("replace `{from}` with `{to}`"))
    }

    /// The same, moved to where `from` really stands in the text of its file: behind the quote of a quoted scalar.
    /// Nothing where it does not stand there as it is, since an escape or a line break lies in it.
    #[must_use]
    pub fn fitted(mut self, text: &str) -> Option<Self> {
        let rest = text.get(start(text, &self.place)?..)?;
        if rest.starts_with(&self.from) {
            return Some(self);
        }
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let behind = rest.get(quote.len_utf8()..)?.strip_prefix(&self.from)?;
        behind.starts_with(quote).then(|| {
            self.place.column = self.place.column.saturating_add(1);
            self
        })
    }

    /// The bytes of a file's text that it replaces.
    pub fn bytes(&self, text: &str) -> Option<Range<usize>> {
        let start = start(text, &self.place)?;
        text.get(start..)?.starts_with(&self.from).then(|| start..start + self.from.len())
    }
}

/// The byte at which a place begins. Lines end with LF, CR LF or CR, and a byte order mark is no character.
fn start(text: &str, place: &Place) -> Option<usize> {
    let mark = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let (mut line, mut column) = (1_u32, 1_u32);
    let mut chars = text.get(mark..)?.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if line == place.line && column == place.column {
            return Some(mark + at);
        }
        if c == '\n' || (c == '\r' && chars.peek().is_none_or(|(_, next)| *next != '\n')) {
            (line, column) = (line.saturating_add(1), 1);
        } else {
            column = column.saturating_add(1);
        }
    }
    None
}

/// A text with every fix made that still fits; of two that touch the same characters the first is made.
pub fn fixed(text: &str, fixes: &[Fix]) -> (String, usize) {
    let mut ranges: Vec<(Range<usize>, &str)> =
        fixes.iter().filter_map(|fix| Some((fix.bytes(text)?, fix.to.as_str()))).collect();
    ranges.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at, mut made) = (String::with_capacity(text.len()), 0, 0);
    for (range, to) in ranges {
        if range.start < at {
            continue;
        }
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(to);
        at = range.end;
        made += 1;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    (out, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{feff}甲: 一\r\n乙: \"titel\"\r\n丙: \"tit\\u0065l\" # titel\r\n\t丁: titel";

    fn at(line: u32, column: u32) -> Fix {
        Fix::new(&Place::new("p/m.yaml".into(), line, column, 1), "titel", "title")
    }

    #[test]
    fn a_fix_is_made_where_its_words_really_stand() {
        let cases =
            [((2, 4), Some(5)), ((2, 5), Some(5)), ((3, 4), None), ((4, 5), Some(5)), ((1, 1), None), ((9, 1), None)];
        for ((line, column), want) in cases {
            let fitted = at(line, column).fitted(TEXT);
            assert_eq!(fitted.as_ref().map(|fix| fix.place.column), want, "{line}:{column}");
            assert_eq!(fitted.and_then(|fix| TEXT.get(fix.bytes(TEXT)?)), want.map(|_| "titel"), "{line}:{column}");
        }
    }

    #[test]
    fn fixes_are_made_together_and_once() {
        let fixes = [at(4, 5), at(2, 5), at(2, 5), at(3, 5)];
        let (text, made) = fixed(TEXT, &fixes);
        assert_eq!(text, TEXT.replace("\"titel\"", "\"title\"").replace("丁: titel", "丁: title"));
        assert_eq!(made, 2);
        assert_eq!(fixed(&text, &fixes), (text.clone(), 0));
    }
}
