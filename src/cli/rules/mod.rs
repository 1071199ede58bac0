//! `heng rules`: the packs, and what one pack says, on what ground and where it is written.

#![expect(clippy::disallowed_methods, reason = "the rim: writes the pages of the documentation")]

pub(super) mod entry;
mod json;
mod page;

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
}

/// Shows the packs or one of them.
pub fn run(globals: &Globals, args: &RulesArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
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
        let dir = dir.display();
        let message = Bilingual::new(format!("写不了 {dir}：{why}"), format!("cannot write {dir}: {why}"));
        return cannot(globals, &message);
    }
    pages.iter().for_each(|(path, _)| say::note(&path.display().to_string()));
    ExitCode::SUCCESS
}
