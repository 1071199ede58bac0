//! `heng check`: compiles and proves rule packs.

mod proofs;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::layout::Ink;
use crate::cli::rule_files::{self, RuleFiles};
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, FAULTY, Globals};
use crate::diagnostic::{Diagnostic, Lang, Severity, render};
use crate::document::Problems;
use crate::pack::{PackFiles, parse_cases};
use crate::regress::{Runner, prove};
use crate::ruleset::RuleBook;

#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Folder of rule packs, or one pack; --rules by default
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// List every claim about the rules with its verdict
    #[arg(long)]
    pub proofs: bool,
}

/// Shows every diagnostic of the packs and of their cases.
pub fn run(globals: &Globals, args: &CheckArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let dir = args.dir.as_ref().unwrap_or(&globals.rules);
    let RuleFiles { packs, only } = match rule_files::load(dir) {
        Ok(files) => files,
        Err(why) => {
            say::failure(lang, &why);
            return Ok(CANNOT_RUN.into());
        }
    };
    let (book, mut problems) = RuleBook::compile(&packs);
    for pack in packs.iter().filter(|pack| only.as_ref().is_none_or(|only| *only == pack.name)) {
        parse_cases(pack, &mut problems);
    }
    let beside = rule_files::beside(dir, only.as_deref());
    let form_file = |pack: &str, path: &str| rule_files::form_file(&beside, pack, path);
    let runner = |book| Runner { book, folder: &packs, form_file: &form_file };
    let proofs = book.as_ref().map(|book| prove(&runner(book), only.as_deref())).unwrap_or_default();
    problems.extend(proofs.problems);
    let problems = in_order_of_files(problems);
    let mut out = Out::open();
    if globals.wants_json() {
        problems.iter().try_for_each(|problem| out.line(&render::json_line(problem, lang)))?;
        if args.proofs {
            proofs.claims.iter().try_for_each(|claim| out.line(&proofs::json_line(claim, lang)))?;
        }
    } else {
        out.text(&say::diagnostics(&problems, &packs, lang))?;
        if args.proofs {
            out.text(&proofs::table(&proofs.claims, lang))?;
        }
        if book.is_some() {
            out.line(&proofs::summary(&proofs.claims, lang))?;
        }
        out.line(&closing(&problems, book.as_ref(), &packs, lang))?;
    }
    out.flush()?;
    Ok(if problems.iter().any(Diagnostic::is_error) { FAULTY.into() } else { ExitCode::SUCCESS })
}

fn in_order_of_files(mut problems: Problems) -> Problems {
    problems.sort_by(|one, other| one.place.cmp(&other.place));
    problems
}

/// What it comes down to.
fn closing(problems: &[Diagnostic], book: Option<&RuleBook>, packs: &[PackFiles], lang: Lang) -> String {
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        let ink = if errors > 0 { Ink::Bad } else { Ink::Warn };
        return ink.paint(&match lang {
            Lang::Zh => format!("{errors} 个错误，{warnings} 个警告"),
            Lang::En => format!("{errors} {}, {warnings} {}", plural("error", errors), plural("warning", warnings)),
        });
    }
    let sets = || book.into_iter().flat_map(RuleBook::sets);
    // What a pack inherits stands in the same place as what it inherits it from.
    let methods = sets().flat_map(|set| set.methods.iter().map(|method| &method.place)).collect::<BTreeSet<_>>().len();
    let checks = sets().flat_map(|set| set.checks.iter().map(|check| &check.place)).collect::<BTreeSet<_>>().len();
    let packs = packs.len();
    Ink::Good.paint(&match lang {
        Lang::Zh => format!("没有问题：{packs} 个规则包，{methods} 种计分方法，{checks} 项校验"),
        Lang::En => format!("no problems: {packs} packs, {methods} methods, {checks} checks"),
    })
}

fn plural(noun: &str, count: usize) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}
