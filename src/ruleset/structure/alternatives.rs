//! Other ways to divide the points among the dimensions: 没有满意度指标时产出 60、效益 30.

use std::collections::BTreeSet;

use super::{Category, Dimension, Structure, number};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node, Problems};
use crate::quantity::Exact;

/// Points for exactly those dimensions that a form has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub id: String,
    pub title: String,
    /// By dimension id; each above zero.
    pub points: Vec<(String, Exact)>,
    pub place: Place,
}

impl Alternative {
    fn dimensions(&self) -> BTreeSet<&str> {
        self.points.iter().map(|(id, _)| id.as_str()).collect()
    }
}

/// The division that one form is measured by.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'s> {
    /// Absent: the usual one.
    alternative: Option<&'s Alternative>,
}

/// The id of the division that `dimensions` gives.
const USUAL: &str = "usual";

impl<'s> Weights<'s> {
    pub(super) fn choose(structure: &'s Structure, present: &BTreeSet<&str>) -> Self {
        if usual(structure) == *present {
            return Weights { alternative: None };
        }
        Weights { alternative: structure.alternatives.iter().find(|other| other.dimensions() == *present) }
    }

    /// Id of the alternative, or `usual`.
    pub fn id(&self) -> &'s str {
        self.alternative.map_or(USUAL, |alternative| alternative.id.as_str())
    }

    /// Points of a dimension: zero where the alternative leaves it out, absent where the rules leave them to the
    /// unit.
    pub fn dimension(&self, dimension: &Dimension) -> Option<Exact> {
        let Some(alternative) = self.alternative else { return dimension.points.clone() };
        let points = alternative.points.iter().find(|(id, _)| *id == dimension.id);
        Some(points.map_or(Exact::from_i64(0), |(_, points)| points.clone()))
    }

    /// Points of a category; absent where the rules leave them to the unit, as every alternative does.
    pub fn category(&self, category: &Category) -> Option<Exact> {
        category.points.clone().filter(|_| self.alternative.is_none())
    }
}

/// The dimensions that usually have points.
fn usual(structure: &Structure) -> BTreeSet<&str> {
    let zero = Exact::from_i64(0);
    let counted = structure.dimensions.iter().filter(|dimension| dimension.points.as_ref().is_some_and(|p| *p > zero));
    counted.map(|dimension| dimension.id.as_str()).collect()
}

pub(in crate::ruleset) fn alternatives_from(
    entries: &[(Key, Node)],
    dimensions: &[Dimension],
    problems: &mut Problems,
) -> Vec<Alternative> {
    entries
        .iter()
        .filter_map(|(key, node)| {
            let mut fields = Fields::of(node, problems);
            let title = fields.required_text("title").map(|(text, _)| text.to_owned()).unwrap_or_default();
            fields.required("points");
            let written = fields.entries("points");
            fields.finish();
            let points: Vec<(String, Exact)> =
                written.iter().filter_map(|(key, node)| points_of(key, node, dimensions, problems)).collect();
            if key.text == USUAL {
                let message = Bilingual::new(
                    format!("`{USUAL}` 指 dimensions 里的分法，请换一个编号"),
                    format!("`{USUAL}` is the division that `dimensions` gives: choose another id"),
                );
                problems.push(Diagnostic::error("name_taken", key.place.clone(), message));
            }
            // One that cannot be read closes with nothing, which is no second mistake.
            let is_read = !points.is_empty() && points.len() == written.len();
            is_read.then(|| Alternative { id: key.text.clone(), title, points, place: key.place.clone() })
        })
        .collect()
}

fn points_of(key: &Key, node: &Node, dimensions: &[Dimension], problems: &mut Problems) -> Option<(String, Exact)> {
    if !dimensions.iter().any(|dimension| dimension.id == key.text) {
        let message = Bilingual::new(
            format!("没有 `{}` 这个一级指标", key.text),
            format!("there is no dimension `{}`", key.text),
        );
        let known = dimensions.iter().map(|dimension| dimension.id.as_str());
        problems.push(Diagnostic::error("unknown_dimension", key.place.clone(), message).with_guess(&key.text, known));
        return None;
    }
    let points = number(node, problems)?;
    if points <= Exact::from_i64(0) {
        let message = Bilingual::new(
            "分值须大于 0；这种分法里没有的一级指标不写",
            "points must be above 0; leave out a dimension that has none",
        );
        problems.push(Diagnostic::error("bad_number", node.place.clone(), message));
        return None;
    }
    Some((key.text.clone(), points))
}

/// Every alternative closes with the execution to the form, and is for dimensions of its own.
pub(in crate::ruleset) fn check_alternatives(structure: &Structure, problems: &mut Problems) {
    let mut taken: Vec<(BTreeSet<&str>, &str)> = vec![(usual(structure), USUAL)];
    for alternative in &structure.alternatives {
        let dimensions = alternative.dimensions();
        if let Some((_, other)) = taken.iter().find(|(other, _)| *other == dimensions) {
            let message = Bilingual::new(
                format!("`{}` 永远轮不到：`{other}` 已用于恰有这些一级指标的表", alternative.id),
                format!("`{}` is never chosen: `{other}` is for forms with exactly these dimensions", alternative.id),
            );
            problems.push(Diagnostic::error("unreachable_entry", alternative.place.clone(), message));
        }
        taken.push((dimensions, &alternative.id));
        let Some(totals) = &structure.totals else { continue };
        let mut sum = totals.execution.clone();
        for (_, points) in &alternative.points {
            let Ok(next) = sum.add(points) else { return };
            sum = next;
        }
        if sum != totals.form {
            let message = Bilingual::new(
                format!("“{}”的分值与预算执行合计 {sum}，应为 {}", alternative.title, totals.form),
                format!("points of `{}` and the execution add to {sum}, not {}", alternative.id, totals.form),
            );
            problems.push(Diagnostic::error("points_do_not_close", alternative.place.clone(), message));
        }
    }
}
