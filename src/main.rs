//! The `heng` command; see [`heng::cli`].

use std::process::ExitCode;

/// Half as many requests again per second as with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    heng::cli::run()
}
