//! Changed scores, one by one, and how a case file says the new ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::{CaseResult, Outcome};
use super::want::Difference;
use crate::diagnostic::Place;
use crate::document::{Node, ScalarStyle, Shape};

/// What changed in one row of a case, or in its form as a whole: points, and whatever goes with them.
#[derive(Debug, Clone)]
pub struct Change<'r> {
    pub case: &'r CaseResult,
    /// `indicators[5]`, `execution`; empty for the form.
    pub row: &'r str,
    /// Those of points first; at least one of them.
    pub differences: Vec<&'r Difference>,
}

/// A stretch of a case file that is to say something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub place: Place,
    /// As it stands there, and as it is to stand, quotes included.
    pub old: String,
    pub new: String,
}

/// Why a change cannot be written where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The value is put together from several parts, or is no scalar of one line.
    Composed(Place),
    /// Another row of the matrix wants the same scalar to say something else.
    Shared(Place),
    /// The file is not what was run.
    Changed(Place),
}

/// The changed scores of a case that failed, row by row.
pub fn changes(case: &CaseResult) -> Vec<Change<'_>> {
    let Outcome::Failed(differences) = &case.outcome else { return Vec::new() };
    let mut all: Vec<Change<'_>> = Vec::new();
    for difference in differences.iter().filter(|difference| difference.wanted.is_some()) {
        match all.iter_mut().find(|change| change.row == difference.row()) {
            Some(change) => change.differences.push(difference),
            None => all.push(Change { case, row: difference.row(), differences: vec![difference] }),
        }
    }
    all.retain(|change| change.differences.iter().any(|difference| difference.delta.is_some()));
    all
}

impl Change<'_> {
    /// What accepting it writes.
    fn edits(&self) -> Result<Vec<Edit>, Obstacle> {
        let wanted = self.differences.iter().filter_map(|difference| difference.wanted.as_ref());
        wanted.map(|(node, becomes)| edit(node, becomes.as_deref())).collect()
    }
}

fn edit(node: &Node, becomes: Option<&str>) -> Result<Edit, Obstacle> {
    let Shape::Scalar(scalar) = &node.shape else { return Err(Obstacle::Composed(node.place.clone())) };
    let old = match scalar.style {
        _ if scalar.is_null() => scalar.text.clone(),
        ScalarStyle::Plain => scalar.text.clone(),
        ScalarStyle::SingleQuoted => format!("'{}'", scalar.text.replace('\'', "''")),
        ScalarStyle::DoubleQuoted => double_quoted(&scalar.text),
        ScalarStyle::Literal | ScalarStyle::Folded => return Err(Obstacle::Composed(node.place.clone())),
    };
    let new = match (becomes, scalar.style) {
        (None, _) => "~".to_owned(),
        (Some(text), ScalarStyle::SingleQuoted) => format!("'{}'", text.replace('\'', "''")),
        (Some(text), ScalarStyle::Plain) if is_plain(text) && !scalar.is_null() => text.to_owned(),
        (Some(text), _) => double_quoted(text),
    };
    Ok(Edit { place: node.place.clone(), old, new })
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a text may stand without quotes anywhere: letters, digits and dots.
fn is_plain(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric) && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
}

/// Case files with the edits that were accepted.
#[derive(Debug, Default)]
pub struct Rewritten {
    files: BTreeMap<Arc<str>, File>,
}

#[derive(Debug)]
struct File {
    original: Arc<str>,
    /// By the byte at which they begin.
    edits: BTreeMap<usize, Edit>,
}

impl Rewritten {
    /// Accepts a change: every file that it touches, with all that was accepted so far. `source` gives a file as it was
    /// run. Accepting what was accepted already changes nothing.
    pub fn accept(
        &mut self,
        change: &Change<'_>,
        source: &dyn Fn(&str) -> Option<Arc<str>>,
    ) -> Result<BTreeMap<Arc<str>, String>, Obstacle> {
        let mut placed = Vec::new();
        for edit in change.edits()? {
            let changed = || Obstacle::Changed(edit.place.clone());
            let original = match self.files.get(&edit.place.file) {
                Some(file) => file.original.clone(),
                None => source(&edit.place.file).ok_or_else(changed)?,
            };
            let start = byte_at(&original, &edit.place).ok_or_else(changed)?;
            if !original.get(start..).is_some_and(|rest| rest.starts_with(&edit.old)) || edit.old.is_empty() {
                return Err(Obstacle::Composed(edit.place.clone()));
            }
            let other = self.files.get(&edit.place.file).and_then(|file| file.edits.get(&start));
            if other.is_some_and(|other| other.new != edit.new) {
                return Err(Obstacle::Shared(edit.place.clone()));
            }
            placed.push((original, start, edit));
        }
        let mut texts = BTreeMap::new();
        for (original, start, edit) in placed {
            let name = edit.place.file.clone();
            let file = self.files.entry(name.clone()).or_insert_with(|| File { original, edits: BTreeMap::new() });
            file.edits.insert(start, edit);
            texts.insert(name, file.text());
        }
        Ok(texts)
    }
}

impl File {
    fn text(&self) -> String {
        let mut text = String::with_capacity(self.original.len());
        let mut from = 0;
        for (start, edit) in &self.edits {
            text.push_str(self.original.get(from..*start).unwrap_or_default());
            text.push_str(&edit.new);
            from = start + edit.old.len();
        }
        text.push_str(self.original.get(from..).unwrap_or_default());
        text
    }
}

/// The byte that a place begins at. A mark at the head of the file is no character.
fn byte_at(text: &str, place: &Place) -> Option<usize> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut line, mut column) = (1, 1);
    let mut previous = ' ';
    for (byte, c) in body.char_indices().chain([(body.len(), ' ')]) {
        if previous == '\n' || (previous == '\r' && c != '\n') {
            line += 1;
            column = 1;
        }
        if (line, column) == (place.line, place.column) {
            return Some(text.len() - body.len() + byte);
        }
        column += 1;
        previous = c;
    }
    None
}
