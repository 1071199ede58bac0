//! A document → [`Draft`], alone or laid over another draft.

use std::collections::BTreeMap;

use super::MAX_INDICATORS;
use super::draft::{
    AmountsDraft, Draft, FundSourceDraft, FundsDraft, GoalDraft, IndicatorDraft, StructuredDraft, SubtotalDraft,
    TotalDraft,
};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::{Fields, Key, Node, Problems, Shape};

/// A field's name in files and its proto3 JSON name; both are read.
type Name = (&'static str, &'static str);

const fn same(name: &'static str) -> Name {
    (name, name)
}

impl Draft {
    /// Reads a form file. A key may be written in either name, `project_code` or `projectCode`; a scalar is taken
    /// as typed, `9.180` as `9.180`; a key with nothing after it is a blank cell. Unknown keys, wrong shapes and a key
    /// given under both names are problems with their place.
    pub fn from_node(node: &Node, problems: &mut Problems) -> Draft {
        let mut draft = Draft::default();
        Reader { lists: Lists::Whole, problems }.form(&mut draft, node);
        draft
    }

    /// This draft with a fragment laid over it, as the cases of a rule pack write it.
    ///
    /// * A cell that is given replaces; given with nothing after it, it blanks the cell.
    /// * `funds`, `funds.total`, `total` and `attributes`, of the form and of a row, are entered field by field; an attribute with nothing
    ///   after it is taken away.
    /// * `target_structured` and `actual_structured` are one value each: given, they replace the whole of it; with
    ///   nothing after them, they take it away.
    /// * `goals`, `indicators`, `subtotals` and `funds.sources` as a list replace the whole list. As a mapping they change
    ///   rows of this draft: the key is the row's path (`indicators[5]`), its number from zero (`5`) or its
    ///   exact name where only one row bears it; the value is a fragment of that row, or nothing, which takes
    ///   the row away. The number one past the last adds a row. Numbers always count this draft's rows.
    #[must_use]
    pub fn overlay(&self, node: &Node, problems: &mut Problems) -> Draft {
        let mut draft = self.clone();
        Reader { lists: Lists::WholeOrPatch, problems }.form(&mut draft, node);
        draft
    }
}

/// What may stand where the form has a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    Whole,
    WholeOrPatch,
}

/// A row of one of the form's lists.
trait Row: Clone + Default {
    /// The list's name in paths, as in `indicators[5]`.
    const LIST: &'static str;
    fn name(&self) -> &str;
    fn read(&mut self, reader: &mut Reader<'_>, node: &Node);
}

impl Row for GoalDraft {
    const LIST: &'static str = "goals";

    fn name(&self) -> &str {
        &self.period
    }

    fn read(&mut self, reader: &mut Reader<'_>, node: &Node) {
        reader.block(node, |cells| {
            cells.text(same("period"), &mut self.period);
            cells.text(same("expected"), &mut self.expected);
            cells.text(same("achieved"), &mut self.achieved);
        });
    }
}

impl Row for FundSourceDraft {
    const LIST: &'static str = "sources";

    fn name(&self) -> &str {
        &self.name
    }

    fn read(&mut self, reader: &mut Reader<'_>, node: &Node) {
        reader.block(node, |cells| {
            cells.text(same("name"), &mut self.name);
            cells.amounts(&mut self.amounts);
            cells.text(("execution_rate_claimed", "executionRateClaimed"), &mut self.execution_rate_claimed);
        });
    }
}

impl Row for IndicatorDraft {
    const LIST: &'static str = "indicators";

    fn name(&self) -> &str {
        &self.name
    }

    fn read(&mut self, reader: &mut Reader<'_>, node: &Node) {
        reader.block(node, |cells| {
            cells.text(same("dimension"), &mut self.dimension);
            cells.text(same("category"), &mut self.category);
            cells.text(same("name"), &mut self.name);
            cells.text(same("target"), &mut self.target);
            cells.text(same("actual"), &mut self.actual);
            cells.text(("points_possible", "pointsPossible"), &mut self.points_possible);
            cells.text(("points_claimed", "pointsClaimed"), &mut self.points_claimed);
            cells.text(("deviation_reason", "deviationReason"), &mut self.deviation_reason);
            cells.structured(("target_structured", "targetStructured"), &mut self.target_structured);
            cells.structured(("actual_structured", "actualStructured"), &mut self.actual_structured);
            cells.attributes(&mut self.attributes);
        });
    }
}

impl Row for SubtotalDraft {
    const LIST: &'static str = "subtotals";

    fn name(&self) -> &str {
        if self.category.is_empty() { &self.dimension } else { &self.category }
    }

    fn read(&mut self, reader: &mut Reader<'_>, node: &Node) {
        reader.block(node, |cells| {
            cells.text(same("dimension"), &mut self.dimension);
            cells.text(same("category"), &mut self.category);
            cells.text(("points_possible", "pointsPossible"), &mut self.points_possible);
            cells.text(("points_claimed", "pointsClaimed"), &mut self.points_claimed);
        });
    }
}

struct Reader<'p> {
    lists: Lists,
    problems: &'p mut Problems,
}

impl Reader<'_> {
    fn form(&mut self, draft: &mut Draft, node: &Node) {
        let lists = self.lists;
        self.block(node, |cells| {
            cells.text(("project_code", "projectCode"), &mut draft.project_code);
            cells.text(("project_name", "projectName"), &mut draft.project_name);
            cells.text(("fiscal_year", "fiscalYear"), &mut draft.fiscal_year);
            cells.text(("implementing_unit", "implementingUnit"), &mut draft.implementing_unit);
            cells.text(("primary_budget_unit", "primaryBudgetUnit"), &mut draft.primary_budget_unit);
            cells.attributes(&mut draft.attributes);
            cells.inner(same("funds"), lists, |reader, node| reader.funds(&mut draft.funds, node));
            cells.inner(same("goals"), lists, |reader, node| reader.rows(&mut draft.goals, node));
            cells.inner(same("indicators"), lists, |reader, node| reader.rows(&mut draft.indicators, node));
            cells.inner(same("total"), lists, |reader, node| reader.total(&mut draft.total, node));
            cells.inner(same("subtotals"), lists, |reader, node| reader.rows(&mut draft.subtotals, node));
        });
    }

    fn funds(&mut self, draft: &mut FundsDraft, node: &Node) {
        let lists = self.lists;
        self.block(node, |cells| {
            cells.text(same("unit"), &mut draft.unit);
            cells.text(("points_possible", "pointsPossible"), &mut draft.points_possible);
            cells.text(("points_claimed", "pointsClaimed"), &mut draft.points_claimed);
            cells.text(("execution_rate_claimed", "executionRateClaimed"), &mut draft.execution_rate_claimed);
            cells.inner(same("total"), lists, |reader, node| {
                reader.block(node, |cells| cells.amounts(&mut draft.total));
            });
            cells.inner(same("sources"), lists, |reader, node| reader.rows(&mut draft.sources, node));
        });
    }

    fn total(&mut self, draft: &mut TotalDraft, node: &Node) {
        self.block(node, |cells| {
            cells.text(("points_possible", "pointsPossible"), &mut draft.points_possible);
            cells.text(("points_claimed", "pointsClaimed"), &mut draft.points_claimed);
        });
    }

    fn rows<R: Row>(&mut self, rows: &mut Vec<R>, node: &Node) {
        match &node.shape {
            Shape::List(items) => {
                // One row past the limit is enough for the gate to refuse the form.
                *rows = items.iter().take(MAX_INDICATORS + 1).map(|item| self.row(R::default(), item)).collect();
            }
            Shape::Map(entries) if self.lists == Lists::WholeOrPatch => self.patch(rows, entries),
            _ => self.problem("wrong_type", node, "这里应为一个列表", "expected a list here"),
        }
    }

    fn row<R: Row>(&mut self, mut row: R, node: &Node) -> R {
        row.read(self, node);
        row
    }

    fn patch<R: Row>(&mut self, rows: &mut Vec<R>, entries: &[(Key, Node)]) {
        let count = rows.len();
        let mut changed: Vec<Option<R>> = rows.iter().cloned().map(Some).collect();
        for (key, node) in entries {
            match row_number(rows, &key.text) {
                Some(number) if number < count => {
                    let patched = match rows.get(number) {
                        Some(row) if !node.is_null() => Some(self.row(row.clone(), node)),
                        _ => None,
                    };
                    if let Some(slot) = changed.get_mut(number) {
                        *slot = patched;
                    }
                }
                Some(number) if number == changed.len() && !node.is_null() => {
                    let added = self.row(R::default(), node);
                    changed.push(Some(added));
                }
                _ => self.problems.push(no_such_row::<R>(key, rows)),
            }
        }
        *rows = changed.into_iter().flatten().collect();
    }

    /// Reads one mapping and reports the keys that `read` did not ask for.
    fn block(&mut self, node: &Node, read: impl FnOnce(&mut Cells<'_, '_>)) {
        let mut cells = Cells { node, fields: Fields::of(node, self.problems) };
        read(&mut cells);
        cells.fields.finish();
    }

    fn problem(&mut self, code: &'static str, node: &Node, zh: &str, en: &str) {
        self.problems.push(Diagnostic::error(code, node.place.clone(), Bilingual::new(zh, en)));
    }
}

/// One mapping, its cells asked for by either name.
struct Cells<'n, 'p> {
    node: &'n Node,
    fields: Fields<'n, 'p>,
}

impl<'n> Cells<'n, '_> {
    fn text(&mut self, name: Name, cell: &mut String) {
        let key = self.key(name);
        if let Some((text, _)) = self.fields.text(key) {
            text.clone_into(cell);
        } else if self.node.get(key).is_some_and(Node::is_null) {
            cell.clear();
        }
    }

    fn amounts(&mut self, amounts: &mut AmountsDraft) {
        self.text(("budget_initial", "budgetInitial"), &mut amounts.budget_initial);
        self.text(("budget_annual", "budgetAnnual"), &mut amounts.budget_annual);
        self.text(("budget_executed", "budgetExecuted"), &mut amounts.budget_executed);
    }

    fn structured(&mut self, name: Name, value: &mut StructuredDraft) {
        let key = self.key(name);
        if self.node.get(key).is_some() {
            *value = StructuredDraft::default();
        }
        let Some(node) = self.fields.optional(key) else { return };
        Reader { lists: Lists::Whole, problems: self.fields.problems() }.block(node, |cells| {
            cells.text(same("comparison"), &mut value.comparison);
            cells.text(same("value"), &mut value.value);
            cells.text(same("low"), &mut value.low);
            cells.text(same("high"), &mut value.high);
            cells.text(same("unit"), &mut value.unit);
            cells.text(same("date"), &mut value.date);
            cells.text(same("tier"), &mut value.tier);
        });
    }

    fn attributes(&mut self, attributes: &mut BTreeMap<String, String>) {
        for (key, node) in self.fields.entries("attributes") {
            match node.as_text() {
                Some(text) => {
                    attributes.insert(key.text.clone(), text.to_owned());
                }
                None if node.is_null() => {
                    attributes.remove(&key.text);
                }
                None => {
                    let message = Bilingual::new("这里应为一段文字或一个数", "expected a text or a number here");
                    self.fields.problems().push(Diagnostic::error("wrong_type", node.place.clone(), message));
                }
            }
        }
    }

    /// Hands what stands under `name` to `read`; absent or null is left alone.
    fn inner(&mut self, name: Name, lists: Lists, read: impl FnOnce(&mut Reader<'_>, &'n Node)) {
        let key = self.key(name);
        if let Some(node) = self.fields.optional(key) {
            read(&mut Reader { lists, problems: self.fields.problems() }, node);
        }
    }

    /// Which of the two names the file uses; both at once is a problem.
    fn key(&mut self, (snake, camel): Name) -> &'static str {
        if snake == camel {
            return snake;
        }
        let Some((second, _)) = self.node.as_map().and_then(|map| map.iter().find(|(key, _)| key.text == camel)) else {
            return snake;
        };
        if self.node.get(snake).is_some() {
            let message = Bilingual::new(
                format!("`{snake}` 与 `{camel}` 是同一个键，只能写一个"),
                format!("`{snake}` and `{camel}` are the same key: write one of them"),
            );
            let place = second.place.clone();
            self.fields.problems().push(Diagnostic::error("duplicate_key", place, message));
            // Asked for, so that it is not reported as unknown too.
            self.fields.optional(camel);
            return snake;
        }
        camel
    }
}

/// `indicators[5]`, `5`, or the name that only one row bears.
fn row_number<R: Row>(rows: &[R], key: &str) -> Option<usize> {
    let path = key.strip_prefix(R::LIST).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
    if let Ok(number) = path.unwrap_or(key).parse() {
        return Some(number);
    }
    let mut bearers = rows.iter().enumerate().filter(|(_, row)| row.name() == key);
    match (bearers.next(), bearers.next()) {
        (Some((number, _)), None) => Some(number),
        _ => None,
    }
}

fn no_such_row<R: Row>(key: &Key, rows: &[R]) -> Diagnostic {
    let (list, count) = (R::LIST, rows.len());
    let bearers = rows.iter().filter(|row| row.name() == key.text).count();
    let message = if bearers > 1 {
        Bilingual::new(
            format!("有 {bearers} 行都叫 `{}`，请改用行号，如 `{list}[0]`", key.text),
            format!("{bearers} rows are named `{}`: use the row's number, such as `{list}[0]`", key.text),
        )
    } else {
        Bilingual::new(
            format!("没有 `{}` 这一行；行号从 0 起，共 {count} 行", key.text),
            format!("there is no row `{}`: rows count from 0, and there are {count}", key.text),
        )
    };
    let diagnostic = Diagnostic::error("no_such_row", key.place.clone(), message);
    match Bilingual::did_you_mean(&key.text, rows.iter().map(Row::name).filter(|name| !name.is_empty())) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}
