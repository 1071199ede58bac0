//! What evaluation asks of a form, settled when the rules are compiled: which checks look at what, and which names
//! their formulas mention. A fact that no formula mentions is not computed.

use std::sync::{Arc, OnceLock};

use super::{Check, CheckScope};
use crate::formula::{Formula, Network};
use crate::ruleset::{AdjustmentScope, FormInput, FormResult, MethodKind, RowInput, RuleSet};

/// The names that some formulas mention, by slot.
#[derive(Debug, Clone, Default)]
pub struct Mentioned {
    slots: Vec<bool>,
}

impl Mentioned {
    pub fn has(&self, slot: usize) -> bool {
        self.slots.get(slot).copied().unwrap_or(false)
    }

    fn note(&mut self, slot: usize) {
        if self.slots.len() <= slot {
            self.slots.resize(slot.saturating_add(1), false);
        }
        if let Some(mentioned) = self.slots.get_mut(slot) {
            *mentioned = true;
        }
    }

    fn by<'f>(formulas: impl IntoIterator<Item = &'f Formula>) -> Self {
        let mut mentioned = Mentioned::default();
        formulas.into_iter().flat_map(Formula::names_used).for_each(|slot| mentioned.note(slot));
        mentioned
    }
}

/// The checks of one scope.
#[derive(Debug, Clone)]
pub struct ScopePlan {
    pub scope: CheckScope,
    /// Indexes into `RuleSet::checks`, ascending; at least one.
    pub checks: Vec<usize>,
    /// By their conditions.
    pub tested: Mentioned,
    /// By their conditions and their messages.
    pub told: Mentioned,
    /// How many names are the same for all that the scope looks at: the constants, and those of the form.
    of_form: usize,
    /// Made when the first form comes.
    network: OnceLock<Arc<Network>>,
}

impl ScopePlan {
    /// The conditions of its checks, by their places in `checks`, compiled together.
    pub fn network(&self, rules: &RuleSet) -> &Network {
        self.network.get_or_init(|| {
            let checks = self.checks.iter().filter_map(|order| rules.checks.get(*order));
            let conditions: Vec<&Formula> = checks.map(|check: &Check| &check.when).collect();
            Arc::new(Network::of(&conditions, self.of_form))
        })
    }
}

/// What evaluation asks of a form.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// In the order of [`CheckScope::ALL`]; those that no check looks at are left out.
    pub scopes: Vec<ScopePlan>,
    /// What the scoring of a row and the checks of rows mention, in the order of `RowInput`.
    pub row: Vec<RowInput>,
    /// What any formula mentions of the form as a whole; by the place of the name among `FormInput`.
    pub form: Mentioned,
}

impl Plan {
    pub(in crate::ruleset) fn of(rules: &RuleSet) -> Self {
        let constants = rules.parameters.len() + rules.words.len() + rules.tables.len();
        let scored_at = constants + FormInput::ALL.len() + rules.structure.attributes.len();
        let checked_at = scored_at + FormResult::ALL.len();
        let scopes: Vec<ScopePlan> =
            CheckScope::ALL.into_iter().filter_map(|scope| plan_of(rules, scope, checked_at)).collect();
        let scored = Mentioned::by(formulas_of_rows(rules));
        let checked = scopes.iter().find(|plan| plan.scope == CheckScope::Indicator);
        let is_asked =
            |at: usize| scored.has(scored_at + at) || checked.is_some_and(|plan| plan.told.has(checked_at + at));
        let row = RowInput::ALL.iter().enumerate().filter(|(at, _)| is_asked(*at)).map(|(_, fact)| *fact).collect();
        let told = scopes.iter().map(|plan| &plan.told);
        let others = Mentioned::by(formulas_of_forms(rules));
        let all: Vec<&Mentioned> = told.chain([&scored, &others]).collect();
        let mut form = Mentioned::default();
        for fact in (0..FormInput::ALL.len()).filter(|fact| all.iter().any(|one| one.has(constants + fact))) {
            form.note(fact);
        }
        Plan { scopes, row, form }
    }
}

fn plan_of(rules: &RuleSet, scope: CheckScope, of_form: usize) -> Option<ScopePlan> {
    let own = || rules.checks.iter().enumerate().filter(|(_, check)| check.scope == scope);
    let checks: Vec<usize> = own().map(|(order, _)| order).collect();
    if checks.is_empty() {
        return None;
    }
    let tested = Mentioned::by(own().map(|(_, check)| &check.when));
    let told = Mentioned::by(own().flat_map(|(_, check)| std::iter::once(&check.when).chain(check.told())));
    Some(ScopePlan { scope, checks, tested, told, of_form, network: OnceLock::new() })
}

/// Whatever looks at the form as a whole, its checks aside.
fn formulas_of_forms(rules: &RuleSet) -> impl Iterator<Item = &Formula> {
    let coverage = rules.coverage.iter().flat_map(|check| std::iter::once(&check.when).chain(check.told()));
    let conditions = rules.execution.iter().filter_map(|entry| entry.when.condition.as_ref());
    let methods = rules.methods.iter().filter_map(|method| match &method.kind {
        MethodKind::Formula(formula) => Some(&**formula),
        MethodKind::Tiers(_) | MethodKind::Range(_) => None,
    });
    let adjustments = rules.adjustments.iter().flat_map(|rule| rule.when.iter().chain(std::iter::once(&rule.points)));
    coverage.chain(conditions).chain(methods).chain(adjustments)
}

/// Whatever scores and adjusts a row.
fn formulas_of_rows(rules: &RuleSet) -> impl Iterator<Item = &Formula> {
    let conditions = rules.scoring.iter().filter_map(|entry| entry.when.condition.as_ref());
    let methods = rules.methods.iter().filter(|method| !method.for_execution);
    let methods = methods.filter_map(|method| match &method.kind {
        MethodKind::Formula(formula) => Some(&**formula),
        MethodKind::Tiers(_) | MethodKind::Range(_) => None,
    });
    let adjustments = rules.adjustments.iter().filter(|rule| rule.scope == AdjustmentScope::Indicator);
    let adjustments = adjustments.flat_map(|rule| rule.when.iter().chain(std::iter::once(&rule.points)));
    conditions.chain(methods).chain(adjustments)
}
