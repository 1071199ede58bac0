//! What the rules ask of single fields.

use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node};
use crate::ruleset::compiler::Compiler;

/// What the rules ask of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// `project_name`, `funds.total.budget_annual`, `indicators.target`, `goals.achieved`, `attributes.主管部门`,
    /// `indicators.attributes.佐证材料`
    pub path: String,
    pub title: String,
    pub required: bool,
    /// In characters.
    pub max_length: Option<u32>,
    /// Filled by the system on the printed form (greyed).
    pub derived: bool,
    pub place: Place,
}

impl FieldRule {
    /// Every path a rule may speak of, and what stands before the printed title of a regional field of the form and of
    /// a column of the table.
    pub const PATHS: &'static [&'static str] = PATHS;
    pub const REGIONAL: [&'static str; 2] = [ATTRIBUTES, COLUMNS];

    /// The printed title, where the rule speaks of a column of the table of indicators.
    pub fn column(&self) -> Option<&str> {
        self.path.strip_prefix(COLUMNS)
    }

    /// The printed title, where the rule speaks of a regional field of the form.
    pub fn attribute(&self) -> Option<&str> {
        self.path.strip_prefix(ATTRIBUTES)
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

/// What stands before the printed title of a regional field of the form, and of a column of the table.
pub(in crate::ruleset) const ATTRIBUTES: &str = "attributes.";
const COLUMNS: &str = "indicators.attributes.";

pub(in crate::ruleset) fn fields_from(entries: &[(Key, Node)], compiler: &mut Compiler) -> Vec<FieldRule> {
    let mut rules = Vec::new();
    for (key, node) in entries {
        let problems = &mut compiler.problems;
        let is_regional = key.text.starts_with(ATTRIBUTES) || key.text.starts_with(COLUMNS);
        if !is_regional && !PATHS.contains(&key.text.as_str()) {
            let message = Bilingual::new(
                format!("自评表没有 `{}` 这一栏", key.text),
                format!("a form has no field `{}`", key.text),
            );
            let known = PATHS.iter().copied();
            problems.push(Diagnostic::error("unknown_field", key.place.clone(), message).with_guess(&key.text, known));
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
