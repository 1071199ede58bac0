//! How rows may share one cell of points.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::Node;
use crate::ruleset::compiler::Compiler;

/// A way in which rows share points. The first row of a group has the points; its other rows follow it in the same
/// dimension, say a target or an actual, and have neither points nor a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The first row has no target of its own: the rows below it say what was wanted and done.
    Parent,
    /// The first row is one of them: the form merges the cells of their points.
    Merged,
}

const NAMES: [&str; 2] = ["PARENT", "MERGED"];
const ALL: [Group; 2] = [Group::Parent, Group::Merged];

/// Reads `groups: [PARENT, MERGED]`.
pub(in crate::ruleset) fn groups_from(node: &Node, compiler: &mut Compiler) -> Vec<Group> {
    let mut groups = Vec::new();
    for item in node.as_list().unwrap_or_default() {
        let Some(text) = item.as_text() else {
            let message = Bilingual::new("groups 应为词的列表", "`groups` must be a list of words");
            compiler.problems.push(Diagnostic::error("wrong_type", item.place.clone(), message));
            continue;
        };
        groups.extend(compiler.one_of(text, item, &NAMES).and_then(|index| ALL.get(index).copied()));
    }
    groups
}
