//! Reading what is acknowledged without taking the store: beside a running heng, or without one.

use std::ops::ControlFlow;
use std::path::Path;

use super::embedded::walk_ledger;
use super::error::StoreError;
use super::{Kind, StoredRecord};

/// Shows every acknowledged evaluation to `visit`, the oldest first, until it breaks off. Nothing is locked and nothing
/// is written; records that are acknowledged meanwhile are left for the next walk.
///
/// # Errors
/// As [`walk_ledger`]: every byte on the way is proven.
pub fn walk_evaluations(root: &Path, visit: &mut dyn FnMut(StoredRecord) -> ControlFlow<()>) -> Result<(), StoreError> {
    let visited = walk_ledger(root, &mut |entry| match entry.record.kind {
        Kind::Evaluation => visit(entry.record),
        Kind::Revision | Kind::Activation => ControlFlow::Continue(()),
    });
    visited.map(drop)
}
