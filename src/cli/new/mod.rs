//! `heng new`: a starter pack, commented, that passes check and test.

#![expect(clippy::disallowed_methods, reason = "the rim: writes the files of a new pack")]

mod starter;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::layout::Ink;
use super::rule_files::{self, Rules};
use super::rules::schemas;
use super::say::{self, Out};
use super::{CANNOT_RUN, Globals, either};
use crate::diagnostic::Bilingual;
use crate::pack::PackFiles;
use crate::reference::PackReference;
use crate::ruleset::RuleBook;
use starter::Base;

/// Where the schemas stand among the packs. Hidden, so that nobody takes it for a pack.
const SCHEMAS: &str = ".schema";
/// The year since which parameters hold when the rules name none.
const FIRST_YEAR: i32 = 1949;

#[derive(Debug, Clone, Args)]
pub struct NewArgs {
    /// Id of the pack: letters, digits, - and _; the name of its folder
    #[arg(value_name = "PACK")]
    pub pack: String,
    /// Change this pack instead of beginning from nothing
    #[arg(long, value_name = "PACK")]
    pub extends: Option<String>,
    /// Its title, for people
    #[arg(long, value_name = "TEXT", default_value = "某某项目支出绩效自评（请改）")]
    pub title: String,
}

/// Makes the pack's folder below `--rules`, or says why not.
pub fn run(globals: &Globals, args: &NewArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let folder = match free_folder(&globals.rules, &args.pack) {
        Ok(folder) => folder,
        Err(why) => return Ok(cannot(globals, &why)),
    };
    let files = match &args.extends {
        None => starter::files(&args.pack, &args.title, None, SCHEMAS),
        Some(id) => {
            let Some(rules) = rule_files::compiled(&globals.rules, lang) else { return Ok(CANNOT_RUN.into()) };
            let base = match base(&rules, id) {
                Ok(base) => base,
                Err(why) => return Ok(cannot(globals, &why)),
            };
            let files = starter::files(&args.pack, &args.title, Some(&base), SCHEMAS);
            if !fits(&base, rules, &args.pack, &files, globals) {
                return Ok(CANNOT_RUN.into());
            }
            files
        }
    };
    let written = place(&folder, &files).and_then(|()| schemas::write(&globals.rules.join(SCHEMAS)));
    if let Err(why) = written {
        let shown = folder.display();
        let message = Bilingual::new(format!("写不了 {shown}：{why}"), format!("cannot write {shown}: {why}"));
        return Ok(cannot(globals, &message));
    }
    let mut out = Out::open();
    if globals.wants_json() {
        let paths: Vec<&String> = files.keys().collect();
        out.line(&json!({"pack": args.pack, "extends": args.extends, "folder": folder, "files": paths}).to_string())?;
    } else {
        out.text(&told(&folder, args, globals))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn cannot(globals: &Globals, why: &Bilingual) -> ExitCode {
    say::failure(globals.lang(), why);
    CANNOT_RUN.into()
}

/// The folder of the new pack, if its name is one and nothing stands there.
fn free_folder(rules: &Path, id: &str) -> Result<PathBuf, Bilingual> {
    let is_id = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || id.starts_with('-') || !id.chars().all(is_id) {
        return Err(Bilingual::new(
            format!("`{id}` 不能作规则包的编号：只用字母、数字、- 和 _"),
            format!("`{id}` cannot be a pack's id: letters, digits, - and _ only"),
        ));
    }
    if rules.join("pack.yaml").exists() {
        let shown = rules.display();
        return Err(Bilingual::new(
            format!("{shown} 自己就是一个规则包；请用 --rules 指明放规则包的文件夹"),
            format!("{shown} is itself a pack; name the folder of packs with --rules"),
        ));
    }
    let folder = rules.join(id);
    if folder.symlink_metadata().is_ok() {
        let shown = folder.display();
        return Err(Bilingual::new(
            format!("已经有 {shown}，没有动它"),
            format!("{shown} is there already; it was left alone"),
        ));
    }
    Ok(folder)
}

fn base(rules: &Rules, id: &str) -> Result<Base, Bilingual> {
    let set = rules.pack(Some(id))?;
    let chain = || std::iter::once(&set.id).chain(&set.extends);
    let year = chain().find_map(|id| rules.book.get(id)?.applies_to.as_ref()?.years.from);
    let has_blank =
        |id: &String| rules.files.iter().any(|pack| pack.name == *id && pack.files.contains_key("blank.yaml"));
    Ok(Base {
        pack: PackReference::of(set, &rules.files),
        first_year: year.unwrap_or(FIRST_YEAR),
        has_blank: chain().any(has_blank),
    })
}

/// Whether the new pack compiles over its base; says what is wrong otherwise.
fn fits(base: &Base, rules: Rules, id: &str, files: &BTreeMap<String, String>, globals: &Globals) -> bool {
    let files = files.iter().map(|(path, text)| (path.clone(), text.as_str().into())).collect();
    let mut folder = rules.files;
    folder.retain(|pack| pack.name == base.pack.id || base.pack.extends.contains(&pack.name));
    folder.push(PackFiles { name: id.to_owned(), files });
    let (book, problems) = RuleBook::compile(&folder);
    if book.is_none() {
        rule_files::report_broken(&globals.rules, &problems, &folder, globals.lang());
    }
    book.is_some()
}

/// Writes the files aside and moves them into place together: nobody ever reads half a pack.
fn place(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.with_file_name(format!(".{name}.new"));
    // What a run left that was cut short.
    if aside.exists() {
        std::fs::remove_dir_all(&aside)?;
    }
    for (path, text) in files {
        let path = aside.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    std::fs::rename(&aside, folder)
}

/// What is there now, and what to do next.
fn told(folder: &Path, args: &NewArgs, globals: &Globals) -> String {
    let lang = globals.lang();
    let shown = folder.display();
    let made = match (&args.extends, either(lang, "zh", "en")) {
        (Some(base), "zh") => format!("已建立 {shown}，在 {base} 上改写"),
        (Some(base), _) => format!("made {shown}, which extends {base}"),
        (None, "zh") => format!("已建立 {shown}，自成一套"),
        (None, _) => format!("made {shown}, which stands alone"),
    };
    let rules = globals.rules.display();
    let elsewhere = if globals.rules == Path::new("rules") { String::new() } else { format!(" --rules {rules}") };
    let next = [
        (format!("heng check {shown}"), "编译并证明", "compile and prove it"),
        (format!("heng test {shown}"), "运行案例", "run its cases"),
        (format!("heng rules{elsewhere} {}", args.pack), "列出全部规则", "list all its rules"),
    ];
    let width = next.iter().map(|(command, ..)| super::layout::width(command)).max().unwrap_or_default();
    let mut text = format!("{}\n", Ink::Good.paint(&made));
    for (command, zh, en) in &next {
        let gap = " ".repeat(width.saturating_sub(super::layout::width(command)) + 2);
        text.push_str(&format!("  {command}{gap}{}\n", Ink::Faint.paint(either(lang, zh, en))));
    }
    text
}
