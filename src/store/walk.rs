//! Reading what is acknowledged without taking the store: beside a running heng, or without one.

use std::path::Path;

use super::embedded::require_format;
use super::error::StoreError;
use super::journal::{Met, survey_up_to};
use super::mark::{Mark, MarkFile};
use super::{Kind, StoredRecord, record};

/// How many records are acknowledged now.
pub fn acknowledged(root: &Path) -> Result<u64, StoreError> {
    Ok(mark(root)?.map_or(0, |mark| mark.sequence))
}

/// Shows every acknowledged evaluation to `visit`, the oldest first. Nothing is locked and nothing is written; records
/// that are acknowledged meanwhile are left for the next walk.
///
/// # Errors
/// As [`verify`](super::verify()): every byte on the way is proven.
pub fn walk(root: &Path, visit: &mut dyn FnMut(StoredRecord)) -> Result<(), StoreError> {
    let Some(mark) = mark(root)? else { return Ok(()) };
    let end = (mark.segment, mark.offset);
    let decode = |met: &Met<'_>| {
        record::decode(met.entry.record, met.entry.sequence).map_err(|fault| met.place.damaged(fault.to_string()))
    };
    let survey = survey_up_to(&root.join("journal"), end, &mut |met| {
        let record = decode(met)?;
        if record.kind == Kind::Evaluation {
            visit(record);
        }
        Ok(())
    })?;
    match survey.tail {
        Some(tail) if tail.sequence < mark.sequence => {
            Err(tail.damaged(format!("entries up to {} were acknowledged, and they end here", mark.sequence)))
        }
        _ => Ok(()),
    }
}

fn mark(root: &Path) -> Result<Option<Mark>, StoreError> {
    require_format(root)?;
    MarkFile::read(&root.join("high-water"))
}
