//! What a case wants, and how an evaluation differs from it.

use super::facets::{Facets, facets};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Fields, Node, Problems, Shape};
use crate::evaluation::{Evaluation, Finding};
use crate::quantity::Exact;

/// One wanted thing that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `indicators[5].pointsCeiling`, or `findings` for a finding.
    pub path: String,
    pub want: String,
    pub got: String,
    /// Got − wanted, when both are numbers.
    pub delta: Option<Exact>,
    /// How the row came to its points, when the difference is in a row.
    pub derivation: String,
    /// Where the rule that scored the row stands.
    pub rule: String,
    /// Where the case asks for it.
    pub place: Place,
    /// The scalar that says what is wanted, where there is one, and what it would have to say.
    pub wanted: Option<(Node, Option<String>)>,
}

impl Difference {
    /// The row it lies in: `indicators[5]`, `execution`; empty for the form as a whole.
    pub fn row(&self) -> &str {
        let row = self.path.split('.').next().unwrap_or_default();
        if row.starts_with("indicators[") || row == "execution" { row } else { "" }
    }

    /// Whether it is how a row came to its points, not the points.
    pub fn is_derivation(&self) -> bool {
        self.path.ends_with(".derivation")
    }
}

const NOTHING: &str = "—";

/// The differences between what is wanted and an evaluation. Wanting something that no evaluation has is a
/// problem of the case.
pub(super) fn differences(want: &Node, evaluation: &Evaluation, problems: &mut Problems) -> Vec<Difference> {
    let all = facets(evaluation);
    let mut found = Vec::new();
    let Some(entries) = want.as_map() else {
        let message = Bilingual::new("want 应为映射", "`want` must be a mapping");
        problems.push(Diagnostic::error("wrong_type", want.place.clone(), message));
        return found;
    };
    for (key, node) in entries {
        match key.text.as_str() {
            "findings" => findings(node, evaluation, &mut found, problems),
            "indicators" => match node.as_map() {
                Some(rows) => {
                    for (row, node) in rows {
                        compare(&row.text, node, &all, evaluation, &mut found, problems);
                    }
                }
                None => problems.push(no_single_value(node)),
            },
            name => compare(&camel(name), node, &all, evaluation, &mut found, problems),
        }
    }
    found.sort_by_key(|difference| difference.delta.is_none());
    found
}

fn compare(
    path: &str,
    node: &Node,
    all: &Facets,
    evaluation: &Evaluation,
    found: &mut Vec<Difference>,
    problems: &mut Problems,
) {
    if let Shape::Map(entries) = &node.shape {
        for (key, node) in entries {
            compare(&format!("{path}.{}", camel(&key.text)), node, all, evaluation, found, problems);
        }
        return;
    }
    if node.as_list().is_some() {
        problems.push(no_single_value(node));
        return;
    }
    let Some(got) = all.get(path) else {
        let message =
            Bilingual::new(format!("评价结果里没有 `{path}`"), format!("an evaluation has nothing called `{path}`"));
        let mut diagnostic = Diagnostic::error("unknown_result", node.place.clone(), message);
        diagnostic.help = Bilingual::did_you_mean(path, all.keys().map(String::as_str));
        problems.push(diagnostic);
        return;
    };
    let want = node.as_text();
    let numbers = want.and_then(Exact::parse).zip(got.as_deref().and_then(Exact::parse));
    let equal = match &numbers {
        Some((want, got)) => want == got,
        None => want == got.as_deref(),
    };
    if !equal {
        let (derivation, rule) = account(path, evaluation);
        found.push(Difference {
            path: path.to_owned(),
            want: want.unwrap_or(NOTHING).to_owned(),
            got: got.clone().unwrap_or_else(|| NOTHING.to_owned()),
            delta: numbers.and_then(|(want, got)| got.sub(&want).ok()),
            derivation,
            rule,
            place: node.place.clone(),
            wanted: Some((node.clone(), got.clone())),
        });
    }
}

fn no_single_value(node: &Node) -> Diagnostic {
    let message =
        Bilingual::new("这里应为一个值，或“名称: 值”的映射", "expected a value here, or a mapping of names to values");
    Diagnostic::error("wrong_type", node.place.clone(), message)
}

/// Derivation and rule of the row a path lies in.
fn account(path: &str, evaluation: &Evaluation) -> (String, String) {
    let row = evaluation.indicators.iter().find(|row| path.starts_with(&format!("{}.", row.field())));
    let execution = evaluation.execution.as_ref().filter(|_| path.starts_with("execution."));
    let score = row.map(|row| &row.score).or(execution.map(|result| &result.score));
    score
        .map(|score| {
            let rules: Vec<String> =
                score.trace().iter().map(|step| format!("{} ({})", step.rule, step.place)).collect();
            (score.derivation().to_owned(), rules.join(" → "))
        })
        .unwrap_or_default()
}

/// `include`, `exclude` and `only` list `code` or `code@field`, each perhaps after its severity: `ERROR code@field`.
fn findings(node: &Node, evaluation: &Evaluation, found: &mut Vec<Difference>, problems: &mut Problems) {
    let mut fields = Fields::of(node, problems);
    let include = fields.texts("include");
    let exclude = fields.texts("exclude");
    let only = fields.optional("only").map(|_| fields.texts("only"));
    fields.finish();
    let is = |pattern: &str, finding: &Finding| {
        let (severity, pattern) = pattern.split_once(' ').map_or((None, pattern), |(word, rest)| (Some(word), rest));
        let (code, field) = pattern.split_once('@').map_or((pattern, None), |(code, field)| (code, Some(field)));
        code == finding.code
            && field.is_none_or(|field| field == finding.field)
            && severity.is_none_or(|severity| severity == finding.severity.name())
    };
    let missing = |pattern: &str| !evaluation.findings.iter().any(|finding| is(pattern, finding));
    let mut push = |want: String, got: String, place: &Place| {
        found.push(Difference {
            path: "findings".to_owned(),
            want,
            got,
            delta: None,
            derivation: String::new(),
            rule: String::new(),
            place: place.clone(),
            wanted: None,
        });
    };
    for (pattern, at) in include.iter().chain(only.iter().flatten()) {
        if missing(pattern) {
            let bare = pattern.split_once(' ').map_or(*pattern, |(_, bare)| bare);
            let milder = evaluation.findings.iter().find(|finding| is(bare, finding));
            let got = milder.map_or(NOTHING.to_owned(), |finding| {
                format!("{} {}@{}", finding.severity.name(), finding.code, finding.field)
            });
            push((*pattern).to_owned(), got, &at.place);
        }
    }
    for (pattern, at) in &exclude {
        for finding in evaluation.findings.iter().filter(|finding| is(pattern, finding)) {
            push(NOTHING.to_owned(), format!("{}@{}", finding.code, finding.field), &at.place);
        }
    }
    if let Some(only) = only {
        for finding in &evaluation.findings {
            if !only.iter().any(|(pattern, _)| is(pattern, finding)) {
                push(NOTHING.to_owned(), format!("{}@{}", finding.code, finding.field), &node.place);
            }
        }
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}
