//! Text → tree: the gate, and the two readers behind it.
//!
//! saphyr's event stream builds the tree, because it alone gives places; `serde_yaml`, built on libyaml,
//! then reads the same text, and what the two understand differently is refused. Neither sees a text that is too
//! large or holds characters YAML does not allow.

mod repair;
mod second;
mod spot;
mod surrogates;
mod syntax;
#[cfg(test)]
mod tests;
mod tree;

use std::borrow::Cow;
use std::sync::Arc;

use super::Node;
use crate::diagnostic::{Bilingual, Diagnostic, Place};

/// How large a file may be before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes.
    pub bytes: usize,
    /// Lists and mappings inside each other; at most 128, where `serde_yaml` stops.
    pub depth: usize,
    /// Values in the tree: scalars, lists and mappings; keys do not count.
    pub nodes: usize,
}

impl Limits {
    /// Rule files and cases: written by hand.
    pub const RULES: Limits = Limits { bytes: 1 << 20, depth: 64, nodes: 200_000 };
    /// Form files: written by machines, perhaps many forms in one.
    pub const FORM: Limits = Limits { bytes: 16 << 20, depth: 64, nodes: 250_000 };
}

/// Reads one document of strict YAML, or JSON, which is YAML in flow style. A byte order mark is dropped:
/// places and [`Node::source`] begin after it.
///
/// # Errors
/// Every problem met, at most a hundred, in the order of the file. After a syntax error nothing more is read.
pub fn parse(file: impl Into<Arc<str>>, text: &str, limits: &Limits) -> Result<Node, Vec<Diagnostic>> {
    let file = file.into();
    let source = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(refusal) = refused_unread(&file, source, limits) {
        return Err(vec![refusal]);
    }
    let readable = readable(source);
    let node = tree::read(file, source, &readable, limits)?;
    second::agrees(&node, &readable)?;
    Ok(node)
}

/// The text as the readers get it: surrogate pairs of JSON joined, and the last line ended, so that a block
/// scalar at the end of a file means the same to both. Every token keeps its line and column.
fn readable(source: &str) -> Cow<'_, str> {
    let joined = surrogates::joined(source);
    if joined.ends_with(['\n', '\r']) { joined } else { Cow::Owned(joined.into_owned() + "\n") }
}

fn refused_unread(file: &Arc<str>, source: &str, limits: &Limits) -> Option<Diagnostic> {
    if source.len() > limits.bytes {
        let (is, may) = (source.len(), limits.bytes);
        return Some(Diagnostic::error(
            "file_too_large",
            Place::start_of(file.clone()),
            Bilingual::new(
                format!("文件有 {is} 字节，上限为 {may} 字节"),
                format!("the file has {is} bytes; the limit is {may}"),
            ),
        ));
    }
    let (before, character) =
        source.char_indices().find(|(_, c)| is_forbidden(*c)).map(|(at, c)| (source.get(..at), c))?;
    let (line, column) = end_of(before.unwrap_or_default());
    let code = u32::from(character);
    Some(
        Diagnostic::error(
            "control_character",
            Place::new(file.clone(), line, column, 1),
            Bilingual::new(
                format!("文件中有不可见的控制字符 U+{code:04X}"),
                format!("the file holds the control character U+{code:04X}"),
            ),
        )
        .with_help(Bilingual::new(
            "请删除它；文件须为 UTF-8 编码的纯文本",
            "delete it; the file must be plain text in UTF-8",
        )),
    )
}

/// What YAML does not count as printable (YAML 1.2.2, `c-printable`).
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Line and column, from 1, just after `text`.
fn end_of(text: &str) -> (u32, u32) {
    let (mut line, mut column) = (1_u32, 1_u32);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' || (c == '\r' && chars.peek() != Some(&'\n')) {
            (line, column) = (line.saturating_add(1), 1);
        } else {
            column = column.saturating_add(1);
        }
    }
    (line, column)
}
