//! What opening may take on trust: a note of the files that this store closed itself.
//!
//! Proving a store reads all of it, which takes longer the more it holds. A file that the store had proven and
//! closed, and that nobody touched since (same size, times and inode), needs no second proof at every start:
//! its bytes still carry their checksums, and every read verifies them. Whatever was touched, copied or
//! restored is proven again, byte by byte, as is everything when the note is missing or not intact.
//!
//! ```text
//! heng seal 1
//! boot 7f0c…                                  of the machine when the note was written
//! closed                                      or `open`: the store was in use when it was written
//! start 7 90211 1f3a…                         the last segment: number, first sequence, digest before it
//! file 67108864 1764000000123456789 1764000000123456789 4711 journal/00000006.seg
//! crc 1a2b3c4d                                CRC-32C of the lines before
//! ```
//!
//! While the store is open the note names the closed segments. A clean end adds the other files.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::folder::Folder;
use crate::store::error::StoreError;
use crate::store::journal::{Digest, Header, segment_name};

const FIRST_LINE: &str = "heng seal 1";
/// No file system's times are coarser on Linux, where times are kept in ticks of the kernel's clock.
const CLOCK_TICK: Duration = Duration::from_millis(20);
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// How far a note lets opening trust the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexTrust {
    /// It is as a clean end left it.
    AsClosed,
    /// The process was killed, not the machine: what sled wrote is there up to some moment, and a look in the
    /// background makes sure.
    Killed,
    /// It must be compared with the journal.
    None,
}

/// What need not be proven again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust {
    /// The first segment that must be read; those before it are as they were closed.
    pub start: Header,
    pub index: IndexTrust,
}

impl Trust {
    /// Prove everything.
    pub const NOTHING: Trust = Trust { start: Header::FIRST, index: IndexTrust::None };
}

/// Compares the note with the folder.
pub fn trust(folder: &Folder) -> Trust {
    read(folder).unwrap_or(Trust::NOTHING)
}

/// Notes the closed segments of a store in use; `last` is the header of the segment that is written to.
pub fn note_open(folder: &Folder, last: &Header) -> Result<(), StoreError> {
    let files = (1..last.number).map(|number| format!("journal/{}", segment_name(number)));
    write(folder, "open", last, files)
}

/// Notes every file at the end, once nothing writes any more.
pub fn note_closed(folder: &Folder, last: &Header) -> Result<(), StoreError> {
    // A file that is touched within the same tick of the clock as our last write would look untouched.
    thread::sleep(CLOCK_TICK);
    let mut files = vec!["high-water".to_owned()];
    for part in ["journal", "index"] {
        list(folder.root(), part, &mut files)
            .map_err(StoreError::io(format!("list {}", folder.root().join(part).display())))?;
    }
    files.sort();
    write(folder, "closed", last, files.into_iter())
}

fn read(folder: &Folder) -> Option<Trust> {
    let text = fs::read_to_string(folder.seal()).ok()?;
    let (signed, sum) = text.rsplit_once("crc ")?;
    if u32::from_str_radix(sum.trim_end(), 16).ok()? != crc32c::crc32c(signed.as_bytes()) {
        return None;
    }
    let mut lines = signed.lines();
    (lines.next()? == FIRST_LINE).then_some(())?;
    let boot = lines.next()?.strip_prefix("boot ")?.to_owned();
    let closed = match lines.next()? {
        "closed" => true,
        "open" => false,
        _ => return None,
    };
    let start = header(lines.next()?)?;
    let noted: Vec<&str> = lines.collect();
    let untouched = |line: &&str| is_untouched(folder.root(), line);
    let (segments, others): (Vec<&str>, Vec<&str>) =
        noted.into_iter().partition(|line| line.contains(" journal/") && !line.ends_with(&segment_name(start.number)));
    let all_segments = segments.len() as u64 == start.number - 1 && segments.iter().all(untouched);
    if !all_segments {
        return None;
    }
    let index = match closed {
        true if others.iter().all(untouched) && same_files(folder, &others) => IndexTrust::AsClosed,
        false if !boot.is_empty() && boot == boot_id() => IndexTrust::Killed,
        // The comparison with the index reads the whole journal anyway.
        _ => return None,
    };
    Some(Trust { start, index })
}

/// Whether the index has exactly the files that were noted.
fn same_files(folder: &Folder, noted: &[&str]) -> bool {
    let mut found = Vec::new();
    let listed = list(folder.root(), "index", &mut found);
    listed.is_ok() && found.len() == noted.iter().filter(|line| line.contains(" index/")).count()
}

fn header(line: &str) -> Option<Header> {
    let mut words = line.strip_prefix("start ")?.split(' ');
    let (number, first_sequence) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let mut previous: Digest = [0; 32];
    let hex = words.next()?.as_bytes();
    (hex.len() == 64 && number > 0).then_some(())?;
    for (byte, pair) in previous.iter_mut().zip(hex.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(Header { number, first_sequence, previous })
}

fn write(folder: &Folder, state: &str, last: &Header, files: impl Iterator<Item = String>) -> Result<(), StoreError> {
    let (path, unfinished) = (folder.seal(), folder.root().join("seal.new"));
    let doing = || StoreError::io(format!("write {}", path.display()));
    let Header { number, first_sequence, previous } = last;
    let digest = previous.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let mut text = format!("{FIRST_LINE}\nboot {}\n{state}\nstart {number} {first_sequence} {digest}\n", boot_id());
    for file in files {
        let line = fingerprint(folder.root(), &file).map_err(doing())?;
        writeln!(text, "{line}").ok();
    }
    let sum = crc32c::crc32c(text.as_bytes());
    writeln!(text, "crc {sum:08x}").ok();
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(folder.root())?.sync_all()
    });
    written.map_err(doing())
}

/// A line about a file as it is now.
fn fingerprint(root: &Path, file: &str) -> io::Result<String> {
    let found = fs::metadata(root.join(file))?;
    let time = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let (modified, changed) = (time(found.mtime(), found.mtime_nsec()), time(found.ctime(), found.ctime_nsec()));
    Ok(format!("file {} {modified} {changed} {} {file}", found.len(), found.ino()))
}

fn is_untouched(root: &Path, line: &str) -> bool {
    let file = line.splitn(6, ' ').last().unwrap_or_default();
    fingerprint(root, file).is_ok_and(|now| now == line)
}

/// The files below `part`, relative to the root.
fn list(root: &Path, part: &str, files: &mut Vec<String>) -> io::Result<()> {
    for item in fs::read_dir(root.join(part))? {
        let item = item?;
        let name = format!("{part}/{}", item.file_name().to_string_lossy());
        if item.file_type()?.is_dir() { list(root, &name, files)? } else { files.push(name) }
    }
    Ok(())
}

/// Changes with every start of the machine; empty where it cannot be told.
fn boot_id() -> String {
    fs::read_to_string(BOOT).map(|id| id.trim().to_owned()).unwrap_or_default()
}
