//! What many forms come to: grades, points lost, findings, and what was not evaluated.

use std::collections::BTreeMap;

use super::list::grade_label;
use crate::cli::layout::{Cell, Column, Ink, Screen, Table};
use crate::diagnostic::{Lang, Severity};
use crate::evaluation::{Evaluation, Score, Status};
use crate::quantity::{Exact, Points, Ratio};
use crate::ruleset::RuleSet;

/// The most indicators and findings that are shown.
const SHOWN: usize = 10;
/// The most refused files that are named.
const NAMED: usize = 20;
/// The most indicators that are told apart: what memory the summary of any number of forms may take.
const TOLD_APART: usize = 50_000;
/// Cells of the longest bar.
const BAR: usize = 30;

/// What one form adds to the summary.
pub struct Fared {
    /// Label and, where the rules are known, rank of its grade.
    grade: Option<(String, Option<Exact>)>,
    faulty: bool,
    possible: Exact,
    judged: Exact,
    losses: Vec<Loss>,
    findings: Vec<(Severity, String, String)>,
}

struct Loss {
    /// The dimension's title; none for the execution of the budget.
    dimension: Option<String>,
    indicator: String,
    possible: Exact,
    lost: Exact,
}

impl Fared {
    pub fn of(evaluation: &Evaluation, rules: Option<&RuleSet>, lang: Lang) -> Self {
        let band = |id: &str| rules?.bands.iter().find(|band| band.id == id);
        let grade = evaluation.grade.as_ref().map(|grade| {
            let label = grade_label(&grade.id, &grade.title, lang).to_owned();
            (label, band(&grade.id).map(|band| band.points.high.clone()))
        });
        let dimension = |id: &str| {
            let known = rules.and_then(|rules| rules.structure.dimensions.iter().find(|known| known.id == id));
            let title = known.filter(|_| lang == Lang::Zh).and_then(|known| known.titles.first());
            title.map_or_else(|| id.to_owned(), Clone::clone)
        };
        let execution = evaluation.execution.iter().filter_map(|result| loss(None, "", &result.score));
        let rows = evaluation.indicators.iter();
        let rows = rows.filter_map(|row| loss(Some(dimension(&row.dimension)), row.name.trim(), &row.score));
        let title = |code: &str, message: &str| {
            let check =
                rules.and_then(|rules| rules.checks.iter().chain(&rules.coverage).find(|check| check.code == code));
            let [zh, en] = check.map(|check| &check.message)?;
            Some(match lang {
                Lang::Zh => zh.outline(),
                Lang::En => en.outline(),
            })
            .filter(|outline| !outline.is_empty() && message != outline)
        };
        let findings = evaluation.findings.iter().map(|finding| {
            let message = finding.message.get(lang);
            let title = title(&finding.code, message).unwrap_or_else(|| message.to_owned());
            (finding.severity, finding.code.clone(), title)
        });
        let sums = &evaluation.points;
        // A form of a layout that the rules do not score has no points to speak of.
        let is_scored = evaluation.indicators.iter().any(|row| row.score.status == Status::Scored);
        let scored = |points: Exact| if is_scored { points } else { Exact::ZERO };
        Fared {
            grade,
            faulty: super::is_faulty(evaluation),
            possible: scored(sums.possible.to_exact()),
            judged: scored(difference(sums.ceiling, sums.floor)),
            losses: execution.chain(rows).collect(),
            findings: findings.collect(),
        }
    }
}

/// What a scored row lost. Of a row that still needs review nobody can say it.
fn loss(dimension: Option<String>, indicator: &str, score: &Score) -> Option<Loss> {
    let possible = score.possible.filter(|_| score.status == Status::Scored)?;
    let lost = difference(possible, score.awarded);
    Some(Loss { dimension, indicator: indicator.to_owned(), possible: possible.to_exact(), lost })
}

fn difference(one: Points, other: Points) -> Exact {
    one.checked_sub(other).map_or_else(|| Exact::from_i64(0), Points::to_exact)
}

/// All forms so far.
#[derive(Default)]
pub struct Summary {
    evaluated: usize,
    faulty: usize,
    refused: Vec<String>,
    refused_count: usize,
    /// Label → rank and forms.
    grades: BTreeMap<Option<String>, (Option<Exact>, usize)>,
    possible: Sum,
    judged: Sum,
    /// By dimension, and by dimension and indicator.
    dimensions: BTreeMap<Option<String>, Lost>,
    indicators: BTreeMap<(Option<String>, String), Lost>,
    findings: BTreeMap<String, Found>,
}

/// A sum that never fails: what would not fit is left out.
struct Sum(Exact);

impl Default for Sum {
    fn default() -> Self {
        Sum(Exact::from_i64(0))
    }
}

impl Sum {
    fn add(&mut self, more: &Exact) {
        if let Ok(sum) = self.0.add(more) {
            self.0 = sum;
        }
    }
}

#[derive(Default)]
struct Lost {
    possible: Sum,
    points: Sum,
    rows: usize,
}

impl Lost {
    fn add(&mut self, loss: &Loss) {
        self.possible.add(&loss.possible);
        self.points.add(&loss.lost);
        self.rows += 1;
    }

    fn share(&self) -> String {
        percent(&self.points.0, &self.possible.0)
    }
}

struct Found {
    severity: Severity,
    title: String,
    times: usize,
    forms: usize,
}

impl Summary {
    pub fn add(&mut self, fared: Fared) {
        let Fared { grade, faulty, possible, judged, losses, findings } = fared;
        self.evaluated += 1;
        self.faulty += usize::from(faulty);
        let (label, rank) = grade.map_or((None, None), |(label, rank)| (Some(label), rank));
        let count = &mut self.grades.entry(label).or_insert((rank, 0)).1;
        *count += 1;
        self.possible.add(&possible);
        self.judged.add(&judged);
        for loss in losses {
            self.dimensions.entry(loss.dimension.clone()).or_default().add(&loss);
            let key = (loss.dimension.clone(), loss.indicator.clone());
            if loss.dimension.is_some() && (self.indicators.len() < TOLD_APART || self.indicators.contains_key(&key)) {
                self.indicators.entry(key).or_default().add(&loss);
            }
        }
        let mut told: Vec<&str> = Vec::new();
        for (severity, code, title) in &findings {
            let entry = self.findings.entry(code.clone());
            let found =
                entry.or_insert_with(|| Found { severity: *severity, title: title.clone(), times: 0, forms: 0 });
            found.times += 1;
            if !told.contains(&code.as_str()) {
                found.forms += 1;
                told.push(code);
            }
        }
    }

    /// A text that gave no evaluation, and why, in one line.
    pub fn refuse(&mut self, line: String) {
        self.refused_count += 1;
        if self.refused.len() < NAMED {
            self.refused.push(line);
        }
    }

    /// The summary as a page; `passed_over` counts files that are no form files, by their ending.
    pub fn text(&self, screen: Screen, passed_over: &BTreeMap<String, usize>) -> String {
        let parts = [
            self.totals(screen),
            self.grades(screen),
            self.losses(screen),
            self.findings(screen),
            self.left_out(screen, passed_over),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    fn totals(&self, screen: Screen) -> String {
        let Summary { evaluated, faulty, refused_count: refused, .. } = self;
        let all = evaluated + refused;
        let share = percent(&self.judged.0, &self.possible.0);
        let mut text = match screen.lang {
            Lang::Zh => format!("共 {all} 张自评表：评价 {evaluated} 张，其中有错误 {faulty} 张；未接受 {refused} 张"),
            Lang::En => format!("{all} forms: {evaluated} evaluated, {faulty} of them with errors; {refused} refused"),
        };
        text = format!("{}\n", Ink::Strong.paint(&text));
        if *evaluated > 0 {
            let (judged, possible) = (rounded(&self.judged.0), rounded(&self.possible.0));
            text.push_str(&match screen.lang {
                Lang::Zh => format!("只凭评判的分数：{judged} 分，占总分值 {possible} 分的 {share}\n"),
                Lang::En => format!("Resting on judgement: {judged} of {possible} points, {share}\n"),
            });
        }
        text
    }

    fn grades(&self, screen: Screen) -> String {
        let mut grades: Vec<_> = self.grades.iter().collect();
        if grades.is_empty() {
            return String::new();
        }
        // The best first, and no grade last.
        grades.sort_by(|(label, (rank, _)), (other_label, (other_rank, _))| {
            (label.is_none(), other_rank, label).cmp(&(other_label.is_none(), rank, other_label))
        });
        let most = grades.iter().map(|(_, (_, forms))| *forms).max().unwrap_or(1);
        let mut table = Table::new(vec![
            Column::short(screen.pick("等级", "Grade")),
            Column::right(screen.pick("张数", "forms")),
            Column::right(screen.pick("占比", "share")),
            Column::short(""),
        ]);
        for (label, (_, forms)) in grades {
            let label = label.as_deref().unwrap_or_else(|| screen.pick("未定", "none"));
            let bar = "█".repeat(forms.saturating_mul(BAR).div_ceil(most.max(1)));
            table.row(vec![
                Cell::new(label).ink(Ink::Strong),
                Cell::new(forms.to_string()),
                Cell::new(percent(&count(*forms), &count(self.evaluated))),
                Cell::new(bar).ink(Ink::Faint),
            ]);
        }
        table.render(screen.width)
    }

    fn losses(&self, screen: Screen) -> String {
        let mut dimensions: Vec<_> = self.dimensions.iter().filter(|(_, lost)| !lost.points.0.is_zero()).collect();
        dimensions.sort_by(|(_, one), (_, other)| other.points.0.cmp(&one.points.0));
        let mut indicators: Vec<_> = self.indicators.iter().filter(|(_, lost)| !lost.points.0.is_zero()).collect();
        indicators
            .sort_by(|(name, one), (other_name, other)| (&other.points.0, name).cmp(&(&one.points.0, other_name)));
        if dimensions.is_empty() {
            return String::new();
        }
        let columns = |title: &str| {
            Table::new(vec![
                Column::text(title),
                Column::number(screen.pick("失分", "points lost")),
                Column::right(screen.pick("占其分值", "of possible")),
                Column::right(screen.pick("行数", "rows")),
            ])
        };
        let row = |name: String, lost: &Lost| {
            vec![
                Cell::new(name),
                Cell::new(rounded(&lost.points.0)),
                Cell::new(lost.share()),
                Cell::new(lost.rows.to_string()),
            ]
        };
        let execution = screen.pick("预算执行", "budget execution");
        let mut by_dimension = columns(screen.pick("失分（分值 − 认定得分）", "Points lost (possible − awarded)"));
        for (dimension, lost) in dimensions {
            by_dimension.row(row(dimension.clone().unwrap_or_else(|| execution.to_owned()), lost));
        }
        let mut by_indicator = columns(screen.pick("失分最多的三级指标", "Indicators that lose most"));
        for ((dimension, name), lost) in indicators.iter().take(SHOWN) {
            by_indicator.row(row(format!("{} · {name}", dimension.as_deref().unwrap_or(execution)), lost));
        }
        let tables = [by_dimension.render(screen.width), by_indicator.render(screen.width)];
        if indicators.is_empty() { tables.into_iter().take(1).collect() } else { tables.join("\n") }
    }

    fn findings(&self, screen: Screen) -> String {
        let mut findings: Vec<_> = self.findings.iter().collect();
        if findings.is_empty() {
            return String::new();
        }
        findings.sort_by(|(code, one), (other_code, other)| (other.forms, code).cmp(&(one.forms, other_code)));
        let mut table = Table::new(vec![
            Column::short(""),
            Column::text(screen.pick("最常见的问题", "Most frequent findings")),
            Column::short(screen.pick("编号", "code")),
            Column::right(screen.pick("张数", "forms")),
            Column::right(screen.pick("处数", "times")),
        ]);
        for (code, found) in findings.iter().take(SHOWN) {
            let (sign, ink) = match found.severity {
                Severity::Error => ("×", Ink::Bad),
                Severity::Warning => ("!", Ink::Warn),
                Severity::Info => ("·", Ink::Place),
            };
            table.row(vec![
                Cell::new(sign).ink(ink),
                Cell::new(found.title.as_str()),
                Cell::new(code.as_str()).ink(Ink::Faint),
                Cell::new(found.forms.to_string()),
                Cell::new(found.times.to_string()),
            ]);
        }
        let mut text = table.render(screen.width);
        let more = findings.len().saturating_sub(SHOWN);
        if more > 0 {
            text.push_str(&match screen.lang {
                Lang::Zh => format!("……另有 {more} 种；heng explain 编号 可看每一种的说明\n"),
                Lang::En => format!("… and {more} more kinds; heng explain CODE tells about each\n"),
            });
        }
        text
    }

    fn left_out(&self, screen: Screen, passed_over: &BTreeMap<String, usize>) -> String {
        let mut text = String::new();
        if self.refused_count > 0 {
            text.push_str(&format!("{}\n", Ink::Bad.paint(screen.pick("未接受的文件", "Refused"))));
            for line in &self.refused {
                text.push_str(&format!("  {line}\n"));
            }
            let more = self.refused_count - self.refused.len();
            if more > 0 {
                text.push_str(&match screen.lang {
                    Lang::Zh => format!("  ……另有 {more} 个\n"),
                    Lang::En => format!("  … and {more} more\n"),
                });
            }
        }
        let endings: Vec<String> = passed_over
            .iter()
            .map(|(ending, files)| match (ending.is_empty(), screen.lang) {
                (true, Lang::Zh) => format!("{files} 个没有扩展名的文件"),
                (true, Lang::En) => format!("{files} without an ending"),
                (false, Lang::Zh) => format!("{files} 个 .{ending} 文件"),
                (false, Lang::En) => format!("{files} .{ending}"),
            })
            .collect();
        if !endings.is_empty() {
            text.push_str(&match screen.lang {
                Lang::Zh => format!("不是自评表文件，已略过：{}\n", endings.join("、")),
                Lang::En => format!("Passed over, no form files: {}\n", endings.join(", ")),
            });
        }
        text
    }
}

fn count(count: usize) -> Exact {
    Exact::from_i64(i64::try_from(count).unwrap_or(i64::MAX))
}

/// At most two decimals.
fn rounded(number: &Exact) -> String {
    number.round_half_up(2).to_string()
}

fn percent(part: &Exact, whole: &Exact) -> String {
    part.div(whole).map_or_else(|_| "—".to_owned(), |share| Ratio::new(share).percent())
}
