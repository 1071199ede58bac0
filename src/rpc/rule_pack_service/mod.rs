//! `heng.v1.RulePackService`.

mod shown;
mod trial;

use tonic::{Request, Response, Status};

use super::status::status_of;
use crate::app::{ActivateRequest, App, Publication, Refusal};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::impact::Budget;
use crate::quantity::Points;
use crate::wire::encode;
use crate::wire::pb::v1 as pb;
use shown::{concerning, shown};
use trial::{refused_status, whole};

/// Most packs on a page, and how many when the request names no number.
const LARGEST_PAGE: usize = 100;
const DEFAULT_PAGE: usize = 50;

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
        let Ok(size) = usize::try_from(page_size) else {
            let message = Bilingual::new("每页条数不能为负", "a page size cannot be negative");
            return Err(status_of(&Refusal::of_field("page_size", message)));
        };
        let size = if size == 0 { DEFAULT_PAGE } else { size.min(LARGEST_PAGE) };
        let snapshot = self.app.rules();
        let mut sets = snapshot.book.sets().filter(|set| set.id.as_str() > page_token.as_str()).peekable();
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
        let failed: Vec<_> = snapshot.failed.iter().filter(|case| case.pack == id).collect();
        if diagnostics.is_empty() && failed.is_empty() {
            return Err(status_of(&Refusal::NotFound { what: "rule pack", id }));
        }
        let refused = pb::RulePack {
            id,
            state: pb::RulePackState::Refused.into(),
            diagnostics: diagnostics.into_iter().map(encode::diagnostic).collect(),
            failed_cases: failed.into_iter().map(encode::case_result).collect(),
            ..pb::RulePack::default()
        };
        Ok(Response::new(pb::GetRulePackResponse { rule_pack: Some(refused) }))
    }

    async fn check_rule_pack(
        &self,
        request: Request<pb::CheckRulePackRequest>,
    ) -> Result<Response<pb::CheckRulePackResponse>, Status> {
        let pb::CheckRulePackRequest { rule_pack, files } = request.into_inner();
        let trial = self.app.check(rule_pack, files).await.map_err(|refusal| status_of(&refusal))?;
        let claims = trial.claims.iter().map(encode::claim).collect();
        Ok(Response::new(pb::CheckRulePackResponse { trial: Some(whole(&trial)), claims }))
    }

    async fn test_rule_pack(
        &self,
        request: Request<pb::TestRulePackRequest>,
    ) -> Result<Response<pb::TestRulePackResponse>, Status> {
        let pb::TestRulePackRequest { rule_pack, files, filter } = request.into_inner();
        let outcome = self.app.test(rule_pack, files, filter).await;
        let (trial, results) = outcome.map_err(|refusal| status_of(&refusal))?;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(Response::new(pb::TestRulePackResponse {
            passed_count: count(trial.passed),
            failed_count: count(results.len() - trial.passed.min(results.len())),
            results: results.iter().map(encode::case_result).collect(),
            diagnostics: trial.problems.iter().filter(|found| found.is_error()).map(encode::diagnostic).collect(),
        }))
    }

    async fn publish_rule_pack(
        &self,
        request: Request<pb::PublishRulePackRequest>,
    ) -> Result<Response<pb::PublishRulePackResponse>, Status> {
        let pb::PublishRulePackRequest { rule_pack, files, budget, author, reason, etag, validate_only } =
            request.into_inner();
        let budget = budget.map(allowed).transpose().map_err(|refusal| status_of(&refusal))?.unwrap_or_default();
        if files.is_empty() {
            let message = Bilingual::new("没有规则文件", "there are no files");
            return Err(status_of(&Refusal::of_field("files", message)));
        }
        let publication = Publication { rule_pack, files, budget, author, reason, etag, validate_only };
        let trial = self.app.publish(publication).await.map_err(|refusal| refused_status(&refusal))?;
        Ok(Response::new(pb::PublishRulePackResponse { trial: Some(whole(&trial)) }))
    }

    async fn activate_rule_pack(
        &self,
        request: Request<pb::ActivateRulePackRequest>,
    ) -> Result<Response<pb::ActivateRulePackResponse>, Status> {
        let pb::ActivateRulePackRequest { rule_pack, revision, etag, author, reason, request_id, validate_only } =
            request.into_inner();
        let id = rule_pack.clone();
        let request = ActivateRequest { rule_pack, revision, etag, author, reason, request_id, validate_only };
        let snapshot = self.app.activate(request).await.map_err(|refusal| status_of(&refusal))?;
        let rule_pack = snapshot.book.get(&id).map(|set| shown(set, &snapshot));
        Ok(Response::new(pb::ActivateRulePackResponse { rule_pack }))
    }

    async fn compare_rule_packs(
        &self,
        request: Request<pb::CompareRulePacksRequest>,
    ) -> Result<Response<pb::CompareRulePacksResponse>, Status> {
        let pb::CompareRulePacksRequest { rule_pack, from_revision, to_revision } = request.into_inner();
        let outcome = self.app.compare(rule_pack, from_revision, to_revision).await;
        let impact = outcome.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(pb::CompareRulePacksResponse { impact: Some(encode::impact(&impact)) }))
    }

    async fn reload_rule_packs(
        &self,
        _: Request<pb::ReloadRulePacksRequest>,
    ) -> Result<Response<pb::ReloadRulePacksResponse>, Status> {
        let snapshot = self.app.reload().await.map_err(|refusal| status_of(&refusal))?;
        let rule_packs = snapshot.book.sets().map(|set| shown(set, &snapshot)).collect();
        let excess = snapshot.beyond.iter().flat_map(|beyond| &beyond.excess).map(encode::excess).collect();
        let impact = snapshot.beyond.as_ref().map(|beyond| encode::impact(&beyond.impact));
        Ok(Response::new(pb::ReloadRulePacksResponse { rule_packs, excess, impact }))
    }
}

/// A budget, or which of its limits is none.
fn allowed(budget: pb::RuleBudget) -> Result<Budget, Refusal> {
    let pb::RuleBudget { max_forms_changed, max_delta, max_grade_drops } = budget;
    let forms = |field: &str, limit: Option<i32>| {
        let message = Bilingual::new("不能为负", "cannot be negative");
        let negative = |_| Refusal::of_field(&format!("budget.{field}"), message.clone());
        limit.map(|limit| usize::try_from(limit).map_err(negative)).transpose()
    };
    let max_delta = Some(max_delta).filter(|text| !text.is_empty()).map(|text| {
        let points = Points::parse(&text).filter(|points| *points >= Points::ZERO);
        points.ok_or_else(|| {
            let message = Bilingual::new("应为不小于零的分值，如 2.5", "must be points, zero or more, such as 2.5");
            Refusal::of_field("budget.max_delta", message)
        })
    });
    Ok(Budget {
        max_changed: forms("max_forms_changed", max_forms_changed)?,
        max_delta: max_delta.transpose()?,
        max_grade_drops: forms("max_grade_drops", max_grade_drops)?,
    })
}
