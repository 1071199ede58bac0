//! Methods: named ways to turn a row into points.

use super::band::{Interval, cover};
use super::citation::Citation;
use super::compiler::Compiler;
use super::names::Scope;
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Node};
use crate::formula::{Formula, Type};
use crate::quantity::Exact;

/// How points move when the actual rises: the author's claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    HigherIsBetter,
    LowerIsBetter,
}

/// A tier of completion and the share of the points it may get.
#[derive(Debug, Clone)]
pub struct Tier {
    pub tier: String,
    pub ratio: Interval,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub enum MethodKind {
    /// Points by formula: floor and ceiling are equal.
    Formula(Box<Formula>),
    /// Points by judgement, within the share of the row's tier.
    Tiers(Vec<Tier>),
    /// Points by judgement, within one share.
    Range(Interval),
}

/// A compiled method.
#[derive(Debug, Clone)]
pub struct Method {
    pub id: String,
    pub title: String,
    pub kind: MethodKind,
    /// The formula or the ranges as written.
    pub text: String,
    pub direction: Option<Direction>,
    /// Where the direction is declared.
    pub direction_at: Option<Place>,
    /// The formula's scalar, to find a place in it.
    pub formula_at: Option<Node>,
    /// The author says that the points are meant to jump.
    pub jump_intended: bool,
    pub citation: Option<Citation>,
    /// Scores the execution of the budget instead of a row.
    pub for_execution: bool,
    pub place: Place,
}

impl Method {
    pub(super) fn compile(id: &str, node: &Node, compiler: &mut Compiler) -> Option<Self> {
        let mut fields = Fields::of(node, &mut compiler.problems);
        let title = fields.required_text("title");
        let formula = fields.text("formula");
        let tiers = fields.optional("tiers");
        let ratio = fields.optional("ratio");
        let direction = fields.text("direction");
        let jump = fields.text("jump");
        let target = fields.text("for");
        let cite = fields.required("cite");
        let place = fields.place().clone();
        fields.finish();
        let citation = cite.and_then(|cite| Citation::from_node(cite, &compiler.sources, &mut compiler.problems));
        let for_execution =
            target.is_some_and(|(text, at)| compiler.one_of(text, at, &["indicator", "execution"]) == Some(1));
        let jump_intended = jump.is_some_and(|(text, at)| compiler.one_of(text, at, &["intended"]) == Some(0));
        let direction_at = direction.map(|(_, at)| at.place.clone());
        let formula_at = formula.map(|(_, at)| at.clone());
        let direction = direction.and_then(|(text, at)| {
            let names = ["higher_is_better", "lower_is_better"];
            let directions = [Direction::HigherIsBetter, Direction::LowerIsBetter];
            directions.get(compiler.one_of(text, at, &names)?).copied()
        });
        let given = [formula.is_some(), tiers.is_some(), ratio.is_some()].into_iter().filter(|given| *given).count();
        if given != 1 {
            let message = Bilingual::new(
                format!("计分方法 `{id}` 应在 formula、tiers、ratio 中恰写一项"),
                format!("method `{id}` needs exactly one of formula, tiers, ratio"),
            );
            compiler.problems.push(Diagnostic::error("method_without_rule", place, message));
            return None;
        }
        let scope = if for_execution { Scope::ScoreExecution } else { Scope::ScoreRow };
        let (kind, text) = if let Some((text, at)) = formula {
            (MethodKind::Formula(Box::new(compiler.formula(at, scope, Type::Number)?)), text.to_owned())
        } else if let Some(node) = ratio {
            let interval = share(node, compiler)?;
            let text = interval.to_string();
            (MethodKind::Range(interval), text)
        } else {
            let tiers = tiers_from(tiers?, compiler)?;
            let text = tiers.iter().map(|tier| format!("{} {}", tier.tier, tier.ratio)).collect::<Vec<_>>().join("; ");
            (MethodKind::Tiers(tiers), text)
        };
        let title = title?.0.to_owned();
        Some(Method {
            id: id.to_owned(),
            title,
            kind,
            text,
            direction,
            direction_at,
            formula_at,
            jump_intended,
            citation,
            for_execution,
            place,
        })
    }
}

/// A share of the points: an interval within [0, 1].
fn share(node: &Node, compiler: &mut Compiler) -> Option<Interval> {
    let interval = Interval::from_node(node, &mut compiler.problems)?;
    if interval.low < Exact::from_i64(0) || interval.high > Exact::from_i64(1) {
        let message = Bilingual::new(
            "得分比例须在 0 与 1 之间，否则得分会超出分值",
            "a share must lie within [0, 1], or points leave the possible range",
        );
        compiler.problems.push(Diagnostic::error("share_out_of_range", node.place.clone(), message));
        return None;
    }
    Some(interval)
}

fn tiers_from(node: &Node, compiler: &mut Compiler) -> Option<Vec<Tier>> {
    let entries = node.as_map().unwrap_or_else(|| {
        let message = Bilingual::new("tiers 应为“完成程度: 区间”的映射", "`tiers` must map each tier to an interval");
        compiler.problems.push(Diagnostic::error("wrong_type", node.place.clone(), message));
        &[]
    });
    let known = compiler.tiers.clone();
    let mut tiers = Vec::new();
    for (key, value) in entries {
        if !known.contains(&key.text) {
            let message = Bilingual::new(
                format!("词典里没有 `{}` 这一完成程度", key.text),
                format!("the lexicon has no tier `{}`", key.text),
            );
            let names = known.iter().map(String::as_str);
            let unknown = Diagnostic::error("unknown_tier", key.place.clone(), message).with_guess(&key.text, names);
            compiler.problems.push(unknown);
        }
        if let Some(ratio) = share(value, compiler) {
            tiers.push(Tier { tier: key.text.clone(), ratio, place: key.place.clone() });
        }
    }
    if tiers.len() < entries.len() {
        return None;
    }
    let shares: Vec<&Interval> = tiers.iter().map(|tier| &tier.ratio).collect();
    let covered = cover(&shares, &Interval::closed(Exact::ZERO, Exact::ONE));
    compiler.report_cover(&covered, &node.place, |index| tiers.get(index).map_or("", |tier| tier.tier.as_str()));
    Some(tiers).filter(|tiers| !tiers.is_empty())
}
