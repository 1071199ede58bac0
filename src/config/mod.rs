//! Settings of the service, checked before anything is bound.

use std::net::SocketAddr;
use std::path::PathBuf;

/// What `heng serve` needs to start.
#[derive(Debug, Clone)]
pub struct ServeConfig {
    pub listen: SocketAddr,
    pub rules: PathBuf,
    pub data: PathBuf,
}

/// Why the settings cannot be used. Sentences for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("`{0}` is no address to listen on; write HOST:PORT, such as 127.0.0.1:7878")]
    BadAddress(String),
    #[error(
        "{0} can be reached from other machines, and heng has neither TLS nor roles yet: everybody who reaches it may read and write. Listen on 127.0.0.1, or say --allow-remote if the network is closed"
    )]
    Exposed(SocketAddr),
}

impl ServeConfig {
    /// Checks the settings. An address beyond this machine needs `allow_remote`.
    pub fn build(listen: &str, allow_remote: bool, rules: PathBuf, data: PathBuf) -> Result<Self, ConfigError> {
        let listen: SocketAddr =
            listen.replace("localhost", "127.0.0.1").parse().map_err(|_| ConfigError::BadAddress(listen.to_owned()))?;
        if !listen.ip().is_loopback() && !allow_remote {
            return Err(ConfigError::Exposed(listen));
        }
        Ok(ServeConfig { listen, rules, data })
    }
}
