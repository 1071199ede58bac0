//! The listening server: services, health, reflection.

use std::net::SocketAddr;
use std::time::Duration;

use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use super::audit_service::AuditService;
use super::edge::{Edge, Limits, Listener, Origins, Room, Services};
use super::evaluation_service::EvaluationService;
use super::rule_pack_service::RulePackService;
use crate::app::App;
use crate::store::Health;
use crate::wire::pb;
use crate::wire::pb::v1::audit_service_server::AuditServiceServer;
use crate::wire::pb::v1::evaluation_service_server::EvaluationServiceServer;
use crate::wire::pb::v1::rule_pack_service_server::RulePackServiceServer;

/// Largest request, bytes. A form of 10,000 rows with ordinary texts is a quarter of this.
pub const LARGEST_REQUEST: usize = 16 * 1024 * 1024;
const HEALTH_EVERY: Duration = Duration::from_millis(500);

/// Why the server did not start or stopped. Sentences for operators.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("cannot listen on {address}: {why}; choose another address with --listen")]
    Bind { address: SocketAddr, why: String },
    #[error("the descriptor set of the API cannot be served: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// What one server takes at most, and from whom.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Connections at a time.
    pub connections: usize,
    /// For the calls and their answers.
    pub room: Room,
    /// How long calls may go on once the server is asked to stop.
    pub grace: Duration,
    /// Web pages that may call.
    pub origins: Origins,
}

/// A bound address, not serving yet.
pub struct Listening {
    listener: Listener,
    address: SocketAddr,
}

/// Binds the address; port 0 takes any free one. Within a runtime.
pub fn bind(address: SocketAddr) -> Result<Listening, ServerError> {
    let fail = |error: std::io::Error| ServerError::Bind { address, why: error.to_string() };
    let listener = Listener::bind(address).map_err(fail)?;
    let address = listener.address().map_err(fail)?;
    Ok(Listening { listener, address })
}

impl Listening {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` ends, then finishes what is under way.
    pub async fn serve(
        self,
        app: App,
        options: ServerOptions,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        let ServerOptions { connections, room, grace, origins } = options;
        let (reporter, health) = tonic_health::server::health_reporter();
        reporter.set_serving::<EvaluationServiceServer<EvaluationService>>().await;
        reporter.set_serving::<RulePackServiceServer<RulePackService>>().await;
        reporter.set_serving::<AuditServiceServer<AuditService>>().await;
        let descriptors = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(pb::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let evaluations = EvaluationServiceServer::new(EvaluationService { app: app.clone() })
            .max_decoding_message_size(LARGEST_REQUEST)
            .max_encoding_message_size(usize::MAX);
        let rules = RulePackServiceServer::new(RulePackService { app: app.clone() })
            .max_decoding_message_size(LARGEST_REQUEST)
            .max_encoding_message_size(usize::MAX);
        let others = Routes::new(rules)
            .add_service(AuditServiceServer::new(AuditService { app: app.clone() }))
            .add_service(health)
            .add_service(descriptors().build_v1()?)
            .add_service(descriptors().build_v1alpha()?);
        let services = Services { evaluations, others: others.prepare() };
        let edge = Edge::new(app.clone(), services, origins, room);
        let watched = tokio::spawn(follow_health(app, reporter.clone()));
        let stopped = async {
            shutdown.await;
            watched.abort();
            tell(&reporter, ServingStatus::NotServing).await;
        };
        self.listener.serve(edge, Limits { connections, grace }, stopped).await;
        Ok(())
    }
}

async fn tell(reporter: &HealthReporter, status: ServingStatus) {
    for service in ["heng.v1.EvaluationService", ""] {
        reporter.set_service_status(service, status).await;
    }
}

/// The evaluation service serves as long as the store takes records.
async fn follow_health(app: App, reporter: HealthReporter) {
    let mut serving = true;
    let mut tick = tokio::time::interval(HEALTH_EVERY);
    loop {
        tick.tick().await;
        let now = app.store().health() == Health::Serving;
        if now != serving {
            serving = now;
            let status = if now { ServingStatus::Serving } else { ServingStatus::NotServing };
            tell(&reporter, status).await;
        }
    }
}
