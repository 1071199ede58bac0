//! Which cases run.

use std::path::{Path, PathBuf};

use super::TestArgs;
use crate::cli::Globals;
use crate::diagnostic::{Bilingual, Place};
use crate::regress::{Item, Kind, Reach, Way, items};
use crate::ruleset::RuleBook;

/// The folder and the filter of the command line: `heng test FILTER` is understood when FILTER is no folder.
#[expect(clippy::disallowed_methods, reason = "the rim: looks whether a name is a folder")]
pub fn dir_and_filter(globals: &Globals, args: &TestArgs) -> (PathBuf, String) {
    match (&args.dir, &args.filter) {
        (None, _) => (globals.rules.clone(), String::new()),
        (Some(dir), Some(filter)) => (dir.clone(), filter.clone()),
        (Some(dir), None) if dir.is_dir() => (dir.clone(), String::new()),
        (Some(filter), None) => (globals.rules.clone(), filter.to_string_lossy().into_owned()),
    }
}

/// A rule that cases must reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it stands: in each pack that changes it, another place.
    places: Vec<Place>,
}

impl Wanted {
    /// Reads `proportional`, `methods.proportional` or `mof-2020/methods.yaml:12`, perhaps with the folder before it
    /// and a column behind it.
    pub fn parse(text: &str, dir: &Path, book: &RuleBook) -> Result<Self, Bilingual> {
        let all: Vec<Item> = book.sets().flat_map(|rules| items(rules)).collect();
        let places = match place_of(text, dir) {
            Some((file, line)) => at_line(&all, &file, line),
            None => all.iter().filter(|item| is_called(item, text)).map(|item| item.place.clone()).collect(),
        };
        if places.is_empty() { Err(unknown(text, &all)) } else { Ok(Wanted { places }) }
    }

    /// Whether a case reached it. A check that looked and found nothing did not come to anything.
    pub fn is_reached(&self, reach: &Reach) -> bool {
        reach.taken().any(|(place, way)| *way != Way::Silent && self.places.contains(place))
    }
}

/// `rules/mof-2020/methods.yaml:12:3` → file as in places, line.
fn place_of(text: &str, dir: &Path) -> Option<(String, u32)> {
    let mut parts = text.split(':');
    let (file, line) = (parts.next()?, parts.next()?.parse().ok()?);
    let path = Path::new(file);
    let below = path.strip_prefix(dir).unwrap_or(path);
    // Of a folder that is a pack, files are named below the pack.
    let in_pack = || path.strip_prefix(dir.parent()?).ok();
    let file = if below.components().count() > 1 { below } else { in_pack().unwrap_or(below) };
    Some((file.to_string_lossy().replace('\\', "/"), line))
}

/// What stands in a line; or else the entry that the line belongs to. An entry's place is below or behind its id.
fn at_line(all: &[Item], file: &str, line: u32) -> Vec<Place> {
    let in_file = || all.iter().filter(|item| &*item.place.file == file);
    let exact: Vec<Place> = in_file().filter(|item| item.place.line == line).map(|item| item.place.clone()).collect();
    if !exact.is_empty() {
        return exact;
    }
    let entries = in_file().filter(|item| !matches!(item.kind, Kind::Branch | Kind::Band | Kind::Lexicon));
    let above = entries.filter(|item| item.place.line <= line.saturating_add(1));
    above.max_by_key(|item| item.place.line).map(|item| item.place.clone()).into_iter().collect()
}

/// By its id, or its section and id; branches by the entry they stand in are not meant.
fn is_called(item: &Item, text: &str) -> bool {
    let bare = text.strip_prefix(item.section).and_then(|rest| rest.strip_prefix('.')).unwrap_or(text);
    let id = match item.kind {
        Kind::Parameter => item.id.split(' ').next().unwrap_or_default(),
        _ => item.id.as_str(),
    };
    item.kind != Kind::Branch && id == bare
}

fn unknown(text: &str, all: &[Item]) -> Bilingual {
    let ids = all.iter().filter(|item| item.kind != Kind::Branch).map(|item| item.id.as_str());
    let meant = Bilingual::did_you_mean(text, ids).unwrap_or_else(|| {
        Bilingual::new(
            "可写编号（proportional）、分节与编号（methods.proportional），或文件与行号（mof-2020/methods.yaml:12）",
            "write an id (proportional), section and id (methods.proportional), or file and line (mof-2020/methods.yaml:12)",
        )
    });
    Bilingual::new(
        format!("--rule：没有 `{text}` 这条规则；{}", meant.zh),
        format!("--rule: there is no rule `{text}`; {}", meant.en),
    )
}
