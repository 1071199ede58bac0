//! Forms with one cell changed.

use super::scalar;
use crate::document::{Key, Node, Shape};
use crate::form::Draft;
use crate::quantity::Exact;
use crate::regress::mutation::slips::number_slips;
use crate::ruleset::RuleSet;

/// A cell of a form.
pub struct Cell {
    /// The keys that lead to it: `indicators`, `3`, `actual`.
    pub path: Vec<String>,
    pub text: String,
    /// Cells that rules hold it against: the target of an actual, the annual budget of what was executed.
    pub beside: Vec<String>,
}

/// The cells of a form that rules look at, the most telling first.
pub fn cells(draft: &Draft, rules: &RuleSet) -> Vec<Cell> {
    let mut all = Vec::new();
    let mut put = |path: &[&str], text: &str, beside: &[&str]| {
        all.push(Cell {
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            text: text.to_owned(),
            beside: beside.iter().map(|text| (*text).to_owned()).collect(),
        });
    };
    for (index, row) in draft.indicators.iter().enumerate().take(8) {
        let index = index.to_string();
        let row_path = |key: &'static str| [String::from("indicators"), index.clone(), key.to_owned()];
        for (key, text, beside) in [
            ("actual", &row.actual, vec![row.target.as_str()]),
            ("points_claimed", &row.points_claimed, vec![row.points_possible.as_str()]),
            ("target", &row.target, vec![row.actual.as_str()]),
            ("name", &row.name, vec![]),
            ("deviation_reason", &row.deviation_reason, vec![]),
            ("category", &row.category, vec![]),
            ("points_possible", &row.points_possible, vec![]),
        ] {
            let path = row_path(key);
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            put(&path, text, &beside);
        }
        for column in &rules.structure.columns {
            let title = column.title();
            let text = row.attributes.get(title).map_or("", String::as_str);
            put(&["indicators", &index, "attributes", title], text, &[&row.target]);
        }
    }
    let funds = &draft.funds;
    let total = &funds.total;
    put(&["funds", "total", "budget_executed"], &total.budget_executed, &[&total.budget_annual]);
    put(&["funds", "total", "budget_annual"], &total.budget_annual, &[&total.budget_executed, &total.budget_initial]);
    put(&["funds", "total", "budget_initial"], &total.budget_initial, &[&total.budget_annual]);
    put(&["funds", "points_claimed"], &funds.points_claimed, &[&funds.points_possible]);
    put(&["funds", "execution_rate_claimed"], &funds.execution_rate_claimed, &[]);
    put(&["funds", "points_possible"], &funds.points_possible, &[]);
    put(&["funds", "unit"], &funds.unit, &[]);
    put(&["total", "points_claimed"], &draft.total.points_claimed, &[&draft.total.points_possible]);
    put(&["total", "points_possible"], &draft.total.points_possible, &[]);
    for (index, source) in draft.funds.sources.iter().enumerate().take(2) {
        let index = index.to_string();
        let amounts = &source.amounts;
        put(&["funds", "sources", &index, "name"], &source.name, &[]);
        put(&["funds", "sources", &index, "budget_executed"], &amounts.budget_executed, &[&amounts.budget_annual]);
        put(&["funds", "sources", &index, "budget_annual"], &amounts.budget_annual, &[]);
    }
    for attribute in &rules.structure.attributes {
        let title = attribute.title();
        put(&["attributes", title], draft.attributes.get(title).map_or("", String::as_str), &[]);
    }
    if let Some(goal) = draft.goals.first() {
        put(&["goals", "0", "achieved"], &goal.achieved, &[&goal.expected]);
        put(&["goals", "0", "expected"], &goal.expected, &[]);
    }
    put(&["project_name"], &draft.project_name, &[]);
    put(&["implementing_unit"], &draft.implementing_unit, &[]);
    put(&["fiscal_year"], &draft.fiscal_year, &[]);
    all
}

/// What a cell may hold instead: numbers around those that the rule speaks of, alone and as shares of the cells
/// beside; the texts it speaks of; nothing.
pub fn values(text: &str, beside: &[String], numbers: &[String], texts: &[String]) -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    let (before, number, after) = parts(text);
    let steps = |text: &str| {
        let mut all = vec![text.to_owned()];
        all.extend(number_slips(text));
        all
    };
    let mut wanted: Vec<String> = Vec::new();
    for constant in numbers {
        wanted.extend(steps(constant));
        let Some(factor) = Exact::parse(constant) else { continue };
        if let Ok(percent) = factor.mul(&Exact::from_i64(100)) {
            wanted.extend(steps(&percent.to_string()));
        }
        for other in beside {
            let Some(base) = Exact::parse(parts(other).1) else { continue };
            for value in
                [factor.mul(&base), base.add(&factor), base.sub(&factor), base.div(&factor)].into_iter().flatten()
            {
                wanted.extend(steps(&value.to_string()));
            }
        }
    }
    wanted.extend(steps(number));
    wanted.extend(["0", "1", "-1"].map(str::to_owned));
    for other in beside {
        wanted.extend(steps(parts(other).1));
    }
    for number in wanted {
        if Exact::parse(&number).is_some_and(|value| !(value.is_zero() && number.starts_with('-'))) {
            made.push(format!("{before}{number}{after}"));
        }
    }
    made.extend(texts.iter().cloned());
    if !text.is_empty() {
        made.extend(texts.iter().map(|word| format!("{text}{word}")));
        made.push(String::new());
    }
    let mut seen = Vec::new();
    made.retain(|value| {
        value != text && !seen.contains(value) && {
            seen.push(value.clone());
            true
        }
    });
    made
}

/// What stands before the first number of a text, the number, and what stands behind it.
fn parts(text: &str) -> (&str, &str, &str) {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    (before, number, after)
}

/// The form of a case with another text in one cell.
pub fn set(form: Option<&Node>, path: &[String], value: &str, like: &Node) -> Node {
    let Some((key, rest)) = path.split_first() else { return scalar(value, like) };
    match form.map(|form| &form.shape) {
        Some(Shape::List(items)) => {
            let at = key.parse::<usize>().unwrap_or(usize::MAX);
            let items = items.iter().enumerate();
            let items =
                items.map(|(index, item)| if index == at { set(Some(item), rest, value, like) } else { item.clone() });
            Node { shape: Shape::List(items.collect()), ..like.clone() }
        }
        Some(Shape::Map(entries)) => {
            let mut entries = entries.clone();
            let names = |name: &str| name == key || name.ends_with(&format!("[{key}]"));
            match entries.iter_mut().find(|(known, _)| names(&known.text)) {
                Some((_, slot)) => *slot = set(Some(slot), rest, value, like),
                None => entries.push((named(key, like), set(None, rest, value, like))),
            }
            Node { shape: Shape::Map(entries), ..like.clone() }
        }
        _ => Node { shape: Shape::Map(vec![(named(key, like), set(None, rest, value, like))]), ..like.clone() },
    }
}

fn named(key: &str, like: &Node) -> Key {
    Key { text: key.to_owned(), place: like.place.clone() }
}
