//! How cases ended, for people: a line each, what is wrong below it, and a summary.

use std::time::Duration;

use super::drive::Ran;
use super::titles;
use crate::cli::either;
use crate::cli::layout::{Ink, pad, visible, width};
use crate::cli::say;
use crate::diagnostic::Lang;
use crate::pack::PackFiles;
use crate::regress::{Difference, Outcome};

/// What a run is told with.
pub struct Lines<'a> {
    pub packs: &'a [PackFiles],
    pub lang: Lang,
    /// From when on a case is called slow.
    pub slow: Duration,
}

impl Lines<'_> {
    pub fn case(&self, ran: &Ran) -> String {
        let result = &ran.watched.result;
        let mut text = format!(
            "{} {}  {}  {}\n",
            self.word(&result.outcome),
            self.time(ran.took),
            Ink::Place.paint(&result.pack),
            visible(&result.name)
        );
        match &result.outcome {
            Outcome::Passed => {}
            Outcome::Failed(differences) => {
                text.push_str(&self.differences(differences.iter()));
                text.push_str(&detail(self.pick("案例", "case"), &result.place.to_string()));
            }
            Outcome::Broken(problems) => text.push_str(&say::diagnostics(problems, self.packs, self.lang)),
        }
        text
    }

    /// The lines that failed once more, where many others stand between, and the counts.
    pub fn summary(&self, all: &[Ran], took: Duration) -> String {
        let count = |test: fn(&Outcome) -> bool| all.iter().filter(|ran| test(&ran.watched.result.outcome)).count();
        let passed = count(|outcome| *outcome == Outcome::Passed);
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let broken = count(|outcome| matches!(outcome, Outcome::Broken(_)));
        let slow = all.iter().filter(|ran| ran.took >= self.slow).count();
        let mut parts = vec![
            Ink::Good.paint(&format!("{passed} {}", self.pick("通过", "passed"))),
            counted(failed, self.pick("失败", "failed"), Ink::Bad),
        ];
        if broken > 0 {
            parts.push(counted(broken, self.pick("无效", "broken"), Ink::Bad));
        }
        if slow > 0 {
            parts.push(counted(slow, self.pick("偏慢", "slow"), Ink::Warn));
        }
        let mut text = format!("{}\n", Ink::Faint.paint(&"─".repeat(60)));
        let cases = match self.lang {
            Lang::Zh => format!("共 {} 个案例", all.len()),
            Lang::En => format!("{} case{}", all.len(), if all.len() == 1 { "" } else { "s" }),
        };
        let title = Ink::Strong.paint(self.pick("汇总", "Summary"));
        let parts = parts.join(self.pick("，", ", "));
        text.push_str(&format!("{title} [{}] {cases}{}{parts}\n", duration(took), self.pick("：", ": ")));
        if all.len() > MANY {
            for ran in all.iter().filter(|ran| ran.watched.result.outcome != Outcome::Passed) {
                let result = &ran.watched.result;
                let (pack, name) = (Ink::Place.paint(&result.pack), visible(&result.name));
                let place = Ink::Faint.paint(&result.place.to_string());
                text.push_str(&format!("{}  {pack}  {name}  {place}\n", self.word(&result.outcome)));
            }
        }
        text
    }

    fn word(&self, outcome: &Outcome) -> String {
        let (word, ink) = match outcome {
            Outcome::Passed => (self.pick("通过", "PASS"), Ink::Good),
            Outcome::Failed(_) => (self.pick("失败", "FAIL"), Ink::Bad),
            Outcome::Broken(_) => (self.pick("无效", "BROKEN"), Ink::Bad),
        };
        let gap = " ".repeat(width(self.pick("无效", "BROKEN")).saturating_sub(width(word)));
        format!("{}{gap}", ink.paint(word))
    }

    /// `[  0.3ms]`, marked where it is slow.
    fn time(&self, took: Duration) -> String {
        let shown = format!("[{:>7}]", duration(took));
        if took < self.slow {
            return Ink::Faint.paint(&shown);
        }
        format!("{} {}", Ink::Warn.paint(&shown), Ink::Warn.paint(self.pick("慢", "SLOW")))
    }

    /// Row by row: what differs, the score first, then how the rules came to it and where they stand.
    pub fn differences<'d>(&self, differences: impl Iterator<Item = &'d Difference>) -> String {
        let mut text = String::new();
        let mut rest: Vec<&Difference> = differences.collect();
        while let Some(first) = rest.first().copied() {
            let (of_row, others): (Vec<&Difference>, Vec<&Difference>) =
                rest.into_iter().partition(|other| other.row() == first.row());
            let derivations = of_row.iter().find(|difference| difference.is_derivation());
            for difference in of_row.iter().filter(|difference| !difference.is_derivation()) {
                text.push_str(&self.difference(difference));
            }
            match derivations {
                Some(both) => {
                    text.push_str(&detail(self.pick("原推导", "old how"), &both.want));
                    text.push_str(&detail(self.pick("现推导", "new how"), &both.got));
                }
                None if !first.derivation.is_empty() => {
                    text.push_str(&detail(self.pick("推导", "how"), &first.derivation));
                }
                None => {}
            }
            if !first.rule.is_empty() {
                text.push_str(&detail(self.pick("规则", "rule"), &first.rule));
            }
            // Rows of a matrix have one cell that several results are held against.
            let mut places: Vec<String> = of_row.iter().map(|difference| difference.place.to_string()).collect();
            places.dedup();
            places.iter().for_each(|place| text.push_str(&detail(self.pick("期望", "want"), place)));
            rest = others;
        }
        text
    }

    fn difference(&self, difference: &Difference) -> String {
        let Difference { path, want, got, .. } = difference;
        let delta = difference.delta.as_ref().map_or_else(String::new, |delta| {
            let plus = if delta.is_negative() || delta.is_zero() { "" } else { "+" };
            format!(" {plus}{delta}")
        });
        let what = Ink::Strong.paint(&format!("{}{delta}", titles::facet(path, self.lang)));
        let (want, got) = (visible(want), visible(got));
        match self.lang {
            Lang::Zh => format!("      {what}：想要 {want}，得到 {got}\n"),
            Lang::En => format!("      {what}: wanted {want}, got {got}\n"),
        }
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        either(self.lang, zh, en)
    }
}

/// From so many cases on the summary tells again what failed.
const MANY: usize = 20;

fn counted(number: usize, title: &str, ink: Ink) -> String {
    let text = format!("{number} {title}");
    if number > 0 { ink.paint(&text) } else { text }
}

pub fn detail(label: &str, content: &str) -> String {
    format!("        {} {}\n", Ink::Faint.paint(&pad(label, width(label))), visible(content))
}

/// `0.3ms`, `12.5ms`, `1.25s`.
pub fn duration(took: Duration) -> String {
    let micros = took.as_micros();
    if micros >= 1_000_000 {
        return format!("{}.{:02}s", micros / 1_000_000, micros % 1_000_000 / 10_000);
    }
    format!("{}.{}ms", micros / 1000, micros % 1000 / 100)
}
