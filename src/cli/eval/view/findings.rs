//! 校验问题: the worst first, each with the row it belongs to, what to do, and on what ground.

use super::View;
use super::goals::period_title;
use crate::cli::layout::{Ink, pad, visible, wrap};
use crate::diagnostic::{Lang, Severity};
use crate::evaluation::Finding;

/// Cells before what is said of a subject.
const INDENT: usize = 6;

pub(super) fn findings(view: &View<'_>) -> String {
    let mut out = String::new();
    let mut advised: Vec<&Finding> = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let mut found: Vec<&Finding> = view.evaluation.findings.iter().filter(|f| f.severity == severity).collect();
        if found.is_empty() {
            continue;
        }
        // Everything about a row together, in the order of the form.
        found.sort_by_key(|finding| subject_order(&finding.field));
        let (sign, ink, title) = look(view, severity);
        out.push_str(&format!("{}\n", ink.paint(&format!("{title} {}", found.len()))));
        for group in found.chunk_by(|one, other| subject_order(&one.field) == subject_order(&other.field)) {
            let subject = group.first().map_or_else(String::new, |finding| subject(view, &finding.field));
            for line in wrap(&subject, view.screen.width.saturating_sub(2)) {
                out.push_str(&format!("  {}\n", Ink::Strong.paint(&line)));
            }
            for finding in group {
                let earlier = advised.iter().find(|other| advises_alike(other, finding)).copied();
                out.push_str(&entry(view, finding, earlier, (sign, ink)));
                if earlier.is_none() {
                    advised.push(finding);
                }
            }
        }
    }
    if out.is_empty() { out } else { format!("{}{out}", view.title("校验问题", "Findings")) }
}

fn look(view: &View<'_>, severity: Severity) -> (&'static str, Ink, String) {
    let (sign, ink, zh, en) = match severity {
        Severity::Error => ("×", Ink::Bad, "错误", "Errors"),
        Severity::Warning => ("!", Ink::Warn, "提醒", "Warnings"),
        Severity::Info => ("·", Ink::Place, "提示", "Notes"),
    };
    (sign, ink, view.pick(zh, en).to_owned())
}

/// Whether the advice and its ground were given with the other finding already.
fn advises_alike(one: &Finding, other: &Finding) -> bool {
    one.code == other.code && one.help == other.help && one.citation == other.citation
}

/// The sentence, what to do, and in small print the ground and the place. Advice that an earlier finding gave
/// is not given again.
fn entry(view: &View<'_>, finding: &Finding, earlier: Option<&Finding>, (sign, ink): (&str, Ink)) -> String {
    let lang = view.screen.lang;
    let mut out = String::new();
    let mut paragraph = |sign: &str, text: &str, ink: Ink| {
        for (at, line) in wrap(text, view.screen.width.saturating_sub(INDENT)).iter().enumerate() {
            let sign = if at == 0 { sign } else { "" };
            let margin = pad(&format!("    {sign}"), INDENT);
            out.push_str(&format!("{}{}\n", ink.paint(&margin), ink.paint(line)));
        }
    };
    paragraph(sign, finding.message.get(lang), ink);
    let mut place = view.pick("位置：", "Place: ").to_owned();
    if let Some(title) = cell_title(view, &finding.field) {
        place.push_str(&format!("{title}  "));
    }
    place.push_str(&format!("{}  {}", visible(&finding.field), finding.code));
    if let Some(earlier) = earlier {
        let same = view.pick("建议与依据同", "advice and ground as for");
        place.push_str(&format!("  {same} {}", visible(&earlier.field)));
    } else {
        let help = finding.help.get(lang);
        if !help.is_empty() {
            paragraph("", help, Ink::Plain);
        }
        if let Some(citation) = &finding.citation {
            let ground = citation.sentence();
            paragraph("", &format!("{}{}", view.pick("依据：", "Ground: "), ground.get(lang)), Ink::Faint);
        }
    }
    paragraph("", &place, Ink::Faint);
    out
}

/// The part of the form that a field belongs to, and its row: sorts as the form runs.
fn subject_order(field: &str) -> (usize, usize) {
    let (part, row) = part_and_row(field);
    let order = ["", "funds", "goals", "indicators", "subtotals", "total"].iter().position(|known| *known == part);
    (order.unwrap_or(0), row.map_or(0, |row| row + 1))
}

/// `indicators[5].name` → `indicators` and 5.
fn part_and_row(field: &str) -> (&str, Option<usize>) {
    let part = field.split('.').next().unwrap_or_default();
    match part.split_once('[') {
        Some((part, row)) => (part, row.strip_suffix(']').and_then(|row| row.parse().ok())),
        None => (part, None),
    }
}

/// How people call the part of the form.
fn subject(view: &View<'_>, field: &str) -> String {
    let zh = view.screen.lang == Lang::Zh;
    match part_and_row(field) {
        ("indicators", Some(at)) => {
            let row = view.form.indicators().get(at);
            let names = row.map_or_else(String::new, |row| visible(&format!("{} · {}", row.category(), row.name())));
            if zh { format!("第 {} 行  {names}", at + 1) } else { format!("Row {}  {names}", at + 1) }
        }
        ("indicators", None) => view.pick("年度绩效指标", "Indicators").to_owned(),
        ("funds", _) => view.pick("资金使用情况", "Use of funds").to_owned(),
        ("goals", at) => {
            let goal = at.and_then(|at| view.form.goals().get(at));
            let period = goal.map_or_else(String::new, |goal| period_title(view, goal.period()));
            format!("{} {}", view.pick("总体目标", "Goals"), visible(&period))
        }
        ("subtotals", at) => {
            let subtotal = at.and_then(|at| view.form.subtotals().get(at));
            let of = subtotal.map_or_else(String::new, |of| visible(&format!("{} {}", of.dimension(), of.category())));
            format!("{} {}", view.pick("小计", "Subtotal"), of.trim())
        }
        ("total", _) => view.pick("总分", "Total").to_owned(),
        _ => view.pick("表头", "Head of the form").to_owned(),
    }
}

/// The printed title of the cell, as the rule pack or the form has it.
fn cell_title(view: &View<'_>, field: &str) -> Option<String> {
    if let Some((_, title)) = field.split_once("attributes.") {
        return Some(visible(title));
    }
    let bare: String =
        field.split('.').map(|step| step.split('[').next().unwrap_or_default()).collect::<Vec<_>>().join(".");
    let fields = view.rules.map_or(&[][..], |rules| &rules.structure.fields);
    let ruled = fields.iter().find(|rule| rule.path == bare).map(|rule| rule.title.clone());
    if view.screen.lang == Lang::Zh && ruled.is_some() {
        return ruled;
    }
    let known = CELLS.iter().find(|(path, ..)| *path == bare);
    known.map(|(_, zh, en)| view.pick(zh, en).to_owned()).or(ruled)
}

const CELLS: &[(&str, &str, &str)] = &[
    ("project_code", "项目编码", "project code"),
    ("project_name", "项目名称", "project name"),
    ("fiscal_year", "年度", "fiscal year"),
    ("implementing_unit", "实施单位", "implementing unit"),
    ("primary_budget_unit", "一级预算单位", "budget unit"),
    ("funds.points_possible", "预算执行分值", "points possible"),
    ("funds.points_claimed", "预算执行得分", "points claimed"),
    ("funds.execution_rate_claimed", "执行率", "execution rate"),
    ("funds.total.budget_initial", "年初预算数", "initial budget"),
    ("funds.total.budget_annual", "全年预算数", "annual budget"),
    ("funds.total.budget_executed", "全年执行数", "executed"),
    ("funds.sources.name", "资金来源", "source"),
    ("funds.sources.budget_initial", "年初预算数", "initial budget"),
    ("funds.sources.budget_annual", "全年预算数", "annual budget"),
    ("funds.sources.budget_executed", "全年执行数", "executed"),
    ("funds.sources.execution_rate_claimed", "执行率", "execution rate"),
    ("goals.expected", "预期目标", "expected"),
    ("goals.achieved", "实际完成情况", "achieved"),
    ("indicators.dimension", "一级指标", "dimension"),
    ("indicators.category", "二级指标", "category"),
    ("indicators.name", "三级指标", "name"),
    ("indicators.target", "年度指标值", "target"),
    ("indicators.actual", "实际完成值", "actual"),
    ("indicators.points_possible", "分值", "points possible"),
    ("indicators.points_claimed", "得分", "points claimed"),
    ("indicators.deviation_reason", "偏差原因", "reason for the deviation"),
    ("subtotals.points_possible", "分值", "points possible"),
    ("subtotals.points_claimed", "得分", "points claimed"),
    ("total.points_possible", "分值", "points possible"),
    ("total.points_claimed", "得分", "points claimed"),
];
