//! The gate, tried with what people and attackers write.

mod cells;
mod documents;
mod gate;
mod structured;

use super::{Draft, Form, IndicatorDraft, Violation};

/// The least that is a form.
fn smallest() -> Draft {
    Draft {
        project_name: "投资推广和企业服务".into(),
        fiscal_year: "2022".into(),
        indicators: vec![IndicatorDraft { name: "企业服务项目数".into(), ..IndicatorDraft::default() }],
        ..Draft::default()
    }
}

fn admitted(draft: Draft) -> Form {
    Form::admit(draft).unwrap_or_else(|violations| panic!("refused: {violations:?}"))
}

fn refused(draft: Draft) -> Vec<Violation> {
    match Form::admit(draft) {
        Ok(form) => panic!("admitted: {form:?}"),
        Err(violations) => violations,
    }
}

/// The only violation of a draft.
fn refusal(draft: Draft) -> Violation {
    let violations = refused(draft);
    assert_eq!(violations.len(), 1, "{violations:?}");
    violations.into_iter().next().unwrap()
}
