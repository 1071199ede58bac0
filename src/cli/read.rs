//! `heng read`: how printed texts are read, and whether the target is met.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::layout::{Ink, visible, width};
use super::rule_files;
use super::say::{self, Out};
use super::tsv::Tsv;
use super::{CANNOT_RUN, Globals, either};
use crate::diagnostic::Lang;
use crate::reading::{Comparison, Kind, Lexicon, Meeting, Met, Reading, Role, Row, Side, Statement, meet, read};
use crate::wire::json::{self, JsonError, Layout};

#[derive(Debug, Clone, Args)]
pub struct ReadArgs {
    /// 年度指标值 as printed
    #[arg(
        value_name = "TARGET",
        allow_hyphen_values = true,
        required_unless_present = "file",
        conflicts_with = "file"
    )]
    pub target: Option<String>,
    /// 实际完成值 as printed
    #[arg(value_name = "ACTUAL", allow_hyphen_values = true)]
    pub actual: Option<String>,
    /// Many pairs: a table with columns target, actual and perhaps dimension, category, name
    #[arg(long, value_name = "PAIRS.tsv")]
    pub file: Option<PathBuf>,
    /// Read with the words of this rule pack; the most general one by default
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
    /// 三级指标 of the row
    #[arg(long, default_value = "")]
    pub name: String,
    /// 二级指标 of the row
    #[arg(long, default_value = "")]
    pub category: String,
    /// 一级指标 of the row
    #[arg(long, default_value = "")]
    pub dimension: String,
    /// Fiscal year, for dates printed without one
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
}

/// Reads one pair of texts, or a table of them.
pub fn run(globals: &Globals, args: &ReadArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let Some(rules) = rule_files::compiled(&globals.rules, lang) else { return Ok(CANNOT_RUN.into()) };
    let table = args.file.as_ref().map(|path| Tsv::read(path, &["target"])).transpose();
    let (lexicon, table) = match (rules.pack(args.pack.as_deref()), table) {
        (Ok(pack), Ok(table)) => (&pack.lexicon, table),
        (Err(why), _) | (_, Err(why)) => {
            say::failure(lang, &why);
            return Ok(CANNOT_RUN.into());
        }
    };
    let mut out = Out::open();
    let row = Row {
        name: &args.name,
        category: &args.category,
        dimension: &args.dimension,
        fiscal_year: args.year,
        ..Row::default()
    };
    let show = |pair: &Pair| if globals.wants_json() { pair_json(pair, lang) } else { Ok(pair_text(pair, lang)) };
    let mut put = |pair: &Pair| show(pair).map_err(io::Error::other).and_then(|text| out.text(&text));
    match &table {
        None => put(&Pair::read(args.target.as_deref().unwrap_or_default(), args.actual.as_deref(), &row, lexicon))?,
        Some(table) => {
            for line in table.rows() {
                let told =
                    |column, otherwise| Some(line.get(column)).filter(|text| !text.is_empty()).unwrap_or(otherwise);
                let row = Row {
                    name: told("name", row.name),
                    category: told("category", row.category),
                    dimension: told("dimension", row.dimension),
                    ..row
                };
                put(&Pair::read(line.get("target"), Some(line.get("actual")), &row, lexicon))?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Two readings and what they come to.
struct Pair {
    target: Reading,
    /// Blank where none was given.
    actual: Reading,
    meeting: Meeting,
    /// Whether an actual was given at all.
    compares: bool,
}

impl Pair {
    fn read(target: &str, actual: Option<&str>, row: &Row<'_>, lexicon: &Lexicon) -> Pair {
        let target = read(target, row, Side::Target, lexicon);
        let compares = actual.is_some();
        let actual = read(actual.unwrap_or_default(), row, Side::Actual, lexicon);
        let meeting = meet(&target, &actual, row, lexicon);
        Pair { target, actual, meeting, compares }
    }
}

fn pair_json(pair: &Pair, lang: Lang) -> Result<String, JsonError> {
    let target = json::reading(&pair.target, Layout::Line)?;
    let actual = json::reading(&pair.actual, Layout::Line)?;
    let met = serde_json::to_string(pair.meeting.met.name())?;
    let reason = serde_json::to_string(pair.meeting.reason.get(lang))?;
    Ok(format!("{{\"target\":{target},\"actual\":{actual},\"met\":{met},\"reason\":{reason}}}\n"))
}

fn pair_text(pair: &Pair, lang: Lang) -> String {
    let mut text = reading_text(either(lang, "年度指标值", "target"), &pair.target, lang);
    if pair.compares {
        text.push_str(&reading_text(either(lang, "实际完成值", "actual"), &pair.actual, lang));
        let (word, ink) = verdict(pair.meeting.met, lang);
        let label = column(either(lang, "结论", "verdict"));
        let reason = visible(pair.meeting.reason.get(lang));
        text.push_str(&format!("{}{}  {reason}\n", Ink::Faint.paint(&label), ink.paint(word)));
    }
    text.push('\n');
    text
}

/// Cells before what a label names.
const LABEL: usize = 12;

fn column(label: &str) -> String {
    super::layout::pad(label, LABEL)
}

fn verdict(met: Met, lang: Lang) -> (&'static str, Ink) {
    match met {
        Met::Met => (either(lang, "达标", "MET"), Ink::Good),
        Met::Exceeded => (either(lang, "超额", "EXCEEDED"), Ink::Good),
        Met::NotMet => (either(lang, "未达标", "NOT MET"), Ink::Bad),
        Met::Judged => (either(lang, "由人评判", "JUDGED"), Ink::Warn),
        Met::Unknown => (either(lang, "无法比较", "UNKNOWN"), Ink::Warn),
    }
}

/// The text, its used stretches underlined, and what was read.
fn reading_text(label: &str, reading: &Reading, lang: Lang) -> String {
    let (line, marks) = underlined(reading);
    let label = if line.is_empty() { label.to_owned() } else { column(label) };
    let mut text = format!("{}{line}\n", Ink::Faint.paint(&label));
    if !marks.is_empty() {
        text.push_str(&format!("{}{}\n", column(""), Ink::Place.paint(&marks)));
    }
    let roles: Vec<String> = reading
        .spans
        .iter()
        .map(|span| {
            format!("{} {}", role(span.role, lang), visible(reading.text.get(span.start..span.end).unwrap_or_default()))
        })
        .collect();
    let mut detail = |label: &str, content: &str| {
        text.push_str(&format!("{}{content}\n", Ink::Faint.paint(&column(label))));
    };
    detail(either(lang, "读作", "read as"), &Ink::Strong.paint(&statement(&reading.main, lang)));
    if !roles.is_empty() {
        detail(either(lang, "根据", "by"), &roles.join(either(lang, "，", ", ")));
    }
    for other in &reading.others {
        let words = visible(reading.text.get(other.start..other.end).unwrap_or_default());
        detail(either(lang, "另有", "also"), &format!("{words}  {}", statement(other, lang)));
    }
    text
}

/// The text as it may be shown, and marks that stand under the stretches it was read from.
fn underlined(reading: &Reading) -> (String, String) {
    let mut line = String::new();
    let mut marks = String::new();
    for (at, character) in reading.text.char_indices() {
        let shown = visible(character.encode_utf8(&mut [0; 4]));
        let used = reading.spans.iter().any(|span| span.role != Role::Note && (span.start..span.end).contains(&at));
        marks.extend(std::iter::repeat_n(if used { '~' } else { ' ' }, width(&shown)));
        line.push_str(&shown);
    }
    (line, marks.trim_end().to_owned())
}

fn role(role: Role, lang: Lang) -> &'static str {
    let (zh, en) = match role {
        Role::Number => ("数", "number"),
        Role::Unit => ("单位", "unit"),
        Role::Comparator => ("比较", "comparison"),
        Role::Approximation => ("约数", "approximation"),
        Role::Date => ("日期", "date"),
        Role::Tier => ("完成程度", "tier"),
        Role::Negation => ("否定", "negation"),
        Role::NotApplicable => ("不适用", "not applicable"),
        Role::Note => ("注", "note"),
    };
    either(lang, zh, en)
}

/// `数值 ≥ 95 %`
fn statement(statement: &Statement, lang: Lang) -> String {
    let (zh, en) = match statement.kind {
        Kind::Number => ("数值", "number"),
        Kind::Range => ("区间", "range"),
        Kind::Date => ("日期", "date"),
        Kind::Statement => ("文字", "words"),
        Kind::NotApplicable => ("不适用", "not applicable"),
        Kind::Blank => ("空白", "blank"),
        Kind::Unreadable => ("读不出确定的值", "unreadable"),
    };
    let mut parts = vec![either(lang, zh, en).to_owned()];
    let sign = statement.comparison.map(|comparison| match comparison {
        Comparison::AtLeast => "≥",
        Comparison::AtMost => "≤",
        Comparison::MoreThan => ">",
        Comparison::LessThan => "<",
        Comparison::Exactly => "=",
        Comparison::Within => "∈",
    });
    parts.extend(sign.filter(|_| statement.kind != Kind::Statement).map(str::to_owned));
    if statement.approximate {
        parts.push(either(lang, "约", "about").to_owned());
    }
    parts.extend(statement.value.as_ref().map(ToString::to_string));
    if let (Some(low), Some(high)) = (&statement.low, &statement.high) {
        parts.push(format!("[{low}, {high}]"));
    }
    parts.extend(statement.unit.as_ref().map(|unit| unit.printed.clone()));
    parts.extend(statement.date.map(|date| date.to_string()));
    parts.extend(statement.tier.as_ref().map(|tier| format!("{} {tier}", either(lang, "完成程度", "tier"))));
    parts.join(" ")
}
