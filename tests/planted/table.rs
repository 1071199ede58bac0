//! Defects of the form as a whole: sums, required cells, structure, what is written around the table.

use heng::form::{Draft, SubtotalDraft};
use rust_decimal::Decimal;

use super::Defect;
use super::edit::{at, counted, d, find, number, plus, settle};

const fn defect(name: &'static str, code: &'static str, plant: fn(&mut Draft) -> Option<String>) -> Defect {
    Defect { name, code, plant }
}

fn here(field: &str) -> Option<String> {
    Some(field.to_owned())
}

fn blank(cell: &mut String, field: &str) -> Option<String> {
    cell.clear();
    here(field)
}

fn attribute(draft: &mut Draft, title: &str, text: &str) -> Option<String> {
    draft.attributes.insert(title.to_owned(), text.to_owned());
    Some(format!("attributes.{title}"))
}

/// The attribute where the form has it.
fn printed(draft: &mut Draft, title: &str, text: &str) -> Option<String> {
    draft.attributes.get_mut(title).map(|cell| text.clone_into(cell))?;
    Some(format!("attributes.{title}"))
}

/// A subtotal that the form prints, or one that is added with the right sums.
fn subtotal(draft: &mut Draft, of_category: bool) -> usize {
    let first = draft.indicators.first().cloned().unwrap_or_default();
    let category = if of_category { first.category } else { String::new() };
    let is_it = |subtotal: &SubtotalDraft| subtotal.dimension == first.dimension && subtotal.category == category;
    draft.subtotals.iter().position(is_it).unwrap_or_else(|| {
        let subtotal = SubtotalDraft {
            dimension: first.dimension.clone(),
            category: category.clone(),
            ..SubtotalDraft::default()
        };
        draft.subtotals.push(subtotal);
        settle(draft);
        draft.subtotals.len() - 1
    })
}

fn move_points(draft: &mut Draft, from: usize, to: usize, points: Decimal) -> Option<()> {
    for (row, points) in [(from, -points), (to, points)] {
        let row = draft.indicators.get_mut(row)?;
        plus(&mut row.points_possible, points);
        plus(&mut row.points_claimed, points);
    }
    settle(draft);
    Some(())
}

fn row_of(draft: &Draft, dimension: &str) -> Option<usize> {
    find(draft, |row| row.dimension.contains(dimension) && row.points_claimed == row.points_possible)
}

pub const DEFECTS: &[Defect] = &[
    defect("总分多 0.01", "total_mismatch", |draft| {
        plus(&mut draft.total.points_claimed, d("0.01"));
        here("total.points_claimed")
    }),
    defect("总分少 1", "total_mismatch", |draft| {
        plus(&mut draft.total.points_claimed, d("-1"));
        here("total.points_claimed")
    }),
    defect("总分的分值写错", "total_possible_mismatch", |draft| {
        "99".clone_into(&mut draft.total.points_possible);
        here("total.points_possible")
    }),
    defect("一行分值多 1", "points_sum_mismatch", |draft| {
        let row = counted(draft)?;
        let row = draft.indicators.get_mut(row)?;
        plus(&mut row.points_possible, Decimal::ONE);
        plus(&mut row.points_claimed, Decimal::ONE);
        settle(draft);
        here("total.points_possible")
    }),
    defect("分值从产出挪给效益", "dimension_weight_off_profile", |draft| {
        let (from, to) = (row_of(draft, "产出")?, row_of(draft, "效益")?);
        move_points(draft, from, to, Decimal::ONE)?;
        here("indicators")
    }),
    defect("预算执行少占 1 分", "execution_weight_off_profile", |draft| {
        let row = counted(draft)?;
        let row = draft.indicators.get_mut(row)?;
        plus(&mut row.points_possible, Decimal::ONE);
        plus(&mut row.points_claimed, Decimal::ONE);
        let rate = number(&draft.funds.points_claimed) / number(&draft.funds.points_possible);
        plus(&mut draft.funds.points_possible, d("-1"));
        draft.funds.points_claimed = (number(&draft.funds.points_possible) * rate).round_dp(2).normalize().to_string();
        settle(draft);
        here("funds.points_possible")
    }),
    defect("一行独大", "single_indicator_dominates", |draft| {
        let mut rows: Vec<usize> =
            (0..draft.indicators.len()).filter(|row| draft.indicators[*row].dimension.contains("产出")).collect();
        rows.retain(|row| number(&draft.indicators[*row].points_possible) > Decimal::ONE);
        let (first, others) = rows.split_first()?;
        for other in others {
            let spare = number(&draft.indicators[*other].points_possible) - Decimal::ONE;
            if draft.indicators[*other].points_possible == draft.indicators[*other].points_claimed {
                move_points(draft, *other, *first, spare)?;
            }
        }
        (number(&draft.indicators[*first].points_possible) > d("40")).then(|| at(*first, "points_possible"))?
    }),
    defect("一级小计得分写错", "subtotal_mismatch", |draft| {
        let index = subtotal(draft, false);
        plus(&mut draft.subtotals.get_mut(index)?.points_claimed, d("-0.5"));
        Some(format!("subtotals[{index}].points_claimed"))
    }),
    defect("二级小计得分写错", "subtotal_mismatch", |draft| {
        let index = subtotal(draft, true);
        plus(&mut draft.subtotals.get_mut(index)?.points_claimed, Decimal::ONE);
        Some(format!("subtotals[{index}].points_claimed"))
    }),
    defect("一级小计分值写错", "weight_level1_mismatch", |draft| {
        let index = subtotal(draft, false);
        plus(&mut draft.subtotals.get_mut(index)?.points_possible, Decimal::ONE);
        Some(format!("subtotals[{index}].points_possible"))
    }),
    defect("二级小计分值写错", "weight_level2_mismatch", |draft| {
        let index = subtotal(draft, true);
        plus(&mut draft.subtotals.get_mut(index)?.points_possible, d("-1"));
        Some(format!("subtotals[{index}].points_possible"))
    }),
    defect("满意度各行没了", "dimension_missing", |draft| {
        // With costs of their own the pack divides the points otherwise where nobody was asked.
        if draft.indicators.iter().any(|row| row.dimension.contains("成本")) {
            return None;
        }
        let last = draft.indicators.pop_if(|row| row.dimension.contains("满意度"))?;
        draft.subtotals.retain(|subtotal| subtotal.dimension != last.dimension);
        settle(draft);
        here("indicators")
    }),
    defect("只剩两行", "too_few_indicators", |draft| {
        draft.indicators.truncate(2);
        draft.subtotals.clear();
        settle(draft);
        here("indicators")
    }),
    defect("等级写低一档", "grade_mismatch", |draft| {
        let title = ["评价等级", "自评等级"].into_iter().find(|title| draft.attributes.contains_key(*title));
        attribute(draft, title.unwrap_or("等级"), "良")
    }),
    defect("没有编码和主管部门", "project_identity_missing", |draft| {
        draft.project_code.clear();
        draft.primary_budget_unit.clear();
        draft.attributes.remove("主管部门");
        here("project_code")
    }),
    defect("填报日期在自评年度之前", "wrong_year", |draft| attribute(draft, "填报日期", "2021年3月1日")),
    defect("报送太晚", "submitted_late", |draft| attribute(draft, "填报日期", "2026年3月1日")),
    defect("空着实施单位", "missing_required_field", |draft| {
        blank(&mut draft.implementing_unit, "implementing_unit")
    }),
    defect("空着全年预算数", "missing_required_field", |draft| {
        blank(&mut draft.funds.total.budget_annual, "funds.total.budget_annual")
    }),
    defect("空着全年执行数", "missing_required_field", |draft| {
        blank(&mut draft.funds.total.budget_executed, "funds.total.budget_executed")
    }),
    defect("空着预期目标", "missing_required_field", |draft| {
        blank(&mut draft.goals.first_mut()?.expected, "goals[0].expected")
    }),
    defect("空着实际完成情况", "missing_required_field", |draft| {
        blank(&mut draft.goals.first_mut()?.achieved, "goals[0].achieved")
    }),
    defect("预期目标留着提示", "placeholder_text_left", |draft| {
        draft.goals.first_mut()?.expected.push_str("（200字以内）");
        here("goals[0].expected")
    }),
    defect("完成情况照抄目标", "goal_copied_from_expectation", |draft| {
        let goal = draft.goals.first_mut()?;
        goal.achieved = format!("已完成：{}", goal.expected);
        here("goals[0].achieved")
    }),
    defect("完成情况一句空话", "goal_completion_text_missing", |draft| {
        "已全部完成。".clone_into(&mut draft.goals.first_mut()?.achieved);
        here("goals[0].achieved")
    }),
    defect("占比超过一百", "percentages_not_100", |draft| {
        "培训对象中占52%的是农民，占38%的是职工，占27%的是学生。".clone_into(&mut draft.goals.first_mut()?.achieved);
        here("goals[0].achieved")
    }),
    defect("项目名称太长", "text_too_long", |draft| {
        draft.project_name = draft.project_name.repeat(40);
        here("project_name")
    }),
    defect("结论空着", "conclusion_missing", |draft| attribute(draft, "评价结论", "")),
    defect("结论不提总分", "conclusion_without_total", |draft| {
        attribute(draft, "评价结论", "项目按计划实施，资金使用规范。")
    }),
    defect("结论总分与表不符", "report_form_mismatch", |draft| {
        attribute(draft, "评价结论", "自评得分93.5分，完成较好。")
    }),
    defect("扣了分却说没有问题", "problem_none_but_deducted", |draft| {
        let lost = number(&draft.total.points_claimed) < number(&draft.total.points_possible);
        lost.then(|| attribute(draft, "存在问题", "无"))?
    }),
    defect("项目负责人没签字", "signature_missing", |draft| printed(draft, "项目负责人", "")),
    defect("财务负责人没签字", "signature_missing", |draft| printed(draft, "财务负责人", "")),
    defect("问卷太少", "satisfaction_sample_small", |draft| {
        attribute(draft, "满意度调查情况", "回收有效问卷8份。")
    }),
];
