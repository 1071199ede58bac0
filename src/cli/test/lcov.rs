//! Coverage as an lcov trace: lines and branches of YAML and Rhai files, for genhtml and editors.

use std::collections::BTreeMap;
use std::path::Path;

use crate::regress::{Coverage, Item, Kind};

/// The trace. `folder` is where the packs stand: files are named so that a tool finds them.
pub fn trace(coverage: &Coverage, folder: &Path) -> String {
    let mut files: BTreeMap<&str, Vec<&(Item, Vec<usize>)>> = BTreeMap::new();
    for hit in coverage.packs.iter().flat_map(|pack| &pack.hits) {
        files.entry(&hit.0.place.file).or_default().push(hit);
    }
    let mut text = String::new();
    for (file, hits) in files {
        text.push_str(&format!("TN:\nSF:{}\n", folder.join(file).display()));
        lines(&hits, &mut text);
        branches(&hits, &mut text);
        text.push_str("end_of_record\n");
    }
    text
}

/// A line was run as often as that of its things that most cases reached.
fn lines(hits: &[&(Item, Vec<usize>)], text: &mut String) {
    let mut by_line: BTreeMap<u32, usize> = BTreeMap::new();
    for (item, times) in hits {
        let line = by_line.entry(item.place.line).or_default();
        *line = (*line).max(times.iter().copied().max().unwrap_or(0));
    }
    by_line.iter().for_each(|(line, times)| text.push_str(&format!("DA:{line},{times}\n")));
    let run = by_line.values().filter(|times| **times > 0).count();
    text.push_str(&format!("LF:{}\nLH:{run}\n", by_line.len()));
}

/// Forks of formulas, and the two outcomes of a check.
fn branches(hits: &[&(Item, Vec<usize>)], text: &mut String) {
    let (mut all, mut taken) = (0, 0);
    for (block, (item, times)) in hits.iter().enumerate() {
        if !matches!(item.kind, Kind::Branch | Kind::Check) {
            continue;
        }
        let passed = times.iter().any(|times| *times > 0);
        for (branch, times) in times.iter().enumerate() {
            // A dash: the line was never come to at all.
            let shown = if passed { times.to_string() } else { "-".to_owned() };
            text.push_str(&format!("BRDA:{},{block},{branch},{shown}\n", item.place.line));
            all += 1;
            taken += usize::from(*times > 0);
        }
    }
    text.push_str(&format!("BRF:{all}\nBRH:{taken}\n"));
}
