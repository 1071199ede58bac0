//! The grammar of numbers, units and dates.
//!
//! [`lexemes`] cuts a folded text into numerals, dates, words of the lexicon and text in between; the
//! token grammar ([`measured`], [`unit`]) puts numerals and units together. Every rule looks ahead a
//! bounded number of lexemes, so reading stays linear.

mod date;
mod lexeme;
mod measured;
mod numeral;
mod unit;

use winnow::error::EmptyError;
use winnow::stream::{Stateful, TokenSlice};

use super::lexicon::Lexicon;

pub(super) use date::Dated;
pub(super) use lexeme::{Lexeme, Lexemes, Token, is_letter, lexemes};
pub(super) use measured::{Amount, Measured, measured};
pub(super) use numeral::{Figures, Notation, chinese_value, is_chinese_numeral};
pub(super) use unit::{prefix_unit, whole_unit};

/// A rule of the grammar matches, or does not: no message is built for what the next rule may read.
type Parsed<T> = Result<T, EmptyError>;

/// Characters, with the lexicon at hand.
type Cell<'i, 'l> = Stateful<&'i str, &'l Lexicon>;

/// Lexemes.
pub(super) type Tokens<'t, 'l> = TokenSlice<'t, Token<'l>>;
