//! Rule packs as the service shows them.

use crate::diagnostic::{Diagnostic, Place, Related, Severity};
use crate::pack::{AppliesTo, Source, Years};
use crate::quantity::{Exact, Interval};
use crate::ruleset::{Basis, Citation, Clause, LookupTable, Parameter, ParameterValue, RuleSet};
use crate::wire::pb::v1 as pb;

/// A rule set that serves. The caller, who knows how it was loaded, sets `loaded_at` and what concerns its state.
pub fn rule_pack(set: &RuleSet) -> pb::RulePack {
    pb::RulePack {
        id: set.id.clone(),
        title: set.title.clone(),
        extends: set.extends.clone(),
        revision: set.revision.clone(),
        applies_to: set.applies_to.as_ref().map(applicability),
        state: pb::RulePackState::Serving.into(),
        loaded_at: None,
        diagnostics: Vec::new(),
        sources: set.sources.iter().map(source).collect(),
        parameters: set.parameters.iter().map(parameter).collect(),
        tables: set.tables.iter().map(table).collect(),
        etag: String::new(),
        activation: None,
        failed_cases: Vec::new(),
    }
}

pub fn diagnostic(diagnostic: &Diagnostic) -> pb::RuleDiagnostic {
    let Diagnostic { code, severity: weight, message, place: stands, help, related, fix: _ } = diagnostic;
    let help = help.clone().unwrap_or_default();
    pb::RuleDiagnostic {
        code: (*code).to_owned(),
        severity: severity(*weight).into(),
        message: message.zh.clone(),
        message_en: message.en.clone(),
        place: stands.as_ref().map(place),
        help: help.zh,
        help_en: help.en,
        related: related.iter().map(related_place).collect(),
    }
}

pub(in crate::wire) fn severity(severity: Severity) -> pb::Severity {
    match severity {
        Severity::Info => pb::Severity::Info,
        Severity::Warning => pb::Severity::Warning,
        Severity::Error => pb::Severity::Error,
    }
}

pub(super) fn citation(citation: &Citation) -> pb::Citation {
    let Clause { source, document, title, article, quote, basis, verified } = &**citation;
    pb::Citation {
        source: source.clone(),
        document: document.clone(),
        title: title.clone(),
        article: article.clone(),
        quote: quote.clone(),
        basis: basis_of(*basis).into(),
        verified: *verified,
    }
}

pub(in crate::wire) fn basis_of(basis: Basis) -> pb::Basis {
    match basis {
        Basis::Regulation => pb::Basis::Regulation,
        Basis::LocalRule => pb::Basis::LocalRule,
        Basis::Practice => pb::Basis::Practice,
        Basis::Reviewer => pb::Basis::Reviewer,
    }
}

fn applicability(applies_to: &AppliesTo) -> pb::Applicability {
    let AppliesTo { years: Years { from, to }, project_code_prefix, place: _ } = applies_to;
    pb::Applicability { fiscal_year_from: *from, fiscal_year_to: *to, project_code_prefix: project_code_prefix.clone() }
}

pub(super) fn place(place: &Place) -> pb::RulePlace {
    let Place { file, line, column, length } = place;
    let fits = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    pb::RulePlace { file: file.to_string(), line: fits(*line), column: fits(*column), length: fits(*length) }
}

fn related_place(related: &Related) -> pb::RelatedPlace {
    let Related { place: stands, message } = related;
    pb::RelatedPlace { place: Some(place(stands)), message: message.zh.clone(), message_en: message.en.clone() }
}

fn source(source: &Source) -> pb::RuleSource {
    let Source { id, document, title, issued, place: _ } = source;
    pb::RuleSource { id: id.clone(), document: document.clone(), title: title.clone(), issued: issued.clone() }
}

fn parameter(parameter: &Parameter) -> pb::RuleParameter {
    let Parameter { id, title, unit, values, place: _ } = parameter;
    pb::RuleParameter {
        id: id.clone(),
        title: title.clone(),
        unit: unit.clone(),
        values: values.iter().map(parameter_value).collect(),
    }
}

fn parameter_value(parameter: &ParameterValue) -> pb::RuleParameterValue {
    let ParameterValue { since, value, citation: ground, place: _ } = parameter;
    pb::RuleParameterValue { since: *since, value: value.to_string(), citation: ground.as_ref().map(citation) }
}

fn table(table: &LookupTable) -> pb::RuleTable {
    let LookupTable { id, title, unit, covers, rows, rows_at: _, citation: ground, place: _ } = table;
    let row = |(interval, number): &(Interval, Exact)| pb::RuleTableRow {
        interval: interval.to_string(),
        value: number.to_string(),
    };
    pb::RuleTable {
        id: id.clone(),
        title: title.clone(),
        unit: unit.clone(),
        covers: covers.to_string(),
        rows: rows.rows().iter().map(row).collect(),
        citation: ground.as_ref().map(citation),
    }
}
