//! Reading the journal from a known place to its end, proving every byte on the way.

use std::fs;
use std::path::Path;

use super::Digest;
use super::entry::{self, Entry, EntryFault};
use super::segment::{self, Header};
use crate::store::error::StoreError;

/// Where the next entry will stand, and what it has to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    pub segment: u64,
    pub offset: u64,
    /// Of the last entry; 0 in an empty journal.
    pub sequence: u64,
    /// Of the last entry.
    pub digest: Digest,
}

impl Tail {
    pub fn at_start_of(header: &Header) -> Self {
        Tail {
            segment: header.number,
            offset: segment::HEADER as u64,
            sequence: header.first_sequence.saturating_sub(1),
            digest: header.previous,
        }
    }

    /// The error for damage found at this place.
    pub fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::Damaged {
            segment: segment::shown(self.segment),
            offset: self.offset,
            sequence: self.sequence.saturating_add(1),
            what: what.into(),
        }
    }
}

/// A good entry on the way.
#[derive(Debug, Clone, Copy)]
pub struct Met<'a> {
    pub entry: Entry<'a>,
    /// Of this entry.
    pub digest: Digest,
    /// Where it begins.
    pub place: Tail,
}

/// Bytes behind the last good entry of the last segment that are neither an entry nor preallocated zeros.
/// Whether they may be cut off is for the caller to judge: see the module's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torn {
    pub fault: EntryFault,
    /// Bytes from the tail to the end of the file.
    pub bytes: u64,
    /// Sequence of an intact entry of a later group behind the tail: proof that the bytes were synced once.
    pub later: Option<u64>,
}

/// What was found between the start and the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// `None` when there is no segment at all.
    pub tail: Option<Tail>,
    pub torn: Option<Torn>,
    /// The headers of the segments that were read.
    pub segments: Vec<Header>,
}

/// Reads the journal from the segment `start` on and shows each entry to `visit`.
///
/// Every entry must have its checksum, its place in the order and the digest of the one before; every segment
/// must follow from the one before. The first thing that does not is [`StoreError::Damaged`], except at the end
/// of the last segment, where it is [`Torn`]. An error of `visit` ends the walk.
pub fn survey(
    folder: &Path,
    start: Header,
    visit: &mut dyn FnMut(&Met<'_>) -> Result<(), StoreError>,
) -> Result<Survey, StoreError> {
    let mut numbers = segment::list(folder)?;
    numbers.retain(|number| *number >= start.number);
    survey_segments(folder, &numbers, start, None, visit)
}

/// Reads the journal from its beginning up to `end`, which lies in this segment at this offset, and nothing
/// behind: there somebody else may be writing.
pub fn survey_up_to(
    folder: &Path,
    (segment, offset): (u64, u64),
    visit: &mut dyn FnMut(&Met<'_>) -> Result<(), StoreError>,
) -> Result<Survey, StoreError> {
    let mut numbers = segment::list(folder)?;
    numbers.retain(|number| *number <= segment);
    survey_segments(folder, &numbers, Header::FIRST, Some((segment, offset)), visit)
}

/// Reads the closed segments before the one of `end`, which must follow from them.
pub fn survey_before(
    folder: &Path,
    end: &Header,
    visit: &mut dyn FnMut(&Met<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut numbers = segment::list(folder)?;
    numbers.retain(|number| *number < end.number);
    let Survey { tail, torn, segments } = survey_segments(folder, &numbers, Header::FIRST, None, visit)?;
    let tail = tail.unwrap_or(Tail::at_start_of(&Header::FIRST));
    if let Some(torn) = torn {
        return Err(tail.damaged(format!("{}, and later segments follow", torn.fault)));
    }
    if segments.len() as u64 + 1 != end.number || (end.first_sequence, end.previous) != (tail.sequence + 1, tail.digest)
    {
        return Err(tail.damaged("the next segment does not follow from the end of this one"));
    }
    Ok(())
}

fn survey_segments(
    folder: &Path,
    numbers: &[u64],
    start: Header,
    end: Option<(u64, u64)>,
    visit: &mut dyn FnMut(&Met<'_>) -> Result<(), StoreError>,
) -> Result<Survey, StoreError> {
    let mut found = Survey { tail: None, torn: None, segments: Vec::new() };
    let mut expected = start;
    let mut remaining = numbers.iter().peekable();
    while let Some(number) = remaining.next() {
        let mut tail = Tail::at_start_of(&expected);
        if *number != expected.number {
            return Err(Tail { offset: 0, ..tail }.damaged("the segment is missing"));
        }
        let path = folder.join(segment::file_name(*number));
        let mut bytes = fs::read(&path).map_err(StoreError::io(format!("read {}", segment::shown(*number))))?;
        if let Some((_, offset)) = end.filter(|(segment, _)| segment == number) {
            bytes.truncate(usize::try_from(offset).unwrap_or(usize::MAX));
        }
        check_header(&bytes, &expected, tail)?;
        found.segments.push(expected);
        let end = walk(&bytes, &mut tail, visit)?;
        let last = remaining.peek().is_none();
        found.tail = Some(tail);
        match end {
            End::Clean => {}
            End::Fault(fault) if last => found.torn = Some(torn(&bytes, &tail, fault)),
            End::Fault(fault) => return Err(tail.damaged(format!("{fault}, and later segments follow"))),
        }
        expected =
            Header { number: number + 1, first_sequence: tail.sequence.saturating_add(1), previous: tail.digest };
    }
    Ok(found)
}

fn check_header(bytes: &[u8], expected: &Header, tail: Tail) -> Result<(), StoreError> {
    let at_start = Tail { offset: 0, ..tail };
    match Header::decode(bytes) {
        None => Err(at_start.damaged("the header of the segment is not intact")),
        Some(header) if header == *expected => Ok(()),
        Some(header) if header.number != expected.number => {
            Err(at_start.damaged(format!("this is segment {} under another name", header.number)))
        }
        Some(header) if header.first_sequence != expected.first_sequence => Err(at_start.damaged(format!(
            "the segment begins at sequence {}: the entries before it are missing from the end of the segment before",
            header.first_sequence
        ))),
        Some(_) => Err(at_start.damaged("the segment does not follow from the entry before it")),
    }
}

/// How the entries of a segment end.
enum End {
    /// At the end of the file or in preallocated zeros.
    Clean,
    Fault(EntryFault),
}

/// Moves `tail` over the good entries of a segment.
fn walk(
    bytes: &[u8],
    tail: &mut Tail,
    visit: &mut dyn FnMut(&Met<'_>) -> Result<(), StoreError>,
) -> Result<End, StoreError> {
    let mut group = tail.sequence.saturating_add(1);
    loop {
        let rest = behind(bytes, tail.offset);
        let entry = match Entry::read(rest) {
            Ok(entry) => entry,
            Err(_) if rest.iter().all(|byte| *byte == 0) => return Ok(End::Clean),
            Err(fault) => return Ok(End::Fault(fault)),
        };
        if entry.sequence != tail.sequence.saturating_add(1) {
            return Err(tail.damaged(format!("the entry of sequence {} stands here", entry.sequence)));
        }
        if entry.previous != tail.digest {
            return Err(tail.damaged("the entry does not carry the digest of the one before it"));
        }
        if entry.group != entry.sequence && entry.group != group {
            return Err(tail.damaged("the entry does not belong to the group it stands in"));
        }
        group = entry.group;
        let digest = entry.digest();
        visit(&Met { entry, digest, place: *tail })?;
        tail.offset += entry.bytes.len() as u64;
        (tail.sequence, tail.digest) = (entry.sequence, digest);
    }
}

/// Weighs what stands behind the last good entry.
fn torn(bytes: &[u8], tail: &Tail, fault: EntryFault) -> Torn {
    let rest = behind(bytes, tail.offset);
    let expected = tail.sequence.saturating_add(1);
    let mut later = None;
    let mut at = rest;
    while let Some((_, next)) = at.split_at_checked(entry::ALIGNMENT) {
        at = next;
        // What claims to be of a later group is rare enough to sum up.
        let claims = entry::claimed_group(at).is_some_and(|group| group > expected);
        if claims && let Ok(entry) = Entry::read(at) {
            later = Some(entry.sequence);
            break;
        }
    }
    Torn { fault, bytes: rest.len() as u64, later }
}

fn behind(bytes: &[u8], offset: u64) -> &[u8] {
    usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default()
}
