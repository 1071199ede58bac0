//! `file:line:column: severity[code] message`, what editors and grep understand.

use super::{Report, word};

/// One line for each problem.
pub fn concise(report: &Report<'_>) -> String {
    let mut text = String::new();
    for problem in report.problems {
        if let Some(place) = &problem.place {
            text.push_str(&format!("{}:{}:{}: ", report.root.shown(place), place.line, place.column));
        }
        let message = problem.message.get(report.lang).replace(['\n', '\r'], " ");
        text.push_str(&format!("{}[{}] {message}\n", word(problem.severity), problem.code));
    }
    text
}
