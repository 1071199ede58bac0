//! `heng test`: runs the regression cases of rule packs.

#![expect(clippy::disallowed_methods, reason = "the rim: looks whether a name is a folder")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::cli::layout::{Ink, visible};
use crate::cli::rule_files::{self, RuleFiles};
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, FAULTY, Globals, either};
use crate::diagnostic::{Bilingual, Diagnostic, Lang, Place, render};
use crate::pack::PackFiles;
use crate::regress::{CaseResult, Difference, Outcome, Report, Runner};
use crate::ruleset::RuleBook;

#[derive(Debug, Clone, Args)]
pub struct TestArgs {
    /// Folder of rule packs, or one pack; --rules by default
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Only cases whose `pack: name` contains this; alone it may stand in place of DIR
    #[arg(value_name = "FILTER")]
    pub filter: Option<String>,
}

/// Runs the cases and shows how each ended. The last line is always `N passed, N failed`.
pub fn run(globals: &Globals, args: &TestArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let (dir, filter) = dir_and_filter(globals, args);
    let RuleFiles { packs, only } = match rule_files::load(&dir) {
        Ok(files) => files,
        Err(why) => {
            say::failure(lang, &why);
            return Ok(CANNOT_RUN.into());
        }
    };
    let (book, problems) = RuleBook::compile(&packs);
    let Some(book) = book else {
        rule_files::report_broken(&dir, &problems, &packs, lang);
        return Ok(CANNOT_RUN.into());
    };
    let mut report = run_cases(&book, &packs, &dir, only.as_deref(), &filter);
    if let Some(only) = &only {
        report.results.retain(|result| result.pack == *only);
    }
    let mut out = Out::open();
    if globals.wants_json() {
        report.results.iter().try_for_each(|result| out.line(&case_json(result, lang)))?;
        out.line(&serde_json::to_string(&TotalJson { passed: report.passed(), failed: report.failed() })?)?;
    } else {
        report.results.iter().try_for_each(|result| out.text(&case_text(result, &packs, lang)))?;
        out.text(&say::diagnostics(&report.problems, &packs, lang))?;
        out.line(&format!("{} passed, {} failed", report.passed(), report.failed()))?;
    }
    out.flush()?;
    if report.results.is_empty() && report.failed() == 0 {
        say::failure(lang, &no_case(&dir, &filter));
        return Ok(CANNOT_RUN.into());
    }
    Ok(if report.failed() > 0 { FAULTY.into() } else { ExitCode::SUCCESS })
}

/// `heng test FILTER` is understood when FILTER is no folder.
fn dir_and_filter(globals: &Globals, args: &TestArgs) -> (PathBuf, String) {
    match (&args.dir, &args.filter) {
        (None, _) => (globals.rules.clone(), String::new()),
        (Some(dir), Some(filter)) => (dir.clone(), filter.clone()),
        (Some(dir), None) if dir.is_dir() => (dir.clone(), String::new()),
        (Some(filter), None) => (globals.rules.clone(), filter.to_string_lossy().into_owned()),
    }
}

fn run_cases(book: &RuleBook, packs: &[PackFiles], dir: &Path, only: Option<&str>, filter: &str) -> Report {
    let beside = rule_files::beside(dir, only);
    let form_file = |pack: &str, path: &str| rule_files::form_file(&beside, pack, path);
    Runner { book, folder: packs, form_file: &form_file }.run(filter)
}

fn no_case(dir: &Path, filter: &str) -> Bilingual {
    let dir = dir.display();
    if filter.is_empty() {
        return Bilingual::new(format!("{dir} 里没有案例"), format!("there is no case in {dir}"));
    }
    Bilingual::new(
        format!("{dir} 里没有名称含“{filter}”的案例，也没有这个名称的文件夹"),
        format!("no case in {dir} contains `{filter}`, and there is no folder of that name"),
    )
}

fn case_text(result: &CaseResult, packs: &[PackFiles], lang: Lang) -> String {
    let (word, ink) = match result.outcome {
        Outcome::Passed => (either(lang, "通过", "PASS"), Ink::Good),
        Outcome::Failed(_) => (either(lang, "失败", "FAIL"), Ink::Bad),
        Outcome::Broken(_) => (either(lang, "无效", "BROKEN"), Ink::Bad),
    };
    let pack = Ink::Place.paint(&result.pack);
    let mut text = format!("{}  {pack}  {}\n", ink.paint(word), visible(&result.name));
    match &result.outcome {
        Outcome::Passed => {}
        Outcome::Failed(differences) => {
            differences.iter().for_each(|difference| text.push_str(&difference_text(difference, lang)));
            text.push_str(&detail(either(lang, "案例", "case"), &result.place.to_string()));
        }
        Outcome::Broken(problems) => text.push_str(&say::diagnostics(problems, packs, lang)),
    }
    text
}

/// The score first, then how the rules came to it and where they stand.
fn difference_text(difference: &Difference, lang: Lang) -> String {
    let Difference { path, want, got, delta, derivation, rule, place } = difference;
    let delta = delta.as_ref().map_or_else(String::new, |delta| {
        let plus = if delta.is_negative() || delta.is_zero() { "" } else { "+" };
        format!(" {plus}{delta}")
    });
    let what = format!("{}{delta}", facet_title(path, lang));
    let mut text = match lang {
        Lang::Zh => format!("      {}：想要 {want}，得到 {got}\n", Ink::Strong.paint(&what)),
        Lang::En => format!("      {}: wanted {want}, got {got}\n", Ink::Strong.paint(&what)),
    };
    for (label, content) in [
        (either(lang, "推导", "how"), derivation.as_str()),
        (either(lang, "规则", "rule"), rule.as_str()),
        (either(lang, "期望", "want"), place.to_string().as_str()),
    ] {
        if !content.is_empty() {
            text.push_str(&detail(label, content));
        }
    }
    text
}

fn detail(label: &str, content: &str) -> String {
    format!("        {} {}\n", Ink::Faint.paint(label), visible(content))
}

/// `indicators[5].pointsCeiling` → `indicators[5] 核算上限`.
fn facet_title(path: &str, lang: Lang) -> String {
    let (row, name) = path.rsplit_once('.').unwrap_or(("", path));
    let title = FACETS.iter().find(|(known, ..)| *known == name).map(|(_, zh, en)| either(lang, zh, en));
    match (row, title) {
        ("" | "points", Some(title)) => title.to_owned(),
        ("execution", Some(title)) => format!("{} {title}", either(lang, "预算执行", "execution")),
        (row, Some(title)) => format!("{row} {title}"),
        (_, None) => path.to_owned(),
    }
}

const FACETS: &[(&str, &str, &str)] = &[
    ("possible", "分值", "points possible"),
    ("claimed", "自评得分", "points claimed"),
    ("floor", "核算下限", "points floor"),
    ("ceiling", "核算上限", "points ceiling"),
    ("awarded", "认定得分", "points awarded"),
    ("pointsPossible", "分值", "points possible"),
    ("pointsClaimed", "自评得分", "points claimed"),
    ("pointsFloor", "核算下限", "points floor"),
    ("pointsCeiling", "核算上限", "points ceiling"),
    ("pointsAwarded", "认定得分", "points awarded"),
    ("rate", "执行率", "rate"),
    ("grade", "等级", "grade"),
    ("findings", "校验问题", "finding"),
    ("status", "状态", "status"),
    ("met", "达标情况", "met"),
    ("derivation", "推导", "derivation"),
    ("method", "方法", "method"),
];

fn case_json(result: &CaseResult, lang: Lang) -> String {
    let place = |place: &Place| PlaceJson { file: place.file.to_string(), line: place.line, column: place.column };
    let (outcome, differences, problems): (_, &[Difference], &[Diagnostic]) = match &result.outcome {
        Outcome::Passed => ("passed", &[], &[]),
        Outcome::Failed(differences) => ("failed", differences, &[]),
        Outcome::Broken(problems) => ("broken", &[], problems),
    };
    let line = CaseJson {
        pack: &result.pack,
        case: &result.name,
        outcome,
        place: place(&result.place),
        differences: differences
            .iter()
            .map(|difference| {
                let Difference { path, want, got, delta, derivation, rule, place: at } = difference;
                DifferenceJson {
                    path,
                    want,
                    got,
                    delta: delta.as_ref().map(ToString::to_string),
                    derivation,
                    rule,
                    place: place(at),
                }
            })
            .collect(),
        diagnostics: problems
            .iter()
            .filter_map(|problem| serde_json::from_str(&render::json_line(problem, lang)).ok())
            .collect(),
    };
    serde_json::to_string(&line).unwrap_or_default()
}

#[derive(Serialize)]
struct CaseJson<'a> {
    pack: &'a str,
    case: &'a str,
    outcome: &'a str,
    place: PlaceJson,
    differences: Vec<DifferenceJson<'a>>,
    diagnostics: Vec<serde_json::Value>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    path: &'a str,
    want: &'a str,
    got: &'a str,
    /// Got − wanted.
    delta: Option<String>,
    derivation: &'a str,
    rule: &'a str,
    place: PlaceJson,
}

#[derive(Serialize)]
struct PlaceJson {
    file: String,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct TotalJson {
    passed: usize,
    failed: usize,
}
