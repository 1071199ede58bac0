//! The hand-labelled pairs of real forms: at least 97 % right, and no MET or EXCEEDED too many.

use super::super::{Met, Reading, Row, Side, meet, read};
use super::NATIONAL;
use crate::quantity::Exact;

const PAIRS: &str = include_str!("../../../tests/data/readings.tsv");

struct Label<'a> {
    kind: &'a str,
    comparison: &'a str,
    value: &'a str,
    unit: &'a str,
}

impl Label<'_> {
    fn fits(&self, reading: &Reading) -> bool {
        let value = match self.value.split_once("..") {
            Some((low, high)) => reading.low().cloned() == number(low) && reading.high().cloned() == number(high),
            None => reading.value().cloned() == number(self.value),
        };
        value
            && reading.kind().name() == self.kind
            && reading.comparison().map_or("", |comparison| comparison.name()) == self.comparison
            && reading.unit().unwrap_or("") == self.unit
    }
}

fn number(text: &str) -> Option<Exact> {
    match text.split_once('/') {
        Some((top, bottom)) => Exact::parse(top)?.div(&Exact::parse(bottom)?).ok(),
        None => Exact::parse(text),
    }
}

#[test]
fn labelled_pairs_are_read_as_a_careful_human_reads_them() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (index, line) in PAIRS.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[_, category, name, target, actual, tk, tc, tv, tu, ak, ac, av, au, met] = cells.as_slice() else {
            panic!("line {}: {} cells", index + 1, cells.len());
        };
        let row = Row { category, name, ..Row::default() };
        let asked = read(target, &row, Side::Target, &NATIONAL);
        let given = read(actual, &row, Side::Actual, &NATIONAL);
        let verdict = meet(&asked, &given, &row, &NATIONAL).met;
        let claims = |met: &str| matches!(met, "MET" | "EXCEEDED");
        assert!(claims(met) || !claims(verdict.name()), "line {}: {line} is called {}", index + 1, verdict.name());
        count += 1;
        let target_fits = Label { kind: tk, comparison: tc, value: tv, unit: tu }.fits(&asked);
        let actual_fits = Label { kind: ak, comparison: ac, value: av, unit: au }.fits(&given);
        if !target_fits || !actual_fits || Some(verdict) != Met::from_name(met) {
            wrong.push(format!("line {}: {line}", index + 1));
        }
    }
    assert!(count >= 200, "{count} pairs are too few");
    assert!(wrong.len() * 100 <= count * 3, "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
