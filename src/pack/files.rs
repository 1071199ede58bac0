//! The files of one pack, as read from a folder or received over the wire.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::document::{self, Limits};

/// Folder name and contents. Paths are relative to the pack's folder and use `/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackFiles {
    pub name: String,
    pub files: BTreeMap<String, Arc<str>>,
}

impl PackFiles {
    /// How a file of this pack is called in diagnostics: `mof-2020/methods.yaml`.
    pub fn shown(&self, path: &str) -> Arc<str> {
        format!("{}/{path}", self.name).into()
    }

    /// The source text behind a name that [`PackFiles::shown`] gave.
    pub fn source(&self, shown: &str) -> Option<Arc<str>> {
        let path = shown.strip_prefix(self.name.as_str())?.strip_prefix('/')?;
        self.files.get(path).cloned()
    }

    /// The name of the pack that this one says it extends.
    pub fn parent(&self) -> Option<String> {
        let text = self.files.get("pack.yaml")?;
        let node = document::parse(self.shown("pack.yaml"), text, &Limits::RULES).ok()?;
        Some(node.get("extends")?.as_text()?.to_owned())
    }

    /// SHA-256 over names and contents, each preceded by its length so that no two packs can collide by
    /// moving bytes between files.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut absorb = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        absorb(self.name.as_bytes());
        for (path, text) in &self.files {
            absorb(path.as_bytes());
            absorb(text.as_bytes());
        }
        hasher.finalize().into()
    }
}
