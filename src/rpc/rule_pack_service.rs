//! `heng.v1.RulePackService`.

use tonic::{Request, Response, Status};

use super::status::status_of;
use crate::app::{App, Refusal, Snapshot};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::ruleset::RuleSet;
use crate::wire::encode;
use crate::wire::pb::v1 as pb;

pub(super) struct RulePackService {
    pub app: App,
}

#[tonic::async_trait]
impl pb::rule_pack_service_server::RulePackService for RulePackService {
    async fn list_rule_packs(
        &self,
        request: Request<pb::ListRulePacksRequest>,
    ) -> Result<Response<pb::ListRulePacksResponse>, Status> {
        let pb::ListRulePacksRequest { page_size, page_token } = request.into_inner();
        if page_size < 0 {
            let message = Bilingual::new("每页条数不能为负", "a page size cannot be negative");
            return Err(status_of(&Refusal::of_field("page_size", message)));
        }
        let snapshot = self.app.rules();
        let mut sets = snapshot.book.sets().filter(|set| set.id.as_str() > page_token.as_str()).peekable();
        let size = usize::try_from(page_size).ok().filter(|size| *size > 0).unwrap_or(usize::MAX);
        let rule_packs: Vec<pb::RulePack> = sets.by_ref().take(size).map(|set| shown(set, &snapshot)).collect();
        let next_page_token = match sets.peek() {
            Some(_) => rule_packs.last().map(|pack| pack.id.clone()).unwrap_or_default(),
            None => String::new(),
        };
        Ok(Response::new(pb::ListRulePacksResponse { rule_packs, next_page_token }))
    }

    async fn get_rule_pack(
        &self,
        request: Request<pb::GetRulePackRequest>,
    ) -> Result<Response<pb::GetRulePackResponse>, Status> {
        let pb::GetRulePackRequest { id } = request.into_inner();
        let snapshot = self.app.rules();
        if let Some(set) = snapshot.book.get(&id) {
            return Ok(Response::new(pb::GetRulePackResponse { rule_pack: Some(shown(set, &snapshot)) }));
        }
        // A pack that has never been good yet still shows what is wrong with it.
        let diagnostics: Vec<&Diagnostic> = concerning(&snapshot, &id).collect();
        if diagnostics.is_empty() {
            return Err(status_of(&Refusal::NotFound { what: "rule pack", id }));
        }
        let refused = pb::RulePack {
            id,
            state: pb::RulePackState::Refused.into(),
            diagnostics: diagnostics.into_iter().map(encode::diagnostic).collect(),
            ..pb::RulePack::default()
        };
        Ok(Response::new(pb::GetRulePackResponse { rule_pack: Some(refused) }))
    }
}

fn shown(set: &RuleSet, snapshot: &Snapshot) -> pb::RulePack {
    let mut pack = encode::rule_pack(set);
    pack.loaded_at = Some(encode::timestamp(snapshot.loaded_at));
    // The folder is taken as a whole: what is wrong with one pack keeps the others at their last good state.
    if !snapshot.refused.is_empty() {
        pack.state = pb::RulePackState::ServingLastGood.into();
        pack.diagnostics = snapshot.refused.iter().map(encode::diagnostic).collect();
    }
    pack
}

fn concerning<'s>(snapshot: &'s Snapshot, pack: &str) -> impl Iterator<Item = &'s Diagnostic> {
    let folder = format!("{pack}/");
    let stands_there =
        move |diagnostic: &&Diagnostic| diagnostic.place.as_ref().is_some_and(|place| place.file.starts_with(&folder));
    snapshot.refused.iter().filter(stands_there)
}
