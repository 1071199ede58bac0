//! Readings as people see them: the text, the stretches it was read from underlined, and what was read.

use crate::cli::either;
use crate::cli::layout::{Ink, visible, width};
use crate::diagnostic::{Bilingual, Lang};
use crate::reading::{Comparison, Kind, Met, Reading, Role, Statement};

/// Target, actual and the verdict, a few lines each.
pub fn pair(target: &Reading, actual: Option<&Reading>, verdict: Option<(Met, &Bilingual)>, lang: Lang) -> String {
    let mut text = reading_text(either(lang, "年度指标值", "target"), target, lang);
    if let Some(actual) = actual {
        text.push_str(&reading_text(either(lang, "实际完成值", "actual"), actual, lang));
    }
    if let Some((met, reason)) = verdict {
        let (word, ink) = title(met, lang);
        let label = column(either(lang, "结论", "verdict"));
        text.push_str(&format!("{}{}  {}\n", Ink::Faint.paint(&label), ink.paint(word), visible(reason.get(lang))));
    }
    text
}

/// Cells before what a label names.
const LABEL: usize = 12;

fn column(label: &str) -> String {
    crate::cli::layout::pad(label, LABEL)
}

fn title(met: Met, lang: Lang) -> (&'static str, Ink) {
    match met {
        Met::Met => (either(lang, "达标", "MET"), Ink::Good),
        Met::Exceeded => (either(lang, "超额", "EXCEEDED"), Ink::Good),
        Met::NotMet => (either(lang, "未达标", "NOT MET"), Ink::Bad),
        Met::Judged => (either(lang, "由人评判", "JUDGED"), Ink::Warn),
        Met::Unknown => (either(lang, "无法比较", "UNKNOWN"), Ink::Warn),
    }
}

/// The text, its used stretches underlined, and what was read.
fn reading_text(label: &str, reading: &Reading, lang: Lang) -> String {
    let (line, marks) = underlined(reading);
    let label = if line.is_empty() { label.to_owned() } else { column(label) };
    let mut text = format!("{}{line}\n", Ink::Faint.paint(&label));
    if !marks.is_empty() {
        text.push_str(&format!("{}{}\n", column(""), Ink::Place.paint(&marks)));
    }
    let roles: Vec<String> = reading
        .spans
        .iter()
        .map(|span| {
            format!("{} {}", role(span.role, lang), visible(reading.text.get(span.start..span.end).unwrap_or_default()))
        })
        .collect();
    let mut detail = |label: &str, content: &str| {
        text.push_str(&format!("{}{content}\n", Ink::Faint.paint(&column(label))));
    };
    detail(either(lang, "读作", "read as"), &Ink::Strong.paint(&statement(&reading.main, lang)));
    if !roles.is_empty() {
        detail(either(lang, "根据", "by"), &roles.join(either(lang, "，", ", ")));
    }
    for other in &reading.others {
        let words = visible(reading.text.get(other.start..other.end).unwrap_or_default());
        detail(either(lang, "另有", "also"), &format!("{words}  {}", statement(other, lang)));
    }
    text
}

/// The text as it may be shown, and marks that stand under the stretches it was read from.
fn underlined(reading: &Reading) -> (String, String) {
    let mut line = String::new();
    let mut marks = String::new();
    for (at, character) in reading.text.char_indices() {
        let shown = visible(character.encode_utf8(&mut [0; 4]));
        let used = reading.spans.iter().any(|span| span.role != Role::Note && (span.start..span.end).contains(&at));
        marks.extend(std::iter::repeat_n(if used { '~' } else { ' ' }, width(&shown)));
        line.push_str(&shown);
    }
    (line, marks.trim_end().to_owned())
}

fn role(role: Role, lang: Lang) -> &'static str {
    let (zh, en) = match role {
        Role::Number => ("数", "number"),
        Role::Unit => ("单位", "unit"),
        Role::Comparator => ("比较", "comparison"),
        Role::Approximation => ("约数", "approximation"),
        Role::Date => ("日期", "date"),
        Role::Tier => ("完成程度", "tier"),
        Role::Negation => ("否定", "negation"),
        Role::NotApplicable => ("不适用", "not applicable"),
        Role::Note => ("注", "note"),
    };
    either(lang, zh, en)
}

/// `数值 ≥ 95 %`
fn statement(statement: &Statement, lang: Lang) -> String {
    let (zh, en) = match statement.kind {
        Kind::Number => ("数值", "number"),
        Kind::Range => ("区间", "range"),
        Kind::Date => ("日期", "date"),
        Kind::Statement => ("文字", "words"),
        Kind::NotApplicable => ("不适用", "not applicable"),
        Kind::Blank => ("空白", "blank"),
        Kind::Unreadable => ("读不出确定的值", "unreadable"),
    };
    let mut parts = vec![either(lang, zh, en).to_owned()];
    let sign = statement.comparison.map(|comparison| match comparison {
        Comparison::AtLeast => "≥",
        Comparison::AtMost => "≤",
        Comparison::MoreThan => ">",
        Comparison::LessThan => "<",
        Comparison::Exactly => "=",
        Comparison::Within => "∈",
    });
    parts.extend(sign.filter(|_| statement.kind != Kind::Statement).map(str::to_owned));
    if statement.approximate {
        parts.push(either(lang, "约", "about").to_owned());
    }
    parts.extend(statement.value.as_ref().map(ToString::to_string));
    if let (Some(low), Some(high)) = (statement.low(), statement.high()) {
        parts.push(format!("[{low}, {high}]"));
    }
    parts.extend(statement.unit.as_ref().map(|unit| unit.printed.to_string()));
    parts.extend(statement.date.map(|date| date.to_string()));
    parts.extend(statement.tier.as_ref().map(|tier| format!("{} {tier}", either(lang, "完成程度", "tier"))));
    parts.join(" ")
}
