//! What rules have to pass before they serve.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Lang};
use crate::impact::{Budget, Excess, FormImpact, Impact, Side};
use crate::pack::PackFiles;
use crate::proof::Claim;
use crate::regress::{CaseResult, Outcome, Runner, prove};
use crate::ruleset::RuleBook;

/// How far rules are tried. Each step includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// They compile.
    Compile,
    /// Their regression cases pass.
    Cases,
    /// What they claim about every form is not refuted.
    Proofs,
}

/// What a change of the rules folder has to pass, and how much of what is stored it may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderTerms {
    pub gate: Gate,
    pub budget: Budget,
}

impl From<Gate> for FolderTerms {
    /// Without a budget.
    fn from(gate: Gate) -> Self {
        FolderTerms { gate, budget: Budget::default() }
    }
}

/// A change that passed the gate and does more to the stored forms than it may.
#[derive(Debug, Clone)]
pub struct Beyond {
    pub impact: Impact,
    /// The limits that do not hold; never empty.
    pub excess: Vec<Excess>,
}

impl Beyond {
    /// The limits that do not hold, and the forms that move most, to be read.
    pub fn shown(&self, lang: Lang) -> String {
        const SHOWN: usize = 5;
        let points = |side: &Side| {
            let scored = side.scored().map(|scored| scored.points.awarded.to_string());
            scored.unwrap_or_else(|| "—".to_owned())
        };
        let mut text = String::new();
        for excess in &self.excess {
            text.push_str(&format!("{}\n", excess.message().get(lang)));
        }
        for form in self.impact.top.iter().take(SHOWN) {
            // Nothing that a form says: this goes into the log.
            let FormImpact { label, old, new, .. } = form;
            text.push_str(&format!("  {label}: {} → {}\n", points(old), points(new)));
        }
        text
    }
}

/// What the packs of a book did not pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// Problems of case files, and refuted claims.
    pub problems: Vec<Diagnostic>,
    /// Failed and broken cases.
    pub failed: Vec<CaseResult>,
    pub passed: usize,
    /// Only when proofs were asked for.
    pub claims: Vec<Claim>,
}

impl Tried {
    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && !self.problems.iter().any(Diagnostic::is_error)
    }
}

/// Tries the packs that `which` names, in the book that was compiled from these files.
pub fn attempt(
    gate: Gate,
    book: &RuleBook,
    files: &[PackFiles],
    which: &BTreeSet<String>,
    form_file: &(dyn Fn(&str, &str) -> Option<Arc<str>> + Sync),
) -> Tried {
    let mut tried = Tried::default();
    if gate == Gate::Compile {
        return tried;
    }
    let book = &book.only(which);
    let runner = Runner { book, folder: files, form_file };
    let report = runner.run("");
    tried.problems.extend(report.problems);
    for result in report.results {
        match result.outcome {
            Outcome::Passed => tried.passed += 1,
            Outcome::Failed(_) | Outcome::Broken(_) => tried.failed.push(result),
        }
    }
    if gate == Gate::Proofs {
        let proofs = prove(&runner, None);
        tried.problems.extend(proofs.problems);
        tried.claims = proofs.claims;
    }
    tried
}
