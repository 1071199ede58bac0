//! One slip in one file of a pack.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::operator::Operator;
use super::source::Source;
use crate::diagnostic::Place;

/// A rule as somebody might have got it wrong: an edit of the source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Twelve hexadecimal digits over file, path, operator and replacement: the same when lines move.
    pub id: String,
    pub pack: String,
    /// Below the pack's folder: `checks.yaml`.
    pub file: String,
    pub operator: Operator,
    /// `checks.wrong_year.when`; of a script, the function.
    pub path: String,
    /// Of what is replaced.
    pub place: Place,
    pub was: String,
    /// Empty where something is left out.
    pub now: String,
    /// Apart and ascending.
    edits: Vec<(Range<usize>, String)>,
}

impl Mutant {
    /// The file's text with the slip in it.
    pub fn apply(&self, text: &str) -> String {
        let mut made = String::with_capacity(text.len() + 16);
        let mut at = 0;
        for (range, now) in &self.edits {
            made.push_str(text.get(at..range.start).unwrap_or_default());
            made.push_str(now);
            at = range.end;
        }
        made.push_str(text.get(at..).unwrap_or_default());
        made
    }

    /// The lines that the slip touches, without and with it.
    pub fn lines(&self, text: &str) -> (String, String) {
        let (Some((first, _)), Some((last, _))) = (self.edits.first(), self.edits.last()) else {
            return (String::new(), String::new());
        };
        let start = text.get(..first.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let rest = text.get(last.end.max(1) - 1..).unwrap_or_default();
        let end = rest.find('\n').map_or(text.len(), |at| last.end.max(1) - 1 + at);
        let made = self.apply(text);
        let tail = text.len() - end;
        let cut = |text: &str, end: usize| text.get(start..end.max(start)).unwrap_or_default().to_owned();
        (cut(text, end), cut(&made, made.len().saturating_sub(tail)))
    }
}

/// Gathers the mutants of one file.
pub struct Maker<'s> {
    pub source: &'s Source,
    pack: &'s str,
    mutants: Vec<Mutant>,
}

impl<'s> Maker<'s> {
    pub fn new(pack: &'s str, source: &'s Source) -> Self {
        Maker { source, pack, mutants: Vec::new() }
    }

    /// One stretch replaced.
    pub fn replace(&mut self, operator: Operator, path: &str, range: Range<usize>, now: impl Into<String>) {
        let was = self.source.get(&range).to_owned();
        let now = now.into();
        self.put(operator, path, (was, now.clone()), vec![(range, now)]);
    }

    /// An entry or item left out, with the comma that goes with it.
    pub fn leave_out(&mut self, operator: Operator, path: &str, range: Range<usize>) {
        let was = self.source.get(&range).to_owned();
        self.put(operator, path, (was, String::new()), vec![(self.source.with_separator(range), String::new())]);
    }

    /// Several stretches at once; `told` is what was and what is now, for people.
    pub fn put(
        &mut self,
        operator: Operator,
        path: &str,
        (was, now): (String, String),
        mut edits: Vec<(Range<usize>, String)>,
    ) {
        edits.sort_by_key(|(range, _)| range.start);
        let Some((first, _)) = edits.first() else { return };
        let place = self.source.place(&trimmed(self.source, first));
        self.mutants.push(Mutant {
            id: String::new(),
            pack: self.pack.to_owned(),
            file: self.source.path.clone(),
            operator,
            path: path.to_owned(),
            place,
            was: was.trim_end().to_owned(),
            now,
            edits,
        });
    }

    /// The mutants in the order of the file, with their ids.
    pub fn finish(mut self) -> Vec<Mutant> {
        self.mutants.sort_by_key(|mutant| mutant.edits.first().map(|(range, _)| range.start));
        let mut met: BTreeMap<String, u32> = BTreeMap::new();
        for mutant in &mut self.mutants {
            let Mutant { file, path, operator, was, now, .. } = &*mutant;
            let name = [file, path, operator.name(), was, now].map(|part| format!("{}:{part}", part.len())).concat();
            let count = met.entry(name.clone()).or_default();
            mutant.id = id(&name, *count);
            *count += 1;
        }
        self.mutants
    }
}

/// The second slip of the same kind in the same entry has another id than the first.
fn id(name: &str, count: u32) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("{name}#{count}")).into();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// Without the blanks that an entry in block style begins with.
fn trimmed(source: &Source, range: &Range<usize>) -> Range<usize> {
    let text = source.get(range);
    let blank = text.len() - text.trim_start_matches(' ').len();
    let text = text.trim_end();
    if text.len() > blank { range.start + blank..range.start + text.len() } else { range.clone() }
}

/// A file's name with the path of an entry: what the baseline shows beside an id.
impl std::fmt::Display for Mutant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Mutant { file, path, operator, was, now, .. } = self;
        let short = |text: &str| -> String {
            let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if flat.chars().count() <= 40 { flat } else { flat.chars().take(39).chain(['…']).collect() }
        };
        write!(f, "{file} {path} {}: {}", operator.name(), short(was))?;
        if !now.is_empty() {
            write!(f, " → {}", short(now))?;
        }
        Ok(())
    }
}
