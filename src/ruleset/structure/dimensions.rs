//! Dimensions and their categories, with the points that the rules set.

use super::{Structure, number, texts};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node, Problems};
use crate::quantity::Exact;

/// A second-level group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub id: String,
    /// Printed titles; the first is the usual one.
    pub titles: Vec<String>,
    /// Points that the rules set; absent where they leave them to the unit.
    pub points: Option<Exact>,
}

/// A first-level group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    pub id: String,
    pub titles: Vec<String>,
    /// Points that the rules usually set; absent where they leave them to the unit.
    pub points: Option<Exact>,
    pub categories: Vec<Category>,
    pub place: Place,
}

impl Dimension {
    /// The usual printed title.
    pub fn title(&self) -> &str {
        self.titles.first().map_or(self.id.as_str(), String::as_str)
    }
}

impl Category {
    /// The usual printed title.
    pub fn title(&self) -> &str {
        self.titles.first().map_or(self.id.as_str(), String::as_str)
    }
}

pub(in crate::ruleset) fn dimensions_from(entries: &[(Key, Node)], problems: &mut Problems) -> Vec<Dimension> {
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
            let categories = categories.iter().map(|(key, node)| category_from(key, node, problems)).collect();
            Dimension { id: key.text.clone(), titles, points, categories, place }
        })
        .collect()
}

fn category_from(key: &Key, node: &Node, problems: &mut Problems) -> Category {
    let mut fields = Fields::of(node, problems);
    let titles = texts(fields.texts("titles"));
    let points = fields.text("points");
    fields.finish();
    Category { id: key.text.clone(), titles, points: points.and_then(|(_, at)| number(at, problems)) }
}

/// Points close at every level: categories sum to their dimension, the dimensions and the execution to the form.
pub(in crate::ruleset) fn check_closure(structure: &Structure, problems: &mut Problems) {
    for dimension in &structure.dimensions {
        check_categories(dimension, problems);
    }
    let Some(totals) = &structure.totals else { return };
    let points = structure.dimensions.iter().map(|dimension| dimension.points.as_ref());
    let Some(sum) = sum(std::iter::once(Some(&totals.execution)).chain(points)) else { return };
    let Some(last) = structure.dimensions.last() else { return };
    if sum != totals.form {
        let message = Bilingual::new(
            format!("各一级指标与预算执行的分值合计 {}，应为 {}", sum, totals.form),
            format!("dimensions and execution add to {} points, not {}", sum, totals.form),
        );
        problems.push(Diagnostic::error("points_do_not_close", last.place.clone(), message));
    }
}

fn check_categories(dimension: &Dimension, problems: &mut Problems) {
    let Some(points) = dimension.points.as_ref().filter(|_| !dimension.categories.is_empty()) else { return };
    let Some(sum) = sum(dimension.categories.iter().map(|category| category.points.as_ref())) else { return };
    if sum != *points {
        let title = dimension.title();
        let message = Bilingual::new(
            format!("“{title}”各二级指标的分值合计 {sum}，应为 {points}"),
            format!("categories of {title} add to {sum} points, not {points}"),
        );
        problems.push(Diagnostic::error("points_do_not_close", dimension.place.clone(), message));
    }
}

/// `None` where a summand is absent.
fn sum<'e>(points: impl Iterator<Item = Option<&'e Exact>>) -> Option<Exact> {
    let mut sum = Exact::from_i64(0);
    for points in points {
        sum = sum.add(points?).ok()?;
    }
    Some(sum)
}
