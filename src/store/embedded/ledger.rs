//! Walking the ledger: every acknowledged record in its order, the chain proven on the way. Nothing is locked or
//! changed, so that it can be done beside a running heng.

use std::ops::ControlFlow;
use std::path::Path;

use super::folder;
use super::proof::{Seen, judge};
use crate::store::error::StoreError;
use crate::store::journal::{self, Header, Tail};
use crate::store::ledger::{LedgerEntry, LedgerHead, Visit};
use crate::store::mark::{Mark, MarkFile};

/// How many records are acknowledged, beside a running heng or without one.
pub fn length(root: &Path) -> Result<u64, StoreError> {
    mark_of(root).map(|mark| mark.sequence)
}

/// Walks the store in this folder up to what is acknowledged; gives the last entry that was shown.
///
/// # Errors
/// [`StoreError::Damaged`] names the first entry whose bytes, order or absence breaks the chain.
pub fn walk(root: &Path, visit: &mut Visit<'_>) -> Result<LedgerHead, StoreError> {
    walk_up_to(&root.join("journal"), mark_of(root)?, visit)
}

fn mark_of(root: &Path) -> Result<Mark, StoreError> {
    folder::require_format(root)?;
    MarkFile::read(&root.join("high-water"))?.ok_or_else(|| {
        let what = "it has no intact high-water mark; run `heng store verify`".to_owned();
        StoreError::NotAStore { path: root.join("high-water"), what }
    })
}

fn walk_up_to(journal: &Path, mark: Mark, visit: &mut Visit<'_>) -> Result<LedgerHead, StoreError> {
    let mut seen = Seen::new(&Header::FIRST, Some(mark), None);
    let mut stopped = None;
    let walked = journal::survey_up_to(journal, (mark.segment, mark.offset), &mut |met| {
        let record = seen.entry(met)?;
        let entry = LedgerEntry { previous: met.entry.previous, digest: met.digest, bytes: met.entry.bytes, record };
        let head = LedgerHead { sequence: entry.record.sequence, digest: entry.digest };
        match visit(entry) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => {
                stopped = Some(head);
                // Ends the survey; nobody sees it.
                Err(StoreError::Poisoned)
            }
        }
    });
    if let Some(head) = stopped {
        return Ok(head);
    }
    let survey = walked?;
    let tail = survey.tail.unwrap_or(Tail::at_start_of(&Header::FIRST));
    judge(&survey, &tail, Some(mark), &seen)?;
    Ok(LedgerHead { sequence: tail.sequence, digest: tail.digest })
}
