//! The cases that stand below, at and above the edges of rules and that no case has yet.
//!
//! Starting from a case that comes to an edge, one number of its form is moved by that number's own step until what the
//! rules hold against the edge stands right at it or right beside it. What such a case wants is what the rules give
//! now: whether that is right is for the author to say.

mod cells;
mod edges;
mod search;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::run::{Case, Runner};
use crate::diagnostic::Place;
use crate::document::{Node, Problems, Shape};
use crate::evaluation::{Evaluation, evaluate_watched};
use crate::form::{Draft, Form};
use crate::quantity::Exact;
use crate::ruleset::RuleSet;
use cells::{flow, quoted};
pub use edges::Edge;
use edges::{Edges, Seen};
use search::Effects;

/// Where a case stands to an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Below,
    At,
    Above,
}

impl Side {
    pub const ALL: [Side; 3] = [Side::Below, Side::At, Side::Above];

    fn holds(self, x: &Exact, edge: &Exact) -> bool {
        match self {
            Side::Below => x < edge,
            Side::At => x == edge,
            Side::Above => x > edge,
        }
    }
}

/// A case that is missing.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub edge: Edge,
    pub side: Side,
    /// What is held against the edge.
    pub x: Exact,
    /// Of the case.
    pub name: String,
    /// The case, ready to paste.
    pub yaml: String,
    base: Base,
}

/// What became of one side of an edge.
#[derive(Debug, Clone)]
pub enum Standing {
    /// A case stands there.
    Covered,
    Missing(Box<Proposal>),
    /// No single number of any case's form leads there.
    OutOfReach,
}

/// A case that proposals may start from.
#[derive(Debug, Clone)]
struct Base {
    /// What it lays over the blank form.
    form: Option<Node>,
    draft: Draft,
    seen: Seen,
    /// What one step of each of its cells does, found once for all edges.
    effects: Arc<OnceLock<Effects>>,
}

/// The edges of one pack and the cases that come to them.
pub struct Boundaries<'r> {
    rules: &'r RuleSet,
    edges: Edges<'r>,
    bases: Vec<Base>,
    blank: Arc<Draft>,
    /// Everything that some case holds against an edge.
    seen: BTreeMap<Edge, Vec<Exact>>,
}

/// The most cases that are tried as a start towards one side of an edge.
const STARTS: usize = 4;

impl<'r> Boundaries<'r> {
    /// Of the pack that `cases` are of; `None` without cases.
    pub fn of(runner: &Runner<'_>, cases: &[Case<'r>]) -> Option<Self> {
        let first = cases.first()?;
        let edges = Edges::of(first.rules);
        let mut all = Boundaries {
            rules: first.rules,
            edges,
            bases: Vec::new(),
            blank: Arc::clone(&first.blank),
            seen: BTreeMap::new(),
        };
        for case in cases {
            let mut problems = Problems::new();
            let draft = runner.draft(case.rules, &case.source, &case.blank, &mut problems);
            let Some((evaluation, seen)) = all.evaluate(draft.clone()) else { continue };
            all.note(&seen);
            // A form of another file cannot be changed by a fragment.
            let is_path = case.source.form.as_ref().is_some_and(|form| matches!(form.shape, Shape::Scalar(_)));
            if evaluation.complete && !is_path {
                all.bases.push(Base { form: case.source.form.clone(), draft, seen, effects: Arc::default() });
            }
        }
        Some(all)
    }

    /// Takes a proposed case for one that is there.
    pub fn add(&mut self, proposal: &Proposal) {
        self.note(&proposal.base.seen);
        self.bases.push(proposal.base.clone());
    }

    fn note(&mut self, seen: &Seen) {
        for (edge, xs) in seen {
            self.seen.entry(edge.clone()).or_default().extend(xs.iter().cloned());
        }
    }

    /// The edges that the pack's own files write and that some case comes to, in the order of files and lines.
    pub fn edges(&self) -> Vec<&Edge> {
        let own = format!("{}/", self.rules.id);
        self.seen.keys().filter(|edge| edge.place.file.starts_with(&own)).collect()
    }

    /// What one side of an edge lacks.
    pub fn standing(&self, edge: &Edge, side: Side) -> Standing {
        let known = self.seen.get(edge).map(Vec::as_slice).unwrap_or_default();
        if side == Side::At && known.contains(&edge.at) {
            return Standing::Covered;
        }
        let Some(found) = self.search(edge, side) else { return Standing::OutOfReach };
        let far = |x: &Exact| x.sub(&edge.at).map(|distance| distance.abs());
        let (Ok(step), known) = (far(&found.x), known.iter().filter(|x| side.holds(x, &edge.at))) else {
            return Standing::OutOfReach;
        };
        if known.filter_map(|x| far(x).ok()).any(|distance| distance <= step) {
            return Standing::Covered;
        }
        let name = name(edge, side, &found.x);
        let yaml = self.yaml(edge, &name, &found);
        let base = Base { form: Some(found.form), draft: found.draft, seen: found.seen, effects: Arc::default() };
        Standing::Missing(Box::new(Proposal { edge: edge.clone(), side, x: found.x, name, yaml, base }))
    }

    /// Scores a form and sees what is held against the edges.
    fn evaluate(&self, draft: Draft) -> Option<(Evaluation, Seen)> {
        let form = Form::admit(draft).ok()?;
        let (evaluation, witness) = evaluate_watched(self.rules, &form);
        let seen = self.edges.seen(&evaluation, &witness);
        Some((evaluation, seen))
    }

    /// The form of a case with a fragment in place of its own.
    fn overlaid(&self, fragment: &Node) -> Option<Draft> {
        let mut problems = Problems::new();
        let draft = self.blank.overlay(fragment, &mut problems);
        problems.is_empty().then_some(draft)
    }

    fn yaml(&self, edge: &Edge, name: &str, found: &Found) -> String {
        format!(
            "# 待确认：want 是规则现在给出的结果（{} 改为 {}），对照办法核对后删去本行。\n- case: {}\n  form: {}\n  want: {}\n",
            found.cell,
            found.number,
            quoted(name),
            flow(&found.form),
            self.want(edge, found)
        )
    }

    /// What shows that a result changes here: the form's points and grade, the row that was changed, the check.
    fn want(&self, edge: &Edge, found: &Found) -> String {
        let evaluation = &found.evaluation;
        let mut parts = vec![format!("points: {{awarded: {}}}", quoted(&evaluation.points.awarded.to_string()))];
        parts.push(format!("grade: {}", evaluation.grade.as_ref().map_or("~", |grade| grade.id.as_str())));
        let row = found.row.and_then(|row| evaluation.indicators.get(row));
        let score = |score: &crate::evaluation::Score| {
            let (ceiling, awarded) = (score.ceiling.to_string(), score.awarded.to_string());
            format!("{{pointsCeiling: {}, pointsAwarded: {}}}", quoted(&ceiling), quoted(&awarded))
        };
        if let Some(row) = row {
            parts.push(format!("indicators: {{{}: {}}}", quoted(&row.field()), score(&row.score)));
        } else if let Some(execution) = &evaluation.execution {
            parts.push(format!("execution: {}", score(&execution.score)));
        }
        let check = edge.check().and_then(|id| self.rules.checks.iter().find(|check| check.id == id));
        if let Some(check) = check {
            let told = evaluation.findings.iter().filter(|finding| finding.code == check.code);
            let told: Vec<String> = told
                .map(|finding| match finding.field.as_str() {
                    "" => quoted(&finding.code),
                    field => quoted(&format!("{}@{field}", finding.code)),
                })
                .collect();
            parts.push(match told.as_slice() {
                [] => format!("findings: {{exclude: [{}]}}", check.code),
                told => format!("findings: {{include: [{}]}}", told.join(", ")),
            });
        }
        format!("{{{}}}", parts.join(", "))
    }
}

/// `边界 checks.reason_short 4 之下：3（checks.yaml 第 13 行第 60 列）`
fn name(edge: &Edge, side: Side, x: &Exact) -> String {
    let at = match side {
        Side::Below => "之下",
        Side::At => "恰好",
        Side::Above => "之上",
    };
    let Place { file, line, column, .. } = &edge.place;
    let file = file.rsplit('/').next().unwrap_or_default();
    format!("边界 {} {} {at}：{x}（{file} 第 {line} 行第 {column} 列）", edge.rule, edge.at)
}

/// A form that stands where it should.
struct Found {
    form: Node,
    cell: String,
    number: Exact,
    row: Option<usize>,
    x: Exact,
    draft: Draft,
    seen: Seen,
    evaluation: Evaluation,
}
