//! Many forms: one line for each.

use crate::cli::layout::{Ink, Screen, cut, cut_front, pad, visible, width};
use crate::diagnostic::{Lang, Severity};
use crate::evaluation::Evaluation;
use crate::quantity::Points;

/// Blanks between columns.
const GAP: &str = "  ";
/// Cells of `98.18`, and of `98.18 → 98.18`.
const POINTS: usize = 6;
const BOTH_POINTS: usize = 2 * POINTS + 3;
/// Cells of a count of findings with its title.
const COUNT: usize = 8;
/// Cells of the longest project name that is worth its space.
const PROJECT: usize = 50;
/// Cells of the longest grade that is shown whole.
const GRADE: usize = 12;
/// What stands where there is nothing.
const BLANK: &str = "—";

/// How wide the columns are: known before the first form is evaluated, so that lines appear as they come.
#[derive(Debug, Clone, Copy)]
pub struct List {
    file: usize,
    project: usize,
    grade: usize,
    lang: Lang,
}

impl List {
    /// For names of at most `widest_name` cells and grades of at most `widest_grade`.
    pub fn new(screen: Screen, widest_name: usize, widest_grade: usize) -> Self {
        let lang = screen.lang;
        let grade = widest_grade.min(GRADE).max(width(screen.pick("等级", "grade")));
        let fixed = grade + BOTH_POINTS + 2 * COUNT + 5 * GAP.len();
        let space = screen.width.saturating_sub(fixed);
        let file = widest_name.clamp(width(screen.pick("文件", "file")), space / 2);
        List { file, project: (space - file).min(PROJECT), grade, lang }
    }

    /// The titles and the line below them.
    pub fn head(&self) -> String {
        let pick = |zh, en| crate::cli::either(self.lang, zh, en);
        let titles = [
            pad(pick("文件", "file"), self.file),
            pad(pick("项目", "project"), self.project),
            pad(pick("等级", "grade"), self.grade),
            format!("{} → {}", right(pick("自评", "claim"), POINTS), pad(pick("认定", "award"), POINTS)),
            right(pick("错误", "errors"), COUNT),
            right(pick("提醒", "warnings"), COUNT),
        ];
        let titles = titles.join(GAP);
        let line = "─".repeat(width(&titles));
        format!("{}\n{}", Ink::Faint.paint(&titles), Ink::Faint.paint(&line))
    }

    /// The line of one form. `label` is how its file is called here.
    pub fn row(&self, label: &str, evaluation: &Evaluation) -> String {
        let count = |severity| evaluation.findings.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let (grade, ink) = match &evaluation.grade {
            Some(grade) => (grade_label(&grade.id, &grade.title, self.lang), Ink::Strong),
            None => (BLANK, Ink::Warn),
        };
        let points = &evaluation.points;
        let claimed = points.claimed.map_or_else(|| right(BLANK, POINTS - 3) + "   ", aligned);
        let cells = [
            Ink::Place.paint(&pad(&cut_front(&visible(label), self.file), self.file)),
            pad(&cut(&visible(&evaluation.project_name), self.project), self.project),
            ink.paint(&pad(&cut(grade, self.grade), self.grade)),
            format!("{claimed} → {}", aligned(points.awarded)),
            number(errors, Ink::Bad),
            number(warnings, Ink::Warn),
        ];
        cells.join(GAP)
    }
}

/// The grade as the reader calls it.
pub fn grade_label<'g>(id: &'g str, title: &'g str, lang: Lang) -> &'g str {
    match lang {
        Lang::Zh => title,
        Lang::En => id,
    }
}

fn number(count: usize, ink: Ink) -> String {
    let text = right(&count.to_string(), COUNT);
    if count == 0 { Ink::Faint.paint(&text) } else { ink.paint(&text) }
}

fn right(text: &str, cells: usize) -> String {
    format!("{}{text}", " ".repeat(cells.saturating_sub(width(text))))
}

/// With the decimal point in its place: `98.18`, ` 98.1 `, `100   `.
fn aligned(points: Points) -> String {
    let text = points.trimmed().to_string();
    let behind = text.find('.').map_or(0, |point| text.len() - point);
    let text = format!("{text}{}", " ".repeat(3_usize.saturating_sub(behind)));
    right(&text, POINTS)
}
