//! One case written for many rows of values.
//!
//! `matrix` lists rows, each a mapping of the same names; `{name}` in the case's name, its form and what it wants stands
//! for the row's value. A scalar that is nothing but `"{name}"` becomes the value itself, whatever it is: a list of
//! findings, or nothing at all. `{{` and `}}` stand for braces. Every name must be used and every use defined.

use std::collections::BTreeSet;

use super::{CaseSource, Located};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Key, Node, Problems, Scalar, ScalarStyle, Shape};

/// The cases that `case` stands for, one a row. A matrix that does not fit it is a problem, and gives none.
pub(super) fn variants(case: &CaseSource, matrix: &Node, problems: &mut Problems) -> Vec<CaseSource> {
    let before = problems.len();
    let rows = rows_of(matrix, problems);
    let uses = Uses::of(case, problems);
    uses.check(&rows, problems);
    if problems.len() > before {
        return Vec::new();
    }
    let names_itself = uses.in_name;
    rows.iter().map(|(place, row)| variant(case, place, row, names_itself)).collect()
}

/// A row's cells with where it stands.
type Row<'n> = (Place, &'n [(Key, Node)]);

fn rows_of<'n>(matrix: &'n Node, problems: &mut Problems) -> Vec<Row<'n>> {
    let items = matrix.as_list().filter(|items| !items.is_empty()).unwrap_or_else(|| {
        let message = Bilingual::new(
            "matrix 应为列表，每行一组取值（- {名称: 值, …}）",
            "`matrix` must be a list, each row a set of values (- {name: value, …})",
        );
        problems.push(Diagnostic::error("wrong_type", matrix.place.clone(), message));
        &[]
    });
    let rows = items.iter().filter_map(|item| {
        if item.as_map().is_none() {
            let message =
                Bilingual::new("这里应为一组取值：{名称: 值, …}", "expected a set of values: {name: value, …}");
            problems.push(Diagnostic::error("wrong_type", item.place.clone(), message));
        }
        Some((item.place.clone(), item.as_map()?))
    });
    rows.collect()
}

/// The names that a case uses, with where.
struct Uses {
    found: Vec<(String, Place)>,
    /// The case's own name tells its variants apart.
    in_name: bool,
}

impl Uses {
    fn of(case: &CaseSource, problems: &mut Problems) -> Self {
        let mut uses = Uses { found: Vec::new(), in_name: false };
        uses.text(&case.name.value, &|_, _| case.name.place.clone(), problems);
        uses.in_name = !uses.found.is_empty();
        case.form.iter().chain([&case.want]).for_each(|node| uses.node(node, problems));
        uses
    }

    fn node(&mut self, node: &Node, problems: &mut Problems) {
        match &node.shape {
            Shape::Scalar(scalar) => {
                self.text(&scalar.text, &|offset, length| node.place_at(offset, length), problems);
            }
            Shape::List(items) => items.iter().for_each(|item| self.node(item, problems)),
            Shape::Map(entries) => entries.iter().for_each(|(_, value)| self.node(value, problems)),
        }
    }

    fn text(&mut self, text: &str, at: &dyn Fn(usize, usize) -> Place, problems: &mut Problems) {
        match pieces(text) {
            Ok(pieces) => {
                for piece in pieces {
                    if let Piece::Name { name, offset } = piece {
                        let length = name.chars().count() + 2;
                        self.found.push((name, at(offset, length)));
                    }
                }
            }
            Err(offset) => {
                let message = Bilingual::new("花括号没有闭合", "a brace is not closed");
                let help = Bilingual::new("花括号本身请写 {{ 或 }}", "write {{ or }} for a brace itself");
                problems.push(Diagnostic::error("bad_template", at(offset, 1), message).with_help(help));
            }
        }
    }

    fn check(&self, rows: &[Row<'_>], problems: &mut Problems) {
        let mut told = BTreeSet::new();
        for (name, place) in &self.found {
            let lacking = rows.iter().find(|(_, row)| !row.iter().any(|(key, _)| key.text == *name));
            if let Some((row, cells)) = lacking
                && told.insert(name)
            {
                problems.push(undefined(name, place, row, cells));
            }
        }
        let mut told = BTreeSet::new();
        for (key, _) in rows.iter().flat_map(|(_, row)| *row) {
            if !self.found.iter().any(|(name, _)| *name == key.text) && told.insert(&key.text) {
                problems.push(unused(key, self.found.iter().map(|(name, _)| name.as_str())));
            }
        }
    }
}

fn undefined(name: &str, place: &Place, row: &Place, cells: &[(Key, Node)]) -> Diagnostic {
    let message = Bilingual::new(
        format!("matrix 有一行没有 `{name}` 的值"),
        format!("a row of `matrix` has no value for `{name}`"),
    );
    let mut diagnostic = Diagnostic::error("undefined_placeholder", place.clone(), message)
        .with_related(row.clone(), Bilingual::new("这一行", "this row"));
    diagnostic.help = Bilingual::did_you_mean(name, cells.iter().map(|(key, _)| key.text.as_str()));
    diagnostic
}

fn unused<'u>(key: &Key, uses: impl Iterator<Item = &'u str>) -> Diagnostic {
    let name = &key.text;
    let message = Bilingual::new(
        format!("案例里没有用到 `{name}`：写作 {{{name}}}"),
        format!("the case never uses `{name}`: write {{{name}}}"),
    );
    let mut diagnostic = Diagnostic::error("unused_placeholder", key.place.clone(), message);
    diagnostic.help = Bilingual::did_you_mean(name, uses);
    diagnostic
}

fn variant(case: &CaseSource, place: &Place, row: &[(Key, Node)], names_itself: bool) -> CaseSource {
    let printed = |name: &str| row.iter().find(|(key, _)| key.text == name).map(|(_, value)| shown(value));
    let mut name = filled(&case.name.value, &printed);
    if !names_itself {
        let cells: Vec<String> = row.iter().map(|(key, value)| format!("{} {}", key.text, shown(value))).collect();
        name.push_str(&format!("（{}）", cells.join("，")));
    }
    CaseSource {
        name: Located::new(name, place.clone()),
        form: case.form.as_ref().map(|form| substituted(form, row)),
        want: substituted(&case.want, row),
    }
}

fn substituted(node: &Node, row: &[(Key, Node)]) -> Node {
    let shape = match &node.shape {
        Shape::List(items) => Shape::List(items.iter().map(|item| substituted(item, row)).collect()),
        Shape::Map(entries) => {
            Shape::Map(entries.iter().map(|(key, value)| (key.clone(), substituted(value, row))).collect())
        }
        Shape::Scalar(scalar) => match pieces(&scalar.text).unwrap_or_default().as_slice() {
            [Piece::Name { name, .. }] => {
                return row.iter().find(|(key, _)| key.text == *name).map_or_else(|| node.clone(), |(_, v)| v.clone());
            }
            [] | [Piece::Text(_)] if !scalar.text.contains(['{', '}']) => return node.clone(),
            _ => {
                let printed = |name: &str| row.iter().find(|(key, _)| key.text == name).map(|(_, value)| bare(value));
                // Quoted: what is put together is never nothing.
                Shape::Scalar(Scalar { text: filled(&scalar.text, &printed), style: ScalarStyle::DoubleQuoted })
            }
        },
    };
    Node { shape, place: node.place.clone(), source: node.source.clone() }
}

fn filled(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let pieces = pieces(text).unwrap_or_default().into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::Name { name, .. } => value(&name).unwrap_or_default(),
    });
    pieces.collect()
}

/// A value inside a longer text.
fn bare(value: &Node) -> String {
    match value.as_list() {
        Some(items) => items.iter().map(bare).collect::<Vec<_>>().join("、"),
        None => value.as_text().unwrap_or_default().to_owned(),
    }
}

/// A value in the name of a case.
fn shown(value: &Node) -> String {
    let text = bare(value);
    if text.trim().is_empty() { "—".to_owned() } else { text }
}

enum Piece {
    Text(String),
    Name {
        name: String,
        /// Of its brace, in characters.
        offset: usize,
    },
}

/// A text cut at its placeholders; the offset of a brace that does not close.
fn pieces(text: &str) -> Result<Vec<Piece>, usize> {
    let chars: Vec<char> = text.chars().collect();
    let (mut pieces, mut literal, mut at) = (Vec::new(), String::new(), 0);
    while let Some(c) = chars.get(at) {
        let doubled = chars.get(at + 1) == Some(c);
        match c {
            '{' | '}' if doubled => {
                literal.push(*c);
                at += 2;
            }
            '{' => {
                let length = chars.iter().skip(at + 1).position(|c| *c == '}').ok_or(at)?;
                let name: String = chars.iter().skip(at + 1).take(length).collect();
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Name { name: name.trim().to_owned(), offset: at });
                at += length + 2;
            }
            '}' => return Err(at),
            _ => {
                literal.push(*c);
                at += 1;
            }
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}
