//! `heng.v1.EvaluationService`.

use prost::Message;
use tonic::{Request, Response, Status};

use super::status::status_of;
use crate::app::{App, EvaluateRequest, Refusal};
use crate::diagnostic::Bilingual;
use crate::wire::pb::v1 as pb;
use crate::wire::{decode, encode};

pub(super) struct EvaluationService {
    pub app: App,
}

#[tonic::async_trait]
impl pb::evaluation_service_server::EvaluationService for EvaluationService {
    async fn evaluate_form(
        &self,
        request: Request<pb::EvaluateFormRequest>,
    ) -> Result<Response<pb::EvaluateFormResponse>, Status> {
        let pb::EvaluateFormRequest { form, request_id, validate_only, rule_pack, revision } = request.into_inner();
        let Some(form) = form else {
            let message = Bilingual::new("请求里没有自评表", "the request has no form");
            return Err(status_of(&Refusal::of_field("form", message)));
        };
        let request = EvaluateRequest { draft: decode::form(form), request_id, validate_only, rule_pack, revision };
        let bytes = self.app.evaluate(request).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(pb::EvaluateFormResponse { evaluation: Some(evaluation(&bytes)?) }))
    }

    async fn get_evaluation(
        &self,
        request: Request<pb::GetEvaluationRequest>,
    ) -> Result<Response<pb::GetEvaluationResponse>, Status> {
        let pb::GetEvaluationRequest { id } = request.into_inner();
        let bytes = self.app.evaluation(&id).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(pb::GetEvaluationResponse { evaluation: Some(evaluation(&bytes)?) }))
    }

    async fn list_evaluations(
        &self,
        request: Request<pb::ListEvaluationsRequest>,
    ) -> Result<Response<pb::ListEvaluationsResponse>, Status> {
        let pb::ListEvaluationsRequest { page_size, page_token } = request.into_inner();
        let page = self.app.evaluations(page_size, &page_token).await.map_err(|refusal| status_of(&refusal))?;
        let evaluations = page
            .evaluations
            .iter()
            .map(|bytes| evaluation(bytes).map(encode::summary))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Response::new(pb::ListEvaluationsResponse { evaluations, next_page_token: page.next_page_token }))
    }
}

fn evaluation(bytes: &[u8]) -> Result<pb::Evaluation, Status> {
    pb::Evaluation::decode(bytes).map_err(|error| status_of(&Refusal::Internal(error.to_string())))
}
