//! `heng calc`: formulas evaluated as a rule pack would.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::layout::{Cell, Column, Ink, Table};
use super::rule_files::{self, Rules};
use super::say::{self, Out};
use super::tsv::{Row, Tsv};
use super::{CANNOT_RUN, FAULTY, Globals, either};
use crate::diagnostic::{Bilingual, Diagnostic, Lang, Place, render};
use crate::formula::{EvalError, Fault, Formula, Names, Script, Scripts, Type, Value};
use crate::quantity::{Exact, FiscalYear, Interval, Points};

#[derive(Debug, Clone, Args)]
pub struct CalcArgs {
    /// A formula, such as 'points * min(actual / target, 1)'
    #[arg(value_name = "EXPR", allow_hyphen_values = true, required_unless_present = "file", conflicts_with = "file")]
    pub expr: Option<String>,
    /// What its names stand for: a number, 95%, true, false, a text, or nothing for a blank cell
    #[arg(value_name = "NAME=VALUE")]
    pub vars: Vec<String>,
    /// Many formulas: a table with columns expr, vars (a JSON object of strings) and perhaps want
    #[arg(long, value_name = "CASES.tsv")]
    pub file: Option<PathBuf>,
    /// See the scripts, parameters, word lists and tables of this rule pack
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
    /// Fiscal year of the parameters; the newest by default
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// Run in the interpreter what could run compiled; the values must be the same
    #[arg(long)]
    pub interpreted: bool,
}

/// Evaluates one formula, or a table of them.
pub fn run(globals: &Globals, args: &CalcArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let surroundings = match Surroundings::of(globals, args) {
        Ok(surroundings) => surroundings,
        Err(why) => {
            why.iter().for_each(|why| say::failure(lang, why));
            return Ok(CANNOT_RUN.into());
        }
    };
    match (&args.file, &args.expr) {
        (Some(path), _) => match Tsv::read(path, &["expr"]) {
            Ok(table) => many(globals, &surroundings, &table, Way::of(args)),
            Err(why) => {
                say::failure(lang, &why);
                Ok(CANNOT_RUN.into())
            }
        },
        (None, expr) => one(globals, &surroundings, expr.as_deref().unwrap_or_default(), &args.vars, Way::of(args)),
    }
}

/// How a formula runs.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// As in a rule pack: compiled where that can be.
    Usual,
    Interpreted,
}

impl Way {
    fn of(args: &CalcArgs) -> Self {
        if args.interpreted { Way::Interpreted } else { Way::Usual }
    }

    fn compiles(self, formula: &Formula) -> bool {
        self == Way::Usual && formula.is_compiled()
    }

    fn evaluate(self, formula: &Formula, values: &[Value]) -> Result<Value, EvalError> {
        match self {
            Way::Usual => formula.evaluate(values),
            Way::Interpreted => formula.interpret(values),
        }
    }
}

type Variable = (Arc<str>, Value);

/// What a formula sees besides its own variables.
struct Surroundings {
    scripts: Scripts,
    /// Parameters, word lists and tables with their values.
    constants: Vec<Variable>,
}

impl Surroundings {
    /// `Err(None)` when the reason has been told already.
    fn of(globals: &Globals, args: &CalcArgs) -> Result<Self, Option<Bilingual>> {
        let Some(id) = &args.pack else { return Ok(Surroundings { scripts: Scripts::none(), constants: Vec::new() }) };
        let rules = rule_files::compiled(&globals.rules, globals.lang()).ok_or(None)?;
        let pack = rules.pack(Some(id)).map_err(Some)?;
        let year = args.year.unwrap_or(FiscalYear::LAST.get());
        let names = pack.parameters.iter().map(|parameter| parameter.id.as_str());
        let names = names.chain(pack.words.iter().map(|(id, _)| id.as_str()));
        let names = names.chain(pack.tables.iter().map(|table| table.id.as_str())).map(Arc::from);
        let constants = names.zip(pack.constants(year)).collect();
        let chain: Vec<&String> = std::iter::once(&pack.id).chain(&pack.extends).collect();
        let scripts = Scripts::compile(&scripts_of(&rules, &chain)).map_err(|_| {
            Bilingual::new(format!("规则包 `{id}` 的脚本无法使用"), format!("the scripts of `{id}` do not compile"))
        })?;
        Ok(Surroundings { scripts, constants })
    }

    /// Compiles for the first type that fits, or gives the faults that say most about the formula itself.
    fn compile(&self, expr: &str, vars: &[Variable]) -> Result<(Formula, Vec<Value>), Vec<Fault>> {
        let typed =
            self.constants.iter().chain(vars).map(|(name, value)| {
                (Arc::clone(name), value.value_type().unwrap_or(Type::Number), Bilingual::default())
            });
        let names = Names::new(typed);
        let values = self.constants.iter().chain(vars).map(|(_, value)| value.clone()).collect();
        let mut least: Option<Vec<Fault>> = None;
        for want in [Type::Number, Type::Boolean, Type::Text, Type::Words, Type::Table] {
            match Formula::compile(expr, &names, want, &self.scripts) {
                Ok(formula) => return Ok((formula, values)),
                Err(faults) if least.as_ref().is_none_or(|least| faults.len() < least.len()) => least = Some(faults),
                Err(_) => {}
            }
        }
        Err(least.unwrap_or_default())
    }
}

/// The script files of a pack and those it extends; a file of the nearer pack stands for one of the same name.
fn scripts_of(rules: &Rules, chain: &[&String]) -> Vec<Script> {
    let mut scripts: Vec<(String, Script)> = Vec::new();
    for id in chain {
        let Some(pack) = rules.files.iter().find(|pack| pack.name == **id) else { continue };
        for (path, text) in pack.files.iter().filter(|(path, _)| path.ends_with(".rhai")) {
            if !scripts.iter().any(|(known, _)| known == path) {
                scripts.push((path.clone(), Script { file: pack.shown(path), text: Arc::clone(text) }));
            }
        }
    }
    scripts.into_iter().map(|(_, script)| script).collect()
}

/// A number where it reads as one (`95%` is 0.95), true or false, nothing for a blank cell, otherwise a text.
fn value(text: &str) -> Value {
    let trimmed = text.trim();
    let hundredth = |percent: &str| number(percent)?.div(&Exact::from_i64(100)).ok();
    match trimmed {
        "" => Value::Absent,
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        _ => match number(trimmed).or_else(|| trimmed.strip_suffix('%').and_then(hundredth)) {
            Some(number) => Value::Number(number),
            None => Value::Text(text.into()),
        },
    }
}

/// Also as tables of tests and spreadsheets print it: `+1`, `.5`, `5.`, `1.2E+3`.
fn number(text: &str) -> Option<Exact> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && places.is_empty() {
        return None;
    }
    let or_zero = |part: &'_ str| if part.is_empty() { "0".to_owned() } else { part.to_owned() };
    let plain = Exact::parse(&format!("{sign}{}.{}", or_zero(whole), or_zero(places)))?;
    plain.mul(&Exact::from_i64(10).pow(exponent).ok()?).ok()
}

/// One answer, as tools get it.
#[derive(Default, Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compiled: Option<bool>,
    /// The value as points are fixed; only for a single formula.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    derivation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultJson<'a>>,
    /// Numerator and denominator of a number whose decimals have no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    fraction: Option<String>,
    /// What was wanted instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    want: Option<&'a str>,
}

#[derive(Serialize)]
struct FaultJson<'a> {
    code: &'a str,
    message: &'a str,
    offset: usize,
    length: usize,
}

/// Why a formula has no value.
enum NoValue {
    /// Its variables cannot be read.
    Variables(Bilingual),
    Faults(Vec<Fault>),
    Failed(EvalError),
}

impl NoValue {
    fn message(&self) -> Bilingual {
        match self {
            NoValue::Variables(why) => why.clone(),
            NoValue::Faults(faults) => faults.first().map(|fault| fault.message.clone()).unwrap_or_default(),
            NoValue::Failed(error) => error.message(),
        }
    }

    fn faults(&self) -> &[Fault] {
        match self {
            NoValue::Faults(faults) => faults,
            NoValue::Variables(_) | NoValue::Failed(_) => &[],
        }
    }
}

fn one(globals: &Globals, surroundings: &Surroundings, expr: &str, vars: &[String], way: Way) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let mut told: Vec<(&str, &str)> = Vec::new();
    for var in vars {
        let Some(pair) = var.split_once('=') else {
            let message = Bilingual::new(format!("`{var}` 应写成 名称=值"), format!("`{var}` should read NAME=VALUE"));
            say::failure(lang, &message);
            return Ok(CANNOT_RUN.into());
        };
        told.push(pair);
    }
    let variables: Vec<Variable> = told.iter().map(|(name, text)| (name.trim().into(), value(text))).collect();
    // A derivation has values as they were typed: 91.76%, not 0.9176.
    let typed = |slot: usize, _: &Value| {
        let (_, text) = told.get(slot.checked_sub(surroundings.constants.len())?)?;
        text.trim().ends_with('%').then(|| text.trim().to_owned())
    };
    let outcome = surroundings.compile(expr, &variables).map_err(NoValue::Faults).and_then(|(formula, values)| {
        let (value, derivation) = formula.explain(&values, &typed).map_err(NoValue::Failed)?;
        let value = if way == Way::Usual { value } else { way.evaluate(&formula, &values).map_err(NoValue::Failed)? };
        Ok((formula, value, derivation))
    });
    let mut out = Out::open();
    match &outcome {
        Ok((formula, value, derivation)) if globals.wants_json() => {
            let points = value.as_number().map(|number| Points::fix(number).to_string());
            out.line(&json_line(&Answer { points, derivation: Some(derivation), ..answer(formula, value, way) }))?;
        }
        Ok((formula, value, derivation)) => out.text(&answer_text(formula, value, derivation, (way, lang)))?,
        Err(why) if globals.wants_json() => out.line(&json_line(&no_answer(why, why.message().get(lang), lang)))?,
        Err(NoValue::Faults(faults)) => say::note(faults_text(expr, faults, lang).trim_end()),
        Err(why) => say::failure(lang, &why.message()),
    }
    out.flush()?;
    Ok(if outcome.is_ok() { ExitCode::SUCCESS } else { CANNOT_RUN.into() })
}

fn answer_text(formula: &Formula, value: &Value, derivation: &str, (way, lang): (Way, Lang)) -> String {
    let mut table = Table::new(vec![Column::short(""), Column::short("")]);
    let mut row = |zh, en, text: String, ink| {
        table.row(vec![Cell::new(either(lang, zh, en)).ink(Ink::Faint), Cell::new(text).ink(ink)]);
    };
    if derivation != value.to_string() {
        row("推导", "derivation", derivation.to_owned(), Ink::Plain);
    }
    row("值", "value", value.to_string(), Ink::Strong);
    if let Some(number) = value.as_number() {
        row("得分", "points", Points::fix(number).to_string(), Ink::Strong);
    }
    let how = if way.compiles(formula) { ("编译执行", "compiled") } else { ("解释执行", "interpreted") };
    row("方式", "ran", either(lang, how.0, how.1).to_owned(), Ink::Plain);
    table.render(usize::MAX)
}

fn many(globals: &Globals, surroundings: &Surroundings, table: &Tsv, way: Way) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let wants = table.has("want");
    let mut out = Out::open();
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for (at, row) in table.rows().enumerate().filter(|(_, row)| !row.get("expr").trim().is_empty()) {
        let want = wants.then(|| row.get("want"));
        let outcome = case(surroundings, row, way);
        let agrees = outcome.as_ref().is_ok_and(|(_, value)| want.is_none_or(|want| agrees(value, want)));
        if agrees {
            right += 1;
        } else {
            wrong += 1;
        }
        if globals.wants_json() {
            let why = outcome.as_ref().err().map(|why| why.message().get(lang).to_owned()).unwrap_or_default();
            let line = match &outcome {
                Ok((formula, value)) => answer(formula, value, way),
                Err(no_value) => no_answer(no_value, &why, lang),
            };
            out.line(&json_line(&Answer { want: want.filter(|_| !agrees), ..line }))?;
        } else if !(agrees && wants) {
            // Lines count from 1, and the header is one.
            out.line(&format!("{}  {}", at + 2, case_text(row.get("expr"), &outcome, want, lang)))?;
        }
    }
    if !globals.wants_json() {
        out.line(&match lang {
            Lang::Zh => format!("{right} 条无误，{wrong} 条有误"),
            Lang::En => format!("{right} right, {wrong} wrong"),
        })?;
    }
    out.flush()?;
    Ok(if wrong > 0 { FAULTY.into() } else { ExitCode::SUCCESS })
}

/// The value of one line of a table.
fn case(surroundings: &Surroundings, row: Row<'_>, way: Way) -> Result<(Formula, Value), NoValue> {
    let vars = variables(row.get("vars")).map_err(NoValue::Variables)?;
    let (formula, values) = surroundings.compile(row.get("expr"), &vars).map_err(NoValue::Faults)?;
    let value = way.evaluate(&formula, &values).map_err(NoValue::Failed)?;
    Ok((formula, value))
}

/// A JSON object of texts; blank is none.
fn variables(cell: &str) -> Result<Vec<Variable>, Bilingual> {
    if cell.trim().is_empty() {
        return Ok(Vec::new());
    }
    let object: Map<String, Json> = serde_json::from_str(cell).map_err(|why| {
        Bilingual::new(format!("vars 不是 JSON 对象：{why}"), format!("`vars` is no JSON object: {why}"))
    })?;
    let read = |json: Json| match json {
        Json::Null => Value::Absent,
        Json::Bool(boolean) => Value::Boolean(boolean),
        Json::String(text) => value(&text),
        other => value(&other.to_string()),
    };
    Ok(object.into_iter().map(|(name, json)| (name.into(), read(json))).collect())
}

/// Numbers are compared by value; one whose decimals have no end is wanted as a fraction, `-1/3`.
fn agrees(got: &Value, want: &str) -> bool {
    match (got, value(want)) {
        (Value::Text(got), _) => **got == *want,
        (Value::Number(got), Value::Text(want)) => got.to_fraction() == *want,
        (got, want) => *got == want,
    }
}

fn case_text(expr: &str, outcome: &Result<(Formula, Value), NoValue>, want: Option<&str>, lang: Lang) -> String {
    let got = match outcome {
        Ok((_, value)) => value.to_string(),
        Err(why) => why.message().get(lang).to_owned(),
    };
    let want = want.map_or_else(String::new, |want| format!("{}{want}", either(lang, "，应为 ", ", not ")));
    format!("{expr}  →  {got}{want}")
}

fn answer<'a>(formula: &Formula, value: &Value, way: Way) -> Answer<'a> {
    let endless = |number: &&Exact| number.to_string().starts_with('≈');
    let fraction = value.as_number().filter(endless).map(Exact::to_fraction);
    let value = match value {
        Value::Absent => Json::Null,
        Value::Number(number) => Json::String(number.to_string()),
        Value::Boolean(boolean) => Json::Bool(*boolean),
        Value::Text(text) => Json::String(text.to_string()),
        Value::Table(table) => {
            let row = |(interval, number): &(Interval, Exact)| (interval.to_string(), Json::String(number.to_string()));
            Json::Object(table.rows().iter().map(row).collect())
        }
        Value::Words(words) => words.iter().map(|word| Json::String(word.to_string())).collect(),
    };
    Answer { value: Some(value), compiled: Some(way.compiles(formula)), fraction, ..Answer::default() }
}

fn no_answer<'a>(why: &'a NoValue, message: &'a str, lang: Lang) -> Answer<'a> {
    let faults = why.faults().iter().map(|fault| {
        let Fault { code, offset, length, message, .. } = fault;
        FaultJson { code, message: message.get(lang), offset: *offset, length: *length }
    });
    Answer { error: Some(message), faults: faults.collect(), ..Answer::default() }
}

fn json_line(answer: &Answer<'_>) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

/// The faults with carets under the formula.
fn faults_text(expr: &str, faults: &[Fault], lang: Lang) -> String {
    let file: Arc<str> = either(lang, "公式", "formula").into();
    let diagnostics: Vec<Diagnostic> = faults
        .iter()
        .map(|fault| {
            let before: String = expr.chars().take(fault.offset).collect();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let place = Place::new(Arc::clone(&file), number(line), number(column), number(fault.length));
            Diagnostic { help: fault.help.clone(), ..Diagnostic::error(fault.code, place, fault.message.clone()) }
        })
        .collect();
    render::text(&diagnostics, lang, &|_| Some(expr.into()), true)
}
