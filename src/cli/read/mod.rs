//! `heng read`: how printed texts are read, and whether the target is met.

mod pair;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::rule_files;
use crate::cli::say::{self, Out};
use crate::cli::tsv::Tsv;
use crate::cli::{CANNOT_RUN, Globals};
use crate::diagnostic::Lang;
use crate::reading::{Lexicon, Meeting, Reading, Row, Side, meet, read};
use crate::wire::json::{self, JsonError, Layout};

pub(super) use pair::pair;

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
    let reason = serde_json::to_string(pair.meeting.reason().get(lang))?;
    Ok(format!("{{\"target\":{target},\"actual\":{actual},\"met\":{met},\"reason\":{reason}}}\n"))
}

fn pair_text(pair: &Pair, lang: Lang) -> String {
    let actual = pair.compares.then_some(&pair.actual);
    let reason = pair.meeting.reason();
    let verdict = pair.compares.then_some((pair.meeting.met, &reason));
    pair::pair(&pair.target, actual, verdict, lang) + "\n"
}
