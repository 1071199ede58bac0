//! All claims about a rule set.

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
    let mut prover = Prover { rules, claims: Vec::new(), taken: Taken::new(), partial: false };
    prover.table(&rules.execution, Scope::ScoreExecution);
    prover.table(&rules.scoring, Scope::ScoreRow);
    prover.adjustments();
    prover.checks();
    prover.branches();
    let claims = prover.claims;
    let mut problems = report::without_citation(&rules.execution);
    problems.extend(report::without_citation(&rules.scoring));
    let entries: Vec<&Entry> = rules.scoring.iter().chain(&rules.execution).collect();
    for found in claims.iter().filter_map(|claim| report::diagnostic(claim, &entries)) {
        if !problems.contains(&found) {
            problems.push(found);
        }
    }
    Proofs { claims, problems }
}

struct Prover<'r> {
    rules: &'r RuleSet,
    claims: Vec<Claim>,
    taken: Taken,
    partial: bool,
}

impl<'r> Prover<'r> {
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
        for (index, entry) in entries.iter().enumerate() {
            self.entry(&table, index, entry);
        }
    }

    fn entry(&mut self, table: &Table<'_>, index: usize, entry: &Entry) {
        let method = match entry.outcome {
            Outcome::Method(method) => self.rules.method(method),
            _ => None,
        };
        let constants = table.domain.constants;
        let conditions = table.entries.iter().take(index + 1).filter_map(|entry| entry.when.condition.as_ref());
        let formula = method.and_then(formula_of);
        let used: BTreeSet<usize> =
            conditions.chain(formula).flat_map(Formula::names_used).filter(|slot| *slot < constants).collect();
        let mut found = Vec::new();
        for constants in self.periods(&used) {
            found.push(self.entry_in(table, index, entry, method, &constants));
        }
        let reachable = found.iter().any(|(reachable, _)| *reachable);
        let verdict = if reachable { Verdict::Proven } else { Verdict::Dead(never_reached(entry)) };
        let at = Claim {
            property: Property::Reachable,
            rule: format!("scoring.{}", entry.id),
            entry: entry.id.clone(),
            place: entry.place.clone(),
            verdict,
            stepwise: false,
        };
        self.claims.push(at);
        if reachable {
            self.claims.extend(worst(found.into_iter().flat_map(|(_, claims)| claims)));
        }
    }
}

impl Prover<'_> {
    /// The claims about an entry in one period, and whether anything gets to it.
    fn entry_in(
        &mut self,
        table: &Table<'_>,
        index: usize,
        entry: &Entry,
        method: Option<&Method>,
        constants: &[Value],
    ) -> (bool, Vec<Claim>) {
        let Some(method) = method else {
            let (reachable, claim) = methods::reached(table, index, constants);
            return (reachable, claim.into_iter().collect());
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
            return (reachable, claims);
        };
        let Some(tree) = formula.tree() else {
            let doubt = || Verdict::NotProven(Doubt::Interpreted(String::new()));
            let properties = [Some(Property::WithinPossible), method.direction.map(|_| Property::Direction)];
            claims.extend(properties.into_iter().flatten().map(|property| claim(property, doubt())));
            return (reachable, claims);
        };
        let moving = pairs::moving(table.domain, table.for_execution);
        let of = Use { table, index, entry, method, formula, tree, constants, moving };
        let mut branches = Branches::default();
        claims.extend(within_and_defined(&of, &mut branches));
        claims.extend(pairs::direction(&of));
        claims.extend(pairs::jump(&of));
        self.note(&branches, &format!("methods.{}", method.id), method.formula_at.as_ref());
        (reachable, claims)
    }

    fn adjustments(&mut self) {
        let constants = self.rules.names.constants();
        for rule in &self.rules.adjustments {
            let domain = Domain::of(self.rules, &self.rules.names_in(rule.scope.names()));
            let used = rule.points.names_used().chain(rule.when.iter().flat_map(Formula::names_used));
            let periods = self.periods(&used.filter(|slot| *slot < constants).collect());
            let found = periods.iter().flat_map(|constants| adjustments::claims(rule, &domain, constants));
            self.claims.extend(worst(found.collect::<Vec<_>>()));
        }
    }

    fn checks(&mut self) {
        let constants = self.rules.names.constants();
        let coverage = self.rules.coverage.iter().map(|check| (check, true));
        let checks = self.rules.checks.iter().map(|check| (check, false));
        for (check, covering) in coverage.chain(checks) {
            let scope = if covering { Scope::Coverage } else { check.scope.names() };
            let domain = Domain::of(self.rules, &self.rules.names_in(scope));
            let used = check.when.names_used().filter(|slot| *slot < constants).collect();
            let periods = self.periods(&used);
            let mut branches = Branches::default();
            let claims = checks::claims(check, self.rules, &domain, &periods, &mut branches);
            self.claims.extend(claims);
            self.note(&branches, &format!("checks.{}", check.code), check.when_at.as_ref());
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
