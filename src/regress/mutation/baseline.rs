//! Survivors that somebody looked at and accepts, with the reason.

use std::collections::BTreeMap;

use super::slips::Mutant;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{self, Fields, Limits, Problems};

/// One accepted survivor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub id: String,
    pub reason: String,
    pub place: Place,
}

/// The accepted survivors by id. A list of groups, each a reason with the mutants it is given for:
///
/// ```yaml
/// - reason: 词义与 显著、提升 两词相同，有没有它读法都一样
///   mutants:
///     3fa2b1c0d4e5: lexicon.yaml tiers.achieved.words[显著提升]
/// ```
///
/// What stands behind an id tells people which mutant it is; the id alone counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    accepted: BTreeMap<String, Accepted>,
}

impl Baseline {
    /// Reads a file of accepted survivors.
    pub fn parse(shown: &str, text: &str, problems: &mut Problems) -> Baseline {
        let mut baseline = Baseline::default();
        let root = match document::parse(shown, text, &Limits::RULES) {
            Ok(root) => root,
            Err(found) => {
                problems.extend(found);
                return baseline;
            }
        };
        let Some(groups) = root.as_list() else {
            let message = Bilingual::new("这里应为列表：- reason: …", "expected a list here: - reason: …");
            problems.push(Diagnostic::error("wrong_type", root.place.clone(), message));
            return baseline;
        };
        for group in groups {
            let mut fields = Fields::of(group, problems);
            let reason = fields.required_text("reason").map(|(text, _)| text.to_owned());
            fields.required("mutants");
            let mutants = fields.entries("mutants");
            fields.finish();
            let Some(reason) = reason else { continue };
            for (key, _) in mutants {
                let accepted = Accepted { id: key.text.clone(), reason: reason.clone(), place: key.place.clone() };
                baseline.accepted.insert(key.text.clone(), accepted);
            }
        }
        baseline
    }

    pub fn accepts(&self, mutant: &Mutant) -> Option<&Accepted> {
        self.accepted.get(&mutant.id)
    }

    /// Entries that no survivor has: the mutant is gone, or a case kills it now.
    pub fn stale<'b>(&'b self, survivors: &[&Mutant]) -> Vec<&'b Accepted> {
        self.accepted.values().filter(|one| !survivors.iter().any(|mutant| mutant.id == one.id)).collect()
    }

    pub fn extend(&mut self, other: Baseline) {
        self.accepted.extend(other.accepted);
    }
}
