//! Words of a clause: how its numbers are meant, and how well things went.

use super::super::grammar::{Lexeme, Token, is_letter};
use super::super::kind::{Comparison, Kind};
use super::super::lexicon::{Approximation, Sense, Word};
use super::super::statement::Role;
use super::{Bound, Denial, Walk};

impl Walk<'_, '_, '_, '_, '_> {
    /// Takes in a lexeme that is part of no number and no date.
    pub(super) fn other(&mut self, token: &Token<'_>, after: &[Token<'_>]) {
        let ends_name = after.first().is_some_and(|next| next.lexeme.has(Sense::NameEnding));
        match &token.lexeme {
            Lexeme::Word(word) if word.is_idiom() => {
                self.words.any = true;
                self.words.unknown = true;
                self.words.named = true;
            }
            Lexeme::Word(word) if ends_name => {
                self.words.harm |= word.has(Sense::Harm) || word.tier().is_some_and(|tier| self.is_worst(tier));
                self.name();
            }
            Lexeme::Word(word) => self.word(word, token, after),
            Lexeme::Text => {
                let text = self.cell.surface.text.get(token.start..token.end).unwrap_or_default();
                if text.chars().any(is_letter) {
                    self.words.unknown = true;
                    self.name();
                } else {
                    self.words.broken = true;
                }
            }
            Lexeme::Numeral(_) => self.name(),
            Lexeme::Mark('\u{338}' | '\u{20d2}') => self.words.contradicted = true,
            _ => {}
        }
    }

    fn word(&mut self, word: &Word, token: &Token<'_>, after: &[Token<'_>]) {
        let before = word.before().map(|comparison| (comparison, false));
        let comparison = before.or_else(|| word.adverb().map(|comparison| (comparison, true)));
        if let Some((comparison, adverb)) = comparison {
            if after.first().is_none_or(|next| !matches!(next.lexeme, Lexeme::Numeral(_)))
                && self.compare_back(word, token)
            {
                return;
            }
            self.compare(comparison, adverb, word.tier(), token);
            return;
        }
        self.qualify(word, token);
        self.contextualise(word, after);
        self.judge(word, token, after);
    }

    /// A comparison before its number; a negation right before it turns it.
    fn compare(&mut self, comparison: Comparison, adverb: bool, tier: Option<usize>, token: &Token<'_>) {
        let text = self.cell.surface.text.get(token.start..).unwrap_or_default();
        let is_sign = !text.starts_with(is_letter);
        let denied = self.words.negation.take().is_some();
        let comparison = if denied { comparison.denied() } else { Some(comparison) };
        if let Some(comparison) = comparison {
            // 不低于达到…: the one that bounds stays.
            let earlier = self.said.bound.map(|bound| bound.comparison);
            let kept = earlier.filter(|earlier| *earlier != Comparison::Exactly && comparison == Comparison::Exactly);
            self.said.bound =
                Some(Bound { comparison: kept.unwrap_or(comparison), adverb, sign: is_sign, tier, apart: false });
        }
        self.words.unfilled |= is_sign;
        self.words.any |= !is_sign;
        self.span(Role::Comparator, token.start, token.end);
    }

    /// `95%≤`, `90%≤X`: a sign right behind a number bounds what follows; false when it is not one.
    fn compare_back(&mut self, word: &Word, token: &Token<'_>) -> bool {
        let mirrored = word.before().and_then(Comparison::mirrored);
        let text = self.cell.surface.text.get(token.start..).unwrap_or_default();
        let Some(last) = self.found.here_mut().last_mut() else { return false };
        let bare = last.kind == Kind::Number && last.comparison == Some(Comparison::Exactly);
        let (Some(mirrored), true, false) = (mirrored, bare, text.starts_with(is_letter)) else { return false };
        if self.number_end != token.start {
            return false;
        }
        last.comparison = Some(mirrored);
        self.span(Role::Comparator, token.start, token.end);
        true
    }

    /// Words that say how the next number is meant.
    fn qualify(&mut self, word: &Word, token: &Token<'_>) {
        if let Some(how @ (Approximation::AboutBefore | Approximation::UnderBefore)) = word.approximation() {
            self.said.about = Some(how);
            self.span(Role::Approximation, token.start, token.end);
        }
        self.said.tolerance |= word.has(Sense::Tolerance);
        self.said.level |= word.has(Sense::Level);
        self.said.origin |= word.has(Sense::Origin);
        self.said.relative |= word.has(Sense::Relative);
        if let Some(change) = word.change() {
            self.said.change = Some(change);
            self.said.level = false;
        }
        if let Some(comparison) = word.before_date() {
            self.said.date_bound = Some(comparison);
            self.span(Role::Comparator, token.start, token.end);
        }
        self.compare_behind_name(word, token);
    }

    /// 2个项目以上: the comparison stands behind the name of what is counted.
    fn compare_behind_name(&mut self, word: &Word, token: &Token<'_>) {
        if let Some(comparison) = word.after()
            && let Some(last) = self.found.here_mut().last_mut()
            && last.kind == Kind::Number
            && last.comparison == Some(Comparison::Exactly)
        {
            last.comparison = Some(comparison);
            self.span(Role::Comparator, token.start, token.end);
        }
    }

    fn contextualise(&mut self, word: &Word, after: &[Token<'_>]) {
        self.context.part |= word.has(Sense::Part);
        if word.has(Sense::Planned) {
            self.context.planned = true;
            // 高于上年2.3个百分点
            if let Some(bound) = &mut self.said.bound {
                bound.apart = true;
            }
        }
        if word.has(Sense::Actual) {
            self.context.planned = false;
            self.said.actual = true;
        }
        let counts = || after.iter().any(|token| matches!(token.lexeme, Lexeme::Numeral(_)));
        self.words.excepted |= word.has(Sense::Exclusive) && counts();
        self.words.progress |= word.has(Sense::Progress);
        self.words.begins |= word.has(Sense::Beginning);
        self.said.next_year |= word.has(Sense::NextYear);
        self.said.average |= word.has(Sense::Average);
        self.context.beside |= word.has(Sense::Shortfall) || word.has(Sense::Surplus);
        self.words.placeholder |= word.has(Sense::Placeholder);
    }

    /// Words that say how well.
    fn judge(&mut self, word: &Word, token: &Token<'_>, after: &[Token<'_>]) {
        if word.says_nothing() || word.has_only(NO_LANGUAGE) {
            return;
        }
        self.words.any = true;
        let denial = if word.has(Sense::Denial) { Some(Denial::NotDone) } else { None };
        if let Some(denial) = denial.or(word.has(Sense::Negation).then_some(Denial::Not)) {
            self.words.negation = Some(denial);
            self.span(Role::Negation, token.start, token.end);
            return;
        }
        self.words.unknown |= word.unit().is_none();
        if word.has(Sense::Filler) {
            return;
        }
        self.words.named |= !word.has(Sense::WholeTier(0));
        if word.has(Sense::Harm) {
            if self.words.negation.take().is_some() {
                self.tier(0, token);
            } else {
                self.words.harm = true;
            }
        } else if self.words.negation.is_some() && names_harm(after) {
            // 无重大安全事故: it is the harm that is denied.
        } else if let Some(tier) = word.tier() {
            let denied = self.words.negation.take().is_some();
            let tier = if denied { self.cell.lexicon.denied_tier(tier) } else { Some(tier) };
            if let Some(tier) = tier {
                self.tier(tier, token);
                let fails = self.is_worst(tier);
                self.words.fails_after |= fails && !self.found.here().is_empty();
            }
        } else if word.unit().is_some()
            && let Some(bound) = &mut self.said.bound
        {
            bound.apart = true;
        }
    }

    /// 未统计: what the lexicon does not know was not done either, and the numbers before it count it.
    pub(super) fn settle_denial(&mut self) {
        if self.words.negation.take() == Some(Denial::NotDone) {
            self.words.tier = self.cell.lexicon.worst_tier();
            self.words.fails_after |= !self.found.here().is_empty();
        }
    }

    /// 未达到上年水平: a comparison that found no number is the judgement that its word is.
    pub(super) fn settle_bound(&mut self) {
        if let Some(tier) = self.said.bound.and_then(|bound| bound.tier) {
            self.words.tier = Some(self.words.tier.map_or(tier, |worst| worst.max(tier)));
        }
    }

    fn is_worst(&self, tier: usize) -> bool {
        self.cell.lexicon.is_worst_tier(tier)
    }

    fn tier(&mut self, tier: usize, token: &Token<'_>) {
        self.words.tier = Some(self.words.tier.map_or(tier, |worst| worst.max(tier)));
        self.span(Role::Tier, token.start, token.end);
    }

    /// 好, 是, 优: a tier only where nothing else is said.
    pub(super) fn whole_tier(&mut self) -> Option<usize> {
        let mut words = self.tokens.iter().filter(|token| !matches!(token.lexeme, Lexeme::Mark(_)));
        let (Some(token), None) = (words.next(), words.next()) else { return None };
        let whole = |sense| if let Sense::WholeTier(index) = sense { Some(index) } else { None };
        let tier = token.lexeme.word()?.find(whole)?;
        self.span(Role::Tier, token.start, token.end);
        Some(tier)
    }
}

/// Whether a harm is named close behind.
fn names_harm(after: &[Token<'_>]) -> bool {
    const CLOSE: usize = 6;
    after.iter().take(CLOSE).any(|token| token.lexeme.has(Sense::Harm))
}

/// Kinds of sense that by themselves say nothing: a dash, a stray 以上, a blank to fill.
const NO_LANGUAGE: [Sense; 7] = [
    Sense::Between,
    Sense::Per,
    Sense::Placeholder,
    Sense::Tolerance,
    Sense::Minus,
    Sense::After(Comparison::Exactly),
    Sense::Level,
];
