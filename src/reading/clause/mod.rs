//! One clause → what it states: its numbers and dates in their context, or its words.

mod number;
mod unit;
mod words;

use smallvec::SmallVec;

use super::grammar::{Dated, Lexeme, Notation, Token, Tokens, measured, prefix_unit};
use super::kind::{Comparison, Kind};
use super::lexicon::{Approximation, Lexicon, Sense, UnitId, Word};
use super::statement::{Change, Role, Span, Spans, Statement};
use super::surface::Surface;

/// What is shared by all clauses of a cell.
pub(super) struct Cell<'s, 't, 'l> {
    pub surface: &'s Surface<'t>,
    pub lexicon: &'l Lexicon,
}

/// What earlier clauses say about the numbers of later ones.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    /// 其中: until the sentence ends.
    part: bool,
    /// 计划: until the comma.
    planned: bool,
    /// 还差, 超额: until the comma, the numbers are no levels.
    beside: bool,
}

impl Context {
    /// What is left of it after a punctuation mark.
    pub fn after(self, lexeme: &Lexeme<'_>) -> Self {
        match lexeme {
            Lexeme::Listing => self,
            Lexeme::Comma => Context { part: self.part, ..Context::default() },
            _ => Context::default(),
        }
    }
}

/// What the clauses of a cell state, gathered in one place: most state one thing, and a statement is large.
#[derive(Default)]
pub(super) struct Stated {
    pub statements: Statements,
    pub spans: Spans,
    /// Where those of the clause at hand begin.
    statements_from: usize,
    spans_from: usize,
}

/// Most cells state one thing.
pub(super) type Statements = SmallVec<[Statement; 1]>;

impl Stated {
    /// Ends the clause at hand: what comes is the next one's.
    fn begin(&mut self) {
        self.statements_from = self.statements.len();
        self.spans_from = self.spans.len();
    }

    fn here(&self) -> &[Statement] {
        self.statements.get(self.statements_from..).unwrap_or_default()
    }

    fn here_mut(&mut self) -> &mut [Statement] {
        self.statements.get_mut(self.statements_from..).unwrap_or_default()
    }

    fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    fn clear(&mut self) {
        self.statements.truncate(self.statements_from);
    }

    fn retain(&mut self, keeps: impl Fn(&Statement) -> bool) {
        if !self.here().iter().all(&keeps) {
            let kept: Statements = self.statements.drain(self.statements_from..).filter(keeps).collect();
            self.statements.extend(kept);
        }
    }
}

/// Reads one clause: the lexemes between two punctuation marks.
pub(super) fn clause(tokens: &[Token<'_>], cell: &Cell<'_, '_, '_>, context: &mut Context, found: &mut Stated) {
    found.begin();
    let mut walk = Walk { cell, context, tokens, found, said: Said::default(), words: Words::default(), number_end: 0 };
    let mut at = 0;
    while at < tokens.len() {
        at += walk.step(at).max(1);
    }
    walk.finish();
}

/// 2022年春节前: a year, and an occasion in it whose day nobody tells.
fn names_occasion(dated: Dated, after: &[Token<'_>]) -> bool {
    let (first, last) = (dated.period.first, dated.period.last);
    let whole_year = !dated.ends && (first.month, first.day) == (1, 1) && (last.month, last.day) == (12, 31);
    let unknown = |token: &Token<'_>| token.lexeme == Lexeme::Text || token.lexeme.has(Sense::Idiom);
    let named = whole_year && after.first().is_some_and(|next| next.lexeme.has(Sense::Occasion));
    let told = whole_year && after.first().is_some_and(unknown);
    named
        || told
            && after
                .iter()
                .take(OCCASION)
                .any(|token| token.lexeme.word().and_then(Word::after_date) == Some(Comparison::AtMost))
}

/// The 零 of 零事故.
fn is_zero(lexeme: &Lexeme<'_>) -> bool {
    matches!(lexeme, Lexeme::Numeral(numeral) if numeral.notation == Notation::Chinese && numeral.value.is_zero())
}

/// How many lexemes an occasion may be made of.
const OCCASION: usize = 4;

/// What was said since the last number and waits for the next.
#[derive(Default)]
struct Said {
    bound: Option<Bound>,
    about: Option<Approximation>,
    tolerance: bool,
    origin: bool,
    /// 目标的: a share of the target, not of the thing.
    relative: bool,
    /// 实际
    actual: bool,
    level: bool,
    change: Option<Change>,
    /// 户均
    average: bool,
    each: Vec<UnitId>,
    /// Where 每亩 stands, in the folded text.
    each_place: Option<(usize, usize)>,
    date_bound: Option<Comparison>,
    /// 次年
    next_year: bool,
}

/// A comparison that waits for its number.
#[derive(Clone, Copy)]
struct Bound {
    comparison: Comparison,
    /// 至少: other words may stand between.
    adverb: bool,
    /// ≤工程造价2%: behind a sign a name may stand between.
    sign: bool,
    /// The tier of a comparison that is also one: 未达到 before anything but a number.
    tier: Option<usize>,
    /// Unknown words stand between.
    apart: bool,
}

/// The words of the clause.
#[derive(Default)]
struct Words {
    /// Index of the worst tier met.
    tier: Option<usize>,
    /// A negation that has not found what it denies.
    negation: Option<Denial>,
    /// Words beyond numbers, units and comparisons.
    named: bool,
    /// Anything a person would call language.
    any: bool,
    /// Words the lexicon does not know.
    unknown: bool,
    /// 除2户外, 不含追加2万元: something is left out.
    excepted: bool,
    /// 完成, 进度
    progress: bool,
    /// 开工, 签订合同: something began; whether it ended is not said.
    begins: bool,
    /// A word of the worst tier follows a number or a date: 3个未完成 counts the failures.
    fails_after: bool,
    /// A comparison sign; it needs a number.
    unfilled: bool,
    /// A sign for what was to be filled in.
    placeholder: bool,
    /// Digits that are no number.
    broken: bool,
    /// Something nobody wants is named and not denied.
    harm: bool,
    /// A number whose words contradict each other, or a struck-out sign.
    contradicted: bool,
}

/// How strong a negation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denial {
    /// 未: whatever it denies was not done.
    NotDone,
    /// 不, 无: what it denies decides.
    Not,
}

struct Walk<'w, 'k, 's, 't, 'l> {
    cell: &'w Cell<'s, 't, 'l>,
    context: &'w mut Context,
    tokens: &'w [Token<'k>],
    found: &'w mut Stated,
    said: Said,
    words: Words,
    /// Where the last number ends, in the folded text.
    number_end: usize,
}

impl<'w, 'k> Walk<'w, 'k, '_, '_, '_> {
    /// Takes in what the clause continues with at `at`; how many lexemes it was.
    fn step(&mut self, at: usize) -> usize {
        let rest: &'w [Token<'k>] = self.tokens.get(at..).unwrap_or_default();
        let Some((token, after)) = rest.split_first() else { return 1 };
        if let Lexeme::Date(dated) = token.lexeme {
            if names_occasion(dated, after) {
                self.name();
                self.words.unknown = true;
                return 1;
            }
            return self.date(dated, token, after);
        }
        if is_zero(&token.lexeme) && after.first().is_some_and(|next| next.lexeme.has(Sense::Harm)) {
            self.words.negation = Some(Denial::Not);
            self.words.any = true;
            self.span(Role::Negation, token.start, token.end);
            return 1;
        }
        if let Some(skipped) = self.rank_or_label(token, after, at == 0) {
            return skipped;
        }
        let mut tokens = Tokens::new(rest);
        if token.lexeme.has(Sense::Each)
            && let Ok(id) = prefix_unit(&mut tokens)
        {
            return self.each(id, rest, rest.len() - tokens.len());
        }
        let signed = token.lexeme.has(Sense::Minus);
        if signed && self.follows_text(at) {
            return 1;
        }
        if signed || matches!(token.lexeme, Lexeme::Numeral(_)) {
            let mut tokens = Tokens::new(rest);
            if let Ok(found) = measured(&mut tokens, self.cell.lexicon) {
                let consumed = rest.len() - tokens.len();
                let (taken, next) = rest.split_at_checked(consumed).unwrap_or((rest, &[]));
                if self.number(&found, taken, next, at == 0) {
                    return consumed;
                }
            }
        }
        if at == 0 && token.lexeme.has(Sense::Exception) {
            self.words.excepted = true;
            self.context.beside = true;
        }
        self.other(token, after);
        1
    }

    /// 数量-5个: behind a name a dash is no sign.
    fn follows_text(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.is_some_and(|before| before.lexeme == Lexeme::Text)
    }

    /// 第五届, 指标1:, 1.: numbers that only count off; how many lexemes to skip.
    fn rank_or_label(&mut self, token: &Token<'_>, after: &[Token<'_>], first: bool) -> Option<usize> {
        let is_numeral = |token: Option<&Token<'_>>| token.is_some_and(|t| matches!(t.lexeme, Lexeme::Numeral(_)));
        if token.lexeme.has(Sense::Ordinal) && is_numeral(after.first()) {
            self.name();
            return Some(2);
        }
        if !is_numeral(Some(token)) {
            return None;
        }
        let next = after.first();
        // 1届 alone is a count.
        let counts = (first || self.said.bound.is_some())
            && after.len() == 1
            && next.is_some_and(|n| n.lexeme.word().is_some_and(|w| w.unit().is_some()));
        if !counts && next.is_some_and(|next| next.lexeme.has(Sense::Label)) {
            self.name();
            return Some(2);
        }
        let counts_off = match next.map(|next| &next.lexeme) {
            Some(Lexeme::Mark(':')) => true,
            Some(Lexeme::Mark('.' | ')') | Lexeme::Close) => first,
            _ => false,
        };
        (counts_off && after.get(1).is_some() && !is_numeral(after.get(1))).then_some(2)
    }

    /// Notes that the clause names something; a comparison that waits for its number is apart from it now.
    fn name(&mut self) {
        self.words.named = true;
        self.words.any = true;
        if let Some(bound) = &mut self.said.bound {
            bound.apart = true;
        }
    }

    fn span(&mut self, role: Role, start: usize, end: usize) {
        let (start, end) = self.cell.surface.original(start, end);
        let earlier = self.found.spans_from;
        if let Some(last) = self.found.spans.get_mut(earlier..).and_then(<[Span]>::last_mut)
            && last.role == role
            && last.end == start
        {
            last.end = end;
            return;
        }
        self.found.spans.push(Span { start, end, role });
    }

    fn each(&mut self, id: UnitId, rest: &[Token<'_>], consumed: usize) -> usize {
        let end = rest.get(consumed.saturating_sub(1)).map_or(0, |token| token.end);
        let start = rest.first().map_or(0, |token| token.start);
        self.words.any = true;
        self.said.each.push(id);
        self.said.each_place = Some((self.said.each_place.map_or(start, |(start, _)| start), end));
        self.span(Role::Unit, start, end);
        consumed
    }

    fn date(&mut self, dated: Dated, token: &Token<'_>, after: &[Token<'_>]) -> usize {
        let bound = after.first().and_then(|next| next.lexeme.word()).and_then(Word::after_date);
        let plain = if dated.ends { Comparison::Within } else { Comparison::Exactly };
        self.span(Role::Date, token.start, token.end);
        let mut statement = self.statement(Kind::Date);
        statement.comparison = Some(bound.or(self.said.date_bound.take()).or(self.sign_before_date()).unwrap_or(plain));
        statement.date = Some(dated.period);
        statement.facts.coarse = !dated.closing;
        statement.facts.next_year = std::mem::take(&mut self.said.next_year);
        statement.facts.planned = self.context.planned;
        self.found.push(statement);
        if bound.is_none() {
            return 1;
        }
        if let Some(next) = after.first() {
            self.span(Role::Comparator, next.start, next.end);
        }
        2
    }

    /// ≤12月31日: a sign that bounds a date.
    fn sign_before_date(&mut self) -> Option<Comparison> {
        let sign = self.said.bound.filter(|bound| bound.sign && !bound.apart)?;
        self.said.bound = None;
        self.words.unfilled = false;
        Some(sign.comparison)
    }

    /// A statement that spans the clause and says nothing yet.
    fn statement(&self, kind: Kind) -> Statement {
        let start = self.tokens.first().map_or(0, |token| token.start);
        let end = self.tokens.last().map_or(0, |token| token.end);
        let (start, end) = self.cell.surface.original(start, end);
        Statement::empty(kind, start, end)
    }

    fn has_number(&self) -> bool {
        self.found.here().iter().any(|found| found.kind != Kind::Date)
    }

    fn finish(mut self) {
        let whole = self.whole_tier();
        self.settle_denial();
        self.settle_bound();
        let worst = self.words.tier.or(whole);
        let fails = worst.is_some_and(|tier| self.cell.lexicon.is_worst_tier(tier));
        if self.words.fails_after {
            self.found.clear();
        } else if fails {
            self.found.retain(|found| found.kind != Kind::Date);
        }
        if self.found.here().iter().any(|found| found.kind != Kind::Date && !found.facts.weak) {
            self.found.retain(|found| !found.facts.weak);
        }
        let dated = self.found.here().iter().any(|found| found.kind == Kind::Date);
        for statement in self.found.here_mut() {
            statement.facts.dated = dated;
            statement.facts.tier = worst;
            statement.facts.named = self.words.named;
            statement.facts.harm = self.words.harm;
            statement.facts.begins = self.words.begins;
            statement.facts.excepted = self.words.excepted;
            statement.facts.progress = self.words.progress;
        }
        // ≥上年 is a statement, ≥人 and **人 are cells nobody filled.
        let unfilled = self.words.placeholder || self.words.unfilled && !self.words.unknown;
        let unread = (self.words.broken || unfilled) && !self.has_number();
        if self.words.contradicted || unread {
            self.found.clear();
            let unreadable = self.statement(Kind::Unreadable);
            self.found.push(unreadable);
        } else if self.found.here().is_empty() && self.words.any {
            let mut statement = self.statement(Kind::Statement);
            statement.tier = worst.and_then(|tier| self.cell.lexicon.tier_id(tier)).cloned();
            statement.facts.tier = worst;
            statement.facts.planned = self.context.planned;
            statement.facts.excepted = self.words.excepted;
            self.found.push(statement);
        }
    }
}
