//! What the parts of a pack share while they are compiled: sources, scripts, known ids, and the problems
//! found so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::band::Cover;
use super::names::{Declared, Regional, Scope};
use crate::diagnostic::{Bilingual, Diagnostic, Fix, Place};
use crate::document::{Node, Problems};
use crate::formula::{Fault, Formula, Names, Scripts, Type};
use crate::pack::Source;

/// The state of compiling one pack over those it extends.
pub(super) struct Compiler {
    pub problems: Problems,
    pub sources: Vec<Source>,
    scripts: Scripts,
    /// Broken scripts define no function: calling one is then no second mistake.
    scripts_are_broken: bool,
    /// Parameters, then word lists, then tables.
    pub constants: Vec<Declared>,
    pub regional: Regional,
    pub tiers: Vec<String>,
    pub dimension_ids: Vec<String>,
    pub category_ids: Vec<String>,
    /// Id of each method that was written, and whether it scores execution.
    pub methods: Vec<(String, bool)>,
    scopes: BTreeMap<u8, Arc<Names>>,
    names_used: std::collections::BTreeSet<String>,
}

impl Compiler {
    pub fn new(problems: Problems, sources: Vec<Source>, scripts: Option<Scripts>) -> Self {
        Compiler {
            problems,
            sources,
            scripts_are_broken: scripts.is_none(),
            scripts: scripts.unwrap_or_else(Scripts::none),
            constants: Vec::new(),
            regional: Regional::default(),
            tiers: Vec::new(),
            dimension_ids: Vec::new(),
            category_ids: Vec::new(),
            methods: Vec::new(),
            scopes: BTreeMap::new(),
            names_used: std::collections::BTreeSet::new(),
        }
    }

    /// Whether some compiled formula uses this name.
    pub fn is_used(&self, name: &str) -> bool {
        self.names_used.contains(name)
    }

    /// The names that a scope sees; complete once the constants, columns and attributes are known.
    pub fn names(&mut self, scope: Scope) -> Arc<Names> {
        let (constants, regional) = (&self.constants, &self.regional);
        self.scopes.entry(scope as u8).or_insert_with(|| Arc::new(scope.names(constants, regional))).clone()
    }

    /// Compiles the formula that a scalar holds.
    pub fn formula(&mut self, node: &Node, scope: Scope, want: Type) -> Option<Formula> {
        let Some(text) = node.as_text() else {
            let message = Bilingual::new("这里应为一行公式", "expected a formula of one line here");
            self.problems.push(Diagnostic::error("wrong_type", node.place.clone(), message));
            return None;
        };
        self.formula_at(text, node, 0, scope, Some(want))
    }

    /// Compiles `text`, which stands `offset` characters into the scalar. Without a wanted type a number,
    /// a text or a truth value will do.
    pub fn formula_at(
        &mut self,
        text: &str,
        node: &Node,
        offset: usize,
        scope: Scope,
        want: Option<Type>,
    ) -> Option<Formula> {
        let names = self.names(scope);
        let wanted: &[Type] = match want {
            Some(Type::Number) => &[Type::Number],
            Some(Type::Boolean) => &[Type::Boolean],
            Some(Type::Text) => &[Type::Text],
            Some(Type::Words) => &[Type::Words],
            Some(Type::Table) => &[Type::Table],
            None => &[Type::Text, Type::Boolean, Type::Number],
        };
        let mut faults = Vec::new();
        for want in wanted {
            match Formula::compile(text, &names, *want, &self.scripts) {
                Ok(formula) => {
                    let used = formula.names_used().filter_map(|slot| names.get(slot));
                    self.names_used.extend(used.map(|name| name.name.to_string()));
                    return Some(formula);
                }
                Err(found) => faults = found,
            }
        }
        faults.retain(|fault| !(self.scripts_are_broken && fault.code == "unknown_function"));
        for fault in faults {
            let place = node.place_at(offset.saturating_add(fault.offset), fault.length);
            self.problems.push(diagnostic_of(fault, place));
        }
        None
    }

    /// The index of `text` among `names`, or a diagnostic.
    pub fn one_of(&mut self, text: &str, at: &Node, names: &[&str]) -> Option<usize> {
        let found = names.iter().position(|name| *name == text);
        if found.is_none() {
            self.problems.push(unknown_word(text, &at.place, names));
        }
        found
    }

    /// The texts that are among `known`; a diagnostic for each other.
    pub fn known(&mut self, texts: &[(&str, &Node)], known: &[String]) -> Vec<String> {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let found = texts.iter().filter(|(text, at)| self.one_of(text, at, &names).is_some());
        found.map(|(text, _)| (*text).to_owned()).collect()
    }

    /// The values whose names these texts are.
    pub fn named<T: Copy>(&mut self, texts: &[(&str, &Node)], all: &[T], name: fn(T) -> &'static str) -> Vec<T> {
        let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        texts
            .iter()
            .filter_map(|(text, at)| self.one_of(text, at, &names).and_then(|index| all.get(index).copied()))
            .collect()
    }

    /// The index of a method that may stand in this scope.
    pub fn method_index(&mut self, name: &str, at: &Node, scope: Scope) -> Option<usize> {
        let execution = scope == Scope::ScoreExecution;
        let found = self.methods.iter().position(|(id, for_execution)| id == name && *for_execution == execution);
        if found.is_none() {
            let message = Bilingual::new(
                format!("这里没有可用的计分方法 `{name}`"),
                format!("there is no method `{name}` that may stand here"),
            );
            let known = self.methods.iter().filter(|(_, for_execution)| *for_execution == execution);
            let unknown = Diagnostic::error("unknown_method", at.place.clone(), message)
                .with_guess(name, known.map(|(id, _)| id.as_str()));
            self.problems.push(unknown);
        }
        found
    }

    /// Gaps and overlaps of bands, each a diagnostic at `place`.
    pub fn report_cover<'a>(&mut self, cover: &Cover, place: &Place, name: impl Fn(usize) -> &'a str) {
        for gap in &cover.gaps {
            let message = Bilingual::new(format!("区间 {gap} 没有归属"), format!("nothing covers {gap}"));
            self.problems.push(Diagnostic::error("band_gap", place.clone(), message));
        }
        for (first, second, piece) in &cover.overlaps {
            let (first, second) = (name(*first), name(*second));
            let message = Bilingual::new(
                format!("`{first}` 与 `{second}` 在 {piece} 上重叠"),
                format!("`{first}` and `{second}` both cover {piece}"),
            );
            self.problems.push(Diagnostic::error("band_overlap", place.clone(), message));
        }
    }
}

/// A formula's fault as a diagnostic at the place where it stands.
pub(super) fn diagnostic_of(fault: Fault, place: Place) -> Diagnostic {
    let Fault { code, message, help, meant, .. } = fault;
    let fix = meant.map(|(from, to)| Fix::new(&place, from, to));
    Diagnostic { help, fix, ..Diagnostic::error(code, place, message) }
}

fn unknown_word(text: &str, place: &Place, names: &[&str]) -> Diagnostic {
    let message = Bilingual::new(format!("这里不能写 `{text}`"), format!("`{text}` is not known here"));
    Diagnostic::error("unknown_word", place.clone(), message)
        .with_help(Bilingual::new(format!("可用：{}", names.join("、")), format!("one of {}", names.join(", "))))
        .with_guess(text, names.iter().copied())
}
