//! Where something stands in a rule file.

use std::sync::Arc;

/// A stretch of one line of a file. Lines and columns count from 1; a column counts characters, not bytes
/// and not terminal cells. `length` is in characters too and at least 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path as shown to the author, relative to the rules folder: `mof-2020/methods.yaml`.
    pub file: Arc<str>,
    pub line: u32,
    pub column: u32,
    pub length: u32,
}

impl Place {
    pub fn new(file: Arc<str>, line: u32, column: u32, length: u32) -> Self {
        Place { file, line, column, length: length.max(1) }
    }

    /// The first character of a file: the place of a problem that concerns the whole of it.
    pub fn start_of(file: impl Into<Arc<str>>) -> Self {
        Place::new(file.into(), 1, 1, 1)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
