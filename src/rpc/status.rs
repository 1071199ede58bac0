//! A refusal as a gRPC status with details (AIP-193).

use std::collections::HashMap;
use std::time::Duration;

use prost::Message;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::app::{Refusal, RevisionFault};
use crate::diagnostic::Bilingual;
use crate::form::Violation;
use crate::ruleset::Selection;
use crate::store::StoreError;

const DOMAIN: &str = "heng";
/// Bytes of violations in one status. Details travel in a trailer, base64 adds a third, and clients take 8 KiB of
/// metadata in all unless told otherwise.
const VIOLATION_BYTES: usize = 4096;
/// When to come back after a refusal that passes by itself.
const RETRY: Duration = Duration::from_millis(200);
/// When to come back after one that an operator has to look at.
const RETRY_LATER: Duration = Duration::from_secs(10);

/// Code and reason by kind of refusal; the sentence in English as the message and in Chinese as the
/// localized one.
pub(super) fn status_of(refusal: &Refusal) -> Status {
    let (code, reason) = kind(refusal);
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, facts(refusal));
    if let Refusal::Invalid(violations) = refusal {
        details.set_bad_request(listed(violations));
    }
    said(code, &refusal.message(), details, retry(refusal))
}

/// A status that no use case gave: a request that never reached one.
pub(super) fn status(code: Code, reason: &str, message: &Bilingual, retry: Option<Duration>) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, HashMap::<String, String>::new());
    said(code, message, details, retry)
}

fn said(code: Code, message: &Bilingual, mut details: ErrorDetails, retry: Option<Duration>) -> Status {
    let Bilingual { zh, en } = message;
    details.set_localized_message("zh-CN", zh.as_str());
    if retry.is_some() {
        details.set_retry_info(retry);
    }
    Status::with_error_details(code, en.as_str(), details)
}

/// The status as it stands inside an answer, with its details.
pub(super) fn inner_status(status: &Status) -> tonic_types::Status {
    tonic_types::Status::decode(status.details()).unwrap_or_else(|_| tonic_types::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    })
}

/// What a program may want to know of a refusal besides its reason.
fn facts(refusal: &Refusal) -> HashMap<String, String> {
    let fact = |name: &str, value: &str| HashMap::from([(name.to_owned(), clipped(value))]);
    match refusal {
        Refusal::NotFound { id, .. } | Refusal::Unreadable { id, .. } => fact("id", id),
        Refusal::NoRules(Selection::UnknownPack(id)) => fact("rule_pack", id),
        Refusal::NoRules(Selection::UnknownRevision { pack, wanted: _, current }) => {
            HashMap::from([("rule_pack".to_owned(), clipped(pack)), ("current".to_owned(), clipped(current))])
        }
        Refusal::NoRules(Selection::NothingApplies { fiscal_year }) => fact("fiscal_year", &fiscal_year.to_string()),
        Refusal::Store(StoreError::RequestConflict { id, .. }) => fact("id", id),
        _ => HashMap::new(),
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(128).collect()
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

/// When the same request may fare better.
fn retry(refusal: &Refusal) -> Option<Duration> {
    match refusal {
        Refusal::Store(StoreError::Busy) | Refusal::Crowded => Some(RETRY),
        Refusal::Store(StoreError::NoSpace) => Some(RETRY_LATER),
        refusal if kind(refusal).0 == Code::Unavailable => Some(RETRY_LATER),
        _ => None,
    }
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
        Refusal::Revision { fault: RevisionFault::Unknown, .. } => (Code::NotFound, "UNKNOWN_REVISION"),
        Refusal::Revision { fault: RevisionFault::Store(_), .. } => (Code::Unavailable, "STORE_UNAVAILABLE"),
        Refusal::Revision {
            fault: RevisionFault::Unreadable(_) | RevisionFault::Incomplete { .. } | RevisionFault::Altered,
            ..
        } => (Code::DataLoss, "REVISION_DAMAGED"),
        Refusal::Revision { fault: RevisionFault::OtherSemantics { .. } | RevisionFault::Broken(_), .. } => {
            (Code::FailedPrecondition, "REVISION_UNUSABLE")
        }
        Refusal::Stale { .. } => (Code::Aborted, "CHANGED_MEANWHILE"),
        Refusal::Precondition(_) => (Code::FailedPrecondition, "NOT_NOW"),
        Refusal::Unpublishable(_) => (Code::FailedPrecondition, "RULES_REFUSED"),
        Refusal::Folder(_) => (Code::FailedPrecondition, "RULES_FOLDER"),
        Refusal::Crowded => (Code::Unavailable, "CROWDED"),
        Refusal::Abandoned => (Code::Cancelled, "CANCELLED"),
        Refusal::Internal(_) => (Code::Internal, "INTERNAL"),
    }
}
