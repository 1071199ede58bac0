//! The answer of the rules as a message: name by name.

use std::sync::Arc;

use jiff::Timestamp;
use prost::Message;

use crate::diagnostic::{Bilingual, Diagnostic, Place, Severity};
use crate::evaluation::{
    AdjustedPoints, Adjustment, Evaluation, ExecutionResult, Finding, Grade, IndicatorResult, PointsSummary, RowRead,
    Score, Status, Told, ToldScore, TraceStep,
};
use crate::quantity::{Exact, Points, Ratio};
use crate::reading::{Lexicon, Meeting, Met, Reading, Row, Side, read};
use crate::ruleset::{Basis, Citation, Clause};
use crate::wire::decode::{self, AnswerError};
use crate::wire::encode::{self, Identity};
use crate::wire::head::{Head, RowHead};
use crate::wire::json::{self, Layout};
use crate::wire::pb::v1 as pb;
use crate::wire::stored::Record;

fn points(text: &str) -> Points {
    Points::parse(text).unwrap()
}

fn score() -> Score {
    told_score().into()
}

fn told_score() -> ToldScore {
    let told = Told {
        method: "proportional".into(),
        method_title: "按比例计分".into(),
        adjustments: vec![Adjustment {
            rule: "adjustments.manual_deduction".into(),
            title: "扣减分数".into(),
            before: AdjustedPoints { floor: points("7.9"), ceiling: points("8"), awarded: None },
            after: AdjustedPoints { floor: points("7.63"), ceiling: points("7.73"), awarded: None },
            derivation: "7.9 − 0.27 = 7.63，8 − 0.27 = 7.73".into(),
            citation: None,
        }],
        derivation: "8 × 91.76% ÷ 95% = 7.73".into(),
        citation: Some(Citation::from(Clause {
            source: "cn-2020-10".into(),
            document: "财预〔2020〕10号".into(),
            title: "项目支出绩效评价管理办法".into(),
            article: String::new(),
            quote: String::new(),
            basis: Basis::Practice,
            verified: false,
        })),
        trace: vec![TraceStep {
            rule: "methods.proportional".into(),
            place: "mof-2020/methods.yaml:12:3".into(),
            formula: "points_possible * min(actual / target, 1)".into(),
            bindings: vec![("points_possible".into(), "8".into()), ("actual".into(), "91.76%".into())],
            result: "7.73".into(),
        }],
    };
    ToldScore {
        status: Status::Scored,
        possible: Some(points("8")),
        claimed: Some(points("7.00")),
        floor: points("7.73"),
        ceiling: points("7.73"),
        awarded: points("7"),
        told,
    }
}

fn evaluation() -> Evaluation {
    let text = |text: &str, side| read(text, &Row::default(), side, &Lexicon::default());
    Evaluation {
        rule_pack: "longgang-2022".into(),
        revision: "sha256:01".into(),
        project_code: "440307220601500400009".into(),
        project_name: "投资推广和企业服务".into(),
        fiscal_year: 2022,
        points: PointsSummary {
            possible: points("100"),
            claimed: Some(points("98.18")),
            floor: points("90"),
            ceiling: points("98.91"),
            awarded: points("98.18"),
        },
        grade: Some(Grade { id: "excellent".into(), title: "优".into() }),
        complete: true,
        execution: Some(ExecutionResult { rate: Some(Ratio::new(Exact::parse("0.91762").unwrap())), score: score() }),
        indicators: vec![IndicatorResult {
            read: Arc::new(RowRead::told(
                0,
                ["output".into(), "cost".into(), "按年度预算执行".into()],
                [text("执行率95%以上", Side::Target), text("91.76%", Side::Actual)],
                Meeting::told(Met::NotMet, Bilingual::new("低于目标", "below the target")),
            )),
            score: score(),
        }],
        findings: vec![Finding {
            code: "missing_deviation_reason".into(),
            severity: Severity::Error,
            field: "indicators[0].deviation_reason".into(),
            message: Bilingual::new("缺少偏差原因", "the reason is missing"),
            help: Bilingual::new("请填写", "fill it in"),
            citation: None,
        }],
        adjustments: vec![Adjustment {
            rule: "adjustments.execution_cap".into(),
            title: "总分封顶".into(),
            before: AdjustedPoints { floor: points("90"), ceiling: points("99"), awarded: Some(points("98.2")) },
            after: AdjustedPoints { floor: points("88"), ceiling: points("89"), awarded: Some(points("79")) },
            derivation: "79".into(),
            citation: score().citation().cloned(),
        }],
        trace: score().trace().to_vec(),
    }
}

fn identity() -> Identity {
    Identity {
        id: "01JZ".into(),
        form_digest: "sha256:02".into(),
        evaluated_at: Some(Timestamp::new(1_795_500_000, 0).unwrap()),
    }
}

#[test]
fn the_json_has_the_names_and_values_of_the_contract() {
    let json = json::evaluation(&evaluation(), &identity(), Layout::Line).unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    for (pointer, want) in [
        ("/id", "01JZ"),
        ("/formDigest", "sha256:02"),
        ("/rulePack", "longgang-2022"),
        ("/revision", "sha256:01"),
        ("/evaluatedAt", "2026-11-24T06:00:00Z"),
        ("/projectCode", "440307220601500400009"),
        ("/points/possible", "100"),
        ("/points/claimed", "98.18"),
        ("/points/ceiling", "98.91"),
        ("/points/awarded", "98.18"),
        ("/grade/id", "excellent"),
        ("/grade/title", "优"),
        ("/execution/rate", "0.9176"),
        ("/execution/pointsClaimed", "7.00"),
        ("/execution/status", "SCORED"),
        ("/indicators/0/field", "indicators[0]"),
        ("/indicators/0/status", "SCORED"),
        ("/indicators/0/target/text", "执行率95%以上"),
        ("/indicators/0/actual/text", "91.76%"),
        ("/indicators/0/met", "NOT_MET"),
        ("/indicators/0/metReason", "低于目标"),
        ("/indicators/0/pointsPossible", "8"),
        ("/indicators/0/pointsClaimed", "7.00"),
        ("/indicators/0/pointsFloor", "7.73"),
        ("/indicators/0/pointsCeiling", "7.73"),
        ("/indicators/0/pointsAwarded", "7"),
        ("/indicators/0/method", "proportional"),
        ("/indicators/0/derivation", "8 × 91.76% ÷ 95% = 7.73"),
        ("/indicators/0/citation/basis", "PRACTICE"),
        ("/indicators/0/citation/article", ""),
        ("/indicators/0/trace/0/rule", "methods.proportional"),
        ("/indicators/0/trace/0/bindings/1/value", "91.76%"),
        ("/indicators/0/adjustments/0/rule", "adjustments.manual_deduction"),
        ("/indicators/0/adjustments/0/pointsFloorBefore", "7.9"),
        ("/execution/adjustments/0/pointsCeilingAfter", "7.73"),
        ("/adjustments/0/rule", "adjustments.execution_cap"),
        ("/adjustments/0/title", "总分封顶"),
        ("/adjustments/0/pointsAwardedBefore", "98.2"),
        ("/adjustments/0/pointsAwardedAfter", "79"),
        ("/adjustments/0/citation/basis", "PRACTICE"),
        ("/trace/0/rule", "methods.proportional"),
        ("/findings/0/code", "missing_deviation_reason"),
        ("/findings/0/severity", "ERROR"),
        ("/findings/0/field", "indicators[0].deviation_reason"),
        ("/findings/0/message", "缺少偏差原因"),
        ("/findings/0/messageEn", "the reason is missing"),
    ] {
        assert_eq!(value.pointer(pointer).and_then(|v| v.as_str()), Some(want), "{pointer} in {json}");
    }
    assert_eq!(value["fiscalYear"], 2022);
    assert_eq!(value["complete"], true);
    assert_eq!(value["indicators"][0]["citation"]["verified"], false);
    let keys = ["id", "formDigest", "rulePack", "revision", "evaluatedAt", "projectCode", "projectName", "fiscalYear"];
    let places: Vec<usize> = keys.iter().map(|key| json.find(&format!("\"{key}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "in the order of the contract");
}

#[test]
fn what_is_absent_stays_absent() {
    let mut evaluation = evaluation();
    evaluation.grade = None;
    evaluation.complete = false;
    evaluation.points.claimed = None;
    evaluation.execution = None;
    let ToldScore { told, .. } = told_score();
    let told = Told { citation: None, ..told };
    let score = ToldScore { status: Status::Failed, possible: None, claimed: None, told, ..told_score() };
    evaluation.indicators[0].score = score.into();
    let json = json::evaluation(&evaluation, &Identity::default(), Layout::Line).unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    for pointer in [
        "/grade",
        "/evaluatedAt",
        "/points/claimed",
        "/execution",
        "/indicators/0/pointsClaimed",
        "/indicators/0/pointsPossible",
        "/indicators/0/citation",
    ] {
        assert_eq!(value.pointer(pointer), None, "{pointer}");
    }
    assert_eq!(value["indicators"][0]["status"], "FAILED");
}

#[test]
fn the_head_is_what_the_whole_evaluation_says() {
    let message = encode::evaluation(&evaluation(), &identity());
    let form = pb::Form {
        implementing_unit: " 招商局 ".to_owned(),
        primary_budget_unit: "区政府办".to_owned(),
        ..pb::Form::default()
    };
    let record = Record {
        form: form.encode_to_vec(),
        evaluation: message.encode_to_vec(),
        evaluated_at: Timestamp::UNIX_EPOCH,
        rule_pack: String::new(),
        revision: String::new(),
        engine_semantics: 1,
    };
    let head = Head::read(&record).unwrap();
    let mut rows: Vec<_> = message
        .indicators
        .iter()
        .filter(|row| row.status() == pb::IndicatorStatus::Scored)
        .map(|row| (row.dimension.as_str(), row.name.trim(), row.points_possible.as_deref(), &row.points_awarded))
        .collect();
    if let Some(line) = message.execution.as_ref().filter(|line| line.status() == pb::IndicatorStatus::Scored) {
        rows.insert(0, ("", "", line.points_possible.as_deref(), &line.points_awarded));
    }
    let rows = rows.into_iter().filter_map(|(dimension, name, possible, awarded)| {
        Some(RowHead { dimension, name, possible: points(possible?), awarded: points(awarded) })
    });
    assert_eq!(head.scored_rows().collect::<Vec<_>>(), rows.collect::<Vec<_>>());
    let findings: Vec<_> = message.findings.iter().map(|finding| (finding.code.as_str(), finding.severity)).collect();
    assert_eq!(head.findings().collect::<Vec<_>>(), findings);
    let sums = message.points.clone().unwrap();
    let difference = sums.claimed.map(|claimed| points(&claimed).checked_sub(points(&sums.awarded)).unwrap());
    assert_eq!(head.difference(), difference.map(Points::trimmed));
    let shown = head.summary();
    let count = |number: usize| i32::try_from(number).unwrap();
    let weighing = |severity| count(message.findings.iter().filter(|finding| finding.severity() == severity).count());
    let whole = pb::EvaluationSummary {
        id: message.id.clone(),
        form_digest: message.form_digest.clone(),
        rule_pack: message.rule_pack.clone(),
        revision: message.revision.clone(),
        evaluated_at: message.evaluated_at,
        project_code: message.project_code.clone(),
        project_name: message.project_name.clone(),
        fiscal_year: message.fiscal_year,
        points: message.points.clone(),
        grade: message.grade.clone(),
        complete: message.complete,
        indicator_count: count(message.indicators.len()),
        error_count: weighing(pb::Severity::Error),
        warning_count: weighing(pb::Severity::Warning),
        implementing_unit: "招商局".to_owned(),
        primary_budget_unit: "区政府办".to_owned(),
        points_difference: head.difference().map(|by| by.to_string()),
    };
    assert_eq!(shown, whole);
}

#[test]
fn an_answer_comes_back_as_people_are_shown_it() {
    let bytes = encode::evaluation_bytes(&evaluation(), &identity());
    let (back, who) = decode::evaluation(&bytes).unwrap();
    assert_eq!(who, identity());
    let said = |reading: &Reading| (reading.text.to_string(), reading.kind(), reading.unit().map(str::to_owned));
    for (row, sent) in back.indicators.iter().zip(&evaluation().indicators) {
        assert_eq!(said(&row.target), said(&sent.target));
        assert_eq!(said(&row.actual), said(&sent.actual));
    }
    let without_readings = |mut rows: Evaluation| {
        let blank = read("", &Row::default(), Side::Target, &Lexicon::default());
        for row in &mut rows.indicators {
            let texts = [&row.dimension, &row.category, &row.name].map(Clone::clone);
            let meeting = Meeting::told(row.met(), row.reason());
            row.read = Arc::new(RowRead::told(row.index, texts, [blank.clone(), blank.clone()], meeting));
        }
        // A rate is carried with the four decimals that people see.
        let printed = rows.execution.as_ref().and_then(|line| line.rate.as_ref()).map(ToString::to_string);
        let carried = printed.map(|rate| Ratio::new(Exact::parse(&rate).unwrap()));
        rows.execution.iter_mut().for_each(|line| line.rate.clone_from(&carried));
        rows
    };
    assert_eq!(without_readings(back), without_readings(evaluation()));
    for cut in 1..bytes.len() {
        drop(decode::evaluation(&bytes[..cut]));
    }
    let unknown = pb::Evaluation { points: None, ..pb::Evaluation::default() }.encode_to_vec();
    assert_eq!(decode::evaluation(&unknown), Err(AnswerError::Field { field: "points" }));
}

#[test]
fn spans_and_statements_count_characters() {
    let text = "不少于1场，按计划开展";
    let reading = read(text, &Row::default(), Side::Target, &Lexicon::default());
    let message = encode::reading(&reading);
    let length = i32::try_from(text.chars().count()).unwrap();
    for span in &message.spans {
        assert!(0 <= span.start && span.start < span.end && span.end <= length, "{span:?}");
        assert_ne!(span.role(), pb::SpanRole::Unspecified);
    }
    for other in &message.others {
        let start = usize::try_from(other.start).unwrap();
        let own: String = text.chars().skip(start).take(usize::try_from(other.end - other.start).unwrap()).collect();
        assert_eq!(own, other.text);
    }
    assert_ne!(message.kind(), pb::ReadingKind::Unspecified);
}

#[test]
fn a_time_before_1970_counts_up_from_the_second_before() {
    let time = |seconds, nanos| {
        let message = encode::timestamp(Timestamp::new(seconds, nanos).unwrap());
        (message.seconds, message.nanos)
    };
    assert_eq!(time(0, 0), (0, 0));
    assert_eq!(time(5, 7), (5, 7));
    assert_eq!(time(-1, -500_000_000), (-2, 500_000_000));
    assert_eq!(time(0, -1), (-1, 999_999_999));
}

#[test]
fn a_diagnostic_keeps_both_languages_and_every_place() {
    let place = |line| Place::new("mof-2020/methods.yaml".into(), line, 3, 8);
    let diagnostic = Diagnostic::error("unknown_name", place(12), Bilingual::new("没有这个名称", "no such name"))
        .with_help(Bilingual::new("是否想写 `target`？", "did you mean `target`?"))
        .with_related(place(4), Bilingual::new("定义在这里", "defined here"));
    let at = |line| pb::RulePlace { file: "mof-2020/methods.yaml".into(), line, column: 3, length: 8 };
    assert_eq!(
        encode::diagnostic(&diagnostic),
        pb::RuleDiagnostic {
            code: "unknown_name".into(),
            severity: pb::Severity::Error.into(),
            message: "没有这个名称".into(),
            message_en: "no such name".into(),
            place: Some(at(12)),
            help: "是否想写 `target`？".into(),
            help_en: "did you mean `target`?".into(),
            related: vec![pb::RelatedPlace {
                place: Some(at(4)),
                message: "定义在这里".into(),
                message_en: "defined here".into(),
            }],
        }
    );
}
