//! One cell → its [`Reading`].

use super::choose::{choose, joined_bounds};
use super::clause::{Cell, Clause, Context, clause};
use super::grammar::{Lexeme, Token, lexemes};
use super::kind::Kind;
use super::lexicon::{Lexicon, Sense};
use super::notes::sort_out;
use super::plain::plain;
use super::statement::{Reading, Role, Span, Spans, Statement};
use super::surface::{Surface, fold};
use super::{Row, Side};

/// A cell that says more than this is no value: it is read as [`Kind::Unreadable`].
const MAX_STATEMENTS: usize = 200;

/// Reads one cell. Total, and linear in the length of the text.
pub fn read(text: &str, row: &Row<'_>, side: Side, lexicon: &Lexicon) -> Reading {
    plain(text, row, lexicon).unwrap_or_else(|| by_grammar(text, row, side, lexicon))
}

/// Reads any cell.
pub(super) fn by_grammar(text: &str, row: &Row<'_>, side: Side, lexicon: &Lexicon) -> Reading {
    let surface = Surface::of(text);
    let whole = |kind| Reading {
        text: text.into(),
        main: Statement::empty(kind, 0, text.len()),
        others: Vec::new(),
        spans: Spans::new(),
    };
    if surface.text.is_empty() {
        return whole(Kind::Blank);
    }
    let about_time = lexicon.is_deadline_row(row.category);
    let sorted = sort_out(lexemes(&surface.text, after_name(&surface.text, row), about_time, lexicon));
    if splits_number(&sorted.main, &surface.text) {
        return whole(Kind::Unreadable);
    }
    if says_not_applicable(&sorted.main) {
        let role = Role::NotApplicable;
        let places = sorted.main.iter().map(|token| surface.original(token.start, token.end));
        let spans = places.map(|(start, end)| Span { start, end, role }).collect();
        return Reading { spans, ..whole(Kind::NotApplicable) };
    }
    let cell = Cell { surface: &surface, lexicon };
    let Clause { mut statements, mut spans } = clauses(&sorted.main, &cell);
    for note in &sorted.notes {
        let found = clauses(note, &cell);
        statements.extend(found.statements.into_iter().map(as_note));
    }
    for (start, end) in &sorted.places {
        let (start, end) = surface.original(*start, *end);
        spans.push(Span { start, end, role: Role::Note });
    }
    if statements.len() > MAX_STATEMENTS {
        return whole(Kind::Unreadable);
    }
    if !sorted.notes.is_empty() {
        spans.sort_by_key(|span| (span.start, span.end));
    }
    let (main, others) = choose(joined_bounds(statements), row, side, lexicon);
    let main = main.unwrap_or_else(|| Statement::empty(Kind::Unreadable, 0, text.len()));
    Reading { text: text.into(), main, others, spans }
}

/// Where the cell begins to say something of its own: a name with figures in it, repeated in front of the
/// value (`5G基站数20个`), is no value.
fn after_name(text: &str, row: &Row<'_>) -> usize {
    if !row.name.contains(|c: char| c.is_ascii_digit()) || !text.starts_with(|c: char| row.name.starts_with(c)) {
        return 0;
    }
    let name = fold(row.name);
    let rest = text.strip_prefix(name.as_str()).unwrap_or_default();
    if rest.chars().any(char::is_alphanumeric) { name.len() } else { 0 }
}

fn says_not_applicable(tokens: &[Token<'_>]) -> bool {
    let mut words = tokens.iter().filter(|token| !token.lexeme.is_break()).peekable();
    words.peek().is_some() && words.all(|token| token.lexeme.has(Sense::NotApplicable))
}

/// `1 0场`: a blank inside a number, or between two.
fn splits_number(tokens: &[Token<'_>], text: &str) -> bool {
    let is_numeral = |token: &Token<'_>| matches!(token.lexeme, Lexeme::Numeral(_));
    tokens.windows(3).any(|three| match three {
        [before, blank, after] => {
            blank.lexeme == Lexeme::Listing
                && text.get(blank.start..blank.end) == Some(" ")
                && is_numeral(before)
                && is_numeral(after)
        }
        _ => false,
    })
}

fn clauses(tokens: &[Token<'_>], cell: &Cell<'_, '_, '_>) -> Clause {
    let mut all = Clause::default();
    let mut context = Context::default();
    let mut rest = tokens;
    while !rest.is_empty() {
        let end = clause_end(rest);
        let (one, more) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        if !one.is_empty() {
            all.append(clause(one, cell, &mut context));
        }
        let Some((mark, more)) = more.split_first() else { break };
        context = context.after(&mark.lexeme);
        rest = more;
        if counts_off(one, mark, rest) {
            all.statements.pop();
        }
    }
    all
}

/// Where the clause ends; the 、 of 元/人、天 does not end it.
fn clause_end(tokens: &[Token<'_>]) -> usize {
    let is_unit = |at: usize| tokens.get(at).is_some_and(|t| t.lexeme.word().is_some_and(|w| w.unit().is_some()));
    let divides = |at: usize| tokens.get(at).is_some_and(|token| token.lexeme.has(Sense::Per));
    let joins = |at: usize| {
        at >= 2
            && tokens.get(at).is_some_and(|t| t.lexeme == Lexeme::Listing)
            && divides(at - 2)
            && is_unit(at - 1)
            && is_unit(at + 1)
    };
    (0..tokens.len())
        .find(|at| tokens.get(*at).is_some_and(|token| token.lexeme.is_break()) && !joins(*at))
        .unwrap_or(tokens.len())
}

/// `1、大型活动…`: the number before the mark only counts off.
fn counts_off(one: &[Token<'_>], mark: &Token<'_>, rest: &[Token<'_>]) -> bool {
    let lone = matches!(one, [Token { lexeme: Lexeme::Numeral(_), .. }]);
    let goes_on = rest.first().is_some_and(|token| !matches!(token.lexeme, Lexeme::Numeral(_)));
    lone && mark.lexeme == Lexeme::Listing && goes_on
}

fn as_note(mut statement: Statement) -> Statement {
    statement.facts.note = true;
    statement
}
