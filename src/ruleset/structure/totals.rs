//! Points of the whole form, and how rows are rounded.

use super::{Structure, number};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node, Problems};
use crate::pack::Located;
use crate::quantity::Exact;
use crate::ruleset::parameters::Parameter;

/// Points of the whole form and of the execution of the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    pub form: Exact,
    pub execution: Exact,
    /// The parameter that says how many decimals rows are rounded to.
    pub decimals: Located<String>,
}

pub(in crate::ruleset) fn totals_from(
    entries: &[(Key, Node)],
    place: &Place,
    problems: &mut Problems,
) -> Option<Totals> {
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
pub(in crate::ruleset) fn check_rounding(structure: &Structure, parameters: &[Parameter], problems: &mut Problems) {
    let Some(totals) = &structure.totals else { return };
    let named = parameters.iter().find(|parameter| parameter.id == totals.decimals.value);
    if named.is_none() {
        let name = &totals.decimals.value;
        let message = Bilingual::new(format!("没有参数 `{name}`"), format!("there is no parameter `{name}`"));
        let known = parameters.iter().map(|parameter| parameter.id.as_str());
        problems.push(
            Diagnostic::error("unknown_parameter", totals.decimals.place.clone(), message).with_guess(name, known),
        );
    }
    for value in named.into_iter().flat_map(|parameter| &parameter.values) {
        if !value.value.to_i64().is_some_and(|decimals| (0..=2).contains(&decimals)) {
            let message = Bilingual::new("得分的小数位数应为 0、1 或 2", "points keep 0, 1 or 2 decimals");
            problems.push(Diagnostic::error("bad_number", value.place.clone(), message));
        }
    }
}
