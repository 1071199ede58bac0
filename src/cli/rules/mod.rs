//! `heng rules`: the packs, and what one pack says, on what ground and where it is written.

#![expect(clippy::disallowed_methods, reason = "the rim: writes the pages of the documentation")]

pub(super) mod entry;
mod json;
mod page;
pub(super) mod schemas;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::layout::Screen;
use super::rule_files::{self, Rules};
use super::say::{self, Out};
use super::{CANNOT_RUN, Globals};
use crate::diagnostic::Bilingual;
use crate::pack::section_names;
use crate::reference::{PackReference, functions_page, pack_page};
pub(super) use json::entry_json;

#[derive(Debug, Clone, Args)]
pub struct RulesArgs {
    /// The pack to show; without one all packs are listed
    #[arg(value_name = "PACK")]
    pub pack: Option<String>,
    /// Only this section of the pack: checks, methods, parameters, …
    #[arg(long, value_name = "NAME", requires = "pack")]
    pub section: Option<String>,
    /// Write the reference pages of all packs and of the formula language into DIR
    #[arg(long, value_name = "DIR", conflicts_with_all = ["pack", "section"])]
    pub markdown: Option<PathBuf>,
    /// Write the JSON Schemas of the rule files into DIR, for editors
    #[arg(long, value_name = "DIR", conflicts_with_all = ["pack", "section", "markdown"])]
    pub schema: Option<PathBuf>,
    /// Tell every YAML file of the packs, in its first line, which of these schemas it has
    #[arg(long, requires = "schema")]
    pub modelines: bool,
}

/// Shows the packs or one of them.
pub fn run(globals: &Globals, args: &RulesArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    if let Some(dir) = &args.schema {
        return Ok(write_schemas(dir, args.modelines, globals));
    }
    let Some(rules) = rule_files::compiled(&globals.rules, lang) else { return Ok(CANNOT_RUN.into()) };
    let mut out = Out::open();
    let screen = Screen::of_reader(lang);
    if let Some(dir) = &args.markdown {
        return Ok(write_pages(dir, &rules, globals));
    }
    let Some(id) = &args.pack else {
        let packs: Vec<PackReference> = rules.book.sets().map(|set| PackReference::of(set, &rules.files)).collect();
        let text = if globals.wants_json() { json::packs(&packs)? + "\n" } else { page::packs(&packs, screen) };
        out.text(&text)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut pack = match rules.pack(Some(id)) {
        Ok(set) => PackReference::of(set, &rules.files),
        Err(why) => return Ok(cannot(globals, &why)),
    };
    if let Some(name) = &args.section {
        pack.sections.retain(|section| section.name == name);
        if pack.sections.is_empty() {
            return Ok(cannot(globals, &no_section(name)));
        }
    }
    let text = if globals.wants_json() { json::pack(&pack)? + "\n" } else { page::pack(&pack, screen) };
    out.text(&text)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn cannot(globals: &Globals, why: &Bilingual) -> ExitCode {
    say::failure(globals.lang(), why);
    CANNOT_RUN.into()
}

fn no_section(name: &str) -> Bilingual {
    let known: Vec<&str> = section_names().collect();
    Bilingual::new(
        format!("这个规则包没有 `{name}` 一节；各节的名称：{}", known.join("、")),
        format!("this pack has no section `{name}`; sections are {}", known.join(", ")),
    )
}

/// `DIR/rules/<pack>.md` for every pack, and `DIR/functions.md`.
fn write_pages(dir: &Path, rules: &Rules, globals: &Globals) -> ExitCode {
    let mut pages = vec![(dir.join("functions.md"), functions_page())];
    for set in rules.book.sets() {
        let page = pack_page(&PackReference::of(set, &rules.files));
        pages.push((dir.join("rules").join(format!("{}.md", set.id)), page));
    }
    let written = std::fs::create_dir_all(dir.join("rules"))
        .and_then(|()| pages.iter().try_for_each(|(path, page)| std::fs::write(path, page)));
    if let Err(why) = written {
        return cannot(globals, &not_written(dir, &why));
    }
    pages.iter().for_each(|(path, _)| say::note(&path.display().to_string()));
    ExitCode::SUCCESS
}

/// `DIR/<kind>.json` for every kind of file, and the first lines of the packs' files if they are asked for.
fn write_schemas(dir: &Path, modelines: bool, globals: &Globals) -> ExitCode {
    let written = match schemas::write(dir) {
        Ok(written) => written,
        Err(why) => return cannot(globals, &not_written(dir, &why)),
    };
    written.iter().for_each(|path| say::note(&path.display().to_string()));
    if modelines {
        let packs = match rule_files::load(&globals.rules) {
            Ok(files) => files.packs,
            Err(why) => return cannot(globals, &why),
        };
        match schemas::set_modelines(&globals.rules, &packs, dir) {
            Ok(changed) => changed.iter().for_each(|path| say::note(&path.display().to_string())),
            Err(why) => return cannot(globals, &not_written(&globals.rules, &why)),
        }
    }
    ExitCode::SUCCESS
}

fn not_written(dir: &Path, why: &io::Error) -> Bilingual {
    let dir = dir.display();
    Bilingual::new(format!("写不了 {dir}：{why}"), format!("cannot write {dir}: {why}"))
}
