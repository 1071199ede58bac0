//! A folded text, cut into lexemes.

use smallvec::SmallVec;
use winnow::error::EmptyError;
use winnow::stream::Stateful;

use super::super::lexicon::{Lexicon, Sense, Word};
use super::date::{self, Dated};
use super::numeral::{self, Numeral};

/// A lexeme and where it stands in the folded text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Token<'l> {
    pub lexeme: Lexeme<'l>,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) enum Lexeme<'l> {
    Numeral(Numeral),
    Date(Dated),
    Word(&'l Word),
    /// Letters and ideographs the lexicon does not know, and labels such as `5G` and `PM2.5`.
    Text,
    /// Any other sign.
    Mark(char),
    /// 、 and a blank that keeps words apart
    Listing,
    Comma,
    /// ； and 。
    Sentence,
    /// A bracket, with the index of the lexeme that closes it.
    Open(usize),
    Close,
}

impl<'l> Lexeme<'l> {
    pub fn word(&self) -> Option<&'l Word> {
        if let Lexeme::Word(word) = self { Some(word) } else { None }
    }

    pub fn has(&self, sense: Sense) -> bool {
        self.word().is_some_and(|word| word.has(sense))
    }

    pub fn is_break(&self) -> bool {
        matches!(self, Lexeme::Listing | Lexeme::Comma | Lexeme::Sentence)
    }
}

/// With room for those of an ordinary cell.
pub(in crate::reading) type Lexemes<'l> = SmallVec<[Token<'l>; 12]>;

/// Cuts `text` from byte `from` on into `tokens`, the longest word first. Total: what nothing matches is text or a
/// mark.
///
/// `dates` says that the row is about time: `2023.3` is a month there.
pub(in crate::reading) fn lexemes<'l>(
    text: &str,
    from: usize,
    dates: bool,
    lexicon: &'l Lexicon,
    tokens: &mut Lexemes<'l>,
) {
    let mut cutter = Cutter { text, at: from, dates, lexicon, tokens, open: Vec::new() };
    while cutter.step() {}
}

struct Cutter<'i, 'l> {
    text: &'i str,
    at: usize,
    dates: bool,
    lexicon: &'l Lexicon,
    tokens: &'i mut Lexemes<'l>,
    /// Brackets not closed yet: their index and the sign that closes them.
    open: Vec<(usize, char)>,
}

impl<'l> Cutter<'_, 'l> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Cuts off one lexeme; false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return false };
        if c.is_ascii_digit() {
            self.figure();
            return true;
        }
        let word = self.lexicon.longest(rest);
        if numeral::is_chinese_numeral(c) {
            self.chinese(numeral::chinese_run_length(rest), word);
        } else if let Some((length, word)) = word {
            self.word(length, word);
        } else {
            self.sign(c);
        }
        true
    }

    fn push(&mut self, lexeme: Lexeme<'l>, length: usize) {
        let start = self.at;
        self.at += length;
        if matches!(lexeme, Lexeme::Text)
            && let Some(last) = self.tokens.last_mut()
            && matches!(last.lexeme, Lexeme::Text)
            && last.end == start
        {
            last.end = self.at;
            return;
        }
        self.tokens.push(Token { lexeme, start, end: self.at });
    }

    fn word(&mut self, length: usize, word: &'l Word) {
        let first = self.rest().chars().next().map_or(0, char::len_utf8);
        if self.lexicon.only_counts(word) && !self.follows_number() {
            return self.push(Lexeme::Text, first);
        }
        // 1年内 is no 年内, and 12.8万户 no 万户.
        let misleads = word.is_idiom() || word.period().is_some();
        let counted =
            || self.tokens.last().is_some_and(|last| matches!(last.lexeme, Lexeme::Numeral(_)) && last.end == self.at);
        if misleads
            && length > first
            && counted()
            && let Some((length, shorter)) = self.rest().get(..first).and_then(|text| self.lexicon.longest(text))
            && (!word.is_idiom() || shorter.scale().is_some())
        {
            let word = shorter;
            return self.push(Lexeme::Word(word), length);
        }
        let named = word.period();
        let period = named.and_then(|index| self.lexicon.period(index)).and_then(|part| date::stretch(None, part));
        self.push(period.map_or(Lexeme::Word(word), |period| Lexeme::Date(Dated::part(period))), length);
    }

    /// Whether a number, its scale, or the line of a fraction of units stands right before.
    fn follows_number(&self) -> bool {
        let counts = |sense| {
            matches!(sense, Sense::Scale(_) | Sense::Per | Sense::Each | Sense::Approximate(_) | Sense::Unit(_))
                .then_some(())
        };
        self.tokens.last().is_some_and(|last| {
            let number = match &last.lexeme {
                Lexeme::Numeral(_) => true,
                Lexeme::Word(word) => word.find(counts).is_some(),
                Lexeme::Mark(sign) => matches!(sign, '+' | '·' | '•' | '・' | '*' | '.'),
                Lexeme::Close | Lexeme::Open(_) | Lexeme::Listing => true,
                _ => false,
            };
            number && last.end == self.at
        })
    }

    /// What begins with an Arabic digit: a word (3季度), a date, a label (5G), a number.
    fn figure(&mut self) {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if let Some((length, word)) = self.lexicon.longest(self.rest())
            && length > digits
        {
            return self.word(length, word);
        }
        if self.follows_letter() {
            return self.push(Lexeme::Text, label_length(self.rest()));
        }
        if let Some((period, length)) = self.date(digits) {
            return self.push(Lexeme::Date(period), length);
        }
        let mut rest = self.rest();
        let before = rest.len();
        match numeral::arabic(&mut rest) {
            Ok(value) if !self.is_label(rest) => {
                let length = before - rest.len();
                self.push(Lexeme::Numeral(value), length);
            }
            _ => self.push(Lexeme::Text, label_length(self.rest()).max(digits)),
        }
    }

    fn follows_letter(&self) -> bool {
        self.text.get(..self.at).and_then(|before| before.chars().next_back()).is_some_and(|c| c.is_ascii_alphabetic())
            && self.tokens.last().is_some_and(|token| token.lexeme == Lexeme::Text)
    }

    /// `1.2.3` and `5G`: digits that run on into what is no unit.
    fn is_label(&self, rest: &str) -> bool {
        let mut ahead = rest.chars();
        match ahead.next() {
            Some('.') => ahead.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) if c.is_ascii_alphabetic() => {
                self.lexicon.longest(rest).is_none_or(|(_, word)| word.says_nothing())
            }
            _ => false,
        }
    }

    /// Looks for a date only where what follows the digits can go on to be one.
    fn date(&self, digits: usize) -> Option<(Dated, usize)> {
        let next = self.rest().get(digits..)?;
        let may_be = match digits {
            8 => true,
            4 => next.starts_with(['年', '.', '-', '/', '~', '—', '至', '到']) || self.begins_period(next),
            1 | 2 => next.starts_with(['月', '年', '.', '/', '-', '~', '—', '至', '到']),
            _ => false,
        };
        if may_be { self.dated() } else { None }
    }

    fn begins_period(&self, text: &str) -> bool {
        self.lexicon.longest(text).is_some_and(|(_, word)| word.period().is_some())
    }

    fn dated(&self) -> Option<(Dated, usize)> {
        let rest = self.rest();
        let mut cell = Stateful { input: rest, state: self.lexicon };
        let read: Result<Dated, EmptyError> = date::date(&mut cell);
        let period = match read {
            Ok(period) => period,
            Err(_) if self.dates => {
                cell.input = rest;
                match date::month_alone(&mut cell) {
                    Ok(month) => month,
                    Err(_) => {
                        cell.input = rest;
                        date::years_alone(&mut cell).ok()?
                    }
                }
            }
            Err(_) => return None,
        };
        Some((period, rest.len() - cell.input.len()))
    }

    /// A run of Chinese numerals: a longer word (一致) or an idiom (十四五) wins over the number.
    fn chinese(&mut self, run: usize, word: Option<(usize, &'l Word)>) {
        if let Some((length, word)) = word
            && (length > run || length == run && word.has(Sense::Idiom))
        {
            return self.word(length, word);
        }
        if run > numeral::LONGEST_RUN {
            return self.push(Lexeme::Text, run);
        }
        let goes_on = self.rest().get(run..).unwrap_or_default();
        if goes_on.starts_with(['年', '月', '-', '~', '—', '至', '到'])
            && let Some((period, length)) = self.dated().filter(|(_, length)| *length > run)
        {
            return self.push(Lexeme::Date(period), length);
        }
        let mut rest = self.rest();
        let before = rest.len();
        match (numeral::chinese(&mut rest), word) {
            (Ok(value), _) => {
                let length = before - rest.len();
                self.push(Lexeme::Numeral(value), length);
            }
            (Err(_), Some((length, word))) => self.word(length, word),
            (Err(_), None) => self.push(Lexeme::Text, run),
        }
    }

    fn sign(&mut self, c: char) {
        let lexeme = match c {
            ',' => Lexeme::Comma,
            '、' | ' ' | '|' => Lexeme::Listing,
            ';' | '。' | '!' | '?' => Lexeme::Sentence,
            _ if is_letter(c) => Lexeme::Text,
            _ => Lexeme::Mark(c),
        };
        if let Some(closing) = closing_of(c) {
            self.open.push((self.tokens.len(), closing));
        } else if self.open.last().is_some_and(|(_, closing)| *closing == c)
            && let Some((opened, _)) = self.open.pop()
        {
            let here = self.tokens.len();
            if let Some(token) = self.tokens.get_mut(opened) {
                token.lexeme = Lexeme::Open(here);
            }
            return self.push(Lexeme::Close, c.len_utf8());
        }
        self.push(lexeme, c.len_utf8());
    }
}

/// The ideographs are told first: they are most of what is asked.
pub(in crate::reading) fn is_letter(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || c.is_alphabetic()
}

fn closing_of(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '【' => '】',
        '〔' => '〕',
        '《' => '》',
        _ => return None,
    })
}

/// Letters, digits and points that hang together.
fn label_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.').count()
}
