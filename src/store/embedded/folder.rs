//! The data folder: its format, its lock, its parts.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::store::error::StoreError;

const FORMAT_WORDS: &str = "heng store ";
/// Written since the index has its second layout, which an older heng would take for damage. Version 1 knew evaluations
/// only, version 2 has the first layout of the index.
const FORMAT: u32 = 3;
const OLDEST: u32 = 1;
/// No FORMAT file of any version is longer, in bytes.
const FORMAT_LIMIT: u64 = 64;

/// The folder of one store, locked for this process for as long as the value lives.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    _lock: File,
}

impl Folder {
    /// Locks the folder and makes what is missing in a new one.
    ///
    /// A store of a newer format is refused before anything is touched. FORMAT is written first: a folder that has
    /// segments but no FORMAT lost it.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let formatted = check_format(root)?;
        fs::create_dir_all(root).map_err(StoreError::io(format!("make {}", root.display())))?;
        let lock = lock(root)?;
        let folder = Folder { root: root.to_owned(), _lock: lock };
        if !formatted {
            folder.refuse_orphans()?;
            folder.write_format()?;
        }
        for part in [folder.journal(), folder.index()] {
            fs::create_dir_all(&part).map_err(StoreError::io(format!("make {}", part.display())))?;
        }
        Ok(folder)
    }

    /// Locks a folder that must hold a store already.
    pub fn open_existing(root: &Path) -> Result<Self, StoreError> {
        require_format(root)?;
        Self::open(root)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Bytes that this process may still write to the folder's file system.
    pub fn free_bytes(&self) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(&self.root)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    pub fn mark(&self) -> PathBuf {
        self.root.join("high-water")
    }

    /// The note of closed files (seal.rs).
    pub fn seal(&self) -> PathBuf {
        self.root.join("seal")
    }

    /// Empties the index, to be rebuilt.
    pub fn clear_index(&self) -> Result<(), StoreError> {
        let index = self.index();
        fs::remove_dir_all(&index)
            .and_then(|()| fs::create_dir_all(&index))
            .map_err(StoreError::io(format!("empty {}", index.display())))
    }

    /// Makes all names in the folder durable.
    pub fn settle(&self) -> Result<(), StoreError> {
        sync(&self.root).map_err(StoreError::io(format!("sync {}", self.root.display())))?;
        // The folder's own name stands in its parent, which may not be ours to open.
        self.root.canonicalize().ok().and_then(|root| sync(root.parent()?).ok());
        Ok(())
    }

    /// Says that the folder may hold records from now on that an older heng does not know.
    pub fn raise_format(&self) -> Result<(), StoreError> {
        let path = self.root.join("FORMAT");
        let text = fs::read(&path).map_err(StoreError::io(format!("read {}", path.display())))?;
        if text == format!("{FORMAT_WORDS}{FORMAT}\n").as_bytes() { Ok(()) } else { self.write_format() }
    }

    fn write_format(&self) -> Result<(), StoreError> {
        let (unfinished, path) = (self.root.join("FORMAT.new"), self.root.join("FORMAT"));
        let written = File::create(&unfinished).and_then(|mut file| {
            file.write_all(format!("{FORMAT_WORDS}{FORMAT}\n").as_bytes())?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)?;
            sync(&self.root)
        });
        written.map_err(StoreError::io(format!("write {}", path.display())))
    }

    /// A store without FORMAT: the beginnings of one are fine, one with records is not.
    fn refuse_orphans(&self) -> Result<(), StoreError> {
        let begun = fs::read_dir(self.journal()).is_ok_and(|mut items| {
            items.any(|item| item.is_ok_and(|item| item.path().extension().is_some_and(|extension| extension == "seg")))
        });
        let marked = fs::metadata(self.mark()).is_ok_and(|mark| mark.len() > 0);
        if begun || marked {
            return Err(StoreError::NotAStore {
                path: self.root.join("FORMAT"),
                what: "the file is missing, but the folder holds a journal".into(),
            });
        }
        Ok(())
    }
}

/// Refuses a folder that holds no store, or one of a newer format.
pub fn require_format(root: &Path) -> Result<(), StoreError> {
    if check_format(root)? {
        return Ok(());
    }
    Err(StoreError::NotAStore { path: root.to_owned(), what: "there is no store in it".to_owned() })
}

/// Whether the folder has a FORMAT that this heng knows.
fn check_format(root: &Path) -> Result<bool, StoreError> {
    let path = root.join("FORMAT");
    let mut text = Vec::new();
    match File::open(&path).and_then(|file| file.take(FORMAT_LIMIT).read_to_end(&mut text)) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(StoreError::io(format!("read {}", path.display()))(error)),
    }
    let text = String::from_utf8_lossy(&text);
    let number = text.trim_end().strip_prefix(FORMAT_WORDS).and_then(|number| number.parse().ok());
    match number {
        Some(found) if found > FORMAT => Err(StoreError::NewerFormat { found, known: FORMAT }),
        Some(OLDEST..=FORMAT) => Ok(true),
        _ => Err(StoreError::NotAStore { path, what: format!("it says {:?}", text.trim_end()) }),
    }
}

fn lock(root: &Path) -> Result<File, StoreError> {
    let path = root.join("LOCK");
    let doing = || StoreError::io(format!("lock {}", path.display()));
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(doing())?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.take(32).read_to_string(&mut holder).ok();
            return Err(StoreError::Locked { folder: root.to_owned(), pid: holder.trim().parse().ok() });
        }
        Err(TryLockError::Error(error)) => return Err(doing()(error)),
    }
    let holder = format!("{}\n", std::process::id());
    file.set_len(0).and_then(|()| file.write_all(holder.as_bytes())).map_err(doing())?;
    Ok(file)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
