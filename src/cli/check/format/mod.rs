//! What `heng check` writes for machines: one file per format.

mod concise;
mod github;
mod junit;
mod sarif;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Lang, Place, Severity};
use crate::pack::PackFiles;

pub use concise::concise;
pub use github::github;
pub use junit::junit;
pub use sarif::sarif;

/// What the formats write about.
pub struct Report<'r> {
    pub problems: &'r [Diagnostic],
    pub packs: &'r [PackFiles],
    /// The one pack that was asked for; the others were only read because it extends them.
    pub only: Option<&'r str>,
    pub root: &'r Root,
    pub lang: Lang,
}

/// The folder that the files of places lie in, as it is reached from where the command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root(PathBuf);

impl Root {
    /// Of the folder that was named, which may be a pack itself.
    #[expect(clippy::disallowed_methods, reason = "the rim: looks where the packs lie")]
    pub fn of(dir: &Path, only: Option<&str>) -> Self {
        let Some(only) = only else { return Root(dir.to_owned()) };
        let above = match dir.file_name() {
            Some(_) => dir.parent().map(Path::to_owned).unwrap_or_default(),
            None => dir.join(".."),
        };
        if above.join(only).is_dir() {
            return Root(above);
        }
        // Reached through a link of another name.
        let real = dir.canonicalize().ok().and_then(|dir| Some(dir.parent()?.to_owned()));
        Root(real.unwrap_or(above))
    }

    /// The path of a file that a place names.
    pub fn path(&self, file: &str) -> PathBuf {
        let root = self.0.strip_prefix(".").unwrap_or(&self.0);
        if file == "." { root.to_owned() } else { root.join(file) }
    }

    /// The same with `/` between folders.
    fn shown(&self, place: &Place) -> String {
        self.path(&place.file).to_string_lossy().replace('\\', "/")
    }
}

/// `error`, `warning`, `info`, whatever the language: tools look for these.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The message, and what to do about it on a line of its own.
fn message_and_help(problem: &Diagnostic, lang: Lang) -> String {
    let message = problem.message.get(lang);
    problem.help.as_ref().map_or_else(|| message.to_owned(), |help| format!("{message}\n{}", help.get(lang)))
}
