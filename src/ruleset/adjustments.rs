//! Adjustments after scoring: deductions and caps, applied one after the other.

use super::citation::Citation;
use super::compiler::Compiler;
use super::names::{Running, Scope};
use crate::diagnostic::Place;
use crate::document::{Fields, Node};
use crate::formula::{Formula, Type};

/// What an adjustment changes the points of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdjustmentScope {
    Indicator,
    Execution,
    Form,
}

impl AdjustmentScope {
    const NAMES: [&'static str; 3] = ["indicator", "execution", "form"];
    const ALL: [AdjustmentScope; 3] = [AdjustmentScope::Indicator, AdjustmentScope::Execution, AdjustmentScope::Form];

    pub fn names(self) -> Scope {
        match self {
            AdjustmentScope::Indicator => Scope::AdjustRow,
            AdjustmentScope::Execution => Scope::AdjustExecution,
            AdjustmentScope::Form => Scope::AdjustForm,
        }
    }
}

/// A compiled adjustment: a function of the points so far.
#[derive(Debug, Clone)]
pub struct Adjustment {
    pub id: String,
    pub title: String,
    pub scope: AdjustmentScope,
    /// Absent: it always applies.
    pub when: Option<Formula>,
    /// What the points become.
    pub points: Formula,
    /// Both as written: `if deduction > 0 { max(points - deduction, 0) }`.
    pub text: String,
    /// The scalars of both, to find a place in them.
    pub when_at: Option<Node>,
    pub points_at: Option<Node>,
    /// Where formulas find the points so far.
    pub slot: usize,
    pub citation: Option<Citation>,
    pub place: Place,
}

impl Adjustment {
    /// Whether what the points become depends on what they were.
    pub fn is_relative(&self) -> bool {
        self.points.names_used().any(|slot| slot == self.slot)
    }

    /// The names that it mentions with their slots, ascending.
    pub fn names(&self) -> Vec<(usize, &str)> {
        let mut names: Vec<(usize, &str)> = self.when.iter().flat_map(Formula::names).collect();
        names.extend(self.points.names());
        names.sort_unstable();
        names.dedup();
        names
    }

    /// `None` for an adjustment that is switched off or broken.
    pub(super) fn compile(id: &str, node: &Node, compiler: &mut Compiler) -> Option<Self> {
        let mut fields = Fields::of(node, &mut compiler.problems);
        let title = fields.required_text("title");
        let scope = fields.required_text("for");
        let when = fields.optional("when");
        let points = fields.required("points");
        let cite = fields.required("cite");
        let enabled = fields.boolean("enabled").unwrap_or(true);
        let place = fields.place().clone();
        fields.finish();
        let citation = cite.and_then(|cite| Citation::from_node(cite, &compiler.sources, &mut compiler.problems));
        let (name, at) = scope?;
        let index = compiler.one_of(name, at, &AdjustmentScope::NAMES)?;
        let scope = AdjustmentScope::ALL.get(index).copied()?;
        let condition = when.map(|at| compiler.formula(at, scope.names(), Type::Boolean));
        let formula = points.and_then(|at| compiler.formula(at, scope.names(), Type::Number));
        let slot = compiler.names(scope.names()).slot(Running::Points.name())?;
        let written = |node: Option<&Node>| node.and_then(Node::as_text).unwrap_or_default().to_owned();
        let text = match when {
            Some(_) => format!("if {} {{ {} }}", written(when), written(points)),
            None => written(points),
        };
        enabled.then_some(())?;
        let condition_at = when.cloned();
        let when = match condition {
            Some(condition) => Some(condition?),
            None => None,
        };
        let title = title?.0.to_owned();
        Some(Adjustment {
            id: id.to_owned(),
            title,
            scope,
            when,
            points: formula?,
            text,
            when_at: condition_at,
            points_at: points.cloned(),
            slot,
            citation,
            place,
        })
    }
}
