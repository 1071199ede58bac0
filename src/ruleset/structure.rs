//! What the form must look like: dimensions, categories, fields, totals.

use super::compiler::Compiler;
use super::parameters::Parameter;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node, Problems};
use crate::pack::Located;
use crate::quantity::Exact;

/// A second-level group of rows.
#[derive(Debug, Clone)]
pub struct Category {
    pub id: String,
    /// Printed titles; the first is the usual one.
    pub titles: Vec<String>,
}

/// A first-level group of rows.
#[derive(Debug, Clone)]
pub struct Dimension {
    pub id: String,
    pub titles: Vec<String>,
    /// Points that the rules set; absent where they leave them to the unit.
    pub points: Option<Exact>,
    pub categories: Vec<Category>,
    pub place: Place,
}

/// Points of the whole form and of the execution of the budget.
#[derive(Debug, Clone)]
pub struct Totals {
    pub form: Exact,
    pub execution: Exact,
    /// The parameter that says how many decimals rows are rounded to.
    pub decimals: Located<String>,
}

/// What the rules ask of one field.
#[derive(Debug, Clone)]
pub struct FieldRule {
    /// `project_name`, `funds.total.budget_annual`, `indicators.target`, `goals.achieved`
    pub path: String,
    pub title: String,
    pub required: bool,
    /// In characters.
    pub max_length: Option<u32>,
    /// Filled by the system on the printed form (greyed).
    pub derived: bool,
    pub place: Place,
}

#[derive(Debug, Clone, Default)]
pub struct Structure {
    pub dimensions: Vec<Dimension>,
    pub fields: Vec<FieldRule>,
    pub totals: Option<Totals>,
}

impl Structure {
    /// The dimension with this id or printed title. Spaces and a trailing note in brackets, such as
    /// `产出指标(50分)`, do not matter.
    pub fn dimension(&self, printed: &str) -> Option<&Dimension> {
        let printed = bare(printed);
        self.dimensions.iter().find(|dimension| dimension.id == printed || matches(&dimension.titles, &printed))
    }

    /// The category with this id or printed title, within its dimension or, where that is unknown, in any.
    pub fn category<'s>(&'s self, dimension: Option<&'s Dimension>, printed: &str) -> Option<&'s Category> {
        let printed = bare(printed);
        let mut among = match dimension {
            Some(dimension) => std::slice::from_ref(dimension),
            None => self.dimensions.as_slice(),
        }
        .iter()
        .flat_map(|dimension| &dimension.categories);
        among.find(|category| category.id == printed || matches(&category.titles, &printed))
    }
}

fn bare(printed: &str) -> String {
    let spaceless: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    match spaceless.find(['(', '（']) {
        Some(0) | None => spaceless,
        Some(at) => spaceless.get(..at).unwrap_or_default().to_owned(),
    }
}

fn matches(titles: &[String], printed: &str) -> bool {
    titles.iter().any(|title| title == printed)
}

pub(super) fn dimensions_from(entries: &[(Key, Node)], problems: &mut Problems) -> Vec<Dimension> {
    entries
        .iter()
        .map(|(key, node)| {
            let mut fields = Fields::of(node, problems);
            let titles = texts(fields.texts("titles"));
            let points = fields.text("points");
            let categories = fields.entries("categories");
            let place = fields.place().clone();
            fields.finish();
            let points = points.and_then(|(_, at)| number(at, problems));
            let categories = categories
                .iter()
                .map(|(key, node)| {
                    let mut fields = Fields::of(node, problems);
                    let titles = texts(fields.texts("titles"));
                    fields.finish();
                    Category { id: key.text.clone(), titles }
                })
                .collect();
            Dimension { id: key.text.clone(), titles, points, categories, place }
        })
        .collect()
}

fn texts(found: Vec<(&str, &Node)>) -> Vec<String> {
    found.into_iter().map(|(text, _)| text.to_owned()).collect()
}

/// A decimal, or a diagnostic.
pub(super) fn number(node: &Node, problems: &mut Problems) -> Option<Exact> {
    let parsed = node.as_text().and_then(Exact::parse);
    if parsed.is_none() {
        let message = Bilingual::new("这里应为十进制数", "expected a decimal number here");
        problems.push(Diagnostic::error("bad_number", node.place.clone(), message));
    }
    parsed
}

pub(super) fn totals_from(entries: &[(Key, Node)], place: &Place, problems: &mut Problems) -> Option<Totals> {
    let mut points = |id: &str| {
        let (_, node) = entries.iter().find(|(key, _)| key.text == id)?;
        let mut fields = Fields::of(node, problems);
        let found = fields.required_text("points");
        fields.finish();
        number(found?.1, problems)
    };
    let (form, execution) = (points("form"), points("execution"));
    let rounding = entries.iter().find(|(key, _)| key.text == "rounding").and_then(|(_, node)| {
        let mut fields = Fields::of(node, problems);
        let found = fields.required_text("decimals");
        fields.finish();
        found.map(|(text, at)| Located::new(text.to_owned(), at.place.clone()))
    });
    for (key, _) in entries.iter().filter(|(key, _)| !matches!(key.text.as_str(), "form" | "execution" | "rounding")) {
        let message = Bilingual::new(
            format!("totals 只有 form、execution 与 rounding，没有 `{}`", key.text),
            format!("`totals` has form, execution and rounding, not `{}`", key.text),
        );
        problems.push(Diagnostic::error("unknown_key", key.place.clone(), message));
    }
    match (form, execution, rounding) {
        (Some(form), Some(execution), Some(decimals)) => Some(Totals { form, execution, decimals }),
        _ => {
            let message = Bilingual::new(
                "totals 须写明 form 与 execution 的 points，以及 rounding 的 decimals（参数名）",
                "`totals` must give the points of form and execution, and the parameter of rounding in `decimals`",
            );
            problems.push(Diagnostic::error("missing_key", place.clone(), message));
            None
        }
    }
}

/// The parameter that rounding names exists, and every value of it is 0, 1 or 2.
pub(super) fn check_rounding(structure: &Structure, parameters: &[Parameter], problems: &mut Problems) {
    let Some(totals) = &structure.totals else { return };
    let named = parameters.iter().find(|parameter| parameter.id == totals.decimals.value);
    if named.is_none() {
        let name = &totals.decimals.value;
        let message = Bilingual::new(format!("没有参数 `{name}`"), format!("there is no parameter `{name}`"));
        let mut diagnostic = Diagnostic::error("unknown_parameter", totals.decimals.place.clone(), message);
        diagnostic.help = Bilingual::did_you_mean(name, parameters.iter().map(|parameter| parameter.id.as_str()));
        problems.push(diagnostic);
    }
    for value in named.into_iter().flat_map(|parameter| &parameter.values) {
        if !value.value.to_i64().is_some_and(|decimals| (0..=2).contains(&decimals)) {
            let message = Bilingual::new("得分的小数位数应为 0、1 或 2", "points keep 0, 1 or 2 decimals");
            problems.push(Diagnostic::error("bad_number", value.place.clone(), message));
        }
    }
}

/// Every path a rule may speak of; `indicators` and `goals` stand for each of their rows.
const PATHS: &[&str] = &[
    "project_code",
    "project_name",
    "fiscal_year",
    "implementing_unit",
    "primary_budget_unit",
    "funds.points_possible",
    "funds.points_claimed",
    "funds.execution_rate_claimed",
    "funds.total.budget_initial",
    "funds.total.budget_annual",
    "funds.total.budget_executed",
    "goals.expected",
    "goals.achieved",
    "indicators.dimension",
    "indicators.category",
    "indicators.name",
    "indicators.target",
    "indicators.actual",
    "indicators.points_possible",
    "indicators.points_claimed",
    "indicators.deviation_reason",
    "total.points_possible",
    "total.points_claimed",
];

const ATTRIBUTES: &str = "attributes.";

pub(super) fn fields_from(entries: &[(Key, Node)], compiler: &mut Compiler) -> Vec<FieldRule> {
    let mut rules = Vec::new();
    for (key, node) in entries {
        let problems = &mut compiler.problems;
        if !PATHS.contains(&key.text.as_str()) && !key.text.starts_with(ATTRIBUTES) {
            let message = Bilingual::new(
                format!("自评表没有 `{}` 这一栏", key.text),
                format!("a form has no field `{}`", key.text),
            );
            let mut diagnostic = Diagnostic::error("unknown_field", key.place.clone(), message);
            diagnostic.help = Bilingual::did_you_mean(&key.text, PATHS.iter().copied());
            problems.push(diagnostic);
        }
        let mut fields = Fields::of(node, problems);
        let title = fields.required_text("title").map(|(text, _)| text.to_owned()).unwrap_or_default();
        let required = fields.boolean("required").unwrap_or(false);
        let derived = fields.boolean("derived").unwrap_or(false);
        let length = fields.text("max_length");
        let place = fields.place().clone();
        fields.finish();
        let max_length = length.and_then(|(text, at)| {
            let parsed = text.parse().ok().filter(|limit| *limit > 0);
            if parsed.is_none() {
                let message = Bilingual::new("字数上限应为正整数", "a longest length must be a positive whole number");
                problems.push(Diagnostic::error("bad_number", at.place.clone(), message));
            }
            parsed
        });
        rules.push(FieldRule { path: key.text.clone(), title, required, max_length, derived, place });
    }
    rules
}

/// Points close at every level: the dimensions and the execution sum to the form.
pub(super) fn check_closure(structure: &Structure, problems: &mut Problems) {
    let Some(totals) = &structure.totals else { return };
    let mut sum = totals.execution.clone();
    for dimension in &structure.dimensions {
        let Some(points) = &dimension.points else { return };
        let Ok(next) = sum.add(points) else { return };
        sum = next;
    }
    let Some(last) = structure.dimensions.last() else { return };
    if sum != totals.form {
        let message = Bilingual::new(
            format!("各一级指标与预算执行的分值合计 {}，应为 {}", sum, totals.form),
            format!("dimensions and execution add to {} points, not {}", sum, totals.form),
        );
        problems.push(Diagnostic::error("points_do_not_close", last.place.clone(), message));
    }
}
