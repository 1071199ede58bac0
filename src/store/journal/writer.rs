//! Appending to the journal. One thread owns the [`Journal`]; there is no other writer.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::segment::{self, Header};
use super::survey::Tail;
use super::{Digest, Prepared};
use crate::store::error::StoreError;
use crate::store::mark::Mark;

/// Sizes of the journal's files, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A segment that a further group would take past this size is closed first.
    pub segment: u64,
    /// Room is made in steps of this size.
    pub step: u64,
}

/// The end of the journal, open for appending.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    limits: Limits,
    file: File,
    /// Of the segment that is written to.
    header: Header,
    tail: Tail,
    /// Bytes of the segment that are real blocks on the disk.
    allocated: u64,
}

/// A group that was appended and synced.
#[derive(Debug)]
pub struct Written {
    /// Sequence of the first entry.
    pub first: u64,
    /// The entries, one after the other.
    pub bytes: Vec<u8>,
    /// The length of each.
    pub lengths: Vec<usize>,
    /// Digest of the last.
    pub digest: Digest,
}

impl Journal {
    /// Opens the journal at its surveyed end, in the segment of this header, or makes its first segment.
    ///
    /// What follows the tail is cut off when `torn`. The bytes from `settled` to the tail are written again and
    /// synced: after a failed fsync the system may hold them in memory as if they were on the disk, and nobody
    /// was told yet that they are.
    pub fn resume(
        folder: &Path,
        limits: Limits,
        end: Option<(Header, Tail)>,
        torn: bool,
        settled: u64,
    ) -> Result<Self, StoreError> {
        let Some((header, tail)) = end else {
            return Self::begin(folder, limits);
        };
        let doing = || StoreError::io(format!("open {} for writing", segment::shown(tail.segment)));
        let path = folder.join(segment::file_name(tail.segment));
        let file = File::options().read(true).write(true).open(path).map_err(doing())?;
        if torn {
            file.set_len(tail.offset).map_err(doing())?;
        }
        rewrite(&file, settled.max(segment::HEADER as u64), tail.offset).map_err(doing())?;
        file.sync_all().map_err(doing())?;
        segment::sync_folder(folder).map_err(doing())?;
        let allocated = file.metadata().map_err(doing())?.len();
        Ok(Journal { folder: folder.to_owned(), limits, file, header, tail, allocated })
    }

    /// Of the segment that is written to.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Makes room for a group of this size, in a new segment if need be. On an error nothing was appended and
    /// the journal is as it was.
    pub fn reserve(&mut self, bytes: u64) -> Result<(), StoreError> {
        let begun = self.tail.offset > segment::HEADER as u64;
        if begun && self.tail.offset.saturating_add(bytes) > self.limits.segment {
            self.rotate(bytes)?;
        }
        let end = self.tail.offset.saturating_add(bytes);
        if end > self.allocated {
            let wanted = with_room(end, self.limits);
            segment::fill_with_zeros(&self.file, self.allocated, wanted)
                .map_err(StoreError::io(format!("make room in {}", segment::shown(self.tail.segment))))?;
            self.allocated = wanted;
        }
        Ok(())
    }

    /// Appends one group and syncs it. Room for it must have been reserved.
    ///
    /// After an error nothing is known about the group: the journal must not be used again in this process.
    pub fn append(&mut self, records: &[Prepared]) -> Result<Written, StoreError> {
        let first = self.tail.sequence + 1;
        let mut bytes = Vec::with_capacity(group_size(records));
        let mut digest = self.tail.digest;
        for (sequence, record) in (first..).zip(records) {
            digest = record.append_to(&mut bytes, sequence, first, &digest);
        }
        let doing = || StoreError::broken(format!("write {}", segment::shown(self.tail.segment)));
        self.file.write_all_at(&bytes, self.tail.offset).map_err(doing())?;
        self.file.sync_data().map_err(doing())?;
        self.tail.offset += bytes.len() as u64;
        self.tail.sequence += records.len() as u64;
        self.tail.digest = digest;
        Ok(Written { first, bytes, lengths: records.iter().map(Prepared::entry_size).collect(), digest })
    }

    /// How far the journal is synced.
    pub fn mark(&self) -> Mark {
        let Tail { segment, offset, sequence, digest } = self.tail;
        Mark { segment, offset, sequence, digest }
    }

    /// Writes to another file from now on: to fail as a disk would.
    #[cfg(test)]
    pub fn redirect(&mut self, file: File) {
        self.file = file;
    }

    fn begin(folder: &Path, limits: Limits) -> Result<Self, StoreError> {
        let header = Header::FIRST;
        let allocated = with_room(segment::HEADER as u64, limits);
        let file = segment::create(folder, &header, allocated)
            .map_err(StoreError::io(format!("make {}", segment::shown(header.number))))?;
        Ok(Journal { folder: folder.to_owned(), limits, file, header, tail: Tail::at_start_of(&header), allocated })
    }

    /// Closes the segment and opens the next one with room for `bytes`.
    fn rotate(&mut self, bytes: u64) -> Result<(), StoreError> {
        let doing = || StoreError::io(format!("close {}", segment::shown(self.tail.segment)));
        self.file.set_len(self.tail.offset).map_err(doing())?;
        self.allocated = self.tail.offset;
        self.file.sync_all().map_err(doing())?;
        let header = Header {
            number: self.tail.segment + 1,
            first_sequence: self.tail.sequence + 1,
            previous: self.tail.digest,
        };
        let allocated = with_room((segment::HEADER as u64).saturating_add(bytes), self.limits);
        self.file = segment::create(&self.folder, &header, allocated)
            .map_err(StoreError::io(format!("make {}", segment::shown(header.number))))?;
        self.tail = Tail::at_start_of(&header);
        self.header = header;
        self.allocated = allocated;
        Ok(())
    }
}

/// Bytes that a group of these records takes.
pub fn group_size(records: &[Prepared]) -> usize {
    records.iter().map(Prepared::entry_size).sum()
}

/// `end` and some room behind it, up to the size of a segment.
fn with_room(end: u64, limits: Limits) -> u64 {
    end.saturating_add(limits.step).min(limits.segment.max(end))
}

fn rewrite(file: &File, from: u64, to: u64) -> io::Result<()> {
    let mut chunk = vec![0; 1 << 16];
    let mut at = from;
    while at < to {
        let count = usize::try_from(to - at).unwrap_or(usize::MAX).min(chunk.len());
        let (part, _) = chunk.split_at_mut(count);
        file.read_exact_at(part, at)?;
        file.write_all_at(part, at)?;
        at += count as u64;
    }
    Ok(())
}
