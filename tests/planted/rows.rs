//! Defects of indicator rows.

use heng::form::{Draft, IndicatorDraft, StructuredDraft};
use rust_decimal::Decimal;

use super::Defect;
use super::edit::{
    SIGN, UNIT, at, counted, d, find, is_at_least, is_at_most, is_cost, is_percent, number, plus, settle, times, unit,
};

const fn defect(name: &'static str, code: &'static str, plant: fn(&mut Draft) -> Option<String>) -> Defect {
    Defect { name, code, plant }
}

/// Spoils the row that `which` finds; the finding points at `cell`.
fn spoil(
    draft: &mut Draft,
    which: fn(&Draft) -> Option<usize>,
    cell: &str,
    change: impl FnOnce(&mut IndicatorDraft),
) -> Option<String> {
    let row = which(draft)?;
    change(draft.indicators.get_mut(row)?);
    settle(draft);
    at(row, cell)
}

fn quality(draft: &Draft) -> Option<usize> {
    find(draft, |row| row.category.contains("质量") && is_at_least(row))
}

fn dated(draft: &Draft) -> Option<usize> {
    find(draft, |row| row.target.contains('月'))
}

fn cost(draft: &Draft) -> Option<usize> {
    find(draft, |row| is_cost(row) && is_at_most(row) && unit(row).ends_with('元'))
}

fn total_cost(draft: &Draft) -> Option<usize> {
    find(draft, |row| row.name.contains("总成本") && unit(row) == "万元")
}

fn satisfaction(draft: &Draft) -> Option<usize> {
    find(draft, |row| row.dimension.contains("满意度"))
}

fn benefit(draft: &Draft) -> Option<usize> {
    find(draft, |row| row.dimension.contains("效益") && is_at_least(row) && !is_percent(row))
}

/// Names two rows, the later one first.
fn two(draft: &Draft, are: fn(&IndicatorDraft, &IndicatorDraft) -> bool) -> Option<(usize, usize)> {
    let rows = || draft.indicators.iter().enumerate().filter(|(_, row)| !row.target.is_empty() && row.name != "不适用");
    rows()
        .flat_map(|(j, later)| {
            rows()
                .take_while(move |(i, _)| *i < j)
                .filter(move |(_, earlier)| are(earlier, later))
                .map(move |(i, _)| (j, i))
        })
        .find(|(j, _)| number(&draft.indicators[*j].points_possible) > Decimal::ZERO)
}

fn named_like(draft: &mut Draft, are: fn(&IndicatorDraft, &IndicatorDraft) -> bool, suffix: &str) -> Option<String> {
    let (later, earlier) = two(draft, are)?;
    let name = format!("{}{suffix}", draft.indicators.get(earlier)?.name);
    draft.indicators.get_mut(later)?.name = name;
    at(later, "name")
}

fn blank(draft: &mut Draft, cell: &str, of: fn(&mut IndicatorDraft) -> &mut String) -> Option<String> {
    spoil(draft, counted, cell, |row| of(row).clear())
}

fn without_unit(row: &mut IndicatorDraft) {
    let unit = unit(row);
    row.attributes.remove(UNIT);
    for cell in [&mut row.target, &mut row.actual] {
        *cell = cell.replace(&unit, "");
    }
}

fn sign(row: &mut IndicatorDraft, sign: &str) {
    match row.attributes.get_mut(SIGN) {
        Some(cell) => sign.clone_into(cell),
        None => row.target = format!("{sign}{}", row.target.trim_start_matches(['≥', '≤'])),
    }
}

fn actual_alone(row: &mut IndicatorDraft, text: &str) {
    text.clone_into(&mut row.actual);
}

pub const DEFECTS: &[Defect] = &[
    defect("得分超过分值", "score_exceeds_weight", |draft| {
        spoil(draft, counted, "points_claimed", |row| plus(&mut row.points_claimed, Decimal::ONE))
    }),
    defect("得分为负", "score_negative", |draft| {
        spoil(draft, counted, "points_claimed", |row| "-1".clone_into(&mut row.points_claimed))
    }),
    defect("得分三位小数", "score_precision", |draft| {
        spoil(draft, counted, "points_claimed", |row| {
            plus(&mut row.points_claimed, d("-0.005"));
            "尾差；下年加强核对。".clone_into(&mut row.deviation_reason);
        })
    }),
    defect("得分比核算少", "score_formula_mismatch", |draft| {
        spoil(draft, counted, "points_claimed", |row| {
            plus(&mut row.points_claimed, d("-1"));
            "人手不足，下年加强调度。".clone_into(&mut row.deviation_reason);
        })
    }),
    defect("扣分不写原因", "missing_deviation_reason", |draft| {
        spoil(draft, counted, "deviation_reason", |row| plus(&mut row.points_claimed, d("-1")))
    }),
    defect("扣分原因写无", "reason_is_boilerplate", |draft| {
        spoil(draft, counted, "deviation_reason", |row| {
            plus(&mut row.points_claimed, d("-1"));
            "无".clone_into(&mut row.deviation_reason);
        })
    }),
    defect("有原因没有措施", "measures_missing", |draft| {
        draft.attributes.remove("改进措施");
        spoil(draft, counted, "deviation_reason", |row| {
            plus(&mut row.points_claimed, d("-1"));
            "受疫情影响，人员不足。".clone_into(&mut row.deviation_reason);
        })
    }),
    defect("偏差原因太长", "text_too_long", |draft| {
        spoil(draft, counted, "deviation_reason", |row| {
            row.deviation_reason = "因天气原因推迟，已安排补做。".repeat(40);
        })
    }),
    defect("分值为零", "weight_not_positive", |draft| {
        spoil(draft, counted, "points_possible", |row| {
            "0".clone_into(&mut row.points_possible);
            "0".clone_into(&mut row.points_claimed);
        })
    }),
    defect("不适用却占分", "not_applicable_with_points", |draft| {
        spoil(draft, counted, "points_possible", |row| {
            "不适用".clone_into(&mut row.target);
            "不适用".clone_into(&mut row.actual);
        })
    }),
    defect("空着一级指标", "missing_required_field", |draft| blank(draft, "dimension", |row| &mut row.dimension)),
    defect("空着二级指标", "missing_required_field", |draft| blank(draft, "category", |row| &mut row.category)),
    defect("空着三级指标", "missing_required_field", |draft| blank(draft, "name", |row| &mut row.name)),
    defect("空着年度指标值", "missing_required_field", |draft| blank(draft, "target", |row| &mut row.target)),
    defect("空着实际完成值", "missing_required_field", |draft| blank(draft, "actual", |row| &mut row.actual)),
    defect("空着分值", "missing_required_field", |draft| {
        blank(draft, "points_possible", |row| &mut row.points_possible)
    }),
    defect("空着得分", "missing_required_field", |draft| {
        blank(draft, "points_claimed", |row| &mut row.points_claimed)
    }),
    defect("名称留着占位符", "placeholder_text_left", |draft| {
        spoil(draft, counted, "name", |row| "指标2：".clone_into(&mut row.name))
    }),
    defect("指标值留着占位符", "placeholder_text_left", |draft| {
        spoil(draft, counted, "target", |row| "≥**人".clone_into(&mut row.target))
    }),
    defect("二级指标名不认得", "category_unknown", |draft| {
        spoil(draft, counted, "category", |row| "其他类指标".clone_into(&mut row.category))
    }),
    defect("两行同名", "duplicate_indicator", |draft| {
        named_like(draft, |earlier, later| earlier.dimension == later.dimension, "")
    }),
    defect("两行几乎同名", "near_duplicate_indicator", |draft| {
        named_like(draft, |earlier, later| earlier.dimension == later.dimension, "2")
    }),
    defect("产出与效益同一指标", "output_benefit_duplicate", |draft| {
        named_like(draft, |earlier, later| earlier.dimension.contains("产出") && later.dimension.contains("效益"), "")
    }),
    defect("成本写成不低于", "cost_indicator_sign", |draft| spoil(draft, cost, "target", |row| sign(row, "≥"))),
    defect("成本超支仍得满分", "cost_over_target_scored", |draft| {
        spoil(draft, cost, "points_claimed", |row| times(&mut row.actual, d("1.2")))
    }),
    defect("质量未达标得满分", "quality_below_target_full", |draft| {
        spoil(draft, quality, "points_claimed", |row| times(&mut row.actual, d("0.9")))
    }),
    defect("数量未达标得满分", "score_formula_mismatch", |draft| {
        spoil(draft, counted, "points_claimed", |row| times(&mut row.actual, d("0.8")))
    }),
    defect("逾期得满分", "late_but_full", |draft| {
        let next = draft.fiscal_year.parse::<i32>().ok()? + 1;
        spoil(draft, dated, "points_claimed", |row| row.actual = format!("{next}年3月5日"))
    }),
    defect("指标值是以前年度的", "target_year_mismatch", |draft| {
        spoil(draft, dated, "target", |row| "2020年12月底前".clone_into(&mut row.target))
    }),
    defect("超额完成没有原因", "missing_over_achievement_reason", |draft| {
        spoil(draft, counted, "deviation_reason", |row| times(&mut row.actual, d("1.6")))
    }),
    defect("完成值三倍于指标值", "ratio_actual_extreme", |draft| {
        spoil(draft, counted, "target", |row| times(&mut row.actual, d("3")))
    }),
    defect("率超过百分之百", "actual_impossible", |draft| {
        spoil(draft, quality, "actual", |row| times(&mut row.actual, d("1.2")))
    }),
    defect("满意度超过百分之百", "satisfaction_above_100", |draft| {
        spoil(draft, satisfaction, "actual", |row| times(&mut row.actual, d("1.2")))
    }),
    defect("率的指标值超过百分之百", "target_impossible", |draft| {
        spoil(draft, quality, "target", |row| times(&mut row.target, d("1.1")))
    }),
    defect("率的指标值顶到百分之百", "target_impossible", |draft| {
        spoil(draft, quality, "target", |row| {
            row.target = row.target.replace(|c: char| c.is_ascii_digit() || c == '.', "").replace('%', "100%");
            if row.target.is_empty() || row.target == "≥" {
                row.target.push_str("100");
            }
            row.actual = if row.actual.ends_with('%') { "100%".to_owned() } else { "100".to_owned() };
        })
    }),
    defect("完成值换了单位", "unit_inconsistent", |draft| {
        spoil(draft, counted, "actual", |row| {
            let unit = unit(row);
            row.actual = format!("{}公斤", row.actual.replace(&unit, ""));
        })
    }),
    defect("指标值没有单位", "unit_missing", |draft| {
        spoil(draft, counted, "target", |row| {
            without_unit(row);
            "巡查".clone_into(&mut row.name);
        })
    }),
    defect("完成值万元写成元", "factor_slip", |draft| {
        spoil(draft, total_cost, "actual", |row| row.actual = format!("{}元", row.actual.replace("万元", "")))
    }),
    defect("总成本行万元写成元", "unit_error_wan_yuan", |draft| {
        spoil(draft, total_cost, "target", |row| {
            for cell in [&mut row.target, &mut row.actual] {
                *cell = cell.replace("万元", "元");
            }
            if let Some(cell) = row.attributes.get_mut(UNIT) {
                "元".clone_into(cell);
            }
        })
    }),
    defect("总成本完成值照抄指标值", "actual_copies_target", |draft| {
        let spent = number(&draft.funds.total.budget_executed) < number(&draft.funds.total.budget_annual);
        let row = total_cost(draft).filter(|_| spent)?;
        let row = draft.indicators.get_mut(row)?;
        row.actual = row.target.trim_start_matches('≤').to_owned();
        at(total_cost(draft)?, "actual")
    }),
    defect("完成值全照抄指标值", "actual_copies_target", |draft| {
        for row in &mut draft.indicators {
            row.actual = row.target.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
        }
        Some("indicators".to_owned())
    }),
    defect("指标值含糊", "vague_target", |draft| {
        spoil(draft, benefit, "target", |row| {
            row.attributes.remove(SIGN);
            row.attributes.remove(UNIT);
            "明显提升".clone_into(&mut row.target);
            "明显提升".clone_into(&mut row.actual);
        })
    }),
    defect("带符号的指标值不是数", "quantitative_value_not_number", |draft| {
        spoil(draft, counted, "target", |row| {
            sign(row, "≥");
            row.target = if row.target.starts_with('≥') { "≥若干".to_owned() } else { "若干".to_owned() };
        })
    }),
    defect("完成值只写已完成", "actual_text_only", |draft| {
        spoil(draft, counted, "actual", |row| actual_alone(row, "已完成"))
    }),
    defect("尚未验收得满分", "acceptance_pending_full", |draft| {
        spoil(draft, counted, "points_claimed", |row| actual_alone(row, "主体已完工，尚未验收"))
    }),
    defect("没有投诉当作满意", "no_complaint_as_satisfaction", |draft| {
        spoil(draft, satisfaction, "actual", |row| actual_alone(row, "未收到投诉"))
    }),
    defect("指标与结构化值矛盾", "target_contradicts_structure", |draft| {
        spoil(draft, counted, "target", |row| {
            let comparison = "AT_LEAST".to_owned();
            row.target_structured =
                StructuredDraft { comparison, value: "7".to_owned(), unit: unit(row), ..StructuredDraft::default() };
        })
    }),
    defect("完成值与结构化值矛盾", "actual_contradicts_structure", |draft| {
        spoil(draft, counted, "actual", |row| {
            row.actual_structured =
                StructuredDraft { value: "7".to_owned(), unit: unit(row), ..StructuredDraft::default() };
        })
    }),
    defect("越低越好写成不低于", "sign_direction_conflict", |draft| {
        spoil(draft, benefit, "target", |row| "群众投诉率".clone_into(&mut row.name))
    }),
    defect("没有列佐证材料", "missing_evidence", |draft| {
        spoil(draft, counted, "attributes.佐证材料", |row| {
            row.attributes.insert("佐证材料".to_owned(), String::new());
        })
    }),
    defect("与年初批复的指标值不同", "target_changed_after_approval", |draft| {
        spoil(draft, counted, "target", |row| {
            row.attributes.insert("年初指标值".to_owned(), "9999".to_owned());
        })
    }),
    defect("目标为零", "target_zero", |draft| {
        spoil(draft, counted, "target", |row| times(&mut row.target, Decimal::ZERO))
    }),
];
