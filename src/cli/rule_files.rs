//! Rule packs from disk, for the commands that need them compiled.

#![expect(clippy::disallowed_methods, reason = "the rim: looks for packs beside the one that was named, reads forms")]

use std::path::{Path, PathBuf};

use super::say;
pub use crate::app::rules_folder::form_file;
use crate::app::rules_folder::{self, LoadError};
use crate::diagnostic::{Bilingual, Diagnostic, Lang};
use crate::pack::PackFiles;
use crate::ruleset::{RuleBook, RuleSet};

/// The packs of a folder, before they are compiled.
pub struct RuleFiles {
    pub packs: Vec<PackFiles>,
    /// The one pack that was asked for, when the folder is a pack: what it extends is read as well.
    pub only: Option<String>,
}

/// Reads a folder of packs, or one pack together with those beside it that it extends.
pub fn load(dir: &Path) -> Result<RuleFiles, Bilingual> {
    let mut packs = rules_folder::load(dir).map_err(|error| sentence(&error))?;
    if !dir.join("pack.yaml").is_file() {
        return Ok(RuleFiles { packs, only: None });
    }
    let only = packs.first().map(|pack| pack.name.clone());
    while let Some(parent) = packs.last().and_then(PackFiles::parent) {
        let beside = dir.canonicalize().ok().and_then(|dir| Some(dir.parent()?.join(&parent)));
        let Some(beside) = beside.filter(|beside| beside.join("pack.yaml").is_file()) else { break };
        if packs.iter().any(|pack| pack.name == parent) {
            break;
        }
        packs.extend(rules_folder::load(&beside).map_err(|error| sentence(&error))?);
    }
    packs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(RuleFiles { packs, only })
}

/// The pack of this name with those that it extends.
pub fn with_ancestors(mut packs: Vec<PackFiles>, name: &str) -> Vec<PackFiles> {
    let mut kept: Vec<PackFiles> = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(at) = next.and_then(|name| packs.iter().position(|pack| pack.name == name)) {
        let pack = packs.swap_remove(at);
        next = pack.parent();
        kept.push(pack);
    }
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    kept
}

/// The folder that packs stand in: where `dir` is itself a pack, the one above it.
pub fn beside(dir: &Path, only: Option<&str>) -> PathBuf {
    let parent = only.and_then(|_| dir.canonicalize().ok()?.parent().map(Path::to_owned));
    parent.unwrap_or_else(|| dir.to_owned())
}

/// Packs that compiled.
pub struct Rules {
    pub files: Vec<PackFiles>,
    pub book: RuleBook,
}

/// Reads and compiles a folder; says what is wrong with it and gives nothing when it is broken.
pub fn compiled(dir: &Path, lang: Lang) -> Option<Rules> {
    let files = match load(dir) {
        Ok(files) => files.packs,
        Err(why) => {
            say::failure(lang, &why);
            return None;
        }
    };
    let (book, problems) = RuleBook::compile(&files);
    if book.is_none() {
        report_broken(dir, &problems, &files, lang);
    }
    Some(Rules { files, book: book? })
}

/// Says why the rules of a folder cannot be used.
pub fn report_broken(dir: &Path, problems: &[Diagnostic], files: &[PackFiles], lang: Lang) {
    let errors: Vec<Diagnostic> = problems.iter().filter(|problem| problem.is_error()).cloned().collect();
    say::note(say::diagnostics(&errors, files, lang).trim_end());
    let shown = dir.display();
    let message =
        Bilingual::new(format!("{shown} 的规则有错误，无法使用"), format!("the rules in {shown} do not compile"));
    say::failure(lang, &message);
}

impl Rules {
    /// The pack of this id; without one the most general: the pack that extends nothing and claims the most.
    pub fn pack(&self, id: Option<&str>) -> Result<&RuleSet, Bilingual> {
        let found = match id {
            Some(id) => self.book.get(id),
            None => self.book.sets().min_by_key(|set| {
                let prefix = set.applies_to.as_ref().map_or(usize::MAX, |applies| applies.project_code_prefix.len());
                (set.extends.len(), prefix)
            }),
        };
        found.map(AsRef::as_ref).ok_or_else(|| {
            let id = id.unwrap_or_default();
            let known: Vec<&str> = self.book.sets().map(|set| set.id.as_str()).collect();
            Bilingual::new(
                format!("没有规则包 `{id}`；现有：{}", known.join("、")),
                format!("there is no rule pack `{id}`; there are {}", known.join(", ")),
            )
        })
    }
}

fn sentence(error: &LoadError) -> Bilingual {
    let zh = match error {
        LoadError::Missing(path) => format!("没有规则文件夹 {}；请用 --rules 指明", path.display()),
        LoadError::Io { path, source } => format!("读不了 {}：{source}", path.display()),
        LoadError::TooLarge(path) => format!("{} 过大，规则文件不应超过 1 MiB", path.display()),
        LoadError::NotText(path) => format!("{} 不是 UTF-8 文本，请另存为 UTF-8", path.display()),
        LoadError::TooMany(path) => format!("{} 里的文件过多，或文件夹套得过深", path.display()),
    };
    Bilingual::new(zh, error.to_string())
}
