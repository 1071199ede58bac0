//! Copying a store away while it serves, and back.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use super::folder::{self, Folder};
use super::proof::prove_up_to;
use super::verify::{Verified, verify};
use crate::store::error::StoreError;
use crate::store::journal::segment_name;
use crate::store::mark::{Mark, MarkFile};

/// Copies what is acknowledged into a new or empty folder, and proves the copy. The store may be serving.
///
/// The copy is a store of its own: `restore` takes it, and heng can be started on it. The index is not copied;
/// it is made anew from the journal.
pub fn backup(root: &Path, target: &Path, cache_bytes: u64) -> Result<Verified, StoreError> {
    folder::require_format(root)?;
    require_empty(target, "the backup")?;
    let Some(mark) = MarkFile::read(&root.join("high-water"))? else {
        let what = "it has no intact high-water mark; run `heng store verify`".to_owned();
        return Err(StoreError::NotAStore { path: root.join("high-water"), what });
    };
    copy(root, target, mark)?;
    verify(target, cache_bytes)
}

/// Puts a backup into a data folder that is new or empty, and proves it there.
pub fn restore(backup: &Path, root: &Path, cache_bytes: u64) -> Result<Verified, StoreError> {
    folder::require_format(backup)?;
    require_empty(root, "the data folder")?;
    let Some(mark) = MarkFile::read(&backup.join("high-water"))? else {
        let what = "the backup has no intact high-water mark: it is not whole".to_owned();
        return Err(StoreError::NotAStore { path: backup.join("high-water"), what });
    };
    // Nothing is copied from a damaged backup.
    prove_up_to(&backup.join("journal"), mark)?;
    copy(backup, root, mark)?;
    verify(root, cache_bytes)
}

fn require_empty(folder: &Path, what: &'static str) -> Result<(), StoreError> {
    match fs::read_dir(folder).map(Iterator::count) {
        Ok(0) => Ok(()),
        Ok(_) => Err(StoreError::NotEmpty { folder: folder.to_owned(), what }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::io(format!("look into {}", folder.display()))(error)),
    }
}

/// Copies the journal up to the mark, and the mark. FORMAT comes first, as in every store that is being made.
fn copy(from: &Path, to: &Path, mark: Mark) -> Result<(), StoreError> {
    let target = Folder::open(to)?;
    for number in 1..=mark.segment {
        let name = segment_name(number);
        let (source, copied) = (from.join("journal").join(&name), target.journal().join(&name));
        let length = if number == mark.segment { mark.offset } else { u64::MAX };
        copy_file(&source, &copied, length).map_err(StoreError::io(format!("copy journal/{name}")))?;
    }
    let (mut file, _) = MarkFile::open(&target.mark())?;
    file.settle(&mark)?;
    target.settle()
}

fn copy_file(from: &Path, to: &Path, length: u64) -> io::Result<()> {
    let mut target = File::options().write(true).create_new(true).open(to)?;
    io::copy(&mut File::open(from)?.take(length), &mut target)?;
    target.flush()?;
    target.sync_all()
}
