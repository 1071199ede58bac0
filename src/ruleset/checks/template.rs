//! Messages with formulas in braces: `得分 {points_claimed} 低于分值 {points_possible}`.
//!
//! `{expr}` prints a number, text or truth value; `{expr:%}` prints a ratio as a percentage with at most
//! two decimals. `{{` and `}}` stand for the braces themselves.

use super::super::compiler::Compiler;
use super::super::names::Scope;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::Node;
use crate::formula::{Formula, Frame, Type, Value};
use crate::quantity::Exact;

/// Longest text that a message quotes, in characters; what is longer is cut with an ellipsis.
const QUOTED: usize = 40;

#[derive(Debug, Clone)]
enum Piece {
    Literal(String),
    Expression { formula: Formula, percent: bool },
}

/// A compiled message.
#[derive(Debug, Clone, Default)]
pub struct Template {
    pieces: Vec<Piece>,
}

impl Template {
    pub(in crate::ruleset) fn compile(node: &Node, scope: Scope, compiler: &mut Compiler) -> Option<Self> {
        let Some(text) = node.as_text() else {
            let message = Bilingual::new("这里应为一句话", "expected a sentence here");
            compiler.problems.push(Diagnostic::error("wrong_type", node.place.clone(), message));
            return None;
        };
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        while let Some(c) = chars.get(at) {
            match (c, chars.get(at + 1)) {
                ('{', Some('{')) | ('}', Some('}')) => {
                    literal.push(*c);
                    at += 2;
                }
                ('{', _) => {
                    let length = chars.iter().skip(at + 1).position(|c| *c == '}');
                    let Some(length) = length else {
                        let message = Bilingual::new("花括号没有闭合", "a brace is not closed");
                        compiler.problems.push(Diagnostic::error("bad_template", node.place_at(at, 1), message));
                        return None;
                    };
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    let inner: String = chars.iter().skip(at + 1).take(length).collect();
                    pieces.push(expression(&inner, node, at + 1, scope, compiler)?);
                    at += length + 2;
                }
                _ => {
                    literal.push(*c);
                    at += 1;
                }
            }
        }
        pieces.push(Piece::Literal(literal));
        Some(Template { pieces })
    }

    pub(super) fn formulas(&self) -> impl Iterator<Item = &Formula> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Expression { formula, .. } => Some(formula),
        })
    }

    /// The sentence without any values: `得分 … 低于分值 …`.
    pub fn outline(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(literal) => literal.as_str(),
            Piece::Expression { .. } => "…",
        });
        pieces.collect()
    }

    /// The sentence for these values; what cannot be computed prints as `—`.
    pub fn render(&self, values: Frame<'_>) -> String {
        /// Bytes for what an ordinary expression prints.
        const ROOM: usize = 12;
        let room = |piece: &Piece| if let Piece::Literal(literal) = piece { literal.len() } else { ROOM };
        let mut text = String::with_capacity(self.pieces.iter().map(room).sum());
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Expression { formula, percent } => match formula.name_value(values) {
                    Some(value) => write(&mut text, value, *percent),
                    None => write(&mut text, &formula.evaluate(values).unwrap_or(Value::Absent), *percent),
                },
            }
        }
        text
    }
}

/// What cannot be computed, or is absent, prints as `—`.
fn write(text: &mut String, value: &Value, percent: bool) {
    match value {
        Value::Number(number) if percent => text.push_str(&percentage(number)),
        Value::Number(number) => text.push_str(&number.round_half_up(2).to_string()),
        Value::Text(quoted) => clip(text, quoted),
        Value::Boolean(truth) => text.push_str(if *truth { "是" } else { "否" }),
        Value::Absent | Value::Words(_) | Value::Table(_) => text.push('—'),
    }
}

fn expression(inner: &str, node: &Node, offset: usize, scope: Scope, compiler: &mut Compiler) -> Option<Piece> {
    let (text, percent) = match inner.strip_suffix(":%") {
        Some(text) => (text, true),
        None => (inner, false),
    };
    let formula = compiler.formula_at(text, node, offset, scope, if percent { Some(Type::Number) } else { None })?;
    Some(Piece::Expression { formula, percent })
}

/// `0.9176` → `91.76%`
fn percentage(ratio: &Exact) -> String {
    match ratio.mul(&Exact::from_i64(100)) {
        Ok(percent) => format!("{}%", percent.round_half_up(2)),
        Err(_) => "—".to_owned(),
    }
}

/// On one line, and cut where it is long.
fn clip(text: &mut String, quoted: &str) {
    let flat = |c: char| if c.is_control() { ' ' } else { c };
    let mut rest = quoted.chars();
    text.extend(rest.by_ref().take(QUOTED).map(flat));
    if rest.next().is_some() {
        text.push('…');
    }
}
