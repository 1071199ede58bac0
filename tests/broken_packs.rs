//! One defect at a time in the shipped packs and a sample of what they do not use: each gives one diagnostic, at the place where it stands.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "broken_packs/kinds.rs"]
mod kinds;
#[path = "broken_packs/money.rs"]
mod money;
#[path = "broken_packs/small.rs"]
mod small;
#[path = "broken_packs/styles.rs"]
mod styles;

use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::diagnostic::Diagnostic;
use heng::document::Problems;
use heng::pack::PackFiles;
use heng::ruleset::RuleBook;

#[path = "broken_packs/defects.rs"]
mod defects;

use defects::DEFECTS;

fn shipped() -> Vec<PackFiles> {
    let load = |folder: &str| rules_folder::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect(folder);
    let samples = load("tests/packs").into_iter().filter(|pack| pack.name.starts_with("language-sample"));
    [load("rules"), samples.collect()].concat()
}

/// A pack with those it extends, and one that inherits from the national pack: what is inherited is told of once.
fn concerned(pack: &str) -> Vec<PackFiles> {
    let shipped = shipped();
    let mut names = vec!["longgang-2022".to_owned()];
    let mut next = Some(pack.to_owned());
    while let Some(name) = next {
        let manifest = shipped.iter().find(|files| files.name == name).and_then(|files| files.files.get("pack.yaml"));
        let extends = manifest.and_then(|text| text.lines().find_map(|line| line.strip_prefix("extends: ")));
        next = extends.map(|parent| parent.split('#').next().unwrap_or_default().trim().to_owned());
        names.push(name);
    }
    names.push("mof-2020".to_owned());
    shipped.into_iter().filter(|files| names.contains(&files.name)).collect()
}

fn problems(folder: &[PackFiles]) -> Problems {
    RuleBook::compile(folder).1
}

#[test]
fn the_shipped_packs_are_sound() {
    assert_eq!(problems(&shipped()), []);
}

#[test]
fn every_defect_is_told_once_at_its_place() {
    let wrong: Vec<String> = DEFECTS.iter().filter_map(|defect| told_wrongly(defect).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told_wrongly((file, old, new, code, covered): &(&str, &str, &str, &str, &str)) -> Result<(), String> {
    let (pack, path) = file.split_once('/').expect("pack/file");
    let mut folder = concerned(pack);
    let files = folder.iter_mut().find(|files| files.name == *pack).expect("a shipped pack");
    let text = files.files.get(path).expect("a shipped file").replacen(old, new, 1);
    if !text.contains(new) {
        return Err(format!("{file} no longer holds `{old}`"));
    }
    let text: Arc<str> = text.into();
    files.files.insert((*path).to_owned(), Arc::clone(&text));
    let errors: Problems = problems(&folder).into_iter().filter(Diagnostic::is_error).collect();
    let told: Vec<&str> = errors.iter().map(|problem| problem.code).collect();
    let place = errors.first().and_then(|first| first.place.clone()).ok_or(format!("{file}: `{new}` passes"))?;
    let line = text.lines().nth(place.line as usize - 1).unwrap_or_default();
    let there: String = line.chars().skip(place.column as usize - 1).take(covered.chars().count()).collect();
    if told.iter().all(|told| told == code) && place.file.as_ref() == *file && there == *covered {
        return Ok(());
    }
    Err(format!("`{new}` gives {told:?} at {place} (`{there}`), not {code} at `{covered}`"))
}
