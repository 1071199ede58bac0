//! A count and a checksum of what the index should hold, whatever the order it is met in.

use sha2::{Digest as _, Sha256};

use super::layout;
use crate::store::Kind;

/// The journal and the index add up their entries each in its own order; equal sums mean equal contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Census {
    pub records: u64,
    pub requests: u64,
    sum: u128,
}

impl Census {
    /// Counts the parts of one journal entry.
    pub fn add_entry(&mut self, kind: Kind, sequence: u64, entry: &[u8], id: &str, request_id: Option<&str>) {
        self.add_record(sequence, entry);
        if let Some(request_id) = request_id {
            self.add_request(kind, request_id, id);
        }
    }

    pub(super) fn add_record(&mut self, sequence: u64, entry: &[u8]) {
        self.records += 1;
        self.add(&[b"r", &sequence.to_le_bytes(), &crc32c::crc32c(entry).to_le_bytes()]);
    }

    pub(super) fn add_request(&mut self, kind: Kind, request_id: &str, id: &str) {
        self.requests += 1;
        let key = layout::request_key(kind, request_id);
        self.add(&[b"q", &(key.len() as u64).to_le_bytes(), &key, id.as_bytes()]);
    }

    fn add(&mut self, parts: &[&[u8]]) {
        let mut hash = Sha256::new();
        parts.iter().for_each(|part| hash.update(part));
        let digest: [u8; 32] = hash.finalize().into();
        if let Some((head, _)) = digest.split_first_chunk::<16>() {
            self.sum = self.sum.wrapping_add(u128::from_le_bytes(*head));
        }
    }
}
