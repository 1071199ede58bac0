//! Tables of readings beside the cases: one line says how one pair of printed texts is to be read.
//!
//! The lines are separated by tabs, as a spreadsheet copies them, and the first names the columns: `target` and
//! `actual` as printed, perhaps `dimension`, `category`, `name` and `year` of the row, and what is wanted (`met`,
//! `target_value`, `actual_kind`, …). An empty cell asks for nothing, `—` asks that there be nothing; `note` is for
//! people. Adding a word is one line in the lexicon and one here.

use std::sync::Arc;

use super::PackFiles;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::Problems;

/// What the name of such a table ends with.
pub(super) const ENDING: &str = ".tsv";

/// Columns that say what is read.
const GIVEN: [&str; 7] = ["target", "actual", "dimension", "category", "name", "year", "note"];
/// What can be wanted of each of the two readings.
const PARTS: [&str; 8] = ["kind", "comparison", "value", "low", "high", "unit", "tier", "date"];

/// One line: two texts and what is wanted of their readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingCase {
    pub target: String,
    pub actual: String,
    pub dimension: String,
    pub category: String,
    pub name: String,
    pub year: Option<i32>,
    /// Column and cell: `met` and `EXCEEDED`.
    pub wants: Vec<(Arc<str>, String)>,
    pub place: Place,
}

/// One file of readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingTable {
    /// `cases/readings.tsv`
    pub path: String,
    pub cases: Vec<ReadingCase>,
    pub place: Place,
}

impl ReadingTable {
    /// `readings.tsv`
    pub fn name(&self) -> String {
        self.path.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// The tables of a pack in the order of its files. A table that cannot be understood is a problem.
pub fn parse_readings(files: &PackFiles, problems: &mut Problems) -> Vec<ReadingTable> {
    let tables = files.files.iter().filter(|(path, _)| path.starts_with("cases/") && path.ends_with(ENDING));
    tables.filter_map(|(path, text)| table(path, &files.shown(path), text, problems)).collect()
}

fn table(path: &str, shown: &Arc<str>, text: &str, problems: &mut Problems) -> Option<ReadingTable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1_u32..).zip(text.lines());
    let columns = header(shown, lines.next().map_or("", |(_, line)| line), problems)?;
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let cases = lines.filter_map(|(number, line)| case(shown, number, line, &columns, problems)).collect();
    Some(ReadingTable { path: path.to_owned(), cases, place: Place::start_of(shown.clone()) })
}

fn header(shown: &Arc<str>, line: &str, problems: &mut Problems) -> Option<Vec<Arc<str>>> {
    let known: Vec<String> = GIVEN.iter().map(|name| (*name).to_owned()).chain(wanted()).collect();
    let mut columns: Vec<Arc<str>> = Vec::new();
    let mut at = 1_u32;
    let before = problems.len();
    for name in line.split('\t') {
        let place = Place::new(shown.clone(), 1, at, length(name));
        at = at.saturating_add(length(name)).saturating_add(1);
        if !known.iter().any(|known| known == name) {
            let message = Bilingual::new(
                format!("读法表没有 `{name}` 这一列"),
                format!("a table of readings has no column `{name}`"),
            );
            let mut diagnostic = Diagnostic::error("unknown_column", place, message);
            diagnostic.help = Bilingual::did_you_mean(name, known.iter().map(String::as_str)).or_else(|| {
                let all = known.join(", ");
                Some(Bilingual::new(
                    format!("各列以制表符分隔，可用：{all}"),
                    format!("columns, separated by tabs: {all}"),
                ))
            });
            problems.push(diagnostic);
        }
        columns.push(name.into());
    }
    let wants_something = columns.iter().any(|name| wanted().any(|wanted| *wanted == **name));
    if !columns.iter().any(|name| &**name == "target") || !wants_something {
        let message = Bilingual::new(
            "读法表的第一行要有 target 一列和至少一列期望，如 met",
            "the first line of a table of readings needs a column `target` and something wanted, such as `met`",
        );
        problems.push(Diagnostic::error("unknown_column", Place::start_of(shown.clone()), message));
    }
    (problems.len() == before).then_some(columns)
}

/// The columns that can be wanted.
fn wanted() -> impl Iterator<Item = String> {
    let sides = ["target", "actual"].into_iter();
    std::iter::once("met".to_owned()).chain(sides.flat_map(|side| PARTS.map(|part| format!("{side}_{part}"))))
}

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn case(
    shown: &Arc<str>,
    number: u32,
    line: &str,
    columns: &[Arc<str>],
    problems: &mut Problems,
) -> Option<ReadingCase> {
    let place = Place::new(shown.clone(), number, 1, length(line));
    let cells: Vec<&str> = line.split('\t').collect();
    if cells.len() > columns.len() {
        let (has, most) = (cells.len(), columns.len());
        let message = Bilingual::new(
            format!("这一行有 {has} 格，第一行只有 {most} 列"),
            format!("this line has {has} cells; the first line names {most} columns"),
        );
        problems.push(Diagnostic::error("too_many_cells", place, message));
        return None;
    }
    let cell = |column: &str| {
        let at = columns.iter().position(|name| &**name == column);
        at.and_then(|at| cells.get(at)).copied().unwrap_or_default().to_owned()
    };
    let year = cell("year");
    if !year.is_empty() && year.parse::<i32>().is_err() {
        let message = Bilingual::new(format!("`{year}` 不是年度"), format!("`{year}` is no fiscal year"));
        problems.push(Diagnostic::error("bad_year", place, message));
        return None;
    }
    let wants = columns.iter().filter(|name| !GIVEN.contains(&&***name));
    Some(ReadingCase {
        target: cell("target"),
        actual: cell("actual"),
        dimension: cell("dimension"),
        category: cell("category"),
        name: cell("name"),
        year: year.parse().ok(),
        wants: wants.map(|name| (name.clone(), cell(name))).filter(|(_, want)| !want.is_empty()).collect(),
        place,
    })
}
