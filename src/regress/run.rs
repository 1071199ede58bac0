//! Running the cases of a rules folder.

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use super::reach::{Ground, Reach};
use super::readings;
use super::want::{Difference, differences};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{self, Limits, Node, Problems};
use crate::evaluation::{Evaluation, evaluate, evaluate_watched};
use crate::form::{Draft, Form};
use crate::pack::{CaseSource, PackFiles, parse_blank, parse_cases, parse_readings};
use crate::ruleset::{RuleBook, RuleSet};

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// The evaluation is not what is wanted; score differences come first.
    Failed(Vec<Difference>),
    /// The case itself is broken.
    Broken(Vec<Diagnostic>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    pub pack: String,
    pub name: String,
    pub place: Place,
    pub outcome: Outcome,
}

/// What one case reaches of the rules it is scored by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseReach {
    pub pack: String,
    pub name: String,
    pub place: Place,
    pub reach: Reach,
}

impl CaseResult {
    /// `pack: name`, what a filter looks at.
    pub fn title(&self) -> String {
        format!("{}: {}", self.pack, self.name)
    }
}

/// All results, in the order of packs and files.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub results: Vec<CaseResult>,
    /// Case files that could not be read at all.
    pub problems: Problems,
}

impl Report {
    pub fn passed(&self) -> usize {
        self.results.iter().filter(|result| result.outcome == Outcome::Passed).count()
    }

    /// Failed and broken cases, and unreadable files.
    pub fn failed(&self) -> usize {
        self.results.len() - self.passed() + self.problems.iter().filter(|problem| problem.is_error()).count()
    }
}

/// What a run needs besides the rules: how to get at a form file that a case names and that is not among the
/// pack's own files, given the pack's name and the path as written.
pub struct Runner<'a> {
    pub book: &'a RuleBook,
    pub folder: &'a [PackFiles],
    pub form_file: &'a (dyn Fn(&str, &str) -> Option<Arc<str>> + Sync),
}

/// A case that waits to be run, by itself and on any thread.
#[derive(Clone)]
pub struct Case<'a> {
    pub pack: &'a str,
    pub rules: &'a RuleSet,
    pub source: CaseSource,
    /// The form that a fragment is laid over.
    pub(super) blank: Arc<Draft>,
    /// Made when a case of the pack is first watched.
    ground: Arc<OnceLock<Ground<'a>>>,
}

impl Case<'_> {
    /// `pack: name`, what a filter looks at.
    pub fn title(&self) -> String {
        format!("{}: {}", self.pack, self.source.name.value)
    }
}

/// A case that was run and watched.
#[derive(Debug, Clone)]
pub struct WatchedCase {
    pub result: CaseResult,
    /// Nothing for a broken case.
    pub reach: Reach,
}

/// A case whose form passed the gate.
pub(super) struct Prepared {
    pub place: Place,
    /// The form as the case writes it: a fragment, or the path of a file.
    pub written: Option<Node>,
    pub form: Form,
    pub want: Node,
}

impl Runner<'_> {
    /// Runs the cases whose `pack: name` contains `filter`.
    pub fn run(&self, filter: &str) -> Report {
        let (cases, mut problems) = self.cases();
        let cases = cases.iter().filter(|case| case.title().contains(filter)).map(|case| self.result(case));
        let tables = self.readings(&mut problems).into_iter().map(|table| table.result);
        let tables = tables.filter(|table| table.title().contains(filter));
        let mut results: Vec<CaseResult> = cases.chain(tables).collect();
        results.sort_by(|one, other| one.pack.cmp(&other.pack));
        Report { results, problems }
    }

    /// What became of each table of readings, in the order of packs and files.
    pub fn readings(&self, problems: &mut Problems) -> Vec<WatchedCase> {
        let mut all = Vec::new();
        for files in self.folder {
            let tables = parse_readings(files, problems);
            let Some(rules) = self.book.get(&files.name) else { continue };
            all.extend(tables.into_iter().map(|table| {
                let (name, outcome) = (table.name(), readings::outcome(&rules.lexicon, &table));
                let texts = table.cases.iter().flat_map(|case| [&*case.name, &*case.target, &*case.actual]);
                let reach = Reach::of_texts(rules, texts);
                let result = CaseResult { pack: files.name.clone(), name, place: table.place, outcome };
                WatchedCase { result, reach }
            }));
        }
        all
    }

    /// All cases, in the order of packs and files, and what is wrong with the files.
    pub fn cases(&self) -> (Vec<Case<'_>>, Problems) {
        let mut problems = Problems::new();
        let mut all = Vec::new();
        for files in self.folder {
            let cases = parse_cases(files, &mut problems);
            let Some(rules) = self.book.get(&files.name) else { continue };
            let blank = Arc::new(self.blank(rules, &mut problems));
            let ground = Arc::new(OnceLock::new());
            let case = |source| {
                let (blank, ground) = (Arc::clone(&blank), Arc::clone(&ground));
                Case { pack: &files.name, rules, source, blank, ground }
            };
            all.extend(cases.into_iter().map(case));
        }
        (all, problems)
    }

    /// Runs one case.
    pub fn result(&self, case: &Case<'_>) -> CaseResult {
        result_of(case, self.form(case.rules, &case.source, &case.blank).map(|form| evaluate(case.rules, &form)))
    }

    /// Runs one case and sees what it reaches.
    pub fn watched(&self, case: &Case<'_>) -> WatchedCase {
        let form = match self.form(case.rules, &case.source, &case.blank) {
            Ok(form) => form,
            Err(problems) => return WatchedCase { result: result_of(case, Err(problems)), reach: Reach::default() },
        };
        let (evaluation, witness) = evaluate_watched(case.rules, &form);
        let reach = case.ground.get_or_init(|| Ground::of(case.rules)).reach(&evaluation, &witness);
        WatchedCase { result: result_of(case, Ok(evaluation)), reach }
    }

    /// What each case reaches, in the order of packs and files. Broken cases are left out.
    pub fn reaches(&self) -> Vec<CaseReach> {
        let (cases, _) = self.cases();
        let watched = cases.iter().map(|case| self.watched(case));
        let sound = watched.filter(|case| !matches!(case.result.outcome, Outcome::Broken(_)));
        sound
            .map(|WatchedCase { result: CaseResult { pack, name, place, .. }, reach }| CaseReach {
                pack,
                name,
                place,
                reach,
            })
            .collect()
    }

    /// Shows `visit` the cases of a pack with their evaluations, those that `order` sorts first first, until it
    /// breaks off. Broken cases are passed over.
    pub fn evaluations<K: Ord>(
        &self,
        pack: &str,
        order: impl Fn(&CaseSource) -> K,
        mut visit: impl FnMut(&CaseSource, &Evaluation) -> ControlFlow<()>,
    ) {
        let mut problems = Problems::new();
        let Some(rules) = self.book.get(pack) else { return };
        let Some(files) = self.folder.iter().find(|files| files.name == pack) else { return };
        let blank = self.blank(rules, &mut problems);
        let mut cases = parse_cases(files, &mut problems);
        cases.sort_by_key(order);
        for case in cases {
            if let Ok(evaluation) = self.evaluation(rules, &case, &blank)
                && visit(&case, &evaluation).is_break()
            {
                return;
            }
        }
    }

    /// The cases of a pack with their forms admitted, ready to run under any rules. Broken cases are passed over.
    pub(super) fn prepared(&self, rules: &RuleSet) -> Vec<Prepared> {
        let mut problems = Problems::new();
        let Some(files) = self.folder.iter().find(|files| files.name == rules.id) else { return Vec::new() };
        let blank = self.blank(rules, &mut problems);
        let cases = parse_cases(files, &mut problems);
        let prepared = cases.into_iter().filter_map(|case| {
            let mut problems = Problems::new();
            let draft = self.draft(rules, &case, &blank, &mut problems);
            let form = Form::admit(draft).ok().filter(|_| !problems.iter().any(Diagnostic::is_error))?;
            Some(Prepared { place: case.name.place, written: case.form, form, want: case.want })
        });
        prepared.collect()
    }

    /// The blank form of the pack, or of the nearest one it extends.
    pub(super) fn blank(&self, rules: &RuleSet, problems: &mut Problems) -> Draft {
        let names = std::iter::once(&rules.id).chain(&rules.extends);
        for name in names {
            let files = self.folder.iter().find(|files| files.name == *name);
            if let Some(node) = files.and_then(|files| parse_blank(files, problems)) {
                return Draft::from_node(&node, problems);
            }
        }
        Draft::default()
    }

    fn evaluation(&self, rules: &RuleSet, case: &CaseSource, blank: &Draft) -> Result<Evaluation, Problems> {
        self.form(rules, case, blank).map(|form| evaluate(rules, &form))
    }

    fn form(&self, rules: &RuleSet, case: &CaseSource, blank: &Draft) -> Result<Form, Problems> {
        let mut problems = Problems::new();
        let draft = self.draft(rules, case, blank, &mut problems);
        if problems.iter().any(Diagnostic::is_error) {
            return Err(problems);
        }
        Form::admit(draft).map_err(|violations| {
            let place = case.form.as_ref().map_or(&case.name.place, |node| &node.place);
            let refused = violations.into_iter().map(|violation| {
                let message = Bilingual::new(
                    format!("{}：{}", violation.field, violation.message.zh),
                    format!("{}: {}", violation.field, violation.message.en),
                );
                Diagnostic::error("form_refused", place.clone(), message)
            });
            refused.collect::<Problems>()
        })
    }

    pub(super) fn draft(&self, rules: &RuleSet, case: &CaseSource, blank: &Draft, problems: &mut Problems) -> Draft {
        let Some(node) = &case.form else { return blank.clone() };
        match node.as_text() {
            Some(path) => self.file(rules, path, node, problems),
            None => blank.overlay(node, problems),
        }
    }

    fn file(&self, rules: &RuleSet, path: &str, node: &Node, problems: &mut Problems) -> Draft {
        let own =
            self.folder.iter().find(|files| files.name == rules.id).and_then(|files| files.files.get(path).cloned());
        let Some(text) = own.or_else(|| (self.form_file)(&rules.id, path)) else {
            let message =
                Bilingual::new(format!("读不到自评表文件 `{path}`"), format!("cannot read form file `{path}`"));
            problems.push(Diagnostic::error("missing_form_file", node.place.clone(), message));
            return Draft::default();
        };
        match document::parse(path, &text, &Limits::FORM) {
            Ok(node) => Draft::from_node(&node, problems),
            Err(found) => {
                problems.extend(found);
                Draft::default()
            }
        }
    }
}

fn result_of(case: &Case<'_>, evaluation: Result<Evaluation, Problems>) -> CaseResult {
    let CaseSource { name, want, .. } = &case.source;
    let (pack, name, place) = (case.pack.to_owned(), name.value.clone(), name.place.clone());
    CaseResult { pack, name, place, outcome: outcome(want, evaluation) }
}

fn outcome(want: &Node, evaluation: Result<Evaluation, Problems>) -> Outcome {
    let evaluation = match evaluation {
        Ok(evaluation) => evaluation,
        Err(problems) => return Outcome::Broken(problems),
    };
    let mut problems = Problems::new();
    let found = differences(want, &evaluation, &mut problems);
    match (problems.is_empty(), found.is_empty()) {
        (false, _) => Outcome::Broken(problems),
        (true, true) => Outcome::Passed,
        (true, false) => Outcome::Failed(found),
    }
}
