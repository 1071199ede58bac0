//! What rule sets share: rules that a pack inherits unchanged are proven once.
//!
//! A claim rests on its [`Ground`]: the formulas with the names they use, what is known of these names, and the values
//! of the rules' constants among them. Where a second set has the same ground, the claim is the same. Slots are told by
//! their names, since a pack that adds a parameter moves them. An input that refutes is made of slots, and is looked
//! for again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write};

use sha2::{Digest, Sha256};

use crate::formula::{Formula, Value};
use crate::proof::claim::{Claim, Verdict};
use crate::proof::explore::{Branches, Domain, Origin, slot_of};
use crate::ruleset::{Method, MethodKind, RuleSet, When};

/// Digest of a ground.
pub(in crate::proof) type Key = [u8; 32];

/// Claims by their ground.
#[derive(Debug, Default)]
pub(in crate::proof) struct Shared {
    known: BTreeMap<Key, Found>,
}

/// What was found of one rule, and the branches that were walked to find it.
#[derive(Debug, Clone, Default)]
pub(in crate::proof) struct Found {
    pub claims: Vec<Claim>,
    pub branches: Vec<Branches>,
}

impl Shared {
    pub fn get(&self, key: &Key) -> Option<&Found> {
        self.known.get(key)
    }

    pub fn keep(&mut self, key: Key, found: Found) {
        if !found.claims.iter().any(|claim| matches!(claim.verdict, Verdict::Refuted(_))) {
            self.known.insert(key, found);
        }
    }
}

/// Names that inputs are made of, whatever a formula uses: a verdict follows from numbers, numbers have words.
const SPOKEN: &[&str] = &[
    "target",
    "actual",
    "target_low",
    "target_high",
    "target_kind",
    "actual_kind",
    "target_comparison",
    "meeting",
    "points_possible",
    "execution_points_possible",
    "budget_annual",
    "budget_executed",
];

/// All that a claim rests on.
#[derive(Clone)]
pub(super) struct Ground<'d> {
    domain: &'d Domain,
    text: String,
    used: BTreeSet<usize>,
    /// A formula that only the interpreter runs has no tree to compare.
    is_opaque: bool,
}

impl<'d> Ground<'d> {
    pub fn of(domain: &'d Domain, rules: &RuleSet) -> Self {
        let used = SPOKEN.iter().filter_map(|name| domain.slot(name)).collect();
        let mut ground = Ground { domain, text: String::new(), used, is_opaque: false };
        // No row has more points than the whole form.
        ground.add(&rules.structure.totals.as_ref().map(|totals| (&totals.form, &totals.execution)));
        ground
    }

    /// Anything that tells no slots.
    pub fn add(&mut self, part: &dyn Debug) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{part:?}");
    }

    pub fn formula(&mut self, formula: &Formula) {
        self.used.extend(formula.names_used());
        match formula.tree() {
            Some(tree) => self.text.push_str(&named(&format!("{tree:?}\n"), self.domain)),
            None => self.is_opaque = true,
        }
    }

    pub fn when(&mut self, when: &When) {
        let When {
            dimension,
            category,
            name,
            target,
            actual,
            comparison,
            meeting,
            direction,
            tier,
            comparable,
            condition,
        } = when;
        self.add(&(dimension, category, name, target, actual, comparison, meeting, direction, tier, comparable));
        for (asked, name) in [(dimension, "dimension"), (category, "category"), (tier, "tier"), (name, "name")] {
            self.used.extend(self.domain.slot(name).filter(|_| !asked.is_empty()));
        }
        if let Some(condition) = condition {
            self.formula(condition);
        }
    }

    /// A method, as far as claims look at it.
    pub fn method(&mut self, method: &Method) {
        let Method { id, kind, direction, direction_at, formula_at, jump_intended, place, .. } = method;
        self.add(&(id, direction, direction_at, jump_intended, place, formula_at.as_ref().map(|node| &node.place)));
        match kind {
            MethodKind::Formula(formula) => self.formula(formula),
            kind => self.add(kind),
        }
    }

    /// The same in fewer words: what was added so far will be part of many keys.
    pub fn condense(&mut self) {
        let digest = Sha256::digest(self.text.as_bytes());
        self.text.clear();
        self.add(&&*digest);
    }

    /// The key of a claim over these periods of the constants; nothing where it cannot be compared.
    pub fn key(mut self, periods: &[Vec<Value>]) -> Option<Key> {
        if self.is_opaque {
            return None;
        }
        let used = self.closed();
        for slot in used {
            let text = self.domain.told(slot);
            self.add(&text);
            if slot < self.domain.constants {
                periods.iter().for_each(|constants| self.add(&constants.get(slot)));
            }
        }
        self.add(&periods.len());
        Some(Sha256::digest(self.text.as_bytes()).into())
    }

    /// The names used, and those that tell of them.
    fn closed(&self) -> Vec<usize> {
        let mut all = self.used.clone();
        let mut open: Vec<usize> = all.iter().copied().collect();
        while let Some(slot) = open.pop() {
            let Some(facts) = self.domain.get(slot) else { continue };
            let behind = match facts.origin {
                Origin::Quantified => &["status", "points_floor", "points_ceiling"][..],
                Origin::Form | Origin::Fixed(_) | Origin::Met | Origin::Judged => &[],
                Origin::LowerIsBetter | Origin::ExecutionRate => &[],
            };
            let behind = behind.iter().filter_map(|name| self.domain.slot(name));
            for next in behind.chain(facts.at_least.iter().filter_map(|key| slot_of(*key))) {
                if all.insert(next) {
                    open.push(next);
                }
            }
        }
        let mut named: Vec<usize> = all.into_iter().collect();
        named.sort_by_key(|slot| self.domain.name(*slot));
        named
    }
}

/// A tree as `Debug` writes it, with names for slots.
fn named(tree: &str, domain: &Domain) -> String {
    const SLOT: &str = "Name(";
    let mut parts = tree.split(SLOT);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at_checked(end).unwrap_or(("", part));
        text.push_str(SLOT);
        match digits.parse() {
            Ok(slot) => text.push_str(domain.name(slot)),
            Err(_) => text.push_str(digits),
        }
        text.push_str(rest);
    }
    text
}
