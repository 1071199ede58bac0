//! The execution of the budget, scored like a row by the pack's own entries.

use super::adjust::adjusted;
use super::facts::{execution_possible, execution_rate};
use super::patience::Patience;
use super::score::{Stake, Subject, score};
use super::{ExecutionResult, Score};
use crate::form::{Amounts, Form};
use crate::formula::Value;
use crate::quantity::Ratio;
use crate::ruleset::{AdjustmentScope, RuleSet};

/// What the line of the execution may get, and what it claims.
pub(super) fn stake(rules: &RuleSet, form: &Form) -> Stake {
    Stake { possible: execution_possible(rules, form), claimed: form.funds().points_claimed().value().copied() }
}

/// The same line where nobody scores it.
pub(super) fn unscored(rules: &RuleSet, form: &Form, score: impl FnOnce(Stake) -> Score) -> Option<ExecutionResult> {
    if rules.execution.is_empty() || says_nothing(form) {
        return None;
    }
    Some(ExecutionResult { rate: execution_rate(form).map(Ratio::new), score: score(stake(rules, form)) })
}

/// `None` when the rules score no execution, or the form has neither money nor points for it.
pub(super) fn score_execution(
    rules: &RuleSet,
    patience: &Patience<'_>,
    form: &Form,
    values: &mut Vec<Value>,
) -> Option<ExecutionResult> {
    if rules.execution.is_empty() || says_nothing(form) {
        return None;
    }
    let stake = stake(rules, form);
    let decimals = rules.decimals(form.fiscal_year().get());
    let subject = Subject { rules, patience, decimals, stake, row: None, row_slot: values.len() };
    let scored = score(&subject, values, &rules.execution, 0..rules.execution.len());
    let score = adjusted(&subject, values, AdjustmentScope::Execution, scored);
    Some(ExecutionResult { rate: execution_rate(form).map(Ratio::new), score })
}

fn says_nothing(form: &Form) -> bool {
    let funds = form.funds();
    let amounts: [fn(&Amounts) -> bool; 3] = [
        |amounts| amounts.budget_initial().is_blank(),
        |amounts| amounts.budget_annual().is_blank(),
        |amounts| amounts.budget_executed().is_blank(),
    ];
    funds.points_possible().is_blank()
        && funds.points_claimed().is_blank()
        && amounts.iter().all(|blank| blank(funds.total()))
}
