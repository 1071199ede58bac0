//! Regression cases as written beside the rules.

use super::{Located, PackFiles, matrix};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{self, Fields, Limits, Node, Problems};

/// The form that cases start from, if the pack or one it extends has it.
const BLANK: &str = "blank.yaml";

/// One case: a sentence, a form, and what is wanted of it. A row of a matrix is a case of its own, at the row's place.
#[derive(Debug, Clone)]
pub struct CaseSource {
    pub name: Located<String>,
    /// A path to a form file, or a fragment over the pack's blank form.
    pub form: Option<Node>,
    pub want: Node,
}

/// The cases of a pack in the order of its files. A file that is no list of valid cases is a problem.
pub fn parse_cases(files: &PackFiles, problems: &mut Problems) -> Vec<CaseSource> {
    let mut cases: Vec<CaseSource> = Vec::new();
    for (path, text) in files.files.iter().filter(|(path, _)| path.starts_with("cases/")) {
        let shown = files.shown(path);
        if path.ends_with(super::readings::ENDING) {
            continue;
        }
        if !path.ends_with(".yaml") {
            let message = Bilingual::new(
                "cases/ 里只能放 .yaml 案例文件和 .tsv 读法表",
                "cases/ holds .yaml files of cases and .tsv tables of readings only",
            );
            problems.push(Diagnostic::error("unknown_file", Place::start_of(shown), message));
            continue;
        }
        let Ok(node) = document::parse(shown, text, &Limits::RULES).map_err(|found| problems.extend(found)) else {
            continue;
        };
        let Some(items) = node.as_list() else {
            let message =
                Bilingual::new("案例文件应为案例的列表（- case: …）", "a case file is a list of cases (- case: …)");
            problems.push(Diagnostic::error("wrong_type", node.place.clone(), message));
            continue;
        };
        for item in items {
            for case in cases_from(item, problems) {
                if let Some(first) = cases.iter().find(|other| other.name.value == case.name.value) {
                    let message = Bilingual::new("两个案例同名", "two cases have one name");
                    let note = Bilingual::new("另一个在这里", "the other one");
                    problems.push(
                        Diagnostic::error("duplicate_case", case.name.place.clone(), message)
                            .with_related(first.name.place.clone(), note),
                    );
                }
                cases.push(case);
            }
        }
    }
    cases
}

/// The blank form of a pack.
pub fn parse_blank(files: &PackFiles, problems: &mut Problems) -> Option<Node> {
    let text = files.files.get(BLANK)?;
    document::parse(files.shown(BLANK), text, &Limits::RULES).map_err(|found| problems.extend(found)).ok()
}

pub(super) fn is_blank_form(path: &str) -> bool {
    path == BLANK
}

/// One case, or one for each row of its matrix; none where it is broken.
fn cases_from(node: &Node, problems: &mut Problems) -> Vec<CaseSource> {
    let mut fields = Fields::of(node, problems);
    let name = fields.required_text("case");
    let form = fields.optional("form").cloned();
    let matrix = fields.optional("matrix");
    let want = fields.required("want").cloned();
    fields.finish();
    let (Some((text, at)), Some(want)) = (name, want) else { return Vec::new() };
    let case = CaseSource { name: Located::new(text.to_owned(), at.place.clone()), form, want };
    match matrix {
        Some(matrix) => matrix::variants(&case, matrix, problems),
        None => vec![case],
    }
}
