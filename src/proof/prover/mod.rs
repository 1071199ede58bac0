//! All claims about a rule set.

mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::claim::{Claim, Doubt, Property, Verdict};
use super::context::CONDITION;
use super::decide::Hints;
use super::explore::{Branches, Domain, years};
use super::methods::{self, Table, Use, numbers, within_and_defined};
use super::{adjustments, checks, pairs, report};
use crate::diagnostic::{Bilingual, Place};
use crate::document::Problems;
use crate::formula::{Formula, Node, Spot, Value};
use crate::quantity::Exact;
use crate::ruleset::{Entry, Method, MethodKind, Outcome, RuleSet, Scope};

pub(super) use shared::Shared;
use shared::{Found, Ground, Key};

/// Every claim about a rule set, and what the author must hear of them.
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    pub claims: Vec<Claim>,
    pub problems: Problems,
}

impl Proofs {
    /// Takes note of findings that were really made: checks of these codes can find something.
    pub fn settle(&mut self, found: &BTreeSet<String>) {
        let settled = |claim: &Claim| {
            let code = claim.rule.strip_prefix("checks.");
            claim.verdict == Verdict::NotProven(Doubt::Unseen) && code.is_some_and(|code| found.contains(code))
        };
        for claim in self.claims.iter_mut().filter(|claim| settled(claim)) {
            let told = report::diagnostic(claim, &[]);
            self.problems.retain(|problem| Some(problem) != told.as_ref());
            claim.verdict = Verdict::Proven;
        }
    }
}

/// Branches by the file of a script, or the rule whose formula it is.
type Taken = BTreeMap<(Option<Arc<str>>, String), (Spot, [bool; 2], Place)>;

/// Tries to prove or refute every claim about a rule set. Total: what cannot be decided is said to be so.
pub fn prove(rules: &RuleSet) -> Proofs {
    prove_with(rules, None)
}

/// The same, with what was found of other sets that rest on the same ground.
pub(super) fn prove_with(rules: &RuleSet, shared: Option<&mut Shared>) -> Proofs {
    let mut prover = Prover { rules, claims: Vec::new(), taken: Taken::new(), partial: false, shared };
    prover.table(&rules.execution, Scope::ScoreExecution);
    prover.table(&rules.scoring, Scope::ScoreRow);
    prover.adjustments();
    prover.checks();
    prover.branches();
    let claims = prover.claims;
    let mut problems = report::without_citation(&rules.execution);
    problems.extend(report::without_citation(&rules.scoring));
    problems.extend(report::interpreted(rules));
    let entries: Vec<&Entry> = rules.scoring.iter().chain(rules.execution.iter()).collect();
    for found in claims.iter().filter_map(|claim| report::diagnostic(claim, &entries)) {
        if !problems.contains(&found) {
            problems.push(found);
        }
    }
    Proofs { claims, problems }
}

struct Prover<'r, 's> {
    rules: &'r RuleSet,
    claims: Vec<Claim>,
    taken: Taken,
    partial: bool,
    shared: Option<&'s mut Shared>,
}

impl<'r> Prover<'r, '_> {
    /// The values of the constants in every period in which those in `used` differ.
    fn periods(&self, used: &BTreeSet<usize>) -> Vec<Vec<Value>> {
        let (first, last) = years(self.rules);
        let values = self.rules.parameters.iter().flat_map(|parameter| &parameter.values);
        let starts: BTreeSet<i32> =
            values.map(|value| value.since).filter(|year| (first..=last).contains(year)).chain([first]).collect();
        let mut seen = BTreeSet::new();
        let mut periods = Vec::new();
        for year in starts {
            let constants = self.rules.constants(year);
            let told: Vec<String> =
                used.iter().filter_map(|slot| constants.get(*slot)).map(ToString::to_string).collect();
            if seen.insert(told) {
                periods.push(constants);
            }
        }
        periods
    }

    fn table(&mut self, entries: &'r [Entry], scope: Scope) {
        let domain = Domain::of(self.rules, &self.rules.names_in(scope));
        let hints = Hints::of(self.rule_numbers(entries));
        let table = Table {
            rules: self.rules,
            entries,
            domain: &domain,
            hints: &hints,
            for_execution: scope == Scope::ScoreExecution,
        };
        let mut before = Ground::of(&domain, self.rules);
        for (index, entry) in entries.iter().enumerate() {
            if self.shared.is_some() {
                before.when(&entry.when);
                before.condense();
            }
            self.entry(&table, index, entry, &before);
        }
    }

    /// `before` are the conditions up to that of the entry.
    fn entry(&mut self, table: &Table<'_>, index: usize, entry: &Entry, before: &Ground<'_>) {
        let method = match entry.outcome {
            Outcome::Method(method) => self.rules.method(method),
            _ => None,
        };
        let constants = table.domain.constants;
        let conditions = table.entries.iter().take(index + 1).filter_map(|entry| entry.when.condition.as_ref());
        let formula = method.and_then(formula_of);
        let used: BTreeSet<usize> =
            conditions.chain(formula).flat_map(Formula::names_used).filter(|slot| *slot < constants).collect();
        let periods = self.periods(&used);
        let ground = || {
            let mut ground = before.clone();
            ground.add(&(&entry.id, &entry.place, entry.condition_at.as_ref().map(|node| &node.place)));
            if let Some(method) = method {
                ground.method(method);
            }
            ground.key(&periods)
        };
        let found = self.found(ground, |_| look_at(table, index, entry, method, &periods));
        let (rule, at) = match method {
            Some(method) => (format!("methods.{}", method.id), method.formula_at.as_ref()),
            None => (String::new(), None),
        };
        found.branches.iter().for_each(|branches| self.note(branches, &rule, at));
        self.claims.extend(found.claims);
    }

    /// What was found of the same ground before, or what is found now.
    fn found(&mut self, key: impl Fn() -> Option<Key>, look: impl FnOnce(&mut Self) -> Found) -> Found {
        let key = self.shared.as_ref().and_then(|_| key());
        let known = key.and_then(|key| self.shared.as_ref()?.get(&key).cloned());
        known.unwrap_or_else(|| {
            let found = look(self);
            if let (Some(key), Some(shared)) = (key, self.shared.as_mut()) {
                shared.keep(key, found.clone());
            }
            found
        })
    }
}

impl Prover<'_, '_> {
    fn adjustments(&mut self) {
        let constants = self.rules.names.constants();
        for rule in self.rules.adjustments.iter() {
            let domain = Domain::of(self.rules, &self.rules.names_in(rule.scope.names()));
            let used = rule.points.names_used().chain(rule.when.iter().flat_map(Formula::names_used));
            let periods = self.periods(&used.filter(|slot| *slot < constants).collect());
            let ground = || {
                let mut ground = Ground::of(&domain, self.rules);
                ground.add(&(&rule.id, &rule.place, rule.scope, domain.name(rule.slot)));
                rule.when.iter().chain([&rule.points]).for_each(|formula| ground.formula(formula));
                ground.key(&periods)
            };
            let found = self.found(ground, |_| {
                let all = periods.iter().flat_map(|constants| adjustments::claims(rule, &domain, constants));
                Found { claims: worst(all.collect::<Vec<_>>()), branches: Vec::new() }
            });
            self.claims.extend(found.claims);
        }
    }

    fn checks(&mut self) {
        let rules = self.rules;
        let mut domains: BTreeMap<u8, Domain> = BTreeMap::new();
        let coverage = rules.coverage.iter().map(|check| (check, true));
        let checks = rules.checks.iter().map(|check| (check, false));
        for (check, covering) in coverage.chain(checks) {
            let scope = if covering { Scope::Coverage } else { check.scope.names() };
            let domain = domains.entry(scope as u8).or_insert_with(|| Domain::of(rules, &rules.names_in(scope)));
            let used = check.when.names_used().filter(|slot| *slot < domain.constants).collect();
            let periods = self.periods(&used);
            let ground = || {
                let mut ground = Ground::of(domain, rules);
                ground.add(&(scope as u8, &check.code, &check.place, check.when_at.as_ref().map(|node| &node.place)));
                ground.formula(&check.when);
                ground.key(&periods)
            };
            let found = self.found(ground, |_| {
                let mut branches = Branches::default();
                let claims = checks::claims(check, rules, domain, &periods, &mut branches);
                Found { claims, branches: vec![branches] }
            });
            let rule = format!("checks.{}", check.code);
            found.branches.iter().for_each(|branches| self.note(branches, &rule, check.when_at.as_ref()));
            self.claims.extend(found.claims);
        }
    }

    /// Remembers which branches of a rule's formula, and of the scripts it calls, were taken.
    fn note(&mut self, branches: &Branches, rule: &str, at: Option<&crate::document::Node>) {
        self.partial |= branches.partial;
        for ((file, _), (spot, taken)) in &branches.taken {
            let place = match (file, at) {
                (Some(file), _) if file.starts_with(CONDITION) => continue,
                (Some(file), _) => place_in(file, spot),
                (None, Some(node)) => node.place_at(spot.offset, spot.length),
                (None, None) => continue,
            };
            let owner = if file.is_some() { spot.offset.to_string() } else { format!("{rule} {}", spot.offset) };
            let known = self.taken.entry((file.clone(), owner)).or_insert((*spot, [false, false], place));
            for (own, new) in known.1.iter_mut().zip(taken) {
                *own |= new;
            }
        }
    }

    fn branches(&mut self) {
        if self.partial {
            return;
        }
        for ((file, owner), (_, taken, place)) in std::mem::take(&mut self.taken) {
            let rule = match &file {
                Some(file) => file.to_string(),
                None => owner.split(' ').next().unwrap_or_default().to_owned(),
            };
            let claim = match taken {
                [true, true] => Claim { verdict: Verdict::Proven, ..report::dead_branch(place, &rule, false) },
                [_, on_true] => report::dead_branch(place, &rule, !on_true),
            };
            self.claims.push(claim);
        }
    }

    /// The numbers of the rules: what the boundaries of a formula may be.
    fn rule_numbers(&self, entries: &[Entry]) -> Vec<Exact> {
        let mut found = Vec::new();
        let trees = entries.iter().filter_map(|entry| entry.when.condition.as_ref()?.tree());
        let methods = self.rules.methods.iter().filter_map(|method| formula_of(method)?.tree());
        trees.chain(methods).for_each(|tree: &Node| numbers(tree, &mut found));
        let tables = self.rules.tables.iter().flat_map(|table| table.rows.rows());
        found.extend(tables.flat_map(|(interval, _)| [interval.low.clone(), interval.high.clone()]));
        found.truncate(60);
        found
    }
}

/// All claims about an entry.
fn look_at(table: &Table<'_>, index: usize, entry: &Entry, method: Option<&Method>, periods: &[Vec<Value>]) -> Found {
    let (mut is_reachable, mut claims, mut branches) = (false, Vec::new(), Vec::new());
    for constants in periods {
        let (reachable, found, walked) = entry_in(table, index, entry, method, constants);
        is_reachable |= reachable;
        claims.extend(found);
        branches.extend(walked);
    }
    let verdict = if is_reachable { Verdict::Proven } else { Verdict::Dead(never_reached(entry)) };
    let reached = Claim {
        property: Property::Reachable,
        rule: format!("scoring.{}", entry.id),
        entry: entry.id.clone(),
        place: entry.place.clone(),
        verdict,
        stepwise: false,
    };
    let others = if is_reachable { worst(claims) } else { Vec::new() };
    Found { claims: std::iter::once(reached).chain(others).collect(), branches }
}

/// Whether anything gets to an entry in one period, the claims about it, and the branches of its formula.
fn entry_in(
    table: &Table<'_>,
    index: usize,
    entry: &Entry,
    method: Option<&Method>,
    constants: &[Value],
) -> (bool, Vec<Claim>, Option<Branches>) {
    let Some(method) = method else {
        let (reachable, claim) = methods::reached(table, index, constants);
        return (reachable, claim.into_iter().collect(), None);
    };
    let claim = |property, verdict| Claim {
        property,
        rule: format!("methods.{}", method.id),
        entry: entry.id.clone(),
        place: method.formula_at.as_ref().map_or_else(|| method.place.clone(), |node| node.place.clone()),
        verdict,
        stepwise: false,
    };
    let (reachable, condition) = methods::reached(table, index, constants);
    let mut claims: Vec<Claim> = condition.into_iter().collect();
    let MethodKind::Formula(formula) = &method.kind else {
        // A share lies within 0 and 1, or the pack does not compile.
        claims.push(claim(Property::WithinPossible, Verdict::Proven));
        return (reachable, claims, None);
    };
    let Some(tree) = formula.tree() else {
        let doubt = || Verdict::NotProven(Doubt::Interpreted(String::new()));
        let properties = [Some(Property::WithinPossible), method.direction.map(|_| Property::Direction)];
        claims.extend(properties.into_iter().flatten().map(|property| claim(property, doubt())));
        return (reachable, claims, None);
    };
    let moving = pairs::moving(table.domain, table.for_execution);
    let of = Use { table, index, entry, method, formula, tree, constants, moving };
    let mut branches = Branches::default();
    claims.extend(within_and_defined(&of, &mut branches));
    claims.extend(pairs::direction(&of));
    claims.extend(pairs::jump(&of));
    (reachable, claims, Some(branches))
}

fn formula_of(method: &Method) -> Option<&Formula> {
    match &method.kind {
        MethodKind::Formula(formula) => Some(formula),
        _ => None,
    }
}

fn place_in(file: &Arc<str>, spot: &Spot) -> Place {
    let number = |n: usize| u32::try_from(n).unwrap_or(1);
    Place::new(file.clone(), number(spot.line), number(spot.column), number(spot.length))
}

fn never_reached(entry: &Entry) -> Bilingual {
    let id = &entry.id;
    Bilingual::new(
        format!("`{id}` 永远轮不到：条件自相矛盾，或前面的条目已取走符合它的所有行"),
        format!("`{id}` is never reached: its conditions contradict each other, or earlier entries take all its rows"),
    )
}

/// Of several claims of one kind, the one that must be told.
fn worst(claims: impl IntoIterator<Item = Claim>) -> Vec<Claim> {
    let rank = |claim: &Claim| match claim.verdict {
        Verdict::Refuted(_) => 0,
        Verdict::NotProven(_) => 1,
        Verdict::Dead(_) => 2,
        Verdict::Intended => 3,
        Verdict::Proven => 4,
    };
    let mut kept: Vec<Claim> = Vec::new();
    for claim in claims {
        let same = |other: &&mut Claim| other.property == claim.property && other.rule == claim.rule;
        match kept.iter_mut().find(same) {
            Some(other) if rank(&claim) < rank(other) => *other = claim,
            Some(_) => {}
            None => kept.push(claim),
        }
    }
    kept
}
