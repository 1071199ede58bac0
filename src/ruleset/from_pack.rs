//! Pack → rule set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::band::{Interval, cover};
use super::compiler::{Compiler, diagnostic_of};
use super::names::{Declared, Regional, Scope, is_fact};
use super::structure::{self, Column, Section, Structure};
use super::{
    Adjustment, Band, Check, ENGINE_SEMANTICS, Entry, Keyed, LookupTable, Method, Parameter, Plan, RuleSet, scoring,
    tables,
};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Key, Node, Problems};
use crate::formula::{self, Scripts, Type, Words};
use crate::pack::{Manifest, Pack, PackFiles, Source, overlaid};
use crate::quantity::Exact;
use crate::reading::Lexicon;

type Sections = BTreeMap<&'static str, Node>;

impl RuleSet {
    /// Compiles the last pack of `chain` over the others, the most general first. The set is there only
    /// when nothing is an error; the problems hold warnings too.
    pub fn from_packs(chain: &[&Pack]) -> (Option<RuleSet>, Problems) {
        let mut problems = Problems::new();
        let Some((last, ancestors)) = chain.split_last() else { return (None, problems) };
        let mut sections = overlaid(chain, &mut problems);
        let sources = sources_of(chain, &mut problems);
        let scripts = scripts_of(chain, &mut problems);
        let mut compiler = Compiler::new(problems, sources, scripts);
        let lexicon = lexicon_of(&sections, &last.manifest, &mut compiler);
        let structure = structure_of(&sections, &mut compiler);
        let first_year = first_year(chain);
        let (parameters, words) = constants_of(&sections, first_year, &mut compiler);
        let tables = tables::tables_of(entries(&sections, "tables"), &mut compiler);
        declare(&structure, &mut compiler);
        if parameters.len() == entries(&sections, "parameters").len() {
            structure::check_rounding(&structure, &parameters, &mut compiler.problems);
        }
        let methods = methods_of(&sections, &mut compiler);
        let scoring = entries_of(&sections, "scoring", Scope::ScoreRow, &mut compiler);
        let execution = entries_of(&sections, "execution", Scope::ScoreExecution, &mut compiler);
        let adjustments = adjustments_of(&sections, &mut compiler);
        let bands = bands_of(&sections, &structure, &mut compiler);
        let coverage = checks_of(&sections, "coverage", Check::compile_coverage, &mut compiler);
        let checks = checks_of(&sections, "checks", Check::compile, &mut compiler);
        report_shared_codes(&sections, &mut compiler.problems);
        if chain.iter().any(|pack| !pack.unread.is_empty()) {
            compiler.problems.retain(|problem| !may_stand_unread(problem, chain));
            return (None, compiler.problems);
        }
        require_sections(&sections, &last.manifest, &mut compiler.problems);
        if !compiler.problems.iter().any(Diagnostic::is_error) {
            report_unused(&structure, &parameters, &tables, &mut compiler);
        }
        let names = compiler.names(Scope::ScoreRow);
        let problems = compiler.problems;
        if problems.iter().any(Diagnostic::is_error) {
            return (None, problems);
        }
        let manifest = &last.manifest;
        let mut set = RuleSet {
            id: manifest.id.clone(),
            title: manifest.title.clone(),
            description: manifest.description.clone(),
            extends: ancestors.iter().rev().map(|pack| pack.manifest.id.clone()).collect(),
            revision: revision(chain),
            applies_to: manifest.applies_to.clone(),
            award: chain.iter().rev().find_map(|pack| pack.manifest.award).unwrap_or_default(),
            sources: compiler.sources,
            structure,
            parameters,
            words,
            tables,
            methods: methods.into(),
            keyed: Keyed::of(&scoring),
            scoring: scoring.into(),
            execution: execution.into(),
            adjustments: adjustments.into(),
            bands,
            coverage,
            checks,
            lexicon,
            lexicon_at: sections.remove("lexicon"),
            word_index: OnceLock::new(),
            plan: Plan::default(),
            names,
            regional: compiler.regional,
        };
        set.plan = Plan::of(&set);
        (Some(set), problems)
    }
}

fn adjustments_of(sections: &Sections, compiler: &mut Compiler) -> Vec<Adjustment> {
    let written = entries(sections, "adjustments").iter();
    written.filter_map(|(key, node)| Adjustment::compile(&key.text, node, compiler)).collect()
}

/// What seems to be missing while a file cannot be read.
const IN_FILES: &[(&str, &[&str])] = &[
    ("structure.yaml", &["unknown_name", "unknown_word", "unknown_dimension", "unknown_field"]),
    ("parameters.yaml", &["unknown_name", "unknown_parameter"]),
    ("methods.yaml", &["unknown_method"]),
    ("checks.yaml", &["unknown_name"]),
    ("lexicon.yaml", &["unknown_word", "unknown_tier"]),
];

/// Whether what a problem misses may stand in a file that could not be read.
fn may_stand_unread(problem: &Diagnostic, chain: &[&Pack]) -> bool {
    let is_unread = |file: &str| chain.iter().any(|pack| pack.unread.iter().any(|unread| unread == file));
    problem.code == "replaces_nothing"
        || IN_FILES.iter().any(|(file, codes)| codes.contains(&problem.code) && is_unread(file))
}

/// SHA-256 over the packs' files, the most general first, and the engine's semantics version.
fn revision(chain: &[&Pack]) -> String {
    revision_of_digests(chain.iter().map(|pack| pack.digest), ENGINE_SEMANTICS)
}

/// The revision of a pack under some engine semantics, from its files and those of the packs it extends, the most
/// general first. Nothing is compiled.
pub fn revision_of(packs: &[PackFiles], engine_semantics: u32) -> String {
    revision_of_digests(packs.iter().map(PackFiles::digest), engine_semantics)
}

fn revision_of_digests(digests: impl Iterator<Item = [u8; 32]>, engine_semantics: u32) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"heng revision");
    hasher.update(engine_semantics.to_be_bytes());
    digests.for_each(|digest| hasher.update(digest));
    let digest: [u8; 32] = hasher.finalize().into();
    digest.iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

fn entries<'s>(sections: &'s Sections, name: &str) -> &'s [(Key, Node)] {
    sections.get(name).and_then(Node::as_map).unwrap_or_default()
}

fn first_year(chain: &[&Pack]) -> i32 {
    chain.iter().rev().find_map(|pack| pack.manifest.applies_to.as_ref()?.years.from).unwrap_or(1949)
}

fn sources_of(chain: &[&Pack], problems: &mut Problems) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for source in chain.iter().flat_map(|pack| &pack.manifest.sources) {
        if let Some(first) = sources.iter().find(|known| known.id == source.id) {
            let message = Bilingual::new(
                format!("来源 `{}` 已经定义", source.id),
                format!("source `{}` is already defined", source.id),
            );
            let note = Bilingual::new("原定义在这里", "first defined here");
            problems.push(
                Diagnostic::error("already_defined", source.place.clone(), message)
                    .with_related(first.place.clone(), note),
            );
        }
        sources.push(source.clone());
    }
    sources
}

/// `None` when they do not compile.
fn scripts_of(chain: &[&Pack], problems: &mut Problems) -> Option<Scripts> {
    let written: Vec<formula::Script> = chain
        .iter()
        .flat_map(|pack| &pack.scripts)
        .map(|script| formula::Script { file: script.file.clone(), text: script.text.clone() })
        .collect();
    let faults = match Scripts::compile(&written) {
        Ok(scripts) => return Some(scripts),
        Err(faults) => faults,
    };
    for (file, fault) in faults {
        let text = written.iter().find(|script| script.file == file).map_or("", |script| &script.text);
        let place = place_in(&file, text, fault.offset, fault.length);
        problems.push(diagnostic_of(fault, place));
    }
    None
}

/// The place `offset` characters into a file.
fn place_in(file: &Arc<str>, text: &str, offset: usize, length: usize) -> Place {
    let (mut line, mut column) = (1, 1);
    for c in text.chars().take(offset) {
        if c == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    Place::new(file.clone(), line, column, u32::try_from(length).unwrap_or(1))
}

fn lexicon_of(sections: &Sections, manifest: &Manifest, compiler: &mut Compiler) -> Lexicon {
    let empty =
        Node { shape: crate::document::Shape::Map(Vec::new()), place: manifest.place.clone(), source: "".into() };
    let lexicon = Lexicon::from_node(sections.get("lexicon").unwrap_or(&empty), &mut compiler.problems);
    compiler.tiers = lexicon.tiers().map(str::to_owned).collect();
    lexicon
}

fn structure_of(sections: &Sections, compiler: &mut Compiler) -> Structure {
    let dimensions = structure::dimensions_from(entries(sections, "dimensions"), &mut compiler.problems);
    compiler.dimension_ids = dimensions.iter().map(|dimension| dimension.id.clone()).collect();
    let categories: BTreeSet<String> =
        dimensions.iter().flat_map(|dimension| &dimension.categories).map(|category| category.id.clone()).collect();
    compiler.category_ids = categories.into_iter().collect();
    let alternatives =
        structure::alternatives_from(entries(sections, "alternatives"), &dimensions, &mut compiler.problems);
    let groups = sections.get("groups").map(|node| structure::groups_from(node, compiler)).unwrap_or_default();
    let columns = structure::columns_from(entries(sections, "columns"), Section::Columns, compiler);
    let attributes = structure::columns_from(entries(sections, "attributes"), Section::Attributes, compiler);
    let fields = structure::fields_from(entries(sections, "fields"), compiler);
    let totals = sections.get("totals").and_then(|node| {
        structure::totals_from(node.as_map().unwrap_or_default(), &node.place, &mut compiler.problems)
    });
    let structure = Structure { dimensions, fields, totals, columns, attributes, alternatives, groups };
    structure::check_closure(&structure, &mut compiler.problems);
    structure::check_alternatives(&structure, &mut compiler.problems);
    structure
}

/// Makes names of the columns and attributes. One may not hide another name: then the other keeps it.
fn declare<'s>(structure: &'s Structure, compiler: &mut Compiler) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut declared = |columns: &'s [Column], compiler: &mut Compiler| -> Vec<Declared> {
        let mut all: Vec<Declared> = Vec::new();
        for column in columns {
            let is_constant = compiler.constants.iter().any(|(name, ..)| **name == *column.id);
            if is_constant || is_fact(&column.id) || names.contains(column.id.as_str()) {
                compiler.problems.push(name_taken(column));
                continue;
            }
            let doc = Bilingual::new(format!("“{}”栏", column.title()), format!("the column {}", column.title()));
            all.push((column.id.as_str().into(), column.kind.value_type(), doc));
        }
        names.extend(columns.iter().map(|column| column.id.as_str()));
        all
    };
    let columns = declared(&structure.columns, compiler);
    let attributes = declared(&structure.attributes, compiler);
    compiler.regional = Regional { attributes, columns };
}

fn name_taken(column: &Column) -> Diagnostic {
    let message = Bilingual::new(
        format!("`{}` 已是公式里的名字", column.id),
        format!("`{}` is a name of formulas already", column.id),
    );
    Diagnostic::error("name_taken", column.place.clone(), message)
        .with_help(Bilingual::new("请换一个编号", "choose another id"))
}

fn checks_of(
    sections: &Sections,
    section: &str,
    compile: fn(&str, &Node, &mut Compiler) -> Option<Check>,
    compiler: &mut Compiler,
) -> Vec<Check> {
    entries(sections, section).iter().filter_map(|(key, node)| compile(&key.text, node, compiler)).collect()
}

/// A finding is told apart by its code alone.
fn report_shared_codes(sections: &Sections, problems: &mut Problems) {
    let checks = entries(sections, "checks");
    for (key, _) in entries(sections, "coverage") {
        if let Some((other, _)) = checks.iter().find(|(other, _)| other.text == key.text) {
            let message = Bilingual::new(
                format!("`{}` 已是一条校验的编号", key.text),
                format!("`{}` is the code of a check already", key.text),
            );
            let note = Bilingual::new("那条校验在这里", "the check");
            problems.push(
                Diagnostic::error("already_defined", key.place.clone(), message)
                    .with_related(other.place.clone(), note),
            );
        }
    }
}

type WordLists = Vec<(String, Arc<Words>)>;

fn constants_of(sections: &Sections, first_year: i32, compiler: &mut Compiler) -> (Vec<Parameter>, WordLists) {
    let parameters: Vec<Parameter> = entries(sections, "parameters")
        .iter()
        .filter_map(|(key, node)| {
            Parameter::from_entry(&key.text, node, &compiler.sources, first_year, &mut compiler.problems)
        })
        .collect();
    let mut words = WordLists::new();
    if let Some(node) = sections.get("words") {
        for (key, list) in node.as_map().unwrap_or_default() {
            let texts: Option<Vec<Arc<str>>> =
                list.as_list().and_then(|items| items.iter().map(|item| Some(item.as_text()?.into())).collect());
            match texts {
                Some(texts) => words.push((key.text.clone(), Arc::new(Words::new(texts)))),
                None => {
                    let message = Bilingual::new("这里应为词的列表", "expected a list of words here");
                    compiler.problems.push(Diagnostic::error("wrong_type", list.place.clone(), message));
                }
            }
        }
    }
    // A broken parameter is known by its name too: the formulas that use it are not wrong as well.
    let numbers = entries(sections, "parameters").iter().map(|(key, _)| {
        let parameter = parameters.iter().find(|parameter| parameter.id == key.text);
        let (title, unit) = parameter.map_or(("", ""), |parameter| (&parameter.title, &parameter.unit));
        let doc = Bilingual::new(format!("{title}（参数，单位 {unit}）"), format!("parameter, unit {unit}"));
        (key.text.as_str().into(), Type::Number, doc)
    });
    let lists = words.iter().map(|(id, _)| (id.as_str().into(), Type::Words, Bilingual::new("词表", "word list")));
    compiler.constants = numbers.chain(lists).collect();
    (parameters, words)
}

fn methods_of(sections: &Sections, compiler: &mut Compiler) -> Vec<Method> {
    let mut methods = Vec::new();
    for (key, node) in entries(sections, "methods") {
        let for_execution = node.get("for").and_then(Node::as_text) == Some("execution");
        methods.extend(Method::compile(&key.text, node, compiler));
        // A broken method is known by its name too: what names it is not wrong as well.
        compiler.methods.push((key.text.clone(), for_execution));
    }
    methods
}

fn entries_of(sections: &Sections, section: &str, scope: Scope, compiler: &mut Compiler) -> Vec<Entry> {
    let found: Vec<Entry> = entries(sections, section)
        .iter()
        .filter_map(|(key, node)| Entry::compile(&key.text, node, scope, compiler))
        .collect();
    scoring::report_unreachable(&found, compiler);
    found
}

fn bands_of(sections: &Sections, structure: &Structure, compiler: &mut Compiler) -> Vec<Band> {
    let Some(section) = sections.get("bands") else { return Vec::new() };
    let mut bands = Vec::new();
    for (key, node) in section.as_map().unwrap_or_default() {
        let mut fields = Fields::of(node, &mut compiler.problems);
        let title = fields.required_text("title");
        let points = fields.required("points");
        let grade = fields.text("grade");
        fields.finish();
        let graded = grade.and_then(|(text, at)| compiler.one_of(text, at, &["none"])).is_none();
        let points = points.and_then(|node| Interval::from_node(node, &mut compiler.problems));
        if let (Some((title, _)), Some(points)) = (title, points) {
            let (id, title, place) = (key.text.clone(), title.to_owned(), node.place.clone());
            bands.push(Band { id, title, points, graded, place });
        }
    }
    // A band that cannot be read leaves no gap of its own.
    let all_read = section.as_map().is_some_and(|entries| entries.len() == bands.len());
    let Some(totals) = structure.totals.as_ref().filter(|_| all_read) else { return bands };
    let intervals: Vec<&Interval> = bands.iter().map(|band| &band.points).collect();
    let covered = cover(&intervals, &Interval::closed(Exact::ZERO, totals.form.clone()));
    compiler.report_cover(&covered, &section.place, |index| bands.get(index).map_or("", |band| band.id.as_str()));
    bands
}

fn require_sections(sections: &Sections, manifest: &Manifest, problems: &mut Problems) {
    for (section, file) in [
        ("dimensions", "structure.yaml"),
        ("totals", "structure.yaml"),
        ("methods", "methods.yaml"),
        ("scoring", "scoring.yaml"),
        ("bands", "grades.yaml"),
        ("lexicon", "lexicon.yaml"),
    ] {
        if !sections.contains_key(section) {
            let message = Bilingual::new(
                format!("规则包 `{}` 及其上级都没有 `{section}`（应在 {file}）", manifest.id),
                format!("neither pack `{}` nor those it extends have `{section}` (it belongs in {file})", manifest.id),
            );
            problems.push(Diagnostic::error("missing_section", manifest.place.clone(), message));
        }
    }
}

fn report_unused(structure: &Structure, parameters: &[Parameter], tables: &[LookupTable], compiler: &mut Compiler) {
    let rounding = structure.totals.as_ref().map(|totals| totals.decimals.value.as_str());
    let parameters = parameters.iter().map(|one| ("unused_parameter", "参数", "parameter", &one.id, &one.place));
    let tables = tables.iter().map(|one| ("unused_table", "分档表", "table", &one.id, &one.place));
    for (code, zh, en, id, place) in parameters.chain(tables) {
        if !compiler.is_used(id) && rounding != Some(id) {
            let message =
                Bilingual::new(format!("{zh} `{id}` 没有被任何公式使用"), format!("no formula uses {en} `{id}`"));
            compiler.problems.push(Diagnostic::warning(code, place.clone(), message));
        }
    }
}
