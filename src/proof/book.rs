//! All claims about the packs of a folder.

use super::prover::{Shared, prove_with};
use super::{Claim, Proofs};
use crate::diagnostic::Diagnostic;
use crate::ruleset::{RuleBook, RuleSet};

/// Proves every set of a book, or `only` the one of this name. What a pack inherits is told once, by the pack that wrote it, unless it is an error
/// that only the heir makes of it.
pub fn prove_book(book: &RuleBook, only: Option<&str>) -> Proofs {
    let mut all = Proofs::default();
    let mut shared = Shared::default();
    for rules in book.sets().filter(|rules| only.is_none_or(|only| only == rules.id)) {
        let Proofs { claims, problems } = prove_with(rules, Some(&mut shared));
        for claim in claims {
            if !all.claims.iter().any(|other| is_same(other, &claim)) {
                all.claims.push(claim);
            }
        }
        for found in problems.into_iter().filter(|found| found.is_error() || is_own(found, rules)) {
            if !all.problems.contains(&found) {
                all.problems.push(found);
            }
        }
    }
    all
}

fn is_same(one: &Claim, other: &Claim) -> bool {
    one.property == other.property
        && one.rule == other.rule
        && one.entry == other.entry
        && one.place == other.place
        && one.verdict == other.verdict
}

fn is_own(found: &Diagnostic, rules: &RuleSet) -> bool {
    let own = format!("{}/", rules.id);
    found.place.as_ref().is_none_or(|place| place.file.starts_with(&own))
}
