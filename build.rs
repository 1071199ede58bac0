//! Generates the protobuf and gRPC code with protox: no protoc on the machine.
//!
//! `OUT_DIR/heng.v1.rs` and `OUT_DIR/heng.stored.v1.rs` are included by `src/wire/pb.rs`, their only room.
//! `OUT_DIR/descriptors.bin` is the descriptor set with its imports, options and comments, for server
//! reflection and for the JSON writer.

#![expect(clippy::disallowed_methods, reason = "a build script writes what it generates")]

use std::error::Error;
use std::path::PathBuf;

/// Every file of the interface; a file that is missing here is not built.
const FILES: &[&str] = &[
    "heng/v1/form.proto",
    "heng/v1/evaluation.proto",
    "heng/v1/evaluation_service.proto",
    "heng/v1/rule_pack.proto",
    "heng/v1/rule_pack_service.proto",
    "heng/v1/rule_trial.proto",
    "heng/v1/audit_service.proto",
    "heng/stored/v1/record.proto",
    "google/rpc/error_details.proto",
    "heng/stored/v1/revision.proto",
    "heng/stored/v1/activation.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=proto");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_imports(true).include_source_info(true).open_files(FILES)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    std::fs::write(out.join("descriptors.bin"), compiler.encode_file_descriptor_set())?;
    // The JSON writer finds a message's descriptor by its name.
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    // A status inside an answer has the type that statuses are made with.
    config.extern_path(".google.rpc", "::tonic_types::pb");
    // Answers carry evaluations as the bytes they were encoded to once.
    for answer in ["EvaluateFormResponse", "GetEvaluationResponse", "FormResult"] {
        config.extern_path(format!(".heng.v1.{answer}"), format!("crate::wire::answer::{answer}"));
    }
    // Maps in the order of their keys: the same message always has the same bytes.
    tonic_prost_build::configure().btree_map(".").compile_fds_with_config(compiler.file_descriptor_set(), config)?;
    Ok(())
}
