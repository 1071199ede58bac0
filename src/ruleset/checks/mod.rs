//! Checks: predicates over a form that yield findings, and those that say a form is not for these rules.

mod plan;
mod template;

use super::citation::Citation;
use super::compiler::Compiler;
use super::names::Scope;
use super::structure::ATTRIBUTES;
use crate::diagnostic::{Bilingual, Diagnostic, Place, Severity};
use crate::document::{Fields, Node};
use crate::formula::{Formula, Type};
pub use plan::{Mentioned, Plan, ScopePlan};
pub use template::Template;

/// What a check looks at, once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckScope {
    Form,
    Indicator,
    Goal,
    Source,
    Dimension,
    Category,
    /// Every field that `structure.yaml` speaks of, in every row it stands in.
    Field,
}

impl CheckScope {
    const NAMES: [&'static str; 7] = ["form", "indicator", "goal", "source", "dimension", "category", "field"];
    pub const ALL: [CheckScope; 7] = [
        CheckScope::Form,
        CheckScope::Indicator,
        CheckScope::Goal,
        CheckScope::Source,
        CheckScope::Dimension,
        CheckScope::Category,
        CheckScope::Field,
    ];

    pub fn names(self) -> Scope {
        match self {
            CheckScope::Form => Scope::CheckForm,
            CheckScope::Indicator => Scope::CheckRow,
            CheckScope::Goal => Scope::CheckGoal,
            CheckScope::Source => Scope::CheckSource,
            CheckScope::Dimension => Scope::CheckDimension,
            CheckScope::Category => Scope::CheckCategory,
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
            CheckScope::Source => {
                &["name", "budget_initial", "budget_annual", "budget_executed", "execution_rate_claimed"]
            }
            CheckScope::Dimension | CheckScope::Category => &["points_possible", "points_claimed"],
            CheckScope::Form | CheckScope::Field => &[],
        }
    }
}

/// Where a finding points, below the thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldPointer {
    /// `deviation_reason`; from the top for a check of the form; below the form's subtotal for a check of a dimension
    /// or a category. Empty for the thing itself.
    Path(String),
    /// Index into `Structure::columns`, for a check of a row.
    Column(usize),
    /// Index into `Structure::attributes`, for a check of the form.
    Attribute(usize),
}

/// What a finding does beside being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The form gets no grade.
    NoGrade,
}

/// A compiled check.
#[derive(Debug, Clone)]
pub struct Check {
    pub id: String,
    /// What its findings are called: the id, unless several checks look at one thing from several sides.
    pub code: String,
    pub severity: Severity,
    pub scope: CheckScope,
    pub when: Formula,
    pub when_text: String,
    /// The condition's scalar, to find a place in it.
    pub when_at: Option<Node>,
    pub field: FieldPointer,
    pub message: [Template; 2],
    pub help: [Template; 2],
    pub effect: Option<Effect>,
    pub citation: Option<Citation>,
    pub place: Place,
}

impl Check {
    /// The formulas of its message and its help.
    pub fn told(&self) -> impl Iterator<Item = &Formula> {
        self.message.iter().chain(&self.help).flat_map(Template::formulas)
    }

    /// `None` for a check that is switched off or broken.
    pub(super) fn compile(id: &str, node: &Node, compiler: &mut Compiler) -> Option<Self> {
        let mut fields = Fields::of(node, &mut compiler.problems);
        let severity = fields.required_text("severity");
        let scope = fields.required_text("for");
        let code = fields.text("code").map_or(id, |(code, _)| code);
        let effect = fields.text("effect");
        let written = Written::take(fields);
        let severity = severity.and_then(|(text, at)| {
            compiler.one_of(text, at, &["ERROR", "WARNING", "INFO"]).and(Severity::from_name(text))
        });
        let (text, at) = scope?;
        let scope = compiler.one_of(text, at, &CheckScope::NAMES).and_then(|i| CheckScope::ALL.get(i).copied())?;
        let effect = effect.and_then(|(text, at)| compiler.one_of(text, at, &["NO_GRADE"]).map(|_| Effect::NoGrade));
        let check = written.compile(id, scope, scope.names(), compiler)?;
        Some(Check { code: code.to_owned(), severity: severity?, effect, ..check })
    }

    /// An entry of `coverage`: an error about the whole form, told before anything is scored, that leaves it without
    /// a grade.
    pub(super) fn compile_coverage(id: &str, node: &Node, compiler: &mut Compiler) -> Option<Self> {
        let written = Written::take(Fields::of(node, &mut compiler.problems));
        let check = written.compile(id, CheckScope::Form, Scope::Coverage, compiler)?;
        Some(Check { effect: Some(Effect::NoGrade), ..check })
    }
}

/// What every check says, whatever it looks at.
struct Written<'n> {
    when: Option<&'n Node>,
    field: Option<(&'n str, &'n Node)>,
    message: Option<&'n Node>,
    help: Option<&'n Node>,
    cite: Option<&'n Node>,
    enabled: bool,
    place: Place,
}

impl<'n> Written<'n> {
    /// Takes the last fields of an entry: what is left over is unknown.
    fn take(mut fields: Fields<'n, '_>) -> Self {
        let written = Written {
            when: fields.required("when"),
            field: fields.text("field"),
            message: fields.required("message"),
            help: fields.required("help"),
            cite: fields.required("cite"),
            enabled: fields.boolean("enabled").unwrap_or(true),
            place: fields.place().clone(),
        };
        fields.finish();
        written
    }

    /// An error without an effect, called by its id.
    fn compile(self, id: &str, scope: CheckScope, names: Scope, compiler: &mut Compiler) -> Option<Check> {
        let Written { when, field, message, help, cite, enabled, place } = self;
        let citation = cite.and_then(|cite| Citation::from_node(cite, &compiler.sources, &mut compiler.problems));
        let field = pointer(field, scope, compiler);
        let formula = when.and_then(|at| compiler.formula(at, names, Type::Boolean));
        let message = message.and_then(|node| bilingual(node, names, compiler));
        let help = help.and_then(|node| bilingual(node, names, compiler));
        enabled.then_some(())?;
        Some(Check {
            id: id.to_owned(),
            code: id.to_owned(),
            severity: Severity::Error,
            scope,
            when_at: when.cloned(),
            when_text: when.and_then(Node::as_text).unwrap_or_default().to_owned(),
            when: formula?,
            field,
            message: message?,
            help: help?,
            effect: None,
            citation,
            place,
        })
    }
}

/// `{zh: …, en: …}`
fn bilingual(node: &Node, scope: Scope, compiler: &mut Compiler) -> Option<[Template; 2]> {
    let mut fields = Fields::of(node, &mut compiler.problems);
    let zh = fields.required("zh");
    let en = fields.required("en");
    fields.finish();
    let zh = zh.and_then(|node| Template::compile(node, scope, compiler));
    let en = en.and_then(|node| Template::compile(node, scope, compiler));
    Some([zh?, en?])
}

fn pointer(field: Option<(&str, &Node)>, scope: CheckScope, compiler: &mut Compiler) -> FieldPointer {
    let Some((text, at)) = field else { return FieldPointer::Path(String::new()) };
    let regional = match scope {
        CheckScope::Indicator => &compiler.regional.columns,
        _ => &compiler.regional.attributes,
    };
    if let (CheckScope::Indicator | CheckScope::Form, Some(id)) = (scope, text.strip_prefix(ATTRIBUTES)) {
        match regional.iter().position(|(name, ..)| **name == *id) {
            Some(index) if scope == CheckScope::Indicator => return FieldPointer::Column(index),
            Some(index) => return FieldPointer::Attribute(index),
            None => {
                let known: Vec<String> = regional.iter().map(|(name, ..)| format!("{ATTRIBUTES}{name}")).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                compiler.problems.push(unknown_field(text, at, &known));
            }
        }
    } else if !scope.fields().is_empty() && !scope.fields().contains(&text) {
        compiler.problems.push(unknown_field(text, at, scope.fields()));
    }
    FieldPointer::Path(text.to_owned())
}

fn unknown_field(text: &str, at: &Node, known: &[&str]) -> Diagnostic {
    let message = Bilingual::new(format!("这里没有 `{text}` 这一栏"), format!("there is no field `{text}` here"));
    Diagnostic::error("unknown_field", at.place.clone(), message)
        .with_help(Bilingual::new(format!("可用：{}", known.join("、")), format!("one of {}", known.join(", "))))
        .with_guess(text, known.iter().copied())
}
