//! A refusal as a gRPC status with details (AIP-193).

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::app::Refusal;
use crate::diagnostic::Bilingual;
use crate::form::Violation;
use crate::ruleset::Selection;
use crate::store::StoreError;

const DOMAIN: &str = "heng";
/// Bytes of violations in one status. Details travel in a trailer, base64 adds a third, and clients take 8 KiB of
/// metadata in all unless told otherwise.
const VIOLATION_BYTES: usize = 4096;

/// Code and reason by kind of refusal; the sentence in English as the message and in Chinese as the
/// localized one.
pub(super) fn status_of(refusal: &Refusal) -> Status {
    let (code, reason) = kind(refusal);
    let Bilingual { zh, en } = refusal.message();
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, HashMap::<String, String>::new());
    details.set_localized_message("zh-CN", zh);
    if let Refusal::Invalid(violations) = refusal {
        details.set_bad_request(listed(violations));
    }
    if matches!(refusal, Refusal::Store(StoreError::Busy)) {
        details.set_retry_info(Some(Duration::from_millis(200)));
    }
    Status::with_error_details(code, en, details)
}

/// The violations that fit into a trailer.
fn listed(violations: &[Violation]) -> Vec<FieldViolation> {
    let mut room = VIOLATION_BYTES;
    let mut listed = Vec::new();
    for Violation { field, message } in violations {
        let Some(rest) = room.checked_sub(field.len() + message.zh.len()) else {
            listed.push(FieldViolation::new("", "另有问题未列出，请先改正以上各处"));
            break;
        };
        room = rest;
        listed.push(FieldViolation::new(field.clone(), message.zh.clone()));
    }
    listed
}

fn kind(refusal: &Refusal) -> (Code, &'static str) {
    match refusal {
        Refusal::Invalid(_) => (Code::InvalidArgument, "INVALID_FORM"),
        Refusal::NoRules(Selection::UnknownPack(_)) => (Code::NotFound, "UNKNOWN_RULE_PACK"),
        Refusal::NoRules(Selection::UnknownRevision { .. }) => (Code::NotFound, "UNKNOWN_REVISION"),
        Refusal::NoRules(Selection::NothingApplies { .. }) => (Code::FailedPrecondition, "NO_RULES_APPLY"),
        Refusal::NotFound { .. } => (Code::NotFound, "NOT_FOUND"),
        Refusal::Store(StoreError::RequestConflict { .. }) => (Code::AlreadyExists, "REQUEST_ID_REUSED"),
        Refusal::Store(StoreError::TooLarge { .. }) => (Code::InvalidArgument, "TOO_LARGE"),
        Refusal::Store(StoreError::BadId) => (Code::InvalidArgument, "BAD_ID"),
        Refusal::Store(StoreError::Busy) => (Code::Unavailable, "STORE_BUSY"),
        Refusal::Store(StoreError::NoSpace) => (Code::ResourceExhausted, "NO_SPACE"),
        Refusal::Store(StoreError::Damaged { .. } | StoreError::DamagedIndex { .. }) => {
            (Code::DataLoss, "STORE_DAMAGED")
        }
        Refusal::Store(_) => (Code::Unavailable, "STORE_UNAVAILABLE"),
        Refusal::Unreadable { .. } => (Code::DataLoss, "RECORD_UNREADABLE"),
        Refusal::Internal(_) => (Code::Internal, "INTERNAL"),
    }
}
