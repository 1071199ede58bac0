//! Checks: predicates over a form that yield findings.

mod template;

use super::citation::Citation;
use super::compiler::Compiler;
use super::names::Scope;
use crate::diagnostic::{Bilingual, Diagnostic, Place, Severity};
use crate::document::{Fields, Node};
use crate::formula::{Formula, Type};
pub use template::Template;

/// What a check looks at, once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckScope {
    Form,
    Indicator,
    Goal,
    Source,
    Dimension,
    /// Every field that `structure.yaml` speaks of, in every row it stands in.
    Field,
}

impl CheckScope {
    const NAMES: [&'static str; 6] = ["form", "indicator", "goal", "source", "dimension", "field"];
    pub const ALL: [CheckScope; 6] = [
        CheckScope::Form,
        CheckScope::Indicator,
        CheckScope::Goal,
        CheckScope::Source,
        CheckScope::Dimension,
        CheckScope::Field,
    ];

    pub fn names(self) -> Scope {
        match self {
            CheckScope::Form => Scope::CheckForm,
            CheckScope::Indicator => Scope::CheckRow,
            CheckScope::Goal => Scope::CheckGoal,
            CheckScope::Source => Scope::CheckSource,
            CheckScope::Dimension => Scope::CheckDimension,
            CheckScope::Field => Scope::CheckField,
        }
    }

    /// Fields that a check of this scope may point at, below its row.
    fn fields(self) -> &'static [&'static str] {
        match self {
            CheckScope::Indicator => &[
                "dimension",
                "category",
                "name",
                "target",
                "actual",
                "points_possible",
                "points_claimed",
                "deviation_reason",
            ],
            CheckScope::Goal => &["expected", "achieved"],
            CheckScope::Source => &["name", "budget_initial", "budget_annual", "budget_executed"],
            CheckScope::Form | CheckScope::Dimension | CheckScope::Field => &[],
        }
    }
}

/// Where a finding points, below the thing that was looked at: `deviation_reason`; from the top for a check
/// of the form. Empty for the thing itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldPointer(pub String);

/// A compiled check.
#[derive(Debug)]
pub struct Check {
    pub code: String,
    pub severity: Severity,
    pub scope: CheckScope,
    pub when: Formula,
    pub when_text: String,
    pub field: FieldPointer,
    pub message: [Template; 2],
    pub help: [Template; 2],
    pub citation: Option<Citation>,
    pub place: Place,
}

impl Check {
    /// `None` for a check that is switched off or broken.
    pub(super) fn compile(code: &str, node: &Node, compiler: &mut Compiler) -> Option<Self> {
        let mut fields = Fields::of(node, &mut compiler.problems);
        let severity = fields.required_text("severity");
        let scope = fields.required_text("for");
        let when = fields.required("when");
        let field = fields.text("field");
        let message = fields.required("message");
        let help = fields.required("help");
        let cite = fields.required("cite");
        let enabled = fields.boolean("enabled").unwrap_or(true);
        let place = fields.place().clone();
        fields.finish();
        let citation = cite.and_then(|cite| Citation::from_node(cite, &compiler.sources, &mut compiler.problems));
        let severity = severity.and_then(|(text, at)| {
            compiler.one_of(text, at, &["ERROR", "WARNING", "INFO"]).and(Severity::from_name(text))
        });
        let (text, at) = scope?;
        let scope = compiler.one_of(text, at, &CheckScope::NAMES).and_then(|i| CheckScope::ALL.get(i).copied())?;
        let pointer = field.map(|(text, at)| pointer(text, at, scope, compiler)).unwrap_or_default();
        let formula = when.and_then(|at| compiler.formula(at, scope.names(), Type::Boolean));
        let message = message.and_then(|node| bilingual(node, scope, compiler));
        let help = help.and_then(|node| bilingual(node, scope, compiler));
        enabled.then_some(())?;
        Some(Check {
            code: code.to_owned(),
            severity: severity?,
            scope,
            when_text: when.and_then(Node::as_text).unwrap_or_default().to_owned(),
            when: formula?,
            field: pointer,
            message: message?,
            help: help?,
            citation,
            place,
        })
    }
}

/// `{zh: …, en: …}`
fn bilingual(node: &Node, scope: CheckScope, compiler: &mut Compiler) -> Option<[Template; 2]> {
    let mut fields = Fields::of(node, &mut compiler.problems);
    let zh = fields.required("zh");
    let en = fields.required("en");
    fields.finish();
    let zh = zh.and_then(|node| Template::compile(node, scope.names(), compiler));
    let en = en.and_then(|node| Template::compile(node, scope.names(), compiler));
    Some([zh?, en?])
}

fn pointer(text: &str, at: &Node, scope: CheckScope, compiler: &mut Compiler) -> FieldPointer {
    let known = scope.fields();
    if !known.is_empty() && !known.contains(&text) {
        let message = Bilingual::new(format!("这里没有 `{text}` 这一栏"), format!("there is no field `{text}` here"));
        let mut diagnostic = Diagnostic::error("unknown_field", at.place.clone(), message);
        diagnostic.help = Bilingual::did_you_mean(text, known.iter().copied()).or_else(|| {
            Some(Bilingual::new(format!("可用：{}", known.join("、")), format!("one of {}", known.join(", "))))
        });
        compiler.problems.push(diagnostic);
    }
    FieldPointer(text.to_owned())
}
