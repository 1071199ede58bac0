//! Which method scores which row: first match wins.

mod key;

use super::citation::Citation;
use super::compiler::Compiler;
use super::names::Scope;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Node};
use crate::formula::{Formula, Type};
use crate::reading::{Comparison, Direction, Kind, Met};
pub use key::{Keyed, RowKey};

/// What an entry says happens to the rows it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Index into [`super::RuleSet::methods`].
    Method(usize),
    /// The row takes no part: no points possible, none given.
    NotApplicable,
    /// Left to a person: floor 0, ceiling = possible.
    NeedsReview,
    /// The row shares the points of a row above it and takes none of its own.
    InGroup,
    /// The rules give no points until the form is corrected: floor 0, ceiling = possible, awarded 0.
    Unscored,
}

/// What a row must be like for an entry to match. An empty list asks for nothing.
#[derive(Debug, Clone, Default)]
pub struct When {
    pub dimension: Vec<String>,
    pub category: Vec<String>,
    /// Words of which the indicator's name must contain one.
    pub name: Vec<String>,
    pub target: Vec<Kind>,
    pub actual: Vec<Kind>,
    pub comparison: Vec<Comparison>,
    pub meeting: Vec<Met>,
    pub direction: Vec<Direction>,
    pub tier: Vec<String>,
    /// `true`: both readings are numbers in one unit.
    pub comparable: Option<bool>,
    /// Any further condition.
    pub condition: Option<Formula>,
}

impl When {
    fn asks_nothing(&self) -> bool {
        let When {
            dimension,
            category,
            name,
            target,
            actual,
            comparison,
            meeting,
            direction,
            tier,
            comparable,
            condition,
        } = self;
        dimension.is_empty()
            && category.is_empty()
            && name.is_empty()
            && target.is_empty()
            && actual.is_empty()
            && comparison.is_empty()
            && meeting.is_empty()
            && direction.is_empty()
            && tier.is_empty()
            && comparable.is_none()
            && condition.is_none()
    }
}

/// One line of the scoring table.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub title: String,
    pub when: When,
    /// The condition's text, for the trace.
    pub condition_text: String,
    /// The condition's scalar, to find a place in it.
    pub condition_at: Option<Node>,
    pub outcome: Outcome,
    /// Overrides the method's own citation.
    pub citation: Option<Citation>,
    pub place: Place,
}

impl Entry {
    pub(super) fn compile(id: &str, node: &Node, scope: Scope, compiler: &mut Compiler) -> Option<Self> {
        let mut fields = Fields::of(node, &mut compiler.problems);
        let title = fields.required_text("title").map(|(text, _)| text.to_owned()).unwrap_or_default();
        let when = fields.optional("when");
        let method = fields.text("method");
        let outcome = fields.text("outcome");
        let cite = fields.optional("cite");
        let place = fields.place().clone();
        fields.finish();
        let citation = cite.and_then(|cite| Citation::from_node(cite, &compiler.sources, &mut compiler.problems));
        let condition_at = when.and_then(|node| node.get("if")).cloned();
        let condition_text = condition_at.as_ref().and_then(Node::as_text).unwrap_or_default().to_owned();
        let when = when.map_or_else(|| Some(When::default()), |node| when_from(node, scope, compiler));
        let outcome = match (method, outcome) {
            (Some((name, at)), None) => compiler.method_index(name, at, scope).map(Outcome::Method),
            (None, Some((text, at))) => {
                let names = ["NOT_APPLICABLE", "NEEDS_REVIEW", "UNSCORED", "IN_GROUP"];
                let outcomes = [Outcome::NotApplicable, Outcome::NeedsReview, Outcome::Unscored, Outcome::InGroup];
                compiler.one_of(text, at, &names).and_then(|index| outcomes.get(index).copied())
            }
            _ => {
                let message = Bilingual::new(
                    format!("`{id}` 应在 method 与 outcome 中恰写一项"),
                    format!("`{id}` needs exactly one of method, outcome"),
                );
                compiler.problems.push(Diagnostic::error("entry_without_outcome", place.clone(), message));
                None
            }
        }?;
        Some(Entry { id: id.to_owned(), title, when: when?, condition_text, condition_at, outcome, citation, place })
    }
}

/// An entry after one that matches everything is never reached.
pub(super) fn report_unreachable(entries: &[Entry], compiler: &mut Compiler) {
    let Some(all) = entries.iter().position(|entry| entry.when.asks_nothing()) else { return };
    for later in entries.iter().skip(all + 1) {
        let message = Bilingual::new(
            format!("`{}` 永远轮不到：前面的条目已匹配所有行", later.id),
            format!("`{}` is never reached: an earlier entry matches every row", later.id),
        );
        let mut diagnostic = Diagnostic::error("unreachable_entry", later.place.clone(), message);
        if let Some(earlier) = entries.get(all) {
            let note = Bilingual::new("匹配所有行的条目在这里", "the entry that matches every row");
            diagnostic = diagnostic.with_related(earlier.place.clone(), note);
        }
        compiler.problems.push(diagnostic);
    }
}

/// `None` when its formula does not compile: an entry without its condition would seem to match every row.
fn when_from(node: &Node, scope: Scope, compiler: &mut Compiler) -> Option<When> {
    let mut fields = Fields::of(node, &mut compiler.problems);
    let condition = fields.optional("if");
    if scope == Scope::ScoreExecution {
        fields.finish();
        let (condition, written) = (compiled(condition, scope, compiler), condition.is_some());
        return (condition.is_some() == written).then(|| When { condition, ..When::default() });
    }
    let dimension = fields.texts("dimension");
    let category = fields.texts("category");
    let name = fields.texts("name");
    let target = fields.texts("target");
    let actual = fields.texts("actual");
    let comparison = fields.texts("comparison");
    let meeting = fields.texts("meeting");
    let direction = fields.texts("direction");
    let tier = fields.texts("tier");
    let comparable = fields.boolean("comparable");
    fields.finish();
    let (dimensions, categories, tiers) =
        (compiler.dimension_ids.clone(), compiler.category_ids.clone(), compiler.tiers.clone());
    let (condition, written) = (compiled(condition, scope, compiler), condition.is_some());
    (condition.is_some() == written).then(|| When {
        dimension: compiler.known(&dimension, &dimensions),
        category: compiler.known(&category, &categories),
        name: name.into_iter().map(|(text, _)| text.to_owned()).collect(),
        target: compiler.named(&target, &Kind::ALL, Kind::name),
        actual: compiler.named(&actual, &Kind::ALL, Kind::name),
        comparison: compiler.named(&comparison, &Comparison::ALL, Comparison::name),
        meeting: compiler.named(&meeting, &Met::ALL, Met::name),
        direction: compiler.named(&direction, &Direction::ALL, Direction::name),
        tier: compiler.known(&tier, &tiers),
        comparable,
        condition,
    })
}

fn compiled(condition: Option<&Node>, scope: Scope, compiler: &mut Compiler) -> Option<Formula> {
    condition.and_then(|at| compiler.formula(at, scope, Type::Boolean))
}
