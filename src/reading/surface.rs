//! The text as the grammar sees it: one width, no blanks, every byte traced back to the cell.
//!
//! Printed forms come out of PDFs and spreadsheets with full-width digits, blanks and line breaks inside
//! words, zero-width marks. All of it is folded here, once, by NFKD without its combining marks: a text
//! and its NFKC form therefore read the same.

use std::borrow::Cow;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::origins::{Origin, Origins};

/// A folded text.
pub(super) struct Surface<'t> {
    pub text: Cow<'t, str>,
    original: &'t str,
    origins: Origins,
}

impl<'t> Surface<'t> {
    pub fn of(original: &'t str) -> Self {
        let mut length = plain_run(original);
        if length == original.len() {
            return Surface { text: Cow::Borrowed(original), original, origins: Origins::default() };
        }
        let text = String::with_capacity(original.len());
        let mut folded = Folded { text, origins: Origins::default(), blank: None };
        let mut rest = original;
        while !rest.is_empty() {
            let start = original.len() - rest.len();
            let (run, other) = rest.split_at_checked(length).unwrap_or((rest, ""));
            folded.keep_all(run, start);
            let mut characters = other.chars();
            if let Some(c) = characters.next() {
                folded.add(c, Origin { start: start + length, end: start + length + c.len_utf8() });
            }
            rest = characters.as_str();
            length = plain_run(rest);
        }
        Surface { text: Cow::Owned(folded.text), original, origins: folded.origins }
    }

    /// The stretch of the original, in bytes, that `start..end` of the folded text came from.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        if self.origins.is_empty() {
            return (start, end);
        }
        let Origin { start, end } = self.origins.of(start, end);
        (start, end)
    }

    /// What is printed at `start..end` of the folded text: half-width and without blanks, but ㎡ stays ㎡.
    pub fn printed(&self, start: usize, end: usize) -> Cow<'_, str> {
        let folded = self.text.get(start..end).unwrap_or_default();
        if self.origins.is_empty() {
            return Cow::Borrowed(folded);
        }
        let (first, last) = self.original(start, end);
        let printed = self.original.get(first..last).unwrap_or_default();
        if printed == folded {
            return Cow::Borrowed(folded);
        }
        let mut shown = String::with_capacity(printed.len());
        for c in printed.chars().filter(|c| !c.is_whitespace()) {
            let (mut folded, mut marked) = (String::new(), false);
            decompose_compatible(c, |part| if is_dropped(part) { marked = true } else { folded.push(part) });
            match half_width(c) {
                Some(narrow) => shown.push(narrow),
                // A letter with a mark may be printed as one character or as two: both are shown without it.
                None if marked => shown.push_str(&folded),
                None => shown.push(c),
            }
        }
        Cow::Owned(shown)
    }
}

/// A word of the lexicon, folded as texts are.
pub(super) fn fold(word: &str) -> String {
    Surface::of(word).text.into_owned()
}

/// How many bytes of characters that folding leaves alone `text` begins with.
fn plain_run(text: &str) -> usize {
    let mut at = 0;
    loop {
        match text.as_bytes().get(at) {
            None => return text.len(),
            Some(b'!'..=b'~') => at += 1,
            // U+5000 to U+9FFF
            Some(0xe5..=0xe9) => at += 3,
            Some(_) => match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) if is_plain(c) => at += c.len_utf8(),
                _ => return at,
            },
        }
    }
}

/// Characters that folding leaves alone: ASCII without blanks, the ideographs, and the commonest signs.
fn is_plain(c: char) -> bool {
    c.is_ascii_graphic()
        || ('\u{4e00}'..='\u{9fff}').contains(&c)
        || matches!(c, '≥' | '≤' | '≧' | '≦' | '、' | '。' | '‰' | '—' | '±' | '×' | '“' | '”' | '《' | '》')
}

/// The ASCII twin of a full-width sign.
fn half_width(c: char) -> Option<char> {
    let code = u32::from(c);
    if (0xff01..=0xff5e).contains(&code) { char::from_u32(code - 0xfee0) } else { None }
}

/// U+0338 and U+20D2 strike a symbol out (≠, ≱): they stay, so that no struck symbol reads as its opposite.
fn strikes_out(c: char) -> bool {
    matches!(c, '\u{338}' | '\u{20d2}')
}

fn is_dropped(c: char) -> bool {
    c.is_control()
        || is_combining_mark(c) && !strikes_out(c)
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

struct Folded {
    text: String,
    origins: Origins,
    /// A blank was met after the last character and is not decided upon.
    blank: Option<Origin>,
}

impl Folded {
    fn add(&mut self, c: char, origin: Origin) {
        if let Some(half) = half_width(c) {
            self.keep(half, origin);
        } else {
            decompose_compatible(c, |part| self.push(part, origin));
        }
    }

    fn push(&mut self, c: char, origin: Origin) {
        if c.is_whitespace() {
            self.blank.get_or_insert(origin);
            return;
        }
        if !is_dropped(c) {
            self.keep(unified(c), origin);
        }
    }

    /// Adds characters that folding leaves alone.
    fn keep_all(&mut self, run: &str, start: usize) {
        if let Some(c) = run.chars().next() {
            self.settle_blank(c);
            self.text.push_str(run);
            self.origins.add(run.len(), Origin { start, end: start + run.len() }, true);
        }
    }

    /// Adds a character that is no blank, is not dropped and is in its one form.
    fn keep(&mut self, c: char, origin: Origin) {
        self.settle_blank(c);
        self.append(c, origin);
    }

    /// Decides on the blank before `next`.
    fn settle_blank(&mut self, next: char) {
        if let Some(blank) = self.blank.take()
            && self.text.chars().next_back().is_some_and(|before| keeps_apart(before, next))
        {
            self.append(' ', blank);
        }
    }

    fn append(&mut self, c: char, origin: Origin) {
        self.text.push(c);
        self.origins.add(c.len_utf8(), origin, false);
    }
}

/// `20 20` is two numbers and `per person` two words; any other blank is a printer's.
fn keeps_apart(before: char, after: char) -> bool {
    before.is_ascii_alphanumeric()
        && after.is_ascii_alphanumeric()
        && !(before.is_ascii_digit() && after.is_alphabetic())
}

/// Signs that compatibility decomposition keeps apart though they print alike.
fn unified(c: char) -> char {
    match c {
        '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' => '-',
        '\u{2015}' | '\u{2500}' | '\u{2501}' => '\u{2014}',
        '\u{223c}' | '\u{301c}' => '~',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2236}' => ':',
        _ => c,
    }
}
