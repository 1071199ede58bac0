//! A pack with everything that its mutants share.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::slips::{self, Mutant, Operator};
use super::witness::{self, Proposal};
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Node, Problems, Shape};
use crate::evaluation::{Evaluation, Score, evaluate, evaluate_watched, read_form};
use crate::form::{Draft, Form};
use crate::pack::{Pack, PackFiles, ReadingCase, overlaid, parse_readings};
use crate::reading::Lexicon;
use crate::regress::readings;
use crate::regress::run::Prepared;
use crate::regress::want::differences;
use crate::regress::{Ground, Reach, Runner};
use crate::ruleset::{Check, RuleSet};

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A case fails: the first that does, those in which the rule takes part first.
    Killed(Place),
    /// The rules do not compile: `heng check` says so before any form is scored.
    Refused,
    /// Every case passes.
    Survived,
}

/// One pack with its cases, ready for any number of mutants.
pub struct Workbench<'a> {
    pub(super) files: &'a PackFiles,
    pub(super) rules: &'a RuleSet,
    /// The most general first, the pack itself last.
    chain: Vec<Pack>,
    pub(super) blank: Draft,
    pub(super) cases: Vec<Case>,
    pub(super) readings: Vec<ReadingCase>,
}

/// The rules with a slip in them.
pub(super) enum Slipped {
    /// Only the words differ: they show where a text is read otherwise.
    Words(Box<RuleSet>),
    Rules {
        rules: Box<RuleSet>,
        /// The rules as written and with the slip, without the checks that it does not concern: cheap to compare.
        narrow: Box<[RuleSet; 2]>,
    },
}

impl Slipped {
    pub fn rules(&self) -> &RuleSet {
        match self {
            Slipped::Words(rules) | Slipped::Rules { rules, .. } => rules,
        }
    }

    /// Whether a form fares otherwise than by the rules as `written`; it may be told for one that does not.
    pub fn shows(&self, written: &RuleSet, form: &Form) -> bool {
        match self {
            Slipped::Words(rules) => read_form(written, form) != read_form(rules, form),
            Slipped::Rules { narrow, .. } => {
                let [written, slipped] = &**narrow;
                // The trace tells lines of the files, which a slip moves.
                !evaluate(written, form).equals_but_for_trace(&evaluate(slipped, form))
            }
        }
    }
}

/// A case with what the rules as written make of it.
pub(super) struct Case {
    pub prepared: Prepared,
    /// Codes, methods and entries that took part: `scoring.at_least`, `checks.wrong_year`.
    touched: BTreeSet<String>,
    reach: Reach,
}

impl Case {
    /// Whether a slip could show in it: false only where the entry was never asked. What is switched off is asked by
    /// nobody, and switching it on shows all the same.
    fn reaches(&self, mutant: &Mutant) -> bool {
        let mut parts = mutant.path.split('.');
        let (section, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        mutant.file.starts_with("scripts/")
            || matches!(mutant.operator, Operator::Switch | Operator::Entry)
            || self.reach.consulted(section, id)
    }
}

impl<'a> Workbench<'a> {
    /// `None` when the book has no such pack.
    pub fn of(runner: &Runner<'a>, pack: &str) -> Option<Self> {
        let rules = runner.book.get(pack)?;
        let files = runner.folder.iter().find(|files| files.name == pack)?;
        let mut problems = Problems::new();
        let mut chain = Vec::new();
        for name in rules.extends.iter().rev().chain([&rules.id]) {
            let files = runner.folder.iter().find(|files| files.name == *name)?;
            chain.push(Pack::parse(files, &mut problems)?);
        }
        let blank = runner.blank(rules, &mut problems);
        let ground = Ground::of(rules);
        let cases = runner.prepared(rules).into_iter().map(|prepared| {
            let (evaluation, witness) = evaluate_watched(rules, &prepared.form);
            let reach = ground.reach(&evaluation, &witness);
            Case { touched: touched(&evaluation), reach, prepared }
        });
        let readings = parse_readings(files, &mut problems).into_iter().flat_map(|table| table.cases).collect();
        Some(Workbench { files, rules, chain, blank, cases: cases.collect(), readings })
    }

    /// The name of the pack.
    pub fn pack(&self) -> &'a str {
        &self.files.name
    }

    /// Every mutant of the pack's own files.
    pub fn mutants(&self) -> Vec<Mutant> {
        slips::mutants(self.files)
    }

    /// The text of a file that a mutant is of.
    pub fn text(&self, mutant: &Mutant) -> &str {
        self.files.files.get(&mutant.file).map_or("", |text| text)
    }

    /// Runs the cases under a mutant until one fails.
    pub fn judge(&self, mutant: &Mutant) -> Fate {
        let Some(slip) = self.slip(mutant) else { return Fate::Refused };
        if let Slipped::Words(rules) = &slip
            && let Some(line) = self.misread(&rules.lexicon, mutant)
        {
            return Fate::Killed(line.place.clone());
        }
        let failing = self.nearest(mutant).into_iter().filter(|case| case.reaches(mutant)).find(|case| {
            let form = &case.prepared.form;
            let mut problems = Problems::new();
            slip.shows(self.rules, form)
                && !differences(&case.prepared.want, &evaluate(slip.rules(), form), &mut problems).is_empty()
        });
        failing.map_or(Fate::Survived, |case| Fate::Killed(case.prepared.place.clone()))
    }

    /// The case that would kill a survivor.
    pub fn proposal(&self, mutant: &Mutant) -> Proposal {
        self.slip(mutant).map_or_else(Proposal::default, |slip| witness::search(self, mutant, &slip))
    }

    /// The rules with the slip in them; nothing where they do not compile.
    fn slip(&self, mutant: &Mutant) -> Option<Slipped> {
        let pack = self.mutated(mutant)?;
        if mutant.file == "lexicon.yaml" {
            return Some(Slipped::Words(Box::new(self.rules.with_lexicon(self.lexicon(&pack)?))));
        }
        let rules = self.compiled(&pack)?;
        let mut parts = mutant.path.split(['.', '[']);
        let (section, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let concerns = |check: &Check| match section {
            "checks" => check.id == id,
            "words" | "parameters" | "tables" => check.when.names().any(|(_, name)| name == id),
            "scoring" | "execution" | "methods" | "adjustments" | "bands" | "coverage" | "award" => false,
            _ => true,
        };
        Some(Slipped::Rules {
            narrow: Box::new([self.rules.with_checks(concerns), rules.with_checks(concerns)]),
            rules: Box::new(rules),
        })
    }

    fn mutated(&self, mutant: &Mutant) -> Option<Pack> {
        let mut problems = Problems::new();
        let text: Arc<str> = mutant.apply(self.text(mutant)).into();
        let pack = self.chain.last()?.with_text(self.files, (&mutant.file, &text), &mut problems)?;
        (!problems.iter().any(Diagnostic::is_error)).then_some(pack)
    }

    fn compiled(&self, pack: &Pack) -> Option<RuleSet> {
        let (_, ancestors) = self.chain.split_last()?;
        let chain: Vec<&Pack> = ancestors.iter().chain([pack]).collect();
        RuleSet::from_packs(&chain).0
    }

    fn lexicon(&self, pack: &Pack) -> Option<Lexicon> {
        let (_, ancestors) = self.chain.split_last()?;
        let chain: Vec<&Pack> = ancestors.iter().chain([pack]).collect();
        let mut problems = Problems::new();
        let sections = overlaid(&chain, &mut problems);
        let empty = Node { shape: Shape::Map(Vec::new()), place: pack.manifest.place.clone(), source: "".into() };
        let lexicon = Lexicon::from_node(sections.get("lexicon").unwrap_or(&empty), &mut problems);
        (!problems.iter().any(Diagnostic::is_error)).then_some(lexicon)
    }

    /// A line of the tables of readings that fails; those that hold the word come first.
    fn misread(&self, lexicon: &Lexicon, mutant: &Mutant) -> Option<&ReadingCase> {
        let word = word(mutant);
        let speaks = |case: &&ReadingCase| {
            let texts = [&case.target, &case.actual, &case.name, &case.category];
            word.is_some_and(|word| texts.iter().any(|text| text.contains(word)))
        };
        let (near, far): (Vec<_>, Vec<_>) = self.readings.iter().partition(speaks);
        near.into_iter().chain(far).find(|case| !readings::holds(lexicon, case))
    }

    /// The cases, those first in which the entry of a mutant takes part.
    pub(super) fn nearest(&self, mutant: &Mutant) -> Vec<&Case> {
        let key = entry(&mutant.path);
        let mut cases: Vec<&Case> = self.cases.iter().collect();
        cases.sort_by_key(|case| !case.touched.contains(&key));
        cases
    }
}

/// The word that a mutant leaves out.
pub(super) fn word(mutant: &Mutant) -> Option<&str> {
    let inner = mutant.path.split_once('[')?.1.strip_suffix(']')?;
    (mutant.operator == Operator::Word).then_some(inner)
}

/// `checks.wrong_year.when` → `checks.wrong_year`.
fn entry(path: &str) -> String {
    let mut parts = path.splitn(3, '.');
    let (section, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if id.is_empty() { section.to_owned() } else { format!("{section}.{id}") }
}

fn touched(evaluation: &Evaluation) -> BTreeSet<String> {
    let scores = evaluation.execution.iter().map(|result| &result.score);
    let scores = scores.chain(evaluation.indicators.iter().map(|row| &row.score));
    let steps = scores.flat_map(Score::trace).chain(&evaluation.trace);
    let rules = steps.map(|step| step.rule.clone());
    rules.chain(evaluation.findings.iter().map(|finding| format!("checks.{}", finding.code))).collect()
}
