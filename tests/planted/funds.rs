//! Defects of the funds table and of the points for execution.

use heng::form::{AmountsDraft, Draft, FundSourceDraft};
use rust_decimal::Decimal;

use super::Defect;
use super::edit::{d, number, percent, plus, settle, spend, times};

const fn defect(name: &'static str, code: &'static str, plant: fn(&mut Draft) -> Option<String>) -> Defect {
    Defect { name, code, plant }
}

fn here(field: &str) -> Option<String> {
    Some(field.to_owned())
}

fn rate(draft: &Draft) -> Decimal {
    executed_of(draft, &draft.funds.total.budget_annual)
}

/// The share of a budget that was executed; zero of none, where another defect took the budget away.
fn executed_of(draft: &Draft, budget: &str) -> Decimal {
    number(&draft.funds.total.budget_executed).checked_div(number(budget)).unwrap_or_default()
}

/// The initial budget of the total and of its first source.
fn initial(draft: &mut Draft, change: impl Fn(Decimal) -> Decimal) -> Option<()> {
    let annual = number(&draft.funds.total.budget_annual);
    let now = change(annual).normalize();
    let sum: Decimal = draft.funds.sources.iter().skip(1).map(|source| number(&source.amounts.budget_initial)).sum();
    draft.funds.total.budget_initial = now.to_string();
    draft.funds.sources.first_mut()?.amounts.budget_initial = (now - sum).normalize().to_string();
    Some(())
}

fn every_amount(draft: &mut Draft, change: impl Fn(&mut String)) {
    let funds = &mut draft.funds;
    let sources = funds.sources.iter_mut().map(|source| &mut source.amounts);
    for amounts in sources.chain([&mut funds.total]) {
        change(&mut amounts.budget_initial);
        change(&mut amounts.budget_annual);
        change(&mut amounts.budget_executed);
    }
}

pub const DEFECTS: &[Defect] = &[
    defect("执行率少写三个百分点", "execution_rate_mismatch", |draft| {
        draft.funds.execution_rate_claimed = percent((rate(draft) - d("0.03")).round_dp(4));
        here("funds.execution_rate_claimed")
    }),
    defect("执行率按年初预算算", "wrong_denominator", |draft| {
        initial(draft, |annual| annual * d("0.95"))?;
        let of_initial = executed_of(draft, &draft.funds.total.budget_initial);
        draft.funds.execution_rate_claimed = percent(of_initial.round_dp(4));
        here("funds.execution_rate_claimed")
    }),
    defect("预算执行少得 0.3 分", "execution_score_mismatch", |draft| {
        plus(&mut draft.funds.points_claimed, d("-0.3"));
        settle(draft);
        here("funds.points_claimed")
    }),
    defect("预算执行没填得分", "execution_score_missing", |draft| {
        draft.funds.points_claimed.clear();
        settle(draft);
        here("funds.points_claimed")
    }),
    defect("执行数超过预算", "execution_over_100", |draft| {
        spend(draft, d("1.04"));
        here("funds.total.budget_executed")
    }),
    defect("一个来源执行超过预算", "source_over_budget", |draft| {
        // A tenth of the first source's budget stands in a row of its own, with more spending than that.
        let first = &mut draft.funds.sources.first_mut()?.amounts;
        let annual = (number(&first.budget_annual) * d("0.1")).round_dp(2);
        let executed = (annual * d("1.5")).round_dp(2);
        plus(&mut first.budget_annual, -annual);
        plus(&mut first.budget_executed, -executed);
        let amounts = AmountsDraft {
            budget_annual: annual.to_string(),
            budget_executed: executed.to_string(),
            ..AmountsDraft::default()
        };
        for source in &mut draft.funds.sources {
            source.execution_rate_claimed.clear();
        }
        draft.funds.sources.push(FundSourceDraft {
            name: "单位资金".to_owned(),
            amounts,
            ..FundSourceDraft::default()
        });
        Some(format!("funds.sources[{}].budget_executed", draft.funds.sources.len() - 1))
    }),
    defect("来源的执行率写错", "source_rate_mismatch", |draft| {
        "88%".clone_into(&mut draft.funds.sources.first_mut()?.execution_rate_claimed);
        here("funds.sources[0].execution_rate_claimed")
    }),
    defect("年初预算为负", "amount_negative", |draft| {
        initial(draft, |annual| -annual)?;
        here("funds.total.budget_initial")
    }),
    defect("执行数为负", "amount_negative", |draft| {
        spend(draft, d("-0.2"));
        "0".clone_into(&mut draft.funds.points_claimed);
        settle(draft);
        here("funds.total.budget_executed")
    }),
    defect("预算为零却有支出", "zero_budget_with_spending", |draft| {
        "0".clone_into(&mut draft.funds.total.budget_annual);
        here("funds.total.budget_annual")
    }),
    defect("总额行为零、来源有数", "total_row_zero_subrows_filled", |draft| {
        "0".clone_into(&mut draft.funds.total.budget_annual);
        "0".clone_into(&mut draft.funds.total.budget_executed);
        here("funds.total.budget_annual")
    }),
    defect("预算全为零", "zero_budget", |draft| {
        every_amount(draft, |amount| "0".clone_into(amount));
        here("funds.total.budget_annual")
    }),
    defect("来源的全年预算改了", "fund_rows_not_summing", |draft| {
        let source = draft.funds.sources.first_mut()?;
        source.execution_rate_claimed.clear();
        times(&mut source.amounts.budget_annual, d("1.02"));
        here("funds.total.budget_annual")
    }),
    defect("来源的全年执行改了", "fund_rows_not_summing", |draft| {
        let source = draft.funds.sources.first_mut()?;
        source.execution_rate_claimed.clear();
        times(&mut source.amounts.budget_executed, d("0.97"));
        here("funds.total.budget_executed")
    }),
    defect("来源的年初预算改了", "fund_rows_not_summing", |draft| {
        let source = draft.funds.sources.first_mut()?;
        if source.amounts.budget_initial.is_empty() {
            return None;
        }
        times(&mut source.amounts.budget_initial, d("0.9"));
        here("funds.total.budget_initial")
    }),
    defect("整张资金表万元写成元", "budget_implausible", |draft| {
        if draft.funds.unit != "万元" {
            return None;
        }
        "元".clone_into(&mut draft.funds.unit);
        here("funds.total.budget_annual")
    }),
    defect("整张资金表元写成万元", "budget_implausible", |draft| {
        if draft.funds.unit != "元" || number(&draft.funds.total.budget_annual) <= d("1000000") {
            return None;
        }
        "万元".clone_into(&mut draft.funds.unit);
        here("funds.total.budget_annual")
    }),
    defect("执行数少写一万倍", "unit_error_wan_yuan", |draft| {
        times(&mut draft.funds.total.budget_executed, d("0.0001"));
        here("funds.total.budget_annual")
    }),
    defect("全年预算多写一万倍", "unit_error_wan_yuan", |draft| {
        times(&mut draft.funds.total.budget_annual, d("10000"));
        here("funds.total.budget_annual")
    }),
    defect("执行率低而无原因", "low_execution_no_reason", |draft| {
        spend(draft, d("0.86"));
        let sichuan = draft.project_code.starts_with("5114");
        here(if sichuan { "attributes.执行率偏低原因" } else { "funds.execution_rate_claimed" })
    }),
    defect("执行率一半", "execution_very_low", |draft| {
        spend(draft, d("0.5"));
        here("funds.total.budget_executed")
    }),
    defect("结余大", "large_unspent_share", |draft| {
        spend(draft, d("0.78"));
        draft.attributes.insert("执行率偏低原因".to_owned(), "招标节约，尾款留到次年支付。".to_owned());
        here("funds.total.budget_executed")
    }),
    defect("钱没用、分照得", "output_full_money_unspent", |draft| {
        spend(draft, d("0.04"));
        here("funds.total.budget_executed")
    }),
    defect("执行率与得分不相称", "outputs_gap_execution", |draft| {
        spend(draft, d("0.7"));
        here("funds.total.budget_executed")
    }),
    defect("预算调整未说明", "adjustment_unexplained", |draft| {
        initial(draft, |annual| annual * d("0.6"))?;
        here("funds.total.budget_annual")
    }),
    defect("结转没有单列", "carryover_not_separated", |draft| {
        draft.funds.sources.retain(|source| !source.name.contains("结转"));
        let amounts = &draft.funds.sources.first()?.amounts;
        let whole = number(&amounts.budget_annual) == number(&draft.funds.total.budget_annual);
        draft.goals.first_mut()?.expected.push_str("其中上年结转20万元。");
        whole.then(|| here("funds.sources"))?
    }),
];
