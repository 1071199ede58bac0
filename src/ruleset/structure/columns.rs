//! Columns and cells that only some layouts have: 指标性质, 度量单位, 佐证材料, 评价结论.

use std::collections::BTreeMap;

use super::{bare, texts};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node};
use crate::formula::Type;
use crate::ruleset::compiler::Compiler;

/// How a cell of the column is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    Text,
    Number,
    /// In 元; a cell that names no unit counts in that of the funds.
    Money,
    /// `91.76%` is 0.9176.
    Ratio,
}

impl ColumnType {
    const NAMES: [(&'static str, ColumnType); 4] = [
        ("text", ColumnType::Text),
        ("number", ColumnType::Number),
        ("money", ColumnType::Money),
        ("ratio", ColumnType::Ratio),
    ];

    /// The type of the column's name in formulas.
    pub fn value_type(self) -> Type {
        match self {
            ColumnType::Text => Type::Text,
            ColumnType::Number | ColumnType::Money | ColumnType::Ratio => Type::Number,
        }
    }
}

/// What a column does beside being a name in formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Read together with the target: ≥ before `95`.
    Comparator,
    /// The unit of a target or an actual that prints none.
    Unit,
}

impl Role {
    const NAMES: [(&'static str, Role); 2] = [("COMPARATOR", Role::Comparator), ("UNIT", Role::Unit)];
}

/// One column of the table of indicators, or one cell of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in formulas.
    pub id: String,
    /// What forms print over it, the usual one first: without spaces and notes in brackets; never empty.
    pub titles: Vec<String>,
    pub kind: ColumnType,
    /// Only of columns of the table.
    pub role: Option<Role>,
    pub place: Place,
}

impl Column {
    /// The cell of this column with its title as the form prints it. Of several titles the first counts.
    pub fn cell<'f>(&self, cells: &'f BTreeMap<String, String>) -> Option<(&'f str, &'f str)> {
        if cells.is_empty() {
            return None;
        }
        let exact = self.titles.iter().find_map(|title| cells.get_key_value(title));
        let (title, text) = exact.or_else(|| cells.iter().find(|(title, _)| self.is_titled(title)))?;
        Some((title, text))
    }

    /// Whether forms print this over the column, spaces and a note in brackets aside.
    pub fn is_titled(&self, printed: &str) -> bool {
        let printed = bare(printed);
        self.titles.iter().any(|title| *title == printed)
    }

    /// The usual title.
    pub fn title(&self) -> &str {
        self.titles.first().map_or("", String::as_str)
    }
}

/// Which section declares a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ruleset) enum Section {
    /// `columns`: in every row of the table of indicators; a column may have a role.
    Columns,
    /// `attributes`: once, at the head or the foot of the form.
    Attributes,
}

pub(in crate::ruleset) fn columns_from(
    entries: &[(Key, Node)],
    section: Section,
    compiler: &mut Compiler,
) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (key, node) in entries {
        let column = column_from(key, node, section, compiler);
        report_shared(&column, &columns, compiler);
        columns.push(column);
    }
    columns
}

fn column_from(key: &Key, node: &Node, section: Section, compiler: &mut Compiler) -> Column {
    let mut fields = Fields::of(node, &mut compiler.problems);
    fields.required("titles");
    let titles: Vec<String> = texts(fields.texts("titles")).iter().map(|title| bare(title).into_owned()).collect();
    let kind = fields.text("type");
    let role = if section == Section::Columns { fields.text("role") } else { None };
    fields.finish();
    let kind = kind.map_or(ColumnType::Text, |(text, at)| {
        let names = ColumnType::NAMES.map(|(name, _)| name);
        let known = compiler.one_of(text, at, &names).and_then(|index| ColumnType::NAMES.get(index));
        // Who writes a type at all hardly means the one that needs no writing.
        known.map_or(ColumnType::Number, |(_, kind)| *kind)
    });
    let is_text = kind == ColumnType::Text;
    let role = role.and_then(|(text, at)| {
        let names = Role::NAMES.map(|(name, _)| name);
        let role = compiler.one_of(text, at, &names).and_then(|index| Some(Role::NAMES.get(index)?.1));
        if !is_text {
            let message = Bilingual::new("有 role 的栏只能是文字", "a column with a role must be a text");
            compiler.problems.push(Diagnostic::error("role_needs_text", at.place.clone(), message));
        }
        role
    });
    let kind = if role.is_some() { ColumnType::Text } else { kind };
    Column { id: key.text.clone(), titles, kind, role, place: key.place.clone() }
}

/// A title stands for one column, and a role is one column's.
fn report_shared(column: &Column, earlier: &[Column], compiler: &mut Compiler) {
    let mut report = |other: &Column, message: Bilingual| {
        compiler.problems.push(
            Diagnostic::error("duplicate_column", column.place.clone(), message)
                .with_related(other.place.clone(), Bilingual::new("另一栏在这里", "the other one")),
        );
    };
    if let Some(other) = earlier.iter().find(|other| other.role.is_some() && other.role == column.role) {
        report(other, Bilingual::new("已有一栏是这个 role", "another column has this role"));
    }
    for title in &column.titles {
        if let Some(other) = earlier.iter().find(|other| other.titles.contains(title)) {
            let zh = format!("“{title}”已是另一栏的名称");
            report(other, Bilingual::new(zh, format!("`{title}` is the title of another column")));
        }
    }
}
