//! Results as a `JUnit` report, for CI that shows cases one by one.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::drive::Ran;
use super::titles;
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::Problems;
use crate::regress::{Difference, Outcome};

/// The report: a suite for each pack, and one for case files that cannot be read.
pub fn report(all: &[Ran], problems: &Problems, lang: Lang) -> Result<String, String> {
    let mut report = Report::new("heng test");
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for ran in all {
        let pack = ran.watched.result.pack.as_str();
        suites.entry(pack).or_insert_with(|| TestSuite::new(pack)).add_test_case(case(ran, lang));
    }
    report.add_test_suites(suites.into_values());
    let unreadable: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.is_error()).collect();
    if !unreadable.is_empty() {
        let mut suite = TestSuite::new("case files");
        for problem in unreadable {
            let name = problem.place.as_ref().map(ToString::to_string).unwrap_or_default();
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type(problem.code).set_message(problem.message.get(lang));
            suite.add_test_case(TestCase::new(name, status));
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|why| why.to_string())
}

fn case(ran: &Ran, lang: Lang) -> TestCase {
    let result = &ran.watched.result;
    let status = match &result.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Failed(differences) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let lines: Vec<String> = differences.iter().map(|difference| told(difference, lang)).collect();
            status.set_type("difference").set_message(lines.first().cloned().unwrap_or_default());
            status.set_description(lines.join("\n"));
            status
        }
        Outcome::Broken(problems) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            let lines: Vec<&str> = problems.iter().map(|problem| problem.message.get(lang)).collect();
            status.set_type(problems.first().map_or("", |problem| problem.code)).set_message(lines.join("\n"));
            status
        }
    };
    let mut case = TestCase::new(result.name.as_str(), status);
    case.set_classname(result.pack.as_str()).set_time(ran.took);
    for (name, value) in [("file", result.place.file.to_string()), ("line", result.place.line.to_string())] {
        case.extra.insert(name.into(), value.into());
    }
    case
}

fn told(difference: &Difference, lang: Lang) -> String {
    let Difference { path, want, got, derivation, rule, place, .. } = difference;
    let delta = difference.delta.as_ref().map_or_else(String::new, |delta| format!(" ({delta})"));
    let title = titles::facet(path, lang);
    let what = match lang {
        Lang::Zh => format!("{title}：想要 {want}，得到 {got}{delta}"),
        Lang::En => format!("{title}: wanted {want}, got {got}{delta}"),
    };
    let more = [derivation, rule, &place.to_string()];
    let more: Vec<String> =
        more.into_iter().filter(|text| !text.is_empty()).map(|text| format!("    {text}")).collect();
    format!("{what}\n{}", more.join("\n"))
}
