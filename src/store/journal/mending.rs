//! Getting good entries out of damaged segments, and writing a journal anew from entries.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::entry::{ALIGNMENT, Entry};
use super::segment::{self, Header};
use super::survey::Tail;
use super::writer::Limits;
use crate::store::error::StoreError;
use crate::store::mark::Mark;

/// Where an intact entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    segment: u64,
    offset: u64,
    length: usize,
}

impl Found {
    pub fn read(&self, folder: &Path) -> Option<Vec<u8>> {
        let mut file = File::open(folder.join(segment::file_name(self.segment))).ok()?;
        let mut bytes = vec![0; self.length];
        file.seek(SeekFrom::Start(self.offset)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// Every intact entry of every segment, wherever it stands, with its sequence. Nothing is proven but checksums.
pub fn salvage(folder: &Path) -> Result<Vec<(u64, Found)>, StoreError> {
    let mut found = Vec::new();
    for number in segment::list(folder)? {
        let path = folder.join(segment::file_name(number));
        let bytes = fs::read(&path).map_err(StoreError::io(format!("read {}", segment::shown(number))))?;
        let mut offset = segment::HEADER;
        while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
            match Entry::read(rest) {
                Ok(entry) => {
                    let length = entry.bytes.len();
                    found.push((entry.sequence, Found { segment: number, offset: offset as u64, length }));
                    offset += length;
                }
                Err(_) => offset += ALIGNMENT,
            }
        }
    }
    Ok(found)
}

/// Writes entries, bytes unchanged, into segments of a new journal.
pub struct Rewriter {
    folder: PathBuf,
    limits: Limits,
    file: File,
    tail: Tail,
}

impl Rewriter {
    pub fn begin(folder: &Path, limits: Limits) -> Result<Self, StoreError> {
        let file = make(folder, &Header::FIRST)?;
        Ok(Rewriter { folder: folder.to_owned(), limits, file, tail: Tail::at_start_of(&Header::FIRST) })
    }

    /// The end of what was written.
    pub fn tail(&self) -> &Tail {
        &self.tail
    }

    /// The entry must follow the one before. A group stays within one segment.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let entry = Entry::read(bytes).map_err(|fault| self.tail.damaged(fault.to_string()))?;
        let length = bytes.len() as u64;
        let begun = self.tail.offset > segment::HEADER as u64;
        if begun && entry.group == entry.sequence && self.tail.offset.saturating_add(length) > self.limits.segment {
            self.file.sync_all().map_err(self.doing())?;
            let header = Header {
                number: self.tail.segment + 1,
                first_sequence: self.tail.sequence + 1,
                previous: self.tail.digest,
            };
            self.file = make(&self.folder, &header)?;
            self.tail = Tail::at_start_of(&header);
        }
        self.file.write_all_at(bytes, self.tail.offset).map_err(self.doing())?;
        self.tail.offset += length;
        (self.tail.sequence, self.tail.digest) = (entry.sequence, entry.digest());
        Ok(())
    }

    /// Makes everything durable.
    pub fn finish(self) -> Result<Mark, StoreError> {
        self.file.sync_all().map_err(self.doing())?;
        segment::sync_folder(&self.folder).map_err(self.doing())?;
        let Tail { segment, offset, sequence, digest } = self.tail;
        Ok(Mark { segment, offset, sequence, digest })
    }

    fn doing(&self) -> impl FnOnce(std::io::Error) -> StoreError + use<> {
        StoreError::io(format!("write the mended {}", segment::shown(self.tail.segment)))
    }
}

fn make(folder: &Path, header: &Header) -> Result<File, StoreError> {
    segment::create(folder, header, segment::HEADER as u64)
        .map_err(StoreError::io(format!("make the mended {}", segment::shown(header.number))))
}
