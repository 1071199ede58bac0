//! One cell → its [`Reading`].

use smol_str::SmolStr;

use super::choose::choose;
use super::clause::{Cell, Context, Stated, clause};
use super::grammar::{Lexeme, Lexemes, Token, lexemes};
use super::kind::Kind;
use super::lexicon::{Lexicon, Sense};
use super::notes::{Sorted, sort_out};
use super::plain::Plain;
use super::statement::{Reading, Role, Span, Spans, Statement};
use super::surface::{Surface, fold};
use super::{Row, Side};

/// A cell that says more than this is no value: it is read as [`Kind::Unreadable`].
const MAX_STATEMENTS: usize = 200;

/// Reads one cell. Total, and linear in the length of the text.
pub fn read(text: &str, row: &Row<'_>, side: Side, lexicon: &Lexicon) -> Reading {
    match Plain::of(text, row, lexicon) {
        Some(plain) => plain.reading(text, lexicon),
        None => by_grammar(text, row, side, lexicon),
    }
}

/// Reads any cell.
pub(super) fn by_grammar(text: &str, row: &Row<'_>, side: Side, lexicon: &Lexicon) -> Reading {
    let surface = Surface::of(text);
    if surface.text.is_empty() {
        return whole(text, Kind::Blank);
    }
    let about_time = lexicon.is_deadline_row(row.category);
    let mut tokens = Lexemes::new();
    lexemes(&surface.text, after_name(&surface.text, row), about_time, lexicon, &mut tokens);
    let sorted = sort_out(&tokens);
    if splits_number(&sorted.main, &surface.text) {
        return whole(text, Kind::Unreadable);
    }
    if says_not_applicable(&sorted.main) {
        let role = Role::NotApplicable;
        let places = sorted.main.iter().map(|token| surface.original(token.start, token.end));
        let spans = places.map(|(start, end)| Span { start, end, role }).collect();
        return Reading { spans, ..whole(text, Kind::NotApplicable) };
    }
    let cell = Cell { surface: &surface, lexicon };
    let mut stated = Stated::default();
    clauses(&sorted.main, &cell, &mut stated);
    if !sorted.notes.is_empty() {
        add_notes(&sorted, &cell, &mut stated);
    }
    let Stated { mut statements, spans, .. } = stated;
    if statements.len() > MAX_STATEMENTS {
        return whole(text, Kind::Unreadable);
    }
    // Most cells state one thing.
    let (main, others) = match statements.pop() {
        Some(only) if statements.is_empty() => (Some(only), Vec::new()),
        last => {
            statements.extend(last);
            choose(statements.into_vec(), row, side, lexicon)
        }
    };
    let main = main.unwrap_or_else(|| Statement::empty(Kind::Unreadable, 0, text.len()));
    Reading { text: SmolStr::new(text), main, others, spans }
}

/// A reading of the whole text that tells nothing but its kind.
fn whole(text: &str, kind: Kind) -> Reading {
    let main = Statement::empty(kind, 0, text.len());
    Reading { text: SmolStr::new(text), main, others: Vec::new(), spans: Spans::new() }
}

/// Adds what the remarks state; of the remarks themselves only their places are shown.
fn add_notes(sorted: &Sorted<'_, '_>, cell: &Cell<'_, '_, '_>, stated: &mut Stated) {
    let (before, shown) = (stated.statements.len(), stated.spans.len());
    for note in &sorted.notes {
        clauses(note, cell, stated);
    }
    stated.statements.iter_mut().skip(before).for_each(|statement| statement.facts.note = true);
    stated.spans.truncate(shown);
    let places = sorted.places.iter().map(|(start, end)| cell.surface.original(*start, *end));
    stated.spans.extend(places.map(|(start, end)| Span { start, end, role: Role::Note }));
    stated.spans.sort_by_key(|span| (span.start, span.end));
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

fn clauses(tokens: &[Token<'_>], cell: &Cell<'_, '_, '_>, stated: &mut Stated) {
    let before = stated.statements.len();
    let mut context = Context::default();
    let mut rest = tokens;
    while !rest.is_empty() {
        let end = clause_end(rest);
        let (one, more) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        if !one.is_empty() {
            clause(one, cell, &mut context, stated);
        }
        let Some((mark, more)) = more.split_first() else { break };
        context = context.after(&mark.lexeme);
        rest = more;
        if stated.statements.len() > before && counts_off(one, mark, rest) {
            stated.statements.pop();
        }
    }
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
