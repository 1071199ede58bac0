//! The account and the changes as a person reads them.

use super::Told;
use crate::cli::layout::{Cell, Column, Ink, Screen, Table, visible, wrap};
use crate::counterfactual::{Answer, Change, Goal, Loss, Standing};
use crate::diagnostic::Lang;
use crate::evaluation::Grade;
use crate::quantity::Exact;

pub(super) fn page(told: &Told<'_>, screen: Screen) -> String {
    let mut out = head(told, screen);
    out.push_str(&ledger(told, screen));
    out.push_str(&answers(told, screen));
    out
}

fn head(told: &Told<'_>, screen: Screen) -> String {
    let evaluation = &told.why.evaluation;
    let points = &evaluation.points;
    let grade = grade_title(evaluation.grade.as_ref(), screen);
    let summary = match screen.lang {
        Lang::Zh => format!(
            "{} · 分值 {} · 核算 {} – {} · 认定 {} · {grade}",
            told.rules.id, points.possible, points.floor, points.ceiling, points.awarded
        ),
        Lang::En => format!(
            "{} · possible {} · allowed {} – {} · awarded {} · {grade}",
            told.rules.id, points.possible, points.floor, points.ceiling, points.awarded
        ),
    };
    let mut out = format!(
        "{}  {}  {}\n{}\n{summary}\n",
        Ink::Strong.paint(screen.pick("为什么没有更多分", "Why not more points")),
        visible(&evaluation.project_name),
        Ink::Place.paint(&visible(told.name)),
        Ink::Faint.paint(&"━".repeat(screen.width)),
    );
    if let Some(revision) = told.made_by {
        let note = match screen.lang {
            Lang::Zh => format!("存下的评价是按版本 {revision} 做的；这里按现在的规则重新计算。"),
            Lang::En => format!("The stored evaluation was made by revision {revision}; this is by the rules of now."),
        };
        for line in wrap(&note, screen.width) {
            out.push_str(&format!("{}\n", Ink::Warn.paint(&line)));
        }
    }
    out
}

fn grade_title(grade: Option<&Grade>, screen: Screen) -> String {
    let none = screen.pick("无等级", "no grade");
    grade.map_or_else(|| none.to_owned(), |grade| screen.pick(&grade.title, &grade.id).to_owned())
}

fn title(text: &str) -> String {
    format!("\n{}\n", Ink::Strong.paint(text))
}

/// Every loss, and their sum.
fn ledger(told: &Told<'_>, screen: Screen) -> String {
    let ledger = &told.why.ledger;
    let mut out = title(screen.pick("少在哪里", "Where the points went"));
    if ledger.losses.is_empty() {
        out.push_str(&format!("{}\n", screen.pick("分值都得到了。", "All points are awarded.")));
        return out;
    }
    let mut table = Table::new(vec![
        Column::number(screen.pick("少", "lost")),
        Column::short(screen.pick("原因", "cause")),
        Column::text(screen.pick("说明", "account")),
    ]);
    for loss in &ledger.losses {
        table.row(vec![
            Cell::new(loss.points.to_string()).ink(Ink::Bad),
            Cell::new(loss.cause.title().get(screen.lang)),
            Cell::new(account(loss, screen)),
        ]);
    }
    table.rule('─');
    let sum = format!("= {} − {}", ledger.possible.trimmed(), ledger.awarded.trimmed());
    table.row(vec![Cell::new(ledger.sum().to_string()).ink(Ink::Strong), Cell::new(""), Cell::new(sum)]);
    out.push_str(&table.render(screen.width));
    out
}

/// The sentence; below it the ground and the rule.
fn account(loss: &Loss, screen: Screen) -> String {
    let mut lines = vec![visible(loss.sentence.get(screen.lang))];
    if let Some(citation) = &loss.citation {
        lines.push(format!("{}{}", screen.pick("依据：", "ground: "), citation.sentence().get(screen.lang)));
    }
    if !loss.rule.is_empty() {
        lines.push(format!("{}  {}", loss.rule, loss.place));
    }
    lines.join("\n")
}

fn answers(told: &Told<'_>, screen: Screen) -> String {
    let mut out = title(screen.pick("怎样才会有", "What would bring them"));
    if !told.why.no_grade.is_empty() {
        let why = told.why.no_grade.iter().map(|reason| reason.get(screen.lang).trim_end_matches(['。', '.']));
        let why = why.collect::<Vec<_>>().join(screen.pick("；", "; "));
        let text = format!("{}{}", screen.pick("没有等级：", "No grade: "), visible(&why));
        for line in wrap(&text, screen.width.saturating_sub(2)) {
            out.push_str(&format!("  {}\n", Ink::Warn.paint(&line)));
        }
    } else if !told.why.answers.iter().any(|answer| !matches!(answer.goal, Goal::Full(_))) {
        out.push_str(&format!("  {}\n", screen.pick("已经是最高的等级。", "This is the highest grade already.")));
    }
    for answer in &told.why.answers {
        out.push_str(&answer_text(told, answer, screen));
    }
    out.push_str(&format!(
        "\n{}\n",
        Ink::Faint.paint(screen.pick(
            "每一项都按改动后的表重新核算过。这里只说分数怎样来，表上写的须是事实。",
            "Each change was evaluated. This tells how points come about; what a form says must be true.",
        ))
    ));
    out
}

fn answer_text(told: &Told<'_>, answer: &Answer, screen: Screen) -> String {
    let goal = answer.goal.title(told.rules, &told.why.evaluation);
    let mut first = format!("  {}", Ink::Strong.paint(&visible(goal.get(screen.lang))));
    if answer.is_reached {
        first.push_str(&format!("  {}", Ink::Good.paint(screen.pick("已经达到", "reached"))));
        return first + "\n";
    }
    if let Some(gap) = answer.gap.as_ref().filter(|gap| !gap.is_negative()) {
        first.push_str(&match screen.lang {
            Lang::Zh => format!("  还差 {gap} 分"),
            Lang::En => format!("  {gap} missing"),
        });
    }
    let mut out = first + "\n";
    let show_form = !matches!(answer.goal, Goal::Full(_));
    for change in &answer.changes {
        out.push_str(&change_text(told, change, "→", screen));
        out.push_str(&then(told, &change.then, screen));
        out.push_str(&short(change, screen));
    }
    if answer.changes.is_empty() {
        let text = match (answer.together.is_empty(), screen.lang) {
            (false, Lang::Zh) => "没有哪一项单独改了就够；一起改：",
            (false, Lang::En) => "No single cell is enough; together:",
            (true, Lang::Zh) if show_form => "找到的各项都改也不够。",
            (true, Lang::En) if show_form => "Not even all that was found is enough.",
            (true, Lang::Zh) => "没有找到改哪一栏就能得满分。",
            (true, Lang::En) => "No cell was found that brings full points.",
        };
        out.push_str(&format!("    {text}\n"));
        for change in &answer.together {
            out.push_str(&change_text(told, change, "+", screen));
            out.push_str(&short(change, screen));
        }
        out.extend(answer.at_most.iter().map(|standing| then(told, standing, screen)));
    }
    out
}

/// `→ 第 6 行“按年度预算执行” 实际完成值：91.76% → 95%`
fn change_text(told: &Told<'_>, change: &Change, sign: &str, screen: Screen) -> String {
    let line = change.line.title(&told.why.evaluation);
    let blank = |text: &str| {
        if text.trim().is_empty() { screen.pick("（空白）", "(blank)").to_owned() } else { visible(text) }
    };
    let (line, title) = (line.get(screen.lang), change.title.get(screen.lang));
    // A cell of the execution says so itself.
    let mut text = if title.starts_with(line) { title.to_owned() } else { format!("{line} {title}") };
    text.push_str(&format!("{}{} → {}", screen.pick("：", ": "), blank(&change.old), blank(&change.new)));
    if let Some(by) = &change.by {
        let plus = if by.is_negative() { "" } else { "+" };
        text.push_str(&format!("{}{plus}{by}{}", screen.pick("（", " ("), screen.pick("）", ")")));
    }
    let mut out = String::new();
    for (at, line) in wrap(&visible(&text), screen.width.saturating_sub(6)).iter().enumerate() {
        let margin = if at == 0 { format!("    {sign} ") } else { " ".repeat(6) };
        out.push_str(&format!("{margin}{line}\n"));
    }
    out
}

fn then(told: &Told<'_>, standing: &Standing, screen: Screen) -> String {
    let now = told.why.evaluation.points.awarded;
    let gain = standing.awarded.to_exact().sub(&now.to_exact()).unwrap_or(Exact::ZERO);
    let grade = grade_title(standing.grade.as_ref(), screen);
    let plus = if gain.is_negative() { "" } else { "+" };
    let text = match screen.lang {
        Lang::Zh => format!("全表认定 {} 分（{plus}{gain}），{grade}", standing.awarded),
        Lang::En => format!("the form is awarded {} ({plus}{gain}), {grade}", standing.awarded),
    };
    format!("      {}\n", Ink::Good.paint(&text))
}

fn short(change: &Change, screen: Screen) -> String {
    let Some((value, awarded)) = &change.short else { return String::new() };
    let text = match screen.lang {
        Lang::Zh => format!("少改一步（{}）不够：全表认定 {awarded} 分", visible(value)),
        Lang::En => format!("one step less ({}) is not enough: {awarded}", visible(value)),
    };
    format!("      {}\n", Ink::Faint.paint(&text))
}
