//! Running the pack's checks over a scored form.

mod coverage;
mod fields;

use std::borrow::Cow;
use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::facts::{self, Asked};
use super::patience::Patience;
use super::rows::ReadRow;
use super::{Finding, IndicatorResult};
use crate::diagnostic::Bilingual;
use crate::form::{Form, Indicator};
use crate::formula::{Frame, Outlook, Session, Value};
use crate::ruleset::{
    Category, Check, CheckScope, Column, Dimension, Effect, FieldPointer, FieldRule, Mentioned, RuleSet, ScopePlan,
    Weights,
};
pub(super) use coverage::{finding as coverage_finding, uncovered, unscored};
pub(super) use fields::FieldRow;

/// What the checks look at.
pub(super) struct Checked<'a> {
    pub rules: &'a RuleSet,
    pub patience: &'a Patience<'a>,
    pub form: &'a Form,
    pub rows: &'a [ReadRow<'a>],
    /// Each row's own values, by slot.
    pub inputs: Vec<&'a [Value]>,
    pub results: &'a [IndicatorResult],
    pub weights: Weights<'a>,
    /// Constants, form inputs, attributes and form results, by slot.
    pub base: Vec<Value>,
}

/// A thing that a scope looks at: where its findings point.
enum Spot<'s> {
    Form,
    /// A path with cells below it, written when something is found.
    At(&'s dyn Fn() -> String),
    Row(&'s IndicatorResult, &'s Indicator),
    /// The rows of a dimension or a category: index of the form's subtotal of them, where it has one.
    Sum(Option<usize>),
}

/// What a thing says of itself.
struct Own<'o> {
    /// The values of its first names, where they are known.
    known: &'o [Value],
    /// Adds the values of its other names, of those that are asked for.
    fill: &'o dyn Fn(Asked<'_>, &mut Vec<Value>),
}

/// Takes one thing that a scope looks at, and what it says of itself; tells whether something was found.
type Visit<'v> = &'v mut dyn FnMut(&Spot<'_>, &Own<'_>) -> bool;

/// What the checks found.
pub(super) struct Found {
    /// In the order of the pack's checks, then of the form.
    pub findings: Vec<Finding>,
    /// Some check that holds leaves the form without a grade.
    pub no_grade: bool,
}

pub(super) fn findings(checked: &Checked<'_>) -> Found {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    let mut no_grade = false;
    let base = Frame::from(&checked.base);
    let mut others = Vec::new();
    let mut holding = Vec::new();
    for plan in &checked.rules.plan.scopes {
        let mut session = checked.patience.is_free().then(|| plan.network(checked.rules).session(base));
        visit(plan.scope, checked, &mut |spot, own| {
            let known = base.with(own.known);
            let fill = |mentioned: &Mentioned, values: &mut Vec<Value>| {
                values.clear();
                (own.fill)(Asked { mentioned, first: known.len() }, values);
            };
            fill(&plan.tested, &mut others);
            let mut is_silent = true;
            hold(checked, plan, session.as_mut(), (known, own.known, &others), &mut holding);
            for place in holding.drain(..) {
                let order = plan.checks.get(place).copied().unwrap_or(usize::MAX);
                let Some(check) = checked.rules.checks.get(order) else { continue };
                // What only messages mention is computed when there is one.
                if std::mem::take(&mut is_silent) {
                    fill(&plan.told, &mut others);
                }
                let values = known.with(&others);
                checked.patience.note(check.told(), values);
                no_grade |= check.effect == Some(Effect::NoGrade);
                found.push((order, render(check, path(checked, spot, &check.field), values)));
            }
            !is_silent
        });
    }
    // Stable: findings of one check stay in the order of the form.
    found.sort_by_key(|(order, _)| *order);
    Found { findings: found.into_iter().map(|(_, finding)| finding).collect(), no_grade }
}

/// Which checks of a scope hold of a thing, by their places in the plan, ascending. `values` are those of all names but
/// the last, of the thing's first names, and of the others.
fn hold(
    checked: &Checked<'_>,
    plan: &ScopePlan,
    session: Option<&mut Session<'_>>,
    (all, known, others): (Frame<'_>, &[Value], &[Value]),
    holding: &mut Vec<usize>,
) {
    let patience = checked.patience;
    if !patience.is_wanted() {
        return;
    }
    let own = Frame::from(known).with(others);
    let session = session.filter(|_| patience.is_free());
    let settled = session.is_some_and(|session| session.holding(own, holding) == Outlook::Settled);
    let one_by_one = |place: &usize| {
        let check = plan.checks.get(*place).and_then(|order| checked.rules.checks.get(*order));
        check.is_some_and(|check| holds(patience, check, all.with(others)))
    };
    if !settled {
        holding.extend((0..plan.checks.len()).filter(one_by_one));
    } else if !plan.network(checked.rules).others().is_empty() {
        holding.extend(plan.network(checked.rules).others().iter().copied().filter(one_by_one));
        holding.sort_unstable();
    }
}

/// A condition that is absent or fails does not hold.
fn holds(patience: &Patience<'_>, check: &Check, values: Frame<'_>) -> bool {
    patience.run(&check.when, values, || check.when.holds(values)).unwrap_or(false)
}

fn path(checked: &Checked<'_>, spot: &Spot<'_>, pointer: &FieldPointer) -> String {
    let below = |field: &str, cell: &str| if cell.is_empty() { field.to_owned() } else { format!("{field}.{cell}") };
    match (spot, pointer) {
        (Spot::Form, FieldPointer::Attribute(index)) => attribute_path(checked.rules, checked.form, *index),
        (Spot::Form, FieldPointer::Path(path)) => path.clone(),
        (Spot::At(field), FieldPointer::Path(cell)) => below(&field(), cell),
        (Spot::Row(result, _), FieldPointer::Path(cell)) => below(&result.field(), cell),
        (Spot::Row(result, row), FieldPointer::Column(index)) => {
            let title = checked.rules.structure.columns.get(*index).map(|column| titled(column, row.attributes()));
            format!("{}.attributes.{}", result.field(), title.unwrap_or_default())
        }
        (Spot::Sum(Some(index)), FieldPointer::Path(cell)) if !cell.is_empty() => format!("subtotals[{index}].{cell}"),
        (Spot::Sum(_), _) => "indicators".to_owned(),
        // The compiler lets no other pointer pass.
        (Spot::Form | Spot::At(_) | Spot::Row(..), _) => String::new(),
    }
}

/// `attributes.` and the title that the form prints, or else the usual one.
fn attribute_path(rules: &RuleSet, form: &Form, index: usize) -> String {
    let title = rules.structure.attributes.get(index).map(|column| titled(column, form.attributes()));
    format!("attributes.{}", title.unwrap_or_default())
}

fn titled<'t>(column: &'t Column, cells: &'t BTreeMap<String, String>) -> &'t str {
    column.cell(cells).map_or(column.title(), |(title, _)| title)
}

fn render(check: &Check, field: String, values: Frame<'_>) -> Finding {
    let [message_zh, message_en] = &check.message;
    let [help_zh, help_en] = &check.help;
    Finding {
        code: check.code.clone(),
        severity: check.severity,
        field,
        message: Bilingual::new(message_zh.render(values), message_en.render(values)),
        help: Bilingual::new(help_zh.render(values), help_en.render(values)),
        citation: check.citation.clone(),
    }
}

/// Of something of which nothing is known before it is asked.
fn told(fill: &dyn Fn(Asked<'_>, &mut Vec<Value>)) -> Own<'_> {
    Own { known: &[], fill }
}

fn visit(scope: CheckScope, checked: &Checked<'_>, each: Visit<'_>) {
    let form = checked.form;
    let structure = &checked.rules.structure;
    match scope {
        CheckScope::Form => {
            each(&Spot::Form, &told(&|_, _| {}));
        }
        CheckScope::Indicator => {
            for ((row, input), result) in checked.rows.iter().zip(&checked.inputs).zip(checked.results) {
                let fill = |asked: Asked<'_>, values: &mut Vec<Value>| facts::row_result(result, asked, values);
                each(&Spot::Row(result, row.indicator), &Own { known: input, fill: &fill });
            }
        }
        CheckScope::Goal => {
            for (index, goal) in form.goals().iter().enumerate() {
                let fill = |asked: Asked<'_>, values: &mut Vec<Value>| facts::goal(goal, asked, values);
                each(&Spot::At(&|| format!("goals[{index}]")), &told(&fill));
            }
        }
        CheckScope::Source => {
            for (index, source) in form.funds().sources().iter().enumerate() {
                let fill = |asked: Asked<'_>, values: &mut Vec<Value>| facts::source(source, asked, values);
                each(&Spot::At(&|| format!("funds.sources[{index}]")), &told(&fill));
            }
        }
        CheckScope::Dimension => {
            for dimension in &structure.dimensions {
                let subtotal = subtotal(checked, dimension, None);
                let fill = |asked: Asked<'_>, values: &mut Vec<Value>| {
                    facts::dimension(checked, dimension, subtotal, (asked, values));
                };
                each(&Spot::Sum(subtotal), &told(&fill));
            }
        }
        CheckScope::Category => {
            for dimension in &structure.dimensions {
                for category in &dimension.categories {
                    let subtotal = subtotal(checked, dimension, Some(category));
                    let fill = |asked: Asked<'_>, values: &mut Vec<Value>| {
                        facts::category(checked, (dimension, category), subtotal, (asked, values));
                    };
                    each(&Spot::Sum(subtotal), &told(&fill));
                }
            }
        }
        CheckScope::Field => {
            for rule in &structure.fields {
                visit_field(rule, checked, each);
            }
        }
    }
}

/// A field wherever it stands. Its text and its row are all that is looked at: what was silent is silent when it is said
/// again.
fn visit_field(rule: &FieldRule, checked: &Checked<'_>, each: Visit<'_>) {
    /// How many different texts are kept in mind.
    const KEPT: usize = 8;
    let mut silent: SmallVec<[(&str, FieldRow); KEPT]> = SmallVec::new();
    fields::visit(rule, checked, &mut |field, text, row| {
        if silent.contains(&(&*text, row)) && checked.patience.is_free() {
            return;
        }
        let fill = |asked: Asked<'_>, values: &mut Vec<Value>| facts::field(rule, (&text, row), asked, values);
        let tells = each(&Spot::At(field), &told(&fill));
        if let (false, Cow::Borrowed(text), true) = (tells, &text, silent.len() < KEPT) {
            silent.push((text, row));
        }
    });
}

/// Index of the form's subtotal of a dimension, or of one of its categories.
fn subtotal(checked: &Checked<'_>, dimension: &Dimension, category: Option<&Category>) -> Option<usize> {
    let structure = &checked.rules.structure;
    checked.form.subtotals().iter().position(|subtotal| {
        let of = structure.dimension(subtotal.dimension());
        let is_whole = subtotal.category().trim().is_empty();
        of.is_some_and(|of| of.id == dimension.id)
            && match category {
                None => is_whole,
                Some(category) => structure.category(of, subtotal.category()).is_some_and(|c| c.id == category.id),
            }
    })
}
