//! What two editions say otherwise, told exactly.

use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::formula::Value;
use heng::impact::{Edition, RuleDifference, What, differences};
use heng::pack::PackFiles;
use heng::proof::{Over, pieces};
use heng::quantity::Exact;
use heng::ruleset::{MethodKind, RuleBook, RuleSet, Scope};

use super::{compiled, shipped};

/// The national pack and the region of the guide, which has tables, adjustments and scripts of its own.
fn folder() -> Vec<PackFiles> {
    let region = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/new-region/qinghe-2024");
    let mut folder = shipped();
    folder.retain(|files| ["mof-2020", "sichuan-2023"].contains(&&*files.name));
    folder.extend(rules_folder::load(&region).expect("the region of the guide"));
    folder
}

fn edited(pack: &str, file: &str, from: &str, to: &str) -> Vec<PackFiles> {
    let mut folder = folder();
    let files = &mut folder.iter_mut().find(|files| files.name == pack).expect("the pack").files;
    let text = files.get_mut(file).expect("the file");
    assert!(text.contains(from), "{pack}/{file} does not say {from}");
    *text = Arc::from(text.replacen(from, to, 1));
    folder
}

/// `fate section.id (packs)`, then each detail as `what: old → new @ line → line`.
fn told(found: &[RuleDifference]) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in found {
        let id = if rule.id.is_empty() { String::new() } else { format!(".{}", rule.id) };
        lines.push(format!("{} {}{id} ({})", rule.fate.name(), rule.section, rule.packs.join(" ")));
        for detail in &rule.details {
            let what = match &detail.what {
                What::Cell(path) => path.clone(),
                What::Word(path) => format!("{path} word"),
                What::Years { from, to: None } => format!("{from}…"),
                What::Years { from, to: Some(to) } => format!("{from}–{to}"),
                What::Stretch(stretch) => stretch.clone(),
                What::Piece { over, stretch, since } => {
                    let since = since.map_or_else(String::new, |year| format!("{year}… "));
                    format!("{since}{} {stretch}", over.zh)
                }
                What::Line => "line".to_owned(),
                What::Order => "order".to_owned(),
            };
            let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
            lines.push(format!("  {what}: {} → {}", side(&detail.old), side(&detail.new)));
        }
    }
    lines
}

fn between(old: &[PackFiles], new: &[PackFiles]) -> Vec<RuleDifference> {
    let (before, after): (RuleBook, RuleBook) = (compiled(old), compiled(new));
    differences(&Edition { book: &before, files: old }, &Edition { book: &after, files: new })
}

/// Pack, file, what stands there, what is to stand there, and what is told of it.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    // A value since a year: told for the years that it holds in, and what the method gives then.
    (
        "mof-2020",
        "parameters.yaml",
        "      - {since: 2020, value: 1, cite: {source: cn-2020-10, basis: REGULATION, verified: false}}\n  inverse",
        "      - {since: 2020, value: 1, cite: {source: cn-2020-10, basis: REGULATION, verified: false}}\n      - {since: 2023, value: 0.9, cite: {source: cn-practice, basis: PRACTICE}}\n      - {since: 2025, value: 1.0, cite: {source: cn-practice, basis: PRACTICE}}\n  inverse",
        &[
            "changed parameters.completion_ratio_limit (mof-2020 qinghe-2024 sichuan-2023)",
            "  2023–2024: 1 → 0.9",
            "follows methods.proportional (mof-2020 qinghe-2024 sichuan-2023)",
            "  2023… 完成率 (90%, 100%]: points_possible × actual ÷ target → 0.9 × points_possible",
            "  2023… 完成率 (100%, ∞): points_possible → 0.9 × points_possible",
        ],
    ),
    // The same number written otherwise is the same number.
    ("mof-2020", "parameters.yaml", "{since: 2020, value: 1.3,", "{since: 2020, value: 1.30,", &[]),
    // A grade's edge: the stretch of scores that changes hands. The region has bands of its own.
    (
        "mof-2020",
        "grades.yaml",
        "good: {title: 良, points: \"[80, 90)\"}\n  fair: {title: 中, points: \"[60, 80)\"}",
        "good: {title: 良, points: \"(82.5, 90)\"}\n  fair: {title: 中, points: \"[60, 82.5]\"}",
        &["changed bands (mof-2020 sichuan-2023)", "  [80, 82.5]: 良 → 中"],
    ),
    // A table: rows cut and moved, and what the method that looks it up gives.
    (
        "qinghe-2024",
        "parameters.yaml",
        "\"[95, 100]\": 1, \"[90, 95)\": 0.8,",
        "\"[98, 100]\": 1, \"[95, 98)\": 1, \"[92, 95)\": 0.8, \"[90, 92)\": 0.7,",
        &[
            "changed tables.satisfaction (qinghe-2024)",
            "  [90, 92): 0.8 → 0.7",
            "follows methods.satisfaction_by_table (qinghe-2024)",
            "  actual [90, 92): 0.8 × points_possible → 0.7 × points_possible",
        ],
    ),
    // A formula: its text, and where it gives otherwise. One region has a title of its own for it.
    (
        "mof-2020",
        "methods.yaml",
        "clamp(budget_executed / budget_annual, 0, execution_ratio_limit)",
        "if budget_executed / budget_annual >= 0.95 { 1 } else { clamp(budget_executed / budget_annual, 0, 1) }",
        &[
            "changed methods.execution_rate (mof-2020 qinghe-2024)",
            "  formula: execution_points_possible * clamp(budget_executed / budget_annual, 0, execution_ratio_limit) → execution_points_possible * if budget_executed / budget_annual >= 0.95 { 1 } else { clamp(budget_executed / budget_annual, 0, 1) }",
            "  执行率 [95%, 100%): execution_points_possible × budget_executed ÷ budget_annual → execution_points_possible",
            "changed methods.execution_rate (sichuan-2023)",
            "  formula: execution_points_possible * clamp(budget_executed / budget_annual, 0, execution_ratio_limit) → execution_points_possible * if budget_executed / budget_annual >= 0.95 { 1 } else { clamp(budget_executed / budget_annual, 0, 1) }",
            "  执行率 [95%, 100%): execution_points_possible × budget_executed ÷ budget_annual → execution_points_possible",
        ],
    ),
    // A script: its lines, and what the method that calls it gives.
    (
        "mof-2020",
        "scripts/methods.rhai",
        "    points * (1 - (actual - target) / (target * (zero_multiple - 1)))",
        "    points * (1 - (actual - target) / (target * (zero_multiple - 1))) / 2",
        &[
            "follows methods.inverse_linear (mof-2020 qinghe-2024 sichuan-2023)",
            "  完成率 (100%, 200%): points_possible × (2 − actual ÷ target) → points_possible × (1 − 0.5 × actual ÷ target)",
            "changed scripts.mof-2020/scripts/methods.rhai (mof-2020 qinghe-2024 sichuan-2023)",
            "  line:     points * (1 - (actual - target) / (target * (zero_multiple - 1))) → —",
            "  line: — →     points * (1 - (actual - target) / (target * (zero_multiple - 1))) / 2",
        ],
    ),
    // Words of the lexicon, one by one.
    (
        "mof-2020",
        "lexicon.yaml",
        "部分, 有所, 一般",
        "部分, 稍稍, 一般",
        &[
            "changed lexicon.tiers (mof-2020 qinghe-2024 sichuan-2023)",
            "  partly.words word: 有所 → —",
            "  partly.words word: — → 稍稍",
        ],
    ),
    // Which rows an entry takes.
    (
        "qinghe-2024",
        "scoring.yaml",
        "when: {name: [投诉, 事故], target: NUMBER, comparable: true, if: target == 0}",
        "when: {name: [投诉], target: NUMBER, comparable: true, if: target <= 0}",
        &[
            "changed scoring.per_event (qinghe-2024)",
            "  when.name word: 事故 → —",
            "  when.if: target == 0 → target <= 0",
        ],
    ),
    // Order decides which entry comes first.
    (
        "qinghe-2024",
        "scoring.yaml",
        "  late_by_day:\n    title: 期限目标，逾期完成\n    when: {target: DATE, actual: DATE, meeting: NOT_MET}\n    method: late_by_day\n  per_event:",
        "  per_event:",
        &["removed scoring.late_by_day (qinghe-2024)"],
    ),
    (
        "mof-2020",
        "pack.yaml",
        "award: claim_within_ceiling",
        "award: floor",
        &[
            "changed pack.mof-2020 (mof-2020)",
            "  award: claim_within_ceiling → floor",
            "changed pack.qinghe-2024 (qinghe-2024)",
            "  award: claim_within_ceiling → floor",
            "changed pack.sichuan-2023 (sichuan-2023)",
            "  award: claim_within_ceiling → floor",
        ],
    ),
    // Comments and places are no rules.
    ("mof-2020", "grades.yaml", "bands:", "# 一行\n\nbands:", &[]),
];

#[test]
fn every_change_is_told_exactly_and_nothing_else_is() {
    let old = folder();
    let book = compiled(&old);
    for (pack, file, from, to, want) in CASES {
        let new = edited(pack, file, from, to);
        let after = compiled(&new);
        let found = differences(&Edition { book: &book, files: &old }, &Edition { book: &after, files: &new });
        assert_eq!(told(&found), *want, "{pack}/{file}: {from}");
        for place in found.iter().flat_map(|rule| [&rule.old, &rule.new]).flatten() {
            assert!(place.line > 0 && place.file.contains('/'), "{place}");
        }
    }
}

#[test]
fn an_entry_that_moves_is_told_alone() {
    let old = folder();
    let text = old.iter().find(|files| files.name == "qinghe-2024").expect("it").files["scoring.yaml"].clone();
    let entry = "  by_elements:\n    title: 名称里写明要件的\n    when: {name: [要件], target: NUMBER, comparable: true}\n    method: by_elements\n";
    assert!(text.contains(entry));
    let moved = text.replacen(entry, "", 1).replacen("scoring:\n", &format!("scoring:\n{entry}"), 1);
    let mut new = old.clone();
    let files = &mut new.iter_mut().find(|files| files.name == "qinghe-2024").expect("it").files;
    files.insert("scoring.yaml".to_owned(), Arc::from(moved));
    let want = ["moved scoring.by_elements (qinghe-2024)", "  order: satisfaction_by_table → late_by_day"];
    assert_eq!(told(&between(&old, &new)), want);
}

#[test]
fn packs_come_and_go() {
    let old = folder();
    let without: Vec<PackFiles> = old.iter().filter(|files| files.name != "qinghe-2024").cloned().collect();
    assert_eq!(told(&between(&old, &without)), ["removed packs.qinghe-2024 (qinghe-2024)"]);
    assert_eq!(told(&between(&without, &old)), ["added packs.qinghe-2024 (qinghe-2024)"]);
}

/// By slot: the constants of a year, these names, and nothing else.
fn values(rules: &RuleSet, scope: Scope, year: i32, given: &[(&str, &Exact)]) -> Vec<Value> {
    let mut values = rules.constants(year);
    let names = rules.names_in(scope);
    let constants = values.len();
    values.extend(names.iter().skip(constants).map(|name| {
        let own = given.iter().find(|(known, _)| **known == *name.name);
        own.map_or(Value::Absent, |(_, value)| Value::Number((*value).clone()))
    }));
    values
}

/// Every method that has pieces gives what they say, at every edge, beside it and between.
#[test]
fn pieces_say_what_formulas_give() {
    let book = compiled(&folder());
    let number = |text: &str| Exact::parse(text).expect("a number");
    let mut seen = Vec::new();
    for rules in book.sets() {
        for method in rules.methods.iter() {
            let (MethodKind::Formula(formula), Some(found)) = (&method.kind, pieces(rules, method, 2024)) else {
                continue;
            };
            seen.push(format!("{}.{}", rules.id, method.id));
            let scope = if method.for_execution { Scope::ScoreExecution } else { Scope::ScoreRow };
            let near = number("0.001");
            let mut points: Vec<Exact> = found.edges().cloned().collect();
            points.extend([number("-1"), number("0.37"), number("1.5"), number("99.99"), number("1000")]);
            let beside: Vec<Exact> = points.iter().flat_map(|at| [at.add(&near), at.sub(&near)]).flatten().collect();
            for x in points.iter().chain(&beside) {
                let (possible, unit) = (number("8"), number("40"));
                let product = x.mul(&unit).expect("a product");
                let given: Vec<(&str, &Exact)> = match &found.over {
                    Over::Quotient(above, below) => vec![(above.as_str(), &product), (below.as_str(), &unit)],
                    Over::Name(name) => vec![(name.as_str(), x)],
                };
                let stake = [("points_possible", &possible), ("execution_points_possible", &possible)];
                let given = [given.as_slice(), &stake].concat();
                let direct = formula.evaluate(&values(rules, scope, 2024, &given)).expect("it has a value");
                let told = found.at(x).and_then(|curve| curve.at(x));
                let told =
                    told.map(|share| if found.of_possible { share.mul(&possible).expect("points") } else { share });
                assert_eq!(direct.as_number().cloned(), told, "{}.{} at {x}", rules.id, method.id);
            }
        }
    }
    for method in
        ["proportional", "inverse_linear", "execution_rate", "zero_target", "satisfaction_by_table", "by_elements"]
    {
        let name = format!("qinghe-2024.{method}");
        assert!(seen.contains(&name), "{name} has no pieces: {seen:?}");
    }
}
