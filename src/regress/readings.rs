//! Tables of readings: how printed texts are read, line by line.

use super::facets::{Facets, reading_facets};
use super::run::Outcome;
use super::want::Difference;
use crate::pack::{ReadingCase, ReadingTable};
use crate::quantity::Exact;
use crate::reading::{Lexicon, Row, Side, meet, read};

/// The wanted columns of a table that says all that matters of a pair.
pub(super) const COLUMNS: [&str; 11] = [
    "met",
    "target_kind",
    "target_comparison",
    "target_value",
    "target_unit",
    "target_tier",
    "actual_kind",
    "actual_comparison",
    "actual_value",
    "actual_unit",
    "actual_tier",
];

/// What a cell says that wants nothing to be read there.
pub(super) const NOTHING: &str = "—";

/// How a table fared as a whole: each line that is read otherwise is a difference.
pub(super) fn outcome(lexicon: &Lexicon, table: &ReadingTable) -> Outcome {
    let found: Vec<Difference> = table.cases.iter().flat_map(|case| differences(lexicon, case)).collect();
    if found.is_empty() { Outcome::Passed } else { Outcome::Failed(found) }
}

/// Whether a line is read as it wants.
pub(super) fn holds(lexicon: &Lexicon, case: &ReadingCase) -> bool {
    let facets = facets(lexicon, case);
    case.wants.iter().all(|(column, want)| is_equal(want, found(&facets, column)))
}

/// The readings of a line's two texts and the verdict, by the names that its columns have.
pub(super) fn facets(lexicon: &Lexicon, case: &ReadingCase) -> Facets {
    let ReadingCase { target, actual, dimension, category, name, year, .. } = case;
    let row = Row { dimension, category, name, fiscal_year: *year, ..Row::default() };
    let asked = read(target, &row, Side::Target, lexicon);
    let given = read(actual, &row, Side::Actual, lexicon);
    let mut all = Facets::new();
    all.insert("met".to_owned(), Some(meet(&asked, &given, &row, lexicon).met.name().to_owned()));
    reading_facets("target", &asked, &mut all);
    reading_facets("actual", &given, &mut all);
    all.into_iter().map(|(path, value)| (path.replace('.', "_"), value)).collect()
}

fn found<'f>(facets: &'f Facets, column: &str) -> &'f str {
    facets.get(column).and_then(Option::as_deref).unwrap_or_default()
}

fn is_equal(want: &str, got: &str) -> bool {
    want == got
        || (want == NOTHING && got.is_empty())
        || matches!((number(want), number(got)), (Some(want), Some(got)) if want == got)
}

/// `95`, or a fraction that no decimal holds: `2000/3`.
fn number(text: &str) -> Option<Exact> {
    match text.split_once('/') {
        Some((top, bottom)) => Exact::parse(top)?.div(&Exact::parse(bottom)?).ok(),
        None => Exact::parse(text),
    }
}

fn differences(lexicon: &Lexicon, case: &ReadingCase) -> Vec<Difference> {
    if holds(lexicon, case) {
        return Vec::new();
    }
    let facets = facets(lexicon, case);
    let shown = |text: &str| if text.is_empty() { NOTHING.to_owned() } else { text.to_owned() };
    let wrong = case.wants.iter().filter(|(column, want)| !is_equal(want, found(&facets, column)));
    let differences = wrong.map(|(column, want)| {
        let got = found(&facets, column);
        Difference {
            path: format!("“{}”“{}” {column}", case.target, case.actual),
            want: shown(want),
            got: shown(got),
            delta: number(want).zip(number(got)).and_then(|(want, got)| got.sub(&want).ok()),
            derivation: String::new(),
            rule: String::new(),
            place: case.place.clone(),
            wanted: None,
        }
    });
    differences.collect()
}
