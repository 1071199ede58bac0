//! Field paths: how a cell of a form is named to people, and where it stands in a file.

use std::fmt;

use super::text::shown;
use crate::diagnostic::Place;
use crate::document::Node;

/// A cell of a form. Written out only when something is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub block: Block<'a>,
    /// Name of the cell in its block; empty for the block itself.
    pub name: &'static str,
}

/// The part of the form that a cell belongs to; rows count from zero.
#[derive(Debug, Clone, Copy)]
pub(super) enum Block<'a> {
    Form,
    Attribute(&'a str),
    Funds,
    FundsTotal,
    Source(usize),
    Goal(usize),
    Indicator(usize),
    TargetStructured(usize),
    ActualStructured(usize),
    /// A row's cell in a column of the region's layout, by its title.
    IndicatorAttribute(usize, &'a str),
    Total,
    Subtotal(usize),
}

impl<'a> Block<'a> {
    pub fn cell(self, name: &'static str) -> Field<'a> {
        Field { block: self, name }
    }

    /// A regional field of the form or of a row, by its title.
    pub fn attribute(self, title: &str) -> Block<'_> {
        match self {
            Block::Indicator(row) => Block::IndicatorAttribute(row, title),
            _ => Block::Attribute(title),
        }
    }
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.block {
            Block::Form => return f.write_str(self.name),
            Block::Attribute(title) => write!(f, "attributes.{}", shown(title))?,
            Block::Funds => f.write_str("funds")?,
            Block::FundsTotal => f.write_str("funds.total")?,
            Block::Source(row) => write!(f, "funds.sources[{row}]")?,
            Block::Goal(row) => write!(f, "goals[{row}]")?,
            Block::Indicator(row) => write!(f, "indicators[{row}]")?,
            Block::TargetStructured(row) => write!(f, "indicators[{row}].target_structured")?,
            Block::ActualStructured(row) => write!(f, "indicators[{row}].actual_structured")?,
            Block::IndicatorAttribute(row, title) => write!(f, "indicators[{row}].attributes.{}", shown(title))?,
            Block::Total => f.write_str("total")?,
            Block::Subtotal(row) => write!(f, "subtotals[{row}]")?,
        }
        if self.name.is_empty() { Ok(()) } else { write!(f, ".{}", self.name) }
    }
}

/// Where the cell at `path` stands in the file the form came from; for a cell that is not written there, the
/// nearest part that is.
pub fn place_of<'n>(form: &'n Node, path: &str) -> &'n Place {
    let mut node = form;
    for step in path.split('.') {
        let (name, row) = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
            Some((name, row)) => (name, row.parse::<usize>().ok()),
            None => (step, None),
        };
        let Some(inner) = node.get(name).or_else(|| node.get(&lower_camel(name))) else { break };
        node = inner;
        if let Some(row) = row {
            let Some(inner) = node.as_list().and_then(|rows| rows.get(row)) else { break };
            node = inner;
        }
    }
    &node.place
}

/// The proto3 JSON name of a field: `project_code` → `projectCode`.
pub(super) fn lower_camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}
