//! `heng.v1.EvaluationService`.

mod listed;
mod stream;
mod summed;

use tonic::{Request, Response, Status, Streaming};

use super::status::{inner_status, status_of};
use crate::app::{App, EvaluateRequest, Refusal};
use crate::wire::answer::{EvaluateFormResponse, EvaluationOrStatus, FormResult, GetEvaluationResponse};
use crate::wire::decode;
use crate::wire::pb::v1 as pb;

pub struct EvaluationService {
    pub app: App,
}

#[tonic::async_trait]
impl pb::evaluation_service_server::EvaluationService for EvaluationService {
    type StreamEvaluateFormsStream = stream::Answers;

    async fn evaluate_form(
        &self,
        request: Request<pb::EvaluateFormRequest>,
    ) -> Result<Response<EvaluateFormResponse>, Status> {
        let bytes = self.app.evaluate(asked(request.into_inner())).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(EvaluateFormResponse { evaluation: Some(bytes.into()) }))
    }

    async fn batch_evaluate_forms(
        &self,
        request: Request<pb::BatchEvaluateFormsRequest>,
    ) -> Result<Response<pb::BatchEvaluateFormsResponse>, Status> {
        let pb::BatchEvaluateFormsRequest { requests } = request.into_inner();
        let requests = requests.into_iter().map(asked).collect();
        let answers = self.app.evaluate_batch(requests).await.map_err(|refusal| status_of(&refusal))?;
        let results = answers.into_iter().map(form_result).collect();
        Ok(Response::new(pb::BatchEvaluateFormsResponse { results }))
    }

    async fn stream_evaluate_forms(
        &self,
        request: Request<Streaming<pb::StreamEvaluateFormsRequest>>,
    ) -> Result<Response<Self::StreamEvaluateFormsStream>, Status> {
        Ok(Response::new(stream::answers(self.app.clone(), request.into_inner())))
    }

    async fn get_evaluation(
        &self,
        request: Request<pb::GetEvaluationRequest>,
    ) -> Result<Response<GetEvaluationResponse>, Status> {
        let pb::GetEvaluationRequest { id } = request.into_inner();
        let bytes = self.app.evaluation(&id).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(GetEvaluationResponse { evaluation: Some(bytes.into()) }))
    }

    async fn list_evaluations(
        &self,
        request: Request<pb::ListEvaluationsRequest>,
    ) -> Result<Response<pb::ListEvaluationsResponse>, Status> {
        let page = listed::page(&self.app, request.into_inner()).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(page))
    }

    async fn summarize_evaluations(
        &self,
        request: Request<pb::SummarizeEvaluationsRequest>,
    ) -> Result<Response<pb::SummarizeEvaluationsResponse>, Status> {
        let sums = summed::sums(&self.app, request.into_inner()).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(sums))
    }

    async fn replay_evaluation(
        &self,
        request: Request<pb::ReplayEvaluationRequest>,
    ) -> Result<Response<pb::ReplayEvaluationResponse>, Status> {
        let pb::ReplayEvaluationRequest { id } = request.into_inner();
        let replayed = self.app.replay(&id).await.map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(super::replayed::replayed(replayed)))
    }
}

fn asked(request: pb::EvaluateFormRequest) -> EvaluateRequest {
    let pb::EvaluateFormRequest { form, request_id, validate_only, rule_pack, revision } = request;
    EvaluateRequest { draft: form.map(decode::form), request_id, validate_only, rule_pack, revision }
}

fn form_result(answer: Result<Vec<u8>, Refusal>) -> FormResult {
    let result = match answer {
        Ok(evaluation) => EvaluationOrStatus::Evaluation(evaluation.into()),
        Err(refusal) => EvaluationOrStatus::Status(inner_status(&status_of(&refusal))),
    };
    FormResult { result: Some(result) }
}
