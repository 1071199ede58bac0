//! `heng check --fix`: the repairs that are certain, made in the files or shown as a diff.
//!
//! A repair is tried on the texts in memory first and kept only where its problem goes away and no other comes.

#![expect(clippy::disallowed_methods, reason = "the rim: rule files are written here")]

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use similar::TextDiff;

use super::checked::compiled;
use super::format::Root;
use crate::cli::layout::{Ink, visible};
use crate::cli::rule_files::{self, RuleFiles};
use crate::cli::say::{self, Out};
use crate::cli::{FAULTY, Globals};
use crate::diagnostic::{Bilingual, Diagnostic, Fix, Lang, fixed};
use crate::document::{self, Limits, Node, Shape};
use crate::pack::PackFiles;

/// Repairs may uncover others: a file that can be read has names that can be misspelt.
const ROUNDS: usize = 20;

/// Packs before and after their repairs.
struct Repaired {
    before: Vec<PackFiles>,
    after: Vec<PackFiles>,
    made: Vec<Fix>,
}

/// A file that repairs change.
struct Change<'r> {
    file: Arc<str>,
    before: &'r str,
    after: &'r str,
}

/// Shows what [`make`] would do as a unified diff.
pub fn show(globals: &Globals, dir: &Path) -> io::Result<ExitCode> {
    let files = match rule_files::load(dir) {
        Ok(files) => files,
        Err(why) => return Ok(super::cannot_run(globals, &why)),
    };
    let root = Root::of(dir, files.only.as_deref());
    let repaired = Repaired::of(files);
    let mut out = Out::open();
    for change in repaired.changes() {
        let path = root.path(&change.file).to_string_lossy().into_owned();
        let diff = TextDiff::from_lines(change.before, change.after);
        out.text(&diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string())?;
    }
    out.flush()?;
    let count = repaired.made.len();
    say::note(
        match (globals.lang(), count) {
            (Lang::Zh, 0) => "没有可以确定的改正".to_owned(),
            (Lang::En, 0) => "there is nothing to repair for certain".to_owned(),
            (Lang::Zh, _) => format!("--fix 会改正 {count} 处"),
            (Lang::En, _) => format!("--fix would make {count} repair(s)"),
        }
        .as_str(),
    );
    Ok(if count > 0 { FAULTY.into() } else { ExitCode::SUCCESS })
}

/// Makes the repairs and says which. False when a file could not be read or written.
pub fn make(globals: &Globals, dir: &Path) -> bool {
    let lang = globals.lang();
    let files = match rule_files::load(dir) {
        Ok(files) => files,
        Err(why) => {
            say::failure(lang, &why);
            return false;
        }
    };
    let root = Root::of(dir, files.only.as_deref());
    let repaired = Repaired::of(files);
    for change in repaired.changes() {
        let path = root.path(&change.file);
        if let Err(why) = write(&path, &change) {
            let shown = path.display();
            let message =
                Bilingual::new(format!("改不了 {shown}：{}", why.zh), format!("cannot repair {shown}: {}", why.en));
            say::failure(lang, &message);
            return false;
        }
    }
    for fix in &repaired.made {
        let word = Ink::Good.paint(crate::cli::either(lang, "已改正", "repaired"));
        say::note(&format!(
            "{word} {}  {}",
            Ink::Place.paint(&fix.place.to_string()),
            visible(fix.sentence().get(lang))
        ));
    }
    true
}

impl Repaired {
    fn of(files: RuleFiles) -> Self {
        let RuleFiles { packs: before, only } = files;
        let mut repaired = Repaired { after: before.clone(), before, made: Vec::new() };
        let mut refused: Vec<Fix> = Vec::new();
        for _ in 0..ROUNDS {
            let problems = compiled(&repaired.after, only.as_deref()).1;
            let own = |fix: &Fix| only.as_ref().is_none_or(|only| fix.place.file.starts_with(&format!("{only}/")));
            let mut fixes: Vec<Fix> = Vec::new();
            for fix in problems.iter().filter_map(|problem| problem.fix.as_ref()) {
                if own(fix) && !refused.contains(fix) && !fixes.contains(fix) {
                    fixes.push(fix.clone());
                }
            }
            if fixes.is_empty() {
                break;
            }
            if !repaired.try_all(&fixes, &problems, only.as_deref()) {
                for fix in fixes {
                    let problems = compiled(&repaired.after, only.as_deref()).1;
                    if !repaired.try_all(std::slice::from_ref(&fix), &problems, only.as_deref()) {
                        refused.push(fix);
                    }
                }
            }
        }
        repaired
    }

    /// Makes the fixes if what they were offered for goes away and nothing else comes of them.
    fn try_all(&mut self, fixes: &[Fix], problems: &[Diagnostic], only: Option<&str>) -> bool {
        let Some(next) = with(&self.after, fixes) else { return false };
        let left = compiled(&next, only).1;
        let is_gone = |fix: &Fix| !left.iter().any(|problem| problem.fix.as_ref() == Some(fix));
        let comes_of = |problem: &Diagnostic| {
            let known = |other: &Diagnostic| other.code == problem.code && other.message == problem.message;
            problem.is_error() && !problems.iter().any(known) && fixes.iter().any(|fix| stands_by(problem, fix))
        };
        let made = |problem: &&Diagnostic| problem.fix.as_ref().is_some_and(|fix| fixes.contains(fix));
        let hid_others = problems.iter().filter(made).any(|problem| HIDING.contains(&problem.code));
        let helps = fixes.iter().all(is_gone) && (hid_others || !left.iter().any(comes_of));
        if helps {
            self.after = next;
            self.made.extend_from_slice(fixes);
        }
        helps
    }

    fn changes(&self) -> Vec<Change<'_>> {
        let packs = self.before.iter().zip(&self.after);
        let files = packs.flat_map(|(before, after)| {
            before.files.iter().zip(after.files.values()).map(move |((path, old), new)| Change {
                file: before.shown(path),
                before: old,
                after: new,
            })
        });
        files.filter(|change| change.before != change.after).collect()
    }
}

/// What these are told of is read no further: repairing it shows what stands behind.
const HIDING: &[&str] = &["formula_syntax", "yaml_syntax"];

fn stands_by(problem: &Diagnostic, fix: &Fix) -> bool {
    problem.place.as_ref().is_some_and(|place| place.file == fix.place.file && place.line == fix.place.line)
}

/// The packs with these fixes; nothing where one of them fits no file.
fn with(packs: &[PackFiles], fixes: &[Fix]) -> Option<Vec<PackFiles>> {
    let mut packs = packs.to_vec();
    let mut made = 0;
    for pack in &mut packs {
        let shown: Vec<(String, Arc<str>)> = pack.files.keys().map(|path| (path.clone(), pack.shown(path))).collect();
        for (path, file) in shown {
            let own: Vec<Fix> = fixes.iter().filter(|fix| fix.place.file == file).cloned().collect();
            let Some(text) = pack.files.get_mut(&path).filter(|_| !own.is_empty()) else { continue };
            let (repaired, count) = fixed(text, &own);
            if !path.ends_with(".rhai") && !is_same_otherwise(&file, text, &repaired, count) {
                return None;
            }
            *text = repaired.into();
            made += count;
        }
    }
    (made == fixes.len()).then_some(packs)
}

/// Whether two texts of a YAML file differ in no more than so many values and keys. A comma that belongs to a formula
/// may end it where the formula has no quotes. A file that could not be read may become anything.
fn is_same_otherwise(file: &Arc<str>, before: &str, after: &str, changes: usize) -> bool {
    let read = |text: &str| document::parse(file.clone(), text, &Limits::RULES);
    let Ok(before) = read(before) else { return true };
    read(after).is_ok_and(|after| differences(&before, &after).is_some_and(|count| count <= changes))
}

/// How many values and keys are not the same; nothing where entries came or went.
fn differences(one: &Node, other: &Node) -> Option<usize> {
    match (&one.shape, &other.shape) {
        (Shape::Map(old), Shape::Map(new)) if old.len() == new.len() => {
            let pairs = old.iter().zip(new);
            pairs.map(|(old, new)| Some(usize::from(old.0.text != new.0.text) + differences(&old.1, &new.1)?)).sum()
        }
        (Shape::List(old), Shape::List(new)) if old.len() == new.len() => {
            old.iter().zip(new).map(|(old, new)| differences(old, new)).sum()
        }
        (Shape::Map(_), Shape::Map(_)) | (Shape::List(_), Shape::List(_)) => None,
        (Shape::Scalar(old), Shape::Scalar(new)) => Some(usize::from(old.text != new.text)),
        _ => Some(1),
    }
}

/// Replaces a file as a whole: a reader sees the old text or the new one. A link stays one.
fn write(path: &Path, change: &Change<'_>) -> Result<(), Bilingual> {
    let told = |why: io::Error| Bilingual::new(why.to_string(), why.to_string());
    let path = path.canonicalize().map_err(told)?;
    if std::fs::read(&path).map_err(told)? != change.before.as_bytes() {
        return Err(Bilingual::new("文件刚被改动，请再运行一次", "it was changed meanwhile; run this again"));
    }
    replace(&path, change.after).map_err(told)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.heng-{}", std::process::id()));
    let outcome = File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.set_permissions(std::fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    });
    if outcome.is_err() {
        drop(std::fs::remove_file(&beside));
    }
    outcome
}
