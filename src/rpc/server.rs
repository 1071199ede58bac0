//! The listening server: services, health, reflection.

use std::net::SocketAddr;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;

use super::evaluation_service::EvaluationService;
use super::rule_pack_service::RulePackService;
use crate::app::App;
use crate::store::Health;
use crate::wire::pb;
use crate::wire::pb::v1::evaluation_service_server::EvaluationServiceServer;
use crate::wire::pb::v1::rule_pack_service_server::RulePackServiceServer;

/// Largest request, bytes. A form of 10,000 rows with ordinary texts is a quarter of this.
pub const LARGEST_REQUEST: usize = 16 * 1024 * 1024;
const STREAMS_PER_CONNECTION: u32 = 256;
const KEEPALIVE: Duration = Duration::from_secs(30);
const HEALTH_EVERY: Duration = Duration::from_millis(500);

/// Why the server did not start or stopped. Sentences for operators.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("cannot listen on {address}: {why}; choose another address with --listen")]
    Bind { address: SocketAddr, why: String },
    #[error("the server stopped: {0}")]
    Transport(#[from] tonic::transport::Error),
    #[error("the descriptor set of the API cannot be served: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// A bound address, not serving yet.
pub struct Listening {
    incoming: TcpIncoming,
    address: SocketAddr,
}

/// Binds the address; port 0 takes any free one.
pub fn bind(address: SocketAddr) -> Result<Listening, ServerError> {
    let fail = |why: String| ServerError::Bind { address, why };
    let incoming = TcpIncoming::bind(address).map_err(|error| fail(error.to_string()))?.with_nodelay(Some(true));
    let address = incoming.local_addr().map_err(|error| fail(error.to_string()))?;
    Ok(Listening { incoming, address })
}

impl Listening {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` ends, then finishes what is under way.
    pub async fn serve(self, app: App, shutdown: impl Future<Output = ()>) -> Result<(), ServerError> {
        let (reporter, health) = tonic_health::server::health_reporter();
        reporter.set_serving::<EvaluationServiceServer<EvaluationService>>().await;
        reporter.set_serving::<RulePackServiceServer<RulePackService>>().await;
        let watched = tokio::spawn(follow_health(app.clone(), reporter));
        let descriptors = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(pb::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let evaluations = EvaluationServiceServer::new(EvaluationService { app: app.clone() })
            .max_decoding_message_size(LARGEST_REQUEST)
            .max_encoding_message_size(usize::MAX);
        let outcome = Server::builder()
            .max_concurrent_streams(STREAMS_PER_CONNECTION)
            .http2_max_pending_accept_reset_streams(Some(64))
            .http2_keepalive_interval(Some(KEEPALIVE))
            .add_service(health)
            .add_service(descriptors().build_v1()?)
            .add_service(descriptors().build_v1alpha()?)
            .add_service(evaluations)
            .add_service(RulePackServiceServer::new(RulePackService { app }))
            .serve_with_incoming_shutdown(self.incoming, shutdown)
            .await;
        watched.abort();
        Ok(outcome?)
    }
}

/// The evaluation service serves as long as the store takes records.
async fn follow_health(app: App, reporter: tonic_health::server::HealthReporter) {
    let mut serving = true;
    let mut tick = tokio::time::interval(HEALTH_EVERY);
    loop {
        tick.tick().await;
        let now = app.store().health() == Health::Serving;
        if now != serving {
            serving = now;
            let status = if now { ServingStatus::Serving } else { ServingStatus::NotServing };
            reporter.set_service_status("heng.v1.EvaluationService", status).await;
            reporter.set_service_status("", status).await;
        }
    }
}
