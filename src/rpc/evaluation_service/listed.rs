//! `ListEvaluations`: filters and orders between messages and the app.

use crate::app::{App, Filter, Order, Refusal};
use crate::diagnostic::Bilingual;
use crate::wire::head::Head;
use crate::wire::pb::v1 as pb;

pub async fn page(app: &App, request: pb::ListEvaluationsRequest) -> Result<pb::ListEvaluationsResponse, Refusal> {
    let pb::ListEvaluationsRequest { page_size, page_token, filter, order } = request;
    let order = match pb::EvaluationOrder::try_from(order) {
        Ok(pb::EvaluationOrder::Unspecified | pb::EvaluationOrder::NewestFirst) => Order::NewestFirst,
        Ok(pb::EvaluationOrder::OldestFirst) => Order::OldestFirst,
        Ok(pb::EvaluationOrder::HighestPointsFirst) => Order::HighestFirst,
        Ok(pb::EvaluationOrder::LowestPointsFirst) => Order::LowestFirst,
        Err(_) => return Err(unknown("order")),
    };
    let page = app.evaluations(page_size, &page_token, wanted(filter.unwrap_or_default()), order).await?;
    let evaluations = page.evaluations.iter().map(Head::summary).collect();
    Ok(pb::ListEvaluationsResponse { evaluations, next_page_token: page.next_page_token })
}

pub fn wanted(filter: pb::EvaluationFilter) -> Filter {
    let pb::EvaluationFilter {
        fiscal_year,
        implementing_unit,
        primary_budget_unit,
        project_code,
        rule_pack,
        revision,
        grade,
        finding_codes,
        claim_differs,
        complete,
    } = filter;
    Filter {
        fiscal_year,
        implementing_unit: implementing_unit.trim().to_owned(),
        primary_budget_unit: primary_budget_unit.trim().to_owned(),
        project_code,
        rule_pack,
        revision,
        grade,
        finding_codes,
        claim_differs,
        complete,
    }
}

/// A number of an enum that this heng does not have.
pub fn unknown(field: &str) -> Refusal {
    let message = Bilingual::new("本服务没有这个选项", "this service has no such value");
    Refusal::of_field(field, message)
}
