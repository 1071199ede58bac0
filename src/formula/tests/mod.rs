//! The formula language through its public boundary.

mod derivations;
mod faults;
mod limits;
mod meaning;
mod network;
mod oracle;
mod scripts;
mod texts;
mod ways;

use std::sync::Arc;

use super::*;
use crate::diagnostic::Bilingual;
use crate::quantity::{Exact, Interval};

/// A row of the sample form: 8 points, 91.76% against 95%, a blank number, some texts, and a table.
const NAMES: [(&str, Type); 10] = [
    ("points_possible", Type::Number),
    ("actual", Type::Number),
    ("target", Type::Number),
    ("blank_number", Type::Number),
    ("zero", Type::Number),
    ("late", Type::Boolean),
    ("reason", Type::Text),
    ("words", Type::Words),
    ("达标率", Type::Number),
    ("grades", Type::Table),
];

fn names() -> Names {
    Names::new(NAMES.map(|(name, value_type)| (name, value_type, Bilingual::default())))
}

fn values() -> Vec<Value> {
    let words = Arc::new(Words::new(["疫情", "资金未到位"]));
    vec![
        number("8"),
        number("91.76"),
        number("95"),
        Value::Absent,
        number("0"),
        Value::Boolean(true),
        Value::Text("受疫情影响，活动延期".into()),
        Value::Words(words),
        number("0.5"),
        Value::Table(Arc::new(table())),
    ]
}

/// Points by a rate in percent: three intervals, written out of order.
fn table() -> Table {
    let rows = [("[90, 100]", "1"), ("[0, 60)", "0"), ("[60, 90)", "0.8")];
    let rows = rows.map(|(interval, number)| (Interval::parse(interval).unwrap(), Exact::parse(number).unwrap()));
    Table::new("满意度得分", rows.to_vec())
}

fn number(text: &str) -> Value {
    Value::Number(Exact::parse(text).unwrap())
}

/// Reads `7.5`, `1/3`, `true`, `absent` or a quoted text.
fn value(text: &str) -> Value {
    match (text, text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))) {
        (_, Some(text)) => Value::Text(text.into()),
        ("true" | "false", _) => Value::Boolean(text == "true"),
        ("absent", _) => Value::Absent,
        _ => {
            let (above, below) = text.split_once('/').unwrap_or((text, "1"));
            Value::Number(Exact::parse(above).unwrap().div(&Exact::parse(below).unwrap()).unwrap())
        }
    }
}

fn compile_as(text: &str, want: Type, scripts: &Scripts) -> Result<Formula, Vec<Fault>> {
    Formula::compile(text, &names(), want, scripts)
}

/// Compiles for whichever type the formula has.
fn compile_with(text: &str, scripts: &Scripts) -> Formula {
    let types = [Type::Number, Type::Boolean, Type::Text];
    let mut compiled = types.into_iter().map(|want| compile_as(text, want, scripts));
    compiled.find_map(Result::ok).unwrap_or_else(|| panic!("{text}: {:?}", compile_as(text, Type::Number, scripts)))
}

fn compile(text: &str) -> Formula {
    compile_with(text, &Scripts::none())
}

fn scripts(text: &str) -> Result<Scripts, Vec<(Arc<str>, Fault)>> {
    Scripts::compile(&[Script { file: "scripts/test.rhai".into(), text: text.into() }])
}
