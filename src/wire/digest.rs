//! What makes two forms, or two requests, the same.

use sha2::{Digest, Sha256};

use super::encode;
use crate::form::Form;

/// The canonical bytes of a form: its protobuf encoding with fields in the order of their numbers, maps in the
/// order of their keys and blank blocks left out. Equal forms have equal bytes, whichever door they came
/// through; printed texts count exactly as printed, and a form without structured values, columns of its own or
/// subtotals has the bytes it had before there were any.
pub fn canonical(form: &Form) -> Vec<u8> {
    encode::canonical(form)
}

/// `sha256:` and 64 hexadecimal digits.
pub fn of_form(canonical: &[u8]) -> String {
    shown(&Sha256::digest(canonical).into())
}

/// `sha256:` and 64 hexadecimal digits.
pub fn shown(digest: &[u8; 32]) -> String {
    let mut text = String::from("sha256:");
    for byte in digest {
        for nibble in [byte >> 4, byte & 0x0F] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    text
}

/// What the same `request_id` must stand for: the form, and the pack and revision that were asked for (empty for
/// none). Each part is preceded by its length, so that no two requests run together.
pub fn of_request(canonical: &[u8], rule_pack: &str, revision: &str) -> [u8; 32] {
    of_parts("heng request 1\n", &[canonical, rule_pack.as_bytes(), revision.as_bytes()])
}

/// The parts of some other request under a label of its own, each preceded by its length.
pub fn of_parts(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
