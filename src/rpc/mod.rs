//! gRPC: thin functions between messages and [`App`](crate::app::App).

mod client;
mod evaluation_service;
mod rule_pack_service;
mod server;
mod status;

pub use client::{ClientError, evaluate};
pub use server::{Listening, ServerError, bind};
