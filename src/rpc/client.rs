//! A client of another heng: what `heng eval --server` calls.

use tonic::transport::Endpoint;

use crate::form::Form;
use crate::wire::encode;
use crate::wire::pb::v1 as pb;
use crate::wire::pb::v1::evaluation_service_client::EvaluationServiceClient;

/// Why a server gave no evaluation. Sentences for whoever called.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("`{0}` is no address of a server; write http://HOST:PORT")]
    BadAddress(String),
    #[error("cannot reach {server}: {why}; is `heng serve` running there?")]
    Unreachable { server: String, why: String },
    #[error("the server refused the form: {0}")]
    Refused(String),
    #[error("the server answered without an evaluation")]
    Empty,
}

/// Sends the form and returns the encoded evaluation as the server stored it.
pub fn evaluate(server: &str, form: &Form, rule_pack: &str) -> Result<Vec<u8>, ClientError> {
    let unreachable = |why: String| ClientError::Unreachable { server: server.to_owned(), why };
    let endpoint = Endpoint::from_shared(server.to_owned()).map_err(|_| ClientError::BadAddress(server.to_owned()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| unreachable(error.to_string()))?;
    runtime.block_on(async {
        let channel = endpoint.connect().await.map_err(|error| unreachable(error.to_string()))?;
        let request = pb::EvaluateFormRequest {
            form: Some(encode::form(form)),
            rule_pack: rule_pack.to_owned(),
            ..pb::EvaluateFormRequest::default()
        };
        let mut client = EvaluationServiceClient::new(channel).max_decoding_message_size(usize::MAX);
        let answer = client
            .evaluate_form(request)
            .await
            .map_err(|status| ClientError::Refused(format!("{} ({:?})", status.message(), status.code())))?;
        let evaluation = answer.into_inner().evaluation.ok_or(ClientError::Empty)?;
        Ok(evaluation.into())
    })
}
