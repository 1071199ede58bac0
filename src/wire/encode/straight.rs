//! An evaluation straight to its bytes: those of the message that [`super::evaluation`] makes, without the message.

use super::evaluation::{Identity, status, timestamp};
use super::reading::{change_of, characters_before, comparison_of, kind_of, met, role_of};
use super::rule_pack::{basis_of, severity};
use super::writer::Writer;
use crate::evaluation::{
    AdjustedPoints, Adjustment, Citation, Evaluation, ExecutionResult, Finding, Grade, IndicatorResult, PointsSummary,
    RowRead, Score, Step, TraceStep,
};
use crate::reading::{Reading, Span, Statement};
use crate::ruleset::Clause;

/// Bytes that a form needs besides its rows, and that a row needs: usual ones, so that the buffer seldom grows.
const FORM_BYTES: usize = 4_096;
const ROW_BYTES: usize = 1_024;

/// The encoded `heng.v1.Evaluation`: what is stored and sent, byte for byte.
pub fn evaluation_bytes(evaluation: &Evaluation, identity: &Identity) -> Vec<u8> {
    let Identity { id, form_digest, evaluated_at } = identity;
    let Evaluation {
        rule_pack,
        revision,
        project_code,
        project_name,
        fiscal_year,
        points: points_summary,
        grade: grade_band,
        complete,
        execution: execution_line,
        indicators,
        findings,
        adjustments,
        trace,
    } = evaluation;
    let mut out = Writer::with_capacity(FORM_BYTES + ROW_BYTES * indicators.len());
    out.text(1, id);
    out.text(2, form_digest);
    out.text(3, rule_pack);
    out.text(4, revision);
    if let Some(time) = evaluated_at.map(timestamp) {
        out.message(5, |out| {
            out.number(1, time.seconds);
            out.number(2, time.nanos.into());
        });
    }
    out.text(6, project_code);
    out.text(7, project_name);
    out.number(8, (*fiscal_year).into());
    out.message(9, |out| points(out, points_summary));
    if let Some(Grade { id, title }) = grade_band {
        out.message(10, |out| {
            out.text(1, id);
            out.text(2, title);
        });
    }
    out.boolean(11, *complete);
    if let Some(line) = execution_line {
        out.message(12, |out| execution(out, line));
    }
    for row in indicators {
        out.message(13, |out| indicator(out, row));
    }
    for found in findings {
        out.message(14, |out| finding(out, found));
    }
    for one in adjustments {
        out.message(15, |out| adjustment(out, one));
    }
    for told in trace {
        out.message(16, |out| trace_step(out, told));
    }
    out.into_bytes()
}

fn points(out: &mut Writer, points: &PointsSummary) {
    let PointsSummary { possible, claimed, floor, ceiling, awarded } = points;
    out.points(1, *possible);
    out.maybe_points(2, *claimed);
    out.points(3, *floor);
    out.points(4, *ceiling);
    out.points(5, *awarded);
}

/// The numbers of the fields that both messages with a score have.
struct Numbers {
    points: u32,
    method: u32,
    trace: u32,
}

fn execution(out: &mut Writer, result: &ExecutionResult) {
    let ExecutionResult { rate, score } = result;
    if let Some(rate) = rate {
        out.shown(1, rate);
    }
    out.number(2, i32::from(status(score.status)).into());
    scored(out, score, &Numbers { points: 3, method: 8, trace: 12 });
}

fn indicator(out: &mut Writer, result: &IndicatorResult) {
    let IndicatorResult { read, score } = result;
    let RowRead { index, dimension, category, name, target, actual, .. } = &**read;
    out.shown(1, &format_args!("indicators[{index}]"));
    out.text(2, dimension);
    out.text(3, category);
    out.text(4, name);
    out.number(5, i32::from(status(score.status)).into());
    out.message(6, |out| reading(out, target));
    out.message(7, |out| reading(out, actual));
    out.number(8, i32::from(met(read.met())).into());
    let reason = read.reason();
    out.text(9, &reason.zh);
    out.text(10, &reason.en);
    scored(out, score, &Numbers { points: 11, method: 16, trace: 20 });
}

fn scored(out: &mut Writer, score: &Score, numbers: &Numbers) {
    let Numbers { points, method, trace } = *numbers;
    out.maybe_points(points, score.possible);
    out.maybe_points(points + 1, score.claimed);
    out.points(points + 2, score.floor);
    out.points(points + 3, score.ceiling);
    out.points(points + 4, score.awarded);
    out.text(method, score.method());
    out.text(method + 1, score.method_title());
    out.written(method + 2, |room| score.derive(room));
    grounds(out, method + 3, score.citation());
    for one in score.steps() {
        out.message(trace, |out| step(out, &one));
    }
    for one in score.adjustments() {
        out.message(trace + 1, |out| adjustment(out, one));
    }
}

fn step(out: &mut Writer, step: &Step<'_>) {
    let (section, id) = step.rule();
    out.written(1, |room| room.extend([section, id]));
    out.written(2, |room| step.write_place(room));
    out.text(3, step.formula());
    step.bindings(&mut String::new(), &mut |name, value| binding(out, name, value));
    out.written(5, |room| step.write_result(room));
}

fn trace_step(out: &mut Writer, step: &TraceStep) {
    let TraceStep { rule, place, formula, bindings, result } = step;
    out.text(1, rule);
    out.text(2, place);
    out.text(3, formula);
    bindings.iter().for_each(|(name, value)| binding(out, name, value));
    out.text(5, result);
}

fn binding(out: &mut Writer, name: &str, value: &str) {
    out.message(4, |out| {
        out.text(1, name);
        out.text(2, value);
    });
}

fn adjustment(out: &mut Writer, adjustment: &Adjustment) {
    let Adjustment { rule, title, before, after, derivation, citation } = adjustment;
    out.text(1, rule);
    out.text(2, title);
    adjusted(out, 3, before);
    adjusted(out, 6, after);
    out.text(9, derivation);
    grounds(out, 10, citation.as_ref());
}

fn adjusted(out: &mut Writer, first: u32, points: &AdjustedPoints) {
    let AdjustedPoints { floor, ceiling, awarded } = points;
    out.points(first, *floor);
    out.points(first + 1, *ceiling);
    out.maybe_points(first + 2, *awarded);
}

fn finding(out: &mut Writer, finding: &Finding) {
    let Finding { code, severity: weight, field, message, help, citation } = finding;
    out.text(1, code);
    out.number(2, i32::from(severity(*weight)).into());
    out.text(3, field);
    out.text(4, &message.zh);
    out.text(5, &message.en);
    out.text(6, &help.zh);
    out.text(7, &help.en);
    grounds(out, 8, citation.as_ref());
}

fn grounds(out: &mut Writer, tag: u32, citation: Option<&Citation>) {
    let Some(citation) = citation else { return };
    let Clause { source, document, title, article, quote, basis, verified } = &**citation;
    out.message(tag, |out| {
        out.text(1, source);
        out.text(2, document);
        out.text(3, title);
        out.text(4, article);
        out.text(5, quote);
        out.number(6, i32::from(basis_of(*basis)).into());
        out.boolean(7, *verified);
    });
}

fn reading(out: &mut Writer, reading: &Reading) {
    let Reading { text, main, others, spans } = reading;
    out.text(1, text);
    said(out, 2, main);
    for span in spans {
        out.message(12, |out| stretch(out, text, *span));
    }
    for other in others {
        out.message(13, |out| statement(out, text, other));
    }
}

fn statement(out: &mut Writer, whole: &str, statement: &Statement) {
    out.text(1, whole.get(statement.start..statement.end).unwrap_or_default());
    out.number(2, characters_before(whole, statement.start).into());
    out.number(3, characters_before(whole, statement.end).into());
    said(out, 4, statement);
}

/// What a statement says; its kind has the number `first`, and the rest follows.
fn said(out: &mut Writer, first: u32, statement: &Statement) {
    let Statement { kind, comparison, value, unit, date, tier, approximate, change, .. } = statement;
    out.number(first, i32::from(kind_of(*kind)).into());
    out.optional_number(first + 1, comparison.map(|one| i32::from(comparison_of(one)).into()));
    out.maybe_exact(first + 2, value.as_ref());
    out.maybe_exact(first + 3, statement.low());
    out.maybe_exact(first + 4, statement.high());
    out.optional(first + 5, unit.as_ref().map(|unit| unit.printed.as_str()));
    if let Some(date) = date {
        out.shown(first + 6, date);
    }
    out.optional(first + 7, tier.as_deref());
    out.boolean(first + 8, *approximate);
    out.optional_number(first + 9, change.map(|one| i32::from(change_of(one)).into()));
}

fn stretch(out: &mut Writer, whole: &str, span: Span) {
    let Span { start, end, role } = span;
    out.number(1, characters_before(whole, start).into());
    out.number(2, characters_before(whole, end).into());
    out.number(3, i32::from(role_of(role)).into());
}
