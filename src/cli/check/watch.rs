//! `heng check --watch`: checks again whenever the rules change.

#![expect(clippy::disallowed_methods, reason = "the rim: listens to the keyboard, looks whether a folder is a pack")]

use std::io::{self, BufRead};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};

use jiff::ZonedDateTime;

use super::checked::Checked;
use super::{CheckArgs, cannot_run, show};
use crate::app::FolderWatch;
use crate::cli::layout::{Ink, Screen, width};
use crate::cli::rule_files;
use crate::cli::say;
use crate::cli::{Globals, either};
use crate::diagnostic::{Bilingual, Lang};
use crate::pack::PackFiles;

/// What ends the wait for another check.
enum Signal {
    /// Something in the folder may have changed.
    Folder,
    /// Somebody pressed Enter.
    Again,
    /// Standard input ended.
    End,
}

/// Checks, waits, and checks again, until the end of standard input. The exit code is that of the last check.
pub fn run(globals: &Globals, args: &CheckArgs, dir: &Path) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let (signals, _watch) = match signals(dir) {
        Ok(signals) => signals,
        Err(why) => {
            let message = Bilingual::new(
                format!("无法监视 {}：{why}", dir.display()),
                format!("cannot watch {}: {why}", dir.display()),
            );
            return Ok(cannot_run(globals, &message));
        }
    };
    let mut seen: Option<Vec<PackFiles>> = None;
    let mut code = ExitCode::SUCCESS;
    loop {
        match rule_files::load(dir) {
            Ok(files) if seen.as_ref() == Some(&files.packs) => {}
            Ok(files) => {
                separate(lang, seen.as_deref(), &files.packs);
                seen = Some(files.packs.clone());
                code = show(globals, args, dir, &Checked::of_files(files, dir))?;
            }
            // A file that is being replaced may be missing for a moment.
            Err(why) => {
                code = cannot_run(globals, &why);
                seen = None;
            }
        }
        match signals.recv() {
            Ok(Signal::Folder) => {}
            Ok(Signal::Again) => seen = None,
            Ok(Signal::End) | Err(_) => return Ok(code),
        }
    }
}

fn signals(dir: &Path) -> Result<(Receiver<Signal>, FolderWatch), Box<dyn std::error::Error>> {
    let (sender, signals) = mpsc::channel();
    let folder = sender.clone();
    // A pack stands on those beside it.
    let above = rule_files::beside(dir, dir.join("pack.yaml").is_file().then_some(""));
    let watch = FolderWatch::begin(&above, move || drop(folder.send(Signal::Folder)))?;
    let listen = move || {
        for line in io::stdin().lock().lines() {
            if line.is_err() || sender.send(Signal::Again).is_err() {
                break;
            }
        }
        drop(sender.send(Signal::End));
    };
    std::thread::Builder::new().name("check-input".to_owned()).spawn(listen)?;
    Ok((signals, watch))
}

/// A line between two checks that says when, and what has changed.
fn separate(lang: Lang, before: Option<&[PackFiles]>, after: &[PackFiles]) {
    let time = ZonedDateTime::now().strftime("%H:%M:%S").to_string();
    let files = before.map(|before| changed(before, after)).unwrap_or_default();
    let text = match files.as_slice() {
        [] => format!("{} {time}", either(lang, "开始检查", "checking")),
        [one] => format!("{time} {one}"),
        [one, others @ ..] => match lang {
            Lang::Zh => format!("{time} {one} 等 {} 个文件", others.len() + 1),
            Lang::En => format!("{time} {one} and {} more", others.len()),
        },
    };
    let screen = Screen::of_reader(lang);
    let rest = screen.width.saturating_sub(width(&text) + 4);
    say::note(&Ink::Faint.paint(&format!("── {text} {}", "─".repeat(rest))));
}

/// The files that came, went or are others now.
fn changed(before: &[PackFiles], after: &[PackFiles]) -> Vec<String> {
    let all = |packs: &[PackFiles]| -> Vec<(String, std::sync::Arc<str>)> {
        let files = packs
            .iter()
            .flat_map(|pack| pack.files.iter().map(|(path, text)| (pack.shown(path).to_string(), text.clone())));
        files.collect()
    };
    let (old, new) = (all(before), all(after));
    let mut names: Vec<String> = new.iter().filter(|file| !old.contains(file)).map(|(name, _)| name.clone()).collect();
    names.extend(old.iter().map(|(name, _)| name.clone()).filter(|name| !new.iter().any(|(other, _)| other == name)));
    names.sort();
    names
}
