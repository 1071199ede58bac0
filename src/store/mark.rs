//! The high-water mark: how far the journal is known to be synced, in a file of its own.
//!
//! Two slots of 4096 bytes take turns, so that a torn write of one leaves the other. A slot, little-endian:
//! `"HENGMARK"`, turn (8), segment (8), offset behind the last entry (8), its sequence (8), its digest (32),
//! CRC-32C of the 72 bytes before (4). The intact slot with the higher turn counts.
//!
//! The mark is written after the fdatasync of a group and before its acknowledgement, without a sync of its own:
//! it may fall behind in a power cut, and is never ahead of what is synced.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::cursor::Cursor;
use super::error::StoreError;
use super::journal::Digest;

const MAGIC: [u8; 8] = *b"HENGMARK";
const SLOT: usize = 4096;
const SUMMED: usize = 72;

/// The end of the last entry that is known to be synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub segment: u64,
    pub offset: u64,
    /// 0 when nothing was written yet.
    pub sequence: u64,
    pub digest: Digest,
}

/// The file, open for writing.
#[derive(Debug)]
pub struct MarkFile {
    file: File,
    turn: u64,
}

impl MarkFile {
    /// Opens or makes the file and reads the mark: `None` when there is no file or no intact slot.
    pub fn open(path: &Path) -> Result<(Self, Option<Mark>), StoreError> {
        let doing = || StoreError::io(format!("read {}", path.display()));
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(doing())?;
        let mut bytes = Vec::with_capacity(2 * SLOT);
        file.by_ref().take(2 * SLOT as u64).read_to_end(&mut bytes).map_err(doing())?;
        let newest = newest(&bytes);
        let turn = newest.map_or(0, |(turn, _)| turn);
        Ok((MarkFile { file, turn }, newest.map(|(_, mark)| mark)))
    }

    /// The mark in a file that somebody else may be writing: `None` when there is no file or no intact slot.
    pub fn read(path: &Path) -> Result<Option<Mark>, StoreError> {
        let mut bytes = Vec::with_capacity(2 * SLOT);
        match File::open(path).and_then(|file| file.take(2 * SLOT as u64).read_to_end(&mut bytes)) {
            Ok(_) => Ok(newest(&bytes).map(|(_, mark)| mark)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io(format!("read {}", path.display()))(error)),
        }
    }

    /// Moves the mark, without a sync.
    pub fn write(&mut self, mark: &Mark) -> Result<(), StoreError> {
        self.turn += 1;
        let slot = self.turn % 2;
        self.file
            .write_all_at(&encode(self.turn, mark), slot * SLOT as u64)
            .map_err(StoreError::broken("write the high-water mark"))
    }

    /// Fills both slots and syncs them.
    pub fn settle(&mut self, mark: &Mark) -> Result<(), StoreError> {
        self.write(mark)?;
        self.write(mark)?;
        self.file.sync_all().map_err(StoreError::io("sync the high-water mark"))
    }
}

fn newest(slots: &[u8]) -> Option<(u64, Mark)> {
    slots.chunks(SLOT).filter_map(decode).max_by_key(|(turn, _)| *turn)
}

fn encode(turn: u64, mark: &Mark) -> Vec<u8> {
    let Mark { segment, offset, sequence, digest } = mark;
    let mut out = Vec::with_capacity(SLOT);
    out.extend_from_slice(&MAGIC);
    for field in [turn, *segment, *offset, *sequence] {
        out.extend_from_slice(&field.to_le_bytes());
    }
    out.extend_from_slice(digest);
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    out
}

fn decode(slot: &[u8]) -> Option<(u64, Mark)> {
    let (summed, _) = slot.split_at_checked(SUMMED)?;
    let mut cursor = Cursor::new(slot);
    let magic: [u8; 8] = cursor.array()?;
    let turn = cursor.u64()?;
    let mark = Mark { segment: cursor.u64()?, offset: cursor.u64()?, sequence: cursor.u64()?, digest: cursor.array()? };
    (cursor.u32()? == crc32c::crc32c(summed) && magic == MAGIC).then_some((turn, mark))
}
