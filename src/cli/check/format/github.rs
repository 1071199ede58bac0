//! Workflow commands, which GitHub shows beside the lines of a pull request.

use super::{Report, message_and_help};
use crate::diagnostic::Severity;

/// One command for each problem. Without a place it stands by the whole run.
pub fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    for problem in report.problems {
        let command = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let place = problem.place.as_ref().map_or_else(String::new, |place| {
            let end = place.column.saturating_add(place.length);
            format!(
                "file={},line={},endLine={},col={},endColumn={end},",
                property(&report.root.shown(place)),
                place.line,
                place.line,
                place.column
            )
        });
        let message = data(&message_and_help(problem, report.lang));
        text.push_str(&format!("::{command} {place}title={}::{message}\n", property(problem.code)));
    }
    text
}

/// What ends a command is escaped in its message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What ends a property is escaped besides.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
