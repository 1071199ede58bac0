//! The JSON Schemas of the rule files on disk, and the first line by which a file tells its editor which one it has.

#![expect(clippy::disallowed_methods, reason = "the rim: writes schemas, and the first lines of rule files")]

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::pack::PackFiles;
use crate::reference::{file_schemas, schema_of};

/// What editors look for at the head of a file.
const MODELINE: &str = "# yaml-language-server: $schema=";

/// Writes every schema into `dir`; gives the paths of those that were not there yet or have changed.
pub(in crate::cli) fn write(dir: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(dir)?;
    let mut written = Vec::new();
    for file in file_schemas() {
        let path = dir.join(format!("{}.json", file.name));
        let text = serde_json::to_string_pretty(&file.schema)? + "\n";
        if std::fs::read_to_string(&path).is_ok_and(|kept| kept == text) {
            continue;
        }
        replace(&path, &text)?;
        written.push(path);
    }
    Ok(written)
}

/// The first line of a file of a pack: which schema it has. `to_schemas` leads from the pack's folder to the schemas'.
pub(in crate::cli) fn modeline(path: &str, to_schemas: &str) -> Option<String> {
    let name = schema_of(path)?;
    let up = "../".repeat(path.matches('/').count());
    Some(format!("{MODELINE}{up}{to_schemas}/{name}.json"))
}

/// Gives every YAML file of the packs below `rules` its first line; gives the paths of those that changed.
pub(super) fn set_modelines(rules: &Path, packs: &[PackFiles], schemas: &Path) -> io::Result<Vec<PathBuf>> {
    let schemas = schemas.canonicalize()?;
    let mut changed = Vec::new();
    for pack in packs {
        let beside = rules.join(&pack.name);
        let folder = if beside.is_dir() { beside } else { rules.to_owned() };
        let to_schemas = way(&folder.canonicalize()?, &schemas);
        for (path, text) in &pack.files {
            let Some(line) = modeline(path, &to_schemas) else { continue };
            let headed = headed(text, &line);
            if headed != **text {
                let path = folder.join(path);
                replace(&path, &headed)?;
                changed.push(path);
            }
        }
    }
    Ok(changed)
}

/// The text under this first line; one that is there already gives way.
pub(in crate::cli) fn headed(text: &str, line: &str) -> String {
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let rest = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with(MODELINE) => rest,
        None if text.starts_with(MODELINE) => "",
        _ => text,
    };
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    format!("{mark}{line}{end}{rest}")
}

/// How one folder is reached from another, with `/`.
fn way(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(shared).map(|_| "..".to_owned());
    let down = to.iter().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Writes beside the file and takes its place, so that nobody ever reads half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_line_is_set_once() {
        let line = modeline("cases/a.yaml", "../../docs/schema").unwrap();
        assert_eq!(line, "# yaml-language-server: $schema=../../../docs/schema/cases.json");
        for (text, end) in [("a: 1\n", "\n"), ("a: 1\r\n", "\r\n"), ("", "\n")] {
            let once = headed(text, &line);
            assert_eq!(once, format!("{line}{end}{text}"));
            assert_eq!(headed(&once, &line), once);
            assert_eq!(headed(&once, "# other"), format!("# other{end}{text}"));
        }
        assert_eq!(headed("\u{feff}a: 1", &line), format!("\u{feff}{line}\na: 1"));
        assert_eq!(modeline("scripts/a.rhai", "x"), None);
    }

    #[test]
    fn the_way_leads_up_and_down() {
        let way = |from: &str, to: &str| way(Path::new(from), Path::new(to));
        assert_eq!(way("/a/rules/p", "/a/docs/schema"), "../../docs/schema");
        assert_eq!(way("/a/rules/p", "/a/rules/.schema"), "../.schema");
        assert_eq!(way("/a", "/a/s"), "s");
    }
}
