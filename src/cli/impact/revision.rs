//! Where an edition of the rules comes from.

#![expect(clippy::disallowed_methods, reason = "the rim: looks whether a folder of that name is there")]

use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::git;
use crate::app::{RevisionFault, whole_revision};
use crate::cli::rule_files::{self, Rules};
use crate::cli::say;
use crate::diagnostic::{Bilingual, Lang};
use crate::pack::PackFiles;
use crate::ruleset::RuleBook;
use crate::store::{Kind, StoreError, walk_ledger};

/// What `--from` and `--to` name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisionSource {
    /// A folder of packs, or one pack.
    Folder(PathBuf),
    /// A folder as a commit, branch or tag of git has it. Without a path: the folder that the other side names.
    Git { reference: String, path: Option<String> },
    /// A revision that the service keeps, by its digest.
    Stored(String),
}

impl RevisionSource {
    /// `git:REF`, `git:REF:PATH` and `sha256:…` say what they are; of anything else what exists is a folder, and what
    /// does not is a name of git.
    pub fn parse(text: &str) -> Self {
        if let Some(rest) = text.strip_prefix("git:") {
            return RevisionSource::of_git(rest);
        }
        if text.starts_with("sha256:") {
            return RevisionSource::Stored(text.to_owned());
        }
        let path = PathBuf::from(text);
        let is_path = path.is_dir() || text.starts_with(['.', '/']) || text.ends_with('/');
        if is_path { RevisionSource::Folder(path) } else { RevisionSource::of_git(text) }
    }

    fn of_git(text: &str) -> Self {
        let (reference, path) = text.split_once(':').map_or((text, None), |(reference, path)| (reference, Some(path)));
        let path = path.filter(|path| !path.is_empty()).map(|path| path.trim_end_matches('/').to_owned());
        RevisionSource::Git { reference: reference.to_owned(), path }
    }

    /// The files of the packs; says what is wrong and gives nothing where they cannot be had. `beside` are folders, the
    /// first of which in a repository is meant where git is asked without a path; `data` is where revisions are kept.
    pub fn load(&self, beside: &[PathBuf], data: &Path, lang: Lang) -> Option<Vec<PackFiles>> {
        self.files(beside, data).inspect_err(|why| say::failure(lang, why)).ok()
    }

    /// Of a stored revision, which is one pack with those it extends, the name of that pack.
    pub fn only_pack(&self, files: &[PackFiles]) -> Option<String> {
        let is_stored = matches!(self, RevisionSource::Stored(_));
        files.last().filter(|_| is_stored).map(|pack| pack.name.clone())
    }

    /// The packs compiled; says what is wrong and gives nothing where they do not.
    pub fn compiled(&self, files: Vec<PackFiles>, lang: Lang) -> Option<Rules> {
        let (book, problems) = RuleBook::compile(&files);
        if book.is_none() {
            rule_files::report_broken(Path::new(&self.to_string()), &problems, &files, lang);
        }
        Some(Rules { files, book: book? })
    }

    fn files(&self, beside: &[PathBuf], data: &Path) -> Result<Vec<PackFiles>, Bilingual> {
        match self {
            RevisionSource::Folder(dir) => rule_files::load(dir).map(|files| files.packs),
            RevisionSource::Git { reference, path } => git::packs(reference, path.as_deref(), beside),
            RevisionSource::Stored(digest) => stored(digest, data),
        }
    }
}

/// The packs of a revision that the service keeps, the most general first. A heng that serves goes on serving.
fn stored(digest: &str, data: &Path) -> Result<Vec<PackFiles>, Bilingual> {
    match whole_revision(digest, |revision| payload(revision, data)) {
        Ok(revision) => Ok(revision.packs),
        Err(RevisionFault::Unknown) => {
            let folder = data.display();
            Err(Bilingual::new(
                format!("{folder} 里没有规则版本 {digest}；请用 --data 指明存储，或写规则文件夹、git:提交"),
                format!(
                    "{folder} keeps no revision {digest}; name the store with --data, a folder of rules, or git:COMMIT"
                ),
            ))
        }
        Err(fault) => Err(fault.message(digest)),
    }
}

/// The payload of a revision in the ledger.
fn payload(revision: &str, data: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let mut found = None;
    walk_ledger(data, &mut |entry| {
        if entry.record.kind == Kind::Revision && entry.record.id == revision {
            found = Some(entry.record.payload);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

impl fmt::Display for RevisionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RevisionSource::Folder(dir) => dir.display().fmt(f),
            RevisionSource::Git { reference, path: None } => write!(f, "git:{reference}"),
            RevisionSource::Git { reference, path: Some(path) } => write!(f, "git:{reference}:{path}"),
            RevisionSource::Stored(digest) => f.write_str(digest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_it_is() {
        let git = |reference: &str, path: Option<&str>| RevisionSource::Git {
            reference: reference.to_owned(),
            path: path.map(str::to_owned),
        };
        for (text, source) in [
            ("src", RevisionSource::Folder("src".into())),
            ("./nowhere", RevisionSource::Folder("./nowhere".into())),
            ("/nowhere/", RevisionSource::Folder("/nowhere/".into())),
            ("HEAD~1", git("HEAD~1", None)),
            ("git:src", git("src", None)),
            ("git:v1.2:rules/", git("v1.2", Some("rules"))),
            ("main:rules", git("main", Some("rules"))),
            ("sha256:00", RevisionSource::Stored("sha256:00".into())),
        ] {
            assert_eq!(RevisionSource::parse(text), source, "{text}");
        }
    }
}
