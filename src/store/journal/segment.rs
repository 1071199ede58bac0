//! Segment files: their names, headers, making and listing.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::{Digest, GENESIS};
use crate::store::cursor::Cursor;
use crate::store::error::StoreError;

/// Bytes of a segment's header.
pub const HEADER: usize = 64;

const MAGIC: [u8; 8] = *b"HENGSEG\0";
const VERSION: u32 = 1;
const UNFINISHED: &str = ".seg.new";

/// How a segment begins; each field follows from the segment before, so that none can be missing or swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// From 1, without gaps.
    pub number: u64,
    pub first_sequence: u64,
    /// Digest of the entry before the first.
    pub previous: Digest,
}

impl Header {
    /// The header of the first segment of every journal.
    pub const FIRST: Header = Header { number: 1, first_sequence: 1, previous: GENESIS };

    pub fn encode(&self) -> Vec<u8> {
        let Header { number, first_sequence, previous } = self;
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&number.to_le_bytes());
        out.extend_from_slice(&first_sequence.to_le_bytes());
        out.extend_from_slice(previous);
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        out
    }

    /// Reads a header from the start of a segment, or `None` if there is no intact one.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (summed, _) = bytes.split_at_checked(HEADER - 4)?;
        let mut cursor = Cursor::new(bytes);
        let magic: [u8; 8] = cursor.array()?;
        let version = cursor.u32()?;
        let header = Header { number: cursor.u64()?, first_sequence: cursor.u64()?, previous: cursor.array()? };
        let intact = cursor.u32()? == crc32c::crc32c(summed);
        (intact && magic == MAGIC && version == VERSION).then_some(header)
    }
}

pub fn file_name(number: u64) -> String {
    format!("{number:08}.seg")
}

/// The name of a segment in messages, relative to the data folder.
pub fn shown(number: u64) -> String {
    format!("journal/{}", file_name(number))
}

/// Numbers of the segments in the folder, ascending. Other files are left alone.
pub fn list(folder: &Path) -> Result<Vec<u64>, StoreError> {
    let doing = || StoreError::io(format!("list {}", folder.display()));
    let mut numbers = Vec::new();
    for item in fs::read_dir(folder).map_err(doing())? {
        let name = item.map_err(doing())?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".seg")).and_then(|stem| stem.parse().ok());
        numbers.extend(number.filter(|number| name.to_str() == Some(&file_name(*number))));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Makes a segment with `allocated` bytes of room and returns it once it will outlive a power cut.
///
/// It is written under another name first: a segment under its own name has a whole header. Existing files are
/// never overwritten.
pub fn create(folder: &Path, header: &Header, allocated: u64) -> io::Result<File> {
    let unfinished = folder.join(format!("{:08}{UNFINISHED}", header.number));
    let finished = folder.join(file_name(header.number));
    if finished.try_exists()? {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} exists", finished.display())));
    }
    let made = File::options().read(true).write(true).create(true).truncate(true).open(&unfinished).and_then(|file| {
        file.write_all_at(&header.encode(), 0)?;
        fill_with_zeros(&file, HEADER as u64, allocated)?;
        file.sync_all()?;
        Ok(file)
    });
    match made {
        Ok(file) => {
            fs::rename(&unfinished, &finished)?;
            sync_folder(folder)?;
            Ok(file)
        }
        Err(error) => {
            fs::remove_file(&unfinished).ok();
            Err(error)
        }
    }
}

/// Removes what a process that was killed while making a segment left behind.
pub fn remove_unfinished(folder: &Path) -> Result<(), StoreError> {
    let doing = || StoreError::io(format!("clean {}", folder.display()));
    for item in fs::read_dir(folder).map_err(doing())? {
        let item = item.map_err(doing())?;
        if item.file_name().to_str().is_some_and(|name| name.ends_with(UNFINISHED)) {
            fs::remove_file(item.path()).map_err(doing())?;
        }
    }
    Ok(())
}

/// Makes a change of names in the folder durable.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Writes zeros from `from` up to `to`: real blocks, so that a later fdatasync changes no metadata and a full
/// disk shows here, where nothing is at stake.
pub fn fill_with_zeros(file: &File, from: u64, to: u64) -> io::Result<()> {
    static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
    let mut at = from;
    while at < to {
        let count = usize::try_from(to - at).unwrap_or(usize::MAX).min(ZEROS.len());
        let (chunk, _) = ZEROS.split_at(count);
        file.write_all_at(chunk, at)?;
        at += count as u64;
    }
    Ok(())
}
