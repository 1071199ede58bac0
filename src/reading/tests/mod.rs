//! The reader through its boundary: the national lexicon, [`super::read`] and [`super::meet`].

mod cells;
mod labelled;
mod lexicon;
mod plain;
mod properties;
mod verdicts;

use std::sync::LazyLock;

use super::{Lexicon, Meeting, Reading, Row, Side, meet, read};
use crate::document::{self, Limits};

static NATIONAL: LazyLock<Lexicon> = LazyLock::new(|| {
    let (lexicon, problems) = compiled(include_str!("../../../rules/mof-2020/lexicon.yaml"));
    assert_eq!(problems, Vec::<String>::new(), "the national lexicon has problems");
    lexicon
});

/// A lexicon and what is wrong with it: `code line: sentence`.
fn compiled(text: &str) -> (Lexicon, Vec<String>) {
    let node = document::parse("lexicon.yaml", text, &Limits::RULES).expect("the lexicon is YAML");
    let mut problems = Vec::new();
    let lexicon = Lexicon::from_node(&node, &mut problems);
    let shown = problems.iter().map(|problem| {
        let line = problem.place.as_ref().map_or(0, |place| place.line);
        format!("{} {line}: {}", problem.code, problem.message.en)
    });
    (lexicon, shown.collect())
}

fn target(text: &str) -> Reading {
    read(text, &Row::default(), Side::Target, &NATIONAL)
}

fn actual(text: &str) -> Reading {
    read(text, &Row::default(), Side::Actual, &NATIONAL)
}

fn meeting(asked: &str, given: &str, row: &Row<'_>) -> Meeting {
    let asked = read(asked, row, Side::Target, &NATIONAL);
    let given = read(given, row, Side::Actual, &NATIONAL);
    meet(&asked, &given, row, &NATIONAL)
}

/// A reading in one line: `NUMBER AT_LEAST 95 %`, `DATE AT_MOST 2022-12-31`, `STATEMENT achieved`.
fn line(reading: &Reading) -> String {
    let mut parts = vec![reading.kind().name().to_owned()];
    parts.extend(reading.comparison().map(|comparison| comparison.name().to_owned()));
    parts.extend(reading.value().map(ToString::to_string));
    if let (Some(low), Some(high)) = (reading.low(), reading.high()) {
        parts.push(format!("{low}..{high}"));
    }
    parts.extend(reading.unit().map(str::to_owned));
    parts.extend(reading.date().map(|date| date.to_string()));
    parts.extend(reading.tier().map(str::to_owned));
    parts.extend(reading.approximate().then(|| "~".to_owned()));
    parts.join(" ")
}
