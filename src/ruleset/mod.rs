//! The compiled, immutable, hashed set of rules that scores forms.
//!
//! [`RuleSet::from_packs`] turns a pack and those it extends into checked formulas, bands, word lists and
//! citations, reporting every problem with its place. [`RuleBook`] holds all sets of a rules folder and
//! selects the one that scores a form.

mod adjustments;
mod band;
mod book;
mod checks;
mod citation;
mod compiler;
mod from_pack;
mod methods;
mod names;
mod parameters;
mod scoring;
mod structure;
mod tables;

use std::sync::{Arc, OnceLock};

pub use adjustments::{Adjustment, AdjustmentScope};
pub use band::Interval;
pub use book::{RuleBook, Selection};
pub use checks::{Check, CheckScope, Effect, FieldPointer, Mentioned, Plan, ScopePlan, Template};
pub use citation::{Basis, Citation, Clause};
pub use from_pack::revision_of;
pub use methods::{Direction as DeclaredDirection, Method, MethodKind, Tier};
pub use names::{
    CategoryFact, DimensionFact, FieldFact, FormInput, FormResult, GoalFact, RowInput, RowResult, Running, Scope,
    SourceFact,
};
pub use names::{NameDoc, name_tables};
pub use parameters::{Parameter, ParameterValue};
pub use scoring::{Entry, Keyed, Outcome, RowKey, When};
pub use structure::{
    Alternative, Category, Column, ColumnType, Dimension, FieldRule, Group, Role, Structure, Totals, Weights,
};
pub use tables::LookupTable;

use crate::diagnostic::Place;
use crate::document::Node;
use crate::formula::{Formula, Names, Value, Words};
use crate::pack::{AppliesTo, Award, Source};
use crate::quantity::Points;
use crate::reading::{Lexicon, WordIndex};

/// Counts the changes of the engine that can change a score. Part of every revision.
pub const ENGINE_SEMANTICS: u32 = 2;

/// A grade and the points it covers.
#[derive(Debug, Clone)]
pub struct Band {
    pub id: String,
    pub title: String,
    pub points: Interval,
    /// False for a stretch that the rules leave without a grade on purpose (`grade: none`).
    pub graded: bool,
    pub place: Place,
}

/// Everything needed to score a form.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub id: String,
    pub title: String,
    pub description: String,
    /// Ids of the packs it extends, the nearest first.
    pub extends: Vec<String>,
    /// `sha256:…`
    pub revision: String,
    pub applies_to: Option<AppliesTo>,
    pub award: Award,
    pub sources: Vec<Source>,
    pub structure: Structure,
    pub parameters: Vec<Parameter>,
    /// Word lists visible to formulas, after the parameters.
    pub words: Vec<(String, Arc<Words>)>,
    /// Tables visible to formulas, after the word lists.
    pub tables: Vec<LookupTable>,
    /// This and what gives points besides is shared with the evaluations, whose scores point into it.
    pub methods: Arc<[Method]>,
    pub scoring: Arc<[Entry]>,
    /// The entries of `scoring` by what they ask of a row.
    pub keyed: Keyed,
    pub execution: Arc<[Entry]>,
    /// In the order they apply.
    pub adjustments: Arc<[Adjustment]>,
    pub bands: Vec<Band>,
    /// Forms that these rules are not for: the first that holds is the only finding.
    pub coverage: Vec<Check>,
    pub checks: Vec<Check>,
    pub lexicon: Lexicon,
    /// The lexicon as written, overlays merged.
    lexicon_at: Option<Node>,
    word_index: OnceLock<WordIndex>,
    pub plan: Plan,
    /// Names by slot while a row is scored; those of the execution come first among them.
    pub names: Arc<Names>,
    regional: names::Regional,
}

/// A formula of the rules, and the entry that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct OwnedFormula<'r> {
    pub section: &'static str,
    pub id: &'r str,
    pub formula: &'r Formula,
    /// The scalar that it stands in.
    pub at: &'r Node,
}

impl RuleSet {
    /// The values of parameters, word lists and tables that are in force for a fiscal year: the first slots of
    /// every formula.
    pub fn constants(&self, fiscal_year: i32) -> Vec<Value> {
        let parameters = self.parameters.iter().map(|parameter| match parameter.value_for(fiscal_year) {
            Some(value) => Value::Number(value.value.clone()),
            None => Value::Absent,
        });
        let words = self.words.iter().map(|(_, words)| Value::Words(Arc::clone(words)));
        let tables = self.tables.iter().map(|table| Value::Table(Arc::clone(&table.rows)));
        parameters.chain(words).chain(tables).collect()
    }

    /// These rules with some of their checks only: what is told of a form gets less, what it scores stays.
    #[must_use]
    pub fn with_checks(&self, keep: impl Fn(&Check) -> bool) -> RuleSet {
        let mut set = self.clone();
        set.checks.retain(keep);
        set.plan = Plan::of(&set);
        set
    }

    /// These rules with other words.
    #[must_use]
    pub fn with_lexicon(&self, lexicon: Lexicon) -> RuleSet {
        RuleSet { lexicon, ..self.clone() }
    }

    /// The names that formulas of a scope see, by slot.
    pub fn names_in(&self, scope: Scope) -> Names {
        let constants = self.names.iter().take(self.names.constants());
        let declared = constants.map(|name| (name.name.clone(), name.value_type, name.doc.clone()));
        scope.names(&declared.collect::<Vec<_>>(), &self.regional)
    }

    /// How many decimals rows keep in a fiscal year: 0, 1 or 2.
    pub fn decimals(&self, fiscal_year: i32) -> u32 {
        let named = self.structure.totals.as_ref().map(|totals| totals.decimals.value.as_str());
        let parameter = self.parameters.iter().find(|parameter| Some(parameter.id.as_str()) == named);
        let value = parameter.and_then(|parameter| parameter.value_for(fiscal_year)?.value.to_i64());
        value.and_then(|decimals| u32::try_from(decimals).ok()).unwrap_or(Points::DECIMALS).min(Points::DECIMALS)
    }

    /// The entries of the lexicon by their words, made when it is first asked for.
    pub fn word_index(&self) -> &WordIndex {
        self.word_index.get_or_init(|| self.lexicon_at.as_ref().map(WordIndex::of).unwrap_or_default())
    }

    pub fn method(&self, index: usize) -> Option<&Method> {
        self.methods.get(index)
    }

    /// The band that holds these points; it may be one without a grade.
    pub fn band_of(&self, points: &crate::quantity::Exact) -> Option<&Band> {
        self.bands.iter().find(|band| band.points.contains(points))
    }

    /// The formulas that decide something: conditions, methods and adjustments. Those of messages only tell.
    pub fn formulas<'r>(&'r self) -> Vec<OwnedFormula<'r>> {
        let mut all = Vec::new();
        let mut add = |section, id, formula: &'r Formula, at: Option<_>| {
            all.extend(at.map(|at| OwnedFormula { section, id, formula, at }));
        };
        for method in self.methods.iter() {
            if let MethodKind::Formula(formula) = &method.kind {
                add("methods", method.id.as_str(), formula, method.formula_at.as_ref());
            }
        }
        for (section, entries) in [("scoring", &*self.scoring), ("execution", &*self.execution)] {
            for entry in entries {
                if let Some(condition) = &entry.when.condition {
                    add(section, entry.id.as_str(), condition, entry.condition_at.as_ref());
                }
            }
        }
        for rule in self.adjustments.iter() {
            if let Some(when) = &rule.when {
                add("adjustments", rule.id.as_str(), when, rule.when_at.as_ref());
            }
            add("adjustments", rule.id.as_str(), &rule.points, rule.points_at.as_ref());
        }
        for (section, checks) in [("coverage", &self.coverage), ("checks", &self.checks)] {
            for check in checks {
                add(section, check.id.as_str(), &check.when, check.when_at.as_ref());
            }
        }
        all
    }
}
