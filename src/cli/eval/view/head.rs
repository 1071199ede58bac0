//! The head of the page, the scores of the whole form, and the verdict.

use super::View;
use super::scores::{BLANK, points, range};
use crate::cli::layout::{Cell, Column, Ink, Table, visible, width};
use crate::diagnostic::{Lang, Severity};
use crate::quantity::{Exact, Points, Ratio};

/// Characters of a revision that are enough to tell two apart.
const REVISION_SHOWN: usize = 12;

/// Title, and who reports on what under which rules.
pub(super) fn head(view: &View<'_>) -> String {
    let form = view.form;
    let title = view.pick("项目支出绩效自评表", "Project expenditure self-evaluation");
    let year = match view.screen.lang {
        Lang::Zh => format!("{} 年度", form.fiscal_year()),
        Lang::En => format!("fiscal year {}", form.fiscal_year()),
    };
    let blanks = view.screen.width.saturating_sub(width(title) + width(&year)).max(2);
    let mut out = format!("{}{}{year}\n", Ink::Strong.paint(title), " ".repeat(blanks));
    out.push_str(&view.line('━'));
    let mut entries = vec![
        (view.pick("项目名称", "Project").to_owned(), form.project_name()),
        (view.pick("项目编码", "Code").to_owned(), form.project_code()),
        (view.pick("实施单位", "Implementing unit").to_owned(), form.implementing_unit()),
        (view.pick("一级预算单位", "Budget unit").to_owned(), form.primary_budget_unit()),
    ];
    entries.extend(form.attributes().iter().map(|(name, text)| (visible(name), text.as_str())));
    let revision = view.evaluation.revision.strip_prefix("sha256:").unwrap_or(&view.evaluation.revision);
    let short: String = revision.chars().take(REVISION_SHOWN).collect();
    let pack = format!("{} @ {short}", view.evaluation.rule_pack);
    let rules = match (view.rules, view.screen.lang) {
        (Some(rules), Lang::Zh) => format!("{}（{pack}）", rules.title),
        (Some(rules), Lang::En) => format!("{} ({pack})", rules.title),
        (None, _) => pack,
    };
    entries.push((view.pick("规则包", "Rule pack").to_owned(), rules.as_str()));
    if !view.id.is_empty() {
        entries.push((view.pick("评价编号", "Evaluation").to_owned(), view.id));
    }
    let mut table = Table::new(vec![Column::short(""), Column::text("")]);
    for (name, text) in &entries {
        let text = if text.trim().is_empty() { BLANK } else { text };
        table.row(vec![Cell::new(name.as_str()).ink(Ink::Faint), Cell::new(text)]);
    }
    out.push_str(&table.render(view.screen.width));
    out
}

/// The three scores, the grade and what rests on judgement alone.
pub(super) fn scores(view: &View<'_>) -> String {
    let evaluation = view.evaluation;
    let sums = &evaluation.points;
    let mut table = Table::new(vec![
        Column::short(view.pick("自评得分", "Claimed")),
        Column::short(view.pick("核算得分（下限 – 上限）", "Allowed (floor – ceiling)")),
        Column::short(view.pick("认定得分", "Awarded")),
        Column::short(view.pick("等级", "Grade")),
        Column::short(view.pick("只凭评判的分数", "Rests on judgement")),
    ]);
    let grade = evaluation.grade.as_ref().map_or(BLANK, |grade| match view.screen.lang {
        Lang::Zh => grade.title.as_str(),
        Lang::En => grade.id.as_str(),
    });
    table.row(vec![
        Cell::new(points(sums.claimed)),
        Cell::new(range(sums.floor, sums.ceiling)),
        Cell::new(points(Some(sums.awarded))).ink(Ink::Strong),
        Cell::new(grade).ink(Ink::Strong),
        Cell::new(judged(view)),
    ]);
    format!("{}{}", table.render(view.screen.width), bar(view))
}

/// Cells of the bar at most.
const BAR: usize = 60;

/// The whole form as a bar: what the rules are sure of, what judgement decides, what is lost.
fn bar(view: &View<'_>) -> String {
    let sums = &view.evaluation.points;
    let legend = view.pick("  █ 规则确定  ▒ 由人评判  · 失分", "  █ by the rules  ▒ by judgement  · lost");
    let room = view.screen.width.saturating_sub(width(legend)).min(BAR);
    let scale = Exact::from_i64(i64::try_from(room).unwrap_or(0));
    let cells = |points: Points| {
        let share = points.to_exact().div(&sums.possible.to_exact()).and_then(|share| share.mul(&scale));
        let cells = share.ok().and_then(|cells| cells.round_half_up(0).to_i64()).unwrap_or(0);
        usize::try_from(cells).unwrap_or(0).min(room)
    };
    let (sure, most, all) = (cells(sums.floor), cells(sums.ceiling), cells(sums.possible));
    if all == 0 {
        return String::new();
    }
    let stretch = |sign: &str, from: usize, to: usize| sign.repeat(to.saturating_sub(from));
    format!(
        "{}{}{}{}\n",
        Ink::Good.paint(&stretch("█", 0, sure)),
        Ink::Warn.paint(&stretch("▒", sure, most)),
        Ink::Faint.paint(&stretch("·", most, all)),
        Ink::Faint.paint(legend)
    )
}

/// `16.4 分，占总分 16.4%`
fn judged(view: &View<'_>) -> String {
    let sums = &view.evaluation.points;
    let width = sums.ceiling.to_exact().sub(&sums.floor.to_exact()).unwrap_or_else(|_| Exact::from_i64(0));
    if width.is_zero() {
        return view.pick("无", "none").to_owned();
    }
    let share = width.div(&sums.possible.to_exact()).map(|share| Ratio::new(share).percent());
    match (view.screen.lang, share) {
        (Lang::Zh, Ok(share)) => format!("{width} 分，占总分 {share}"),
        (Lang::Zh, Err(_)) => format!("{width} 分"),
        (Lang::En, Ok(share)) => format!("{width} points, {share} of the total"),
        (Lang::En, Err(_)) => format!("{width} points"),
    }
}

/// The last line: what a reader of many forms looks for.
pub(super) fn verdict(view: &View<'_>) -> String {
    let evaluation = view.evaluation;
    let count = |severity| evaluation.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let awarded = points(Some(evaluation.points.awarded));
    let claimed = evaluation.points.claimed;
    let grade = evaluation.grade.as_ref();
    let mut text = match view.screen.lang {
        Lang::Zh => {
            let claimed = claimed.map_or_else(|| "未自评".to_owned(), |claimed| format!("自评 {claimed} 分"));
            let grade = grade.map_or_else(|| "等级未定".to_owned(), |grade| format!("等级{}", grade.title));
            format!("认定 {awarded} 分，{grade}；{claimed}；{errors} 个错误，{warnings} 个提醒")
        }
        Lang::En => {
            let claimed = claimed.map_or_else(|| "nothing claimed".to_owned(), |claimed| format!("claimed {claimed}"));
            let grade = grade.map_or("no grade", |grade| grade.id.as_str());
            format!("Awarded {awarded}, {grade}; {claimed}; {errors} errors, {warnings} warnings")
        }
    };
    if !evaluation.complete {
        let why = view.pick("；有规则执行失败，评价不完整", "; a rule failed, the evaluation is incomplete");
        text.push_str(why);
    }
    let sound = evaluation.complete && errors == 0;
    format!("{}{}\n", view.line('━'), if sound { Ink::Good } else { Ink::Bad }.paint(&text))
}
