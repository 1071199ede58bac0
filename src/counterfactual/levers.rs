//! The cells that may be changed, one at a time, and what they may be changed to.
//!
//! A number is moved on the grid of its own last decimal, towards the ends that the form itself names: the target, the
//! budget, the points possible. What is no number has one other setting: another tier, a reason, a cell filled or
//! cleared.

use std::collections::BTreeSet;

use super::goal::Line;
use crate::diagnostic::Bilingual;
use crate::evaluation::{Evaluation, IndicatorResult};
use crate::form::{Draft, Form, IndicatorDraft, StructuredDraft};
use crate::formula::Formula;
use crate::quantity::{Exact, MoneyUnit, Points};
use crate::reading::{Comparison, Kind, Reading, Role};
use crate::ruleset::{Adjustment, ColumnType, RuleSet};

/// Factors between units of one kind, as forms mix them: 元 and 万元, 1 and %.
const FACTORS: [&str; 9] = ["1", "10000", "0.0001", "100", "0.01", "1000", "0.001", "100000000", "0.00000001"];
/// Finer steps than this are not looked at.
const MOST_DECIMALS: u32 = 6;

/// A cell that may be changed.
#[derive(Debug, Clone)]
pub(super) struct Lever {
    pub line: Line,
    /// `indicators[5].actual`
    pub field: String,
    pub title: Bilingual,
    /// What stands there.
    pub now: String,
    pub settings: Settings,
    cell: Cell,
}

#[derive(Debug, Clone)]
pub(super) enum Settings {
    /// From where it stands, in steps, to some of these ends.
    Numbers { now: Exact, step: Exact, ends: Vec<Exact> },
    /// One other setting.
    Once,
}

#[derive(Debug, Clone)]
enum Cell {
    ExecutionClaim,
    Claim(usize),
    Executed,
    /// The number in the text of the actual: the text before it and behind it.
    Actual {
        row: usize,
        before: String,
        after: String,
    },
    /// The structure beside the text of the actual.
    Sent {
        row: usize,
        unit: String,
    },
    Tier {
        row: usize,
        tier: String,
    },
    Date {
        row: usize,
        day: String,
    },
    Reason(usize),
    Column {
        row: usize,
        title: String,
        text: String,
    },
    Attribute {
        title: String,
        text: String,
    },
}

impl Lever {
    /// Puts the setting into a draft; `value` counts for numbers alone.
    pub fn set(&self, draft: &mut Draft, value: Option<&Exact>) {
        let number = value.map(ToString::to_string).unwrap_or_default();
        let row = |draft: &'_ mut Draft, at: usize, change: &dyn Fn(&mut IndicatorDraft)| {
            draft.indicators.get_mut(at).map(change).unwrap_or_default();
        };
        match &self.cell {
            Cell::ExecutionClaim => draft.funds.points_claimed = number,
            Cell::Executed => draft.funds.total.budget_executed = number,
            Cell::Claim(at) => row(draft, *at, &|row| row.points_claimed.clone_from(&number)),
            Cell::Actual { row: at, before, after } => {
                row(draft, *at, &|row| row.actual = format!("{before}{number}{after}"));
            }
            Cell::Sent { row: at, unit } => row(draft, *at, &|row| {
                row.actual_structured =
                    StructuredDraft { value: number.clone(), unit: unit.clone(), ..StructuredDraft::default() };
            }),
            Cell::Tier { row: at, tier } => row(draft, *at, &|row| {
                row.actual_structured = StructuredDraft { tier: tier.clone(), ..StructuredDraft::default() };
            }),
            Cell::Date { row: at, day } => row(draft, *at, &|row| {
                row.actual_structured = StructuredDraft { date: day.clone(), ..StructuredDraft::default() };
            }),
            Cell::Reason(at) => row(draft, *at, &|row| REASON.clone_into(&mut row.deviation_reason)),
            Cell::Column { row: at, title, text } => row(draft, *at, &|row| {
                row.attributes.insert(title.clone(), text.clone());
            }),
            Cell::Attribute { title, text } => drop(draft.attributes.insert(title.clone(), text.clone())),
        }
    }

    /// How the cell reads with this setting.
    pub fn shown(&self, value: Option<&Exact>) -> String {
        let number = value.map(ToString::to_string).unwrap_or_default();
        match &self.cell {
            Cell::ExecutionClaim | Cell::Executed | Cell::Claim(_) => number,
            Cell::Actual { before, after, .. } => format!("{before}{number}{after}"),
            Cell::Sent { .. } => number,
            Cell::Tier { tier, .. } => tier.clone(),
            Cell::Date { day, .. } => day.clone(),
            Cell::Reason(_) => REASON.to_owned(),
            Cell::Column { text, .. } | Cell::Attribute { text, .. } => text.clone(),
        }
    }

    /// The same lever by the structure beside the text, for a text in which the number cannot be found again.
    pub fn by_structure(&self, evaluation: &Evaluation) -> Option<Lever> {
        let Cell::Actual { row, .. } = self.cell else { return None };
        let unit = evaluation.indicators.get(row)?.actual.unit().unwrap_or_default().to_owned();
        let field = format!("indicators[{row}].actual_structured.value");
        Some(Lever { field, cell: Cell::Sent { row, unit }, ..self.clone() })
    }

    /// Whether it only says more of what was done, so that the claim must follow before points do.
    pub fn is_claim(&self) -> bool {
        matches!(self.cell, Cell::ExecutionClaim | Cell::Claim(_))
    }

    /// Whether a number that was put into a text is read as that number.
    pub fn is_read(&self, evaluation: &Evaluation, value: Option<&Exact>) -> bool {
        match &self.cell {
            Cell::Actual { row, .. } => evaluation.indicators.get(*row).is_some_and(|row| row.actual.value() == value),
            _ => true,
        }
    }
}

/// What is put where any reason will do.
const REASON: &str = "已说明原因";
/// What is put where anything will do.
const ANYTHING: &str = "有";

/// Every cell of a form that may be changed.
pub(super) fn levers(rules: &RuleSet, form: &Form, evaluation: &Evaluation) -> Vec<Lever> {
    let mut found = Vec::new();
    found.extend(execution_claim(rules, form, evaluation));
    found.extend(executed(form, evaluation));
    for (at, row) in evaluation.indicators.iter().enumerate() {
        found.extend(claim(rules, form, (at, row)));
        found.extend(actual(at, row));
        found.extend(tier(rules, (at, row)));
        found.extend(date(form, (at, row)));
    }
    found.extend(mentioned(rules, form));
    found
}

fn decimals_of(text: &str) -> u32 {
    let digits = text.split_once(['.', '．']).map_or("", |(_, rest)| rest);
    u32::try_from(digits.chars().take_while(char::is_ascii_digit).count()).unwrap_or(0).min(MOST_DECIMALS)
}

/// One unit of the last of so many decimals.
fn step(decimals: u32) -> Exact {
    Exact::from_scaled(1, decimals.min(MOST_DECIMALS)).unwrap_or(Exact::ONE)
}

fn claim_settings(rules: &RuleSet, year: i32, score: &crate::evaluation::Score) -> Option<(String, Settings)> {
    let claimed = score.claimed?;
    if claimed >= score.ceiling {
        return None;
    }
    let step = step(rules.decimals(year).max(claimed.scale().min(MOST_DECIMALS)));
    let ends = vec![score.ceiling.to_exact()];
    Some((claimed.to_string(), Settings::Numbers { now: claimed.to_exact(), step, ends }))
}

fn execution_claim(rules: &RuleSet, form: &Form, evaluation: &Evaluation) -> Option<Lever> {
    let score = &evaluation.execution.as_ref()?.score;
    let (now, settings) = claim_settings(rules, form.fiscal_year().get(), score)?;
    let (line, cell) = (Line::Execution, Cell::ExecutionClaim);
    let title = Bilingual::new("预算执行的自评得分", "points claimed for the execution");
    Some(Lever { line, field: "funds.points_claimed".to_owned(), title, now, settings, cell })
}

fn claim(rules: &RuleSet, form: &Form, (at, row): (usize, &IndicatorResult)) -> Option<Lever> {
    let (now, settings) = claim_settings(rules, form.fiscal_year().get(), &row.score)?;
    Some(row_lever(at, "points_claimed", Bilingual::new("自评得分", "points claimed"), now, settings, Cell::Claim(at)))
}

fn row_lever(at: usize, name: &str, title: Bilingual, now: String, settings: Settings, cell: Cell) -> Lever {
    Lever { line: Line::Row(at), field: format!("indicators[{at}].{name}"), title, now, settings, cell }
}

/// The money spent, in the unit of the form, up to what was planned.
fn executed(form: &Form, evaluation: &Evaluation) -> Option<Lever> {
    let score = &evaluation.execution.as_ref()?.score;
    let (funds, unit) = (form.funds(), form.funds().unit());
    let printed = funds.total().budget_executed();
    let spent = printed.value()?.in_unit(unit);
    if score.possible == Some(score.ceiling) && score.adjustments().is_empty() {
        return None;
    }
    let planned = [funds.total().budget_annual(), funds.total().budget_initial()];
    let ends = planned.iter().filter_map(|money| money.value()).map(|money| money.in_unit(unit));
    let ends: Vec<Exact> = ends.filter(|end| *end != spent && !end.is_negative()).collect();
    // In 万元 two more decimals are no more than a hundred 元.
    let finest = if unit == MoneyUnit::Yuan { 2 } else { 4 };
    let step = step(decimals_of(printed.text()).max(2).min(finest));
    let title = Bilingual::new("全年执行数", "money executed");
    Some(Lever {
        line: Line::Execution,
        field: "funds.total.budget_executed".to_owned(),
        title,
        now: spent.to_string(),
        settings: Settings::Numbers { now: spent, step, ends },
        cell: Cell::Executed,
    })
}

/// The number that the actual tells, moved to the target.
fn actual(at: usize, row: &IndicatorResult) -> Option<Lever> {
    if row.score.possible == Some(row.score.ceiling) && row.score.adjustments().is_empty() {
        return None;
    }
    let (target, actual) = (&row.target, &row.actual);
    if actual.kind() != Kind::Number || !matches!(target.kind(), Kind::Number | Kind::Range) {
        return None;
    }
    let now = actual.value()?.clone();
    let decimals = [&*actual.text, &*target.text].map(finest).into_iter().max().unwrap_or(0);
    let step = step(decimals);
    let ends = ends(target, actual, &step, &now);
    let settings = Settings::Numbers { now, step, ends };
    let title = Bilingual::new("实际完成值", "actual");
    let unit = actual.unit().unwrap_or_default().to_owned();
    let (name, cell) = match around_number(actual) {
        Some((before, after)) => ("actual", Cell::Actual { row: at, before, after }),
        None => ("actual_structured.value", Cell::Sent { row: at, unit }),
    };
    Some(row_lever(at, name, title, actual.text.to_string(), settings, cell))
}

/// The most decimals of any number in a text.
fn finest(text: &str) -> u32 {
    let mut most = 0;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(['.', '．']) {
        let digits = after.chars().take_while(char::is_ascii_digit).count();
        most = most.max(u32::try_from(digits).unwrap_or(0));
        rest = after;
    }
    most.min(MOST_DECIMALS)
}

/// Where the target stands on the scale of the actual, whatever units both are in: some of these are it.
fn ends(target: &Reading, actual: &Reading, step: &Exact, now: &Exact) -> Vec<Exact> {
    let same = target.unit() == actual.unit();
    let factors = FACTORS.iter().take(if same { 1 } else { FACTORS.len() }).filter_map(|factor| Exact::parse(factor));
    let bounds: Vec<Exact> = [target.value(), target.low(), target.high()].into_iter().flatten().cloned().collect();
    let mut found = BTreeSet::new();
    for factor in factors {
        for bound in &bounds {
            let Ok(end) = bound.mul(&factor) else { continue };
            let strict = matches!(target.comparison(), Some(Comparison::MoreThan | Comparison::LessThan));
            let beyond = match target.comparison() {
                Some(Comparison::LessThan) => end.sub(step),
                _ => end.add(step),
            };
            found.extend(beyond.ok().filter(|_| strict));
            found.insert(end);
        }
    }
    found.remove(now);
    found.into_iter().collect()
}

/// What stands before and behind the number that scores, where the text has it once.
fn around_number(reading: &Reading) -> Option<(String, String)> {
    let main = &reading.main;
    let own =
        |span: &&crate::reading::Span| span.role == Role::Number && span.start >= main.start && span.end <= main.end;
    let mut numbers = reading.spans.iter().filter(own);
    let (span, more) = (numbers.next()?, numbers.next());
    if more.is_some() {
        return None;
    }
    Some((reading.text.get(..span.start)?.to_owned(), reading.text.get(span.end..)?.to_owned()))
}

/// The best tier in the place of the one that the words tell.
fn tier(rules: &RuleSet, (at, row): (usize, &IndicatorResult)) -> Option<Lever> {
    let own = row.actual.tier()?;
    let best = rules.lexicon.tiers().next()?;
    if own == best || row.score.possible == Some(row.score.ceiling) {
        return None;
    }
    let title = Bilingual::new("实际完成值所说的完成程度", "the tier that the actual tells");
    let cell = Cell::Tier { row: at, tier: best.to_owned() };
    Some(row_lever(at, "actual_structured.tier", title, own.to_owned(), Settings::Once, cell))
}

/// The last day that the target allows in the place of a later one.
fn date(form: &Form, (at, row): (usize, &IndicatorResult)) -> Option<Lever> {
    if row.score.possible == Some(row.score.ceiling) && row.score.adjustments().is_empty() {
        return None;
    }
    let (target, actual) = (row.target.date()?, row.actual.date()?);
    let year = Some(form.fiscal_year().get());
    let (due, done) = (target.in_year(year).last, actual.in_year(year).last);
    if done <= due {
        return None;
    }
    let title = Bilingual::new("实际完成的日期", "the day of completion");
    let cell = Cell::Date { row: at, day: due.to_string() };
    Some(row_lever(at, "actual_structured.date", title, row.actual.text.to_string(), Settings::Once, cell))
}

/// Cells that adjustments speak of: a reason, columns and attributes, filled where they are blank and cleared where
/// they are not.
fn mentioned(rules: &RuleSet, form: &Form) -> Vec<Lever> {
    let names: BTreeSet<&str> = rules.adjustments.iter().flat_map(names_of).collect();
    let mut found = Vec::new();
    let other = |text: &str| if text.trim().is_empty() { ANYTHING.to_owned() } else { String::new() };
    for (at, row) in form.indicators().iter().enumerate() {
        if names.contains("deviation_reason") && row.deviation_reason().trim().is_empty() {
            let title = Bilingual::new("偏差原因分析及改进措施", "reason for the deviation");
            found.push(row_lever(at, "deviation_reason", title, String::new(), Settings::Once, Cell::Reason(at)));
        }
        for column in rules.structure.columns.iter().filter(|column| names.contains(column.id.as_str())) {
            if column.kind != ColumnType::Text {
                continue;
            }
            let (title, text) = column.cell(row.attributes()).unwrap_or((column.title(), ""));
            let cell = Cell::Column { row: at, title: title.to_owned(), text: other(text) };
            let name = format!("attributes.{title}");
            found.push(row_lever(at, &name, Bilingual::new(title, title), text.to_owned(), Settings::Once, cell));
        }
    }
    for column in rules.structure.attributes.iter().filter(|column| names.contains(column.id.as_str())) {
        if column.kind != ColumnType::Text {
            continue;
        }
        let (title, text) = column.cell(form.attributes()).unwrap_or((column.title(), ""));
        let cell = Cell::Attribute { title: title.to_owned(), text: other(text) };
        found.push(Lever {
            line: Line::Form,
            field: format!("attributes.{title}"),
            title: Bilingual::new(title, title),
            now: text.to_owned(),
            settings: Settings::Once,
            cell,
        });
    }
    found
}

fn names_of(adjustment: &Adjustment) -> impl Iterator<Item = &str> {
    adjustment.when.iter().chain([&adjustment.points]).flat_map(Formula::names).map(|(_, name)| name)
}

/// The claim of a line raised to all that is possible, as part of a larger change.
pub(super) fn full_claim(line: Line, evaluation: &Evaluation) -> Option<(Lever, Exact)> {
    let score = line.score(evaluation)?;
    let (claimed, possible) = (score.claimed?, score.possible?);
    if claimed >= possible {
        return None;
    }
    let (field, title, cell) = match line {
        Line::Execution => (
            "funds.points_claimed".to_owned(),
            Bilingual::new("预算执行的自评得分", "points claimed for the execution"),
            Cell::ExecutionClaim,
        ),
        Line::Row(at) => {
            (format!("indicators[{at}].points_claimed"), Bilingual::new("自评得分", "points claimed"), Cell::Claim(at))
        }
        Line::Form => return None,
    };
    let end = possible.to_exact();
    let settings = Settings::Numbers { now: claimed.to_exact(), step: step(Points::DECIMALS), ends: vec![end.clone()] };
    Some((Lever { line, field, title, now: claimed.to_string(), settings, cell }, end))
}
