//! The cells that only some layouts have, as the values of their names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::form::regional;
use crate::formula::Value;
use crate::quantity::{Money, MoneyUnit, Ratio};
use crate::ruleset::{Column, ColumnType};

/// The values of declared columns, in their order, and the titles of cells that are not what they should be.
pub(in crate::evaluation) struct Cells {
    pub values: Vec<Value>,
    pub unreadable: Vec<String>,
}

/// A cell is absent where the form does not have the column; a text that nobody wrote is the empty text.
pub(in crate::evaluation) fn cells(columns: &[Column], of: &BTreeMap<String, String>, unit: MoneyUnit) -> Cells {
    if of.is_empty() {
        return Cells { values: vec![Value::Absent; columns.len()], unreadable: Vec::new() };
    }
    let mut unreadable = Vec::new();
    let values = columns
        .iter()
        .map(|column| {
            let Some((title, text)) = column.cell(of) else { return Value::Absent };
            let number = match column.kind {
                ColumnType::Text => return Value::Text(Arc::from(text)),
                ColumnType::Number => regional::number(text).map(|cell| cell.value().cloned()),
                ColumnType::Money => regional::money(text, unit).map(|cell| cell.value().map(Money::to_exact)),
                ColumnType::Ratio => regional::ratio(text).map(|cell| cell.value().map(Ratio::to_exact)),
            };
            match number {
                Ok(Some(number)) => Value::Number(number),
                Ok(None) => Value::Absent,
                Err(_) => {
                    unreadable.push(title.to_owned());
                    Value::Absent
                }
            }
        })
        .collect();
    Cells { values, unreadable }
}
