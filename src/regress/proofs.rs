//! Proofs of a book, with what its cases show: a check that found something in a case can find something, and a
//! scoring entry that no case reaches is told.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::Runner;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::Problems;
use crate::evaluation::{Evaluation, Score};
use crate::proof::{Proofs, Verdict, prove_book};
use crate::ruleset::{Entry, Outcome, RuleBook};

/// What the cases of all packs came to.
#[derive(Default)]
struct Seen {
    /// Places of the entries that scored a row.
    reached: BTreeSet<String>,
    /// Codes of the findings.
    found: BTreeSet<String>,
}

/// [`prove_book`], and what the cases add to it.
pub fn prove(runner: &Runner<'_>, only: Option<&str>) -> Proofs {
    let mut seen = Seen::default();
    for rules in runner.book.sets() {
        runner.evaluations(
            &rules.id,
            |_| (),
            |_, evaluation| {
                seen.note(evaluation);
                ControlFlow::Continue(())
            },
        );
    }
    let mut proofs = prove_book(runner.book, only);
    proofs.settle(&seen.found);
    let dead = |entry: &Entry| {
        let claims = proofs.claims.iter().filter(|claim| matches!(claim.verdict, Verdict::Dead(_)));
        claims.into_iter().any(|claim| claim.place == entry.place)
    };
    let mut untested = without_case(runner.book, only, &seen.reached, &dead);
    proofs.problems.append(&mut untested);
    proofs
}

impl Seen {
    fn note(&mut self, evaluation: &Evaluation) {
        let execution = evaluation.execution.iter().map(|result| &result.score);
        let scores = execution.chain(evaluation.indicators.iter().map(|row| &row.score));
        self.reached.extend(scores.flat_map(Score::trace).map(|step| step.place.clone()));
        self.found.extend(evaluation.findings.iter().map(|finding| finding.code.clone()));
    }
}

/// Entries that decide points and that no case reaches. What a pack inherits is told by the pack that wrote it.
fn without_case(
    book: &RuleBook,
    only: Option<&str>,
    reached: &BTreeSet<String>,
    dead: &dyn Fn(&Entry) -> bool,
) -> Problems {
    let mut problems = Problems::new();
    for rules in book.sets().filter(|rules| only.is_none_or(|only| only == rules.id)) {
        let own = format!("{}/", rules.id);
        let entries = rules.scoring.iter().chain(rules.execution.iter());
        for entry in entries.filter(|entry| entry.place.file.starts_with(&own) && gives_points(entry)) {
            if !reached.contains(&entry.place.to_string()) && !dead(entry) {
                problems.push(untested(entry));
            }
        }
    }
    problems
}

fn gives_points(entry: &Entry) -> bool {
    matches!(entry.outcome, Outcome::Method(_) | Outcome::Unscored)
}

fn untested(entry: &Entry) -> Diagnostic {
    let id = &entry.id;
    let message = Bilingual::new(format!("没有案例用到条目 `{id}`"), format!("no case reaches the entry `{id}`"));
    Diagnostic::warning("entry_without_case", entry.place.clone(), message).with_help(Bilingual::new(
        "请在 cases/ 里加一个案例，写明这样的行应得多少分",
        "add a case to cases/ that says what such a row gets",
    ))
}
