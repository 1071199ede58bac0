//! A form as somebody typed it: nothing is checked, nothing is lost.

use std::collections::BTreeMap;

/// Every cell is the text that was written; "" is a cell nobody wrote in. See `heng.v1.Form` for what each
/// field is on paper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    pub project_code: String,
    pub project_name: String,
    pub fiscal_year: String,
    pub implementing_unit: String,
    pub primary_budget_unit: String,
    pub attributes: BTreeMap<String, String>,
    pub funds: FundsDraft,
    pub goals: Vec<GoalDraft>,
    pub indicators: Vec<IndicatorDraft>,
    pub total: TotalDraft,
    pub subtotals: Vec<SubtotalDraft>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FundsDraft {
    pub unit: String,
    pub points_possible: String,
    pub points_claimed: String,
    pub execution_rate_claimed: String,
    pub total: AmountsDraft,
    pub sources: Vec<FundSourceDraft>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AmountsDraft {
    pub budget_initial: String,
    pub budget_annual: String,
    pub budget_executed: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FundSourceDraft {
    pub name: String,
    pub amounts: AmountsDraft,
    pub execution_rate_claimed: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoalDraft {
    pub period: String,
    pub expected: String,
    pub achieved: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndicatorDraft {
    pub dimension: String,
    pub category: String,
    pub name: String,
    pub target: String,
    pub actual: String,
    pub points_possible: String,
    pub points_claimed: String,
    pub deviation_reason: String,
    pub target_structured: StructuredDraft,
    pub actual_structured: StructuredDraft,
    pub attributes: BTreeMap<String, String>,
}

/// See `heng.v1.StructuredValue`. Blank in every field: none was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StructuredDraft {
    /// `AT_LEAST`, or `COMPARISON_AT_LEAST` as protobuf names it.
    pub comparison: String,
    pub value: String,
    pub low: String,
    pub high: String,
    pub unit: String,
    pub date: String,
    pub tier: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TotalDraft {
    pub points_possible: String,
    pub points_claimed: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubtotalDraft {
    pub dimension: String,
    pub category: String,
    pub points_possible: String,
    pub points_claimed: String,
}
