//! A form as it was printed. Decoded and admitted again, it is the same form.

use crate::form::{
    Amounts, Comparison, Form, FundSource, Funds, Goal, Indicator, Structured, StructuredDraft, Subtotal, Total,
};
use crate::wire::pb::v1 as pb;

/// Every cell as printed; the year as a number. A block in which nothing is written is absent.
pub fn form(form: &Form) -> pb::Form {
    pb::Form {
        project_code: form.project_code().to_owned(),
        project_name: form.project_name().to_owned(),
        fiscal_year: form.fiscal_year().get(),
        implementing_unit: form.implementing_unit().to_owned(),
        primary_budget_unit: form.primary_budget_unit().to_owned(),
        attributes: form.attributes().clone(),
        funds: written(funds(form.funds())),
        goals: form.goals().iter().map(goal).collect(),
        indicators: form.indicators().iter().map(indicator).collect(),
        total: written(total(form.total())),
        subtotals: form.subtotals().iter().map(subtotal).collect(),
    }
}

fn funds(funds: &Funds) -> pb::Funds {
    pb::Funds {
        unit: funds.unit_text().to_owned(),
        points_possible: funds.points_possible().text().to_owned(),
        points_claimed: funds.points_claimed().text().to_owned(),
        execution_rate_claimed: funds.execution_rate_claimed().text().to_owned(),
        total: written(amounts(funds.total())),
        sources: funds.sources().iter().map(source).collect(),
    }
}

fn amounts(amounts: &Amounts) -> pb::Amounts {
    pb::Amounts {
        budget_initial: amounts.budget_initial().text().to_owned(),
        budget_annual: amounts.budget_annual().text().to_owned(),
        budget_executed: amounts.budget_executed().text().to_owned(),
    }
}

fn source(source: &FundSource) -> pb::FundSource {
    let pb::Amounts { budget_initial, budget_annual, budget_executed } = amounts(source.amounts());
    pb::FundSource {
        name: source.name().to_owned(),
        budget_initial,
        budget_annual,
        budget_executed,
        execution_rate_claimed: source.execution_rate_claimed().text().to_owned(),
    }
}

fn goal(goal: &Goal) -> pb::Goal {
    pb::Goal {
        period: goal.period().to_owned(),
        expected: goal.expected().to_owned(),
        achieved: goal.achieved().to_owned(),
    }
}

fn indicator(indicator: &Indicator) -> pb::Indicator {
    pb::Indicator {
        dimension: indicator.dimension().to_owned(),
        category: indicator.category().to_owned(),
        name: indicator.name().to_owned(),
        target: indicator.target().to_owned(),
        actual: indicator.actual().to_owned(),
        points_possible: indicator.points_possible().text().to_owned(),
        points_claimed: indicator.points_claimed().text().to_owned(),
        deviation_reason: indicator.deviation_reason().to_owned(),
        target_structured: indicator.target_structured().map(structured),
        actual_structured: indicator.actual_structured().map(structured),
        attributes: indicator.attributes().clone(),
    }
}

pub(super) fn structured(structured: &Structured) -> pb::StructuredValue {
    let StructuredDraft { comparison: _, value, low, high, unit, date, tier } = structured.to_draft();
    let comparison = structured.comparison().map(|comparison| comparison_of(comparison).into());
    pb::StructuredValue { comparison, value, low, high, unit, date, tier }
}

fn comparison_of(comparison: Comparison) -> pb::Comparison {
    match comparison {
        Comparison::AtLeast => pb::Comparison::AtLeast,
        Comparison::AtMost => pb::Comparison::AtMost,
        Comparison::MoreThan => pb::Comparison::MoreThan,
        Comparison::LessThan => pb::Comparison::LessThan,
        Comparison::Exactly => pb::Comparison::Exactly,
        Comparison::Within => pb::Comparison::Within,
    }
}

fn total(total: &Total) -> pb::Total {
    pb::Total {
        points_possible: total.points_possible().text().to_owned(),
        points_claimed: total.points_claimed().text().to_owned(),
    }
}

fn subtotal(subtotal: &Subtotal) -> pb::Subtotal {
    pb::Subtotal {
        dimension: subtotal.dimension().to_owned(),
        category: subtotal.category().to_owned(),
        points_possible: subtotal.points_possible().text().to_owned(),
        points_claimed: subtotal.points_claimed().text().to_owned(),
    }
}

/// One form, one encoding: an empty block and an absent one mean the same, so it is absent.
fn written<M: Default + PartialEq>(message: M) -> Option<M> {
    (message != M::default()).then_some(message)
}
