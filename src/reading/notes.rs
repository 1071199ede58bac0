//! Remarks in brackets are told apart from what a cell says.

use std::borrow::Cow;

use super::grammar::{Lexeme, Token};
use super::lexicon::{Sense, Word};

/// The lexemes of a cell, its remarks taken out.
pub(super) struct Sorted<'t, 'l> {
    pub main: Cow<'t, [Token<'l>]>,
    /// The lexemes inside the brackets of each remark.
    pub notes: Vec<Vec<Token<'l>>>,
    /// Where the remarks stand, brackets included.
    pub places: Vec<(usize, usize)>,
}

/// Takes the remarks out. Brackets around a comparison (`(含)`, `(≥)`) or around the whole cell are no
/// remark and only dropped; so are those around the unit of a number (`3（个）`).
pub(super) fn sort_out<'t, 'l>(tokens: &'t [Token<'l>]) -> Sorted<'t, 'l> {
    let closing_of = |token: &Token<'_>| if let Lexeme::Open(closing) = token.lexeme { Some(closing) } else { None };
    if !tokens.iter().any(|token| closing_of(token).is_some()) {
        return Sorted { main: Cow::Borrowed(tokens), notes: Vec::new(), places: Vec::new() };
    }
    let closes: Vec<Option<usize>> = tokens.iter().map(closing_of).collect();
    let keeps_all = !says_something_outside(tokens, &closes);
    let (mut main, mut notes, mut places): (Vec<Token<'l>>, Vec<Vec<Token<'l>>>, Vec<_>) = Default::default();
    let mut note_end = None;
    for (index, (token, closing)) in tokens.iter().zip(&closes).enumerate() {
        if note_end.is_some_and(|end| index > end) {
            note_end = None;
        }
        let is_bracket = matches!(token.lexeme, Lexeme::Open(_) | Lexeme::Close);
        if let Some(end) = note_end {
            if !is_bracket && let (Some(note), true) = (notes.last_mut(), index < end) {
                note.push(token.clone());
            }
        } else if let Some(end) = *closing {
            let inside = tokens.get(index + 1..end).unwrap_or_default();
            let behind_number = main.last().is_some_and(|last| matches!(last.lexeme, Lexeme::Numeral(_)));
            let belongs = keeps_all || is_comparison(inside) || behind_number && is_unit(inside);
            if !belongs {
                note_end = Some(end);
                notes.push(Vec::new());
                places.push((token.start, tokens.get(end).map_or(token.end, |close| close.end)));
            }
        } else if !is_bracket {
            main.push(token.clone());
        }
    }
    Sorted { main: Cow::Owned(main), notes, places }
}

/// Whether anything but punctuation and comparisons stands outside all brackets.
fn says_something_outside(tokens: &[Token<'_>], closes: &[Option<usize>]) -> bool {
    let mut skip_to = 0;
    for (index, (token, closing)) in tokens.iter().zip(closes).enumerate() {
        if index < skip_to {
            continue;
        }
        match (&token.lexeme, closing) {
            (_, Some(end)) => skip_to = end + 1,
            (Lexeme::Numeral(_) | Lexeme::Date(_) | Lexeme::Text, _) => return true,
            (Lexeme::Word(word), _) if !is_comparing(word) => return true,
            _ => {}
        }
    }
    false
}

fn is_comparison(inside: &[Token<'_>]) -> bool {
    matches!(inside, [token] if token.lexeme.word().is_some_and(is_comparing))
}

fn is_unit(inside: &[Token<'_>]) -> bool {
    matches!(inside, [token] if token.lexeme.word().is_some_and(|word| word.unit().is_some()))
}

fn is_comparing(word: &Word) -> bool {
    word.before().or_else(|| word.adverb()).or_else(|| word.after()).is_some()
        || word.has(Sense::Inclusive)
        || word.has(Sense::Exclusive)
}
