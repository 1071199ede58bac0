//! Numbers of a clause, with what the words before them make of them.

use super::super::grammar::{Amount, Lexeme, Measured, Token};
use super::super::kind::{Comparison, Kind};
use super::super::lexicon::{Approximation, Reconciled, Sense, Word};
use super::super::statement::{Facts, Role, Statement, Unit};
use super::{Said, Walk};

impl Walk<'_, '_, '_, '_, '_> {
    /// Takes a number in, with what was said before it; false when it is no measure after all.
    pub(super) fn number(&mut self, measured: &Measured, taken: &[Token<'_>], next: &[Token<'_>], first: bool) -> bool {
        let follows = |sense| next.first().is_some_and(|token| token.lexeme.has(sense));
        let waits = self.said.bound.is_some() || self.said.about.is_some();
        let whole = first && next.is_empty() && is_plain_word(measured);
        if measured.wordy && !waits && !whole {
            return false;
        }
        let weak = is_weak(measured, &self.said, next);
        if weak && first && next.first().is_some_and(|token| token.lexeme.word().is_some_and(|w| w.tier().is_some())) {
            return true;
        }
        // 2分35秒: 分 is no point here, and how long it is in all is not worked out.
        let start = taken.first().map_or(0, |token| token.start);
        self.words.contradicted |= start > 0 && self.number_end == start && self.mixes_times(taken);
        self.mark(taken);
        self.number_end = taken.last().map_or(0, |token| token.end);
        let said = std::mem::take(&mut self.said);
        if let Some(day) = self.day_of_every_month(measured, &said, taken, next) {
            self.found.push(day);
            return true;
        }
        if self.stands_beside(measured, &said, taken) || follows(Sense::Condition) || is_day_of_month(taken, next) {
            self.words.any = true;
            self.words.named = true;
            return true;
        }
        match self.number_statement(measured, &said, taken) {
            Some(mut statement) => {
                statement.facts.weak = weak || self.describes(&statement);
                self.found.push(statement);
            }
            None => self.words.contradicted = true,
        }
        true
    }

    /// Whether the number is no level of what the row measures: denied (未完成3个), left over (还差3个), on
    /// top (超额3个), where it came from (由80%), or relative to something else (高于全省平均5个百分点).
    fn stands_beside(&mut self, measured: &Measured, said: &Said, taken: &[Token<'_>]) -> bool {
        let denied = self.words.negation.take().is_some();
        let failed = self.words.tier.is_some_and(|tier| self.cell.lexicon.is_worst_tier(tier));
        let signed = |sign| (sign || self.is_share_of(measured, said, taken)) && !self.context.planned;
        let relative = said.bound.is_some_and(|bound| {
            bound.apart && !bound.adverb && !signed(bound.sign) && bound.comparison != Comparison::Exactly
        });
        denied || failed || relative || said.origin || self.context.beside
    }

    /// Whether this number and the one right before it are in 分 and in hours or seconds.
    fn mixes_times(&self, taken: &[Token<'_>]) -> bool {
        let lexicon = self.cell.lexicon;
        let before = self.found.here().last().and_then(|last| last.unit.as_ref());
        let here = taken.last().and_then(|token| token.lexeme.word()).and_then(|word| word.alone.as_ref());
        let tells_time = |unit: &Unit| lexicon.measure_entry(&unit.measure).is_some_and(|entry| entry.clock);
        before.zip(here).is_some_and(|(before, here)| {
            tells_time(before)
                && tells_time(here)
                && lexicon.reconcile(&before.measure, &here.measure) == Reconciled::Refused
        })
    }

    /// Whether the number, beside another, only says what is counted: 80岁以上, 400KVA.
    fn describes(&self, statement: &Statement) -> bool {
        let entry = statement.unit.as_ref().and_then(|unit| self.cell.lexicon.measure_entry(&unit.measure));
        entry.is_some_and(|entry| entry.describes)
    }

    /// 每月15日前: a deadline that comes back every month; 次月10日: a day of a month nobody names.
    fn day_of_every_month(
        &self,
        measured: &Measured,
        said: &Said,
        taken: &[Token<'_>],
        next: &[Token<'_>],
    ) -> Option<Statement> {
        let start = taken.first()?.start;
        let before = self.cell.surface.text.get(..start)?;
        if !before.ends_with('月') || !taken.last()?.lexeme.has(Sense::DayOfMonth) {
            return None;
        }
        let Amount::One(value) = &measured.amount else { return None };
        let bound = next.first().and_then(|token| token.lexeme.word()).and_then(Word::after_date);
        let every = said.each_place.is_some_and(|(_, end)| end == start);
        let mut statement = self.statement(Kind::Date);
        statement.comparison = Some(bound.or(said.date_bound).unwrap_or(Comparison::Exactly));
        statement.facts.day = value.to_i64().and_then(|day| u8::try_from(day).ok()).filter(|_| every);
        Some(statement)
    }

    /// 不超过工程费的2.5%: a share of what is named before it, and no distance from it.
    fn is_share_of(&self, measured: &Measured, said: &Said, taken: &[Token<'_>]) -> bool {
        let lexicon = self.cell.lexicon;
        let unit = measured.unit.top.filter(|_| measured.unit.is_word());
        let entry = unit.and_then(|id| lexicon.unit(id)).and_then(|unit| unit.entry.as_ref());
        let start = taken.first().map_or(0, |token| token.start);
        let before = self.cell.surface.text.get(..start).unwrap_or_default();
        let of_it = entry.is_some_and(|entry| entry.ratio || entry.share && before.ends_with('的'));
        of_it && !said.average
    }

    /// `None` where the words contradict each other or no exact factor exists.
    fn number_statement(&self, measured: &Measured, said: &Said, taken: &[Token<'_>]) -> Option<Statement> {
        let mut statement = self.statement(Kind::Number);
        statement.unit = self.unit(measured, said, taken).ok()?;
        let approximation = measured.approximation.or(said.about);
        statement.approximate = approximation.is_some();
        statement.change = said.change.filter(|_| !said.level);
        let comparison = agreed(said.bound.map(|bound| bound.comparison), measured.after).ok()?;
        let bounded = comparison.is_some_and(|comparison| comparison != Comparison::Exactly);
        let range = match &measured.amount {
            // ±-3 is a slip, and would be a range upside down.
            Amount::One(value) if said.tolerance && value.is_negative() => return None,
            Amount::One(value) if said.tolerance => Some((value.neg(), value.clone())),
            // 控制在3-5% is the range itself.
            Amount::Between(low, high) if !bounded || is_upper(comparison) && measured.after.is_none() => {
                Some((low.clone(), high.clone()))
            }
            Amount::Between(..) => return None,
            Amount::One(value) | Amount::Proportion(value) => {
                statement.value = Some(value.clone());
                None
            }
        };
        statement.comparison = Some(match approximation {
            _ if range.is_some() => Comparison::Within,
            Some(Approximation::OverAfter) if comparison.is_none() => Comparison::MoreThan,
            Some(Approximation::UnderBefore) if comparison.is_none() => Comparison::LessThan,
            _ => comparison.unwrap_or(Comparison::Exactly),
        });
        if let Some(range) = range {
            statement.kind = Kind::Range;
            statement.range = Some(Box::new(range));
        }
        statement.facts = Facts {
            decimals: measured.decimals,
            fraction: measured.fraction,
            relative: said.relative,
            average: said.average,
            actual: said.actual,
            planned: self.context.planned,
            part: self.context.part,
            ..Facts::default()
        };
        Some(statement)
    }

    /// Notes what the number rests on.
    fn mark(&mut self, taken: &[Token<'_>]) {
        for token in taken {
            if let Some(role) = role_of(token) {
                self.span(role, token.start, token.end);
            }
        }
    }
}

/// A bare number that runs into words may only count off: `①完成`, `1完成`.
fn is_weak(measured: &Measured, said: &Said, next: &[Token<'_>]) -> bool {
    let bare = measured.unit.is_empty() && measured.share.is_none() && measured.after.is_none();
    let runs_on = next.first().is_some_and(|token| token.lexeme == Lexeme::Text || token.lexeme.word().is_some());
    bare && said.bound.is_none() && runs_on
}

/// A cell of one Chinese numeral: 零, 十二; but 一 is what a scan makes of a dash.
fn is_plain_word(measured: &Measured) -> bool {
    matches!(&measured.amount, Amount::One(value) if *value != crate::quantity::Exact::ONE)
}

/// 每月10日前: a day of a month nobody names is no measure.
fn is_day_of_month(taken: &[Token<'_>], next: &[Token<'_>]) -> bool {
    let bound = next.first().and_then(|token| token.lexeme.word()).and_then(Word::after_date);
    bound == Some(Comparison::AtMost) && taken.last().is_some_and(|token| token.lexeme.has(Sense::DayOfMonth))
}

/// 不低于…以下
struct Contradiction;

/// The comparison that the words on both sides of a number agree on.
fn agreed(before: Option<Comparison>, after: Option<Comparison>) -> Result<Option<Comparison>, Contradiction> {
    match (before, after) {
        (Some(Comparison::Exactly) | None, after @ Some(_)) => Ok(after),
        (before, None) => Ok(before),
        (Some(first), Some(second)) if is_upper(before) == is_upper(after) => Ok(Some(stricter(first, second))),
        (Some(_), Some(_)) => Err(Contradiction),
    }
}

fn is_upper(comparison: Option<Comparison>) -> bool {
    matches!(comparison, Some(Comparison::AtMost | Comparison::LessThan))
}

/// 超过90%以上 is more than 90%.
fn stricter(first: Comparison, second: Comparison) -> Comparison {
    if matches!(second, Comparison::MoreThan | Comparison::LessThan) { second } else { first }
}

/// What a lexeme of a number stands for.
pub(super) fn role_of(token: &Token<'_>) -> Option<Role> {
    match &token.lexeme {
        Lexeme::Numeral(_) | Lexeme::Mark('+' | '-' | ':') => Some(Role::Number),
        Lexeme::Text | Lexeme::Mark(_) | Lexeme::Listing => Some(Role::Unit),
        Lexeme::Word(word) => role_of_word(word),
        _ => None,
    }
}

fn role_of_word(word: &Word) -> Option<Role> {
    word.find(|sense| match sense {
        Sense::Unit(_) | Sense::Scale(_) | Sense::Per | Sense::Each => Some(Role::Unit),
        Sense::After(_) | Sense::Inclusive | Sense::Exclusive => Some(Role::Comparator),
        Sense::Approximate(_) => Some(Role::Approximation),
        Sense::Between | Sense::Tolerance | Sense::Minus => Some(Role::Number),
        _ => None,
    })
}
