//! Looking for an input on which the rules as written and a slip differ.
//!
//! First the forms of the pack's own cases: often one of them shows the difference and only nobody asked. Then pairs
//! of texts around a word. Then the forms of the cases nearest to the rule with one cell changed, to values around
//! the numbers that the rule speaks of and to the texts it speaks of.

mod propose;
mod variation;

use std::collections::BTreeSet;

pub use propose::Proposal;

use super::slips::{Kind, Mutant, Operator, tokens};
use super::workbench::{Slipped, Workbench, word};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Problems, Scalar, ScalarStyle, Shape};
use crate::evaluation::evaluate;
use crate::form::Form;
use crate::pack::ReadingCase;
use crate::regress::readings;
use variation::{Cell, cells, set, values};

/// Forms tried with a changed cell, for one survivor.
const MOST_VARIATIONS: usize = 800;
/// Cases whose forms are varied.
const MOST_FORMS: usize = 4;

/// The case that would have noticed.
pub(super) fn search(bench: &Workbench<'_>, mutant: &Mutant, slipped: &Slipped) -> Proposal {
    let mut search = Search { bench, mutant, slipped, tried: 0 };
    let mut proposal = Proposal::default();
    if let Some(word) = word(mutant).filter(|_| mutant.file == "lexicon.yaml") {
        proposal.reading = search.pair(word);
    }
    if proposal.reading.is_none() {
        proposal.case = search.known().or_else(|| search.varied());
    }
    proposal.tried = search.tried;
    proposal
}

struct Search<'s> {
    bench: &'s Workbench<'s>,
    mutant: &'s Mutant,
    slipped: &'s Slipped,
    tried: usize,
}

impl Search<'_> {
    /// A difference on a form that a case has already.
    fn known(&mut self) -> Option<String> {
        for case in self.bench.nearest(self.mutant) {
            let prepared = &case.prepared;
            if let Some(found) = self.differs(&prepared.form, prepared.written.as_ref()) {
                return Some(found);
            }
        }
        None
    }

    fn differs(&mut self, form: &Form, written: Option<&Node>) -> Option<String> {
        self.tried += 1;
        if !self.slipped.shows(self.bench.rules, form) {
            return None;
        }
        let (right, wrong) = (evaluate(self.bench.rules, form), evaluate(self.slipped.rules(), form));
        let want = propose::want(&right, &wrong)?;
        Some(propose::case(self.mutant, written, &want))
    }

    /// A difference on a form with one cell changed.
    fn varied(&mut self) -> Option<String> {
        let (numbers, texts) = self.spoken_of();
        let like = self.bench.cases.first().map(|case| case.prepared.want.clone())?;
        let bases = self.bench.nearest(self.mutant);
        let fragments = bases.iter().map(|case| case.prepared.written.as_ref());
        // A form that a case names by its file cannot be written out with a change.
        let is_fragment = |form: Option<&Node>| form.is_none_or(|form| form.as_map().is_some());
        let mut forms: Vec<Option<&Node>> = fragments.filter(|form| is_fragment(*form)).take(MOST_FORMS).collect();
        forms.push(None);
        for form in forms {
            let mut problems = Problems::new();
            let draft =
                form.map_or_else(|| self.bench.blank.clone(), |form| self.bench.blank.overlay(form, &mut problems));
            for Cell { path, text, beside } in cells(&draft, self.bench.rules) {
                for value in values(&text, &beside, &numbers, &texts) {
                    if self.tried >= MOST_VARIATIONS {
                        return None;
                    }
                    let changed = set(form, &path, &value, &like);
                    let mut problems = Problems::new();
                    let draft = self.bench.blank.overlay(&changed, &mut problems);
                    let sound = !problems.iter().any(Diagnostic::is_error);
                    let Some(form) = Form::admit(draft).ok().filter(|_| sound) else { continue };
                    if let Some(found) = self.differs(&form, Some(&changed)) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    /// The numbers and texts that the rule of the mutant speaks of, with those of the parameters and word lists that
    /// it names.
    fn spoken_of(&self) -> (Vec<String>, Vec<String>) {
        let (mut numbers, mut texts) = (BTreeSet::new(), Vec::new());
        let (was, now) = self.mutant.lines(self.bench.text(self.mutant));
        for token in tokens(&was).into_iter().chain(tokens(&now)) {
            match token.kind {
                Kind::Number => drop(numbers.insert(token.text)),
                Kind::Text => texts.push(token.text.trim_matches('"').to_owned()),
                Kind::Name => {
                    let parameter = self.bench.rules.parameters.iter().find(|one| one.id == token.text);
                    let values = parameter.into_iter().flat_map(|parameter| &parameter.values);
                    numbers.extend(values.map(|value| value.value.to_string()));
                    let list = self.bench.rules.words.iter().find(|(name, _)| *name == token.text);
                    texts.extend(list.iter().flat_map(|(_, words)| words.iter().take(2)).map(ToString::to_string));
                }
                Kind::Operator | Kind::Open | Kind::Close | Kind::Stop => {}
            }
        }
        if self.mutant.operator == Operator::Word {
            texts.splice(0..0, word(self.mutant).map(str::to_owned));
        }
        texts.retain(|text| !text.is_empty());
        texts.truncate(12);
        (numbers.into_iter().take(8).collect(), texts)
    }

    /// A pair of texts around a word of the lexicon that reads otherwise without it.
    fn pair(&mut self, word: &str) -> Option<String> {
        for case in pairs(word, &self.bench.cases.first()?.prepared.want) {
            self.tried += 1;
            let written = readings::facets(&self.bench.rules.lexicon, &case);
            let slipped = readings::facets(&self.slipped.rules().lexicon, &case);
            let differs = |column: &str| written.get(column) != slipped.get(column);
            if !written.keys().any(|column| differs(column)) {
                continue;
            }
            let cell = |column: &&str| match written.get(*column).and_then(Option::as_deref) {
                _ if *column != "met" && !differs(column) => String::new(),
                value => value.unwrap_or(readings::NOTHING).to_owned(),
            };
            let given = [&case.target, &case.actual, &case.category, &case.name].map(ToOwned::to_owned);
            let cells = given.into_iter().chain([word.to_owned()]).chain(readings::COLUMNS.iter().map(cell));
            return Some(cells.collect::<Vec<_>>().join("\t").trim_end().to_owned());
        }
        None
    }
}

/// Texts around a word: `{}` stands for it.
const PAIRS: [(&str, &str, &str, &str); 44] = [
    ("{}10场", "9场", "", ""),
    ("{}10场", "10场", "", ""),
    ("{}10场", "11场", "", ""),
    ("10场{}", "9场", "", ""),
    ("10场{}", "10场", "", ""),
    ("10场{}", "11场", "", ""),
    ("10{}", "9{}", "", ""),
    ("10{}", "10", "", ""),
    ("≥10{}", "12个", "", ""),
    ("≥10场", "{}10场", "", ""),
    ("≥10场", "{}12场", "", ""),
    ("≥10场", "10场{}", "", ""),
    ("≥10场", "{}", "", ""),
    ("≥10场", "10场，{}5场", "", ""),
    ("≥10场", "5场，{}10场", "", ""),
    ("≥10场", "10场，{}", "", ""),
    ("≥10场", "10场，{}培训", "", ""),
    ("≥95%", "{}", "", ""),
    ("≥95%", "96%，{}", "", ""),
    ("≥95%", "{}96%", "", ""),
    ("≥95%", "{}率96%", "", ""),
    ("完成培训", "{}", "", ""),
    ("完成培训", "{}培训", "", ""),
    ("完成培训", "培训{}", "", ""),
    ("{}", "完成", "", ""),
    ("{}", "{}", "", ""),
    ("{}培训", "完成培训", "", ""),
    ("完成培训", "未{}", "", ""),
    ("完成培训", "无{}", "", ""),
    ("2022年12月{}", "2022年11月20日", "", ""),
    ("2022年12月底{}", "2022年11月20日", "", ""),
    ("2022年{}前", "2022年3月20日", "", ""),
    ("2022年{}前", "2022年7月20日", "", ""),
    ("2022年{}前", "2022年12月20日", "", ""),
    ("{}2022年12月", "2022年11月20日", "", ""),
    ("2022年12月20{}前", "2022年12月19日", "", ""),
    ("2022年12月底前", "{}2022年11月完成", "", ""),
    ("10", "9", "{}", ""),
    ("10", "11", "{}", ""),
    ("10", "9", "", "{}"),
    ("0.95", "96", "{}", ""),
    ("10天", "2022年12月", "", "{}"),
    ("{}增长10%", "增长9%", "", ""),
    ("每{}10元", "10元", "", ""),
];

fn pairs<'w>(word: &'w str, like: &'w Node) -> impl Iterator<Item = ReadingCase> + 'w {
    let made = move |text: &str| text.replace("{}", word);
    PAIRS.iter().map(move |(target, actual, name, category)| ReadingCase {
        target: made(target),
        actual: made(actual),
        dimension: String::new(),
        category: made(category),
        name: made(name),
        year: None,
        wants: Vec::new(),
        place: like.place.clone(),
    })
}

/// A scalar that stands nowhere yet.
pub fn scalar(text: &str, like: &Node) -> Node {
    let style = if text.chars().all(char::is_alphanumeric) { ScalarStyle::Plain } else { ScalarStyle::DoubleQuoted };
    Node { shape: Shape::Scalar(Scalar { text: text.to_owned(), style }), ..like.clone() }
}
