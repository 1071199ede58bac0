//! Tables: a range cut into intervals, each with its number.

use std::sync::Arc;

use super::band::{Interval, cover};
use super::citation::Citation;
use super::compiler::Compiler;
use super::names::is_fact;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node};
use crate::formula::{Table, Type};
use crate::quantity::Exact;

/// A table of the rules, which formulas look up by its id.
#[derive(Debug, Clone)]
pub struct LookupTable {
    pub id: String,
    pub title: String,
    /// `ratio → points`: told to people, not computed with.
    pub unit: String,
    /// What its rows cover, without gap or overlap.
    pub covers: Interval,
    pub rows: Arc<Table>,
    /// Where each row stands, in the order of the file.
    pub rows_at: Vec<(Interval, Place)>,
    pub citation: Option<Citation>,
    pub place: Place,
}

/// All tables of a pack; their names become constants of its formulas.
pub(super) fn tables_of(entries: &[(Key, Node)], compiler: &mut Compiler) -> Vec<LookupTable> {
    let tables: Vec<LookupTable> =
        entries.iter().filter_map(|(key, node)| table_from(&key.text, node, compiler)).collect();
    for (key, _) in entries {
        if is_fact(&key.text) || compiler.constants.iter().any(|(name, ..)| **name == *key.text) {
            let message = Bilingual::new(
                format!("`{}` 已是公式里的名字", key.text),
                format!("`{}` is a name of formulas already", key.text),
            );
            let help = Bilingual::new("请换一个编号", "choose another id");
            compiler.problems.push(Diagnostic::error("name_taken", key.place.clone(), message).with_help(help));
            continue;
        }
        // A broken table is known by its name too: the formulas that use it are not wrong as well.
        let table = tables.iter().find(|table| table.id == key.text);
        let (title, unit) = table.map_or(("", ""), |table| (&table.title, &table.unit));
        let doc = Bilingual::new(format!("{title}（分档表，{unit}）"), format!("table, {unit}"));
        compiler.constants.push((key.text.as_str().into(), Type::Table, doc));
    }
    tables
}

fn table_from(id: &str, node: &Node, compiler: &mut Compiler) -> Option<LookupTable> {
    let mut fields = Fields::of(node, &mut compiler.problems);
    let title = fields.required_text("title");
    let unit = fields.required_text("unit");
    let covers = fields.required("covers");
    let rows = fields.required("rows");
    let cite = fields.required("cite");
    let place = fields.place().clone();
    fields.finish();
    let citation = cite.and_then(|cite| Citation::from_node(cite, &compiler.sources, &mut compiler.problems));
    let covers = covers.and_then(|node| Interval::from_node(node, &mut compiler.problems));
    let rows = rows.and_then(|node| Some((node, rows_from(node, compiler)?)));
    let (title, unit) = (title?.0.to_owned(), unit?.0.to_owned());
    let (covers, (node, rows)) = (covers?, rows?);
    check_cover(node, &rows, &covers, compiler);
    let keys = node.as_map().unwrap_or_default().iter().map(|(key, _)| key.place.clone());
    let rows_at = rows.iter().map(|(interval, _)| interval.clone()).zip(keys).collect();
    let rows = Arc::new(Table::new(title.as_str(), rows));
    Some(LookupTable { id: id.to_owned(), title, unit, covers, rows, rows_at, citation, place })
}

/// `None` unless every row can be read: one that cannot leaves no gap of its own.
fn rows_from(node: &Node, compiler: &mut Compiler) -> Option<Vec<(Interval, Exact)>> {
    let entries = node.as_map().filter(|entries| !entries.is_empty());
    let Some(entries) = entries else {
        let message = Bilingual::new("rows 应为“区间: 数”的映射", "`rows` must map each interval to a number");
        compiler.problems.push(Diagnostic::error("wrong_type", node.place.clone(), message));
        return None;
    };
    let read: Vec<Option<(Interval, Exact)>> = entries
        .iter()
        .map(|(key, value)| {
            let interval = Interval::from_text(&key.text, &key.place, &mut compiler.problems);
            let number = super::structure::number(value, &mut compiler.problems);
            interval.zip(number)
        })
        .collect();
    read.into_iter().collect()
}

fn check_cover(node: &Node, rows: &[(Interval, Exact)], covers: &Interval, compiler: &mut Compiler) {
    let intervals: Vec<&Interval> = rows.iter().map(|(interval, _)| interval).collect();
    let covered = cover(&intervals, covers);
    let keys = node.as_map().unwrap_or_default();
    compiler.report_cover(&covered, &node.place, |index| keys.get(index).map_or("", |(key, _)| key.text.as_str()));
    for (key, _) in covered.outside.iter().filter_map(|index| keys.get(*index)) {
        let message = Bilingual::new(
            format!("{} 超出了 covers 所写的 {covers}", key.text),
            format!("{} goes beyond {covers}, which the table says it covers", key.text),
        );
        compiler.problems.push(Diagnostic::error("row_outside", key.place.clone(), message));
    }
}
