//! The case that would have noticed a slip, written as an author would.

use crate::document::{Node, Scalar, ScalarStyle, Shape};
use crate::evaluation::{Evaluation, Finding};
use crate::regress::facets::{Facets, facets};
use crate::regress::mutation::Mutant;
use crate::regress::readings;

/// What the search for a difference came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Ready to paste into a file of cases; `None` when nothing differed.
    pub case: Option<String>,
    /// Ready to paste into a table of readings, under [`Proposal::columns`].
    pub reading: Option<String>,
    /// How many inputs were tried.
    pub tried: usize,
}

impl Proposal {
    /// The columns of a line that is proposed for a table of readings.
    pub fn columns() -> String {
        let given = ["target", "actual", "category", "name", "note"].into_iter();
        given.chain(readings::COLUMNS).collect::<Vec<_>>().join("\t")
    }
}

/// How the rules as written and a slip differ on one form, as the `want` of a case: what the rules as written give.
pub fn want(written: &Evaluation, slipped: &Evaluation) -> Option<String> {
    let mut wants = findings(written, slipped).into_iter().collect::<Vec<_>>();
    wants.extend(results(&facets(written), &facets(slipped)));
    (!wants.is_empty()).then(|| format!("{{{}}}", wants.join(", ")))
}

fn findings(written: &Evaluation, slipped: &Evaluation) -> Option<String> {
    let is_in = |finding: &Finding, evaluation: &Evaluation| {
        evaluation.findings.iter().any(|other| {
            (&other.code, &other.field, other.severity) == (&finding.code, &finding.field, finding.severity)
        })
    };
    let told = |finding: &Finding, severity: bool| {
        let word = if severity { format!("{} ", finding.severity.name()) } else { String::new() };
        let field = if finding.field.is_empty() { String::new() } else { format!("@{}", finding.field) };
        quoted(&format!("{word}{}{field}", finding.code))
    };
    let code_and_field = |finding: &Finding| (finding.code.clone(), finding.field.clone());
    let missed: Vec<&Finding> = written.findings.iter().filter(|finding| !is_in(finding, slipped)).collect();
    let milder =
        |finding: &Finding| slipped.findings.iter().any(|other| code_and_field(other) == code_and_field(finding));
    let include: Vec<String> = missed.iter().take(2).map(|finding| told(finding, milder(finding))).collect();
    let extra = slipped
        .findings
        .iter()
        .filter(|finding| !written.findings.iter().any(|other| code_and_field(other) == code_and_field(finding)));
    let mut exclude: Vec<String> = extra.map(|finding| quoted(&finding.code)).collect();
    exclude.retain(|code| !written.findings.iter().any(|finding| quoted(&finding.code) == *code));
    exclude.dedup();
    let lists = [("include", include), ("exclude", exclude)];
    let lists: Vec<String> = lists
        .into_iter()
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(name, codes)| format!("{name}: [{}]", codes.join(", ")))
        .collect();
    (!lists.is_empty()).then(|| format!("findings: {{{}}}", lists.join(", ")))
}

/// Facets in the order in which they say most.
const TELLING: [&str; 13] = [
    "pointsCeiling",
    "pointsFloor",
    "pointsAwarded",
    "method",
    "status",
    "met",
    "adjustments",
    "dimension",
    "category",
    "target.",
    "actual.",
    "pointsPossible",
    "rate",
];

fn results(written: &Facets, slipped: &Facets) -> Vec<String> {
    let differ = |path: &&String| written.get(*path).is_some() && written.get(*path) != slipped.get(*path);
    let paths: Vec<&String> = written.keys().filter(differ).collect();
    let value = |path: &str| written.get(path).and_then(Option::as_deref).map_or("null".to_owned(), quoted);
    let mut wants = Vec::new();
    if paths.iter().any(|path| *path == "grade") {
        wants.push(format!("grade: {}", value("grade")));
    }
    let rank = |path: &str| TELLING.iter().position(|name| path.contains(name)).unwrap_or(TELLING.len());
    let best = |prefix: &str| paths.iter().filter(|path| path.starts_with(prefix)).min_by_key(|path| rank(path));
    if let Some(path) = best("indicators[").filter(|path| rank(path) < TELLING.len()) {
        if let Some((row, facet)) = path.split_once("].").map(|(row, facet)| (format!("{row}]"), facet)) {
            wants.push(format!("indicators: {{{}: {{{}}}}}", quoted(&row), nested(facet, &value(path))));
        }
    } else if let Some(path) = best("execution.").filter(|path| rank(path) < TELLING.len()) {
        let facet = path.strip_prefix("execution.").unwrap_or(path);
        wants.push(format!("execution: {{{}}}", nested(facet, &value(path))));
    } else if let Some(path) = best("points.") {
        let facet = path.strip_prefix("points.").unwrap_or(path);
        wants.push(format!("points: {{{}}}", nested(facet, &value(path))));
    } else if let Some(path) = paths.iter().find(|path| matches!(path.as_str(), "complete" | "adjustments")) {
        wants.push(format!("{path}: {}", value(path)));
    }
    wants
}

/// `target.kind` → `target: {kind: …}`
fn nested(facet: &str, value: &str) -> String {
    match facet.split_once('.') {
        Some((outer, inner)) => format!("{outer}: {{{}}}", nested(inner, value)),
        None => format!("{facet}: {value}"),
    }
}

/// The whole case.
pub fn case(mutant: &Mutant, form: Option<&Node>, want: &str) -> String {
    let name = quoted(&format!("{} {}（{}）", mutant.path, mutant.operator.title().zh, mutant.id));
    let form = form.map_or(String::new(), |form| format!("  form: {}\n", flow(form)));
    format!("- case: {name}\n{form}  want: {want}\n")
}

/// A value in one line.
pub fn flow(node: &Node) -> String {
    match &node.shape {
        Shape::Scalar(scalar) if scalar.is_null() => "null".to_owned(),
        Shape::Scalar(Scalar { text, style: ScalarStyle::Plain }) if is_plain(text) => text.clone(),
        Shape::Scalar(scalar) => quoted(&scalar.text),
        Shape::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Shape::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", quoted(&key.text), flow(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A text as YAML takes it, with quotation marks only where it needs them.
pub fn quoted(text: &str) -> String {
    let is_word = text.starts_with(char::is_alphabetic) && is_plain(text) && !matches!(text, "null" | "true" | "false");
    if is_word { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '、' | '，' | '。'))
}
