//! What came of trying rules, whole or cut to the room that the details of a status have.

use prost::{Message, Name};
use tonic::Status;

use crate::app::{Refusal, Trial};
use crate::rpc::status::status_of;
use crate::wire::encode;
use crate::wire::pb::v1 as pb;

/// Bytes of a trial in a status: details travel in a trailer, of which clients take 8 KiB unless told otherwise, and
/// base64 adds a third.
const ROOM: usize = 4096;

pub(super) fn whole(trial: &Trial) -> pb::RuleTrial {
    let verdict = trial.verdict();
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    pb::RuleTrial {
        rule_pack: trial.rule_pack.clone(),
        revision: trial.revision.clone(),
        good: trial.is_good(),
        message: verdict.zh,
        message_en: verdict.en,
        diagnostics: trial.problems.iter().map(encode::diagnostic).collect(),
        passed_count: count(trial.passed),
        failed_cases: trial.failed.iter().map(encode::case_result).collect(),
        impact: trial.impact.as_ref().map(encode::impact),
        excess: trial.excess.iter().map(encode::excess).collect(),
        omitted_count: 0,
    }
}

/// The status of a refusal; rules that were refused bring their trial along, as far as there is room.
pub(super) fn refused_status(refusal: &Refusal) -> Status {
    let status = status_of(refusal);
    let Refusal::Unpublishable(trial) = refusal else { return status };
    let Ok(mut details) = tonic_types::pb::Status::decode(status.details()) else { return status };
    let value = cut(whole(trial)).encode_to_vec();
    details.details.push(prost_types::Any { type_url: pb::RuleTrial::type_url(), value });
    Status::with_details(status.code(), status.message(), details.encode_to_vec().into())
}

/// Leaves out what has no room, the last of each list first: errors come before forms.
fn cut(mut trial: pb::RuleTrial) -> pb::RuleTrial {
    let errors = i32::from(pb::Severity::Error);
    trial.diagnostics.sort_by_key(|found| found.severity != errors);
    while trial.encoded_len() > ROOM {
        let forms = trial.impact.as_mut().map(|impact| &mut impact.forms);
        let left = match forms {
            Some(forms) if !forms.is_empty() => forms.pop().is_some(),
            _ if trial.failed_cases.len() > 1 => trial.failed_cases.pop().is_some(),
            _ if trial.diagnostics.len() > 1 => trial.diagnostics.pop().is_some(),
            _ => trial.failed_cases.pop().is_some() || trial.diagnostics.pop().is_some(),
        };
        if !left {
            break;
        }
        trial.omitted_count += 1;
    }
    trial
}
