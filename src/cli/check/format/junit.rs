//! `JUnit` XML: a suite for each pack, in it each file, and each problem of a file as a case of its own.

use quick_junit::{NonSuccessKind, Report as Suites, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{Report, message_and_help, word};
use crate::cli::either;
use crate::diagnostic::{Diagnostic, Place};

/// The report as XML. An error fails its case; a warning or a hint is told in the output of a case that
/// passes, as the exit code of the command does not mind it either. A file without a problem passes.
pub fn junit(report: &Report<'_>) -> Result<String, SerializeError> {
    let mut suites = Suites::new("heng check");
    for pack in report.packs.iter().filter(|pack| report.only.is_none_or(|only| only == pack.name)) {
        let mut suite = TestSuite::new(pack.name.as_str());
        for path in pack.files.keys() {
            let shown = pack.shown(path);
            let mut own = report.problems.iter().filter(|problem| file_of(problem) == Some(&*shown)).peekable();
            if own.peek().is_none() {
                suite.add_test_case(named(path, &shown, TestCaseStatus::success()));
            }
            suite.add_test_cases(own.map(|problem| case(problem, path, report)));
        }
        suites.add_test_suite(suite);
    }
    let in_a_suite = |problem: &&Diagnostic| {
        let mut packs = report.packs.iter().filter(|pack| report.only.is_none_or(|only| only == pack.name));
        file_of(problem).is_some_and(|file| packs.any(|pack| pack.source(file).is_some()))
    };
    let mut elsewhere = report.problems.iter().filter(|problem| !in_a_suite(problem)).peekable();
    if elsewhere.peek().is_some() {
        let mut suite = TestSuite::new(either(report.lang, "其他", "elsewhere"));
        suite.add_test_cases(elsewhere.map(|problem| case(problem, file_of(problem).unwrap_or("-"), report)));
        suites.add_test_suite(suite);
    }
    suites.to_string()
}

fn file_of(problem: &Diagnostic) -> Option<&str> {
    problem.place.as_ref().map(|place| &*place.file)
}

fn named(name: &str, file: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(file);
    case
}

fn case(problem: &Diagnostic, path: &str, report: &Report<'_>) -> TestCase {
    let at = |place: &Place| format!("{}:{}:{}", report.root.shown(place), place.line, place.column);
    let place = problem.place.as_ref().map_or_else(String::new, at);
    let (severity, code) = (word(problem.severity), problem.code);
    let mut told = format!("{place}: {severity}[{code}] {}", message_and_help(problem, report.lang));
    for related in &problem.related {
        told.push_str(&format!("\n{}: {}", at(&related.place), related.message.get(report.lang)));
    }
    let line = problem.place.as_ref().map_or(1, |place| place.line);
    let name = format!("{path}:{line} {code}");
    let file = file_of(problem).unwrap_or("-");
    if problem.is_error() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(problem.message.get(report.lang)).set_type(code).set_description(told);
        return named(&name, file, status);
    }
    let mut case = named(&name, file, TestCaseStatus::success());
    case.set_system_out(told);
    case
}
