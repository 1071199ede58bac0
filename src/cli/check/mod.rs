//! `heng check`: compiles and proves rule packs.

mod checked;
mod fix;
mod format;
mod human;
mod proofs;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::rerun;
use super::say::{self, Out};
use super::{CANNOT_RUN, FAULTY, Format, Globals};
use crate::diagnostic::{Bilingual, render};
use checked::Checked;
use format::Report;

#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Folder of rule packs, or one pack; --rules by default
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// List every claim about the rules with its verdict (human and json)
    #[arg(long)]
    pub proofs: bool,
    /// Make the repairs that are certain, then check what is left
    #[arg(long)]
    pub fix: bool,
    /// Show the repairs that --fix would make, and make none; ends with 1 if there are any
    #[arg(long)]
    pub diff: bool,
    /// Check again whenever a file changes, until Ctrl-C or the end of standard input
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    pub watch: bool,
}

/// Shows every diagnostic of the packs and of their cases.
pub fn run(globals: &Globals, args: &CheckArgs) -> io::Result<ExitCode> {
    let dir = args.dir.as_ref().unwrap_or(&globals.rules);
    if args.watch {
        return rerun::on_change(globals.lang(), dir, || once(globals, args, dir));
    }
    if args.diff {
        return fix::show(globals, dir);
    }
    if args.fix && !fix::make(globals, dir) {
        return Ok(CANNOT_RUN.into());
    }
    once(globals, args, dir)
}

fn once(globals: &Globals, args: &CheckArgs, dir: &Path) -> io::Result<ExitCode> {
    match Checked::of(dir) {
        Ok(checked) => show(globals, args, dir, &checked),
        Err(why) => Ok(cannot_run(globals, &why)),
    }
}

fn cannot_run(globals: &Globals, why: &Bilingual) -> ExitCode {
    say::failure(globals.lang(), why);
    CANNOT_RUN.into()
}

/// Writes what was found in the format asked for. The exit code says whether some of it is an error.
fn show(globals: &Globals, args: &CheckArgs, dir: &Path, checked: &Checked) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let Checked { problems, packs, only, .. } = checked;
    let root = format::Root::of(dir, only.as_deref());
    let report = Report { problems, packs, only: only.as_deref(), root: &root, lang };
    let mut out = Out::open();
    match globals.format() {
        Format::Human => out.text(&human::page(checked, args.proofs, lang))?,
        Format::Json => {
            problems.iter().try_for_each(|problem| out.line(&render::json_line(problem, lang)))?;
            if args.proofs {
                checked.claims.iter().try_for_each(|claim| out.line(&proofs::json_line(claim, lang)))?;
            }
        }
        Format::Concise => out.text(&format::concise(&report))?,
        Format::Github => out.text(&format::github(&report))?,
        Format::Sarif => out.text(&format::sarif(&report))?,
        Format::Junit => out.text(&format::junit(&report).map_err(io::Error::other)?)?,
    }
    out.flush()?;
    if matches!(globals.format(), Format::Concise | Format::Github) {
        say::note(&human::closing(checked, lang));
    }
    Ok(if checked.is_faulty() { FAULTY.into() } else { ExitCode::SUCCESS })
}
