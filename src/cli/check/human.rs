//! What `heng check` shows to people.

use std::collections::BTreeSet;

use super::checked::Checked;
use super::proofs;
use crate::cli::layout::Ink;
use crate::cli::say;
use crate::diagnostic::{Lang, Severity};
use crate::ruleset::RuleBook;

/// Every diagnostic with its excerpt, the claims where they are asked for, and what it comes down to.
pub fn page(checked: &Checked, with_claims: bool, lang: Lang) -> String {
    let mut page = say::diagnostics(&checked.problems, &checked.packs, lang);
    if with_claims {
        page.push_str(&proofs::table(&checked.claims, lang));
    }
    if checked.book.is_some() {
        for line in [formulas(checked, lang), proofs::summary(&checked.claims, lang)] {
            page.push_str(&line);
            page.push('\n');
        }
    }
    page.push_str(&closing(checked, lang));
    page.push('\n');
    page
}

/// Which way the formulas run; what packs share counts once.
fn formulas(checked: &Checked, lang: Lang) -> String {
    let all = checked.book.iter().flat_map(RuleBook::sets).flat_map(|rules| rules.formulas());
    let all: BTreeSet<_> = all.map(|owned| (&owned.at.place, owned.formula.is_compiled())).collect();
    let compiled = all.iter().filter(|(_, is_compiled)| *is_compiled).count();
    let interpreted = all.len() - compiled;
    match lang {
        Lang::Zh => format!("公式：{compiled} 条编译执行，{interpreted} 条由解释器执行"),
        Lang::En => format!("formulas: {compiled} run compiled, {interpreted} in the interpreter"),
    }
}

/// What it comes down to.
pub fn closing(checked: &Checked, lang: Lang) -> String {
    let problems = &checked.problems;
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        let ink = if errors > 0 { Ink::Bad } else { Ink::Warn };
        let mut text = match lang {
            Lang::Zh => format!("{errors} 个错误，{warnings} 个警告"),
            Lang::En => format!("{errors} {}, {warnings} {}", plural("error", errors), plural("warning", warnings)),
        };
        let repairs = problems.iter().filter(|problem| problem.fix.is_some()).count();
        match lang {
            _ if repairs == 0 => {}
            Lang::Zh => text.push_str(&format!("；{repairs} 处可用 --fix 改好")),
            Lang::En => text.push_str(&format!("; {repairs} can be repaired with --fix")),
        }
        return ink.paint(&text);
    }
    let sets = || checked.book.iter().flat_map(RuleBook::sets);
    // What a pack inherits stands in the same place as what it inherits it from.
    let methods = sets().flat_map(|set| set.methods.iter().map(|method| &method.place)).collect::<BTreeSet<_>>().len();
    let checks = sets().flat_map(|set| set.checks.iter().map(|check| &check.place)).collect::<BTreeSet<_>>().len();
    let packs = checked.packs.len();
    Ink::Good.paint(&match lang {
        Lang::Zh => format!("没有问题：{packs} 个规则包，{methods} 种计分方法，{checks} 项校验"),
        Lang::En => format!("no problems: {packs} packs, {methods} methods, {checks} checks"),
    })
}

fn plural(noun: &str, count: usize) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}
