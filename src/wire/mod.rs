//! Between the domain and bytes: protobuf messages, proto3 JSON, digests and what lies on disk.
//!
//! The domain comes first and does not know this module. [`decode`] takes shapes only, never judging: what a
//! message means is decided by [`Form::admit`](crate::form::Form::admit). Every conversion names every field of
//! what it converts, so that a new field stops the build until somebody has decided about it. Generated code
//! ([`pb`]) is for this module and for `rpc`.

pub mod answer;
pub mod decode;
pub mod difference;
pub mod digest;
pub mod encode;
pub mod head;
pub mod json;
pub mod pb;
pub mod stored;
pub mod transcode;

#[cfg(test)]
mod tests;
