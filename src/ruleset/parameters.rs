//! Parameters: no bare number in rules, but value, unit, since and source.

use super::citation::Citation;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Node, Problems};
use crate::pack::Source;
use crate::quantity::Exact;

/// A value and the fiscal year from which it holds.
#[derive(Debug, Clone)]
pub struct ParameterValue {
    pub since: i32,
    pub value: Exact,
    pub citation: Option<Citation>,
    pub place: Place,
}

/// A named number of the rules.
#[derive(Debug, Clone)]
pub struct Parameter {
    pub id: String,
    pub title: String,
    /// `ratio`, `points`, `yuan`, `count`, …: told to people, not computed with.
    pub unit: String,
    /// By `since`, ascending; never empty, no two of one year.
    pub values: Vec<ParameterValue>,
    pub place: Place,
}

impl Parameter {
    /// The value in force for a fiscal year.
    pub fn value_for(&self, fiscal_year: i32) -> Option<&ParameterValue> {
        self.values.iter().rev().find(|value| value.since <= fiscal_year)
    }

    pub(super) fn from_entry(
        id: &str,
        node: &Node,
        sources: &[Source],
        first_year: i32,
        problems: &mut Problems,
    ) -> Option<Self> {
        let mut fields = Fields::of(node, problems);
        let title = fields.required_text("title");
        let unit = fields.required_text("unit");
        let values = fields.required("values");
        let place = fields.place().clone();
        fields.finish();
        let items = values.and_then(|list| {
            if list.as_list().is_none_or(<[Node]>::is_empty) {
                let message = Bilingual::new("values 应为非空列表", "`values` must be a list with at least one entry");
                problems.push(Diagnostic::error("wrong_type", list.place.clone(), message));
            }
            list.as_list()
        });
        let mut values: Vec<ParameterValue> =
            items.unwrap_or_default().iter().filter_map(|item| value_from(item, sources, problems)).collect();
        values.sort_by_key(|value| value.since);
        // A value that cannot be read leaves no hole of its own.
        if items.is_some_and(|items| items.len() == values.len()) {
            check_years(&values, first_year, problems);
        }
        if values.is_empty() {
            return None;
        }
        Some(Parameter { id: id.to_owned(), title: title?.0.to_owned(), unit: unit?.0.to_owned(), values, place })
    }
}

fn value_from(node: &Node, sources: &[Source], problems: &mut Problems) -> Option<ParameterValue> {
    let mut fields = Fields::of(node, problems);
    let since = fields.required_text("since");
    let value = fields.required_text("value");
    let cite = fields.required("cite");
    let place = fields.place().clone();
    fields.finish();
    let citation = cite.and_then(|cite| Citation::from_node(cite, sources, problems));
    let since = since.and_then(|(text, at)| {
        let year = text.parse().ok().filter(|year| (1949..=2199).contains(year));
        if year.is_none() {
            let message = Bilingual::new(format!("`{text}` 不是年度"), format!("`{text}` is no fiscal year"));
            problems.push(Diagnostic::error("bad_year", at.place.clone(), message));
        }
        year
    })?;
    let (text, at) = value?;
    let Some(value) = Exact::parse(text) else {
        let message = Bilingual::new(format!("`{text}` 不是十进制数"), format!("`{text}` is no decimal number"));
        problems.push(Diagnostic::error("bad_number", at.place.clone(), message));
        return None;
    };
    Some(ParameterValue { since, value, citation, place })
}

/// Effective dates neither overlap nor leave a hole: two values of one year overlap, a first value after
/// the pack's first year leaves one.
fn check_years(values: &[ParameterValue], first_year: i32, problems: &mut Problems) {
    for pair in values.windows(2) {
        if let [earlier, later] = pair
            && earlier.since == later.since
        {
            let message = Bilingual::new(
                format!("{} 年起的取值有两个", later.since),
                format!("two values hold since {}", later.since),
            );
            problems.push(
                Diagnostic::error("overlapping_dates", later.place.clone(), message)
                    .with_related(earlier.place.clone(), Bilingual::new("另一个在这里", "the other one")),
            );
        }
    }
    if let Some(first) = values.first().filter(|first| first.since > first_year) {
        let message = Bilingual::new(
            format!("规则包自 {first_year} 年起适用，参数却从 {} 年才有取值", first.since),
            format!("the pack applies from {first_year}, but the parameter has a value only since {}", first.since),
        );
        problems.push(Diagnostic::error("date_hole", first.place.clone(), message));
    }
}
