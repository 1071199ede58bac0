//! How the texts of the rows were read.

use super::View;
use crate::cli::layout::{Ink, visible};
use crate::cli::read::pair;
use crate::diagnostic::Lang;

/// One block for each row that says something; nothing unless it was asked for.
pub fn readings(view: &View<'_>) -> String {
    if !view.readings {
        return String::new();
    }
    let mut text = view.title("读法", "Readings");
    for (index, row) in view.evaluation.indicators.iter().enumerate() {
        let heading = match view.screen.lang {
            Lang::Zh => format!("第 {} 行  {}", index + 1, visible(&row.name)),
            Lang::En => format!("row {}  {}", index + 1, visible(&row.name)),
        };
        text.push_str(&format!("{}\n", Ink::Strong.paint(&heading)));
        text.push_str(&pair(&row.target, Some(&row.actual), Some((row.met(), &row.reason())), view.screen.lang));
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}
