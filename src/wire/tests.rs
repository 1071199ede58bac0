//! Bytes and JSON, there and back.

mod bytes;
mod evaluation;
mod json;
mod ledger;
mod layout;
mod structured;

use crate::form::{AmountsDraft, Draft, Form, FundSourceDraft, FundsDraft, GoalDraft, IndicatorDraft, TotalDraft};

/// A draft in which every printed cell says something else, so that no two can be mixed up. It has no structures,
/// columns of its own or subtotals: the fixture was written before there were any.
fn every_cell() -> Draft {
    let amounts = |seed: u32| AmountsDraft {
        budget_initial: format!(" {seed}1.00"),
        budget_annual: format!("{seed}2万元"),
        budget_executed: "—".into(),
    };
    let indicator = |seed: u32| IndicatorDraft {
        dimension: format!("维{seed}"),
        category: format!("类{seed}"),
        name: format!("名\n{seed}"),
        target: format!("≥{seed}个"),
        actual: format!("{seed} 个"),
        points_possible: format!("{seed}.00"),
        points_claimed: format!("{seed}.50分"),
        deviation_reason: format!("因{seed}"),
        ..IndicatorDraft::default()
    };
    Draft {
        project_code: "440307220601500400009".into(),
        project_name: "投资推广和企业服务".into(),
        fiscal_year: "2022".into(),
        implementing_unit: "实施单位".into(),
        primary_budget_unit: "预算单位".into(),
        attributes: [("联系人".into(), "张三".into()), ("主管部门".into(), String::new())].into(),
        funds: FundsDraft {
            unit: "元".into(),
            points_possible: "10".into(),
            points_claimed: "9.18".into(),
            execution_rate_claimed: "91.76".into(),
            total: amounts(7),
            sources: vec![FundSourceDraft {
                name: "其他资金".into(),
                amounts: amounts(8),
                ..FundSourceDraft::default()
            }],
        },
        goals: vec![GoalDraft { period: "annual".into(), expected: "推广".into(), achieved: "完成".into() }],
        indicators: vec![indicator(1), indicator(2)],
        total: TotalDraft { points_possible: "100".into(), points_claimed: "98.18".into() },
        subtotals: Vec::new(),
    }
}

fn admitted(draft: Draft) -> Form {
    Form::admit(draft).unwrap_or_else(|violations| panic!("refused: {violations:?}"))
}
