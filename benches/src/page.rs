//! What a part found: tables and goals, kept as JSON until the page is written.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// One of the parts, as it stands on the page.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// When it was measured, and how much of it.
    pub measured: String,
    pub tables: Vec<Table>,
    pub goals: Vec<Goal>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Table {
    pub title: String,
    pub says: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// What was wanted, and what was measured.
#[derive(Debug, Serialize, Deserialize)]
pub struct Goal {
    pub what: String,
    pub wanted: String,
    pub measured: String,
    pub met: bool,
}

impl Table {
    pub fn new(title: impl Into<String>, says: impl Into<String>, head: &[&str]) -> Self {
        let head = head.iter().map(|&name| name.to_owned()).collect();
        Table { title: title.into(), says: says.into(), head, rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule: Vec<String> =
            (0..self.head.len()).map(|column| if column == 0 { "---" } else { "---:" }.to_owned()).collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("### {}\n\n{}\n\n{}{}{rows}", self.title, self.says, line(&self.head), line(&rule))
    }
}

impl Goal {
    /// A value that should not be greater.
    pub fn at_most(what: impl Into<String>, most: f64, value: f64, unit: &str) -> Self {
        Goal {
            what: what.into(),
            wanted: format!("≤ {most}{unit}"),
            measured: format!("{}{unit}", crate::sample::number(value)),
            met: value <= most,
        }
    }

    /// A value that should not be smaller.
    pub fn at_least(what: impl Into<String>, least: f64, value: f64, unit: &str) -> Self {
        Goal {
            what: what.into(),
            wanted: format!("≥ {least}{unit}"),
            measured: format!("{}{unit}", crate::sample::number(value)),
            met: value >= least,
        }
    }
}

impl Part {
    pub fn save(&self, file: &Path) {
        std::fs::write(file, serde_json::to_vec_pretty(self).expect("JSON")).expect("a file that can be written");
    }

    pub fn load(file: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(file).ok()?).ok()
    }
}
