//! `heng.v1.AuditService`.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::mpsc;
use tonic::codegen::tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::status::status_of;
use crate::app::{App, LedgerReport, LedgerWish, Refusal};
use crate::diagnostic::Bilingual;
use crate::store::StoreError;
use crate::wire::digest;
use crate::wire::pb::v1 as pb;

/// Most records that one request may name.
const MOST_IDS: usize = 1000;
/// Most bytes in one message of a stream.
const CHUNK: usize = 64 << 10;

pub(super) struct AuditService {
    pub app: App,
}

#[tonic::async_trait]
impl pb::audit_service_server::AuditService for AuditService {
    async fn verify_ledger(
        &self,
        _: Request<pb::VerifyLedgerRequest>,
    ) -> Result<Response<pb::VerifyLedgerResponse>, Status> {
        let report = self.app.verify_ledger().await.map_err(|refusal| status_of(&refusal))?;
        let LedgerReport { head, evaluations, revisions, activations, broken } = report;
        Ok(Response::new(pb::VerifyLedgerResponse {
            intact: broken.is_none(),
            head_sequence: number(head.sequence),
            head_digest: digest::shown(&head.digest),
            evaluation_count: number(evaluations),
            revision_count: number(revisions),
            activation_count: number(activations),
            broken_at: broken.as_ref().map(broken_at),
        }))
    }

    type ExportLedgerStream = Pieces;

    async fn export_ledger(
        &self,
        request: Request<pb::ExportLedgerRequest>,
    ) -> Result<Response<Self::ExportLedgerStream>, Status> {
        let wish = wish(request.into_inner()).map_err(|refusal| status_of(&refusal))?;
        Ok(Response::new(Pieces { receiver: self.app.export_ledger(wish), rest: Vec::new() }))
    }
}

fn wish(request: pb::ExportLedgerRequest) -> Result<LedgerWish, Refusal> {
    let pb::ExportLedgerRequest { ids, from_sequence, to_sequence } = request;
    let sequence = |field: &str, value: i64| {
        let message = Bilingual::new("不能为负", "cannot be negative");
        u64::try_from(value).map_err(|_| Refusal::of_field(field, message))
    };
    let (from, to) = (sequence("from_sequence", from_sequence)?, sequence("to_sequence", to_sequence)?);
    if ids.len() > MOST_IDS {
        let message = Bilingual::new(format!("至多 {MOST_IDS} 个"), format!("at most {MOST_IDS}"));
        return Err(Refusal::of_field("ids", message));
    }
    if !ids.is_empty() && (from, to) != (0, 0) {
        let message = Bilingual::new("编号与序号只能用一种", "name records by ids or by sequences, not by both");
        return Err(Refusal::of_field("ids", message));
    }
    Ok(if ids.is_empty() { LedgerWish::Span { from, to } } else { LedgerWish::Ids(ids) })
}

fn broken_at(error: &StoreError) -> pb::LedgerBreak {
    let message = error.to_string();
    match error {
        StoreError::Damaged { segment, offset, sequence, .. } => {
            pb::LedgerBreak { segment: segment.clone(), offset: number(*offset), sequence: number(*sequence), message }
        }
        _ => pb::LedgerBreak { message, ..pb::LedgerBreak::default() },
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The pieces of an export as messages of bounded size.
pub struct Pieces {
    receiver: mpsc::Receiver<Result<Vec<u8>, Refusal>>,
    rest: Vec<u8>,
}

impl Stream for Pieces {
    type Item = Result<pb::ExportLedgerResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.rest.is_empty() {
            match self.receiver.poll_recv(context) {
                Poll::Ready(Some(Ok(piece))) => self.rest = piece,
                Poll::Ready(Some(Err(refusal))) => return Poll::Ready(Some(Err(status_of(&refusal)))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        let count = self.rest.len().min(CHUNK);
        let after = self.rest.split_off(count);
        let data = std::mem::replace(&mut self.rest, after);
        Poll::Ready(Some(Ok(pb::ExportLedgerResponse { data })))
    }
}
