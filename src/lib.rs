//! heng 衡: scores government performance self-evaluation forms by rule packs.
//!
//! Modules in reading order; each uses only those above its own line:
//!
//! ```text
//! quantity  diagnostic                 exact numbers; problems as data
//! document                             YAML and JSON with places
//! form  pack                           what was filled in; what was ruled
//! reading  formula                     printed text → value; Rhai text → exact expression
//! ruleset                              compiled packs
//! evaluation  proof                    evaluate(&RuleSet, &Form) -> Evaluation; what holds for every form
//! regress  impact  counterfactual      cases of rule packs; what a change of rules does; why a form has no more
//! reference                            what packs and diagnostics say, for people
//! ── rim: may touch files, sockets, the clock ──
//! wire                                 protobuf, JSON, stored bytes
//! store                                journal and index
//! app                                  use cases without transport
//! rpc  config                          gRPC; settings
//! cli                                  one file per command
//! ```

pub mod quantity;
pub mod diagnostic;
pub mod document;
pub mod form;
pub mod pack;
pub mod reading;
pub mod formula;
pub mod ruleset;
pub mod evaluation;
pub mod proof;
pub mod regress;
pub mod impact;
pub mod counterfactual;
pub mod reference;
pub mod wire;
pub mod store;
pub mod app;
pub mod config;
pub mod rpc;
pub mod cli;
