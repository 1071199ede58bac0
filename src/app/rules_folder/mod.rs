//! Reading a rules folder from disk.

#![expect(clippy::disallowed_methods, reason = "the rim: this is where rule files are read")]

mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::document::Limits;
use crate::pack::PackFiles;

pub use watch::FolderWatch;

/// Files of a pack are small; one that is not is a mistake, and is refused before it is read.
pub const LARGEST_FILE: u64 = 1024 * 1024;
pub const MOST_FILES: usize = 2000;
const DEEPEST: usize = 4;

/// What keeps a folder from being read. Sentences for operators.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("there is no rules folder {}; name it with --rules", .0.display())]
    Missing(PathBuf),
    #[error("cannot read {}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{} is larger than {LARGEST_FILE} bytes; a rule file is at most that", .0.display())]
    TooLarge(PathBuf),
    #[error("{} is not UTF-8 text; save it as UTF-8", .0.display())]
    NotText(PathBuf),
    #[error("{} holds more than {MOST_FILES} files or lies deeper than {DEEPEST} folders", .0.display())]
    TooMany(PathBuf),
}

/// The packs of a folder: each subfolder that holds a `pack.yaml`, or the folder itself if it does. In the
/// order of their names. Hidden files, and files that are no rules, are passed over.
pub fn load(dir: &Path) -> Result<Vec<PackFiles>, LoadError> {
    if !dir.is_dir() {
        return Err(LoadError::Missing(dir.to_owned()));
    }
    if dir.join("pack.yaml").is_file() {
        let canonical = dir.canonicalize().map_err(io(dir))?;
        return Ok(vec![load_pack(&canonical)?]);
    }
    let mut packs = Vec::new();
    for path in sorted(dir)? {
        if path.join("pack.yaml").is_file() && !hidden(&path) {
            packs.push(load_pack(&path)?);
        }
    }
    Ok(packs)
}

/// A form file that a case names, relative to its pack in this folder or to where the process runs.
pub fn form_file(folder: &Path, pack: &str, path: &str) -> Option<Arc<str>> {
    [folder.join(pack).join(path), PathBuf::from(path)].iter().find_map(|path| form_text(path))
}

fn form_text(path: &Path) -> Option<Arc<str>> {
    let size = std::fs::metadata(path).ok()?.len();
    if size > Limits::FORM.bytes as u64 {
        return None;
    }
    std::fs::read_to_string(path).ok().map(Arc::from)
}

fn load_pack(dir: &Path) -> Result<PackFiles, LoadError> {
    let mut files = BTreeMap::new();
    collect(dir, "", 0, &mut files)?;
    Ok(PackFiles { name: name_of(dir), files })
}

fn collect(dir: &Path, prefix: &str, depth: usize, files: &mut BTreeMap<String, Arc<str>>) -> Result<(), LoadError> {
    for path in sorted(dir)? {
        if hidden(&path) {
            continue;
        }
        if depth > DEEPEST || files.len() > MOST_FILES {
            return Err(LoadError::TooMany(dir.to_owned()));
        }
        let name = format!("{prefix}{}", name_of(&path));
        if path.is_dir() {
            collect(&path, &format!("{name}/"), depth + 1, files)?;
        } else if is_rule_file(&name) {
            files.insert(name, read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Arc<str>, LoadError> {
    let metadata = std::fs::metadata(path).map_err(io(path))?;
    if metadata.len() > LARGEST_FILE {
        return Err(LoadError::TooLarge(path.to_owned()));
    }
    let bytes = std::fs::read(path).map_err(io(path))?;
    String::from_utf8(bytes).map(Arc::from).map_err(|_| LoadError::NotText(path.to_owned()))
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let entries = std::fs::read_dir(dir).map_err(io(dir))?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(io(dir))?;
    paths.sort();
    Ok(paths)
}

/// Whether a file of a pack is read, by its ending.
pub fn is_rule_file(name: &str) -> bool {
    [".yaml", ".rhai", ".tsv", ".md"].iter().any(|ending| name.ends_with(ending))
}

/// Editors leave `.file.swp` and `file~` beside what they edit.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~')
}

fn hidden(path: &Path) -> bool {
    is_hidden(&name_of(path))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> LoadError {
    let path = path.to_owned();
    move |source| LoadError::Io { path, source }
}
