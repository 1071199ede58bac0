//! What a replay came to, as a message.

use crate::app::{Replayed, Verdict};
use crate::wire::pb::v1 as pb;

pub(super) fn replayed(replayed: Replayed) -> pb::ReplayEvaluationResponse {
    let Replayed { id: _, rule_pack, revision, verdict } = replayed;
    let word = match &verdict {
        Verdict::Identical => pb::ReplayVerdict::Identical,
        Verdict::Differs(_) => pb::ReplayVerdict::Differs,
        Verdict::NoRules(_) => pb::ReplayVerdict::NoRules,
        Verdict::OtherSemantics { .. } => pb::ReplayVerdict::OtherSemantics,
        Verdict::Unreadable(_) => pb::ReplayVerdict::Unreadable,
    };
    let message = verdict.message(&revision);
    let (path, stored, replayed) = match verdict {
        Verdict::Differs(found) => (found.path, found.stored, found.replayed),
        _ => Default::default(),
    };
    pb::ReplayEvaluationResponse {
        verdict: word.into(),
        rule_pack,
        revision,
        path,
        stored,
        replayed,
        message: message.zh,
        message_en: message.en,
    }
}
