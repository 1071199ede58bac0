//! The unit of a number as it is printed.

use std::borrow::Cow;
use std::sync::Arc;

use smol_str::{SmolStr, SmolStrBuilder};

use super::super::grammar::{Amount, Lexeme, Measured, Notation, Token};
use super::super::lexicon::{Lexicon, Measure};
use super::super::statement::{Role, Unit};
use super::number::role_of;
use super::{Said, Walk};

/// A unit whose factor goes beyond exact arithmetic.
pub(super) struct Inexact;

impl Walk<'_, '_, '_, '_, '_> {
    /// The unit as printed, if one is.
    pub(super) fn unit(
        &self,
        measured: &Measured,
        said: &Said,
        taken: &[Token<'_>],
    ) -> Result<Option<Arc<Unit>>, Inexact> {
        if let Amount::Proportion(_) = measured.amount {
            return Ok(Some(Arc::new(Unit { printed: SmolStr::new_static(":"), measure: Measure::proportion() })));
        }
        if let Some(notation) = measured.share {
            return Ok(share_unit(notation, self.cell.lexicon));
        }
        if measured.unit.is_empty() && said.each.is_empty() {
            return Ok(None);
        }
        self.printed_unit(measured, said, taken).map(Some).ok_or(Inexact)
    }

    fn printed_unit(&self, measured: &Measured, said: &Said, taken: &[Token<'_>]) -> Option<Arc<Unit>> {
        if said.each.is_empty()
            && measured.unit.is_word()
            && let Some(unit) = self.lone_word(measured, taken)
        {
            return Some(unit);
        }
        let text = &self.cell.surface.text;
        let mut parts = Cow::Borrowed(&measured.unit);
        if !said.each.is_empty() {
            parts.to_mut().over.extend(&said.each);
        }
        let mut printed = SmolStrBuilder::new();
        if measured.unit.is_empty() {
            let (start, end) = said.each_place?;
            printed.push_str(&self.cell.surface.printed(start, end));
        }
        for token in shown(measured, taken) {
            printed.push_str(&self.cell.surface.printed(token.start, token.end));
        }
        Some(Arc::new(Unit { printed: printed.finish(), measure: parts.measure(text, self.cell.lexicon)? }))
    }

    /// The unit of nearly every number: one word, made ready with the lexicon.
    fn lone_word(&self, measured: &Measured, taken: &[Token<'_>]) -> Option<Arc<Unit>> {
        let token = lone(taken).or_else(|| {
            let mut shown = shown(measured, taken);
            shown.next().filter(|_| shown.next().is_none())
        })?;
        let word = token.lexeme.word()?;
        let ready = word.alone.as_ref().filter(|_| word.unit() == measured.unit.top)?;
        let as_printed = *self.cell.surface.printed(token.start, token.end) == *ready.printed;
        as_printed.then(|| ready.clone())
    }
}

/// The unit of a number and nothing else behind it.
fn lone<'a, 'l>(taken: &'a [Token<'l>]) -> Option<&'a Token<'l>> {
    let [.., Token { lexeme: Lexeme::Numeral(_), .. }, unit] = taken else { return None };
    let is_scale = unit.lexeme.word().is_some_and(|word| word.scale().is_some());
    (role_of(unit) == Some(Role::Unit) && !is_scale).then_some(unit)
}

/// The lexemes that are printed as the unit.
fn shown<'a, 'l>(measured: &Measured, taken: &'a [Token<'l>]) -> impl Iterator<Item = &'a Token<'l>> {
    // 3万5千元 is read as 35000 元: its scales are in the number.
    let skips = measured.unit.scales.is_empty();
    let in_number = move |token: &&Token<'_>| skips && token.lexeme.word().is_some_and(|word| word.scale().is_some());
    unit_lexemes(measured, taken).skip_while(in_number)
}

/// The lexemes that make up the unit: for a range, those of its last bound; for 10亩±5%, those of the number.
fn unit_lexemes<'a, 'l>(measured: &Measured, taken: &'a [Token<'l>]) -> impl Iterator<Item = &'a Token<'l>> {
    let is_numeral = |token: &Token<'_>| matches!(token.lexeme, Lexeme::Numeral(_));
    let is_unit = |token: &&Token<'_>| role_of(token) == Some(Role::Unit);
    let last = taken.iter().rposition(is_numeral).map_or(0, |index| index + 1);
    let behind = taken.get(last..).unwrap_or_default();
    let first = taken.iter().position(is_numeral).map_or(0, |index| index + 1);
    let between = taken.get(first..last).unwrap_or_default();
    let is_top = |token: &Token<'_>| token.lexeme.word().is_some_and(|word| word.unit() == measured.unit.top);
    let of_number = measured.unit.top.is_some() && !behind.iter().any(is_top) && between.iter().any(is_top);
    let shown = if !of_number && behind.iter().any(|token| is_unit(&token)) { behind } else { between };
    shown.iter().filter(is_unit)
}

/// The unit of 百分之 and 千分之, as the lexicon has it.
fn share_unit(notation: Notation, lexicon: &Lexicon) -> Option<Arc<Unit>> {
    let printed = if notation == Notation::Permille { "‰" } else { "%" };
    lexicon.word(printed)?.alone.clone()
}
