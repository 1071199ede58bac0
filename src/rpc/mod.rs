//! gRPC: thin functions between messages and [`App`](crate::app::App).

mod audit_service;
mod client;
mod edge;
mod evaluation_service;
mod replayed;
mod rule_pack_service;
mod server;
mod status;

pub use client::{ClientError, evaluate};
pub use edge::{Origins, Room};
use server::LARGEST_REQUEST;
pub use server::{Listening, ServerError, ServerOptions, bind};
