//! Units: `%`, `万元`, `元/人、天`, 每亩.

use winnow::Parser;
use winnow::combinator::opt;
use winnow::error::EmptyError;
use winnow::token::any;

use super::super::lexicon::{Counted, Lexicon, Measure, Sense, UnitId, Word};
use super::{Lexeme, Parsed, Token, Tokens};
use crate::quantity::Exact;

/// The unit of a number, as lexemes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::reading) struct UnitParts {
    /// 万, 亿
    pub scales: Scales,
    pub top: Option<UnitId>,
    /// A short text where a unit would stand: 艘. Bytes of the folded text.
    pub unlisted: Option<(usize, usize)>,
    pub over: Vec<UnitId>,
    /// Scales below the line: 2批次/千人.
    pub over_scales: Scales,
}

/// Indices into the lexicon's scales, two at most: 万亿.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::reading) struct Scales {
    first: Option<usize>,
    second: Option<usize>,
}

impl Scales {
    /// The scales that come next, if any do.
    pub fn parse(input: &mut Tokens<'_, '_>) -> Parsed<Self> {
        let first = opt(scale).parse_next(input)?;
        let second = if first.is_some() { opt(scale).parse_next(input)? } else { None };
        Ok(Scales { first, second })
    }

    pub fn is_empty(self) -> bool {
        self.first.is_none()
    }

    pub fn iter(self) -> impl Iterator<Item = usize> {
        self.first.into_iter().chain(self.second)
    }
}

impl UnitParts {
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty() && self.top.is_none() && self.unlisted.is_none() && self.over.is_empty()
    }

    /// Whether it is a word of the lexicon, without scale or divisor.
    pub fn is_word(&self) -> bool {
        self.top.is_some() && self.scales.is_empty() && self.over.is_empty() && self.over_scales.is_empty()
    }

    /// What the unit measures; nothing where its factor goes beyond exact arithmetic.
    pub fn measure(&self, text: &str, lexicon: &Lexicon) -> Option<Measure> {
        let mut factor = self.top.and_then(|id| lexicon.unit(id)).map_or(Exact::ONE, |unit| unit.factor.clone());
        for scale in self.scales.iter() {
            factor = factor.mul(lexicon.scale(scale)?).ok()?;
        }
        let mut below = Exact::ONE;
        for scale in self.over_scales.iter() {
            below = below.mul(lexicon.scale(scale)?).ok()?;
        }
        let mut over = Vec::with_capacity(self.over.len());
        for id in &self.over {
            match lexicon.unit(*id).map(|unit| unit.divides.as_slice()) {
                Some([]) | None => over.push(*id),
                Some(parts) => over.extend_from_slice(parts),
            }
        }
        over.sort_unstable();
        for unit in over.iter().filter_map(|id| lexicon.unit(*id)) {
            below = below.mul(&unit.factor).ok()?;
        }
        let unlisted = self.unlisted.and_then(|(start, end)| text.get(start..end));
        let of = match (self.top, unlisted) {
            (Some(id), _) => Counted::Unit(id),
            (None, Some(word)) => Counted::Unlisted(word.to_owned()),
            (None, None) => Counted::Nothing,
        };
        Some(Measure { factor, of, below, over })
    }
}

pub(super) fn word_with<T>(input: &mut Tokens<'_, '_>, pick: impl Fn(Sense) -> Option<T>) -> Parsed<T> {
    any.verify_map(|token: &Token<'_>| token.lexeme.word().and_then(|word| word.find(&pick))).parse_next(input)
}

pub(super) fn sense(input: &mut Tokens<'_, '_>, wanted: Sense) -> Parsed<()> {
    word_with(input, |sense| (sense == wanted).then_some(()))
}

fn scale(input: &mut Tokens<'_, '_>) -> Parsed<usize> {
    word_with(input, |sense| if let Sense::Scale(index) = sense { Some(index) } else { None })
}

fn unit_word(input: &mut Tokens<'_, '_>) -> Parsed<UnitId> {
    word_with(input, |sense| if let Sense::Unit(id) = sense { Some(id) } else { None })
}

/// What stands after the scale: `元`, `元/人`, `元/人、天`, `/株`.
pub(super) fn unit(input: &mut Tokens<'_, '_>) -> Parsed<UnitParts> {
    if input.is_empty() {
        return Err(EmptyError);
    }
    let top = opt(unit_word).parse_next(input)?;
    let divides = |word: &Word| word.has_any([Sense::Per, Sense::Each]);
    let below = if input.first().and_then(|next| next.lexeme.word()).is_some_and(divides) {
        opt(divisors).parse_next(input)?
    } else {
        None
    };
    if top.is_none() && below.is_none() {
        return unlisted(input);
    }
    let (over_scales, over) = below.unwrap_or_default();
    Ok(UnitParts { top, over, over_scales, ..UnitParts::default() })
}

/// The scales and the units below the line.
fn divisors(input: &mut Tokens<'_, '_>) -> Parsed<(Scales, Vec<UnitId>)> {
    /// 元/人·天 has two.
    const MOST: usize = 4;
    let per = |input: &mut Tokens<'_, '_>| {
        word_with(input, |sense| matches!(sense, Sense::Per | Sense::Each).then_some(sense == Sense::Each))
    };
    let (each, scales, first) = (per, Scales::parse, unit_word).parse_next(input)?;
    let mut over = vec![first];
    while over.len() < MOST
        && let Some((_, id)) = opt((joint, unit_word)).parse_next(input)?
    {
        over.push(id);
    }
    // 80岁每人50元: 每人 belongs to the number that follows.
    if each && input.first().is_some_and(|token| matches!(token.lexeme, Lexeme::Numeral(_))) {
        return Err(EmptyError);
    }
    Ok((scales, over))
}

/// Between two divisors: 元/人、天, 元/人*月, 元/辆.年, 元/人/天.
fn joint(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    any.verify(|token: &&Token<'_>| match token.lexeme {
        Lexeme::Listing => true,
        Lexeme::Mark(sign) => matches!(sign, '*' | '×' | '.' | '·' | '•' | '・' | '∙' | '/'),
        Lexeme::Word(word) => word.has(Sense::Per) || word.has(Sense::Each),
        _ => false,
    })
    .void()
    .parse_next(input)
}

/// At most three characters the lexicon does not know, where the statement or its number ends.
fn unlisted(input: &mut Tokens<'_, '_>) -> Parsed<UnitParts> {
    const LONGEST: usize = "三个字".len();
    let token = any.verify(|token: &&Token<'_>| token.lexeme == Lexeme::Text).parse_next(input)?;
    let ends = match input.first().map(|next| &next.lexeme) {
        None => true,
        Some(Lexeme::Word(word)) => word.after().is_some() || word.has(Sense::Inclusive) || word.has(Sense::Exclusive),
        Some(next) => next.is_break(),
    };
    if !ends || token.end - token.start > LONGEST {
        return Err(EmptyError);
    }
    Ok(UnitParts { unlisted: Some((token.start, token.end)), ..UnitParts::default() })
}

/// 每亩, 每人: the unit that stands before its number.
pub(in crate::reading) fn prefix_unit(input: &mut Tokens<'_, '_>) -> Parsed<UnitId> {
    (|input: &mut Tokens<'_, '_>| sense(input, Sense::Each), unit_word).map(|(_, id)| id).parse_next(input)
}

/// A unit and nothing else: `万美元`.
pub(in crate::reading) fn whole_unit(input: &mut Tokens<'_, '_>) -> Parsed<UnitParts> {
    let scales = Scales::parse(input)?;
    let parts = opt(unit).parse_next(input)?.unwrap_or_default();
    let parts = UnitParts { scales, ..parts };
    if input.is_empty() && !parts.is_empty() && parts.unlisted.is_none() { Ok(parts) } else { Err(EmptyError) }
}
