//! The numbers of a form, and the same form with one of them changed.

use crate::document::{Key, Node, Scalar, ScalarStyle, Shape};
use crate::form::Draft;
use crate::quantity::Exact;

/// A cell that holds a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The keys that lead to it, each with the other names it may have in a fragment.
    path: Vec<Vec<String>>,
    before: String,
    pub number: Exact,
    after: String,
    /// Of the number as printed: the cell's own step is one of the last of them.
    decimals: u32,
}

impl Cell {
    fn of(path: Vec<Vec<String>>, text: &str, least_decimals: u32) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let (before, rest) = text.split_at_checked(start)?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (printed, after) = rest.split_at_checked(end)?;
        let places = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let decimals = u32::try_from(places).ok()?.max(least_decimals);
        Some(Cell {
            path,
            before: before.to_owned(),
            number: Exact::parse(printed)?,
            after: after.to_owned(),
            decimals,
        })
    }

    /// The least by which the number moves.
    pub fn step(&self) -> Exact {
        Exact::from_scaled(1, self.decimals).unwrap_or(Exact::ONE)
    }

    /// The nearest number that the cell can hold.
    pub fn nearest(&self, number: &Exact) -> Exact {
        number.round_half_up(self.decimals)
    }

    /// Where it stands, for people: `indicators.0.actual`.
    pub fn shown(&self) -> String {
        self.path.iter().filter_map(|names| names.first()).map(String::as_str).collect::<Vec<_>>().join(".")
    }

    /// The row of the form that it stands in.
    pub fn row(&self) -> Option<usize> {
        let mut keys = self.path.iter().filter_map(|names| names.first());
        (keys.next()? == "indicators").then(|| keys.next()?.parse().ok()).flatten()
    }

    /// A fragment in which the cell says `number`.
    pub fn set(&self, form: Option<&Node>, number: &Exact, like: &Node) -> Node {
        set(form, &self.path, &format!("{}{number}{}", self.before, self.after), like)
    }
}

/// The cells of a form, those that rules ask for first.
pub fn cells(draft: &Draft) -> Vec<Cell> {
    let mut all = Vec::new();
    let mut put = |path: &[&[String]], text: &str, decimals| {
        all.extend(Cell::of(path.iter().map(|names| names.to_vec()).collect(), text, decimals));
    };
    let key = |name: &str| vec![name.to_owned()];
    for (index, row) in draft.indicators.iter().enumerate() {
        let names = [index.to_string(), format!("indicators[{index}]"), row.name.clone()];
        for (name, text, decimals) in [
            ("actual", &row.actual, 0),
            ("points_claimed", &row.points_claimed, 2),
            ("target", &row.target, 0),
            ("points_possible", &row.points_possible, 2),
            ("deviation_reason", &row.deviation_reason, 0),
        ] {
            put(&[&key("indicators"), &names, &key(name)], text, decimals);
        }
        for (title, text) in &row.attributes {
            put(&[&key("indicators"), &names, &key("attributes"), &key(title)], text, 0);
        }
    }
    let (funds, total) = (&draft.funds, &draft.funds.total);
    for (name, text) in [
        ("budget_executed", &total.budget_executed),
        ("budget_annual", &total.budget_annual),
        ("budget_initial", &total.budget_initial),
    ] {
        put(&[&key("funds"), &key("total"), &key(name)], text, 2);
    }
    put(&[&key("funds"), &key("points_claimed")], &funds.points_claimed, 2);
    put(&[&key("funds"), &key("points_possible")], &funds.points_possible, 2);
    put(&[&key("funds"), &key("execution_rate_claimed")], &funds.execution_rate_claimed, 2);
    put(&[&key("total"), &key("points_claimed")], &draft.total.points_claimed, 2);
    put(&[&key("total"), &key("points_possible")], &draft.total.points_possible, 2);
    for (title, text) in &draft.attributes {
        put(&[&key("attributes"), &key(title)], text, 0);
    }
    put(&[&key("fiscal_year")], &draft.fiscal_year, 0);
    all
}

fn set(form: Option<&Node>, path: &[Vec<String>], text: &str, like: &Node) -> Node {
    let Some((names, rest)) = path.split_first() else {
        let shape = Shape::Scalar(Scalar { text: text.to_owned(), style: ScalarStyle::DoubleQuoted });
        return Node { shape, ..like.clone() };
    };
    let shape = match form.map(|form| &form.shape) {
        Some(Shape::List(items)) => {
            let at = names.first().and_then(|name| name.parse::<usize>().ok());
            let changed = |(index, item): (usize, &Node)| {
                if Some(index) == at { set(Some(item), rest, text, like) } else { item.clone() }
            };
            Shape::List(items.iter().enumerate().map(changed).collect())
        }
        Some(Shape::Map(entries)) => {
            let mut entries = entries.clone();
            match entries.iter_mut().find(|(key, _)| names.contains(&key.text)) {
                Some((_, value)) => *value = set(Some(value), rest, text, like),
                None => entries.push(entry(names, rest, text, like)),
            }
            Shape::Map(entries)
        }
        Some(Shape::Scalar(_)) | None => Shape::Map(vec![entry(names, rest, text, like)]),
    };
    Node { shape, ..like.clone() }
}

fn entry(names: &[String], rest: &[Vec<String>], text: &str, like: &Node) -> (Key, Node) {
    let name = names.first().cloned().unwrap_or_default();
    (Key { text: name, place: like.place.clone() }, set(None, rest, text, like))
}

/// A value in one line of YAML.
pub fn flow(node: &Node) -> String {
    match &node.shape {
        Shape::Scalar(scalar) if scalar.is_null() => "~".to_owned(),
        Shape::Scalar(scalar) => quoted(&scalar.text),
        Shape::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Shape::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", word(&key.text), flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text in quotes: YAML takes JSON's.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn word(text: &str) -> String {
    let is_word = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_word { text.to_owned() } else { quoted(text) }
}
